// One device, from its doors to the network and back.
#include "client/device_testing.h"

namespace holdfast::device_testing {
namespace {

// V05
TEST_F(DeviceTest, FillsAnEmptyIdWithAUuid) {
  const auto saved = device->save(record(post, {{"id", ""}, {"title", "a"}}), nullptr, {});
  ASSERT_TRUE(saved);
  EXPECT_EQ((*saved)["id"].as_string()->size(), 36U);
  EXPECT_EQ(*device->find(post, saved->key()), *saved);
}

// V13, V14: nothing is written of what is not valid.
TEST_F(DeviceTest, ValidatesBeforeItWrites) {
  EXPECT_EQ(device->save(record(post, {{"id", "p"}}), nullptr, {}).error().code, Code::invalid_argument);
  EXPECT_EQ(device->save(post_of("p", "a"), nullptr, Predicate::compare("nope", Op::eq, {1})).error().code,
            Code::invalid_argument);
  EXPECT_EQ(device->query(post, Query{.where = Predicate::compare("nope", Op::eq, {1})}, [](Record&) {}).error().code,
            Code::invalid_argument);
  EXPECT_EQ(device->find(post, Key{}).error().code, Code::invalid_argument);
  EXPECT_EQ(pending(), 0U);
}

TEST_F(DeviceTest, RefusesModelsOfAnotherSchema) {
  const auto other = client::testing::blog_schema();
  EXPECT_EQ(device->save(record(other.models[0], {{"id", "p"}, {"title", "a"}}), nullptr, {}).error().code,
            Code::invalid_argument);
}

// L02, ST25, S24, L24: without a backend everything waits in the outbox.
TEST_F(DeviceTest, QueuesWhatIsWrittenBeforeABackendIsKnown) {
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  EXPECT_EQ(pending(), 1U);
  go_live();
  ASSERT_THAT(asked(), HasSubstr("createPost"));
  answer(json_response(Object{{"createPost", item(post_of("p", "a"), 1)}}));
  EXPECT_EQ(pending(), 0U);
  EXPECT_EQ(device->metadata(post, key("p"))->version, 1);
}

// DESIGN section 3: out and in.
TEST_F(DeviceTest, TellsObserversOfLocalAndRemoteChanges) {
  std::vector<std::string> heard;
  const auto watch = device->observe(post, {}, [&heard](const RecordChange& change) {
    heard.push_back(std::string(name(change.type)) + (change.origin == Origin::local ? " here " : " there ") +
                    *change.record["title"].as_string());
  });
  go_live();
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  answer(json_response(Object{{"createPost", item(post_of("p", "a"), 1)}}));
  frame(FrameType::data, starts[1], Object{{"data", Object{{"onUpdatePost", item(post_of("p", "b"), 2)}}}});
  ASSERT_TRUE(*device->remove(post_of("p", "b"), {}));
  EXPECT_THAT(heard, ElementsAre("inserted here a", "updated there b", "removed here b"));
}

// H01, H04
TEST_F(DeviceTest, ReportsEventsInOrder) {
  std::vector<std::string> heard;
  const auto watch = device->on_event([&heard](const SyncEvent& event) { heard.emplace_back(name(event)); });
  go_live();
  EXPECT_THAT(heard, ElementsAre("outboxStatus", "networkStatus", "subscriptionsEstablished", "syncQueriesStarted",
                                 "modelSynced", "modelSynced", "syncQueriesReady", "ready"));
}

TEST_F(DeviceTest, AnObserverMayCallTheStore) {
  const auto watch = device->observe(post, {}, [this](const RecordChange& change) {
    if (change.type != ChangeType::inserted) return;
    ASSERT_TRUE(device->save(record(comment, {{"id", "c"}, {"content", "first!"}, {"postCommentsId", "p"}}), nullptr, {}));
  });
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  EXPECT_EQ(rows(comment).size(), 1U);
}

// D07, D09, R10
TEST_F(DeviceTest, RemovesWhatMatchesWithItsChildren) {
  for (const auto* id : {"p", "q", "r"}) ASSERT_TRUE(device->save(post_of(id, id), nullptr, {}));
  ASSERT_TRUE(device->save(record(comment, {{"id", "c"}, {"content", "x"}, {"postCommentsId", "p"}}), nullptr, {}));
  const auto count = device->remove_where(post, Predicate::compare("title", Op::in, {"p", "q"}));
  ASSERT_TRUE(count);
  EXPECT_EQ(*count, 2U);
  EXPECT_EQ(rows(post).size(), 1U);
  EXPECT_THAT(rows(comment), IsEmpty());
  EXPECT_EQ(*device->remove_where(post, {}), 1U);
  EXPECT_EQ(pending(), 0U);
}

// L13, L03
TEST_F(DeviceTest, StopsAndStartsAgain) {
  go_live();
  device->stop();
  EXPECT_TRUE(*transport->sockets.back().is_closed);
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  EXPECT_THAT(transport->exchanges, IsEmpty());
  go_live();
  EXPECT_THAT(asked(), HasSubstr("createPost"));
}

// L01
TEST_F(DeviceTest, ASecondStartChangesNothing) {
  go_live();
  start();
  EXPECT_EQ(transport->sockets.size(), 1U);
}

// L09
TEST_F(DeviceTest, AnswersOfAnEngineThatWasStoppedAreNotTakenForThoseOfTheNext) {
  go_live();
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  auto late = std::move(transport->exchanges.front());
  transport->exchanges.clear();
  const auto late_socket = transport->sockets.back();
  device->stop();
  start();
  late.done(json_response(Object{{"createPost", item(post_of("p", "late"), 9)}}));
  late_socket.events.on_close(Error{Code::closed, "late"});
  EXPECT_EQ(device->metadata(post, key("p"))->version, 0);
  subscribe();
  EXPECT_THAT(asked(), HasSubstr("syncPosts"));
}

// L09, L10
TEST_F(DeviceTest, CallbacksMayComeAfterItIsGone) {
  go_live();
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  auto exchange = std::move(transport->exchanges.front());
  const auto socket = transport->sockets.back();
  device.reset();
  EXPECT_TRUE(*socket.is_closed);
  exchange.done(Error{Code::closed, "gone"});
  socket.events.on_close(Error{Code::closed, "gone"});
  clock->advance(std::chrono::hours(1));
}

// ST34, L04
TEST_F(DeviceTest, ClearsEverything) {
  go_live();
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  ASSERT_TRUE(device->clear());
  transport->exchanges.clear();
  EXPECT_THAT(rows(post), IsEmpty());
  EXPECT_EQ(pending(), 0U);
  go_live();
}

// L21, C08
TEST_F(DeviceTest, WaitsWhileTheApplicationSaysOffline) {
  device->set_online(false);
  start();
  EXPECT_THAT(transport->sockets, IsEmpty());
  device->set_online(true);
  EXPECT_EQ(transport->sockets.size(), 1U);
}

TEST_F(DeviceTest, ReconnectsOnItsOwn) {
  go_live();
  transport->sockets.back().events.on_close(Error{Code::unavailable, "gone"});
  EXPECT_EQ(transport->sockets.size(), 1U);
  clock->advance(Milliseconds(100));
  EXPECT_EQ(transport->sockets.size(), 2U);
}

// H02
TEST_F(DeviceTest, TellsErrorsToTheApplication) {
  go_live();
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  answer(client::testing::error_response("createPost", "ConditionalCheckFailedException", item(post_of("p", "theirs"), 4)));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].local, post_of("p", "a"));
  EXPECT_EQ(*device->find(post, key("p")), post_of("p", "theirs"));
}

