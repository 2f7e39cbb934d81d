#include "graphql/introspect.h"

#include <string>
#include <utility>

#include "graphql/printer.h"

namespace holdfast::graphql {
namespace {

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

Value reference(std::string text) { return Object{{"__ref", std::move(text)}}; }

std::string_view kind_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::scalar: return "SCALAR";
    case TypeKind::object: return "OBJECT";
    case TypeKind::interface: return "INTERFACE";
    case TypeKind::union_type: return "UNION";
    case TypeKind::enumeration: return "ENUM";
    case TypeKind::input: return "INPUT_OBJECT";
  }
  return "";
}

// @deprecated without a reason has the directive's default.
void add_deprecation(Object& object, const std::vector<Directive>& directives) {
  const auto* deprecated = directive(directives, "deprecated");
  object.append("isDeprecated", deprecated != nullptr);
  if (!deprecated) {
    object.append("deprecationReason", nullptr);
    return;
  }
  const auto* reason = argument(deprecated->arguments, "reason");
  object.append("deprecationReason", reason ? Value(reason->text) : Value("No longer supported"));
}

Value described_input(const InputValue& input) {
  Object object{{"name", input.name},
                {"description", text_or_null(input.description)},
                {"type", reference(input.type.text())},
                {"defaultValue", input.default_value ? Value(print(*input.default_value)) : Value()}};
  add_deprecation(object, input.directives);
  return object;
}

List described_inputs(const std::vector<InputValue>& inputs) {
  List list;
  for (const auto& input : inputs) list.push_back(described_input(input));
  return list;
}

List described_fields(const TypeDefinition& type) {
  List list;
  for (const auto& field : type.fields) {
    Object object{{"name", field.name},
                  {"description", text_or_null(field.description)},
                  {"args", described_inputs(field.arguments)},
                  {"type", reference(field.type.text())}};
    add_deprecation(object, field.directives);
    list.emplace_back(std::move(object));
  }
  return list;
}

List described_values(const TypeDefinition& type) {
  List list;
  for (const auto& value : type.values) {
    Object object{{"name", value.name}, {"description", text_or_null(value.description)}};
    add_deprecation(object, value.directives);
    list.emplace_back(std::move(object));
  }
  return list;
}

List references(const std::vector<std::string>& names) {
  List list;
  for (const auto& name : names) list.push_back(reference(name));
  return list;
}

Value specified_by(const TypeDefinition& type) {
  const auto* specified = directive(type.directives, "specifiedBy");
  const auto* url = specified ? argument(specified->arguments, "url") : nullptr;
  return url ? Value(url->text) : Value();
}

List possible_types(const TypeSystem& types, const TypeDefinition& type) {
  List list;
  for (const auto* possible : types.possible_types(type.name)) list.push_back(reference(possible->name));
  return list;
}

Value described_type(const TypeSystem& types, const TypeDefinition& type) {
  Object object{{"kind", kind_of(type.kind)},
                {"name", type.name},
                {"description", text_or_null(type.description)},
                {"specifiedByURL", specified_by(type)}};
  if (type.kind == TypeKind::object || type.kind == TypeKind::interface) {
    object.append("fields", described_fields(type));
    object.append("interfaces", references(type.interfaces));
  }
  if (is_abstract(type)) object.append("possibleTypes", possible_types(types, type));
  if (type.kind == TypeKind::enumeration) object.append("enumValues", described_values(type));
  if (type.kind == TypeKind::input) object.append("inputFields", described_inputs(type.inputs));
  return object;
}

Value described_directive(const DirectiveDefinition& directive) {
  List locations;
  for (const auto& location : directive.locations) locations.emplace_back(location);
  return Object{{"name", directive.name},
                {"description", text_or_null(directive.description)},
                {"isRepeatable", directive.is_repeatable},
                {"locations", std::move(locations)},
                {"args", described_inputs(directive.arguments)}};
}

Value root_reference(const TypeSystem& types, OperationType operation) {
  const auto* root = types.root(operation);
  return root ? reference(root->name) : Value();
}

Value wrapped(std::string_view kind, std::string_view inner) {
  return Object{{"kind", kind}, {"ofType", reference(std::string(inner))}};
}

}  // namespace

Value introspected_schema(const TypeSystem& types) {
  List all;
  for (const auto& [name, type] : types.types()) all.push_back(reference(name));
  List directives;
  for (const auto& directive : types.directives()) directives.push_back(described_directive(directive));
  return Object{{"description", text_or_null(types.description())},
                {"types", std::move(all)},
                {"queryType", root_reference(types, OperationType::query)},
                {"mutationType", root_reference(types, OperationType::mutation)},
                {"subscriptionType", root_reference(types, OperationType::subscription)},
                {"directives", std::move(directives)}};
}

Value introspected_type(const TypeSystem& types, std::string_view text) {
  if (text.ends_with('!')) return wrapped("NON_NULL", text.substr(0, text.size() - 1));
  if (text.starts_with('[') && text.ends_with(']')) return wrapped("LIST", text.substr(1, text.size() - 2));
  const auto* type = types.type(text);
  return type ? described_type(types, *type) : Value();
}

}  // namespace holdfast::graphql
