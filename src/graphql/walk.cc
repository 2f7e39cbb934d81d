#include "graphql/walk.h"

namespace holdfast::graphql {
namespace {

class Walk {
 public:
  Walk(const TypeSystem& types, Visitor& visitor) : types_(types), visitor_(visitor) {}

  void operation(const Operation& operation) {
    visitor_.enter_operation(operation);
    for (const auto& variable : operation.variables) {
      visitor_.variable(variable);
      if (variable.default_value) {
        const auto* type = types_.type(variable.type.innermost());
        value({type && is_input(*type) ? &variable.type : nullptr, false}, *variable.default_value);
      }
      directives(variable.directives, "VARIABLE_DEFINITION");
    }
    directives(operation.directives, place_of(operation.type));
    selections(types_.root(operation.type), operation.selections, false);
    visitor_.leave_operation(operation);
  }

  void fragment(const Fragment& fragment) {
    visitor_.enter_fragment(fragment);
    directives(fragment.directives, "FRAGMENT_DEFINITION");
    selections(composite(types_.type(fragment.type_condition)), fragment.selections, false);
  }

 private:
  static std::string_view place_of(OperationType type) {
    switch (type) {
      case OperationType::query: return "QUERY";
      case OperationType::mutation: return "MUTATION";
      case OperationType::subscription: return "SUBSCRIPTION";
    }
    return "";
  }

  static const TypeDefinition* composite(const TypeDefinition* type) {
    return type && is_composite(*type) ? type : nullptr;
  }

  void selections(const TypeDefinition* parent, const std::vector<Selection>& selections, bool is_inline) {
    visitor_.selection_set(parent, selections, is_inline);
    for (const auto& selection : selections) {
      switch (selection.kind) {
        case Selection::Kind::field: field(parent, selection); break;
        case Selection::Kind::fragment_spread:
          visitor_.spread(parent, selection);
          directives(selection.directives, "FRAGMENT_SPREAD");
          break;
        case Selection::Kind::inline_fragment: inline_fragment(parent, selection); break;
      }
    }
  }

  void field(const TypeDefinition* parent, const Selection& selection) {
    const auto* definition = parent ? types_.field(*parent, selection.name) : nullptr;
    const FieldPlace place{parent, definition, selection};
    visitor_.field(place);
    arguments(definition ? &definition->arguments : nullptr, selection.arguments);
    directives(selection.directives, "FIELD");
    if (!selection.selections.empty()) {
      const auto* type = definition ? types_.type(definition->type.innermost()) : nullptr;
      selections(composite(type), selection.selections, false);
    }
    visitor_.leave_field(place);
  }

  void inline_fragment(const TypeDefinition* parent, const Selection& selection) {
    const auto* type = selection.type_condition.empty() ? parent : types_.type(selection.type_condition);
    visitor_.inline_fragment(parent, type, selection);
    directives(selection.directives, "INLINE_FRAGMENT");
    selections(composite(type), selection.selections, true);
  }

  void directives(const std::vector<Directive>& directives, std::string_view place) {
    if (directives.empty()) return;
    visitor_.directives(directives, place);
    for (const auto& directive : directives) {
      const auto* definition = types_.directive(directive.name);
      arguments(definition ? &definition->arguments : nullptr, directive.arguments);
    }
  }

  void arguments(const std::vector<InputValue>* definitions, const Arguments& arguments) {
    for (const auto& argument : arguments) {
      value(place_of(find(definitions, argument.name)), argument.value);
    }
  }

  static const InputValue* find(const std::vector<InputValue>* definitions, std::string_view name) {
    if (!definitions) return nullptr;
    for (const auto& definition : *definitions) {
      if (definition.name == name) return &definition;
    }
    return nullptr;
  }

  static ValuePlace place_of(const InputValue* input) {
    return input ? ValuePlace{&input->type, input->default_value.has_value()} : ValuePlace{};
  }

  void value(const ValuePlace& place, const AstValue& value) {
    if (!visitor_.value(place, value)) return;
    if (value.kind == AstValue::Kind::list) {
      const bool is_list = place.type && place.type->is_list();
      const ValuePlace item{is_list ? &place.type->element.front() : place.type, false, !is_list};
      for (const auto& entry : value.items) this->value(item, entry);
    } else if (value.kind == AstValue::Kind::object) {
      const auto* type = place.type ? types_.type(place.type->innermost()) : nullptr;
      for (const auto& field : value.fields) {
        const auto* input = type && type->kind == TypeKind::input ? type->input(field.name) : nullptr;
        this->value(place_of(input), field.value);
      }
    }
  }

  const TypeSystem& types_;
  Visitor& visitor_;
};

}  // namespace

void walk(const TypeSystem& types, const Document& document, Visitor& visitor) {
  Walk walker(types, visitor);
  for (const auto& operation : document.operations) walker.operation(operation);
  for (const auto& fragment : document.fragments) walker.fragment(fragment);
}

}  // namespace holdfast::graphql
