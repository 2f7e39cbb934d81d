// Transactions and batches through the typed door, in memory and on a file.
#include <gmock/gmock.h>

#include <array>
#include <span>
#include <stdexcept>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/typed_testing.h"
#include "holdfast/datastore.h"

namespace holdfast {
namespace {

using client::testing::Comment;
using client::testing::Post;
using client::testing::typed_schema;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TransactionTest : public ::testing::TestWithParam<const char*> {
 protected:
  DataStore opened(Delivery delivery = Delivery::inline_calls) {
    const std::string file = GetParam();
    return DataStore::open(typed_schema(), {.path = file.empty() ? file : folder.file(file),
                                            .durability = Durability::normal, .delivery = delivery, .executor = {}})
        .value();
  }
  /// Notes every change as a line such as `inserted first`.
  void watch(DataStore& observed) {
    watches.push_back(observed.observe<Post>([this](const Change<Post>& change) {
      heard.push_back(std::string(name(change.type)) + " " + change.element.title);
    }));
    watches.push_back(observed.observe<Comment>([this](const Change<Comment>& change) {
      heard.push_back(std::string(name(change.type)) + " " + change.element.content);
    }));
  }
  std::size_t posts() { return store.query<Post>().value().size(); }
  std::size_t comments() { return store.query<Comment>().value().size(); }
  std::size_t pending() { return store.pending_count().value(); }

  const client::ScratchFolder folder;
  std::vector<std::string> heard;
  std::vector<Subscription> watches;
  DataStore store = opened();
};

INSTANTIATE_TEST_SUITE_P(Stores, TransactionTest, ::testing::Values("", "blog.db"),
                         [](const auto& tested) { return *tested.param == '\0' ? "Memory" : "Sqlite"; });

// --- all or nothing ------------------------------------------------------------------------------------------

// ST31
TEST_P(TransactionTest, WritesSeveralModelsAtOnce) {
  watch(store);
  const auto old = store.save(Post{.title = "old"}).value();
  heard.clear();
  const auto done = store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "first"}));
    HOLDFAST_TRY(comment, transaction.save(Comment{.content = "both", .post = post}));
    EXPECT_FALSE(post.id.empty());
    HOLDFAST_TRY(removed, transaction.remove(old));
    EXPECT_TRUE(removed);
    EXPECT_THAT(heard, IsEmpty()) << "observers are told after the commit";
    return {};
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(posts(), 1U);
  EXPECT_EQ(comments(), 1U);
  EXPECT_EQ(pending(), 2U) << "a create and a remove of what the service never saw are nothing";
  EXPECT_THAT(heard, ElementsAre("inserted first", "inserted both", "removed old"));
}

// ST33
TEST_P(TransactionTest, AnErrorOfTheBodyUndoesEverything) {
  watch(store);
  const auto kept = store.save(Post{.title = "kept"}).value();
  heard.clear();
  const auto done = store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(first, transaction.save(Post{.title = "first"}));
    HOLDFAST_TRY(edited, transaction.save(Post{.id = kept.id, .title = "edited"}));
    HOLDFAST_TRY(count, transaction.remove_all<Post>());
    EXPECT_EQ(count, 2U);
    return Error{Code::rejected, "the application changed its mind"};
  });
  EXPECT_EQ(done, Result<void>(Error{Code::rejected, "the application changed its mind"}));
  EXPECT_EQ(store.query<Post>().value(), std::vector<Post>{kept});
  EXPECT_EQ(pending(), 1U);
  EXPECT_THAT(heard, IsEmpty());
  EXPECT_TRUE(store.save(Post{.title = "next"}));
}

TEST_P(TransactionTest, AnExceptionUndoesEverythingAndReachesTheCaller) {
  watch(store);
  const auto throwing = [&](Transaction& transaction) {
    transaction.save(Post{.title = "first"}).value();
    throw std::runtime_error("the application's own");
  };
  EXPECT_THROW(store.transaction(throwing).ignore("it throws"), std::runtime_error);
  EXPECT_EQ(posts(), 0U);
  EXPECT_EQ(pending(), 0U);
  EXPECT_THAT(heard, IsEmpty());
  EXPECT_TRUE(store.save(Post{.title = "next"})) << "the lock and the database are free again";
}

TEST_P(TransactionTest, ABodyMayThrowWhatValueThrows) {
  EXPECT_THROW(store.transaction([](Transaction& transaction) {
                 transaction.save(Post{.title = "first"}).value();
                 transaction.save(Post{.title = "second"}, Post::fields::rating > 3).value();
               }).ignore("it throws"),
               std::runtime_error);
  EXPECT_EQ(posts(), 0U);
}

