// One device on memory storage, with clock and transport in the test's hand.
#include "client/device.h"

#include <gmock/gmock.h>

#include "client/storage/memory/memory_storage.h"
#include "client/testing.h"
#include "protocol/frames.h"

namespace holdfast {
namespace {

using client::testing::HandClock;
using client::testing::HandTransport;
using client::testing::json_response;
using client::testing::key;
using client::testing::metadata;
using client::testing::record;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using FrameType = protocol::ServerFrame::Type;

/// A storage whose writes, or first reads of a live query, fail when told to.
class FailingStorage final : public client::Storage {
 public:
  FailingStorage(std::unique_ptr<client::Storage> inner, const bool& is_full, const bool& is_unreadable)
      : inner_(std::move(inner)), is_full_(is_full), is_unreadable_(is_unreadable) {}
  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override {
    return inner_->query(model, query, sink);
  }
  Result<std::size_t> count(const ModelSchema& model, const Predicate& where) override {
    return inner_->count(model, where);
  }
  Result<std::vector<std::string>> explain(const ModelSchema& model, const Query& query) override {
    return inner_->explain(model, query);
  }
  Result<void> query_placed(const ModelSchema& model, const Query& query,
                            const std::function<void(Record&, client::Place)>& sink) override {
    if (is_unreadable_) return Error{Code::storage_failed, "no such sector"};
    return inner_->query_placed(model, query, sink);
  }
  Result<client::Stored> find(const ModelSchema& model, const Key& key) override { return inner_->find(model, key); }
  Result<std::size_t> outbox_size() override { return inner_->outbox_size(); }
  Result<void> write(client::Commit commit, const Body& body) override {
    if (!is_full_) return inner_->write(commit, body);
    // As at a commit: the body has run, and is undone.
    return inner_->write(commit, [&body](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(done, body(transaction));
      return Error{Code::disk_full, "no room"};
    });
  }
  Result<void> clear() override { return inner_->clear(); }

 private:
  std::unique_ptr<client::Storage> inner_;
  const bool& is_full_;
  const bool& is_unreadable_;
};

class DeviceTest : public ::testing::Test {
 protected:
  DeviceTest() {
    schema.models.resize(2);
    open();
  }

  void open(StoreOptions options = {}) {
    DevicePorts ports;
    ports.clock = clock;
    ports.random = std::make_shared<client::testing::CountingRandom>();
    ports.transport = transport;
    ports.log = std::shared_ptr<Log>(std::shared_ptr<Log>(), &silent_log());
    ports.storage = std::make_unique<FailingStorage>(client::memory_storage(schema), is_full, is_unreadable);
    device = std::make_unique<Device>(schema, std::move(ports), std::move(options));
  }
  SyncOptions options() {
    SyncOptions made;
    made.endpoint = "http://127.0.0.1:1/graphql";
    made.on_error = [this](const SyncError& error) { errors.push_back(error); };
    return made;
  }
  void start() { ASSERT_TRUE(device->start(options())); }

  void frame(FrameType type, std::string id = {}, Value payload = {}) {
    transport->sockets.back().events.on_frame(
        protocol::write(protocol::ServerFrame{type, std::move(id), std::move(payload)}));
  }
  /// From the opened socket to subscriptions that are all answered.
  void subscribe() {
    ASSERT_FALSE(transport->sockets.empty());
    transport->sockets.back().events.on_open();
    const auto& sent = *transport->sockets.back().sent;
    ASSERT_THAT(sent, ElementsAre(R"({"type":"connection_init"})"));
    frame(FrameType::connection_ack);
    starts.clear();
    for (std::size_t at = 1; at < sent.size(); ++at) starts.push_back(protocol::read_client_frame(sent[at])->id);
    for (const auto& id : starts) frame(FrameType::start_ack, id);
  }
  std::string asked() { return transport->exchanges.empty() ? "" : transport->exchanges.front().request.body; }
  void answer(Result<HttpResponse> response) {
    ASSERT_FALSE(transport->exchanges.empty());
    auto exchange = std::move(transport->exchanges.front());
    transport->exchanges.pop_front();
    exchange.done(std::move(response));
    clock->settle();
  }
  void answer_page(const std::string& field, List items = {}) {
    ASSERT_THAT(asked(), HasSubstr(field));
    answer(json_response(Object{{field, Object{{"items", std::move(items)}, {"nextToken", nullptr}, {"startedAt", 5}}}}));
  }
  void go_live() {
    start();
    subscribe();
    answer_page("syncPosts");
    answer_page("syncComments");
  }
  Record post_of(const char* id, const char* title) { return record(post, {{"id", id}, {"title", title}}); }
  Value item(const Record& row, std::int64_t version) { return protocol::write_record(row, metadata(version)); }
  std::vector<Record> rows(const ModelSchema& model) {
    std::vector<Record> found;
    EXPECT_TRUE(device->query(model, {}, [&found](Record& row) { found.push_back(row); }));
    return found;
  }
  std::size_t pending() { return *device->pending_count(); }

  Schema schema = client::testing::blog_schema();
  const ModelSchema& post = schema.models[0];
  const ModelSchema& comment = schema.models[1];
  std::shared_ptr<HandClock> clock = std::make_shared<HandClock>();
  std::shared_ptr<HandTransport> transport = std::make_shared<HandTransport>();
  bool is_full = false;
  bool is_unreadable = false;
  std::vector<SyncError> errors;
  std::vector<std::string> starts;
  std::unique_ptr<Device> device;
};

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

// S24, L24: without a backend everything waits in the outbox.
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

// H04
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

// C08
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
}  // namespace holdfast