TEST_F(DeviceTest, SyncWakesOnceAfterATransaction) {
  go_live();
  std::vector<std::string> heard;
  const auto watch = device->on_event([&heard](const SyncEvent& event) { heard.emplace_back(name(event)); });
  ASSERT_TRUE(device->transaction([this](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(first, transaction.save_record(post_of("p", "a"), nullptr, {}));
    const auto on_it = record(comment, {{"id", "c"}, {"content", "x"}, {"postCommentsId", "p"}});
    HOLDFAST_TRY(second, transaction.save_record(on_it, nullptr, {}));
    HOLDFAST_TRY(third, transaction.save_record(post_of("q", "b"), nullptr, {}));
    EXPECT_THAT(transport->exchanges, IsEmpty()) << "nothing leaves before the commit";
    return {};
  }));
  EXPECT_THAT(heard, ElementsAre("outboxMutationEnqueued", "outboxMutationEnqueued", "outboxMutationEnqueued",
                                 "outboxStatus"));
  EXPECT_THAT(asked(), HasSubstr("createPost"));
}

TEST_F(DeviceTest, SyncIsNotWokenByATransactionThatFails) {
  go_live();
  const auto failed = device->transaction([this](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(saved, transaction.save_record(post_of("p", "a"), nullptr, {}));
    return Error{Code::rejected, "no"};
  });
  EXPECT_EQ(failed.error().code, Code::rejected);
  EXPECT_THAT(transport->exchanges, IsEmpty());
  EXPECT_EQ(pending(), 0U);
}

