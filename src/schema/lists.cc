// Arguments that take a list. GraphQL lets one value stand for a list of it; where the published transformers do not,
// the schema is refused here too.
#include "graphql/printer.h"
#include "schema/draft.h"

namespace holdfast::schema {
namespace {

using graphql::AstValue;
using graphql::Directive;
using Kind = AstValue::Kind;

void report(Draft& draft, const AstValue& value, const std::string& what) {
  draft.problem(value.at, what + " must be a list.", "Write it in brackets: [" + graphql::print(value) + "].");
}

void check_list(Draft& draft, const Directive& directive, const std::string& name) {
  const auto* value = graphql::argument(directive.arguments, name);
  if (value == nullptr || value->kind == Kind::list || value->kind == Kind::null) return;
  report(draft, *value, "Argument \"" + name + "\" of @" + directive.name);
}

/// The name of one letter of a key with a name is the one text that passes there.
bool passes_as_list(const Directive& key) {
  const auto* fields = graphql::argument(key.arguments, "fields");
  return graphql::argument(key.arguments, "name") != nullptr && fields != nullptr && fields->text.size() == 1;
}

void check_groups(Draft& draft, const Directive& auth) {
  const auto* rules = graphql::argument(auth.arguments, "rules");
  if (rules == nullptr || rules->kind != Kind::list) return;
  for (const auto& rule : rules->items) {
    const auto* groups = graphql::argument(rule.fields, "groups");
    if (groups != nullptr && groups->kind == Kind::string) report(draft, *groups, "Argument \"groups\" of a rule");
  }
}

void check_older(Draft& draft, const Directive& directive) {
  if (directive.name == "key" && !passes_as_list(directive)) check_list(draft, directive, "fields");
  if (directive.name == "connection") check_list(draft, directive, "fields");
  if (directive.name == "predictions") check_list(draft, directive, "actions");
  if (directive.name == "auth") {
    check_list(draft, directive, "rules");
    check_groups(draft, directive);
  }
}

/// Rules are put on each subscription by its name, one by one.
void check_subscriptions(Draft& draft, const graphql::TypeDefinition& type) {
  const auto* model = graphql::directive(type.directives, "model");
  if (model == nullptr || graphql::directive(type.directives, "auth") == nullptr) return;
  const auto* subscriptions = graphql::argument(model->arguments, "subscriptions");
  if (subscriptions == nullptr) return;
  for (const auto& one : subscriptions->fields) {
    if (one.name == "level" || one.value.kind != Kind::string) continue;
    report(draft, one.value, "\"" + one.name + "\" of a model with @auth");
  }
}

}  // namespace

void check_lists(Draft& draft) {
  for (const auto& type : draft.document.types) {
    check_subscriptions(draft, type);
    if (draft.dialect != Dialect::v1) continue;
    for (const auto& directive : type.directives) check_older(draft, directive);
    for (const auto& field : type.fields) {
      for (const auto& directive : field.directives) check_older(draft, directive);
    }
  }
}

}  // namespace holdfast::schema
