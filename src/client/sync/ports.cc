#include "client/sync/ports.h"

#include <utility>

#include "protocol/signers.h"

namespace holdfast::sync {

HttpRequest http_request(const SyncOptions& options, const protocol::Request& request) {
  HttpRequest http;
  http.method = "POST";
  http.target = options.endpoint;
  http.headers = {{"content-type", "application/json; charset=UTF-8"}};
  http.body = request.body();
  protocol::sign(options.auth, http);
  return http;
}

effect::Failed failed(Error error, std::string operation, const ModelSchema* model) {
  return {SyncError{.error = std::move(error), .operation = std::move(operation),
                    .model = model ? model->name : std::string(), .error_type = {}, .local = std::nullopt}};
}

}  // namespace holdfast::sync
