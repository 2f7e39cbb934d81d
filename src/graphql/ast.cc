#include "graphql/ast.h"

#include <algorithm>

namespace holdfast::graphql {
namespace {

template <class T>
const T* named(const std::vector<T>& all, std::string_view name) noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [name](const T& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string TypeRef::text() const {
  std::string text = is_list() ? "[" + element.front().text() + "]" : name;
  if (is_non_null) text += '!';
  return text;
}

const AstValue* argument(const Arguments& arguments, std::string_view name) noexcept {
  const auto* found = named(arguments, name);
  return found == nullptr ? nullptr : &found->value;
}

const Directive* directive(const std::vector<Directive>& directives, std::string_view name) noexcept {
  return named(directives, name);
}

std::string_view name(OperationType type) noexcept {
  switch (type) {
    case OperationType::mutation: return "mutation";
    case OperationType::subscription: return "subscription";
    default: return "query";
  }
}

const Fragment* Document::fragment(std::string_view name) const noexcept { return named(fragments, name); }

const InputValue* FieldDefinition::argument(std::string_view wanted) const noexcept { return named(arguments, wanted); }

const FieldDefinition* TypeDefinition::field(std::string_view wanted) const noexcept { return named(fields, wanted); }
const InputValue* TypeDefinition::input(std::string_view wanted) const noexcept { return named(inputs, wanted); }
bool TypeDefinition::has_value(std::string_view wanted) const noexcept { return named(values, wanted) != nullptr; }

}  // namespace holdfast::graphql
