#include "graphql/builtin_scalars.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/json.h"
#include "graphql/printer.h"

namespace holdfast::graphql {
namespace {

Error refused(std::string message) { return {Code::invalid_argument, std::move(message)}; }

bool fits_int(double number) {
  return number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
}

std::optional<double> number_of(const Value& value) {
  if (const auto* integer = value.as_integer()) return static_cast<double>(*integer);
  if (const auto* floating = value.as_floating(); floating && std::isfinite(*floating)) return *floating;
  return std::nullopt;
}

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Shortest text that reads back, written as JavaScript does: plain between 1e-7 and 1e21.
std::string number_text(double number) {
  std::array<char, 400> buffer{};
  const auto magnitude = std::fabs(number);
  const bool is_plain = magnitude == 0 || (magnitude >= 1e-6 && magnitude < 1e21);
  const auto format = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string();
}

/// JSON of JavaScript has no -0, and neither has DynamoDB: as a key it would be another one than 0.
Value float_value(double number) { return Value(number == 0 ? 0.0 : number); }

bool is_integral(double number) { return std::nearbyint(number) == number; }

std::string integer_text(double number) {
  return std::fabs(number) < 1e18 ? std::to_string(static_cast<std::int64_t>(number)) : number_text(number);
}

Result<Value> read_int(const Value& input) {
  const auto number = number_of(input);
  if (!number || !is_integral(*number)) return refused("Int cannot represent non-integer value: " + inspect(input));
  if (!fits_int(*number)) return refused("Int cannot represent non 32-bit signed integer value: " + inspect(input));
  return Value(static_cast<std::int64_t>(*number));
}

Result<Value> read_id(const Value& input) {
  if (input.as_string()) return input;
  if (const auto* integer = input.as_integer()) return Value(std::to_string(*integer));
  const auto number = number_of(input);
  if (number && is_integral(*number)) return Value(integer_text(*number));
  return refused("ID cannot represent value: " + inspect(input));
}

Result<Value> read_enum(const TypeDefinition& type, const Value& input) {
  const auto* text = input.as_string();
  if (!text) return refused("Enum \"" + type.name + "\" cannot represent non-string value: " + inspect(input) + ".");
  if (type.has_value(*text)) return input;
  return refused("Value \"" + *text + "\" does not exist in \"" + type.name + "\" enum.");
}

Result<Value> write_int(const Value& result) {
  if (const auto* boolean = result.as_boolean()) return Value(*boolean ? 1 : 0);
  const auto* text = result.as_string();
  const auto number = text ? parse_number(*text) : number_of(result);
  if (!number || !is_integral(*number)) return refused("Int cannot represent non-integer value: " + inspect(result));
  if (!fits_int(*number)) return refused("Int cannot represent non 32-bit signed integer value: " + inspect(result));
  return Value(static_cast<std::int64_t>(*number));
}

Result<Value> write_float(const Value& result) {
  if (result.as_integer()) return result;
  if (const auto* boolean = result.as_boolean()) return Value(*boolean ? 1.0 : 0.0);
  const auto* text = result.as_string();
  if (const auto number = text ? parse_number(*text) : number_of(result)) return Value(*number);
  return refused("Float cannot represent non numeric value: " + inspect(result));
}

Result<Value> write_string(const Value& result) {
  if (result.as_string()) return result;
  if (const auto* boolean = result.as_boolean()) return Value(*boolean ? "true" : "false");
  if (const auto* integer = result.as_integer()) return Value(std::to_string(*integer));
  if (const auto number = number_of(result)) return Value(number_text(*number));
  return refused("String cannot represent value: " + inspect(result));
}

Result<Value> write_boolean(const Value& result) {
  if (result.as_boolean()) return result;
  if (const auto number = number_of(result)) return Value(*number != 0);
  return refused("Boolean cannot represent a non boolean value: " + inspect(result));
}

std::optional<std::string> int_problem(const AstValue& literal) {
  if (literal.kind != AstValue::Kind::integer) return "Int cannot represent non-integer value: " + print(literal);
  const auto number = number_of_literal(literal);
  if (number && fits_int(*number)) return std::nullopt;
  return "Int cannot represent non 32-bit signed integer value: " + literal.text;
}

std::optional<std::string> enum_problem(const TypeDefinition& type, const AstValue& literal) {
  if (literal.kind != AstValue::Kind::enumeration) {
    return "Enum \"" + type.name + "\" cannot represent non-enum value: " + print(literal) + ".";
  }
  if (type.has_value(literal.text)) return std::nullopt;
  return "Value \"" + literal.text + "\" does not exist in \"" + type.name + "\" enum.";
}

constexpr std::size_t shown_items_max = 10;
constexpr int shown_depth_max = 2;

std::string inspect_at(const Value& value, int depth);

std::string inspect_list(const List& list, int depth) {
  if (list.empty()) return "[]";
  if (depth > shown_depth_max) return "[Array]";
  std::string text = "[";
  for (std::size_t i = 0; i < list.size() && i < shown_items_max; ++i) {
    text += (i == 0 ? "" : ", ") + inspect_at(list[i], depth);
  }
  const auto rest = list.size() - std::min(list.size(), shown_items_max);
  if (rest == 1) text += ", ... 1 more item";
  if (rest > 1) text += ", ... " + std::to_string(rest) + " more items";
  return text + "]";
}

std::string inspect_object(const Object& object, int depth) {
  if (object.empty()) return "{}";
  if (depth > shown_depth_max) return "[Object]";
  std::string text = "{ ";
  for (const auto& member : object) {
    if (text.size() > 2) text += ", ";
    text += member.name + ": " + inspect_at(member.value, depth);
  }
  return text + " }";
}

std::string inspect_at(const Value& value, int depth) {
  if (const auto* list = value.as_list()) return inspect_list(*list, depth + 1);
  if (const auto* object = value.as_object()) return inspect_object(*object, depth + 1);
  if (const auto* floating = value.as_floating()) return number_text(*floating);
  return json::write(value);
}

}  // namespace

Leaf leaf_of(const TypeDefinition& type) {
  if (type.kind == TypeKind::enumeration) return Leaf::enumeration;
  if (type.name == "String") return Leaf::string;
  if (type.name == "ID") return Leaf::id;
  if (type.name == "Int") return Leaf::integer;
  if (type.name == "Float") return Leaf::floating;
  return type.name == "Boolean" ? Leaf::boolean : Leaf::custom;
}

std::optional<std::string> literal_problem(const TypeDefinition& leaf, const AstValue& literal) {
  using Kind = AstValue::Kind;
  const auto wrong = [&](const char* what) { return what + print(literal); };
  switch (leaf_of(leaf)) {
    case Leaf::integer: return int_problem(literal);
    case Leaf::enumeration: return enum_problem(leaf, literal);
    case Leaf::floating:
      if ((literal.kind == Kind::integer || literal.kind == Kind::floating) && number_of_literal(literal)) {
        return std::nullopt;
      }
      return wrong("Float cannot represent non numeric value: ");
    case Leaf::string:
      if (literal.kind == Kind::string) return std::nullopt;
      return wrong("String cannot represent a non string value: ");
    case Leaf::boolean:
      if (literal.kind == Kind::boolean) return std::nullopt;
      return wrong("Boolean cannot represent a non boolean value: ");
    case Leaf::id:
      if (literal.kind == Kind::string || literal.kind == Kind::integer) return std::nullopt;
      return wrong("ID cannot represent a non-string and non-integer value: ");
    case Leaf::custom: return std::nullopt;
  }
  return std::nullopt;
}

std::optional<double> number_of_literal(const AstValue& literal) {
  const auto& text = literal.text;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc()) return number;
  // Out of range: too small when the exponent is negative, for no document is long enough to outweigh it.
  const auto exponent = text.find_first_of("eE");
  const bool is_small = exponent != std::string::npos && text[exponent + 1] == '-';
  return is_small ? std::optional(0.0) : std::nullopt;
}

