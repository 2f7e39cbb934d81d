#include "codegen/statement_text.h"

#include <string_view>
#include <vector>

#include "graphql/printer.h"

namespace holdfast::codegen {
namespace {

using graphql::Selection;

constexpr std::size_t columns_max = 80;
constexpr std::size_t step = 2;

std::string spaces(std::size_t count) { return std::string(count, ' '); }

/// `head(a, b)tail`, or one item to a line when that is too long.
std::string in_parentheses(const std::string& head, const std::vector<std::string>& items, std::string_view tail,
                           std::size_t indent) {
  std::string flat = head;
  for (std::size_t i = 0; i < items.size(); ++i) flat += (i == 0 ? "(" : ", ") + items[i];
  if (!items.empty()) flat += ")";
  flat += tail;
  if (items.empty() || indent + flat.size() <= columns_max) return flat;
  std::string broken = head + "(\n";
  for (const auto& item : items) broken += spaces(indent + step) + item + "\n";
  return broken + spaces(indent) + ")" + std::string(tail);
}

void write(const std::vector<Selection>& selections, std::size_t indent, std::string& out);

std::string head_of(const Selection& selection) {
  switch (selection.kind) {
    case Selection::Kind::fragment_spread: return "..." + selection.name;
    case Selection::Kind::inline_fragment: return "... on " + selection.type_condition;
    default: return selection.name;
  }
}

void write(const Selection& selection, std::size_t indent, std::string& out) {
  std::vector<std::string> arguments;
  for (const auto& argument : selection.arguments) {
    arguments.push_back(argument.name + ": " + graphql::print(argument.value));
  }
  const bool has_body = !selection.selections.empty();
  out += spaces(indent) + in_parentheses(head_of(selection), arguments, has_body ? " {" : "", indent) + "\n";
  if (!has_body) return;
  write(selection.selections, indent + step, out);
  out += spaces(indent) + "}\n";
}

void write(const std::vector<Selection>& selections, std::size_t indent, std::string& out) {
  for (std::size_t i = 0; i < selections.size(); ++i) {
    const bool is_field = selections[i].kind == Selection::Kind::field;
    // An empty line between what is selected of every object and what of some.
    if (i > 0 && !is_field && selections[i - 1].kind == Selection::Kind::field) out += "\n";
    write(selections[i], indent, out);
  }
}

}  // namespace

std::string statement_text(const graphql::Operation& operation, std::size_t indent) {
  std::vector<std::string> variables;
  for (const auto& variable : operation.variables) {
    auto text = "$" + variable.name + ": " + variable.type.text();
    if (variable.default_value) text += " = " + graphql::print(*variable.default_value);
    variables.push_back(std::move(text));
  }
  const auto head = std::string(graphql::name(operation.type)) + " " + operation.name;
  auto text = spaces(indent) + in_parentheses(head, variables, " {", indent) + "\n";
  write(operation.selections, indent + step, text);
  return text + spaces(indent) + "}\n";
}

std::string statement_text(const graphql::Fragment& fragment, std::size_t indent) {
  auto text = spaces(indent) + "fragment " + fragment.name + " on " + fragment.type_condition + " {\n";
  write(fragment.selections, indent + step, text);
  return text + spaces(indent) + "}\n";
}

}  // namespace holdfast::codegen