TEST_P(TransactionTest, GivesTheBodysValueOnceItIsCommitted) {
  const auto saved = store.transaction([](Transaction& transaction) { return transaction.save(Post{.title = "first"}); });
  ASSERT_TRUE(saved);
  EXPECT_EQ(store.get<Post>(saved->id).value(), *saved);
  const auto failed = store.transaction([](Transaction& transaction) -> Result<std::size_t> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "second"}));
    return Error{Code::not_found, "no more"};
  });
  EXPECT_EQ(failed.error().code, Code::not_found);
  EXPECT_EQ(posts(), 1U);
}

// --- reads and conditions ------------------------------------------------------------------------------------

TEST_P(TransactionTest, ReadsSeeItsOwnWrites) {
  const auto old = store.save(Post{.title = "old", .rating = 1}).value();
  ASSERT_TRUE(store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "new", .rating = 5}));
    EXPECT_EQ(transaction.get<Post>(post.id).value(), post);
    HOLDFAST_TRY(removed, transaction.remove(old));
    EXPECT_EQ(transaction.get<Post>(old.id).value(), std::nullopt);
    EXPECT_EQ(transaction.query<Post>(Post::fields::rating > 0).value(), std::vector<Post>{post});
    HOLDFAST_TRY(edited, transaction.save(copy_of(post, [](Post& draft) { draft.rating = 6; })));
    EXPECT_EQ(transaction.query<Post>({}, {.sort = {descending(Post::fields::rating)}, .limit = 1}).value(),
              std::vector<Post>{edited});
    return {};
  }));
}

TEST_P(TransactionTest, TheStoreItselfReadsTheStateBefore) {
  const auto old = store.save(Post{.title = "old"}).value();
  ASSERT_TRUE(store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "new"}));
    EXPECT_EQ(store.query<Post>().value(), std::vector<Post>{old});
    EXPECT_EQ(store.get<Post>(post.id).value(), std::nullopt);
    EXPECT_EQ(store.pending_count().value(), 1U);
    return {};
  }));
}

// ST32, ST18
TEST_P(TransactionTest, ARefusedVerbLeavesTheRestToTheBody) {
  const auto post = store.save(Post{.title = "quiet", .rating = 1}).value();
  const auto done = store.transaction([&](Transaction& transaction) -> Result<void> {
    EXPECT_EQ(transaction.save(post, Post::fields::rating > 3).error().code, Code::condition_failed);
    EXPECT_EQ(transaction.remove(post, Post::fields::rating > 3).error().code, Code::condition_failed);
    const auto edit = copy_of(Post{.id = "gone"}, [](Post& draft) { draft.title = "x"; });
    EXPECT_EQ(transaction.save(edit).error().code, Code::not_found);
    EXPECT_EQ(transaction.find_record(Post::model(), Key{}).error().code, Code::invalid_argument);
    HOLDFAST_TRY(other, transaction.save(Post{.title = "instead"}));
    return {};
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(posts(), 2U);
}

TEST_P(TransactionTest, OneThatChangesNothingTellsNobody) {
  const auto post = store.save(Post{.title = "same"}).value();
  watch(store);
  ASSERT_TRUE(store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(saved, transaction.save(post));
    return {};
  }));
  ASSERT_TRUE(store.transaction([](Transaction&) {}));
  EXPECT_THAT(heard, IsEmpty());
  EXPECT_EQ(pending(), 1U);
}

// --- observers -----------------------------------------------------------------------------------------------

TEST_P(TransactionTest, ARecordIsToldOnceWithWhatWasCommitted) {
  const auto moved = store.save(Post{.title = "moved", .rating = 5}).value();
  watch(store);
  ASSERT_TRUE(store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "draft"}));
    HOLDFAST_TRY(comment, transaction.save(Comment{.content = "on it", .post = post}));
    HOLDFAST_TRY(edited, transaction.save(Post{.id = post.id, .title = "final"}));
    HOLDFAST_TRY(passing, transaction.save(Post{.title = "never seen"}));
    HOLDFAST_TRY(removed, transaction.remove(passing));
    HOLDFAST_TRY(again, transaction.save(Post{.id = moved.id, .title = "renamed", .rating = 5}));
    return {};
  }));
  EXPECT_THAT(heard, ElementsAre("inserted final", "inserted on it", "updated renamed"));
}

// D09, R10
TEST_P(TransactionTest, ARemovalTakesItsChildrenFirst) {
  const auto post = store.save(Post{.title = "parent"}).value();
  ASSERT_TRUE(store.save(Comment{.content = "child", .post = post}));
  watch(store);
  ASSERT_TRUE(store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(edited, transaction.save(Post{.id = post.id, .title = "edited"}));
    HOLDFAST_TRY(count, transaction.remove(Post::fields::title == "edited"));
    EXPECT_EQ(count, 1U);
    return {};
  }));
  EXPECT_THAT(heard, ElementsAre("removed child", "removed parent"));
}

