// Rules about directives: KnownDirectives, UniqueDirectivesPerLocation, and their arguments (section 5.7).
#include <algorithm>
#include <map>
#include <string>

#include "graphql/validate_rules.h"

namespace holdfast::graphql {
namespace {

class DirectiveRules : public Visitor {
 public:
  explicit DirectiveRules(Validation& validation) : validation_(validation) {}

  void directives(const std::vector<Directive>& directives, std::string_view place) override {
    check_unique(directives);
    for (const auto& directive : directives) {
      check_unique_arguments(validation_, directive.arguments);
      const auto* definition = validation_.types.directive(directive.name);
      if (!definition) {
        validation_.report("Unknown directive \"@" + directive.name + "\".", {directive.at});
        continue;
      }
      check_place(*definition, directive, place);
      check_arguments(*definition, directive);
    }
  }

 private:
  void check_unique(const std::vector<Directive>& directives) {
    std::map<std::string_view, Location> seen;
    for (const auto& directive : directives) {
      const auto* definition = validation_.types.directive(directive.name);
      if (!definition || definition->is_repeatable) continue;
      const auto [first, is_new] = seen.emplace(directive.name, directive.at);
      if (is_new) continue;
      validation_.report("The directive \"@" + directive.name + "\" can only be used once at this location.",
                         {first->second, directive.at});
    }
  }

  void check_place(const DirectiveDefinition& definition, const Directive& directive, std::string_view place) {
    const auto& allowed = definition.locations;
    if (std::find(allowed.begin(), allowed.end(), place) != allowed.end()) return;
    validation_.report("Directive \"@" + directive.name + "\" may not be used on " + std::string(place) + ".",
                       {directive.at});
  }

  void check_arguments(const DirectiveDefinition& definition, const Directive& directive) {
    const auto& known = definition.arguments;
    for (const auto& given : directive.arguments) {
      if (std::any_of(known.begin(), known.end(), [&](const auto& one) { return one.name == given.name; })) continue;
      validation_.report("Unknown argument \"" + given.name + "\" on directive \"@" + directive.name + "\".",
                         {given.at});
    }
    for (const auto& wanted : known) {
      if (!is_required(wanted) || argument(directive.arguments, wanted.name)) continue;
      validation_.report("Directive \"@" + directive.name + "\" argument \"" + wanted.name + "\" of type \"" +
                             wanted.type.text() + "\" is required, but it was not provided.",
                         {directive.at});
    }
  }

  Validation& validation_;
};

}  // namespace

void check_directives(Validation& validation) {
  DirectiveRules rules(validation);
  walk(validation.types, validation.document, rules);
}

}  // namespace holdfast::graphql
