// Printing of type-system definitions.
#include "graphql/block_string.h"
#include "graphql/printer.h"
#include "graphql/printer_parts.h"

namespace holdfast::graphql {
namespace {

/// A syntax tree does not keep how a description was quoted; block strings are used wherever they can hold it.
std::string description_text(const std::string& description) {
  if (description.empty()) return {};
  AstValue text;
  text.kind = AstValue::Kind::string;
  text.text = description;
  text.is_block = fits_block_string(description);
  return print(text) + "\n";
}

std::string text_of(const InputValue& input) {
  std::string text = description_text(input.description) + input.name + ": " + input.type.text();
  if (input.default_value) text += " = " + print(*input.default_value);
  return text + directives_text(input.directives);
}

std::vector<std::string> texts_of(const std::vector<InputValue>& inputs) {
  std::vector<std::string> texts;
  for (const auto& input : inputs) texts.push_back(text_of(input));
  return texts;
}

void write_arguments(const std::vector<InputValue>& arguments, Lines& out) {
  if (arguments.empty()) return;
  const auto texts = texts_of(arguments);
  const auto on_one_line = joined(texts, ", ");
  if (on_one_line.find('\n') == std::string::npos) return out.write("(" + on_one_line + ")");
  out.open("(");
  out.write(joined(texts, "\n"));
  out.close(")");
}

void write_fields(const std::vector<FieldDefinition>& fields, Lines& out) {
  if (fields.empty()) return;
  out.open(" {");
  for (const auto& field : fields) {
    if (&field != &fields.front()) out.end_line();
    out.write(description_text(field.description) + field.name);
    write_arguments(field.arguments, out);
    out.write(": " + field.type.text() + directives_text(field.directives));
  }
  out.close("}");
}

void write_block(const std::vector<std::string>& texts, Lines& out) {
  if (texts.empty()) return;
  out.open(" {");
  out.write(joined(texts, "\n"));
  out.close("}");
}

std::vector<std::string> texts_of(const std::vector<EnumValue>& values) {
  std::vector<std::string> texts;
  for (const auto& value : values) {
    texts.push_back(description_text(value.description) + value.name + directives_text(value.directives));
  }
  return texts;
}

std::string_view keyword(TypeKind kind) noexcept {
  switch (kind) {
    case TypeKind::scalar: return "scalar ";
    case TypeKind::interface: return "interface ";
    case TypeKind::union_type: return "union ";
    case TypeKind::enumeration: return "enum ";
    case TypeKind::input: return "input ";
    default: return "type ";
  }
}

void write(const TypeDefinition& type, Lines& out) {
  out.write(description_text(type.description));
  if (type.is_extension) out.write("extend ");
  out.write(keyword(type.kind));
  out.write(type.name);
  if (!type.interfaces.empty()) out.write(" implements " + joined(type.interfaces, " & "));
  out.write(directives_text(type.directives));
  write_fields(type.fields, out);
  write_block(texts_of(type.inputs), out);
  write_block(texts_of(type.values), out);
  if (!type.members.empty()) out.write(" = " + joined(type.members, " | "));
}

void write(const DirectiveDefinition& directive, Lines& out) {
  out.write(description_text(directive.description) + "directive @" + directive.name);
  write_arguments(directive.arguments, out);
  if (directive.is_repeatable) out.write(" repeatable");
  out.write(" on " + joined(directive.locations, " | "));
}

void write(const SchemaDefinition& schema, Lines& out) {
  out.write(description_text(schema.description));
  if (schema.is_extension) out.write("extend ");
  out.write("schema" + directives_text(schema.directives));
  std::vector<std::string> operations;
  if (!schema.query.empty()) operations.push_back("query: " + schema.query);
  if (!schema.mutation.empty()) operations.push_back("mutation: " + schema.mutation);
  if (!schema.subscription.empty()) operations.push_back("subscription: " + schema.subscription);
  write_block(operations, out);
}

struct Definition {
  Location at = {};
  const SchemaDefinition* schema = nullptr;
  const DirectiveDefinition* directive = nullptr;
  const TypeDefinition* type = nullptr;
};

}  // namespace

std::string print(const TypeDefinition& type) {
  Lines out;
  write(type, out);
  return std::move(out).take();
}

std::string print(const SchemaDocument& document) {
  std::vector<Definition> definitions;
  for (const auto& schema : document.schemas) definitions.push_back({.at = schema.at, .schema = &schema});
  for (const auto& directive : document.directives)
    definitions.push_back({.at = directive.at, .directive = &directive});
  for (const auto& type : document.types) definitions.push_back({.at = type.at, .type = &type});
  sort_by_place(definitions);
  Lines out;
  for (const auto& definition : definitions) {
    if (&definition != &definitions.front()) out.write("\n\n");
    if (definition.schema != nullptr) write(*definition.schema, out);
    if (definition.directive != nullptr) write(*definition.directive, out);
    if (definition.type != nullptr) write(*definition.type, out);
  }
  return std::move(out).take();
}

}  // namespace holdfast::graphql