TEST_P(TransactionTest, AnObserverMayBeginAnother) {
  watches.push_back(store.observe<Post>([this](const Change<Post>& change) {
    if (change.type != ChangeType::inserted) return;
    EXPECT_TRUE(store.transaction([&](Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(comment, transaction.save(Comment{.content = "first!", .post = change.element}));
      return {};
    }));
  }));
  ASSERT_TRUE(store.transaction([](Transaction& transaction) { return transaction.save(Post{.title = "a"}); }));
  EXPECT_EQ(comments(), 1U);
}

// --- calls from inside ---------------------------------------------------------------------------------------

TEST_P(TransactionTest, TheStoresOwnWritesInsideAreRefusedAndDoNotWaitForThemselves) {
  const auto code = [](const auto& result) { return result.error().code; };
  ASSERT_TRUE(store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "first"}));
    const auto refused = store.save(Post{.title = "second"});
    EXPECT_EQ(code(refused), Code::invalid_argument);
    EXPECT_THAT(refused.error().message, HasSubstr("inside a transaction"));
    EXPECT_EQ(code(store.remove(post)), Code::invalid_argument);
    EXPECT_EQ(code(store.remove_all<Post>()), Code::invalid_argument);
    EXPECT_EQ(code(store.save_all(std::vector<Post>{post})), Code::invalid_argument);
    EXPECT_EQ(code(store.transaction([](Transaction&) {})), Code::invalid_argument);
    EXPECT_EQ(code(store.start({.endpoint = "http://127.0.0.1:1/graphql"})), Code::invalid_argument);
    EXPECT_EQ(code(store.clear()), Code::invalid_argument);
    return {};
  }));
  EXPECT_EQ(posts(), 1U);
}

TEST_P(TransactionTest, PollInsideRunsNothing) {
  auto polled = opened(Delivery::by_poll);
  watch(polled);
  ASSERT_TRUE(polled.save(Post{.title = "a"}));
  ASSERT_TRUE(polled.transaction([&](Transaction&) { EXPECT_EQ(polled.poll(), 0U); }));
  EXPECT_EQ(polled.poll(), 1U);
}

TEST_P(TransactionTest, StoppingInsideEndsTheProgramWithASentence) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto inside = [this](const std::function<void()>& call) {
    store.transaction([&call](Transaction&) { call(); }).ignore("it dies before");
  };
  EXPECT_DEATH(inside([this] { store.stop(); }), "stop\\(\\) inside a transaction");
  EXPECT_DEATH(inside([this] { store.set_online(false); }), "set_online\\(\\) inside a transaction");
}

TEST_P(TransactionTest, AnotherStoreMayBeWrittenInside) {
  auto other = DataStore::open(typed_schema()).value();
  ASSERT_TRUE(store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "here"}));
    return other.transaction([&](Transaction& there) -> Result<void> {
      HOLDFAST_TRY(copy, there.save(post));
      return {};
    });
  }));
  EXPECT_EQ(other.query<Post>().value(), store.query<Post>().value());
}

// --- batches -------------------------------------------------------------------------------------------------

// ST31
TEST_P(TransactionTest, ABatchIsSavedInOrderWithItsIds) {
  watch(store);
  const auto saved = store.save_all(std::vector<Post>{{.title = "a"}, {.title = "b"}, {.title = "c"}}).value();
  EXPECT_EQ(store.query<Post>().value(), saved);
  EXPECT_EQ(pending(), 3U);
  EXPECT_THAT(heard, ElementsAre("inserted a", "inserted b", "inserted c"));
  for (const auto& post : saved) EXPECT_FALSE(post.id.empty());
}

TEST_P(TransactionTest, ABatchUpdatesWhatIsThereByWhatDiffers) {
  auto rows = store.save_all(std::array{Post{.title = "a"}, Post{.title = "b"}}).value();
  watch(store);
  rows[1].title = "edited";
  rows.push_back({.title = "new"});
  ASSERT_TRUE(store.save_all(std::span<const Post>(rows)));
  EXPECT_THAT(heard, ElementsAre("updated edited", "inserted new"));
}

TEST_P(TransactionTest, ABatchIsAllOrNone) {
  watch(store);
  std::vector<Comment> rows{{.content = "a"}, {.content = "b"}};
  auto twice = store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(saved, transaction.save_all(rows));
    HOLDFAST_TRY(refused, transaction.save(saved[0], Comment::fields::content == "z"));
    return {};
  });
  EXPECT_EQ(twice.error().code, Code::condition_failed);
  EXPECT_EQ(comments(), 0U);
  EXPECT_THAT(heard, IsEmpty());
  EXPECT_TRUE(store.save_all(std::vector<Post>{}).value().empty());
}

}  // namespace
}  // namespace holdfast
