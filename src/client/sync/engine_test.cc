#include "client/sync/engine.h"

#include <gmock/gmock.h>

#include "client/sync/hydrator.h"
#include "client/sync/testing.h"
#include "protocol/frames.h"

namespace holdfast::sync {
namespace {

using client::testing::json_response;
using client::testing::queued;
using testing::all;
using testing::item;
using testing::page;
using testing::reports;
using testing::variables;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using FrameType = protocol::ServerFrame::Type;

/// One model, so that a start is: socket, greeting, three subscriptions, one query.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest() { world.schema.models.resize(1); }

  void make() { engine = std::make_unique<Engine>(world.schema, *world.storage, world.random, silent_log(), Engine::Setup{world.options}); }
  void SetUp() override { make(); }

  /// Steps, and keeps every effect in `log`.
  Effects step(Event event) {
    auto effects = engine->step(world.now, std::move(event));
    log.insert(log.end(), effects.begin(), effects.end());
    for (const auto& exchange : all<effect::Exchange>(effects)) asked.push_back(exchange);
    for (const auto& wake : all<effect::WakeAt>(effects)) wakes.push_back(wake.at);
    return effects;
  }
  /// Steps, and goes on as long as the engine asks to.
  void run(Event event) {
    auto effects = step(std::move(event));
    while (!all<effect::Continue>(effects).empty()) effects = step(event::PageReady{});
  }
  Effects frame(FrameType type, std::string id = {}, Value payload = {}) {
    return step(event::SocketFrame{socket, protocol::write(protocol::ServerFrame{type, std::move(id), std::move(payload)})});
  }
  void open(const Effects& effects) {
    const auto opened = all<effect::OpenSocket>(effects);
    ASSERT_EQ(opened.size(), 1U);
    socket = opened[0].id;
  }
  /// From the open socket to every subscription answered.
  void subscribe() {
    step(event::SocketOpened{socket});
    subscriptions.clear();
    for (const auto& start : all<effect::Subscribe>(frame(FrameType::connection_ack))) {
      subscriptions.push_back(start.subscription);
    }
    for (const auto& id : subscriptions) frame(FrameType::start_ack, id);
  }
  effect::Exchange take_asked() {
    HOLDFAST_ASSERT(!asked.empty(), "the engine asked for something");
    auto first = asked.front();
    asked.erase(asked.begin());
    return first;
  }
  void answer(Result<HttpResponse> response) {
    const auto exchange = take_asked();
    run(event::Reply{exchange.id, std::move(response)});
  }
  void go_live(List items = {}) {
    open(step(event::Start{}));
    subscribe();
    answer(page("syncPosts", std::move(items)));
    ASSERT_EQ(engine->state(), State::live);
  }
  void arrive(const Record& row, std::int64_t version) {
    frame(FrameType::data, subscriptions.at(1), Object{{"data", Object{{"onUpdatePost", item(row, version)}}}});
  }
  void select_rating_below_five() {
    Selection selection;
    selection.choose(world.post, Predicate::compare("rating", Op::lt, {5}));
    engine = std::make_unique<Engine>(world.schema, *world.storage, world.random, silent_log(),
                                      Engine::Setup{world.options, std::move(selection)});
  }
  void show_a_frame_from_before_a_base_sync() {
    select_rating_below_five();
    open(step(event::Start{}));
    subscribe();
    arrive(world.post_of("p", "kept", 1), 4);
    answer(page("syncPosts", {}, {}, 1'800'000'000'000));
    ASSERT_EQ(engine->state(), State::live);
  }
  void expect_it_is_looked_at_again() {
    stay(Hydrator::look_again_after);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(variables(asked[0])["lastSync"], Value(0));
    answer(page("syncPosts", {}, {}, 1'800'000'600'000));
    EXPECT_EQ(world.row(world.post, "p"), std::nullopt);
  }
  void save(const Record& row) { run(event::Saved{world.save(row).queued}); }
  void wake_at(Tick at) {
    world.now.wall += at - world.now.ticks;
    world.now.ticks = at;
    run(event::Wake{});
  }
  /// The connection is alive for so long.
  void stay(Milliseconds time) {
    for (const auto end = world.now.ticks + time; world.now.ticks < end;) {
      frame(FrameType::keep_alive);
      wake_at(world.now.ticks + std::chrono::minutes(1));
    }
  }

