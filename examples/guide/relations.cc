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
  const std::optional<Post> about = store.get<Post>(comment.post.id()).value();
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
}

TEST_F(Relations, ManyToMany) {
  const auto post = saved("Hello", 5);
  const auto label = store.save(Label{.name = "news"}).value();
  // [relations.join]
  store.save(PostLabels{.post = post, .label = label}).value();

  std::vector<Label> labels;
  const auto joins = store.query<PostLabels>(PostLabels::fields::post == post).value();
  for (const auto& join : joins) {
    if (auto found = store.get<Label>(join.label.id()).value()) labels.push_back(*found);
  }
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
