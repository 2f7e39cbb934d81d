// Execution of a valid document: variables, resolvers, completion, errors (October 2021, section 6).
//
// Fields are resolved level by level: one call of a resolver for all parents of that level, so that a nested
// relation costs one read a level and not one a row.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_rows.h"
#include "graphql/ast.h"
#include "graphql/type_system.h"
#include "graphql/validate.h"
#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::graphql {

/// A field that could not be resolved. `data` is completed in the field's own selection and put into the error.
struct FieldError {
  std::string message;
  std::string error_type = {};
  Value error_info = {};
  std::optional<Value> data = {};
};

/// An object of which one member is a list of rows, objects of one concrete type.
struct RowsPage {
  Value others = {};           ///< An object with the other members.
  std::string_view name = {};  ///< Of the list; outlives the page.
  /// Shared because parents that ask for the same get the same.
  std::shared_ptr<json::Rows> rows = {};
};

using Outcome = std::variant<Value, FieldError, RowsPage>;

/// One field of one level.
struct FieldCall {
  const TypeDefinition& parent;
  const FieldDefinition& field;
  const Object& arguments;                   ///< Coerced; absent optional arguments without default are absent.
  const std::vector<Selection>& selections;  ///< The first of the merged field's selections; for diagnostics.
};

/// What a service answers fields with. Values of object type are Objects; an abstract type's object names its
/// concrete type in `__typename`.
class Resolvers {
 public:
  virtual ~Resolvers() = default;
  /// Whether `resolve` answers this field; otherwise it is the parent object's member of that name, or null.
  [[nodiscard]] virtual bool resolves(const TypeDefinition& parent, const FieldDefinition& field) const = 0;
  /// One outcome a parent, in order. Root fields have one parent: the root value.
  virtual std::vector<Outcome> resolve(const FieldCall& call, std::span<const Value* const> parents) = 0;
};

/// Custom scalars: how to read a literal or variable, and how to write a result. Both may refuse with a message.
class Scalars {
 public:
  virtual ~Scalars() = default;
  /// `input` is the JSON value of the variable or literal. Returns the coerced value or what is wrong.
  [[nodiscard]] virtual Result<Value> read(const TypeDefinition& scalar, const Value& input) const = 0;
  [[nodiscard]] virtual Result<Value> write(const TypeDefinition& scalar, const Value& result) const = 0;
  /// Whether `write` gives every value of this kind back as it is; it is then not asked for each.
  [[nodiscard]] virtual bool keeps(const TypeDefinition& /*scalar*/, Value::Kind /*kind*/) const { return false; }
};

/// The operation to run: the only one, or the one named. Codes: invalid_argument with graphql-js's message.
Result<const Operation*> select_operation(const Document& document, std::string_view operation_name);

/// Fields nest at most this deep in an answer; the fields below become null, each with an error.
inline constexpr int execution_depth_max = 100;
/// Selections looked at, fields (20 each) and values completed in one operation; beyond it the answer is one error. A
/// page of 1,000 records of 20 fields, each with 50 children of 20 fields, takes half of it.
inline constexpr std::size_t execution_steps_max = 2'000'000;

/// Variables coerced to the operation's definitions, with defaults; errors carry graphql-js's messages, except
/// that a null for a non-null type reads as AppSync's: `Variable 'x' has coerced Null value for NonNull type 'T!'`.
std::variant<Object, std::vector<RequestError>> coerce_variables(const TypeSystem& types, const Operation& operation,
                                                                 const Value& variables, const Scalars& scalars);

struct Plan;

struct Execution {
  const TypeSystem& types;
  const Document& document;
  const Operation& operation;
  const Object& variables;  ///< From coerce_variables.
  const Scalars& scalars;
  Resolvers& resolvers;
  /// Asked before each call of a resolver; an error is what that call gives for every parent.
  std::function<std::optional<FieldError>()> interruption = {};
  /// The operation's, if it has one.
  const Plan* plan = nullptr;
};

/// What an operation gave.
struct Response {
  std::string text = {};    ///< JSON: `{"data": …, "errors": […]}`.
  bool has_data = false;    ///< Whether one of the root fields is not null.
  bool has_errors = false;
};

/// `errors` are absent when there are none, and have AppSync's members in this order:
/// path, data, errorType, errorInfo, locations [{line, column, sourceName}], message. Null propagation, @skip,
/// @include, fragments, aliases, introspection (__schema, __type, __typename) included. Mutations' root fields run one
/// after the other. A null for a non-null field reads as AppSync's, which its clients look for: `Cannot return null for
/// non-nullable type: 'T' within parent 'P' (/path/to/field)`; other messages are graphql-js's.
Response execute(const Execution& execution, const Value& root);

}  // namespace holdfast::graphql
