// One device on memory storage, with clock and transport in the test's hand.
#pragma once

#include "client/device.h"

#include <gmock/gmock.h>

#include "client/storage/forwarding_testing.h"
#include "client/storage/memory/memory_storage.h"
#include "client/testing.h"
#include "protocol/frames.h"

namespace holdfast::device_testing {

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

/// A storage whose writes, or reads of a live query, fail when told to.
class FailingStorage final : public client::testing::ForwardingStorage {
 public:
  FailingStorage(std::unique_ptr<client::Storage> inner, const bool& is_full, const bool& is_unreadable, int& reads)
      : ForwardingStorage(std::move(inner)), is_full_(is_full), is_unreadable_(is_unreadable), reads_(reads) {}
  Result<void> query_placed(const ModelSchema& model, const Query& query,
                            const std::function<void(Record&, client::Place)>& sink) override {
    ++reads_;
    if (is_unreadable_) return Error{Code::storage_failed, "no such sector"};
    return ForwardingStorage::query_placed(model, query, sink);
  }
  Result<void> write(client::Commit commit, const Body& body) override {
    if (!is_full_) return ForwardingStorage::write(commit, body);
    // As at a commit: the body has run, and is undone.
    return ForwardingStorage::write(commit, [&body](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(done, body(transaction));
      return Error{Code::disk_full, "no room"};
    });
  }

 private:
  const bool& is_full_;
  const bool& is_unreadable_;
  int& reads_;
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
    ports.storage = std::make_unique<FailingStorage>(client::memory_storage(schema), is_full, is_unreadable, reads);
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
  int reads = 0;  ///< Of live queries.
  std::vector<SyncError> errors;
  std::vector<std::string> starts;
  std::unique_ptr<Device> device;
};

}  // namespace holdfast::device_testing
