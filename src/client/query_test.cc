// Counting, sorting, paging and query plans through the typed door, in memory and on a file.
#include <gmock/gmock.h>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/typed_testing.h"
#include "holdfast/datastore.h"

namespace holdfast {
namespace {

using client::testing::Comment;
using client::testing::Post;
using client::testing::typed_schema;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class QueryTest : public ::testing::TestWithParam<const char*> {
 protected:
  DataStore opened() {
    const std::string file = GetParam();
    return DataStore::open(typed_schema(), {.path = file.empty() ? file : folder.file(file), .durability = Durability::normal,
                                            .delivery = {}, .executor = {}})
        .value();
  }
  std::vector<std::string> titles(const Where<Post>& where, const QueryOptions<Post>& options) {
    std::vector<std::string> found;
    auto posts = store.query<Post>(where, options).value();
    for (auto& post : posts) found.push_back(std::move(post.title));
    return found;
  }
  void save(std::vector<Post> posts) { ASSERT_TRUE(store.save_all(posts)); }

  const client::ScratchFolder folder;
  DataStore store = opened();
};

INSTANTIATE_TEST_SUITE_P(Stores, QueryTest, ::testing::Values("", "blog.db"),
                         [](const auto& tested) { return *tested.param == '\0' ? "Memory" : "Sqlite"; });

TEST_P(QueryTest, CountsWithAndWithoutACondition) {
  EXPECT_EQ(store.count<Post>().value(), 0U);
  save({{.title = "a", .rating = 1}, {.title = "b", .rating = 5}, {.title = "c"}});
  EXPECT_EQ(store.count<Post>().value(), 3U);
  EXPECT_EQ(store.count<Post>(Post::fields::rating > 4).value(), 1U);
  EXPECT_EQ(store.count<Post>(!(Post::fields::rating > 4)).value(), 2U);
  EXPECT_EQ(store.count<Comment>().value(), 0U);
  ASSERT_TRUE(store.transaction([](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "d", .rating = 9}));
    EXPECT_EQ(transaction.count<Post>(Post::fields::rating > 4).value(), 2U);
    return {};
  }));
  EXPECT_EQ(store.count_records(Post::model(), Predicate::compare("none", Op::eq, {1})).error().code,
            Code::invalid_argument);
}

// Q06, Q07, Q20, Q21
TEST_P(QueryTest, SortsBySeveralKeysAndGivesPages) {
  save({{.title = "b", .rating = 2}, {.title = "a", .rating = 1}, {.title = "a", .rating = 2}, {.title = "c"}});
  const QueryOptions<Post> sorted{.sort = {descending(Post::fields::rating), ascending(Post::fields::title)}};
  EXPECT_THAT(titles({}, sorted), ElementsAre("a", "b", "a", "c")) << "nulls last when descending";
  auto page = sorted;
  page.limit = 2;
  EXPECT_THAT(titles({}, page), ElementsAre("a", "b"));
  page.page = 1;
  EXPECT_THAT(titles({}, page), ElementsAre("a", "c"));
  EXPECT_THAT(titles(Post::fields::rating > 1, {.sort = {ascending(Post::fields::title)}, .limit = 1, .page = 1}),
              ElementsAre("b"));
}

// Q05, Q09, Q25, defect-16: also of one row, and of one that satisfies the predicate.
TEST_P(QueryTest, APageBeyondTheEndIsEmptyAndOneWithoutLimitRefused) {
  save({{.title = "a"}, {.title = "b"}});
  EXPECT_THAT(titles({}, {.limit = 2, .page = 1}), IsEmpty());
  EXPECT_THAT(titles(Post::fields::title == "a", {.limit = 1, .page = 1}), IsEmpty());
  EXPECT_THAT(titles(Post::fields::title == "a", {.sort = {ascending(Post::fields::title)}, .limit = 5, .page = 1}),
              IsEmpty());
  EXPECT_EQ(store.query<Post>({}, {.page = 1}).error().code, Code::invalid_argument);
  EXPECT_THAT(titles(Post::fields::title == "none", {}), IsEmpty());
}

// Q18
TEST_P(QueryTest, ExplainsHowItFindsItsRows) {
  const auto plan = store.explain<Post>(Post::fields::rating == 4).value();
  const bool is_file = *GetParam() != '\0';
  EXPECT_THAT(plan, Contains(HasSubstr(is_file ? "SEARCH m USING INDEX Post.byRating" : "SCAN Post IN MEMORY")));
  EXPECT_EQ(store.explain<Post>({}, {.page = 1}).error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace holdfast
