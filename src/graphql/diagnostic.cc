#include <algorithm>
#include <string>

#include "graphql/parser.h"

namespace holdfast::graphql {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view without_mark(std::string_view text) {
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

/// Line `number` (1-based) without its end; empty when there is no such line.
std::string_view line_of(std::string_view text, std::uint32_t number) {
  for (; number > 1; --number) {
    const auto end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return text.substr(0, text.find_first_of("\r\n"));
}

/// What puts a caret under the column: tabs stay tabs, and a character of several bytes takes one place.
std::string indent_to(std::string_view line, std::uint32_t column) {
  std::string indent;
  const std::size_t before = column > 0 ? column - 1 : 0;
  for (const char c : line.substr(0, std::min<std::size_t>(before, line.size()))) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
    if (!continues) indent += c == '\t' ? '\t' : ' ';
  }
  return indent;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const std::vector<Source>& sources, std::string_view severity) {
  std::string out;
  const auto& at = diagnostic.at;
  const Source* source = at.source < sources.size() ? &sources[at.source] : nullptr;
  if (source != nullptr) out += source->name + ":";
  if (at.line > 0) out += std::to_string(at.line) + ":" + std::to_string(at.column) + ":";
  if (!out.empty()) out += ' ';
  out.append(severity).append(": " + diagnostic.message + "\n");
  if (source != nullptr && at.line > 0) {
    const auto line = line_of(without_mark(source->text), at.line);
    out.append("  ").append(line).append("\n  ").append(indent_to(line, at.column)).append("^\n");
  }
  if (!diagnostic.remedy.empty()) out += "  hint: " + diagnostic.remedy + "\n";
  return out;
}

}  // namespace holdfast::graphql
