// Realtime sessions: a connection that says anything, a frame a line, gets frames that are JSON, or is closed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "base/json.h"
#include "fuzz/backend.h"
#include "fuzz/draw.h"
#include "protocol/frames.h"

namespace holdfast::fuzz {
namespace {

class CheckingPeer final : public SocketPeer {
 public:
  void send(std::shared_ptr<const std::string> frame) override {
    HOLDFAST_ASSERT(protocol::read_server_frame(*frame).has_value(), "what is sent is a frame");
  }
  void close(int code, std::string /*reason*/) override {
    HOLDFAST_ASSERT(code >= 1000 && code < 5000, "a code of the protocol");
  }
};

// A line that is a GraphQL document is started as one: fuzzers find frames around it slowly.
std::string frame_of(const std::string& line) {
  if (line.rfind("subscription", 0) != 0) return line;
  return protocol::write(protocol::ClientFrame{.type = protocol::ClientFrame::Type::start,
                                               .id = std::to_string(line.size() % 3),
                                               .query = line,
                                               .variables = Object{},
                                               .authorization = {}});
}

void check(const std::string& input) {
  Backend backend;
  HttpRequest upgrade{.method = "GET", .target = "/graphql/realtime"};
  upgrade.headers.emplace_back("Sec-WebSocket-Protocol", "graphql-ws, " + protocol::header_protocol({}));
  // Shared with the session, as the network's peer is.
  auto accepted = backend.service->accept(upgrade, std::make_shared<CheckingPeer>());
  auto* socket = std::get_if<AcceptedSocket>(&accepted);
  HOLDFAST_ASSERT(socket != nullptr, "an open backend takes every handshake");
  socket->session->on_frame(R"({"type":"connection_init"})");
  for (std::size_t at = 0; at < input.size();) {
    const auto end = std::min(input.find('\n', at), input.size());
    socket->session->on_frame(frame_of(input.substr(at, end - at)));
    at = end + 1;
  }
  // Whoever listens hears this.
  const auto reply = backend.say(
      R"({"query":"mutation { updatePost(input: {id: \"1\", title: \"u\", _version: 1}) { id } deletePost(input: {id: \"2\", _version: 1}) { id } }"})");
  HOLDFAST_ASSERT(reply.status == 200, "writing goes on");
  socket->session->on_closed();
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  holdfast::fuzz::check(holdfast::fuzz::text_of(bytes, size));
  return 0;
}
