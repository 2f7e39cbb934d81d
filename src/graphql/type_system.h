// TypeSystem: a complete, checked GraphQL schema that documents are validated and executed against.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graphql/ast.h"
#include "graphql/parser.h"

namespace holdfast::graphql {

/// Immutable; safe to read from any thread. Moves, but does not copy: its tables point into each other.
class TypeSystem {
 public:
  TypeSystem(TypeSystem&&) noexcept = default;
  TypeSystem& operator=(TypeSystem&&) noexcept = default;
  TypeSystem(const TypeSystem&) = delete;
  TypeSystem& operator=(const TypeSystem&) = delete;
  ~TypeSystem() = default;

  /// Merges extensions, adds the five built-in scalars, the built-in directives and the introspection types, and
  /// checks that every name refers to a type of the right sort, names are unique, input objects have no endless
  /// non-null cycle, and interfaces are implemented. All problems are reported, in source order. Directives that
  /// definitions carry are kept and not checked: their meaning is the business of whoever reads them.
  static std::variant<TypeSystem, std::vector<Diagnostic>> build(SchemaDocument document);

  [[nodiscard]] const TypeDefinition* type(std::string_view name) const noexcept;
  [[nodiscard]] const TypeDefinition* root(OperationType operation) const noexcept;  ///< Null when not offered.
  [[nodiscard]] const DirectiveDefinition* directive(std::string_view name) const noexcept;
  /// By name, introspection types included.
  [[nodiscard]] const std::map<std::string, TypeDefinition, std::less<>>& types() const noexcept { return types_; }
  [[nodiscard]] const std::vector<DirectiveDefinition>& directives() const noexcept { return directives_; }
  /// The object types that `abstract` (an interface or union) may be; the type itself for an object.
  [[nodiscard]] const std::vector<const TypeDefinition*>& possible_types(std::string_view abstract) const;
  /// The field, with __typename on every composite type and __schema/__type on the query root.
  [[nodiscard]] const FieldDefinition* field(const TypeDefinition& parent, std::string_view name) const noexcept;
  [[nodiscard]] const std::string& description() const noexcept { return description_; }

 private:
  TypeSystem() = default;
  void index_possible_types();

  std::map<std::string, TypeDefinition, std::less<>> types_;
  std::map<std::string, std::vector<const TypeDefinition*>, std::less<>> possible_types_;
  std::vector<DirectiveDefinition> directives_;
  std::string query_, mutation_, subscription_, description_;
};

bool is_composite(const TypeDefinition& type) noexcept;  ///< object, interface, union
bool is_leaf(const TypeDefinition& type) noexcept;       ///< scalar, enum
bool is_input(const TypeDefinition& type) noexcept;      ///< scalar, enum, input
bool is_abstract(const TypeDefinition& type) noexcept;   ///< interface, union

/// An argument or input field that must be given: non-null and without default.
bool is_required(const InputValue& input) noexcept;
/// Whether every value of `narrow` is a value of `wide`: the covariance of fields and of variables.
bool is_subtype(const TypeSystem& types, const TypeRef& narrow, const TypeRef& wide);
bool same_type(const TypeRef& left, const TypeRef& right) noexcept;  ///< Equal, wherever written.

}  // namespace holdfast::graphql
