#include "graphql/block_string.h"

#include <algorithm>
#include <optional>

namespace holdfast::graphql {
namespace {

constexpr std::string_view blank = " \t";

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const auto end = text.find_first_of("\r\n");
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
}

}  // namespace

std::string dedented(const std::vector<std::string>& lines) {
  std::size_t indent = std::string::npos;
  std::optional<std::size_t> first;
  std::size_t last = 0;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const auto width = lines[at].find_first_not_of(blank);
    if (width == std::string::npos) continue;
    if (!first) first = at;
    last = at;
    if (at > 0) indent = std::min(indent, width);
  }
  std::string content;
  if (!first) return content;
  for (std::size_t at = *first; at <= last; ++at) {
    if (at > *first) content += '\n';
    const std::string_view line = lines[at];
    content += at == 0 ? line : line.substr(std::min(indent, line.size()));
  }
  return content;
}

bool fits_block_string(std::string_view content) noexcept {
  bool is_empty_line = true;
  bool has_indent = false;
  bool has_common_indent = true;
  bool has_ended_line = false;
  for (const char c : content) {
    if (c == '\n') {
      if (is_empty_line && !has_ended_line) return false;
      has_ended_line = true;
      is_empty_line = true;
      has_indent = false;
    } else if (c == ' ' || c == '\t') {
      has_indent = has_indent || is_empty_line;
    } else if (static_cast<unsigned char>(c) < 0x20) {  // Stricter readers refuse them unescaped.
      return false;
    } else {
      has_common_indent = has_common_indent && has_indent;
      is_empty_line = false;
    }
  }
  return content.empty() || (!is_empty_line && !(has_common_indent && has_ended_line));
}

std::string block_string(std::string_view content) {
  std::string escaped;
  for (std::size_t at = 0; at < content.size();) {
    const bool is_triple = content.substr(at).starts_with("\"\"\"");
    escaped += is_triple ? std::string_view("\\\"\"\"") : content.substr(at, 1);
    at += is_triple ? 3 : 1;
  }
  const auto lines = split_lines(escaped);
  const bool is_single = lines.size() == 1;
  const bool all_indented = !is_single && std::all_of(lines.begin() + 1, lines.end(), [](std::string_view line) {
    return line.empty() || blank.find(line.front()) != std::string_view::npos;
  });
  const bool ends_in_triple = escaped.ends_with("\\\"\"\"");
  const bool needs_last_line = (content.ends_with('"') && !ends_in_triple) || content.ends_with('\\');
  const bool is_spread = !is_single || content.size() > 70 || needs_last_line || ends_in_triple;
  const bool starts_blank = is_single && !content.empty() && blank.find(content.front()) != std::string_view::npos;
  std::string out = "\"\"\"";
  if ((is_spread && !starts_blank) || all_indented) out += '\n';
  out += escaped;
  if (is_spread) out += '\n';
  return out += "\"\"\"";
}

}  // namespace holdfast::graphql
