#include "graphql/printer.h"

#include <array>
#include <cstdio>

#include "graphql/block_string.h"
#include "graphql/printer_parts.h"

namespace holdfast::graphql {
namespace {

// Arguments that would make a line longer than this stand one a line.
constexpr std::size_t line_length_max = 80;

/// In UTF-16 units, which is what the limit above counts.
std::size_t utf16_length(std::string_view text) noexcept {
  std::size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0u) != 0x80u) length += byte >= 0xF0 ? 2 : 1;
  }
  return length;
}

void append_escaped(char c, std::string_view& rest, std::string& out) {
  const auto byte = static_cast<unsigned char>(c);
  std::array<char, 8> text{};
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  unsigned point = byte;
  if (byte == 0xC2 && !rest.empty() && static_cast<unsigned char>(rest.front()) < 0xA0) {
    point = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
  } else if (byte >= 0x20 && byte != 0x7F) {
    out += c;
    return;
  }
  const int length = std::snprintf(text.data(), text.size(), "\\u%04X", point);
  out.append(text.data(), static_cast<std::size_t>(length));
}

/// Quoted; control characters, U+0080 to U+009F among them, escaped.
std::string string_literal(std::string_view content) {
  std::string out = "\"";
  while (!content.empty()) {
    const char c = content.front();
    content.remove_prefix(1);
    append_escaped(c, content, out);
  }
  return out += '"';
}

void write_selections(const std::vector<Selection>& selections, Lines& out);

void write_field(const Selection& field, Lines& out) {
  const std::string prefix = field.alias.empty() ? field.name : field.alias + ": " + field.name;
  const auto arguments = argument_texts(field.arguments);
  const auto on_one_line = joined(arguments, ", ");
  out.write(prefix);
  if (utf16_length(prefix) + utf16_length(on_one_line) + 2 > line_length_max && !arguments.empty()) {
    out.open("(");
    out.write(joined(arguments, "\n"));
    out.close(")");
  } else if (!arguments.empty()) {
    out.write("(" + on_one_line + ")");
  }
  out.write(directives_text(field.directives));
}

void write_selection(const Selection& selection, Lines& out) {
  if (selection.kind == Selection::Kind::field) {
    write_field(selection, out);
  } else {
    out.write("...");
    if (selection.kind == Selection::Kind::fragment_spread) out.write(selection.name);
    if (!selection.type_condition.empty()) out.write(" on " + selection.type_condition);
    out.write(directives_text(selection.directives));
  }
  if (selection.selections.empty()) return;
  out.write(" ");
  write_selections(selection.selections, out);
}

void write_selections(const std::vector<Selection>& selections, Lines& out) {
  out.open("{");
  for (const auto& selection : selections) {
    if (&selection != &selections.front()) out.end_line();
    write_selection(selection, out);
  }
  out.close("}");
}

std::string text_of(const VariableDefinition& variable) {
  std::string text = "$" + variable.name + ": " + variable.type.text();
  if (variable.default_value) text += " = " + print(*variable.default_value);
  return text + directives_text(variable.directives);
}

void write_operation(const Operation& operation, Lines& out) {
  std::string head(name(operation.type));
  if (!operation.name.empty() || !operation.variables.empty()) head += " " + operation.name;
  std::vector<std::string> variables;
  for (const auto& variable : operation.variables) variables.push_back(text_of(variable));
  const auto on_one_line = joined(variables, ", ");
  if (on_one_line.find('\n') != std::string::npos) {
    head += "(\n" + joined(variables, "\n") + "\n)";
  } else if (!variables.empty()) {
    head += "(" + on_one_line + ")";
  }
  head += directives_text(operation.directives);
  if (head != "query") out.write(head + " ");
  write_selections(operation.selections, out);
}

void write_fragment(const Fragment& fragment, Lines& out) {
  out.write("fragment " + fragment.name + " on " + fragment.type_condition);
  out.write(directives_text(fragment.directives) + " ");
  write_selections(fragment.selections, out);
}

}  // namespace

void Lines::write(std::string_view text) {
  for (const char c : text) {
    text_ += c;
    if (c == '\n') text_.append(2 * depth_, ' ');
  }
}

void Lines::open(std::string_view bracket) {
  write(bracket);
  ++depth_;
  end_line();
}

void Lines::close(std::string_view bracket) {
  --depth_;
  end_line();
  write(bracket);
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) {
    if (&part != &parts.front()) text += separator;
    text += part;
  }
  return text;
}

std::vector<std::string> argument_texts(const Arguments& arguments) {
  std::vector<std::string> texts;
  for (const auto& argument : arguments) texts.push_back(argument.name + ": " + print(argument.value));
  return texts;
}

std::string directives_text(const std::vector<Directive>& directives) {
  std::string text;
  for (const auto& directive : directives) {
    text += " @" + directive.name;
    if (!directive.arguments.empty()) text += "(" + joined(argument_texts(directive.arguments), ", ") + ")";
  }
  return text;
}

std::string print(const AstValue& value) {
  std::vector<std::string> parts;
  switch (value.kind) {
    case AstValue::Kind::variable: return "$" + value.text;
    case AstValue::Kind::null: return "null";
    case AstValue::Kind::string: return value.is_block ? block_string(value.text) : string_literal(value.text);
    case AstValue::Kind::list:
      for (const auto& item : value.items) parts.push_back(print(item));
      return "[" + joined(parts, ", ") + "]";
    case AstValue::Kind::object: return "{" + joined(argument_texts(value.fields), ", ") + "}";
    default: return value.text;
  }
}

std::string print(const Document& document) {
  struct Definition {
    Location at = {};
    const Operation* operation = nullptr;
    const Fragment* fragment = nullptr;
  };
  std::vector<Definition> definitions;
  for (const auto& operation : document.operations)
    definitions.push_back({.at = operation.at, .operation = &operation});
  for (const auto& fragment : document.fragments) definitions.push_back({.at = fragment.at, .fragment = &fragment});
  sort_by_place(definitions);
  Lines out;
  for (const auto& definition : definitions) {
    if (&definition != &definitions.front()) out.write("\n\n");
    if (definition.operation != nullptr) write_operation(*definition.operation, out);
    if (definition.fragment != nullptr) write_fragment(*definition.fragment, out);
  }
  return std::move(out).take();
}

}  // namespace holdfast::graphql
