// How directives are used: known, where they may stand, once, and with arguments of the right types.
#include <algorithm>
#include <set>

#include "schema/directives.h"
#include "schema/draft.h"
#include "schema/literals.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::DirectiveDefinition;
using graphql::TypeDefinition;
using graphql::TypeKind;

std::string location_of(const TypeDefinition& type) {
  switch (type.kind) {
    case TypeKind::scalar: return "SCALAR";
    case TypeKind::interface: return "INTERFACE";
    case TypeKind::union_type: return "UNION";
    case TypeKind::enumeration: return "ENUM";
    case TypeKind::input: return "INPUT_OBJECT";
    default: return "OBJECT";
  }
}

bool may_stand(const DirectiveDefinition& definition, std::string_view location) {
  return std::find(definition.locations.begin(), definition.locations.end(), location) != definition.locations.end();
}

std::string place_remedy(const DirectiveDefinition& definition) {
  const bool on_object = may_stand(definition, "OBJECT");
  const bool on_field = may_stand(definition, "FIELD_DEFINITION");
  if (on_object && on_field) return "Write it behind an object type or one of its fields.";
  return on_object ? "Write it behind the name of an object type." : "Write it behind a field of an object type.";
}

class DirectiveRules {
 public:
  explicit DirectiveRules(Draft& draft) : draft_(draft) {}

  void run() {
    check_definitions();
    for (const auto& type : draft_.document.types) {
      check(type.directives, location_of(type));
      for (const auto& field : type.fields) {
        check(field.directives, "FIELD_DEFINITION");
        for (const auto& argument : field.arguments) check(argument.directives, "ARGUMENT_DEFINITION");
      }
      for (const auto& input : type.inputs) check(input.directives, "INPUT_FIELD_DEFINITION");
      for (const auto& value : type.values) check(value.directives, "ENUM_VALUE");
    }
    for (const auto& schema : draft_.document.schemas) check(schema.directives, "SCHEMA");
  }

 private:
  void check_definitions() {
    for (const auto& mine : draft_.document.directives) {
      if (known_directive(draft_.dialect, mine.name) == nullptr) continue;
      draft_.problem(mine.at, "There can be only one directive named \"@" + mine.name + "\".",
                     "Remove the definition: the directive is known without it.");
    }
  }

  void check(const std::vector<Directive>& written, const std::string& location) {
    std::set<std::string_view> seen;
    for (const auto& directive : written) {
      const auto* definition = known_directive(draft_.dialect, directive.name);
      if (definition == nullptr) {
        check_foreign(directive);
      } else if (!may_stand(*definition, location)) {
        draft_.problem(directive.at, "Directive \"@" + directive.name + "\" may not be used on " + location + ".",
                       place_remedy(*definition));
      } else {
        if (!seen.insert(directive.name).second && !definition->is_repeatable) {
          draft_.problem(directive.at,
                         "The directive \"@" + directive.name + "\" can only be used once at this location.",
                         "Remove one of the two.");
        }
        check_arguments(*definition, directive);
      }
    }
  }

  /// Neither dialect knows it: the service refuses even what the author defined.
  void check_foreign(const Directive& directive) {
    // A word of the other dialect is the business of dialect.cc.
    const auto other = draft_.dialect == Dialect::v1 ? Dialect::v2 : Dialect::v1;
    if (known_directive(other, directive.name) != nullptr) return;
    const auto& defined = draft_.document.directives;
    const bool is_defined = directive.name == "specifiedBy" ||
                            std::any_of(defined.begin(), defined.end(),
                                        [&](const DirectiveDefinition& one) { return one.name == directive.name; });
    if (is_defined) {
      return draft_.problem(directive.at, "Unknown directive '" + directive.name + "'.",
                            "Remove it: the service takes its own directives only, even where others are defined.");
    }
    const auto near = nearest(directive.name, known_directive_names(draft_.dialect));
    draft_.problem(directive.at, "Unknown directive \"@" + directive.name + "\".",
                   near.empty() ? "Remove it." : "Did you mean \"@" + near + "\"?");
  }

  void check_arguments(const DirectiveDefinition& definition, const Directive& directive) {
    std::vector<std::string> names;
    for (const auto& input : definition.arguments) names.push_back(input.name);
    std::set<std::string_view> seen;
    for (const auto& argument : directive.arguments) {
      if (!seen.insert(argument.name).second) {
        draft_.problem(argument.at, "There can be only one argument named \"" + argument.name + "\".",
                       "Remove one of the two.");
      } else if (std::find(names.begin(), names.end(), argument.name) == names.end()) {
        report_unknown_argument(directive, argument, names);
      }
    }
    // The rules of @auth are read, and their words checked, in auth.cc.
    if (directive.name != "auth") check_inputs(definition, directive);
  }

  void report_unknown_argument(const Directive& directive, const graphql::AstField& argument,
                               const std::vector<std::string>& names) {
    const auto near = nearest(argument.name, names);
    draft_.problem(argument.at, "Unknown argument \"" + argument.name + "\" on directive \"@" + directive.name + "\".",
                   !near.empty()   ? "Did you mean \"" + near + "\"?"
                   : names.empty() ? "It takes no arguments."
                                   : "It takes " + listed(names) + ".");
  }

  void check_inputs(const DirectiveDefinition& definition, const Directive& directive) {
    for (const auto& input : definition.arguments) {
      if (const auto* value = graphql::argument(directive.arguments, input.name)) {
        check_literal(draft_, input.type, *value);
      } else if (input.type.is_non_null && !input.default_value) {
        draft_.problem(directive.at,
                       "Directive \"@" + directive.name + "\" argument \"" + input.name + "\" of type \"" +
                           input.type.text() + "\" is required, but it was not provided.",
                       "Add " + input.name + " to @" + directive.name + ".");
      }
    }
  }

  Draft& draft_;
};

}  // namespace

void check_directives(Draft& draft) { DirectiveRules(draft).run(); }

}  // namespace holdfast::schema
