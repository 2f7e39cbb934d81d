// Prefetch: what it gives, and how few queries it takes.
#include "client/relations_testing.h"

namespace holdfast {
namespace {

using namespace relations;
using client::testing::texts;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class PrefetchTest : public client::testing::RelationsTest {
 protected:
  /// A reader of the store that notes the plan of every query.
  RowReader noting_reader() {
    return [this, reader = store->row_reader()](const ModelSchema& model, const Query& query,
                                                const std::function<void(Record&)>& sink) {
      plans.push_back(::testing::PrintToString(store->explain_records(model, query).value()));
      return reader(model, query, sink);
    };
  }
  /// No query has read a whole table.
  void expect_searches() const {
    const bool is_file = *GetParam() != '\0';
    if (!is_file) return;
    EXPECT_THAT(plans, Each(Not(HasSubstr("SCAN"))));
  }

  std::vector<std::string> plans;  ///< One a query.
};
INSTANTIATE_TEST_SUITE_P(Stores, PrefetchTest, ::testing::Values("", "relations.db"), client::testing::store_name);

TEST_P(PrefetchTest, GivesEachInstanceTheOneItRefersTo) {
  const auto first = save(Post{.title = "p"});
  const auto second = save(Post{.title = "q"});
  const std::vector<Comment> comments = {save(Comment{.content = "a", .post = first}),
                                         save(Comment{.content = "b", .post = second}),
                                         save(Comment{.content = "c", .post = first}), save(Comment{.content = "d"}),
                                         arrive(Comment{.id = "e", .content = "e", .post = Ref<Post>(Key{{"gone"}})})};
  const auto posts = store->prefetch(comments, Comment::fields::post).value();
  EXPECT_EQ(*posts.of(comments[0]), first);
  EXPECT_EQ(*posts.of(comments[1]), second);
  EXPECT_EQ(posts.of(comments[2]), posts.of(comments[0])) << "one copy of one post";
  EXPECT_EQ(posts.of(comments[3]), nullptr);
  EXPECT_EQ(posts.of(comments[4]), nullptr);
  EXPECT_EQ(posts.of(Comment{}), nullptr);
  EXPECT_EQ(posts.rows().size(), 2U);
}

TEST_P(PrefetchTest, GivesEachInstanceItsManyInTheOrderAskedFor) {
  const std::vector<Post> posts = {save(Post{.title = "p"}), save(Post{.title = "q"}), save(Post{.title = "none"})};
  for (const auto* text : {"b", "x", "a", "c"}) {
    save(Comment{.content = text, .post = posts[0]});
    save(Comment{.content = std::string("q") + text, .post = posts[1]});
  }
  const auto inserted = store->prefetch(posts, Post::fields::comments).value();
  EXPECT_THAT(texts(inserted.of(posts[0]), &Comment::content), ElementsAre("b", "x", "a", "c"));
  EXPECT_THAT(inserted.of(posts[2]), IsEmpty());
  const auto sorted = store->prefetch(posts, Post::fields::comments,
                                      {.where = Comment::fields::content != "x",
                                       .sort = {descending(Comment::fields::content)}}).value();
  EXPECT_THAT(texts(sorted.of(posts[0]), &Comment::content), ElementsAre("c", "b", "a"));
  EXPECT_THAT(texts(sorted.of(posts[1]), &Comment::content), ElementsAre("qx", "qc", "qb", "qa"));
}

// Q10: parents come along when they are asked for, as many levels up as wished.
TEST_P(PrefetchTest, GoesOnFromWhatItFound) {
  const auto blog = save(Blog{.name = "b"});
  const auto post = save(Post{.title = "p", .blog = blog});
  const std::vector<Comment> comments = {save(Comment{.content = "a", .post = post})};
  const auto posts = store->prefetch(comments, Comment::fields::post).value();
  const auto blogs = store->prefetch(posts.rows(), Post::fields::blog).value();
  EXPECT_EQ(blogs.of(*posts.of(comments[0]))->name, "b");
}

// R04
TEST_P(PrefetchTest, CrossesAManyToMany) {
  const std::vector<Post> posts = {save(Post{.title = "p"}), save(Post{.title = "q"}), save(Post{.title = "none"})};
  const std::vector<Tag> tags = {save(Tag{.label = "b"}), save(Tag{.label = "a"})};
  save(PostTag{.post = posts[0], .tag = tags[0]});
  save(PostTag{.post = posts[0], .tag = tags[1]});
  save(PostTag{.post = posts[1], .tag = tags[0]});
  save(PostTag{.post = posts[1], .tag = tags[0]});
  const auto found = store->prefetch(posts, Post::fields::tags, {.sort = {ascending(Tag::fields::label)}}).value();
  EXPECT_THAT(texts(found.of(posts[0]), &Tag::label), ElementsAre("a", "b"));
  EXPECT_THAT(texts(found.of(posts[1]), &Tag::label), ElementsAre("b"));
  EXPECT_THAT(found.of(posts[2]), IsEmpty());
  EXPECT_EQ(store->prefetch(posts, Post::fields::tags.links).value().of(posts[1]).size(), 2U);
}

// R09
TEST_P(PrefetchTest, FollowsCompositeKeys) {
  std::vector<Hall> halls;
  std::vector<Seat> seats;
  for (const auto* city : {"Oslo", "Rome"}) {
    for (int number = 1; number <= 3; ++number) {
      halls.push_back(save(Hall{.city = city, .number = number, .name = city + std::to_string(number)}));
      seats.push_back(save(Seat{.row = "A", .place = static_cast<int>(halls.size()), .hall = halls.back()}));
    }
  }
  const auto found = store->prefetch(seats, Seat::fields::hall).value();
  EXPECT_EQ(found.of(seats[4])->name, "Rome2");
  const auto back = store->prefetch(halls, Hall::fields::seats).value();
  for (std::size_t at = 0; at < halls.size(); ++at) EXPECT_THAT(back.of(halls[at]), ElementsAre(seats[at]));
}

TEST_P(PrefetchTest, TellsOfSeveralRecordsWhereThereIsToBeOne) {
  const auto post = save(Post{.title = "p"});
  save(Cover{.picture = "sea", .postId = post.id});
  EXPECT_EQ(store->prefetch(std::vector{post}, Post::fields::cover).value().of(post)->picture, "sea");
  save(Cover{.picture = "sky", .postId = post.id});
  EXPECT_EQ(store->prefetch(std::vector{post}, Post::fields::cover).error().code, Code::schema_error);
}

TEST_P(PrefetchTest, SeesInATransactionWhatWasWrittenBefore) {
  const auto done = store->transaction([](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "p"}));
    HOLDFAST_TRY(comment, transaction.save(Comment{.content = "a", .post = post}));
    HOLDFAST_TRY(posts, transaction.prefetch(std::vector{comment}, Comment::fields::post));
    EXPECT_EQ(posts.of(comment)->title, "p");
    HOLDFAST_TRY(comments, transaction.prefetch(posts.rows(), Post::fields::comments, {.where = Comment::fields::content == "b"}));
    EXPECT_THAT(comments.of(post), IsEmpty());
    return {};
  });
  EXPECT_TRUE(done);
}

