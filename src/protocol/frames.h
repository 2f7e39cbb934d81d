// Frames of AppSync's realtime protocol (spec/protocol.md §2), both directions, and its handshake.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/transport.h"
#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::protocol {

inline constexpr std::string_view realtime_protocol = "graphql-ws";

// --- handshake -----------------------------------------------------------------------------------------------

/// `http://h:p/graphql` → `ws://h:p/graphql/realtime`; an AppSync host gets its realtime host.
Result<std::string> realtime_url(std::string_view endpoint);
/// The value of a `header-<base64url>` subprotocol for these headers.
std::string header_protocol(const Object& authorization);
/// The authorization object of a handshake: from the `header-` subprotocol, or from `?header=<base64>`. Empty when
/// neither is there. Code: malformed.
Result<Object> handshake_authorization(const HttpRequest& upgrade);
/// Whether `graphql-ws` is among the offered subprotocols.
bool offers_realtime(const HttpRequest& upgrade);

// --- client to server ----------------------------------------------------------------------------------------

struct ClientFrame {
  enum class Type : std::uint8_t { connection_init, start, stop };
  Type type = Type::connection_init;
  std::string id = {};           ///< start, stop
  std::string query = {};        ///< start
  Value variables = {};          ///< start
  Object authorization = {};     ///< start
};
std::string write(const ClientFrame& frame);
/// What a `start` carries as `payload.data`, and what its signature covers.
std::string start_data(const ClientFrame& frame);
/// Code: malformed, saying what is missing.
Result<ClientFrame> read_client_frame(std::string_view text);
/// The id of a frame that read_client_frame refuses, so that its sender learns which one was; empty if it has none.
std::string id_of_refused(std::string_view text);

// --- server to client ----------------------------------------------------------------------------------------

struct ServerFrame {
  enum class Type : std::uint8_t {
    connection_ack, connection_error, keep_alive, start_ack, data, error, complete, unknown
  };
  Type type = Type::unknown;
  std::string id = {};
  Value payload = {};
};
std::string write(const ServerFrame& frame);
/// Code: malformed. Frames of unknown type read as `unknown`.
Result<ServerFrame> read_server_frame(std::string_view text);

/// The first error of a payload: of `{"errors":[…]}`, or the payload itself.
const Value& first_error(const Value& payload);
/// Whether an error of a payload says that the credentials are not taken, or not any more.
bool refuses_credentials(const Value& error);

/// `{"errors":[{"errorType":…,"message":…[, "errorCode":…]}]}`.
Value error_payload(std::string_view error_type, std::string_view message, int error_code = 0);

}  // namespace holdfast::protocol
