#include "schema/key_rules.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;

bool is_boolean(const FieldSchema& field) noexcept {
  return field.kind == FieldKind::scalar && field.scalar == Scalar::boolean;
}

std::string text_in(const graphql::AstValue& rule, std::string_view name, std::string fallback) {
  const auto* value = graphql::argument(rule.fields, name);
  return value == nullptr ? std::move(fallback) : value->text;
}

/// Whether a rule of @auth keeps the owner in the field, as two claims joined: such a value does not sort.
bool holds_owner(const graphql::TypeDefinition& type, const std::string& field) {
  const auto* auth = graphql::directive(type.directives, "auth");
  const auto* rules = auth == nullptr ? nullptr : graphql::argument(auth->arguments, "rules");
  return rules != nullptr && std::any_of(rules->items.begin(), rules->items.end(), [&](const graphql::AstValue& rule) {
           return text_in(rule, "allow", "") == "owner" && text_in(rule, "ownerField", "owner") == field &&
                  text_in(rule, "identityClaim", "sub::username").find("::") != std::string::npos;
         });
}

/// What is wrong with one field of a key, and what to do; nothing when it is sound.
std::optional<std::pair<std::string, std::string>> key_field_problem(const ModelSchema& model,
                                                                     const graphql::TypeDefinition& type,
                                                                     const KeyUse& use, std::size_t at) {
  const auto& name = use.fields[at];
  const auto* field = model.field(name);
  const auto* written = type.field(name);
  if (field == nullptr && written == nullptr) {
    return {{"Can't find field '" + name + "' in " + model.name + ", but it was specified in " + use.word + ".",
             "Name a stored field of " + model.name + "."}};
  }
  if (field == nullptr || !is_key_type(*field)) {
    return {{upper_first(at == 0 ? use.word : use.sort_word) + " on type '" + model.name + "." + name +
                 "' cannot be a non-scalar.",
             "Use a field of a scalar or enum type that is not a list."}};
  }
  if (is_boolean(*field)) {
    return {{at == 0 ? "Boolean values cannot be used as sort keys."
                     : "Sort Key Condition could not be constructed for field '" + name + "'",
             "'" + name + "' is a Boolean: use a field whose values have an order."}};
  }
  if (at > 0 && use.directive == "primaryKey" && holds_owner(type, name)) {
    return {{"The primary key's sort key type '" + name + "' cannot be used as an owner @auth field too.",
             "Use another field for the sort key."}};
  }
  const auto before = use.fields.begin() + static_cast<std::ptrdiff_t>(at);
  if (std::find(use.fields.begin(), before, name) != before) {
    return {{"@" + use.directive + " field '" + name + "' cannot reference itself.", "Name each field once."}};
  }
  return std::nullopt;
}

void report_same_partition(Draft& draft, const Directive& directive, const std::string& name) {
  const bool is_v1 = directive.name == "key";
  draft.problem(directive.at,
                is_v1
                    ? "Invalid @key \"" + name +
                          "\". You may not create a @key where the first field in 'fields' is the same as that of the "
                          "primary @key unless the primary @key has multiple 'fields'."
                    : "Invalid @index '" + name +
                          "'. You may not create an index where the partition key is the same as that of the primary "
                          "key unless the primary key has a sort field.",
                "Add a sort key to the primary key, or start the index with another field.");
}

}  // namespace

bool is_key_type(const FieldSchema& field) noexcept { return !field.is_list && field.kind != FieldKind::embedded; }

bool check_key(Draft& draft, const ModelSchema& model, const KeyUse& use) {
  bool is_sound = true;
  for (std::size_t at = 0; at < use.fields.size(); ++at) {
    auto problem = key_field_problem(model, *draft.type(model.name), use, at);
    if (!problem) continue;
    draft.problem(use.at, std::move(problem->first), std::move(problem->second));
    is_sound = false;
  }
  return is_sound;
}

void check_projection(Draft& draft, const Directive& directive, const std::string& index_name) {
  const auto* projection = graphql::argument(directive.arguments, "projection");
  if (projection == nullptr) return;
  const auto* type = graphql::argument(projection->fields, "type");
  const auto* attributes = graphql::argument(projection->fields, "nonKeyAttributes");
  if (type == nullptr || type->text != "INCLUDE" || (attributes != nullptr && !attributes->items.empty())) return;
  draft.problem(projection->at,
                "@index '" + index_name + "': nonKeyAttributes must be specified when projection type is INCLUDE",
                "Add nonKeyAttributes: [\"...\"], or write ALL.");
}

void check_same_partition(Draft& draft, const ModelSchema& model, const graphql::TypeDefinition& type) {
  if (!model.has_custom_primary_key || model.primary_key.size() > 1) return;
  const auto& partition = model.primary_key.front();
  if (const auto* field = type.field(partition)) {
    for (const auto& directive : field->directives) {
      if (directive.name == "index")
        report_same_partition(draft, directive, text_argument(directive, "name").value_or(""));
    }
  }
  for (const auto& directive : type.directives) {
    const auto name = text_argument(directive, "name");
    const auto fields = texts_argument(directive, "fields");
    if (directive.name != "key" || !name || !fields || fields->empty()) continue;
    if (fields->front() == partition) report_same_partition(draft, directive, *name);
  }
}

}  // namespace holdfast::schema
