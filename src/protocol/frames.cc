#include "protocol/frames.h"

#include <algorithm>
#include <array>

#include "base/json.h"

namespace holdfast::protocol {
namespace {

using ServerType = ServerFrame::Type;
using ClientType = ClientFrame::Type;

struct ClientWord {
  ClientType type;
  std::string_view word;
};
constexpr std::array<ClientWord, 3> client_words{
    {{ClientType::connection_init, "connection_init"}, {ClientType::start, "start"}, {ClientType::stop, "stop"}}};

struct ServerWord {
  ServerType type;
  std::string_view word;
};
constexpr std::array<ServerWord, 7> server_words{{{ServerType::connection_ack, "connection_ack"},
                                                  {ServerType::connection_error, "connection_error"},
                                                  {ServerType::keep_alive, "ka"},
                                                  {ServerType::start_ack, "start_ack"},
                                                  {ServerType::data, "data"},
                                                  {ServerType::error, "error"},
                                                  {ServerType::complete, "complete"}}};

Error malformed(std::string_view why) { return {Code::malformed, "realtime frame: " + std::string(why)}; }

/// The frame's object with its `type`, the parts that every frame has.
Result<Value> parse_frame(std::string_view text) {
  auto frame = json::parse(text);
  if (!frame) return malformed(frame.error().message);
  if (!frame->as_object()) return malformed("not a JSON object");
  if (!(*frame)["type"].as_string()) return malformed("member 'type' is missing or not a string");
  return frame;
}

Value taken(Value& object, std::string_view name) {
  auto* members = object.as_object();
  auto* member = members ? members->find(name) : nullptr;
  return member ? std::move(*member) : Value();
}

/// Reads the document and the variables out of the JSON string that a `start` carries.
Result<void> read_operation(const std::string& text, ClientFrame& frame) {
  auto operation = json::parse(text);
  if (!operation) return malformed("start: 'payload.data' is not JSON");
  auto query = taken(*operation, "query");
  if (!query.as_string()) return malformed("start: 'payload.data' has no string 'query'");
  frame.query = std::move(*query.as_string());
  frame.variables = taken(*operation, "variables");
  if (!frame.variables.is_null() && !frame.variables.as_object()) {
    return malformed("start: 'variables' is neither an object nor null");
  }
  return {};
}

Result<void> read_start(Value& text, ClientFrame& frame) {
  auto payload = taken(text, "payload");
  const auto* operation = payload["data"].as_string();
  if (!operation) return malformed("start: 'payload.data' is missing or not a string");
  if (auto read = read_operation(*operation, frame); !read) return std::move(read).error();
  auto extensions = taken(payload, "extensions");
  auto authorization = taken(extensions, "authorization");
  if (auto* members = authorization.as_object()) {
    frame.authorization = std::move(*members);
  } else if (!authorization.is_null()) {
    return malformed("start: 'extensions.authorization' is not an object");
  }
  return {};
}

Object start_payload(const ClientFrame& frame) {
  return {{"data", start_data(frame)}, {"extensions", Object{{"authorization", frame.authorization}}}};
}

std::string text_of(const Value& value) {
  const auto* text = value.as_string();
  return text ? *text : std::string();
}

}  // namespace

std::string write(const ClientFrame& frame) {
  const auto found =
      std::find_if(client_words.begin(), client_words.end(), [&](const auto& row) { return row.type == frame.type; });
  HOLDFAST_ASSERT(found != client_words.end(), "every frame type has a word");
  Object text;
  if (frame.type != ClientType::connection_init) text.append("id", frame.id);
  text.append("type", found->word);
  if (frame.type == ClientType::start) text.append("payload", start_payload(frame));
  return json::write(text);
}

std::string start_data(const ClientFrame& frame) {
  const Value variables = frame.variables.is_null() ? Value(Object{}) : frame.variables;
  return json::write(Object{{"query", frame.query}, {"variables", variables}});
}

Result<ClientFrame> read_client_frame(std::string_view text) {
  HOLDFAST_TRY(value, parse_frame(text));
  const std::string_view word = *value["type"].as_string();
  const auto found =
      std::find_if(client_words.begin(), client_words.end(), [&](const auto& row) { return row.word == word; });
  if (found == client_words.end()) return malformed("unknown type '" + std::string(word.substr(0, 40)) + "'");

  ClientFrame frame{.type = found->type};
  if (frame.type == ClientType::connection_init) return frame;
  const auto* id = value["id"].as_string();
  if (!id || id->empty()) return malformed(std::string(word) + ": member 'id' is missing or not a string");
  frame.id = *id;
  if (frame.type == ClientType::start) {
    if (auto read = read_start(value, frame); !read) return std::move(read).error();
  }
  return frame;
}

std::string id_of_refused(std::string_view text) {
  const auto frame = json::parse(text);
  return frame ? text_of((*frame)["id"]) : std::string();
}

std::string write(const ServerFrame& frame) {
  const auto found =
      std::find_if(server_words.begin(), server_words.end(), [&](const auto& row) { return row.type == frame.type; });
  HOLDFAST_ASSERT(found != server_words.end(), "a frame of unknown type is only ever read");
  std::string text = "{";
  if (!frame.id.empty()) {
    text += "\"id\":";
    json::write_string(frame.id, text);
    text += ',';
  }
  text += "\"type\":";
  json::write_string(found->word, text);
  if (!frame.payload.is_null()) {
    text += ",\"payload\":";
    json::write(frame.payload, text);
  }
  return text + '}';
}

Result<ServerFrame> read_server_frame(std::string_view text) {
  HOLDFAST_TRY(value, parse_frame(text));
  const std::string_view word = *value["type"].as_string();
  const auto found =
      std::find_if(server_words.begin(), server_words.end(), [&](const auto& row) { return row.word == word; });
  ServerFrame frame{.type = found == server_words.end() ? ServerType::unknown : found->type};
  auto id = taken(value, "id");
  if (!id.is_null() && !id.as_string()) return malformed("member 'id' is not a string");
  if (id.as_string()) frame.id = std::move(*id.as_string());
  frame.payload = taken(value, "payload");
  return frame;
}

const Value& first_error(const Value& payload) {
  const auto* errors = payload["errors"].as_list();
  return errors && !errors->empty() ? errors->front() : payload;
}

bool refuses_credentials(const Value& error) {
  const auto type = text_of(error["errorType"]);
  const auto* code = error["errorCode"].as_integer();
  return type.starts_with("Unauthorized") || type == "NotAuthorizedException" ||
         (code && (*code == 401 || *code == 403)) ||
         text_of(error["message"]).find("Token expired") != std::string::npos;
}

Value error_payload(std::string_view error_type, std::string_view message, int error_code) {
  Object error{{"errorType", error_type}, {"message", message}};
  if (error_code != 0) error.append("errorCode", error_code);
  return Object{{"errors", List{error}}};
}

}  // namespace holdfast::protocol
