// Rules about literals: ValuesOfCorrectType, UniqueInputFieldNames (section 5.6). What custom scalars accept is known
// only when the document runs.
#include <cstdlib>
#include <map>
#include <string>

#include "graphql/builtin_scalars.h"
#include "graphql/printer.h"
#include "graphql/validate_rules.h"

namespace holdfast::graphql {
namespace {

class ValueRules : public Visitor {
 public:
  explicit ValueRules(Validation& validation) : validation_(validation) {}

  bool value(const ValuePlace& place, const AstValue& value) override {
    switch (value.kind) {
      case AstValue::Kind::variable: return false;
      case AstValue::Kind::null: check_null(place, value); return false;
      case AstValue::Kind::list: return check_list(place, value);
      case AstValue::Kind::object: check_unique_fields(value); return check_object(place, value);
      default: check_leaf(place, value); return false;
    }
  }

 private:
  void report_mismatch(const ValuePlace& place, const AstValue& value) {
    validation_.report("Expected value of type \"" + place.expected().text() + "\", found " + print(value) + ".",
                       {value.at});
  }

  void check_null(const ValuePlace& place, const AstValue& value) {
    if (place.type && place.expected().is_non_null) report_mismatch(place, value);
  }

  bool check_list(const ValuePlace& place, const AstValue& value) {
    if (!place.type || place.type->is_list()) return true;
    check_leaf({place.type, place.has_default, true}, value);
    return false;
  }

  bool check_object(const ValuePlace& place, const AstValue& value) {
    const auto* type = place.type ? validation_.types.type(place.type->innermost()) : nullptr;
    if (!type) return true;
    if (type->kind != TypeKind::input) {
      check_leaf(place, value);
      return false;
    }
    for (const auto& input : type->inputs) {
      if (!is_required(input) || argument(value.fields, input.name)) continue;
      validation_.report("Field \"" + type->name + "." + input.name + "\" of required type \"" + input.type.text() +
                             "\" was not provided.",
                         {value.at});
    }
    for (const auto& field : value.fields) {
      if (type->input(field.name)) continue;
      validation_.report("Field \"" + field.name + "\" is not defined by type \"" + type->name + "\".", {field.at});
    }
    return true;
  }

  void check_unique_fields(const AstValue& value) {
    std::map<std::string_view, Location> seen;
    for (const auto& field : value.fields) {
      const auto [first, is_new] = seen.emplace(field.name, field.at);
      if (is_new) continue;
      validation_.report("There can be only one input field named \"" + field.name + "\".", {first->second, field.at});
    }
  }

  void check_leaf(const ValuePlace& place, const AstValue& value) {
    const auto* type = place.type ? validation_.types.type(place.type->innermost()) : nullptr;
    if (!type) return;
    if (!is_leaf(*type)) {
      report_mismatch(place, value);
    } else if (auto problem = literal_problem(*type, value)) {
      validation_.report(std::move(*problem), {value.at});
    }
  }

  Validation& validation_;
};

}  // namespace

void check_values(Validation& validation) {
  ValueRules rules(validation);
  walk(validation.types, validation.document, rules);
}

}  // namespace holdfast::graphql
