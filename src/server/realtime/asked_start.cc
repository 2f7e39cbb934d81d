#include "server/realtime/asked_start.h"

#include <utility>

#include "base/json.h"
#include "protocol/frames.h"

namespace holdfast::server {
namespace {

/// Of an answer with an error for each of many items, the first say enough.
constexpr std::size_t errors_told_max = 20;

/// What the frame says of the errors of an answer: no more than AppSync does.
Value told(const Value& answer) {
  List errors;
  const auto* all = answer["errors"].as_list();
  for (std::size_t at = 0; all != nullptr && at < all->size() && at < errors_told_max; ++at) {
    Object error;
    if (const auto& type = (*all)[at]["errorType"]; !type.is_null()) error.append("errorType", type);
    error.append("message", (*all)[at]["message"]);
    errors.emplace_back(std::move(error));
  }
  return Object{{"errors", std::move(errors)}};
}

}  // namespace

bool is_asked(const Server::Parts& parts, const Listening& listening) {
  return parts.backend.custom.find("Subscription", listening.field) != nullptr;
}

AskedStart::AskedStart(std::shared_ptr<Server::Parts> parts, std::shared_ptr<const Listening> listening,
                       const Object& authorization)
    : parts_(std::move(parts)), listening_(std::move(listening)) {
  for (const auto& each : authorization) {
    if (const auto* value = each.value.as_string()) headers_.emplace_back(each.name, *value);
  }
}

void AskedStart::ask() {
  RequestResolvers resolvers(parts_->backend, listening_->caller, {.headers = &headers_});
  const Running running{listening_->prepared, listening_->operation, listening_->variables};
  const auto response = parts_->run(running, resolvers, Value(Object()));
  if (const auto& failure = resolvers.failure()) {
    parts_->log.write(LogLevel::error, "server", "store_failed", {{"code", std::string(name(failure->code))}});
    refusal_ = protocol::error_payload("InternalFailure", "The service could not read its records; try again.");
  } else if (response.has_errors) {
    const auto answer = json::parse(response.text);
    refusal_ = told(answer ? *answer : Value());
  }
}

}  // namespace holdfast::server
