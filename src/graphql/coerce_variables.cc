#include <cstddef>
#include <string>
#include <utility>

#include "graphql/builtin_scalars.h"
#include "graphql/coerce.h"

namespace holdfast::graphql {
namespace {

// As graphql-js: a hostile request must not buy a long answer.
constexpr std::size_t problem_count_max = 50;

/// Coerces the value of one variable and remembers where in it we are.
class VariableInput {
 public:
  VariableInput(const InputRules& rules, const VariableDefinition& definition, std::vector<RequestError>& problems)
      : rules_(rules), definition_(definition), problems_(problems) {}

  /// `name` is the variable or input field that the value is given for.
  Value coerce(const TypeRef& type, const Value& input, const std::string& name) {
    if (input.is_null()) {
      if (type.is_non_null) report_null(type, name);
      return {};
    }
    if (type.is_list()) return coerce_list(type.element.front(), input, name);
    const auto* named = rules_.types.type(type.name);
    if (!named) return {};
    return named->kind == TypeKind::input ? coerce_object(*named, input) : coerce_leaf(*named, input);
  }

  void report_null(const TypeRef& type, const std::string& name) {
    add("Variable '" + name + "' has coerced Null value for NonNull type '" + type.text() + "'");
  }

 private:
  void add(std::string message) {
    if (problems_.size() < problem_count_max) {
      problems_.push_back({std::move(message), {definition_.at}});
    } else if (problems_.size() == problem_count_max) {
      problems_.push_back(
          {"Too many errors processing variables, error limit reached. Execution aborted.", {definition_.at}});
    }
  }

  void report_invalid(const Value& input, const std::string& why) {
    if (problems_.size() > problem_count_max) return;
    auto message = "Variable \"$" + definition_.name + "\" got invalid value " + inspect(input);
    if (!path_.empty()) message += " at \"" + definition_.name + path_ + "\"";
    add(message + "; " + why);
  }

  Value coerce_list(const TypeRef& item, const Value& input, const std::string& name) {
    List list;
    if (const auto* given = input.as_list()) {
      list.reserve(given->size());
      for (std::size_t i = 0; i < given->size(); ++i) {
        const auto length = path_.size();
        path_ += "[" + std::to_string(i) + "]";
        list.push_back(coerce(item, (*given)[i], name));
        path_.resize(length);
      }
    } else {
      list.push_back(coerce(item, input, name));
    }
    return list;
  }

  Value coerce_object(const TypeDefinition& type, const Value& input) {
    const auto* given = input.as_object();
    if (!given) {
      report_invalid(input, "Expected type \"" + type.name + "\" to be an object.");
      return {};
    }
    Object object;
    object.reserve(given->size());
    for (const auto& wanted : type.inputs) {
      if (const auto* value = given->find(wanted.name)) {
        const auto length = path_.size();
        path_ += "." + wanted.name;
        object.append(wanted.name, coerce(wanted.type, *value, wanted.name));
        path_.resize(length);
      } else if (wanted.default_value) {
        auto filled = coerce_literal(rules_, wanted.type, *wanted.default_value, {});
        if (filled) object.append(wanted.name, std::move(*filled));
      } else if (wanted.type.is_non_null) {
        report_null(wanted.type, wanted.name);
      }
    }
    for (const auto& member : *given) {
      if (type.input(member.name)) continue;
      report_invalid(input, "Field \"" + member.name + "\" is not defined by type \"" + type.name + "\".");
    }
    return object;
  }

  Value coerce_leaf(const TypeDefinition& type, const Value& input) {
    const bool is_custom = leaf_of(type) == Leaf::custom;
    auto read = is_custom ? rules_.scalars.read(type, input) : read_leaf(type, input);
    if (read) return std::move(*read);
    report_invalid(input, (is_custom ? "Expected type \"" + type.name + "\". " : "") + read.error().message);
    return {};
  }

  const InputRules& rules_;
  const VariableDefinition& definition_;
  std::vector<RequestError>& problems_;
  std::string path_;
};

// A variable without a value: its default, nothing, or a problem.
void coerce_absent(const InputRules& rules, const VariableDefinition& definition, Object& coerced,
                   std::vector<RequestError>& problems) {
  if (!definition.default_value) {
    if (definition.type.is_non_null) {
      VariableInput(rules, definition, problems).report_null(definition.type, definition.name);
    }
    return;
  }
  auto value = coerce_literal(rules, definition.type, *definition.default_value, {});
  if (value) {
    coerced.append(definition.name, std::move(*value));
  } else {
    problems.push_back({value.error().message.empty()
                            ? "Variable \"$" + definition.name + "\" has an invalid default value."
                            : value.error().message,
                        {definition.default_value->at}});
  }
}

}  // namespace

std::variant<Object, std::vector<RequestError>> coerce_variables(const TypeSystem& types, const Operation& operation,
                                                                 const Value& variables, const Scalars& scalars) {
  const InputRules rules{types, scalars};
  Object coerced;
  std::vector<RequestError> problems;
  if (!variables.is_null() && !variables.as_object()) {
    problems.push_back({"The variables of a request must be an object, by name.", {}});
    return problems;
  }
  coerced.reserve(operation.variables.size());
  for (const auto& definition : operation.variables) {
    const auto* object = variables.as_object();
    const auto* input = object ? object->find(definition.name) : nullptr;
    if (input) {
      VariableInput value(rules, definition, problems);
      coerced.append(definition.name, value.coerce(definition.type, *input, definition.name));
    } else {
      coerce_absent(rules, definition, coerced, problems);
    }
  }
  if (!problems.empty()) return problems;
  return coerced;
}

}  // namespace holdfast::graphql
