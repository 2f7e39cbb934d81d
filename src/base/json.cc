#include "base/json.h"

#include <simdjson.h>

#include <charconv>
#include <cstdint>
#include <system_error>
#include <unordered_map>

#include "base/json_text.h"

namespace holdfast::json {
namespace {

constexpr std::size_t text_bytes_max = std::size_t{1} << 30U;

using Element = simdjson::dom::element;
using Type = simdjson::dom::element_type;

Value converted(const Element& element);

Value converted_list(const simdjson::dom::array& array) {
  List list;
  list.reserve(array.size());
  for (const auto& element : array) list.push_back(converted(element));
  return list;
}

Value converted_object(const simdjson::dom::object& members) {
  Object object;
  object.reserve(members.size());
  // Looking for an equal name one by one would cost the square of a large object.
  std::unordered_map<std::string_view, std::size_t> places;
  const bool is_large = members.size() > 64;
  for (const auto& [key, value] : members) {
    if (!is_large) {
      object.set(key, converted(value));
      continue;
    }
    const auto [place, is_new] = places.try_emplace(key, object.size());
    if (is_new) {
      object.append(std::string(key), converted(value));
    } else {
      (object.begin() + place->second)->value = converted(value);
    }
  }
  return object;
}

Value converted(const Element& element) {
  switch (element.type()) {
    case Type::ARRAY: return converted_list(element.get_array().value_unsafe());
    case Type::OBJECT: return converted_object(element.get_object().value_unsafe());
    case Type::INT64: return element.get_int64().value_unsafe();
    case Type::UINT64: return static_cast<double>(element.get_uint64().value_unsafe());
    case Type::DOUBLE: return element.get_double().value_unsafe();
    case Type::STRING: return std::string_view(element.get_string().value_unsafe());
    case Type::BOOL: return element.get_bool().value_unsafe();
    case Type::NULL_VALUE: return nullptr;
  }
  return nullptr;
}

/// The string literal that opens `text`, to its closing quote or the end.
std::string_view string_literal(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return text.substr(0, at + 1);
}

bool is_beyond_64_bits(std::string_view number) {
  std::int64_t value = 0;
  return std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc::result_out_of_range;
}

/// simdjson refuses an integer beyond 64 bits, unless it is written as a double: JavaScript writes 1e20 with all its
/// digits, and so do languages with large integers in the texts of AWSJSON.
std::string with_large_integers_as_doubles(std::string_view text) {
  constexpr std::string_view of_integers = "-0123456789";
  constexpr std::string_view of_numbers = "-0123456789+.eE";
  std::string out;
  while (!text.empty()) {
    auto token = text.substr(0, 1);
    if (token == "\"") {
      token = string_literal(text);
    } else if (of_integers.find(token) != std::string_view::npos) {
      token = text.substr(0, text.find_first_not_of(of_numbers));
    }
    out += token;
    const bool is_integer = token.find_first_not_of(of_integers) == std::string_view::npos;
    if (is_integer && is_beyond_64_bits(token)) out += "e0";
    text.remove_prefix(token.size());
  }
  return out;
}

void write_object(const Object& object, std::string& out) {
  out += '{';
  const char* separator = "";
  for (const auto& member : object) {
    out += separator;
    separator = ",";
    write_string(member.name, out);
    out += ':';
    write(member.value, out);
  }
  out += '}';
}

void write_list(const List& list, std::string& out) {
  out += '[';
  const char* separator = "";
  for (const auto& element : list) {
    out += separator;
    separator = ",";
    write(element, out);
  }
  out += ']';
}

}  // namespace

Result<Value> parse(std::string_view text) {
  // A parser keeps its buffers; one a thread spares an allocation a message.
  thread_local simdjson::dom::parser parser(text_bytes_max);
  if (parser.max_depth() != depth_max) {
    const auto sized = parser.allocate(std::max<std::size_t>(text.size(), 4096), depth_max);
    if (sized != simdjson::SUCCESS) return Error{Code::limit_exceeded, "JSON too large to parse"};
  }
  Element root;
  auto failed = parser.parse(text.data(), text.size()).get(root);
  if (failed == simdjson::NUMBER_ERROR) {
    const auto respelled = with_large_integers_as_doubles(text);
    failed = parser.parse(respelled).get(root);
    if (!failed) return converted(root);
  }
  if (failed) return Error{Code::malformed, std::string("not JSON: ") + simdjson::error_message(failed)};
  return converted(root);
}

void write(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Value::Kind::null: out += "null"; break;
    case Value::Kind::boolean: out += *value.as_boolean() ? "true" : "false"; break;
    case Value::Kind::integer: write_integer(*value.as_integer(), out); break;
    case Value::Kind::floating: write_floating(*value.as_floating(), out); break;
    case Value::Kind::string: write_string(*value.as_string(), out); break;
    case Value::Kind::list: write_list(*value.as_list(), out); break;
    case Value::Kind::object: write_object(*value.as_object(), out); break;
  }
}

std::string write(const Value& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace holdfast::json