TEST_F(DeviceTest, ATransactionWhoseCommitFailsTellsNobody) {
  int heard = 0;
  const auto watch = device->observe(post, {}, [&heard](const RecordChange&) { ++heard; });
  is_full = true;
  const auto failed = device->transaction([this](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(saved, transaction.save_record(post_of("p", "a"), nullptr, {}));
    return {};
  });
  EXPECT_EQ(failed.error().code, Code::disk_full);
  EXPECT_EQ(heard, 0);
}

TEST_F(DeviceTest, AConflictHandlerThatCallsBackIsRefused) {
  auto asking = options();
  std::optional<Error> refused;
  asking.on_conflict = [&](const Conflict&) -> ConflictAnswer {
    refused = device->save(post_of("q", "x"), nullptr, {}).error();
    return ApplyRemote{};
  };
  ASSERT_TRUE(device->start(asking));
  subscribe();
  answer_page("syncPosts");
  answer_page("syncComments");
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  answer(client::testing::error_response("createPost", "ConflictUnhandled", item(post_of("p", "theirs"), 4)));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Code::invalid_argument);
}

TEST_F(DeviceTest, AFullDiskFailsTheSaveAndNothingElse) {
  go_live();
  is_full = true;
  EXPECT_EQ(device->save(post_of("p", "a"), nullptr, {}).error().code, Code::disk_full);
  is_full = false;
  EXPECT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
}

TEST_F(DeviceTest, FetchesAgainWhatTheDiskCouldNotTake) {
  go_live();
  is_full = true;
  frame(FrameType::data, starts[0], Object{{"data", Object{{"onCreatePost", item(post_of("p", "a"), 1)}}}});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].error.code, Code::disk_full);
  is_full = false;
  clock->advance(std::chrono::seconds(61));
  ASSERT_EQ(transport->sockets.size(), 2U);
  subscribe();
  answer_page("syncPosts", {item(post_of("p", "a"), 1)});
  EXPECT_EQ(rows(post).size(), 1U);
}

TEST_F(DeviceTest, DeliversByPollWhenAskedTo) {
  open({.path = {}, .durability = Durability::full, .delivery = Delivery::by_poll, .executor = {}});
  int heard = 0;
  const auto watch = device->observe(post, {}, [&heard](const RecordChange&) { ++heard; });
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  EXPECT_EQ(heard, 0);
  EXPECT_EQ(device->poll(), 1U);
  EXPECT_EQ(heard, 1);
}

TEST_F(DeviceTest, WithoutATransportItStaysLocal) {
  transport = nullptr;
  open();
  EXPECT_EQ(device->start(options()).error().code, Code::unsupported);
  EXPECT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
}

TEST_F(DeviceTest, ChecksItsSyncOptions) {
  auto wrong = options();
  wrong.endpoint = "nowhere";
  EXPECT_EQ(device->start(wrong).error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace holdfast::device_testing