TEST_P(PrefetchTest, ReadsNothingForNothing) {
  const std::vector<Comment> comments = {Comment{.content = "a"}, Comment{}};
  ASSERT_TRUE(holdfast::prefetch(noting_reader(), comments, Comment::fields::post, {}));
  ASSERT_TRUE(holdfast::prefetch(noting_reader(), std::vector<Post>(), Post::fields::tags, {}));
  EXPECT_THAT(plans, IsEmpty());
  EXPECT_EQ(holdfast::prefetch(noting_reader(), comments, Comment::fields::post, {.limit = 1}).error().code,
            Code::invalid_argument);
}

/// Of 1,000 posts, each with a comment, a tag of ten, and a blog of ten.
TEST_P(PrefetchTest, TakesAHandfulOfQueriesForAThousandRowsEachByAnIndex) {
  std::vector<Blog> blogs(10);
  std::vector<Tag> tags(10);
  std::vector<Post> posts(1000);
  ASSERT_TRUE(store->transaction([&](Transaction& transaction) {
    for (auto& blog : blogs) blog = transaction.save(Blog{.name = "b"}).value();
    for (auto& tag : tags) tag = transaction.save(Tag{.label = "t"}).value();
    for (std::size_t at = 0; at < posts.size(); ++at) {
      posts[at] = transaction.save(Post{.title = std::to_string(at), .blog = blogs[at % 10]}).value();
      transaction.save(Comment{.content = std::to_string(at), .post = posts[at]}).value();
      transaction.save(PostTag{.post = posts[at], .tag = tags[at % 10]}).value();
    }
  }));
  const auto comments = store->query<Comment>().value();
  ASSERT_EQ(comments.size(), 1000U);
  const auto reader = noting_reader();
  const auto of_comments = holdfast::prefetch(reader, comments, Comment::fields::post, {});
  EXPECT_EQ(plans.size(), 2U);
  for (std::size_t at = 0; at < 1000; ++at) ASSERT_EQ(*of_comments->of(comments[at]), posts[at]);
  expect_searches();
  plans.clear();
  const auto of_posts = holdfast::prefetch(reader, posts, Post::fields::comments, {});
  EXPECT_EQ(plans.size(), 2U);
  for (std::size_t at = 0; at < 1000; ++at) ASSERT_THAT(of_posts->of(posts[at]), ElementsAre(comments[at]));
  plans.clear();
  EXPECT_EQ(holdfast::prefetch(reader, posts, Post::fields::blog, {})->rows().size(), 10U);
  EXPECT_EQ(plans.size(), 1U) << "ten blogs";
  plans.clear();
  const auto tagged = holdfast::prefetch(reader, posts, Post::fields::tags, {});
  EXPECT_EQ(plans.size(), 4U);
  EXPECT_THAT(tagged->of(posts[7]), ElementsAre(tags[7]));
  expect_searches();
}

}  // namespace
}  // namespace holdfast
