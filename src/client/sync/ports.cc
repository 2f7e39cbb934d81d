#include "client/sync/ports.h"

#include <string_view>
#include <utility>

namespace holdfast::sync {
namespace {

/// In the header by which the published clients name themselves, and AppSync counts its callers.
constexpr std::string_view user_agent = "holdfast/" HOLDFAST_VERSION " datastore/2 lang/c++";

}  // namespace

HttpRequest http_request(const SyncOptions& options, const protocol::Request& request) {
  return http_request(options, request.body(), {});
}

HttpRequest http_request(const SyncOptions& options, std::string body, std::string_view path) {
  HttpRequest http;
  http.method = "POST";
  http.target = options.endpoint;
  http.target += path;
  http.headers = {{"content-type", "application/json; charset=UTF-8"},
                  {"x-amz-user-agent", std::string(user_agent)}};
  http.body = std::move(body);
  return http;
}

effect::Failed failed(Error error, std::string operation, const ModelSchema* model) {
  auto recovery = std::string(explain(error.code).remedy);
  return {SyncError{.error = std::move(error), .operation = std::move(operation),
                    .model = model ? model->name : std::string(), .error_type = {}, .local = std::nullopt,
                    .recovery = std::move(recovery)}};
}

}  // namespace holdfast::sync
