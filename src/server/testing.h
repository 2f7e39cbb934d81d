// What the server's tests stand on: a clock that is moved by hand, a counted randomness, a backend in memory, a peer.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/document.h"
#include "api/testing.h"
#include "base/json.h"
#include "protocol/frames.h"
#include "protocol/signers.h"
#include "server/auth/decide.h"
#include "server/server.h"
#include "server/store/memory/memory_store.h"

namespace holdfast::server::testing {

class HandClock final : public Clock {
 public:
  Instant wall() override { return wall_; }
  Tick ticks() override { return ticks_; }
  void wake_at(Tick at, std::function<void()> task) override { tasks_.emplace(at, std::move(task)); }

  void advance(Milliseconds by) {
    wall_ += by;
    ticks_ += by;
    while (!tasks_.empty() && tasks_.begin()->first <= ticks_) {
      auto task = std::move(tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
      task();
    }
  }

 private:
  Instant wall_ = from_epoch_ms(1'795'244'400'000);  // 2026-11-21T07:00:00Z
  Tick ticks_{};
  std::multimap<Tick, std::function<void()>> tasks_;
};

class CountedRandom final : public Random {
 public:
  std::uint64_t bits() override { return ++last_ * 0x9E3779B97F4A7C15U; }

 private:
  std::uint64_t last_ = 0;
};

using api::testing::reading_of;
using api::testing::schema_of;
using api::testing::shared_text;

/// What a story stands on, when it is not the usual.
struct Ground {
  std::function<std::unique_ptr<Store>(const Schema&, Clock&)> make_store = memory_store;
  Functions* functions = nullptr;
  Transport* http = nullptr;
  const Decider& decider = accepted_may_all();
};

/// A backend of a schema. `options.api_key` is sent along with every request.
class Story {
 public:
  explicit Story(const std::string& schema_text, ServerOptions options = {}, const Ground& ground = {})
      : Story(api::testing::reading_of(schema_text), std::move(options), ground) {}
  explicit Story(schema::Reading reading, ServerOptions options = {}, const Ground& ground = {})
      : schema(reading.schema), store(ground.make_store(schema, clock)), key_(options.api_key) {
    auto document = api::document(reading, {.is_versioned = options.conflict != ConflictStrategy::none});
    auto made = Server::make({schema, std::move(document), *store, clock, random, silent_log(),
                              schema::custom_fields(reading.written.document),
                              schema::input_rules(reading.written.document),
                              schema::page_limits(reading.written.document), ground.functions, ground.http,
                              ground.decider},
                             std::move(options));
    if (!made) ADD_FAILURE() << made.error().message;
    server = *std::move(made);
  }

  HttpResponse post_text(std::string body, Headers headers = {}) {
    if (!key_.empty()) headers.emplace_back("x-api-key", key_);
    return server->respond({.method = "POST", .target = "/graphql", .headers = std::move(headers), .body = std::move(body)});
  }
  /// The whole reply. `variables` is JSON text.
  Value ask(const std::string& query, const std::string& variables = "{}", Headers headers = {}) {
    const Object body{{"query", query}, {"variables", json::parse(variables).value()}};
    const auto reply = post_text(json::write(Value(body)), std::move(headers));
    EXPECT_EQ(reply.status, 200) << reply.body;
    return json::parse(reply.body).value();
  }
  /// `data.<first member>`; the reply must have no errors.
  Value get(const std::string& query, const std::string& variables = "{}") {
    const auto reply = ask(query, variables);
    EXPECT_TRUE(reply["errors"].is_null()) << query << " " << json::write(reply);
    const auto* fields = reply["data"].as_object();
    return fields == nullptr || fields->empty() ? Value() : fields->begin()->value;
  }
  /// The first error; there must be one.
  Value refusal(const std::string& query, const std::string& variables = "{}") {
    const auto reply = ask(query, variables);
    const auto* errors = reply["errors"].as_list();
    if (errors != nullptr && !errors->empty()) return errors->front();
    ADD_FAILURE() << "not refused: " << json::write(reply);
    return {};
  }

