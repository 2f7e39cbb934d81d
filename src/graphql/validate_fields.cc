// Rules about fields: ScalarLeafs, FieldsOnCorrectType, KnownArgumentNames, UniqueArgumentNames and
// ProvidedRequiredArguments of fields (sections 5.3, 5.4).
#include <map>
#include <string>
#include <utility>

#include "graphql/validate_rules.h"

namespace holdfast::graphql {
namespace {

class FieldRules : public Visitor {
 public:
  explicit FieldRules(Validation& validation) : validation_(validation) {}

  void field(const FieldPlace& place) override {
    check_unique_arguments(validation_, place.selection.arguments);
    if (!place.parent) return;
    if (!place.definition) {
      validation_.report("Cannot query field \"" + place.selection.name + "\" on type \"" + place.parent->name + "\".",
                         {place.selection.at});
      return;
    }
    check_leaf(*place.definition, place.selection);
    check_known_arguments(place);
  }

  void leave_field(const FieldPlace& place) override {
    if (!place.definition) return;
    for (const auto& wanted : place.definition->arguments) {
      if (!is_required(wanted) || argument(place.selection.arguments, wanted.name)) continue;
      validation_.report("Field \"" + place.definition->name + "\" argument \"" + wanted.name + "\" of type \"" +
                             wanted.type.text() + "\" is required, but it was not provided.",
                         {place.selection.at});
    }
  }

 private:
  void check_leaf(const FieldDefinition& definition, const Selection& selection) {
    const auto* type = validation_.types.type(definition.type.innermost());
    if (!type) return;
    const auto text = definition.type.text();
    if (is_leaf(*type) && !selection.selections.empty()) {
      validation_.report(
          "Field \"" + selection.name + "\" must not have a selection since type \"" + text + "\" has no subfields.",
          {selection.at});
    } else if (!is_leaf(*type) && selection.selections.empty()) {
      validation_.report("Field \"" + selection.name + "\" of type \"" + text +
                             "\" must have a selection of subfields. Did you mean \"" + selection.name + " { ... }\"?",
                         {selection.at});
    }
  }

  void check_known_arguments(const FieldPlace& place) {
    for (const auto& given : place.selection.arguments) {
      if (place.definition->argument(given.name)) continue;
      validation_.report("Unknown argument \"" + given.name + "\" on field \"" + place.parent->name + "." +
                             place.definition->name + "\".",
                         {given.at});
    }
  }

  Validation& validation_;
};

}  // namespace

void check_unique_arguments(Validation& validation, const Arguments& arguments) {
  std::map<std::string_view, std::vector<Location>> places;
  for (const auto& argument : arguments) places[argument.name].push_back(argument.at);
  for (auto& [name, at] : places) {
    if (at.size() < 2) continue;
    validation.report("There can be only one argument named \"" + std::string(name) + "\".", std::move(at));
  }
}

void check_fields(Validation& validation) {
  FieldRules rules(validation);
  walk(validation.types, validation.document, rules);
}

}  // namespace holdfast::graphql