  testing::World world;
  std::unique_ptr<Engine> engine;
  SocketId socket = 0;
  Effects log;
  std::vector<effect::Exchange> asked;
  std::vector<std::string> subscriptions;
  std::vector<Tick> wakes;
};

// H01, H04, C10; protocol sections 4.1 and 5: subscribe, hydrate, replay, then send.
TEST_F(EngineTest, ReportsItsStartInOrder) {
  world.save(world.post_of("mine", "unsent"));
  open(step(event::Start{}));
  EXPECT_EQ(engine->state(), State::connecting);
  subscribe();
  EXPECT_EQ(engine->state(), State::hydrating);
  EXPECT_EQ(asked.size(), 1U);
  answer(page("syncPosts", {item(world.post_of("p", "a", 1), 1)}));
  EXPECT_EQ(engine->state(), State::live);
  EXPECT_THAT(reports(log), ElementsAre("outboxStatus", "networkStatus", "subscriptionsEstablished",
                                        "syncQueriesStarted", "modelSynced", "syncQueriesReady", "ready"));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_THAT(asked[0].request.body, HasSubstr("createPost"));
}

// ST26, H01, C20, O23
TEST_F(EngineTest, SendsWhatIsSavedWhileLiveAndReportsIt) {
  go_live();
  log.clear();
  save(world.post_of("p", "a", 1));
  answer(json_response(Object{{"createPost", item(world.post_of("p", "a", 1), 1)}}));
  EXPECT_THAT(reports(log), ElementsAre("outboxMutationEnqueued", "outboxStatus", "outboxMutationProcessed", "outboxStatus"));
  EXPECT_THAT(queued(*world.storage), IsEmpty());
}

TEST_F(EngineTest, HoldsBackWhatIsSavedBeforeItIsLive) {
  open(step(event::Start{}));
  subscribe();
  save(world.post_of("p", "a", 1));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_THAT(asked[0].request.body, HasSubstr("syncPosts"));
}

// C02: what arrives while hydrating is replayed after the last page.
TEST_F(EngineTest, ReplaysWhatArrivedDuringHydration) {
  open(step(event::Start{}));
  subscribe();
  arrive(world.post_of("p", "newest", 3), 3);
  EXPECT_EQ(world.row(world.post, "p"), std::nullopt);
  answer(page("syncPosts", {item(world.post_of("p", "older", 2), 2)}));
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "newest", 3));
  EXPECT_EQ(engine->state(), State::live);
}

// What is not kept and never was there has no row, and so no version: a frame from before must not bring it in.
TEST_F(EngineTest, LeavesOutFramesThatADeltaSyncOutran) {
  select_rating_below_five();
  open(step(event::Start{}));
  subscribe();
  answer(page("syncPosts", {}));
  step(event::SocketClosed{socket, Error{Code::unavailable, "gone"}});
  log.clear();
  wake_at(wakes.back());
  open(log);
  subscribe();
  arrive(world.post_of("p", "kept", 1), 4);
  answer(page("syncPosts", {item(world.post_of("p", "not kept", 9), 5)}));
  ASSERT_EQ(engine->state(), State::live);
  EXPECT_EQ(world.row(world.post, "p"), std::nullopt);
  arrive(world.post_of("p", "late", 1), 4);
  EXPECT_EQ(world.row(world.post, "p"), std::nullopt);
  arrive(world.post_of("p", "back", 1), 6);
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "back", 1));
}

// A base sync does not tell what had left by then: what a frame says of before is shown, and looked at again.
TEST_F(EngineTest, LooksAgainAtFramesFromBeforeABaseSync) {
  show_a_frame_from_before_a_base_sync();
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "kept", 1));
  expect_it_is_looked_at_again();
}

// That is not forgotten with the connection or the process.
TEST_F(EngineTest, LooksAgainAfterACrashToo) {
  show_a_frame_from_before_a_base_sync();
  select_rating_below_five();
  open(step(event::Start{}));
  subscribe();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(variables(asked[0])["lastSync"], Value(1'800'000'000'000));
  answer(page("syncPosts", {}, {}, 1'800'000'001'000));
  expect_it_is_looked_at_again();
}

// It brings nothing in, so nothing has to be looked at.
TEST_F(EngineTest, ADeletionFromBeforeABaseSyncIsNoReasonToLookAgain) {
  select_rating_below_five();
  open(step(event::Start{}));
  subscribe();
  const auto deleted = item(world.post_of("p", "kept", 1), 4, true);
  frame(FrameType::data, subscriptions.at(1), Object{{"data", Object{{"onUpdatePost", deleted}}}});
  answer(page("syncPosts", {}, {}, 1'800'000'000'000));
  stay(Hydrator::look_again_after);
  EXPECT_THAT(asked, IsEmpty());
}

