// Fields that something outside the store answers: @function, @http, @predictions, @sql, @generation, @conversation.
#include <algorithm>
#include <cstdlib>

#include "schema/draft.h"

namespace holdfast::schema {
namespace {

using graphql::AstValue;
using graphql::Directive;
using graphql::FieldDefinition;
using graphql::TypeDefinition;

constexpr std::string_view event_response = "EventInvocationResponse";

struct AnsweredField {
  const TypeDefinition& type;
  const FieldDefinition& field;
};

std::string text_of(const Directive& directive, std::string_view argument) {
  const auto* value = graphql::argument(directive.arguments, argument);
  return value == nullptr ? std::string() : value->text;
}

bool is_event(const Directive& directive) { return text_of(directive, "invocationType") == "Event"; }

bool has_event_shape(const TypeDefinition& type) {
  return type.fields.size() == 1 && type.fields.front().name == "success" &&
         type.fields.front().type.text() == "Boolean!";
}

/// The field as the published transformer's message describes it.
std::string described(const FieldDefinition& field) {
  const auto listed = [](const auto& all, auto&& text) {
    std::string words;
    for (const auto& each : all) words += (words.empty() ? "(" : ", ") + each.name + ": " + text(each);
    return words.empty() ? words : words + ")";
  };
  auto words = field.name + listed(field.arguments, [](const auto& one) { return one.type.text(); }) + ": " +
               field.type.text();
  for (const auto& directive : field.directives) {
    words += " @" + directive.name + listed(directive.arguments, [](const auto& one) { return one.value.text; });
  }
  return words;
}

/// A function that nobody waits for can only say that it was called.
void check_event(Draft& draft, const AnsweredField& place, const Directive& directive) {
  const std::string shape = "type " + std::string(event_response) + " { success: Boolean! }";
  if (place.type.name != "Query" && place.type.name != "Mutation") {
    return draft.problem(
        directive.at, "@function definition with 'invocationType: Event' must be defined on Query or Mutation field.",
        "Leave the invocationType out, or move the field.");
  }
  const auto last = std::find_if(place.field.directives.rbegin(), place.field.directives.rend(),
                                 [](const Directive& one) { return one.name == "function"; });
  if (!is_event(*last)) return;
  if (place.field.type.text() != event_response) {
    return draft.problem(place.field.type.at,
                         "Invalid return type " + place.field.type.text() + " for " + described(place.field) + ".",
                         "Write the type as " + std::string(event_response) + ", and define `" + shape + "`.");
  }
  const auto* response = draft.type(event_response);
  if (response == nullptr || has_event_shape(*response)) return;
  draft.problem(response->at, "Invalid '" + response->name + "' definition.", "Define it as `" + shape + "`.");
}

void check_http(Draft& draft, const Directive& directive) {
  const auto* url = graphql::argument(directive.arguments, "url");
  if (url == nullptr || url->kind != AstValue::Kind::string) return;
  if (url->text.starts_with("http://") || url->text.starts_with("https://")) return;
  draft.problem(url->at, "@http directive requires a url parameter that begins with http:// or https://.",
                "Write the whole address, as in \"https://example.com/:id\".");
}

/// Which action may take the result of which.
bool may_follow(std::string_view action, std::string_view before) noexcept {
  if (before == "identifyText") return action == "translateText";
  if (before == "identifyLabels") return action == "translateText" || action == "convertTextToSpeech";
  return before == "translateText" && action == "convertTextToSpeech";
}

void check_predictions(Draft& draft, const AnsweredField& place, const Directive& directive) {
  if (place.type.name != "Query") {
    return draft.problem(directive.at, "@predictions directive only works under Query operations.",
                         "Move the field to type Query.");
  }
  const auto* actions = graphql::argument(directive.arguments, "actions");
  if (actions == nullptr || actions->kind != AstValue::Kind::list) return;
  if (actions->items.empty()) {
    return draft.problem(actions->at, "@predictions directive requires at least one action.",
                         "Name one, such as identifyText.");
  }
  for (std::size_t at = 1; at < actions->items.size(); ++at) {
    const auto& action = actions->items[at];
    if (may_follow(action.text, actions->items[at - 1].text)) continue;
    draft.problem(action.at, action.text + " is not supported in this context!",
                  "It cannot work on what " + actions->items[at - 1].text + " gives: reorder or remove it.");
  }
}

void check_sql(Draft& draft, const AnsweredField& place, const Directive& directive) {
  const auto where = " Check type \"" + place.type.name + "\" and field \"" + place.field.name + "\".";
  const bool has_statement = graphql::argument(directive.arguments, "statement") != nullptr;
  const bool has_reference = graphql::argument(directive.arguments, "reference") != nullptr;
  if (place.type.name != "Query" && place.type.name != "Mutation") {
    draft.problem(directive.at, "@sql directive can only be used on Query or Mutation types." + where,
                  "Move the field to type Query.");
  } else if (!has_statement && !has_reference) {
    draft.problem(directive.at, "@sql directive must have either a 'statement' or a 'reference' argument." + where,
                  "Add statement: \"SELECT ...\".");
  } else {
    draft.problem(directive.at, "Could not find custom SQL strategy for " + place.type.name + "." + place.field.name,
                  "There is no SQL data source behind this API: use a model and its queries.");
  }
}

void check_inference(Draft& draft, const Directive& directive) {
  const auto* configuration = graphql::argument(directive.arguments, "inferenceConfiguration");
  if (configuration == nullptr) return;
  const auto check = [&](std::string_view name, double low, double high, const std::string& range) {
    const auto* value = graphql::argument(configuration->fields, name);
    if (value == nullptr || (value->kind != AstValue::Kind::integer && value->kind != AstValue::Kind::floating)) return;
    const double number = std::strtod(value->text.c_str(), nullptr);
    if (number >= low && number <= high) return;
    draft.problem(value->at,
                  "@" + directive.name + " directive " + std::string(name) + " valid range: " + range +
                      " Provided: " + value->text,
                  "Write a number in this range.");
  };
  check("maxTokens", 1, 2147483647.0, "Minimum value of 1.");
  check("temperature", 0, 1, "Minimum value of 0. Maximum value of 1.");
  check("topP", 0, 1, "Minimum value of 0. Maximum value of 1.");
}

void check_root(Draft& draft, const AnsweredField& place, const Directive& directive, const std::string& root) {
  if (place.type.name == root) return;
  draft.problem(directive.at, "@" + directive.name + " directive must be used on " + root + " field.",
                "Move the field to type " + root + ".");
}

void check_conversation(Draft& draft, const AnsweredField& place, const Directive& directive) {
  check_root(draft, place, directive, "Mutation");
  check_inference(draft, directive);
  if (place.field.type.name == "AmplifyAIConversationMessage") return;
  draft.problem(place.field.type.at, "@conversation return type must be AmplifyAIConversationMessage",
                "Write that type.");
}

void check_field(Draft& draft, const AnsweredField& place, const Directive& directive) {
  if (directive.name == "function" && is_event(directive)) check_event(draft, place, directive);
  if (directive.name == "http") check_http(draft, directive);
  if (directive.name == "predictions") check_predictions(draft, place, directive);
  if (directive.name == "sql") check_sql(draft, place, directive);
  if (directive.name == "conversation") check_conversation(draft, place, directive);
  if (directive.name == "generation") {
    check_root(draft, place, directive, "Query");
    check_inference(draft, directive);
  }
}

}  // namespace

void check_answered_fields(Draft& draft) {
  for (const auto& type : draft.document.types) {
    for (const auto& field : type.fields) {
      for (const auto& directive : field.directives) check_field(draft, {type, field}, directive);
    }
  }
}

}  // namespace holdfast::schema