  Schema schema;
  HandClock clock;
  CountedRandom random;
  std::unique_ptr<Store> store;
  std::unique_ptr<Server> server;

 private:
  std::string key_;
};

/// Answers every call with `answer`, and keeps what it was told.
class FakeFunctions final : public Functions {
 public:
  using Answer = std::function<Result<Value>(const Value& event)>;
  explicit FakeFunctions(Answer answer) : answer_(std::move(answer)) {}
  explicit FakeFunctions(const std::string& json_text)
      : FakeFunctions([json_text](const Value&) { return json::parse(json_text); }) {}

  Result<Value> call(std::string_view name, const Value& event) override {
    names.emplace_back(name);
    events.push_back(event);
    return answer_(event);
  }

  std::vector<std::string> names;
  std::vector<Value> events;

 private:
  Answer answer_;
};

/// Notes the questions; answers as a test says.
class ScriptedDecider final : public Decider {
 public:
  using Answer = std::function<Decision(const Question& question)>;
  explicit ScriptedDecider(Answer says = [](const Question&) { return Decision{}; }) : answer(std::move(says)) {}

  [[nodiscard]] Decision decide(const Question& question) const override {
    const std::lock_guard lock(mutex_);
    asked.insert(std::string(question.type) + "." + std::string(question.field));
    fields = question.fields;
    return answer(question);
  }
  [[nodiscard]] bool guards(std::string_view type, std::string_view field) const override {
    return std::string(type) + "." + std::string(field) == guarded;
  }

  Answer answer;
  std::string guarded;  ///< "Type.field", or nothing.
  mutable std::set<std::string> asked;
  mutable std::vector<std::string> fields;

 private:
  mutable std::mutex mutex_;
};

inline Value parsed(const std::string& text) { return json::parse(text).value(); }
inline std::string text(const Value& value) { return json::write(value); }

/// Keeps what is sent to it.
class FakePeer final : public SocketPeer {
 public:
  using Step = std::function<void()>;

  void send(std::shared_ptr<const std::string> frame) override { frames.push_back(json::parse(*frame).value()); }
  void close(int code, std::string /*reason*/) override { closed_with = code; }
  bool run_apart(Step work, Step done) override {
    if (works.size() >= works_max) return false;
    works.emplace_back(std::move(work), std::move(done));
    if (!keeps_works) run_works();
    return true;
  }
  /// What was kept, in its order.
  void run_works() {
    for (const auto& [work, done] : std::exchange(works, {})) {
      work();
      done();
    }
  }

  /// The frames since the last call, as text.
  std::vector<std::string> take() {
    std::vector<std::string> texts;
    for (const auto& frame : std::exchange(frames, {})) texts.push_back(json::write(frame));
    return texts;
  }

  std::vector<Value> frames;
  int closed_with = 0;
  bool keeps_works = false;
  std::size_t works_max = 100;
  std::vector<std::pair<Step, Step>> works;
};

/// One realtime connection.
class Connection {
 public:
  explicit Connection(Story& story, const Object& authorization = {}) {
    HttpRequest upgrade{.method = "GET", .target = "/graphql/realtime"};
    upgrade.headers.emplace_back("Sec-WebSocket-Protocol", "graphql-ws, " + protocol::header_protocol(authorization));
    auto accepted = story.server->accept(upgrade, peer);
    if (auto* socket = std::get_if<AcceptedSocket>(&accepted)) session = std::move(socket->session);
    else ADD_FAILURE() << std::get<HttpResponse>(accepted).body;
  }
  void say(const std::string& frame) { session->on_frame(frame); }
  void init() {
    say(R"({"type":"connection_init"})");
    peer->take();
  }
  void start(const std::string& id, const std::string& query, const std::string& variables = "{}",
             Object authorization = {}) {
    say(protocol::write(protocol::ClientFrame{.type = protocol::ClientFrame::Type::start,
                                              .id = id,
                                              .query = query,
                                              .variables = json::parse(variables).value(),
                                              .authorization = std::move(authorization)}));
  }

  std::shared_ptr<FakePeer> peer = std::make_shared<FakePeer>();
  std::unique_ptr<SocketSession> session;
};

}  // namespace holdfast::server::testing