TEST_F(EngineTest, AFrameFromBeforeABaseSyncMakesALiveConnectionLookAgain) {
  select_rating_below_five();
  open(step(event::Start{}));
  subscribe();
  answer(page("syncPosts", {item(world.post_of("known", "a", 1), 1)}, {}, 1'800'000'000'000));
  ASSERT_EQ(engine->state(), State::live);
  arrive(world.post_of("known", "b", 1), 2);
  stay(Hydrator::look_again_after);
  EXPECT_THAT(asked, IsEmpty());
  arrive(world.post_of("p", "kept", 1), 4);
  stay(Hydrator::look_again_after);
  EXPECT_EQ(asked.size(), 1U);
}

TEST_F(EngineTest, SyncsAgainWhenTooMuchArrivedDuringHydration) {
  open(step(event::Start{}));
  subscribe();
  for (int at = 0; at <= 4096; ++at) arrive(world.post_of("p", "x"), at + 2);
  answer(page("syncPosts", {item(world.post_of("p", "older", 2), 1)}, {}, 5000));
  EXPECT_EQ(engine->state(), State::hydrating);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(variables(asked[0])["lastSync"], Value(5000));
  answer(page("syncPosts", {}));
  EXPECT_EQ(engine->state(), State::live);
}

TEST_F(EngineTest, AppliesWhatArrivesWhileLiveAndTellsTheObservers) {
  go_live();
  log.clear();
  arrive(world.post_of("p", "a", 1), 1);
  ASSERT_EQ(all<effect::Changed>(log).size(), 1U);
  arrive(world.post_of("p", "a", 1), 2);
  EXPECT_EQ(all<effect::Changed>(log).size(), 1U);
}

// C08, C09: a lost socket is a delta sync.
TEST_F(EngineTest, ReconnectsAndFetchesWhatItMissed) {
  go_live({item(world.post_of("p", "a", 1), 1)});
  log.clear();
  step(event::SocketClosed{socket, Error{Code::unavailable, "gone"}});
  EXPECT_EQ(engine->state(), State::offline);
  EXPECT_THAT(reports(log), ElementsAre("networkStatus"));
  EXPECT_EQ(all<effect::CloseSocket>(log).size(), 1U);
  ASSERT_FALSE(wakes.empty());
  const auto at = wakes.back();
  EXPECT_LE(at, world.now.ticks + world.options.retry_delay_min);
  world.now.ticks = at;
  open(step(event::Wake{}));
  subscribe();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(variables(asked[0])["lastSync"], Value(1000));
  answer(page("syncPosts", {}));
  EXPECT_EQ(engine->state(), State::live);
  EXPECT_THAT(reports(log), ElementsAre("networkStatus", "networkStatus", "subscriptionsEstablished",
                                        "syncQueriesStarted", "modelSynced", "syncQueriesReady"));
}

TEST_F(EngineTest, ComesBackLaterAndLaterWhileTheServiceIsAway) {
  auto effects = step(event::Start{});
  Milliseconds longest{0};
  for (int turn = 0; turn < 12; ++turn) {
    open(effects);
    step(event::SocketClosed{socket, Error{Code::unavailable, "refused"}});
    ASSERT_EQ(engine->state(), State::offline);
    const auto lost_at = world.now.ticks;
    effects.clear();
    while (all<effect::OpenSocket>(effects).empty()) {
      world.now.ticks = wakes.back();
      effects = step(event::Wake{});
    }
    longest = std::max(longest, world.now.ticks - lost_at);
  }
  EXPECT_GE(longest, world.options.retry_delay_max / 2);
  EXPECT_LE(longest, world.options.retry_delay_max);
  EXPECT_THAT(reports(log), ElementsAre("outboxStatus", "networkStatus"));
}

