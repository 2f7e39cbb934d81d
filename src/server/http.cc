#include "server/http.h"

#include <utility>

#include "base/json.h"

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

}  // namespace

HttpResponse json_answer(int status, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.emplace_back("content-type", "application/json; charset=UTF-8");
  allow_all_origins(response.headers);
  return response;
}

HttpResponse error_answer(int status, std::string_view error_type, std::string_view message) {
  const Object body{{"errors", List{Object{{"errorType", error_type}, {"message", message}}}}};
  auto response = json_answer(status, json::write(Value(body)));
  response.headers.emplace_back("x-amzn-errortype", error_type);
  return response;
}

HttpResponse invalid_answer(const std::vector<graphql::RequestError>& errors) {
  List list;
  for (const auto& error : errors) {
    list.emplace_back(Object{{"path", Value()}, {"locations", locations_of(error)}, {"message", error.message}});
  }
  return json_answer(200, json::write(Value(Object{{"data", Value()}, {"errors", std::move(list)}})));
}

HttpResponse unauthorized_answer() {
  return error_answer(401, "UnauthorizedException", "You are not authorized to make this call.");
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
