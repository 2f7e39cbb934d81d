#include "server/resolve/conflict_rules.h"

#include <algorithm>
#include <string>

namespace holdfast::server {
namespace {

Error wrong(const std::string& place, std::string_view what) {
  return {Code::invalid_argument, "conflicts of " + place + ": " + std::string(what)};
}

Result<void> check_rule(const std::string& place, const ConflictRule& rule, bool has_functions) {
  const bool is_custom = rule.strategy == ConflictStrategy::custom;
  if (is_custom && rule.function.empty()) {
    return wrong(place, "a custom strategy needs the name of a function; give one");
  }
  if (!is_custom && !rule.function.empty()) {
    return wrong(place, "the function " + rule.function + " is never asked by the strategy " +
                            std::string(name(rule.strategy)) + "; choose custom, or leave the function out");
  }
  if (is_custom && !has_functions) {
    return wrong(place, "the function " + rule.function + " cannot be called: this backend has no functions");
  }
  return {};
}

}  // namespace

ConflictRule rule_of(const ServerOptions& options, const ModelSchema& model) {
  const auto own = options.model_conflicts.find(model.name);
  if (own != options.model_conflicts.end()) return own->second;
  return {options.conflict, options.conflict_function};
}

bool may_ask_functions(const ServerOptions& options) {
  const auto& models = options.model_conflicts;
  return options.conflict == ConflictStrategy::custom ||
         std::any_of(models.begin(), models.end(),
                     [](const auto& model) { return model.second.strategy == ConflictStrategy::custom; });
}

Result<void> check_rules(const Schema& schema, const ServerOptions& options, bool has_functions) {
  const ConflictRule whole{options.conflict, options.conflict_function};
  if (auto sound = check_rule("the project", whole, has_functions); !sound) return sound;
  for (const auto& [model, rule] : options.model_conflicts) {
    if (schema.model(model) == nullptr) {
      return wrong(model, "the schema has no such model; correct the name or leave it out");
    }
    if ((rule.strategy == ConflictStrategy::none) != (options.conflict == ConflictStrategy::none)) {
      return wrong(model,
                   "records have versions in all models or in none; choose the strategy none for the project, or "
                   "another one for the model");
    }
    if (auto sound = check_rule(model, rule, has_functions); !sound) return sound;
  }
  return {};
}

std::string_view name(ConflictStrategy strategy) noexcept {
  switch (strategy) {
    case ConflictStrategy::optimistic: return "optimistic";
    case ConflictStrategy::none: return "none";
    case ConflictStrategy::custom: return "custom";
    default: return "automerge";
  }
}

}  // namespace holdfast::server
