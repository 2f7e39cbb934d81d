#include "base/json.h"

#include <simdjson.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <unordered_map>

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

// The length in bytes of the well-formed UTF-8 sequence at the front of `text`; 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length < 2 || text.size() < length) return length == 1 ? 1 : 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what lies above U+10FFFF.
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) > 0x9F) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

void write_escaped(unsigned char byte, std::string& out) {
  switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u00";
  out += digits[byte >> 4U];
  out += digits[byte & 15U];
}

bool is_plain(unsigned char byte) { return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\'; }

/// Whether all of eight bytes are plain.
bool are_plain(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t tops = 0x80 * ones;
  const auto has_zero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & tops; };
  return (((word | (word - 0x20 * ones)) & tops) | has_zero(word ^ ('"' * ones)) | has_zero(word ^ ('\\' * ones))) == 0;
}

std::size_t plain_length(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if (!are_plain(word)) break;
  }
  while (at < text.size() && is_plain(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

void write_floating(double value, std::string& out) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  const std::string_view digits(text.data(), static_cast<std::size_t>(end - text.data()));
  out += digits;
  // A double stays a double when it is read back.
  if (digits.find_first_of(".e") == std::string_view::npos) out += ".0";
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
  const auto failed = parser.parse(text.data(), text.size()).get(root);
  if (failed) return Error{Code::malformed, std::string("not JSON: ") + simdjson::error_message(failed)};
  return converted(root);
}

void write_string(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const auto plain = plain_length(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text.front());
    const auto length = sequence_length(text);
    if (byte < 0x80) {
      write_escaped(byte, out);
    } else if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out += '"';
}

void write(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Value::Kind::null: out += "null"; break;
    case Value::Kind::boolean: out += *value.as_boolean() ? "true" : "false"; break;
    case Value::Kind::integer: out += std::to_string(*value.as_integer()); break;
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
