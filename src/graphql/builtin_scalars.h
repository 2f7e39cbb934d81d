// The five built-in scalars and enums: what they accept and how results are written (October 2021, section 3.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "graphql/ast.h"
#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::graphql {

/// How a scalar or enum is read and written; found once a field, not once a value.
enum class Leaf : std::uint8_t { integer, floating, string, boolean, id, enumeration, custom };
Leaf leaf_of(const TypeDefinition& type);

/// What is wrong with a literal for a built-in scalar or an enum, in graphql-js's words; none for what is right and
/// for every literal of a custom scalar.
std::optional<std::string> literal_problem(const TypeDefinition& leaf, const AstValue& literal);

/// The number of an integer or floating literal; none when it is too large for a double. Too small ones are zero.
std::optional<double> number_of_literal(const AstValue& literal);

/// The value of a literal that has no problem.
Value literal_value(const TypeDefinition& leaf, const AstValue& literal);

/// A variable's JSON value as a value of a built-in scalar or an enum. Code: invalid_argument.
Result<Value> read_leaf(const TypeDefinition& leaf, const Value& input);

/// A resolver's result as the response writes it; a custom scalar's unchanged. Code: invalid_argument.
Result<Value> write_leaf(Leaf leaf, const TypeDefinition& type, const Value& result);

/// As graphql-js shows a value in messages: `{ a: 1, b: [Array] }`; long and deep values are cut.
std::string inspect(const Value& value);

}  // namespace holdfast::graphql
