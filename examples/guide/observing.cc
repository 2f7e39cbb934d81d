#include "examples/guide/guide.h"

namespace guide {
namespace {

using Observing = Guide;

TEST_F(Observing, EveryChangeOfAModel) {
  std::vector<std::string> log;
  // [observing.observe]
  holdfast::Subscription watch = store.observe<Post>([&log](const holdfast::Change<Post>& change) {
    const bool is_remote = change.origin == holdfast::Origin::remote;
    log.push_back(std::string(name(change.type)) + " " + change.element.title + (is_remote ? " from afar" : ""));
  });
  const auto post = store.save(Post{.title = "Hello", .rating = 5, .status = PostStatus::DRAFT}).value();
  store.remove(post).value();
  watch.cancel();  // Or let it go out of scope. Nothing is delivered after it returns.
  // [/observing.observe]
  saved("Unseen", 1);
  EXPECT_EQ(log, (std::vector<std::string>{"inserted Hello", "removed Hello"}));
}

TEST_F(Observing, OnlySomeRows) {
  int count = 0;
  const auto post = saved("Hello", 5);
  // [observing.where]
  const auto good = store.observe<Post>([&count](const auto&) { ++count; }, Post::fields::rating > 4);
  const auto one = store.observe<Post>([&count](const auto&) { ++count; }, Post::fields::id == post.id);
  // [/observing.where]
  saved("Poor", 1);
  EXPECT_EQ(count, 0);
  saved("Good", 9);
  EXPECT_EQ(count, 1);
}

TEST_F(Observing, ALiveQuery) {
  std::vector<std::string> shown;
  // [observing.query]
  auto watch = store.observe_query<Post>(
      Post::fields::rating > 4, {.sort = {descending(Post::fields::rating)}, .limit = 10},
      [&shown](const holdfast::Snapshot<Post>& snapshot) {
        shown.clear();
        for (const Post& post : snapshot.items) shown.push_back(post.title);
      });
  if (!watch) FAIL() << watch.error().message;
  // [/observing.query]
  EXPECT_TRUE(shown.empty());
  saved("Fair", 5);
  saved("Good", 9);
  saved("Poor", 1);
  EXPECT_EQ(shown, (std::vector<std::string>{"Good", "Fair"}));
}

TEST_F(Observing, ASubscriptionEndsItselfInsideItsCallback) {
  int count = 0;
  // [observing.once]
  holdfast::Subscription first;
  first = store.observe<Post>([&](const auto&) {
    ++count;
    first.cancel();
  });
  // [/observing.once]
  saved("One", 1);
  saved("Two", 2);
  EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace guide
