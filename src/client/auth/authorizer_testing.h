// What puts credentials on, around an engine of one model, with sources and service in the test's hand.
#pragma once

#include <gmock/gmock.h>

#include "client/auth/signed_engine.h"
#include "client/auth/testing.h"
#include "client/sync/testing.h"
#include "protocol/frames.h"

namespace holdfast::auth::testing {

namespace effect = sync::effect;
namespace event = sync::event;
using client::testing::error_response;
using client::testing::json_response;
using client::testing::queued;
using client::testing::status;
using sync::Effects;
using sync::testing::all;
using sync::testing::item;
using sync::testing::page;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using FrameType = protocol::ServerFrame::Type;

/// The tests answer questions by number, so that nobody calls these.
inline TokenSource a_source() {
  return [](const CredentialsAnswer<AuthToken>&) {};
}

/// Signs with a word, so that what was signed can be seen.
inline std::vector<std::pair<std::string, std::string>> word_signer(const SignedParts& parts, std::string_view region,
                                                                    const IamCredentials& credentials) {
  return {{"authorization", std::string(region) + " " + credentials.secret_access_key + " " + std::string(parts.path)}};
}

class AuthorizerTest : public ::testing::Test {
 protected:
  AuthorizerTest() { world.schema.models.resize(1); }

  void make() {
    authorizer = with_credentials(std::make_unique<sync::Engine>(world.schema, *world.storage, world.random, silent_log(),
                                                                 sync::Engine::Setup{world.options}),
                                  world.schema, world.options);
  }
  void use(Auth auth) { world.options.auth = std::move(auth); }
  void use_all(Auth auth, std::vector<Auth> more, const std::vector<RuleSchema>& rules) {
    world.options.auth = std::move(auth);
    world.options.more_auth = std::move(more);
    world.options.auth_strategy = multi_auth;
    world.schema.models[0].rules = rules;
  }

  /// Steps, goes on as long as the engine asks to, and keeps what it asks of the world.
  void run(sync::Event event) {
    auto effects = authorizer->step(world.now, std::move(event));
    note(effects);
    while (!all<effect::Continue>(effects).empty()) note(effects = authorizer->step(world.now, event::PageReady{}));
  }
  void note(const Effects& effects) {
    for (const auto& one : all<effect::Exchange>(effects)) asked.push_back(one);
    for (const auto& one : all<effect::AskCredentials>(effects)) questions.push_back(one.id);
    for (const auto& one : all<effect::Failed>(effects)) errors.push_back(one.what);
    for (const auto& one : all<effect::OpenSocket>(effects)) opened.push_back(one);
    for (const auto& one : all<effect::SendFrame>(effects)) frames.push_back(*protocol::read_client_frame(one.frame));
    for (const auto& one : all<effect::WakeAt>(effects)) wakes.push_back(one.at);
  }
  /// The source's answer to the question that was asked first of those that have none.
  void give(AuthToken token) { give_all(std::move(token)); }
  void give(std::string token) { give_all(AuthToken{.text = std::move(token)}); }
  void refuse(Code code) { give_all(Error{code, "the source says so"}); }
  void give_all(Result<std::variant<AuthToken, IamCredentials>> given) {
    ASSERT_FALSE(questions.empty());
    const auto id = questions.front();
    questions.erase(questions.begin());
    run(event::Credentials{id, std::move(given)});
  }
  effect::Exchange take_asked() {
    HOLDFAST_ASSERT(!asked.empty(), "something was asked of the service");
    auto first = asked.front();
    asked.erase(asked.begin());
    return first;
  }
  void answer(Result<HttpResponse> response) { run(event::Reply{take_asked().id, std::move(response)}); }
  void frame(FrameType type, std::string id = {}, Value payload = {}) {
    run(event::SocketFrame{opened.back().id,
                           protocol::write(protocol::ServerFrame{type, std::move(id), std::move(payload)})});
  }
  void acknowledge() {
    run(event::SocketOpened{opened.back().id});
    frames.clear();
    frame(FrameType::connection_ack);
  }
  void acknowledge_starts() {
    for (const auto& start : std::vector(frames)) frame(FrameType::start_ack, start.id);
  }
  void subscribe() {
    acknowledge();
    acknowledge_starts();
  }
  void go_live() {
    make();
    run(event::Start{});
    if (!questions.empty()) give("token-1");
    subscribe();
    answer(page("syncPosts", {}));
    ASSERT_THAT(asked, IsEmpty());
  }
  void save(const char* id) { run(event::Saved{world.save(world.post_of(id, "a", 1)).queued}); }
  HttpResponse created(const char* id) {
    return json_response(Object{{"createPost", item(world.post_of(id, "a", 1), 1)}});
  }
  void wake_after(Milliseconds delay) {
    world.advance(delay);
    run(event::Wake{});
  }
  /// The header of the first request, or nothing.
  std::string sent(const char* name) {
    const auto* value = asked.empty() ? nullptr : header(asked.front().request.headers, name);
    return value ? *value : "";
  }
  /// What the handshake carries.
  Object handshake() { return *protocol::handshake_authorization(upgrade()); }
  HttpRequest upgrade() {
    HttpRequest request;
    for (const auto& one : opened.back().request.protocols) request.headers.emplace_back("Sec-WebSocket-Protocol", one);
    return request;
  }
  std::vector<std::string> outbox() { return queued(*world.storage); }

  sync::testing::World world;
  std::unique_ptr<SignedEngine> authorizer;
  std::vector<effect::Exchange> asked;
  std::vector<std::uint64_t> questions;
  std::vector<SyncError> errors;
  std::vector<effect::OpenSocket> opened;
  std::vector<protocol::ClientFrame> frames;
  std::vector<Tick> wakes;
};

}  // namespace holdfast::auth::testing
