#include "codegen/cpp_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace holdfast::codegen {
namespace {

// The keywords of C++20, alternative tokens, and macros of the standard headers that models include.
constexpr std::array<std::string_view, 125> reserved = {
    "alignas",      "alignof",      "and",           "and_eq",
    "asm",          "assert",       "auto",          "bitand",
    "bitor",        "bool",         "break",         "case",
    "catch",        "char",         "char8_t",       "char16_t",
    "char32_t",     "class",        "compl",         "concept",
    "const",        "consteval",    "constexpr",     "constinit",
    "const_cast",   "continue",     "co_await",      "co_return",
    "co_yield",     "decltype",     "default",       "delete",
    "do",           "double",       "dynamic_cast",  "else",
    "enum",         "explicit",     "export",        "extern",
    "false",        "float",        "for",           "friend",
    "goto",         "if",           "inline",        "int",
    "long",         "mutable",      "namespace",     "new",
    "noexcept",     "not",          "not_eq",        "nullptr",
    "operator",     "or",           "or_eq",         "private",
    "protected",    "public",       "register",      "reinterpret_cast",
    "requires",     "return",       "short",         "signed",
    "sizeof",       "static",       "static_assert", "static_cast",
    "struct",       "switch",       "template",      "this",
    "thread_local", "throw",        "true",          "try",
    "typedef",      "typeid",       "typename",      "union",
    "unsigned",     "using",        "virtual",       "void",
    "volatile",     "wchar_t",      "while",         "xor",
    "xor_eq",       "NULL",         "EOF",           "BUFSIZ",
    "RAND_MAX",     "EXIT_SUCCESS", "EXIT_FAILURE",  "SEEK_SET",
    "SEEK_CUR",     "SEEK_END",     "INFINITY",      "NAN",
    "HUGE_VAL",     "INT_MIN",      "INT_MAX",       "LONG_MIN",
    "LONG_MAX",     "CHAR_BIT",     "CHAR_MIN",      "CHAR_MAX",
    "errno",        "stdin",        "stdout",        "stderr",
    "unix",         "linux",        "major",         "minor",
    "makedev",      "std",          "holdfast",      "TRUE"};

bool is_reserved(std::string_view name) noexcept {
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end() || name == "FALSE" ||
         name.starts_with("HOLDFAST_");
}

/// Controls of writing direction, which compilers refuse in comments because they hide code: U+202A to U+202E and
/// U+2066 to U+2069.
bool hides_text(std::string_view rest) noexcept {
  return (rest.starts_with("\xE2\x80") && rest.size() > 2 && rest[2] >= '\xAA' && rest[2] <= '\xAE') ||
         (rest.starts_with("\xE2\x81") && rest.size() > 2 && rest[2] >= '\xA6' && rest[2] <= '\xA9');
}

std::string comment_line(std::string_view line) {
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    if (hides_text(line.substr(at))) {
      at += 3;
      continue;
    }
    const auto byte = static_cast<unsigned char>(line[at]);
    text += byte < 0x20 ? ' ' : line[at];
    ++at;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  // A backslash at the end would draw the next line into the comment.
  if (text.ends_with('\\')) text += '.';
  return text;
}

}  // namespace

std::string Scope::add(std::string_view schema_name) {
  std::string name(schema_name);
  while (is_reserved(name) || !taken_.insert(name).second) name += '_';
  return name;
}

std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20 && byte < 0x7F && c != '?') {
      out += c;
    } else {
      std::array<char, 8> octal{};
      const int length = std::snprintf(octal.data(), octal.size(), "\\%03o", unsigned{byte});
      out.append(octal.data(), static_cast<std::size_t>(length));
    }
  }
  return out += '"';
}

std::string literals(const std::vector<std::string>& texts) {
  std::string out = "{";
  for (const auto& text : texts) out += (out.size() > 1 ? ", " : "") + literal(text);
  return out += "}";
}

std::string doc_comment(std::string_view description, std::size_t indent) {
  std::string out;
  while (!description.empty()) {
    const auto end = std::min(description.find('\n'), description.size());
    const auto line = comment_line(description.substr(0, end));
    out.append(indent, ' ').append(line.empty() ? "///" : "/// ").append(line).append("\n");
    description.remove_prefix(std::min(end + 1, description.size()));
  }
  return out;
}

}  // namespace holdfast::codegen
