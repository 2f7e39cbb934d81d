#include "server/realtime/start.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "server/resolve/filter.h"
#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

StartRefusal bad(std::string message) { return {"BadRequestException", std::move(message)}; }

std::string joined(const std::vector<graphql::RequestError>& errors) {
  std::string text;
  for (const auto& error : errors) text += (text.empty() ? "" : "; ") + error.message;
  return text;
}

/// Clients that read these words subscribe again without the filter and filter by themselves.
std::string filter_complaint(const std::string& details) {
  return "The variables input contains a field that is not defined for input object type: " + details;
}

/// Notes the coerced arguments of the root field; answers nothing.
class ArgumentReader final : public graphql::Resolvers {
 public:
  [[nodiscard]] bool resolves(const graphql::TypeDefinition& /*parent*/,
                              const graphql::FieldDefinition& /*field*/) const override {
    return true;
  }
  std::vector<graphql::Outcome> resolve(const graphql::FieldCall& call,
                                        std::span<const Value* const> parents) override {
    arguments = call.arguments;
    return std::vector<graphql::Outcome>(parents.size());
  }

  std::optional<Object> arguments;
};

/// The one root field, or a refusal.
std::variant<const graphql::Selection*, StartRefusal> root_field(const graphql::Operation& operation) {
  if (operation.type != graphql::OperationType::subscription) return bad("start takes a subscription.");
  const auto& selections = operation.selections;
  if (selections.size() != 1 || selections.front().kind != graphql::Selection::Kind::field) {
    return bad("A subscription has exactly one root field.");
  }
  return &selections.front();
}

/// A subscription that this API does not offer is refused quietly: the client's other subscriptions go on.
bool is_unknown_root(const graphql::TypeSystem& types, const std::string& query) {
  const auto parsed = graphql::parse_document(query);
  const auto* document = std::get_if<graphql::Document>(&parsed);
  if (document == nullptr || document->operations.size() != 1) return false;
  const auto& operation = document->operations.front();
  if (operation.type != graphql::OperationType::subscription || operation.selections.empty()) return false;
  const auto* root = types.root(operation.type);
  return root == nullptr || types.field(*root, operation.selections.front().name) == nullptr;
}

StartRefusal document_refusal(const Server::Parts& parts, const Refused& refused, const std::string& query) {
  if (refused.kind == Refused::Kind::invalid && is_unknown_root(parts.types, query)) {
    return {"OperationDisabled", "This subscription is not offered."};
  }
  return bad(joined(refused.errors));
}

std::variant<Running, StartRefusal> running_of(Server::Parts& parts, const protocol::ClientFrame& frame) {
  auto found = parts.documents.prepare(frame.query, Strictness::lenient);
  if (const auto* refused = std::get_if<Refused>(&found)) return document_refusal(parts, *refused, frame.query);
  auto selected = parts.select(std::get<std::shared_ptr<const Prepared>>(std::move(found)), {}, frame.variables);
  if (const auto* errors = std::get_if<std::vector<graphql::RequestError>>(&selected)) {
    const bool has_filter = !frame.variables["filter"].is_null();
    return bad(has_filter ? filter_complaint(joined(*errors)) : joined(*errors));
  }
  return std::get<Running>(std::move(selected));
}

std::variant<Predicate, StartRefusal> filter_of(Server::Parts& parts, const Running& running, const Route& route) {
  ArgumentReader reader;
  const graphql::Execution execution{parts.types,       running.prepared->document, *running.operation,
                                     running.variables, parts.scalars,              reader};
  const auto result = graphql::execute(execution, Value());
  if (!reader.arguments) return bad("The arguments cannot be used: " + json::write(result.at("errors")));
  auto filter = read_filter(*route.model, reader.arguments->at("filter"));
  if (!filter) return bad(filter_complaint(filter.error().message));
  return route.published == PublishedKind::deleted ? std::move(filter->tombstone) : std::move(filter->live);
}

Predicate both(Predicate first, Predicate second) {
  if (first.is_always()) return second;
  return second.is_always() ? first : Predicate::all_of({std::move(first), std::move(second)});
}

}  // namespace

std::variant<Listening, StartRefusal> read_start(Server::Parts& parts, const protocol::ClientFrame& frame) {
  const auto caller = parts.backend.caller_of(frame.authorization);
  if (!caller) return StartRefusal{"UnauthorizedException", "You are not authorized to make this call."};
  auto read = running_of(parts, frame);
  if (auto* refusal = std::get_if<StartRefusal>(&read)) return std::move(*refusal);
  auto& running = std::get<Running>(read);
  const auto root = root_field(*running.operation);
  if (const auto* refusal = std::get_if<StartRefusal>(&root)) return *refusal;
  const auto* route = parts.backend.routes.find("Subscription", std::get<0>(root)->name);
  if (route == nullptr) {
    return StartRefusal{"OperationDisabled", "Subscription." + std::get<0>(root)->name + " is not served by Holdfast yet."};
  }
  auto decision = parts.backend.decider.decide(
      {*caller, Operation::listen, route->model, "Subscription", std::get<0>(root)->name});
  if (!decision.is_allowed) {
    return StartRefusal{"Unauthorized", "Not Authorized to access " + std::get<0>(root)->name + " on type Subscription"};
  }
  auto filter = filter_of(parts, running, *route);
  if (auto* refusal = std::get_if<StartRefusal>(&filter)) return std::move(*refusal);
  return Listening{.prepared = std::move(running.prepared),
                   .operation = running.operation,
                   .variables = std::move(running.variables),
                   .route = route,
                   .filter = both(std::move(decision.rows), std::get<Predicate>(std::move(filter))),
                   .caller = *caller};
}

Result<std::string> data_payload(Server::Parts& parts, const Listening& listening, const ChangeEntry& change) {
  RequestResolvers resolvers(parts.backend, listening.caller, {});
  const Running running{listening.prepared, listening.operation, listening.variables};
  const auto result = parts.run(running, resolvers, Value(object_of(change.image)));
  if (resolvers.failure()) return *resolvers.failure();
  const auto* fields = result.at("data").as_object();
  // Clients cannot bear a record that is null.
  if (fields == nullptr || fields->empty() || fields->begin()->value.is_null()) return std::string();
  return json::write(Value(result));
}

}  // namespace holdfast::server
