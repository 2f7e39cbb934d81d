#include "graphql/type_system_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "graphql/builtin.h"

namespace holdfast::graphql {
namespace {

class Checker {
 public:
  explicit Checker(const TypeSystem& types) : types_(types) {}

  std::vector<Diagnostic> check() {
    for (const auto& [name, type] : types_.types()) {
      if (builtin_names_.contains(name)) continue;
      check_name(name, type.at);
      check_type(type);
    }
    for (const auto& directive : types_.directives()) check_inputs(directive.arguments, "@" + directive.name);
    check_input_cycles();
    return std::move(problems_);
  }

 private:
  static std::set<std::string, std::less<>> builtin_names() {
    std::set<std::string, std::less<>> names;
    for (const auto& type : builtin_definitions().types) names.insert(type.name);
    return names;
  }

  void report(Location at, std::string message, std::string remedy = {}) {
    problems_.push_back({at, std::move(message), std::move(remedy)});
  }

  void check_name(std::string_view name, Location at) {
    if (!name.starts_with("__")) return;
    report(at,
           "Name \"" + std::string(name) + "\" must not begin with \"__\", which is reserved by GraphQL introspection.",
           "Choose a name without the two underscores.");
  }

  void check_type(const TypeDefinition& type) {
    switch (type.kind) {
      case TypeKind::scalar: return;
      case TypeKind::object:
      case TypeKind::interface: return check_fields(type);
      case TypeKind::union_type: return check_members(type);
      case TypeKind::enumeration: return check_values(type);
      case TypeKind::input:
        if (type.inputs.empty()) {
          report(type.at, "Input Object type " + type.name + " must define one or more fields.", "Add a field.");
        }
        return check_inputs(type.inputs, type.name);
    }
  }

  void check_unique(std::set<std::string_view>& seen, std::string_view name, const std::string& owner, Location at) {
    if (seen.insert(name).second) return;
    report(at, "\"" + owner + "." + std::string(name) + "\" can only be defined once.",
           "Rename or remove one of them.");
  }

  bool check_known(const TypeRef& type) {
    if (types_.type(type.innermost())) return true;
    report(type.at, "Unknown type \"" + type.innermost() + "\".", "Define the type, or correct its name.");
    return false;
  }

  void check_fields(const TypeDefinition& type) {
    if (type.fields.empty()) report(type.at, "Type " + type.name + " must define one or more fields.", "Add a field.");
    std::set<std::string_view> seen;
    for (const auto& field : type.fields) {
      const auto coordinate = type.name + "." + field.name;
      check_unique(seen, field.name, type.name, field.at);
      check_name(field.name, field.at);
      if (check_known(field.type) && types_.type(field.type.innermost())->kind == TypeKind::input) {
        report(field.type.at, "The type of " + coordinate + " must be Output Type but got: " + field.type.text() + ".",
               "An input type cannot be returned; declare an object type.");
      }
      check_inputs(field.arguments, coordinate);
    }
    check_interfaces(type);
  }

  void check_inputs(const std::vector<InputValue>& inputs, const std::string& owner) {
    std::set<std::string_view> seen;
    for (const auto& input : inputs) {
      check_unique(seen, input.name, owner, input.at);
      check_name(input.name, input.at);
      if (!check_known(input.type) || is_input(*types_.type(input.type.innermost()))) continue;
      report(input.type.at,
             "The type of " + owner + "." + input.name + " must be Input Type but got: " + input.type.text() + ".",
             "Arguments and input fields take scalars, enums and input types.");
    }
  }

  void check_members(const TypeDefinition& type) {
    if (type.members.empty()) {
      report(type.at, "Union type " + type.name + " must define one or more member types.",
             "Name one: union " + type.name + " = ...");
    }
    std::set<std::string_view> seen;
    for (const auto& member : type.members) {
      const auto* object = types_.type(member);
      if (!object) {
        report(type.at, "Unknown type \"" + member + "\".", "Define the type, or correct its name.");
      } else if (object->kind != TypeKind::object) {
        report(type.at,
               "Union type " + type.name + " can only include Object types, it cannot include " + member + ".",
               "Remove " + member + ", or name the object types in it.");
      } else if (!seen.insert(member).second) {
        report(type.at, "Union type " + type.name + " can only include type " + member + " once.",
               "Remove one of the two.");
      }
    }
  }

  void check_values(const TypeDefinition& type) {
    if (type.values.empty()) {
      report(type.at, "Enum type " + type.name + " must define one or more values.", "Add a value.");
    }
    std::set<std::string_view> seen;
    for (const auto& value : type.values) {
      check_unique(seen, value.name, type.name, value.at);
      check_name(value.name, value.at);
    }
  }

