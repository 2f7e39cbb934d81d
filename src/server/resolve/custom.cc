#include "server/resolve/custom.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "server/resolve/backend.h"
#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// As the published transformer makes the name of the Lambda.
std::string function_name(std::string name, const std::string& environment) {
  constexpr std::string_view suffix = "-${env}";
  if (!environment.empty()) {
    replace_all(name, "${env}", environment);
  } else if (const auto at = name.find(suffix); at != std::string::npos) {
    name.erase(at, suffix.size());
  }
  return name;
}

void settle(schema::HttpStep& step, const Surroundings& where) {
  const auto settle_text = [&](std::string& text) {
    replace_all(text, "${env}", where.environment.empty() ? "NONE" : where.environment);
    replace_all(text, "${aws_region}", where.region);
  };
  settle_text(step.url);
  for (auto& [name, value] : step.headers) {
    settle_text(name);
    settle_text(value);
  }
}

bool fits(const graphql::TypeRef& type, const Value& value) {
  if (value.is_null()) return true;
  if (!type.is_list()) return value.as_object() != nullptr;
  const auto* list = value.as_list();
  if (list == nullptr) return true;  // The executor says so.
  for (const auto& each : *list) {
    if (!fits(type.element.front(), each)) return false;
  }
  return true;
}

/// A text where an object is expected would read as an object without members.
graphql::Outcome checked(const CustomAsked& asked, graphql::Outcome outcome) {
  const auto* value = std::get_if<Value>(&outcome);
  const auto& field = asked.call.field;
  if (value == nullptr || !asked.route.is_object || fits(field.type, *value)) return outcome;
  return refusal("MappingTemplate", asked.call.parent.name + "." + field.name + " is of the type " + field.type.text() +
                                        ", but what answers it gave something that is no object.");
}

/// Whether so many more calls are within what one request may ask for.
std::optional<graphql::FieldError> refused_by_budget(const CustomAsked& asked, std::size_t calls) {
  auto& budget = asked.budget;
  const auto now = asked.backend.clock.ticks();
  if (!budget.until) budget.until = now + std::min(custom_time_max, asked.backend.options.limits.time_max);
  if (now >= *budget.until) return refusal("ExecutionTimeout", "Execution timed out.");
  budget.calls += calls;
  if (budget.calls <= custom_calls_max) return std::nullopt;
  return refusal("ResolverExecutionLimitReached", "The request asks functions and services for more than " +
                                                      std::to_string(custom_calls_max) + " fields; lower its limits.");
}

}  // namespace

CustomFields::CustomFields(std::vector<schema::CustomField> fields, const graphql::TypeSystem& api,
                           const Surroundings& where) {
  for (auto& field : fields) {
    for (auto& step : field.functions) step.name = function_name(std::move(step.name), where.environment);
    if (field.http) settle(*field.http, where);
    const auto* type = api.type(field.type);
    const auto* definition = type == nullptr ? nullptr : type->field(field.field);
    if (definition == nullptr) continue;
    const auto* target = api.type(definition->type.innermost());
    has_members_ = has_members_ || (field.type != "Query" && field.type != "Mutation" && field.type != "Subscription");
    auto& place = routes_[field.type][field.field];
    place.field = std::move(field);
    place.is_object = target != nullptr && graphql::is_composite(*target);
  }
  for (const auto& [name, type] : api.types()) {
    if (type.kind == graphql::TypeKind::input) inputs_.emplace(name, &type);
  }
}

const CustomRoute* CustomFields::find(std::string_view type, std::string_view field) const {
  const auto fields = routes_.find(type);
  if (fields == routes_.end()) return nullptr;
  const auto route = fields->second.find(field);
  return route == fields->second.end() ? nullptr : &route->second;
}

Object CustomFields::arguments(const graphql::FieldDefinition& field, const Object& given) const {
  Object all;
  for (const auto& each : given) {
    const auto* argument = field.argument(each.name);
    all.append(each.name, argument == nullptr ? each.value : unfolded(argument->type, each.value));
  }
  return all;
}

Value CustomFields::unfolded(const graphql::TypeRef& type, const Value& given) const {
  if (const auto* list = given.as_list(); list != nullptr && type.is_list()) {
    List all;
    for (const auto& each : *list) all.push_back(unfolded(type.element.front(), each));
    return all;
  }
  if (const auto* text = given.as_string(); text != nullptr && type.innermost() == "AWSJSON") {
    auto parsed = json::parse(*text);
    return parsed ? *std::move(parsed) : given;
  }
  const auto input = inputs_.find(type.innermost());
  const auto* object = given.as_object();
  if (object == nullptr || input == inputs_.end()) return given;
  Object all;
  for (const auto& each : *object) {
    const auto* member = input->second->input(each.name);
    all.append(each.name, member == nullptr ? each.value : unfolded(member->type, each.value));
  }
  return all;
}

std::vector<graphql::Outcome> answer_custom(const CustomAsked& asked, std::span<const Value* const> parents) {
  const bool is_http = asked.route.field.http.has_value();
  if (auto refused = refused_by_budget(asked, is_http ? 1 : parents.size())) {
    return std::vector<graphql::Outcome>(parents.size(), *refused);
  }
  if (is_http) return std::vector<graphql::Outcome>(parents.size(), checked(asked, call_http(asked)));
  auto outcomes = call_functions(asked, parents);
  for (auto& outcome : outcomes) outcome = checked(asked, std::move(outcome));
  return outcomes;
}

std::vector<graphql::Outcome> stored_members(const graphql::FieldCall& call, std::span<const Value* const> parents) {
  std::vector<graphql::Outcome> outcomes;
  for (const auto* parent : parents) outcomes.emplace_back((*parent)[call.field.name]);
  return outcomes;
}

}  // namespace holdfast::server
