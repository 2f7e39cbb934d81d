// Live queries of one device: the application's changes and the service's, and what is told of syncing.
#include "client/device_testing.h"

namespace holdfast::device_testing {
namespace {

/// What a live query of titles showed: `a b`, with `?` while it is not synced.
class LiveQueryOfDevice : public DeviceTest {
 protected:
  Subscription watch(const Query& query = {}) {
    auto watching = device->observe_query(post, query, row_form<Record>(), [this](const Rows& rows, bool is_synced) {
      std::string line;
      for (const auto& row : Items<Record>(rows)) line += *row["title"].as_string() + " ";
      shown.push_back(line + (is_synced ? "" : "?"));
    });
    EXPECT_TRUE(watching);
    return std::move(*watching);
  }
  void save(const char* id, const char* title) { ASSERT_TRUE(device->save(post_of(id, title), nullptr, {})); }
  List posts(int count) {
    List items;
    for (int at = 0; at < count; ++at) items.push_back(item(post_of(("p" + std::to_string(at)).c_str(), "x"), 1));
    return items;
  }
  void answer_part(List items) {
    const auto token = "after " + std::to_string(++part);
    answer(json_response(Object{{"syncPosts", Object{{"items", std::move(items)}, {"nextToken", token}, {"startedAt", 5}}}}));
  }
  std::vector<std::string> shown;
  int part = 0;
};

// OQ01, OQ02, OQ05, OQ07, OQ20
TEST_F(LiveQueryOfDevice, ShowsTheRowsAtOnceAndAfterEveryChange) {
  const auto watching = watch({.where = {}, .sort = {{"title"}}});
  save("1", "b");
  save("2", "a");
  save("1", "c");
  ASSERT_TRUE(*device->remove(post_of("2", "a"), {}));
  const auto late = watch();
  EXPECT_THAT(shown, ElementsAre("", "b ", "a b ", "a c ", "c ", "c "));
}

// defect-19: where nothing is to be synced, what is shown is all there is.
TEST_F(LiveQueryOfDevice, IsSyncedWhereThereIsNoBackend) {
  std::vector<bool> synced;
  const auto watching = device->observe_query(post, {}, row_form<Record>(),
                                              [&synced](const Rows&, bool is_synced) { synced.push_back(is_synced); });
  ASSERT_TRUE(watching);
  save("1", "a");
  clock->settle();
  EXPECT_THAT(synced, ElementsAre(true, true));
}

// OQ03, OQ04
TEST_F(LiveQueryOfDevice, ShowsWhatSatisfiesItsPredicate) {
  save("1", "yes");
  const auto watching = watch({.where = Predicate::compare("title", Op::eq, {"yes"})});
  save("2", "no");
  save("1", "no");
  save("1", "yes");
  EXPECT_THAT(shown, ElementsAre("yes ", "", "yes "));
}

// A removal of many, children included, is one commit.
TEST_F(LiveQueryOfDevice, ShowsOneSnapshotACommit) {
  for (const auto* id : {"1", "2", "3"}) save(id, id);
  const auto watching = watch();
  ASSERT_TRUE(device->remove_where(post, {}));
  EXPECT_THAT(shown, ElementsAre("1 2 3 ", ""));
}

TEST_F(LiveQueryOfDevice, ShowsItsPageOnly) {
  for (const auto* id : {"1", "2", "3"}) save(id, id);
  const auto watching = watch({.where = {}, .sort = {{"title", Direction::descending}}, .limit = 2});
  save("0", "0");
  ASSERT_TRUE(*device->remove(post_of("3", "3"), {}));
  EXPECT_THAT(shown, ElementsAre("3 2 ", "2 1 "));
}

// OQ12, OQ15, OQ23
TEST_F(LiveQueryOfDevice, TellsWhetherTheModelIsSynced) {
  const auto watching = watch();
  start();
  subscribe();
  answer_page("syncPosts", {item(post_of("p", "a"), 1)});
  const auto late = watch();
  frame(FrameType::data, starts[1], Object{{"data", Object{{"onUpdatePost", item(post_of("p", "b"), 2)}}}});
  answer_page("syncComments");
  EXPECT_THAT(shown, ElementsAre("", "?", "a ", "a ", "b ", "b "));
  shown.clear();
  device->stop();
  EXPECT_THAT(shown, ElementsAre("b ?", "b ?"));
}

// OQ12: every page is applied, the last one forces the snapshot.
TEST_F(LiveQueryOfDevice, ShowsASyncThatChangesNothing) {
  start();
  const auto watching = watch();
  subscribe();
  answer_page("syncPosts");
  EXPECT_THAT(shown, ElementsAre("?", ""));
}

// OQ14
TEST_F(LiveQueryOfDevice, IsNotDoubledByASecondStart) {
  const auto watching = watch();
  start();
  start();
  subscribe();
  answer_page("syncPosts");
  save("1", "a");
  EXPECT_THAT(shown, ElementsAre("", "?", "", "a "));
}

// OQ19
TEST_F(LiveQueryOfDevice, EndsSyncedWhenASyncIsCutOff) {
  const auto watching = watch();
  ASSERT_TRUE(device->clear());
  auto few = options();
  few.records_max = 1;
  ASSERT_TRUE(device->start(few));
  subscribe();
  answer_part({item(post_of("1", "a"), 1)});
  EXPECT_THAT(shown, ElementsAre("", "?", "a "));
}

// OQ10, OQ11
TEST_F(LiveQueryOfDevice, ShowsWhatTheServiceSendsInBatchesWhileItSyncs) {
  const auto watching = watch();
  start();
  subscribe();
  shown.clear();
  answer_part({item(post_of("1", "a"), 1)});
  answer_part({item(post_of("2", "b"), 1)});
  EXPECT_THAT(shown, IsEmpty());
  clock->advance(Milliseconds(1999));
  EXPECT_THAT(shown, IsEmpty());
  clock->advance(Milliseconds(1));
  EXPECT_THAT(shown, ElementsAre("a b ?"));
  answer_part({item(post_of("3", "c"), 1)});
  save("4", "mine");
  EXPECT_THAT(shown, ElementsAre("a b ?", "a b c mine ?")) << "the application sees its own change at once";
  answer_page("syncPosts", {item(post_of("5", "d"), 1)});
  EXPECT_THAT(shown.back(), "a b c mine d ");
  EXPECT_EQ(shown.size(), 3U);
  clock->advance(Milliseconds(10'000));
  EXPECT_EQ(shown.size(), 3U);
}

// OQ09, OQ11
TEST_F(LiveQueryOfDevice, ShowsABatchThatIsFull) {
  const auto watching = watch();
  start();
  subscribe();
  shown.clear();
  answer_part(posts(999));
  EXPECT_THAT(shown, IsEmpty());
  answer_part({item(post_of("last", "x"), 1)});
  EXPECT_EQ(shown.size(), 1U);
}

// OQ15, L05
TEST_F(LiveQueryOfDevice, IsEmptyAfterClearAndGoesOn) {
  save("1", "a");
  const auto watching = watch();
  ASSERT_TRUE(device->clear());
  save("1", "b");
  EXPECT_THAT(shown, ElementsAre("a ", "", "b "));
}

TEST_F(LiveQueryOfDevice, CoalescesWhatHappensBeforeAPoll) {
  open({.path = {}, .durability = Durability::full, .delivery = Delivery::by_poll, .executor = {}});
  const auto watching = watch();
  save("1", "a");
  save("2", "b");
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_EQ(device->poll(), 1U);
  EXPECT_EQ(device->poll(), 0U);
  EXPECT_THAT(shown, ElementsAre("a b "));
}

// OQ13
TEST_F(LiveQueryOfDevice, MayBeCancelledInsideItsCallback) {
  Subscription watching;
  int count = 0;
  auto made = device->observe_query(post, {}, row_form<Record>(), [&](const Rows&, bool) {
    ++count;
    watching.cancel();
  });
  watching = std::move(made.value());
  save("1", "a");
  save("2", "b");
  EXPECT_EQ(count, 2) << "the first came before there was something to cancel";
}

// OQ17
TEST_F(LiveQueryOfDevice, RefusesWhatItCannotRead) {
  const auto refused = device->observe_query(post, {.where = Predicate::compare("nope", Op::eq, {1})}, row_form<Record>(),
                                             [](const Rows&, bool) { ADD_FAILURE(); });
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
  is_unreadable = true;
  const auto failed = device->observe_query(post, {}, row_form<Record>(), [](const Rows&, bool) { ADD_FAILURE(); });
  EXPECT_EQ(failed.error().code, Code::storage_failed);
  is_unreadable = false;
  save("1", "a");
}

// --- through relations -----------------------------------------------------------------------------------------

class LiveQueryThroughRelations : public LiveQueryOfDevice {
 protected:
  LiveQueryThroughRelations() { is_commented.where = Predicate::related("comments", {}); }
  [[nodiscard]] Record comment_on(const char* id, const char* post_id) const {
    return record(comment, {{"id", id}, {"content", "x"}, {"postCommentsId", post_id}});
  }
  Query is_commented;
};

// OQ10, OQ11, OQ12
TEST_F(LiveQueryThroughRelations, IsReadAgainOnceABatchAndSyncedWithAllItsModels) {
  save("1", "a");
  const auto watching = watch(is_commented);
  start();
  subscribe();
  answer_page("syncPosts");
  shown.clear();
  const auto reads_before = reads;
  List comments;
  for (int at = 0; at < 500; ++at) comments.push_back(item(comment_on(std::to_string(at).c_str(), "1"), 1));
  answer(json_response(Object{{"syncComments", Object{{"items", comments}, {"nextToken", "t"}, {"startedAt", 5}}}}));
  EXPECT_THAT(shown, IsEmpty()) << "the comments are being synced";
  answer_page("syncComments");
  EXPECT_THAT(shown, ElementsAre("a "));
  EXPECT_EQ(reads, reads_before + 1);
}

// OQ17: what cannot be read is left as it was, and read at the next change.
TEST_F(LiveQueryThroughRelations, GoesOnWhenItCouldNotBeRead) {
  save("1", "a");
  const auto watching = watch(is_commented);
  is_unreadable = true;
  ASSERT_TRUE(device->save(comment_on("c", "1"), nullptr, {}));
  EXPECT_THAT(shown, ElementsAre(""));
  is_unreadable = false;
  save("2", "b");
  EXPECT_THAT(shown, ElementsAre("", "a "));
}

}  // namespace
}  // namespace holdfast::device_testing
