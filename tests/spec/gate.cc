#include "tests/spec/gate.h"

#include <utility>

#include "protocol/frames.h"

namespace holdfast::spec {
namespace {

using protocol::ClientFrame;
using protocol::ServerFrame;

constexpr std::string_view refused_type = "UnauthorizedException";

Object key_authorization(const Object& given) { return {{"host", given.at("host")}, {"x-api-key", bearer_secret}}; }

void refuse(SocketPeer& peer, ServerFrame::Type type, std::string id) {
  peer.send(std::make_shared<const std::string>(protocol::write(
      ServerFrame{.type = type, .id = std::move(id), .payload = protocol::error_payload(refused_type, "Token expired", 401)})));
}

}  // namespace

HttpResponse Gate::respond(const HttpRequest& request) {
  const auto* token = header(request.headers, "authorization");
  if (!token) return backend_.respond(request);
  if (!takes(*token)) {
    return {401, {{"x-amzn-errortype", std::string(refused_type)}},
            R"({"errors":[{"errorType":"UnauthorizedException","message":"Token expired"}]})"};
  }
  auto let_in = request;
  std::erase_if(let_in.headers, [](const auto& one) { return one.first == "authorization"; });
  let_in.headers.emplace_back("x-api-key", bearer_secret);
  return backend_.respond(let_in);
}

/// A handshake was taken: its `start` frames may still carry tokens of their own.
class Gate::Session final : public SocketSession {
 public:
  Session(const Gate& gate, std::unique_ptr<SocketSession> backend, std::shared_ptr<SocketPeer> peer)
      : gate_(gate), backend_(std::move(backend)), peer_(std::move(peer)) {}
  void on_frame(std::string_view text) override {
    auto frame = protocol::read_client_frame(text);
    const auto* token = frame ? frame->authorization.at("Authorization").as_string() : nullptr;
    if (!token) return backend_->on_frame(text);
    if (!gate_.takes(*token)) return refuse(*peer_, ServerFrame::Type::error, frame->id);
    frame->authorization = key_authorization(frame->authorization);
    backend_->on_frame(protocol::write(*frame));
  }
  void on_closed() override { backend_->on_closed(); }

 private:
  const Gate& gate_;
  const std::unique_ptr<SocketSession> backend_;
  const std::shared_ptr<SocketPeer> peer_;
};

class Gate::Refusal final : public SocketSession {
 public:
  explicit Refusal(std::shared_ptr<SocketPeer> peer) : peer_(std::move(peer)) {}
  void on_frame(std::string_view /*text*/) override { refuse(*peer_, ServerFrame::Type::connection_error, {}); }
  void on_closed() override {}

 private:
  const std::shared_ptr<SocketPeer> peer_;
};

std::variant<AcceptedSocket, HttpResponse> Gate::accept(const HttpRequest& upgrade, std::shared_ptr<SocketPeer> peer) {
  const auto given = protocol::handshake_authorization(upgrade);
  const auto* token = given ? given->at("Authorization").as_string() : nullptr;
  if (token && !takes(*token)) {
    return AcceptedSocket{std::string(protocol::realtime_protocol), std::make_unique<Refusal>(std::move(peer))};
  }
  auto let_in = upgrade;
  if (token) {
    let_in.headers = {{"Sec-WebSocket-Protocol", std::string(protocol::realtime_protocol) + ", " +
                                                     protocol::header_protocol(key_authorization(*given))}};
  }
  auto accepted = backend_.accept(let_in, peer);
  if (auto* taken = std::get_if<AcceptedSocket>(&accepted)) {
    taken->session = std::make_unique<Session>(*this, std::move(taken->session), std::move(peer));
  }
  return accepted;
}

}  // namespace holdfast::spec