Value literal_value(const TypeDefinition& leaf, const AstValue& literal) {
  switch (leaf_of(leaf)) {
    case Leaf::integer: return Value(static_cast<std::int64_t>(number_of_literal(literal).value_or(0)));
    case Leaf::floating: return float_value(number_of_literal(literal).value_or(0));
    case Leaf::boolean: return Value(literal.text == "true");
    default: return Value(literal.text);
  }
}

Result<Value> read_leaf(const TypeDefinition& leaf, const Value& input) {
  switch (leaf_of(leaf)) {
    case Leaf::integer: return read_int(input);
    case Leaf::floating:
      if (const auto number = number_of(input)) return float_value(*number);
      return refused("Float cannot represent non numeric value: " + inspect(input));
    case Leaf::string:
      if (input.as_string()) return input;
      return refused("String cannot represent a non string value: " + inspect(input));
    case Leaf::boolean:
      if (input.as_boolean()) return input;
      return refused("Boolean cannot represent a non boolean value: " + inspect(input));
    case Leaf::id: return read_id(input);
    case Leaf::enumeration: return read_enum(leaf, input);
    case Leaf::custom: return input;
  }
  return input;
}

Result<Value> write_leaf(Leaf leaf, const TypeDefinition& type, const Value& result) {
  switch (leaf) {
    case Leaf::integer: return write_int(result);
    case Leaf::floating: return write_float(result);
    case Leaf::string: return write_string(result);
    case Leaf::boolean: return write_boolean(result);
    case Leaf::id: return read_id(result);
    case Leaf::enumeration: {
      const auto* text = result.as_string();
      if (text && type.has_value(*text)) return result;
      return refused("Enum \"" + type.name + "\" cannot represent value: " + inspect(result));
    }
    case Leaf::custom: return result;
  }
  return result;
}

std::string inspect(const Value& value) { return inspect_at(value, 0); }

}  // namespace holdfast::graphql
