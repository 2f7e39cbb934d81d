#include "graphql/type_system.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "graphql/builtin.h"
#include "graphql/type_system_check.h"

namespace holdfast::graphql {
namespace {

using Types = std::map<std::string, TypeDefinition, std::less<>>;

std::string_view kind_word(TypeKind kind) {
  switch (kind) {
    case TypeKind::scalar: return "scalar";
    case TypeKind::object: return "object";
    case TypeKind::interface: return "interface";
    case TypeKind::union_type: return "union";
    case TypeKind::enumeration: return "enum";
    case TypeKind::input: return "input object";
  }
  return "";
}

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void extend(TypeDefinition& type, TypeDefinition&& extension) {
  append(type.interfaces, std::move(extension.interfaces));
  append(type.fields, std::move(extension.fields));
  append(type.inputs, std::move(extension.inputs));
  append(type.values, std::move(extension.values));
  append(type.members, std::move(extension.members));
  append(type.directives, std::move(extension.directives));
}

void add_definitions(std::vector<TypeDefinition>& definitions, Types& types, std::vector<Diagnostic>& problems) {
  for (auto& definition : definitions) {
    if (definition.is_extension) continue;
    const auto at = definition.at;
    const auto name = definition.name;
    if (types.try_emplace(name, std::move(definition)).second) continue;
    problems.push_back({at, "There can be only one type named \"" + name + "\".", "Rename or remove one of them."});
  }
}

void add_extensions(std::vector<TypeDefinition>& definitions, Types& types, std::vector<Diagnostic>& problems) {
  for (auto& extension : definitions) {
    if (!extension.is_extension) continue;
    const auto found = types.find(extension.name);
    if (found == types.end()) {
      problems.push_back({extension.at, "Cannot extend type \"" + extension.name + "\" because it is not defined.",
                          "Define the type, or correct its name."});
    } else if (found->second.kind != extension.kind) {
      problems.push_back(
          {extension.at,
           "Cannot extend non-" + std::string(kind_word(extension.kind)) + " type \"" + extension.name + "\".",
           "Extend it as what it is: " + std::string(kind_word(found->second.kind)) + "."});
    } else {
      extend(found->second, std::move(extension));
    }
  }
}

void add_directives(std::vector<DirectiveDefinition>& definitions, std::vector<DirectiveDefinition>& directives,
                    std::vector<Diagnostic>& problems) {
  std::set<std::string, std::less<>> declared;
  for (auto& definition : definitions) {
    if (!declared.insert(definition.name).second) {
      problems.push_back({definition.at, "There can be only one directive named \"@" + definition.name + "\".",
                          "Rename or remove one of them."});
      continue;
    }
    // A document may declare a built-in directive itself; its own declaration then stands.
    std::erase_if(directives, [&](const auto& known) { return known.name == definition.name; });
    directives.push_back(std::move(definition));
  }
}

struct Roots {
  std::string query = {}, mutation = {}, subscription = {};
};

void set_root(std::string& root, const std::string& name, Location at, std::vector<Diagnostic>& problems) {
  if (name.empty()) return;
  if (root.empty()) {
    root = name;
  } else {
    problems.push_back({at, "The schema names more than one root type for the same operation.", "Keep one of them."});
  }
}

Roots read_roots(const std::vector<SchemaDefinition>& schemas, const Types& types, std::vector<Diagnostic>& problems) {
  Roots roots;
  bool is_defined = false;
  for (const auto& schema : schemas) {
    if (!schema.is_extension && std::exchange(is_defined, true)) {
      problems.push_back({schema.at, "Must provide only one schema definition.", "Merge the definitions."});
      continue;
    }
    set_root(roots.query, schema.query, schema.at, problems);
    set_root(roots.mutation, schema.mutation, schema.at, problems);
    set_root(roots.subscription, schema.subscription, schema.at, problems);
  }
  if (is_defined) return roots;
  if (roots.query.empty() && types.contains("Query")) roots.query = "Query";
  if (roots.mutation.empty() && types.contains("Mutation")) roots.mutation = "Mutation";
  if (roots.subscription.empty() && types.contains("Subscription")) roots.subscription = "Subscription";
  return roots;
}

void check_root(const Types& types, const std::string& name, std::string_view operation,
                std::vector<Diagnostic>& problems) {
  if (name.empty()) return;
  const auto found = types.find(name);
  if (found != types.end() && found->second.kind == TypeKind::object) return;
  problems.push_back({found == types.end() ? Location{1, 1, 0} : found->second.at,
                      "The " + std::string(operation) + " root type \"" + name + "\" must be an object type.",
                      "Define it as `type " + name + " { ... }`."});
}

}  // namespace

std::variant<TypeSystem, std::vector<Diagnostic>> TypeSystem::build(SchemaDocument document) {
  TypeSystem built;
  std::vector<Diagnostic> problems;
  for (const auto& type : builtin_definitions().types) built.types_.emplace(type.name, type);
  built.directives_ = builtin_definitions().directives;
  // A document that declares a built-in scalar says nothing new.
  std::erase_if(document.types, [](const auto& type) {
    return !type.is_extension && type.kind == TypeKind::scalar && is_builtin_scalar(type.name);
  });
  add_definitions(document.types, built.types_, problems);
  add_extensions(document.types, built.types_, problems);
  add_directives(document.directives, built.directives_, problems);

  const auto roots = read_roots(document.schemas, built.types_, problems);
  built.query_ = roots.query;
  built.mutation_ = roots.mutation;
  built.subscription_ = roots.subscription;
  for (const auto& schema : document.schemas) {
    if (!schema.description.empty()) built.description_ = schema.description;
  }
  if (roots.query.empty()) {
    problems.push_back({{1, 1, 0}, "Query root type must be provided.", "Define `type Query { ... }`."});
  }
  check_root(built.types_, roots.query, "query", problems);
  check_root(built.types_, roots.mutation, "mutation", problems);
  check_root(built.types_, roots.subscription, "subscription", problems);

  built.index_possible_types();
  for (auto& problem : check_type_system(built)) problems.push_back(std::move(problem));
  if (problems.empty()) return built;
  std::stable_sort(problems.begin(), problems.end(), [](const Diagnostic& left, const Diagnostic& right) {
    return std::tie(left.at.source, left.at.line, left.at.column) <
           std::tie(right.at.source, right.at.line, right.at.column);
  });
  return problems;
}

void TypeSystem::index_possible_types() {
  for (const auto& [name, type] : types_) {
    if (type.kind == TypeKind::object) {
      possible_types_[name].push_back(&type);
      for (const auto& interface : type.interfaces) possible_types_[interface].push_back(&type);
    } else if (type.kind == TypeKind::union_type) {
      for (const auto& member : type.members) {
        if (const auto* object = this->type(member)) possible_types_[name].push_back(object);
      }
    }
  }
}

const TypeDefinition* TypeSystem::type(std::string_view name) const noexcept {
  const auto found = types_.find(name);
  return found == types_.end() ? nullptr : &found->second;
}

const TypeDefinition* TypeSystem::root(OperationType operation) const noexcept {
  switch (operation) {
    case OperationType::query: return type(query_);
    case OperationType::mutation: return type(mutation_);
    case OperationType::subscription: return type(subscription_);
  }
  return nullptr;
}

const DirectiveDefinition* TypeSystem::directive(std::string_view name) const noexcept {
  const auto found = std::find_if(directives_.begin(), directives_.end(),
                                  [name](const auto& definition) { return definition.name == name; });
  return found == directives_.end() ? nullptr : &*found;
}

const std::vector<const TypeDefinition*>& TypeSystem::possible_types(std::string_view abstract) const {
  static const std::vector<const TypeDefinition*> none;
  const auto found = possible_types_.find(abstract);
  return found == possible_types_.end() ? none : found->second;
}

const FieldDefinition* TypeSystem::field(const TypeDefinition& parent, std::string_view name) const noexcept {
  if (!name.starts_with("__")) return parent.field(name);
  if (name == "__typename" && is_composite(parent)) return &typename_field();
  if (parent.name != query_) return nullptr;
  if (name == "__schema") return &schema_field();
  return name == "__type" ? &type_field() : nullptr;
}

bool is_composite(const TypeDefinition& type) noexcept { return type.kind == TypeKind::object || is_abstract(type); }

bool is_leaf(const TypeDefinition& type) noexcept {
  return type.kind == TypeKind::scalar || type.kind == TypeKind::enumeration;
}

bool is_input(const TypeDefinition& type) noexcept { return is_leaf(type) || type.kind == TypeKind::input; }

bool is_abstract(const TypeDefinition& type) noexcept {
  return type.kind == TypeKind::interface || type.kind == TypeKind::union_type;
}

bool is_required(const InputValue& input) noexcept { return input.type.is_non_null && !input.default_value; }

bool is_subtype(const TypeSystem& types, const TypeRef& narrow, const TypeRef& wide) {
  if (wide.is_non_null && !narrow.is_non_null) return false;
  if (wide.is_list() != narrow.is_list()) return false;
  if (wide.is_list()) return is_subtype(types, narrow.element.front(), wide.element.front());
  if (narrow.name == wide.name) return true;
  const auto* general = types.type(wide.name);
  const auto* special = types.type(narrow.name);
  if (!general || !special || !is_abstract(*general)) return false;
  const auto& possible = types.possible_types(wide.name);
  if (special->kind == TypeKind::object) return std::find(possible.begin(), possible.end(), special) != possible.end();
  return std::find(special->interfaces.begin(), special->interfaces.end(), wide.name) != special->interfaces.end();
}

bool same_type(const TypeRef& left, const TypeRef& right) noexcept {
  if (left.is_non_null != right.is_non_null || left.is_list() != right.is_list()) return false;
  return left.is_list() ? same_type(left.element.front(), right.element.front()) : left.name == right.name;
}

}  // namespace holdfast::graphql