  void check_interfaces(const TypeDefinition& type) {
    std::set<std::string_view> seen;
    for (const auto& name : type.interfaces) {
      const auto* interface = types_.type(name);
      if (!interface) {
        report(type.at, "Unknown type \"" + name + "\".", "Define the interface, or correct its name.");
      } else if (interface->kind != TypeKind::interface) {
        report(type.at,
               "Type " + type.name + " must only implement Interface types, it cannot implement " + name + ".",
               "Define " + name + " with the word interface, or remove it here.");
      } else if (interface == &type) {
        report(type.at, "Type " + type.name + " cannot implement itself because it would create a circular reference.",
               "Remove its own name behind implements.");
      } else if (!seen.insert(name).second) {
        report(type.at, "Type " + type.name + " can only implement " + name + " once.", "Remove one of the two.");
      } else {
        check_implements(type, *interface);
      }
    }
  }

  void check_implements(const TypeDefinition& type, const TypeDefinition& interface) {
    for (const auto& inherited : interface.interfaces) {
      if (std::find(type.interfaces.begin(), type.interfaces.end(), inherited) != type.interfaces.end()) continue;
      report(type.at, "Type " + type.name + " must implement " + inherited + " because it is implemented by " +
                          interface.name + ".",
             "Add " + inherited + " behind implements.");
    }
    for (const auto& promised : interface.fields) {
      const auto* field = type.field(promised.name);
      if (!field) {
        report(type.at, "Interface field " + interface.name + "." + promised.name + " expected but " + type.name +
                            " does not provide it.",
               "Add `" + promised.name + ": " + promised.type.text() + "` to " + type.name + ".");
      } else {
        check_implements_field(type, *field, interface, promised);
      }
    }
  }

  void check_implements_field(const TypeDefinition& type, const FieldDefinition& field, const TypeDefinition& interface,
                              const FieldDefinition& promised) {
    const auto wanted = interface.name + "." + promised.name;
    const auto given = type.name + "." + field.name;
    if (!is_subtype(types_, field.type, promised.type)) {
      report(field.type.at, "Interface field " + wanted + " expects type " + promised.type.text() + " but " + given +
                                " is type " + field.type.text() + ".",
             "Write `" + field.name + ": " + promised.type.text() + "`.");
    }
    for (const auto& argument : promised.arguments) {
      const auto* own = field.argument(argument.name);
      if (!own) {
        report(field.at, "Interface field argument " + wanted + "(" + argument.name + ":) expected but " + given +
                             " does not provide it.",
               "Add the argument `" + argument.name + ": " + argument.type.text() + "`.");
      } else if (!same_type(own->type, argument.type)) {
        report(own->type.at, "Interface field argument " + wanted + "(" + argument.name + ":) expects type " +
                                 argument.type.text() + " but " + given + "(" + own->name + ":) is type " +
                                 own->type.text() + ".",
               "Write `" + own->name + ": " + argument.type.text() + "`.");
      }
    }
    for (const auto& argument : field.arguments) {
      if (promised.argument(argument.name) || !is_required(argument)) continue;
      report(argument.at, "Object field " + given + " includes required argument " + argument.name +
                              " that is missing from the Interface field " + wanted + ".",
             "Make it nullable, or give it a default value.");
    }
  }

  using Needs = std::map<std::string_view, std::vector<std::string_view>>;

  // Input objects that need none are struck out until nothing changes; what is left stands on a cycle or leads
  // into one.
  void report_endless(Needs needs, const std::string& why, const std::string& remedy) {
    for (bool changed = true; changed;) {
      changed = std::erase_if(needs, [&](const auto& entry) {
                  return std::none_of(entry.second.begin(), entry.second.end(),
                                      [&](std::string_view need) { return needs.contains(need); });
                }) != 0;
    }
    for (const auto& [name, needed] : needs) {
      report(types_.type(name)->at, "Input Object \"" + std::string(name) + "\" " + why, remedy);
    }
  }

  void check_input_cycles() {
    Needs required;
    Needs defaults;
    for (const auto& [name, type] : types_.types()) {
      if (type.kind != TypeKind::input) continue;
      for (const auto& input : type.inputs) {
        if (input.type.is_non_null && !input.type.is_list()) required[name].push_back(input.type.name);
        if (input.default_value) collect_defaults(input.type, *input.default_value, defaults[name]);
      }
    }
    report_endless(std::move(required), "can never be written: its non-null fields need each other without end.",
                   "Make one of the fields nullable.");
    report_endless(std::move(defaults), "has default values that contain each other without end.",
                   "Remove one of the default values.");
  }

  // The input objects that a default value writes: each is filled with its own defaults in turn.
  void collect_defaults(const TypeRef& place, const AstValue& value, std::vector<std::string_view>& written) {
    const auto* type = types_.type(place.innermost());
    if (!type || type->kind != TypeKind::input) return;
    for (const auto& item : value.items) collect_defaults(place, item, written);
    if (value.kind == AstValue::Kind::object) written.push_back(type->name);
    for (const auto& field : value.fields) {
      if (const auto* input = type->input(field.name)) collect_defaults(input->type, field.value, written);
    }
  }

  const TypeSystem& types_;
  const std::set<std::string, std::less<>> builtin_names_ = builtin_names();
  std::vector<Diagnostic> problems_;
};

}  // namespace

std::vector<Diagnostic> check_type_system(const TypeSystem& types) { return Checker(types).check(); }

}  // namespace holdfast::graphql
