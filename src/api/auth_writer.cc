#include "api/auth_writer.h"

#include <algorithm>

namespace holdfast::api {
namespace {

using graphql::TypeDefinition;
using schema::AuthMode;

std::string directive_name(AuthMode mode) {
  switch (mode) {
    case AuthMode::api_key: return "aws_api_key";
    case AuthMode::user_pools: return "aws_cognito_user_pools";
    case AuthMode::iam: return "aws_iam";
    case AuthMode::oidc: return "aws_oidc";
    default: return "aws_lambda";
  }
}

}  // namespace

AuthWriter::AuthWriter(const Basis& basis, graphql::SchemaDocument& document)
    : basis_(basis),
      document_(document),
      default_(basis.options.modes.empty() ? AuthMode::api_key : basis.options.modes.front()) {
  for (std::size_t at = 0; at < document.types.size(); ++at) type_at_.emplace(document.types[at].name, at);
}

TypeDefinition* AuthWriter::type(std::string_view name) {
  const auto found = type_at_.find(name);
  return found == type_at_.end() ? nullptr : &document_.types[found->second];
}

graphql::FieldDefinition* AuthWriter::field(std::string_view type_name, std::string_view name) {
  auto* parent = type(type_name);
  if (parent == nullptr) return nullptr;
  const auto found =
      std::find_if(parent->fields.begin(), parent->fields.end(), [name](const auto& one) { return one.name == name; });
  return found == parent->fields.end() ? nullptr : &*found;
}

Modes AuthWriter::marks(const Modes& modes) const { return modes == Modes{default_} ? Modes{} : modes; }

Modes AuthWriter::marks_with_default(const Modes& modes) const {
  auto all = marks(modes);
  if (!all.empty()) all.insert(default_);
  return all;
}

void AuthWriter::mark(std::vector<graphql::Directive>& directives, const Modes& marks) {
  for (const auto mode : marks) {
    auto name = directive_name(mode);
    if (graphql::directive(directives, name) == nullptr) directives.push_back({.name = std::move(name)});
  }
}

void AuthWriter::mark_type(std::string_view name, const Modes& marks) {
  if (auto* found = type(name)) mark(found->directives, marks);
}

void AuthWriter::mark_field(std::string_view type_name, std::string_view name, const Modes& marks) {
  if (auto* found = field(type_name, name)) mark(found->directives, marks);
}

void AuthWriter::mark_operation(std::string_view root, std::string_view name, const Modes& marks) {
  auto* found = field(root, name);
  if (found == nullptr) return;
  mark(found->directives, marks);
  if (!found->type.is_list() && !found->type.is_non_null) mark_type(found->type.name, marks);
}

const TypeDefinition* AuthWriter::plain_type(const graphql::FieldDefinition& field) {
  const auto* found = type(field.type.innermost());
  const bool is_plain = found != nullptr && found->kind == graphql::TypeKind::object;
  return is_plain && !basis_.is_model(found->name) ? found : nullptr;
}

/// Depth first, without recursion: types can hold each other as deep as a schema is long. `enter` says whether to go
/// on with the fields of a type.
template <class Enter>
void AuthWriter::walk_nested(const TypeDefinition& type, Enter enter) {
  struct Visit {
    const TypeDefinition* type;
    std::size_t next_field = 0;
  };
  std::vector<Visit> open = {{&type}};
  while (!open.empty()) {
    auto& visit = open.back();
    if (visit.next_field == visit.type->fields.size()) {
      open.pop_back();
      continue;
    }
    const auto* nested = plain_type(visit.type->fields[visit.next_field++]);
    if (nested != nullptr && enter(nested->name)) open.push_back({nested});
  }
}

void AuthWriter::mark_nested(const TypeDefinition& type, const Modes& modes) {
  walk_nested(type, [&](const std::string& name) {
    const auto [met, is_new] = nested_.try_emplace(name);
    const auto wanted = is_new ? marks(modes) : marks_with_default(modes);
    const auto before = met->second.size();
    met->second.insert(wanted.begin(), wanted.end());
    mark_type(name, wanted);
    return is_new || met->second.size() > before;
  });
}

void AuthWriter::mark_nested_with_default(const TypeDefinition& type, const Modes& modes) {
  const auto wanted = marks_with_default(modes);
  walk_nested(type, [&](const std::string& name) {
    auto& met = nested_[name];
    const auto before = met.size();
    met.insert(wanted.begin(), wanted.end());
    mark_type(name, wanted);
    return met.size() > before;
  });
}

void AuthWriter::mark_all_nested(const TypeDefinition& type, const Modes& marks) {
  std::set<std::string> met;
  walk_nested(type, [&](const std::string& name) {
    mark_type(name, marks);
    return met.insert(name).second;
  });
}

}  // namespace holdfast::api
