#include "server/http.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "base/json.h"
#include "protocol/query.h"

namespace holdfast::server {
namespace {

// The star covers headers of the application's own; browsers want `authorization` by name all the same.
constexpr std::string_view allowed_headers =
    "content-type, x-api-key, x-amz-user-agent, authorization, x-amz-date, x-amz-security-token, "
    "x-holdfast-mutation, *";

void allow_all_origins(Headers& headers) {
  headers.emplace_back("access-control-allow-origin", "*");
  headers.emplace_back("access-control-expose-headers", "x-amzn-errortype");
}

Value locations_of(const graphql::RequestError& error) {
  List locations;
  for (const auto& at : error.locations) {
    locations.emplace_back(Object{{"line", static_cast<std::int64_t>(at.line)},
                                  {"column", static_cast<std::int64_t>(at.column)},
                                  {"sourceName", Value()}});
  }
  return locations;
}

HttpResponse typed_answer(int status, std::string_view type, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.reserve(3);
  response.headers.emplace_back("content-type", type);
  allow_all_origins(response.headers);
  return response;
}

constexpr std::string_view graphql_response_type = "application/graphql-response+json; charset=utf-8";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// One entry of an Accept header.
struct Range {
  std::string_view type;
  double quality = 1;
};

/// Takes the first one off `text`. Parameters other than q are passed over; a q that is no number counts as 1.
Range next_range(std::string_view& text) {
  auto rest = protocol::next_part(text, ',');
  Range range{trimmed(protocol::next_part(rest, ';'))};
  while (!rest.empty()) {
    auto parameter = protocol::next_part(rest, ';');
    if (!equal_ignoring_case(trimmed(protocol::next_part(parameter, '=')), "q")) continue;
    parameter = trimmed(parameter);
    std::from_chars(parameter.data(), parameter.data() + parameter.size(), range.quality);
  }
  return range;
}

}  // namespace

HttpResponse json_answer(int status, std::string body) {
  return typed_answer(status, "application/json; charset=UTF-8", std::move(body));
}

HttpResponse error_answer(int status, std::string_view error_type, std::string_view message) {
  const Object body{{"errors", List{Object{{"errorType", error_type}, {"message", message}}}}};
  auto response = json_answer(status, json::write(Value(body)));
  response.headers.emplace_back("x-amzn-errortype", error_type);
  return response;
}

Media media_of(const Headers& headers) {
  const auto* accept = header(headers, "accept");
  if (accept == nullptr) return Media::json;
  double json = 0;
  double graphql_response = 0;
  for (std::string_view rest = *accept; !rest.empty();) {
    const auto range = next_range(rest);
    if (equal_ignoring_case(range.type, "application/graphql-response+json")) {
      graphql_response = std::max(graphql_response, range.quality);
    }
    if (equal_ignoring_case(range.type, "application/json")) json = std::max(json, range.quality);
  }
  return graphql_response > 0 && graphql_response >= json ? Media::graphql_response : Media::json;
}

HttpResponse result_answer(Media media, std::string body) {
  if (media == Media::json) return json_answer(200, std::move(body));
  return typed_answer(200, graphql_response_type, std::move(body));
}

HttpResponse invalid_answer(Media media, const std::vector<graphql::RequestError>& errors) {
  List list;
  for (const auto& error : errors) {
    list.emplace_back(Object{{"path", Value()}, {"locations", locations_of(error)}, {"message", error.message}});
  }
  if (media == Media::json) {
    return json_answer(200, json::write(Value(Object{{"data", Value()}, {"errors", std::move(list)}})));
  }
  return typed_answer(400, graphql_response_type, json::write(Value(Object{{"errors", std::move(list)}})));
}

HttpResponse unreadable_answer(Media media, const graphql::RequestError& error) {
  if (media == Media::graphql_response) return invalid_answer(media, {error});
  std::string place;
  if (!error.locations.empty()) {
    const auto& at = error.locations.front();
    place = " (line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ")";
  }
  return error_answer(400, "BadRequestException", error.message + place);
}

HttpResponse unauthorized_answer() {
  return error_answer(401, "UnauthorizedException", "You are not authorized to make this call.");
}

HttpResponse not_allowed_answer(std::string_view message, std::string methods) {
  auto response = error_answer(405, "MethodNotAllowedException", message);
  response.headers.emplace_back("allow", std::move(methods));
  return response;
}

HttpResponse preflight_answer() {
  HttpResponse response{.status = 204};
  allow_all_origins(response.headers);
  response.headers.emplace_back("access-control-allow-methods", "POST, GET, OPTIONS");
  response.headers.emplace_back("access-control-allow-headers", allowed_headers);
  response.headers.emplace_back("access-control-max-age", "86400");
  return response;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

}  // namespace holdfast::server
