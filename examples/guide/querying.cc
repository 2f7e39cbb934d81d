#include "client/storage/sqlite/scratch_folder.h"
#include "examples/guide/guide.h"

namespace guide {
namespace {

class Querying : public Guide {
 protected:
  Querying() {
    saved("Poor", 1);
    saved("Fair", 5);
    auto good = saved("Good", 9);
    store.save(Post::copy_of(good, [](Post& draft) {
      draft.tags = {"news"};
    })).value();
  }
};

TEST_F(Querying, GetIsByKey) {
  const auto id = saved("Hello", 5).id;
  // [querying.get]
  const std::optional<Post> found = store.get<Post>(id).value();
  if (!found) FAIL() << "no such post";
  // [/querying.get]
  EXPECT_EQ(found->title, "Hello");
  EXPECT_FALSE(store.get<Post>("nobody").value());
}

TEST_F(Querying, Predicates) {
  // [querying.where]
  const std::vector<Post> all = store.query<Post>().value();
  const std::vector<Post> good = store.query<Post>(Post::fields::rating > 4).value();
  const std::vector<Post> ours = store.query<Post>(
      (Post::fields::status == PostStatus::PUBLISHED && Post::fields::rating.between(2, 8)) ||
      Post::fields::tags.contains("news")).value();
  const std::vector<Post> rest = store.query<Post>(!(Post::fields::rating > 4)).value();
  // [/querying.where]
  EXPECT_EQ(all.size(), 3U);
  EXPECT_EQ(titles(good), (std::vector<std::string>{"Fair", "Good"}));
  EXPECT_EQ(titles(ours), (std::vector<std::string>{"Fair", "Good"}));
  EXPECT_EQ(titles(rest), std::vector<std::string>{"Poor"});
}

TEST_F(Querying, TextAndNothing) {
  // [querying.null]
  const auto tagged = store.query<Post>(Post::fields::tags != std::nullopt).value();
  const auto tagless = store.query<Post>(Post::fields::tags == std::nullopt).value();
  const auto with_g = store.query<Post>(Post::fields::title.begins_with("G")).value();
  const auto some = store.query<Post>(Post::fields::rating.in({1, 9})).value();
  // [/querying.null]
  EXPECT_EQ(titles(tagged), std::vector<std::string>{"Good"});
  EXPECT_EQ(tagless.size(), 2U);
  EXPECT_EQ(titles(with_g), std::vector<std::string>{"Good"});
  EXPECT_EQ(some.size(), 2U);
}

TEST_F(Querying, SortAndPages) {
  // [querying.sort]
  const auto page = store.query<Post>(Post::fields::status == PostStatus::PUBLISHED,
                                      {.sort = {descending(Post::fields::rating), ascending(Post::fields::title)},
                                       .limit = 2,
                                       .page = 0}).value();
  const std::size_t count = store.count<Post>(Post::fields::rating > 4).value();
  // [/querying.sort]
  EXPECT_EQ(titles(page), (std::vector<std::string>{"Good", "Fair"}));
  EXPECT_EQ(count, 2U);
}

TEST_F(Querying, SortsByARelatedRecord) {
  for (const int rating : {5, 9}) {
    store.save(Comment{.content = std::to_string(rating), .post = saved("Hello", rating)}).value();
  }
  // [querying.sort_through]
  const auto by_post = store.query<Comment>({}, {.sort = {through(Comment::fields::post, descending(Post::fields::rating))}}).value();
  // [/querying.sort_through]
  EXPECT_EQ(by_post.front().content, "9");
}

TEST_F(Querying, ExplainShowsTheIndex) {
  const holdfast::client::ScratchFolder folder;
  auto file_store = holdfast::DataStore::open(blog::schema(), {.path = folder.file("blog.db")}).value();
  // [querying.explain]
  const std::vector<std::string> plan = file_store.explain<Post>(Post::fields::rating > 4).value();
  EXPECT_NE(plan.front().find("USING INDEX Post.byRating"), std::string::npos);
  // [/querying.explain]
}

}  // namespace
}  // namespace guide
