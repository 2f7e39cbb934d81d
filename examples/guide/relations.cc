#include "examples/guide/guide.h"

namespace guide {
namespace {

using Relations = Guide;

TEST_F(Relations, AChildRefersToItsParent) {
  // [relations.save]
  const Post post = store.save(Post{.title = "Hello", .rating = 5, .status = PostStatus::PUBLISHED}).value();
  const Comment comment = store.save(Comment{.content = "Well said", .post = post}).value();
  // [/relations.save]
  // [relations.up]
  const std::optional<Post> about = store.related(comment, Comment::fields::post).get().value();
  // [/relations.up]
  ASSERT_TRUE(about);
  EXPECT_EQ(about->title, "Hello");
}

TEST_F(Relations, AParentFindsItsChildren) {
  const auto post = saved("Hello", 5);
  store.save(Comment{.content = "Well said", .post = post}).value();
  store.save(Comment{.content = "On nothing"}).value();
  // [relations.down]
  const auto comments = store.query<Comment>(Comment::fields::post == post).value();
  const auto loose = store.query<Comment>(Comment::fields::post == holdfast::Ref<Post>()).value();
  // [/relations.down]
  ASSERT_EQ(comments.size(), 1U);
  EXPECT_EQ(comments.front().content, "Well said");
  EXPECT_EQ(loose.size(), 1U);
  // [relations.page]
  auto handle = store.related(post, Post::fields::comments,
                              {.sort = {holdfast::ascending(Comment::fields::content)}, .page_size = 20});
  const std::vector<Comment> first = handle.next().value();
  const std::vector<Comment> second = handle.next().value();  // Empty: the first page was not full.
  // [/relations.page]
  EXPECT_EQ(first, comments);
  EXPECT_TRUE(second.empty());
}

TEST_F(Relations, ManyAreReadTogether) {
  for (const auto* title : {"Hello", "Again"}) {
    store.save(Comment{.content = "Well said", .post = saved(title, 5)}).value();
  }
  std::vector<std::string> lines;
  // [relations.prefetch]
  const auto comments = store.query<Comment>().value();
  const auto posts = store.prefetch(comments, Comment::fields::post).value();
  for (const auto& comment : comments) {
    const Post* post = posts.of(comment);
    lines.push_back(comment.content + " on " + (post ? post->title : "nothing"));
  }
  // [/relations.prefetch]
  EXPECT_EQ(lines, (std::vector<std::string>{"Well said on Hello", "Well said on Again"}));
}

TEST_F(Relations, AConditionGoesThrough) {
  store.save(Comment{.content = "Well said", .post = saved("Hello", 5)}).value();
  store.save(Comment{.content = "Hm", .post = saved("Again", 1)}).value();
  // [relations.has]
  const auto on_good = store.query<Comment>(Comment::fields::post.has(Post::fields::rating > 4)).value();
  const auto discussed = store.query<Post>(Post::fields::comments.has()).value();
  // [/relations.has]
  ASSERT_EQ(on_good.size(), 1U);
  EXPECT_EQ(on_good.front().content, "Well said");
  EXPECT_EQ(discussed.size(), 2U);
}

TEST_F(Relations, ManyToMany) {
  const auto post = saved("Hello", 5);
  const auto label = store.save(Label{.name = "news"}).value();
  // [relations.join]
  store.save(PostLabels{.post = post, .label = label}).value();

  const std::vector<Label> labels = store.related(post, Post::fields::labels).all().value();
  // [/relations.join]
  ASSERT_EQ(labels.size(), 1U);
  EXPECT_EQ(labels.front().name, "news");
}

TEST_F(Relations, RemovingAParentRemovesWhatIsBelowIt) {
  const auto post = saved("Hello", 5);
  store.save(Comment{.content = "Well said", .post = post}).value();
  const auto label = store.save(Label{.name = "news"}).value();
  store.save(PostLabels{.post = post, .label = label}).value();
  // [relations.cascade]
  store.remove(post).value();
  EXPECT_EQ(store.count<Comment>().value(), 0U);     // Its comments went first,
  EXPECT_EQ(store.count<PostLabels>().value(), 0U);  // and so did what joined it to labels;
  EXPECT_EQ(store.count<Label>().value(), 1U);       // the labels stay.
  // [/relations.cascade]
}

}  // namespace
}  // namespace guide
