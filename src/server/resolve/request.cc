#include "server/resolve/request.h"

#include <algorithm>

#include <utility>

#include "base/json.h"
#include "server/resolve/rows.h"

namespace holdfast::server {
Result<std::uint32_t> limit_of(const Asked& asked) {
  const auto* limit = asked.call.arguments.at("limit").as_integer();
  if (limit == nullptr) return std::min(asked.route.page_rows, asked.backend.options.page_rows_max);
  if (*limit < 1) return Error{Code::invalid_argument, "limit must be 1 or more."};
  return static_cast<std::uint32_t>(std::min<std::int64_t>(*limit, asked.backend.options.page_rows_max));
}

std::string token_scope(const Asked& asked, std::string_view partition) {
  std::string scope = asked.caller.identity();
  scope += '\n' + asked.call.parent.name + '.' + asked.call.field.name + '\n';
  scope += partition;
  for (const auto& argument : asked.call.field.arguments) {
    if (argument.name == "limit" || argument.name == "nextToken") continue;
    scope += '\n' + argument.name + '=';
    json::write(asked.call.arguments.at(argument.name), scope);
  }
  return scope;
}

Result<Object> token_of(const Asked& asked, const std::string& scope) {
  const auto* token = asked.call.arguments.at("nextToken").as_string();
  if (token == nullptr) return Object();
  return asked.backend.tokens.unseal(*token, scope);
}

graphql::RowsPage connection(const Asked& asked, Images images, const Object& next, const std::string& scope) {
  return {.others = Object{{"nextToken", next.empty() ? Value() : Value(asked.backend.tokens.seal(next, scope))}},
          .name = "items",
          .rows = std::make_shared<json::Rows>(std::move(images).take_rows())};  // Shared: see RowsPage.
}

graphql::FieldError bad_request(const Error& error) { return refusal("BadRequestException", error.message); }

graphql::FieldError out_of_time(const Backend& backend) {
  return graphql::FieldError{.message = "The request took longer than " +
                                        std::to_string(backend.options.limits.time_max.count()) +
                                        " ms; this field was neither read nor written.",
                             .error_type = "ExecutionTimeout"};
}

}  // namespace holdfast::server
