#include <stdexcept>

#include "examples/guide/guide.h"

namespace guide {
namespace {

using Writing = Guide;

TEST_F(Writing, SaveInsertsAndUpdates) {
  // [writing.save]
  auto saved = store.save(Post{.title = "Hello", .rating = 5, .status = PostStatus::DRAFT});
  if (!saved) {
    FAIL() << name(saved.error().code) << ": " << saved.error().message;
  }
  const Post post = *saved;  // As stored: with the id that it was given.
  // [/writing.save]
  EXPECT_EQ(post.id.size(), 36U);
}

TEST_F(Writing, AnEditSendsWhatItChanged) {
  const auto post = saved("Hello", 5);
  // [writing.edit]
  const auto edit = Post::copy_of(post, [](Post& draft) {
    draft.title = "Hello, world";
    draft.rating += 1;
  });
  const Post edited = store.save(edit).value();
  // [/writing.edit]
  EXPECT_EQ(edited.title, "Hello, world");
  EXPECT_EQ(edit.changes.size(), 2U);
}

TEST_F(Writing, AConditionDecides) {
  const auto post = saved("Hello", 5);
  const auto edit = Post::copy_of(post, [](Post& draft) { draft.status = PostStatus::DRAFT; });
  // [writing.condition]
  const auto withdrawn = store.save(edit, Post::fields::rating < 3);
  if (!withdrawn && withdrawn.error().code == holdfast::Code::condition_failed) {
    // The row is not there, or its rating is 3 or more. Nothing was written.
  }
  // [/writing.condition]
  ASSERT_FALSE(withdrawn);
  EXPECT_EQ(withdrawn.error().code, holdfast::Code::condition_failed);
}

TEST_F(Writing, Remove) {
  const auto post = saved("Hello", 5);
  saved("Poor", 1);
  // [writing.remove]
  const bool was_there = store.remove(post).value();
  const std::size_t removed = store.remove<Post>(Post::fields::rating < 3).value();
  store.remove_all<Post>().value();
  // [/writing.remove]
  EXPECT_TRUE(was_there);
  EXPECT_EQ(removed, 1U);
}

TEST_F(Writing, ATransactionIsAllOrNothing) {
  // [writing.transaction]
  const auto done = store.transaction([](holdfast::Transaction& transaction) -> holdfast::Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "Both", .rating = 4, .status = PostStatus::PUBLISHED}));
    HOLDFAST_TRY(comment, transaction.save(Comment{.content = "or neither", .post = post}));
    return {};
  });
  // [/writing.transaction]
  EXPECT_TRUE(done);
  EXPECT_EQ(store.count<Comment>().value(), 1U);
}

TEST_F(Writing, AnErrorUndoesATransaction) {
  // [writing.undone]
  const auto undone = store.transaction([](holdfast::Transaction& transaction) -> holdfast::Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "Lost", .rating = 4, .status = PostStatus::PUBLISHED}));
    return holdfast::Error{holdfast::Code::invalid_argument, "changed my mind"};
  });
  // [/writing.undone]
  EXPECT_EQ(undone.error().message, "changed my mind");
  EXPECT_EQ(store.count<Post>().value(), 0U);
}

TEST_F(Writing, ManyAtOnce) {
  // [writing.batch]
  std::vector<Label> labels;
  for (const auto* name : {"news", "sport", "weather"}) labels.push_back(Label{.name = name});
  const std::vector<Label> stored = store.save_all(labels).value();
  // [/writing.batch]
  EXPECT_EQ(stored.size(), 3U);
  EXPECT_FALSE(stored.front().id.empty());
}

TEST_F(Writing, ExceptionsForThoseWhoLikeThem) {
  // [writing.value]
  try {
    const Stock stock = store.save(Stock{.warehouse = "north", .product = "chair", .count = 1}, Stock::fields::count > 0).value();
    FAIL() << "saved " << stock.count;
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()).rfind("condition_failed: ", 0), 0U);
  }
  // [/writing.value]
}

}  // namespace
}  // namespace guide
