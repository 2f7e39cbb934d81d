#include "protocol/replies.h"

#include "base/json.h"
#include "protocol/failures.h"

namespace holdfast::protocol {

std::string_view name(Failure failure) noexcept {
  switch (failure) {
    case Failure::transient: return "transient";
    case Failure::unauthorized: return "unauthorized";
    case Failure::conflict: return "conflict";
    case Failure::condition_failed: return "condition_failed";
    case Failure::rejected: return "rejected";
    case Failure::malformed: return "malformed";
  }
  return {};
}

std::variant<Value, ReplyError> read_reply(const Result<HttpResponse>& reply, std::string_view field) {
  if (auto failed = http_failure(reply)) return std::move(*failed);
  auto body = json::parse(reply->body);
  if (!body) return malformed_reply(body.error().message);
  if (!body->as_object()) return malformed_reply("not a JSON object");

  const auto& errors = (*body)["errors"];
  if (const auto* list = errors.as_list(); list && !list->empty()) return graphql_failure(list->front());
  if (!errors.is_null() && !errors.as_list()) return malformed_reply("'errors' is not a list");

  auto* members = body->as_object()->find("data");
  auto* fields = members ? members->as_object() : nullptr;
  if (!fields) return malformed_reply("'data' is missing or not an object");
  auto* found = fields->find(field);
  if (!found) return malformed_reply("'data." + std::string(field) + "' is missing");
  return std::move(*found);
}

}  // namespace holdfast::protocol
