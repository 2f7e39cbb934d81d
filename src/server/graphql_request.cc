#include "server/graphql_request.h"

#include <optional>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "protocol/query.h"
#include "server/http.h"

namespace holdfast::server {
namespace {

HttpResponse malformed(std::string_view message) {
  return error_answer(400, "MalformedHttpRequestException", message);
}

/// The parameters as one object, whichever way they came.
std::variant<Value, HttpResponse> parameters_of(const HttpRequest& request) {
  if (request.method != "GET") {
    auto json = json::parse(request.body);
    if (!json) return malformed("The request body is " + json.error().message);
    return *std::move(json);
  }
  Object parameters;
  for (const char* name : {"query", "operationName"}) {
    if (auto text = protocol::query_parameter(request.target, name)) parameters.set(name, *std::move(text));
  }
  for (const char* name : {"variables", "extensions"}) {
    const auto text = protocol::query_parameter(request.target, name);
    if (!text || text->empty()) continue;
    auto json = json::parse(*text);
    if (!json) return malformed("The parameter \"" + std::string(name) + "\" is " + json.error().message);
    parameters.set(name, *std::move(json));
  }
  return Value(std::move(parameters));
}

}  // namespace

bool has_query(const HttpRequest& request) {
  return protocol::query_parameter(request.target, "query").has_value();
}

std::variant<GraphqlRequest, HttpResponse> read_request(const HttpRequest& request) {
  auto read = parameters_of(request);
  if (auto* refusal = std::get_if<HttpResponse>(&read)) return std::move(*refusal);
  auto& parameters = std::get<Value>(read);
  if (parameters.as_object() == nullptr) return malformed("The request body must be a JSON object.");
  const auto* query = parameters["query"].as_string();
  if (query == nullptr) return malformed("Unable to parse GraphQL query: the member \"query\" must be a string.");
  for (const char* name : {"variables", "extensions"}) {
    if (parameters[name].is_null() || parameters[name].as_object() != nullptr) continue;
    return malformed("The member \"" + std::string(name) + "\" must be an object.");
  }
  const auto& name = parameters["operationName"];
  if (!name.is_null() && name.as_string() == nullptr) {
    return malformed("The member \"operationName\" must be a string.");
  }
  // Taken, not copied: a query's text is most of a request.
  const auto taken = [&parameters](std::string_view member) {
    auto* value = parameters.as_object()->find(member);
    return value == nullptr ? Value() : std::move(*value);
  };
  auto operation_name = name.is_null() ? std::string() : *name.as_string();
  return GraphqlRequest{std::move(*taken("query").as_string()), std::move(operation_name), taken("variables")};
}

}  // namespace holdfast::server
