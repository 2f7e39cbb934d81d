// A device on a database file, with clock and network in the test's hand: one process after another on one disk.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "client/device.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "client/testing.h"
#include "protocol/frames.h"

namespace holdfast {

/// Open for as long as it lives. `schema` outlives it.
class HandDevice {
 public:
  HandDevice(const Schema& schema, const std::string& path, UpgradePolicy policy = {}) : schema_(schema) {
    auto storage = client::open_sqlite_storage(schema, {.path = path, .upgrade = std::move(policy)});
    EXPECT_TRUE(storage) << storage.error().message;
    DevicePorts ports;
    ports.clock = clock_;
    ports.random = std::make_shared<client::testing::CountingRandom>();
    ports.transport = transport_;
    ports.log = std::shared_ptr<Log>(std::shared_ptr<Log>(), &silent_log());
    ports.storage = std::move(*storage);
    device_ = std::make_unique<Device>(schema, std::move(ports), StoreOptions{});
  }

  Device& operator*() noexcept { return *device_; }
  Device* operator->() noexcept { return device_.get(); }

  /// Starts to sync, and answers every sync query with the items kept for its field, and every mutation by `respond`.
  void sync(std::map<std::string, List> items, std::function<HttpResponse(const Value& asked)> respond = {}) {
    SyncOptions options;
    options.endpoint = "http://127.0.0.1:1/graphql";
    ASSERT_TRUE(device_->start(std::move(options)));
    subscribe();
    while (!transport_->exchanges.empty()) {
      auto exchange = std::move(transport_->exchanges.front());
      transport_->exchanges.pop_front();
      asked_.push_back(json::parse(exchange.request.body).value());
      exchange.done(answer_to(asked_.back(), items, respond));
      clock_->settle();
    }
  }
  /// What was asked of the field: the variables of each request.
  [[nodiscard]] std::vector<Value> asked(const std::string& field) const {
    std::vector<Value> out;
    for (const auto& one : asked_) {
      if (asks(one, field)) out.push_back(one["variables"]);
    }
    return out;
  }
  std::optional<Record> row(const char* model, const Key& key) {
    auto found = device_->find(*schema_.model(model), key);
    EXPECT_TRUE(found) << found.error().message;
    return found ? std::move(*found) : std::nullopt;
  }

 private:
  static bool asks(const Value& body, const std::string& field) {
    return body["query"].as_string()->find(field + "(") != std::string::npos;
  }
  void frame(protocol::ServerFrame::Type type, std::string id = {}) {
    transport_->sockets.back().events.on_frame(protocol::write(protocol::ServerFrame{type, std::move(id), {}}));
  }
  void subscribe() {
    transport_->sockets.back().events.on_open();
    frame(protocol::ServerFrame::Type::connection_ack);
    const auto& sent = *transport_->sockets.back().sent;
    const auto count = sent.size();
    for (std::size_t at = 1; at < count; ++at) {
      frame(protocol::ServerFrame::Type::start_ack, protocol::read_client_frame(sent[at])->id);
    }
  }
  HttpResponse answer_to(const Value& asked, const std::map<std::string, List>& items,
                         const std::function<HttpResponse(const Value&)>& respond) const {
    for (const auto& model : schema_.models) {
      if (!asks(asked, model.operations.sync)) continue;
      const auto found = items.find(model.operations.sync);
      return client::testing::json_response(
          Object{{model.operations.sync, Object{{"items", found == items.end() ? List() : found->second},
                                                {"nextToken", nullptr},
                                                {"startedAt", std::int64_t{1'800'000'000'000}}}}});
    }
    return respond ? respond(asked) : client::testing::json_response(Object{});
  }

  const Schema& schema_;
  std::shared_ptr<client::testing::HandClock> clock_ = std::make_shared<client::testing::HandClock>();
  std::shared_ptr<client::testing::HandTransport> transport_ = std::make_shared<client::testing::HandTransport>();
  std::unique_ptr<Device> device_;
  std::vector<Value> asked_;
};

}  // namespace holdfast
