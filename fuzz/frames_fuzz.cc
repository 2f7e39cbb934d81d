// Realtime frames in both directions, and the handshake.
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/draw.h"
#include "protocol/frames.h"

namespace holdfast::protocol {
namespace {

void check_client_frame(const std::string& text) {
  const auto frame = read_client_frame(text);
  if (!frame) return;
  const auto again = read_client_frame(write(*frame));
  HOLDFAST_ASSERT(again.has_value(), "what is written can be read");
  // A start without variables is written with none.
  const bool has_none = frame->type == ClientFrame::Type::start && frame->variables.is_null();
  const auto variables = has_none ? Value(Object{}) : frame->variables;
  HOLDFAST_ASSERT(again->type == frame->type && again->id == frame->id && again->query == frame->query &&
                      again->variables == variables && again->authorization == frame->authorization,
                  "writing and reading change nothing");
}

void check_server_frame(const std::string& text) {
  const auto frame = read_server_frame(text);
  if (!frame || frame->type == ServerFrame::Type::unknown) return;
  const auto again = read_server_frame(write(*frame));
  HOLDFAST_ASSERT(again.has_value(), "what is written can be read");
  HOLDFAST_ASSERT(again->type == frame->type && again->id == frame->id && again->payload == frame->payload,
                  "writing and reading change nothing");
}

HttpRequest offering(const std::string& protocols) {
  return {
      .method = "GET", .target = "/graphql/realtime", .headers = {{"Sec-WebSocket-Protocol", protocols}}, .body = {}};
}

void check_handshake(const std::string& text) {
  static_cast<void>(offers_realtime(offering(text)));
  const auto in_protocol = handshake_authorization(offering(text));
  const HttpRequest in_query{.method = "GET", .target = "/graphql/realtime?header=" + text, .headers = {}, .body = {}};
  static_cast<void>(handshake_authorization(in_query));
  static_cast<void>(realtime_url(text));
  if (!in_protocol) return;
  const auto again = handshake_authorization(offering("graphql-ws, " + header_protocol(*in_protocol)));
  HOLDFAST_ASSERT(again && *again == *in_protocol, "a handshake's headers are read as they were written");
}

}  // namespace
}  // namespace holdfast::protocol

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto text = holdfast::fuzz::text_of(bytes, size);
  holdfast::protocol::check_client_frame(text);
  holdfast::protocol::check_server_frame(text);
  holdfast::protocol::check_handshake(text);
  return 0;
}
