// Directives as clients see them.
#include <algorithm>
#include <charconv>
#include <utility>

#include "codegen/metadata_draft.h"
#include "schema/names.h"

namespace holdfast::codegen {
namespace {

using graphql::AstValue;

Value number_of(const std::string& text) {
  std::int64_t integer = 0;
  const auto* end = text.data() + text.size();
  if (const auto [stop, error] = std::from_chars(text.data(), end, integer); error == std::errc() && stop == end) {
    return integer;
  }
  double floating = 0;
  std::from_chars(text.data(), end, floating);
  return floating;
}

/// A literal as JSON, its type unknown: enum values become strings.
Value json_of(const AstValue& literal) {
  switch (literal.kind) {
    case AstValue::Kind::integer:
    case AstValue::Kind::floating: return number_of(literal.text);
    case AstValue::Kind::boolean: return literal.text == "true";
    case AstValue::Kind::null:
    case AstValue::Kind::variable: return nullptr;
    case AstValue::Kind::list: {
      List items;
      for (const auto& item : literal.items) items.push_back(json_of(item));
      return items;
    }
    case AstValue::Kind::object: {
      Object members;
      for (const auto& member : literal.fields) members.set(member.name, json_of(member.value));
      return members;
    }
    default: return literal.text;
  }
}

Annotation key_attribute(std::vector<std::string> fields) {
  return {.name = "key", .arguments = {{"fields", value_of(fields)}}};
}

std::vector<std::string> key_fields(const MetadataField& partition, const Annotation& directive) {
  std::vector<std::string> fields = texts_of(directive.arguments.at("sortKeyFields"));
  fields.insert(fields.begin(), partition.name);
  return fields;
}

std::string default_index_name(const MetadataType& model, const std::vector<std::string>& fields) {
  std::string name = schema::lower_first(schema::plural(model.name)) + "By";
  for (std::size_t at = 0; at < fields.size(); ++at) name += (at > 0 ? "And" : "") + schema::upper_first(fields[at]);
  return name;
}

Annotation index_attribute(const MetadataType& model, const MetadataField& field, const Annotation& index) {
  const auto fields = key_fields(field, index);
  const auto* name = index.arguments.at("name").as_string();
  Annotation key{.name = "key"};
  key.arguments.append("name", name == nullptr ? default_index_name(model, fields) : *name);
  // A null means that there is no query; without the word clients are told nothing.
  if (const auto* query = index.arguments.find("queryField")) key.arguments.append("queryField", *query);
  key.arguments.append("fields", value_of(fields));
  return key;
}

// --- auth ----------------------------------------------------------------------------------------------------

bool is_given(const Value& value) noexcept {
  const auto* text = value.as_string();
  return !value.is_null() && (text == nullptr || !text->empty());
}

const Value& first_given(const Object& rule, std::string_view one, std::string_view other, const Value& fallback) {
  if (is_given(rule.at(one))) return rule.at(one);
  return is_given(rule.at(other)) ? rule.at(other) : fallback;
}

void take_over(Object& into, const Object& rule) {
  for (const auto& [name, value] : rule) into.set(name, value);
}

Object owner_rule(const Object& rule) {
  static const Value username = "cognito:username";
  Object made{{"provider", "userPools"}, {"ownerField", "owner"}};
  take_over(made, rule);
  if (!is_given(made.at("ownerField"))) made.set("ownerField", "owner");
  const auto& claim = first_given(rule, "identityClaim", "identityField", username);
  made.set("identityClaim", claim == Value("username") ? username : claim);
  return made;
}

/// "groupField" is a name of old that clients still get, beside the author's "groupsField".
Object groups_rule(const Object& rule) {
  Object made{{"groupClaim", "cognito:groups"}, {"provider", "userPools"}};
  take_over(made, rule);
  if (!is_given(rule.at("groups"))) made.set("groupField", "groups");
  return made;
}

Object finished_rule(const Object& rule) {
  static const Value all = value_of({"create", "update", "delete", "read"});
  const auto* allow = rule.at("allow").as_string();
  Object made = rule;
  if (allow != nullptr && *allow == "owner") made = owner_rule(rule);
  if (allow != nullptr && *allow == "groups") made = groups_rule(rule);
  made.set("operations", first_given(rule, "operations", "mutations", all));
  return made;
}

Value finished_rules(const Value& written) {
  List rules;
  const List alone{written};  // One rule may stand without brackets.
  for (const auto& rule : written.as_list() != nullptr ? *written.as_list() : alone) {
    if (const auto* members = rule.as_object()) rules.emplace_back(finished_rule(*members));
  }
  return rules;
}

}  // namespace

std::vector<std::string> texts_of(const Value& value) {
  std::vector<std::string> texts;
  if (const auto* text = value.as_string()) texts.push_back(*text);
  if (const auto* list = value.as_list()) {
    for (const auto& item : *list) {
      if (const auto* text = item.as_string()) texts.push_back(*text);
    }
  }
  return texts;
}

Value value_of(const std::vector<std::string>& texts) { return List(texts.begin(), texts.end()); }

Annotation annotation_of(const graphql::Directive& directive) {
  Annotation made{.name = directive.name};
  for (const auto& argument : directive.arguments) made.arguments.set(argument.name, json_of(argument.value));
  const bool is_relation = made.name == "hasOne" || made.name == "hasMany" || made.name == "belongsTo";
  if (is_relation && is_given(made.arguments.at("references"))) {
    made.arguments.set("references", value_of(texts_of(made.arguments.at("references"))));
  }
  return made;
}

void add_key_attributes(MetadataType& model) {
  for (const auto& field : model.fields) {
    const auto* primary = annotation(field.annotations, "primaryKey");
    if (primary == nullptr) continue;
    model.annotations.push_back(key_attribute(key_fields(field, *primary)));
    break;
  }
  for (const auto& field : model.fields) {
    for (const auto& one : field.annotations) {
      if (one.name == "index") model.annotations.push_back(index_attribute(model, field, one));
    }
  }
}

void finish_auth_attributes(MetadataType& model) {
  const auto first = std::stable_partition(model.annotations.begin(), model.annotations.end(),
                                           [](const Annotation& one) { return one.name != "auth"; });
  for (auto one = first; one != model.annotations.end(); ++one) {
    one->arguments.set("rules", finished_rules(one->arguments.at("rules")));
  }
}

}  // namespace holdfast::codegen
