#include "schema/draft.h"

#include <algorithm>
#include <array>

namespace holdfast::schema {

using graphql::AstValue;
using graphql::Directive;

void Draft::problem(const graphql::Location& at, std::string message, std::string remedy) {
  problems.push_back({.at = at, .message = std::move(message), .remedy = std::move(remedy)});
}

void Draft::notice(const graphql::Location& at, std::string message, std::string remedy) {
  notices.push_back({.at = at, .message = std::move(message), .remedy = std::move(remedy)});
}

const graphql::TypeDefinition* Draft::type(std::string_view name) const noexcept {
  const auto found = type_at.find(name);
  return found == type_at.end() ? nullptr : &document.types[found->second];
}

bool Draft::is_model(std::string_view name) const noexcept {
  const auto* found = type(name);
  return found != nullptr && found->kind == graphql::TypeKind::object && !is_root(name) &&
         graphql::directive(found->directives, "model") != nullptr;
}

ModelSchema* Draft::model(std::string_view name) {
  // Models are only ever added, at the end.
  for (; models_known < schema.models.size(); ++models_known) {
    model_at.emplace(schema.models[models_known].name, models_known);
  }
  const auto found = model_at.find(name);
  return found == model_at.end() ? nullptr : &schema.models[found->second];
}

std::optional<std::string> text_argument(const Directive& directive, std::string_view name) {
  const auto* value = graphql::argument(directive.arguments, name);
  if (value == nullptr || value->kind != AstValue::Kind::string) return std::nullopt;
  return value->text;
}

std::optional<std::vector<std::string>> texts_argument(const Directive& directive, std::string_view name) {
  const auto* value = graphql::argument(directive.arguments, name);
  if (value == nullptr) return std::nullopt;
  if (value->kind == AstValue::Kind::string) return std::vector{value->text};
  if (value->kind != AstValue::Kind::list) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& item : value->items) {
    if (item.kind != AstValue::Kind::string && item.kind != AstValue::Kind::null) return std::nullopt;
    // No field has this name, so that whoever looks for it says what is wrong.
    texts.push_back(item.kind == AstValue::Kind::null ? "null" : item.text);
  }
  return texts;
}

bool is_null_argument(const Directive& directive, std::string_view name) noexcept {
  const auto* value = graphql::argument(directive.arguments, name);
  return value != nullptr && value->kind == AstValue::Kind::null;
}

FieldSchema foreign_key(std::string name, const FieldSchema& key, bool is_required) {
  FieldSchema field{.name = std::move(name), .kind = key.kind, .scalar = key.scalar, .type_name = key.type_name};
  field.is_required = is_required;
  field.is_implied = true;
  return field;
}

void add_foreign_key(ModelSchema& model, FieldSchema field) {
  if (model.field(field.name) == nullptr) model.fields.push_back(std::move(field));
}

bool are_same_type(const FieldSchema& left, const FieldSchema& right) noexcept {
  return left.kind == right.kind && left.scalar == right.scalar && left.type_name == right.type_name;
}

bool are_same_kind(const FieldSchema& left, const FieldSchema& right) noexcept {
  const auto is_text = [](const FieldSchema& field) {
    return field.kind == FieldKind::scalar && (field.scalar == Scalar::id || field.scalar == Scalar::string);
  };
  return (is_text(left) && is_text(right)) || are_same_type(left, right);
}

std::string type_word(const FieldSchema& field) {
  return field.kind == FieldKind::scalar ? std::string(graphql_name(field.scalar)) : field.type_name;
}

const IndexSchema* index_named(const ModelSchema& model, std::string_view name) noexcept {
  const auto found = std::find_if(model.indexes.begin(), model.indexes.end(),
                                  [name](const IndexSchema& index) { return index.name == name; });
  return found == model.indexes.end() ? nullptr : &*found;
}

const Directive* relation_directive(const graphql::FieldDefinition& field) noexcept {
  static constexpr std::array<std::string_view, 5> names = {"hasOne", "hasMany", "belongsTo", "manyToMany",
                                                            "connection"};
  for (const auto& directive : field.directives) {
    if (std::find(names.begin(), names.end(), directive.name) != names.end()) return &directive;
  }
  return nullptr;
}

}  // namespace holdfast::schema