TEST_F(EngineTest, SilenceLosesTheConnection) {
  go_live();
  wake_at(world.now.ticks + Milliseconds(300'000));
  EXPECT_EQ(engine->state(), State::offline);
}

// C08, section 4.9
TEST_F(EngineTest, ClosesItsConnectionsWhenTheApplicationSaysOffline) {
  go_live();
  step(event::Online{false});
  EXPECT_EQ(engine->state(), State::offline);
  wake_at(world.now.ticks + std::chrono::hours(1));
  EXPECT_EQ(engine->state(), State::offline);
  open(step(event::Online{true}));
  EXPECT_EQ(engine->state(), State::connecting);
}

TEST_F(EngineTest, WaitsWhenStartedOffline) {
  step(event::Online{false});
  step(event::Start{});
  EXPECT_EQ(engine->state(), State::offline);
  EXPECT_THAT(reports(log), ElementsAre("outboxStatus", "networkStatus"));
  open(step(event::Online{true}));
}

// A mutation under way when the socket breaks still counts.
TEST_F(EngineTest, TakesRepliesAfterTheSocketWasLost) {
  go_live();
  save(world.post_of("p", "a", 1));
  step(event::SocketClosed{socket, Error{Code::unavailable, "gone"}});
  answer(json_response(Object{{"createPost", item(world.post_of("p", "a", 1), 1)}}));
  EXPECT_THAT(queued(*world.storage), IsEmpty());
}

// C22, L05, L13
TEST_F(EngineTest, StopsAndIgnoresWhatComesLate) {
  go_live();
  save(world.post_of("p", "a", 1));
  const auto late = take_asked();
  log.clear();
  step(event::Stop{});
  EXPECT_EQ(engine->state(), State::stopped);
  EXPECT_EQ(all<effect::CloseSocket>(log).size(), 1U);
  log.clear();
  step(event::Reply{late.id, json_response(Object{{"createPost", item(world.post_of("p", "a", 1), 1)}})});
  step(event::SocketFrame{socket, "{}"});
  step(event::Wake{});
  step(event::Saved{});
  step(event::PageReady{});
  EXPECT_THAT(log, IsEmpty());
  EXPECT_THAT(queued(*world.storage), Contains(HasSubstr("sent")));
}

// DESIGN section 4: a crash after any step; C20, O20.
TEST_F(EngineTest, ANewEngineSendsAgainWhatWasSentUnderTheSameName) {
  go_live();
  save(world.post_of("p", "a", 1));
  const auto before = take_asked();
  make();
  log.clear();
  go_live();
  const auto after = take_asked();
  EXPECT_EQ(after.request.body, before.request.body);
  EXPECT_EQ(*header(after.request.headers, "x-holdfast-mutation"), *header(before.request.headers, "x-holdfast-mutation"));
}

TEST_F(EngineTest, SyncsFromTheBaseAgainWhenTheIntervalIsOver) {
  go_live();
  stay(std::chrono::hours(24));
  EXPECT_EQ(engine->state(), State::hydrating);
  EXPECT_EQ(variables(asked.at(0))["lastSync"], Value(0));
}

TEST_F(EngineTest, ComesBackSlowlyWhenItsCredentialsAreRefused) {
  open(step(event::Start{}));
  step(event::SocketOpened{socket});
  log.clear();
  frame(FrameType::connection_error, {}, protocol::error_payload("UnauthorizedException", "no", 401));
  EXPECT_EQ(engine->state(), State::offline);
  EXPECT_EQ(all<effect::Failed>(log).at(0).what.error.code, Code::unauthorized);
  const auto back_at = world.now.ticks + world.options.retry_delay_max;
  wake_at(back_at - Milliseconds(1));
  EXPECT_EQ(wakes.back(), back_at);
  EXPECT_EQ(engine->state(), State::offline);
  wake_at(back_at);
  EXPECT_EQ(engine->state(), State::connecting);
}

TEST_F(EngineTest, ModelsThatCouldNotBeReadAreTriedAgainLater) {
  open(step(event::Start{}));
  subscribe();
  answer(client::testing::status(401));
  EXPECT_EQ(engine->state(), State::live);
  frame(FrameType::keep_alive);
  wake_at(world.now.ticks + world.options.retry_delay_max);
  EXPECT_EQ(engine->state(), State::hydrating);
}

TEST_F(EngineTest, ASchemaWithoutSyncQueriesGoesLiveAtOnce) {
  world.schema.models[0].operations.sync.clear();
  make();
  open(step(event::Start{}));
  step(event::SocketOpened{socket});
  run(event::SocketFrame{socket, protocol::write(protocol::ServerFrame{FrameType::connection_ack, {}, {}})});
  EXPECT_EQ(engine->state(), State::live);
}

TEST(SyncOptionsCheck, NamesTheWrongOption) {
  SyncOptions options;
  options.endpoint = "http://h/graphql";
  EXPECT_TRUE(check(options));
  const auto code_of = [](SyncOptions wrong) { return check(wrong).error().code; };
  auto wrong = options;
  wrong.endpoint = "nowhere";
  EXPECT_EQ(code_of(wrong), Code::invalid_argument);
  wrong = options;
  wrong.page_rows = 1001;
  EXPECT_EQ(code_of(wrong), Code::invalid_argument);
  wrong = options;
  wrong.records_max = 0;
  EXPECT_EQ(code_of(wrong), Code::invalid_argument);
  wrong = options;
  wrong.retry_delay_min = Milliseconds(0);
  EXPECT_EQ(code_of(wrong), Code::invalid_argument);
  wrong = options;
  wrong.full_sync_interval = std::chrono::minutes(0);
  EXPECT_EQ(code_of(wrong), Code::invalid_argument);
  wrong = options;
  wrong.request_timeout = Milliseconds(0);
  EXPECT_EQ(code_of(wrong), Code::invalid_argument);
}

}  // namespace
}  // namespace holdfast::sync
