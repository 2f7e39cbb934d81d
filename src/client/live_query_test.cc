// Live queries through the typed door, in memory and on a file.
#include <gmock/gmock.h>

#include <algorithm>
#include <ranges>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/typed_testing.h"
#include "holdfast/datastore.h"

namespace holdfast {
namespace {

using client::testing::Comment;
using client::testing::Post;
using client::testing::typed_schema;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LiveQueryTest : public ::testing::TestWithParam<const char*> {
 protected:
  DataStore opened() {
    const std::string file = GetParam();
    return DataStore::open(typed_schema(), {.path = file.empty() ? file : folder.file(file),
                                            .durability = Durability::normal, .delivery = {}, .executor = {}})
        .value();
  }
  Subscription watch(const Where<Post>& where = {}, const QueryOptions<Post>& options = {}) {
    return store
        .observe_query<Post>(where, options,
                             [this](const Snapshot<Post>& snapshot) {
                               std::vector<std::string> titles;
                               for (const auto& post : snapshot.items) titles.push_back(post.title);
                               shown.push_back(std::move(titles));
                             })
        .value();
  }

  const client::ScratchFolder folder;
  std::vector<std::vector<std::string>> shown;
  DataStore store = opened();
};

INSTANTIATE_TEST_SUITE_P(Stores, LiveQueryTest, ::testing::Values("", "blog.db"),
                         [](const auto& tested) { return *tested.param == '\0' ? "Memory" : "Sqlite"; });

// OQ02, OQ03, OQ04, OQ07
TEST_P(LiveQueryTest, ShowsSortedStructs) {
  const auto liked = watch(Post::fields::rating > 3, {.sort = {descending(Post::fields::rating)}});
  const auto good = store.save(Post{.title = "good", .rating = 4}).value();
  ASSERT_TRUE(store.save(Post{.title = "dull", .rating = 1}));
  ASSERT_TRUE(store.save(Post{.title = "best", .rating = 5}));
  ASSERT_TRUE(store.save(copy_of(good, [](Post& draft) { draft.rating = 6; })));
  ASSERT_TRUE(store.save(copy_of(good, [](Post& draft) { draft.rating = 2; })));
  EXPECT_THAT(shown, ElementsAre(IsEmpty(), ElementsAre("good"), ElementsAre("best", "good"), ElementsAre("good", "best"),
                                 ElementsAre("best")));
}

// ST31
TEST_P(LiveQueryTest, ShowsATransactionOnce) {
  const auto watching = watch();
  ASSERT_TRUE(store.transaction([](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(first, transaction.save(Post{.title = "first"}));
    HOLDFAST_TRY(second, transaction.save(Post{.title = "second"}));
    HOLDFAST_TRY(comment, transaction.save(Comment{.content = "not a post", .post = second}));
    HOLDFAST_TRY(removed, transaction.remove(first));
    return {};
  }));
  ASSERT_FALSE(store.transaction([](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(saved, transaction.save(Post{.title = "undone"}));
    return Error{Code::invalid_argument, "changed my mind"};
  }));
  EXPECT_THAT(shown, ElementsAre(IsEmpty(), ElementsAre("second")));
}

// A row that is removed and inserted again stands where a fresh query has it: last.
TEST_P(LiveQueryTest, FollowsARowToItsNewPlace) {
  const auto first = store.save(Post{.title = "first"}).value();
  ASSERT_TRUE(store.save(Post{.title = "second"}));
  const auto watching = watch();
  ASSERT_TRUE(store.transaction([&first](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(removed, transaction.remove(first));
    HOLDFAST_TRY(saved, transaction.save(first));
    return {};
  }));
  EXPECT_THAT(shown, ElementsAre(ElementsAre("first", "second"), ElementsAre("second", "first")));
}

TEST_P(LiveQueryTest, ShowsABatchOnce) {
  const auto watching = watch({}, {.sort = {ascending(Post::fields::title)}, .limit = 2});
  ASSERT_TRUE(store.save_all(std::vector<Post>{{.title = "c"}, {.title = "a"}, {.title = "b"}}));
  ASSERT_TRUE(store.remove_all<Post>());
  EXPECT_THAT(shown, ElementsAre(IsEmpty(), ElementsAre("a", "b"), IsEmpty()));
}

// OQ14
TEST_P(LiveQueryTest, ShowsNothingTwice) {
  const auto watching = watch();
  const auto post = store.save(Post{.title = "a"}).value();
  ASSERT_TRUE(store.save(post));
  ASSERT_TRUE(store.save(copy_of(post, [](Post&) {})));
  EXPECT_THAT(shown, ElementsAre(IsEmpty(), ElementsAre("a")));
}

TEST_P(LiveQueryTest, IsRefusedInsideATransaction) {
  std::optional<Error> refused;
  ASSERT_TRUE(store.transaction([&](Transaction&) {
    const auto made = store.observe_query<Post>({}, {}, [](const Snapshot<Post>&) { ADD_FAILURE(); });
    if (!made) refused = made.error();
  }));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Code::invalid_argument);
}

// The application may keep a snapshot, read it with the standard's algorithms, and outlive the store with it.
TEST_P(LiveQueryTest, HandsOutSnapshotsThatStay) {
  for (std::int32_t rating = 0; rating < 1000; ++rating) ASSERT_TRUE(store.save(Post{.title = "x", .rating = rating}));
  Snapshot<Post> kept;
  auto watching = store.observe_query<Post>({}, {.sort = {ascending(Post::fields::rating)}},
                                            [&kept](const Snapshot<Post>& snapshot) { kept = snapshot; }).value();
  watching.cancel();
  ASSERT_TRUE(store.remove_all<Post>());
  store = opened();
  const auto& items = kept.items;
  ASSERT_EQ(items.size(), 1000U);
  static_assert(std::ranges::random_access_range<const Items<Post>&>);
  const auto rating_of = [](const Post& post) { return *post.rating; };
  EXPECT_EQ(std::ranges::lower_bound(items, 700, {}, rating_of)->rating, 700);
  EXPECT_TRUE(std::ranges::is_sorted(items, {}, rating_of));
  EXPECT_EQ(items[999].rating, 999);
  EXPECT_EQ((items.end() - 1)->rating, 999);
  EXPECT_EQ(items.begin()[500].rating, 500);
  const std::vector<Post> reversed(std::make_reverse_iterator(items.end()), std::make_reverse_iterator(items.begin()));
  EXPECT_EQ(reversed.back().rating, 0);
}

}  // namespace
}  // namespace holdfast
