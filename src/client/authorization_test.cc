// Tokens over real sockets, against a service that knows of nothing else and refuses as AppSync does.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "base/json.h"
#include "base/log.h"
#include "holdfast/datastore.h"
#include "model/testing.h"
#include "net/http_server.h"
#include "protocol/frames.h"

namespace holdfast {
namespace {

constexpr std::chrono::seconds patience{20};

Value or_null(const Result<Value>& value) { return value ? *value : Value(); }

std::string text_of(const Value& value) { return value.as_string() ? *value.as_string() : std::string(); }

/// Takes one token at a time. A page is always empty; a created record has version 1.
class TokenService final : public HttpService {
 public:
  explicit TokenService(std::string token) : token_(std::move(token)) {}

  void take_only(std::string token) {
    const std::lock_guard lock(mutex_);
    token_ = std::move(token);
  }
  [[nodiscard]] bool takes(const std::string& token) const {
    const std::lock_guard lock(mutex_);
    return token == token_;
  }

  HttpResponse respond(const HttpRequest& request) override {
    const auto* token = header(request.headers, "authorization");
    if (!token || !takes(*token)) {
      ++refusals;
      return {401, {{"x-amzn-errortype", "UnauthorizedException"}},
              R"({"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call."}]})"};
    }
    const auto body = or_null(json::parse(request.body));
    const auto input = body["variables"]["input"];
    Object data;
    if (input.is_null()) {
      data = {{"syncPosts", Object{{"items", List{}}, {"nextToken", nullptr}, {"startedAt", 5}}}};
    } else {
      auto record = *input.as_object();
      for (const auto& [name, value] : Object{{"_version", 1}, {"_lastChangedAt", 5}, {"_deleted", nullptr}}) {
        record.set(name, value);
      }
      data = {{"createPost", std::move(record)}};
    }
    return {200, {}, json::write(Object{{"data", std::move(data)}})};
  }

  std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest& upgrade, std::shared_ptr<SocketPeer> peer) override {
    const auto authorization = protocol::handshake_authorization(upgrade);
    auto token = authorization ? text_of(authorization->at("Authorization")) : "";
    return AcceptedSocket{std::string(protocol::realtime_protocol),
                          std::make_unique<Session>(*this, std::move(token), std::move(peer))};
  }

  std::atomic<int> refusals = 0;
  std::atomic<int> refused_frames = 0;

 private:
  class Session final : public SocketSession {
   public:
    Session(TokenService& service, std::string token, std::shared_ptr<SocketPeer> peer)
        : service_(service), token_(std::move(token)), peer_(std::move(peer)) {}
    void on_frame(std::string_view text) override {
      using Type = protocol::ServerFrame::Type;
      const auto frame = protocol::read_client_frame(text).value();
      if (frame.type == protocol::ClientFrame::Type::connection_init) return answer(token_, Type::connection_ack, Type::connection_error, {});
      if (frame.type != protocol::ClientFrame::Type::start) return;
      answer(text_of(frame.authorization.at("Authorization")), Type::start_ack, Type::error, frame.id);
    }
    void on_closed() override {}

   private:
    void answer(const std::string& token, protocol::ServerFrame::Type taken, protocol::ServerFrame::Type refused,
                std::string id) {
      const bool is_taken = service_.takes(token);
      if (!is_taken) ++service_.refused_frames;
      auto payload = is_taken ? Value() : protocol::error_payload("UnauthorizedException", "Token expired", 401);
      peer_->send(std::make_shared<const std::string>(
          protocol::write({is_taken ? taken : refused, std::move(id), std::move(payload)})));
    }
    TokenService& service_;
    const std::string token_;
    const std::shared_ptr<SocketPeer> peer_;
  };

  mutable std::mutex mutex_;
  std::string token_;
};

/// Waited for from the test, told of by callbacks.
class Moment {
 public:
  void come() {
    const std::lock_guard lock(mutex_);
    has_come_ = true;
    changed_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [this] { return std::exchange(has_come_, false); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_come_ = false;
};

Schema one_model() {
  auto schema = testing::blog_schema();
  schema.models.resize(1);
  return schema;
}

// A token that expires under way loses nothing: refused at the handshake, and on a request.
TEST(Authorization, AsksForNewTokensOverRealSockets) {
  TokenService service("token-2");
  const auto server = net::HttpServer::listen(service, silent_log(), {}).value();
  const auto schema = one_model();
  auto store = DataStore::open(schema).value();

  Moment ready;
  Moment empty;
  const auto events = store.on_event([&](const SyncEvent& event) {
    if (std::holds_alternative<Ready>(event)) ready.come();
    const auto* processed = std::get_if<OutboxProcessed>(&event);
    if (processed) empty.come();
  });
  std::atomic<int> asked = 0;
  std::atomic<int> errors = 0;
  SyncOptions options;
  options.endpoint = "http://127.0.0.1:" + std::to_string(server->port()) + "/graphql";
  options.auth = user_pool([&asked](const CredentialsAnswer<AuthToken>& answer) {
    answer(AuthToken{.text = "token-" + std::to_string(++asked)});
  });
  options.on_error = [&errors](const SyncError&) { ++errors; };

  ASSERT_TRUE(store.save_record(testing::record(schema.models[0], {{"title", "offline"}}), nullptr, {}));
  ASSERT_TRUE(store.start(options));
  ASSERT_TRUE(ready.wait());
  ASSERT_TRUE(empty.wait());
  EXPECT_EQ(service.refused_frames, 1) << "the handshake with token-1";
  EXPECT_EQ(asked, 2);

  service.take_only("token-3");
  ASSERT_TRUE(store.save_record(testing::record(schema.models[0], {{"title", "later"}}), nullptr, {}));
  ASSERT_TRUE(empty.wait());
  EXPECT_EQ(service.refusals, 1);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(errors, 0);
  EXPECT_EQ(store.pending_count().value(), 0U);
  EXPECT_TRUE(store.dead_letters().value().empty());
}

// What sign_out() says of the data of the device.
TEST(Authorization, SignOutClearsOrKeeps) {
  const auto schema = one_model();
  auto store = DataStore::open(schema).value();
  SyncOptions options;
  options.endpoint = "http://127.0.0.1:1/graphql";
  options.user = "ann";
  ASSERT_TRUE(store.start(options));
  ASSERT_TRUE(store.save_record(testing::record(schema.models[0], {{"title", "Ann's"}}), nullptr, {}));
  ASSERT_TRUE(store.sign_out(SignOut::keeps));
  EXPECT_EQ(store.pending_count().value(), 1U);

  options.user = "bob";
  const auto refused = store.start(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
  options.user = "ann";
  ASSERT_TRUE(store.start(options));
  ASSERT_TRUE(store.sign_out(SignOut::clears));
  EXPECT_EQ(store.pending_count().value(), 0U);
  EXPECT_EQ(store.count_records(schema.models[0], {}).value(), 0U);
  options.user = "bob";
  EXPECT_TRUE(store.start(options));
}

}  // namespace
}  // namespace holdfast
