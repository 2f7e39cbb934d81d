#include "server/realtime/start.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "protocol/filter_limits.h"
#include "server/resolve/filter.h"

namespace holdfast::server {
namespace {

StartRefusal bad(std::string message) { return {"BadRequestException", std::move(message)}; }

std::string joined(const std::vector<graphql::RequestError>& errors) {
  std::string text;
  for (const auto& error : errors) text += (text.empty() ? "" : "; ") + error.message;
  return text;
}

/// Clients that read these words subscribe again without the filter and filter by themselves.
bool has_not(const Value& filter, int depth) {
  constexpr int depth_max = 50;  // As read_filter's; what is deeper is refused in any case.
  if (depth > depth_max) return false;
  if (const auto* list = filter.as_list()) {
    return std::any_of(list->begin(), list->end(), [&](const Value& each) { return has_not(each, depth + 1); });
  }
  const auto* members = filter.as_object();
  if (members == nullptr) return false;
  return std::any_of(members->begin(), members->end(), [&](const Member& member) {
    const bool is_group = member.name == "and" || member.name == "or";
    return member.name == "not" || (is_group && has_not(member.value, depth + 1));
  });
}

std::string filter_complaint(const std::string& details) {
  return "The variables input contains a field that is not defined for input object type: " + details;
}

/// The words for a filter with `not`, which AppSync's subscriptions do not take, differ.
std::string not_offered(const Value& filter, const std::string& details) {
  if (has_not(filter, 0)) return "The variables input contains a field name 'not': " + details;
  return filter_complaint(details);
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

/// The field that a valid subscription selects: it has no other, but perhaps that one in fragments and several times.
const std::string& root_field(const graphql::Document& document, const std::vector<graphql::Selection>& selections) {
  const auto& first = selections.front();
  switch (first.kind) {
    case graphql::Selection::Kind::field: return first.name;
    case graphql::Selection::Kind::inline_fragment: return root_field(document, first.selections);
    case graphql::Selection::Kind::fragment_spread: break;
  }
  return root_field(document, document.fragment(first.name)->selections);
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
    return bad(has_filter ? not_offered(frame.variables["filter"], joined(*errors)) : joined(*errors));
  }
  return std::get<Running>(std::move(selected));
}

Predicate both(Predicate first, Predicate second) {
  if (first.is_always()) return second;
  return second.is_always() ? first : Predicate::all_of({std::move(first), std::move(second)});
}

/// Every argument named as a field, which owners are told their records by: AppSync sends only what has that value.
/// One that is given as null asks for null.
Predicate named_values(const ModelSchema& model, const Object& arguments) {
  Predicate wanted;
  for (const auto& argument : arguments) {
    const auto* field = argument.name == "filter" ? nullptr : model.field(argument.name);
    if (field == nullptr) continue;
    const bool is_sought_in = field->is_list && !argument.value.is_null();
    wanted = both(std::move(wanted),
                  Predicate::compare(argument.name, is_sought_in ? Op::contains : Op::eq, {argument.value}));
  }
  return wanted;
}

/// The same of a type that is no model.
Object named_members(const graphql::TypeDefinition* type, const Object& arguments) {
  Object wanted;
  for (const auto& argument : arguments) {
    if (type != nullptr && type->field(argument.name) != nullptr) wanted.append(argument.name, argument.value);
  }
  return wanted;
}

/// The arguments of the root field, coerced.
std::variant<Object, StartRefusal> arguments_of(const Server::Parts& parts, const Running& running) {
  ArgumentReader reader;
  const graphql::Execution execution{parts.types,       running.prepared->document, *running.operation,
                                     running.variables, parts.scalars,              reader};
  const auto result = graphql::execute(execution, Value());
  if (!reader.arguments) {
    const auto told = json::parse(result.text);
    if (!told || (*told)["errors"].is_null()) return bad("The root field is left out by @skip or @include.");
    return bad("The arguments cannot be used: " + json::write((*told)["errors"]));
  }
  return *std::move(reader.arguments);
}

/// Which of the route's news are told, with these arguments. `admitted`: what the caller may hear of at all.
std::optional<StartRefusal> narrow(Listening& listening, const Server::Parts& parts, const Object& arguments,
                                   const Predicate& admitted) {
  const auto& route = *listening.route;
  if (route.model == nullptr) {
    const auto* field = parts.types.root(graphql::OperationType::subscription)->field(listening.field);
    listening.named =
        named_members(field->type.is_list() ? nullptr : parts.types.type(field->type.innermost()), arguments);
    return std::nullopt;
  }
  auto filter = read_filter(*route.model, arguments.at("filter"));
  if (!filter) return bad(filter_complaint(filter.error().message));
  if (auto refused = protocol::filter_refusal(arguments.at("filter"), parts.backend.options.filter_limits)) {
    return bad(*refused);
  }
  auto named = named_values(*route.model, arguments);
  if (auto fits = check(named, *route.model); !fits) return bad(fits.error().message);
  const auto wanted = both(admitted, std::move(named));
  for (const auto kind : route.published) {
    listening.heard.push_back({kind, both(wanted, kind == PublishedKind::deleted ? filter->tombstone : filter->live)});
  }
  listening.wanted = both(wanted, filter->live);
  return std::nullopt;
}

}  // namespace

std::variant<Listening, StartRefusal> read_start(Server::Parts& parts, const protocol::ClientFrame& frame) {
  const auto caller = parts.backend.caller_of(frame.authorization);
  if (!caller) return StartRefusal{"UnauthorizedException", "You are not authorized to make this call."};
  auto read = running_of(parts, frame);
  if (auto* refusal = std::get_if<StartRefusal>(&read)) return std::move(*refusal);
  auto& running = std::get<Running>(read);
  if (running.operation->type != graphql::OperationType::subscription) return bad("start takes a subscription.");
  const auto& field = root_field(running.prepared->document, running.operation->selections);
  const auto* route = parts.backend.routes.find("Subscription", field);
  if (route == nullptr) {
    return StartRefusal{"OperationDisabled", "Subscription." + field + " is not served by Holdfast yet."};
  }
  auto decision = parts.backend.decider.decide({*caller, Operation::listen, route->model, "Subscription", field});
  if (!decision.is_allowed) {
    return StartRefusal{"Unauthorized", "Not Authorized to access " + field + " on type Subscription"};
  }
  const auto arguments = arguments_of(parts, running);
  if (const auto* refusal = std::get_if<StartRefusal>(&arguments)) return *refusal;
  Listening listening{.prepared = std::move(running.prepared),
                      .operation = running.operation,
                      .variables = std::move(running.variables),
                      .field = field,
                      .route = route,
                      .caller = *caller};
  if (auto refusal = narrow(listening, parts, std::get<Object>(arguments), decision.rows)) return *std::move(refusal);
  return listening;
}

}  // namespace holdfast::server
