// The syntax tree of GraphQL (October 2021): executable documents and type-system documents, as plain data.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::graphql {

/// Where something stands: 1-based line and column (in bytes). `source` indexes the sources parsed together.
/// Named type-system definitions stand where their name does, everything else where its first character does.
struct Location {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t source = 0;
  friend bool operator==(const Location&, const Location&) = default;
};

/// `Post`, `[Post!]!` … Exactly one of `name` and `element` is set.
struct TypeRef {
  std::string name = {};
  std::vector<TypeRef> element = {};  ///< One for a list, none for a named type.
  bool is_non_null = false;
  Location at = {};

  [[nodiscard]] bool is_list() const noexcept { return !element.empty(); }
  /// The named type inside all lists.
  [[nodiscard]] const std::string& innermost() const noexcept { return is_list() ? element.front().innermost() : name; }
  /// As written: "[Post!]!".
  [[nodiscard]] std::string text() const;
};

struct AstField;

/// A value literal. `text` is the variable's name (without $), the number as written, the string's content, "true",
/// "false", or the enum value.
struct AstValue {
  enum class Kind : std::uint8_t { variable, integer, floating, string, boolean, null, enumeration, list, object };
  Kind kind = Kind::null;
  std::string text = {};
  std::vector<AstValue> items = {};   ///< list
  std::vector<AstField> fields;       ///< object; without `= {}`, which clang 14 refuses while AstField is incomplete
  bool is_block = false;              ///< string written as """…"""
  Location at = {};
};

/// `name: value` of an object value, an argument list or a directive.
struct AstField {
  std::string name;
  AstValue value;
  Location at = {};
};
using Arguments = std::vector<AstField>;

const AstValue* argument(const Arguments& arguments, std::string_view name) noexcept;  ///< Null when absent.

struct Directive {
  std::string name = {};  ///< Without @.
  Arguments arguments = {};
  Location at = {};
};

const Directive* directive(const std::vector<Directive>& directives, std::string_view name) noexcept;

// --- executable documents ------------------------------------------------------------------------------------

struct Selection {
  enum class Kind : std::uint8_t { field, fragment_spread, inline_fragment };
  Kind kind = Kind::field;
  std::string alias = {};           ///< field: empty when there is none
  std::string name = {};            ///< field: its name; fragment_spread: the fragment's
  std::string type_condition = {};  ///< inline_fragment: empty when there is none
  Arguments arguments = {};
  std::vector<Directive> directives = {};
  std::vector<Selection> selections = {};
  Location at = {};

  /// The name in the response: alias, else name.
  [[nodiscard]] const std::string& response_name() const noexcept { return alias.empty() ? name : alias; }
};

enum class OperationType : std::uint8_t { query, mutation, subscription };
std::string_view name(OperationType type) noexcept;  ///< "query", "mutation", "subscription"

struct VariableDefinition {
  std::string name = {};  ///< Without $.
  TypeRef type = {};
  std::optional<AstValue> default_value = {};
  std::vector<Directive> directives = {};
  Location at = {};
};

struct Operation {
  OperationType type = OperationType::query;
  std::string name = {};
  std::vector<VariableDefinition> variables = {};
  std::vector<Directive> directives = {};
  std::vector<Selection> selections = {};
  Location at = {};
};

struct Fragment {
  std::string name = {};
  std::string type_condition = {};
  std::vector<Directive> directives = {};
  std::vector<Selection> selections = {};
  Location at = {};
};

struct Document {
  std::vector<Operation> operations = {};
  std::vector<Fragment> fragments = {};

  [[nodiscard]] const Fragment* fragment(std::string_view name) const noexcept;
};

// --- type-system documents -----------------------------------------------------------------------------------

/// An argument or an input field.
struct InputValue {
  std::string name = {};
  std::string description = {};
  TypeRef type = {};
  std::optional<AstValue> default_value = {};
  std::vector<Directive> directives = {};
  Location at = {};
};

struct FieldDefinition {
  std::string name = {};
  std::string description = {};
  std::vector<InputValue> arguments = {};
  TypeRef type = {};
  std::vector<Directive> directives = {};
  Location at = {};

  [[nodiscard]] const InputValue* argument(std::string_view name) const noexcept;
};

struct EnumValue {
  std::string name = {};
  std::string description = {};
  std::vector<Directive> directives = {};
  Location at = {};
};

enum class TypeKind : std::uint8_t { scalar, object, interface, union_type, enumeration, input };

struct TypeDefinition {
  TypeKind kind = TypeKind::object;
  std::string name = {};
  std::string description = {};
  bool is_extension = false;                 ///< `extend type …`
  std::vector<std::string> interfaces = {};  ///< object, interface
  std::vector<FieldDefinition> fields = {};  ///< object, interface
  std::vector<InputValue> inputs = {};       ///< input
  std::vector<EnumValue> values = {};        ///< enumeration
  std::vector<std::string> members = {};     ///< union_type
  std::vector<Directive> directives = {};
  Location at = {};

  [[nodiscard]] const FieldDefinition* field(std::string_view name) const noexcept;
  [[nodiscard]] const InputValue* input(std::string_view name) const noexcept;
  [[nodiscard]] bool has_value(std::string_view name) const noexcept;
};

struct DirectiveDefinition {
  std::string name = {};
  std::string description = {};
  std::vector<InputValue> arguments = {};
  bool is_repeatable = false;
  std::vector<std::string> locations = {};  ///< "FIELD", "OBJECT" …
  Location at = {};
};

/// `schema { query: Q … }`; empty names where nothing is said.
struct SchemaDefinition {
  std::string description = {};
  std::string query = {}, mutation = {}, subscription = {};
  std::vector<Directive> directives = {};
  bool is_extension = false;
  Location at = {};
};

struct SchemaDocument {
  std::vector<SchemaDefinition> schemas = {};  ///< The definition and its extensions.
  std::vector<TypeDefinition> types = {};      ///< Definitions and extensions, in order.
  std::vector<DirectiveDefinition> directives = {};
};

}  // namespace holdfast::graphql
