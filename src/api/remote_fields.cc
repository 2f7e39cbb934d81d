#include "api/remote_fields.h"

#include <algorithm>
#include <string>
#include <utility>

#include "api/build.h"
#include "holdfast/schema.h"
#include "schema/custom_fields.h"

namespace holdfast::api {
namespace {

using Inputs = std::vector<graphql::InputValue>;

std::string text_of(const graphql::Directive& directive, std::string_view name) {
  const auto* value = graphql::argument(directive.arguments, name);
  return value == nullptr ? std::string() : value->text;
}

}  // namespace

std::vector<graphql::InputValue> http_arguments(const graphql::FieldDefinition& field, const graphql::Directive& http,
                                                std::string_view parent, Definitions& definitions) {
  const auto prefix = upper_first(std::string(parent)) + upper_first(field.name);
  const auto parameters = schema::url_parameters(text_of(http, "url"));
  const auto method = text_of(http, "method");
  const bool is_read = method.empty() || method == "GET";
  const bool has_body = method == "POST" || method == "PUT" || method == "PATCH";
  Inputs arguments;
  if (!parameters.empty()) {
    Inputs params;
    for (const auto& name : parameters) params.push_back(input(name, required(named("String"))));
    definitions.add(input_type(prefix + "ParamsInput", std::move(params)));
    arguments.push_back(input("params", required(named(prefix + "ParamsInput"))));
  }
  Inputs rest;
  bool is_any_required = false;
  for (auto each : field.arguments) {
    if (std::find(parameters.begin(), parameters.end(), each.name) != parameters.end()) continue;
    // The published transformer leaves all but scalars out once the address has parameters.
    if (!parameters.empty() && !scalar_named(each.type.innermost())) continue;
    // Where there is a body, an argument may come in the one or in the other, so that neither can insist.
    if (!is_read) each.type.is_non_null = false;
    is_any_required = is_any_required || each.type.is_non_null;
    rest.push_back(std::move(each));
  }
  if (rest.empty()) return arguments;
  definitions.add(input_type(prefix + "QueryInput", rest));
  arguments.push_back(input("query", named(prefix + "QueryInput")));
  arguments.back().type.is_non_null = is_any_required;
  if (has_body) {
    definitions.add(input_type(prefix + "BodyInput", std::move(rest)));
    arguments.push_back(input("body", named(prefix + "BodyInput")));
  }
  return arguments;
}

void ask_predictions(graphql::FieldDefinition& field, const graphql::Directive& predictions, Definitions& definitions) {
  const auto* actions = graphql::argument(predictions.arguments, "actions");
  if (actions == nullptr) return;
  const auto prefix = upper_first(field.name);
  const auto items = actions->kind == graphql::AstValue::Kind::list ? actions->items : std::vector{*actions};
  Inputs all;
  bool is_list = false;
  for (const auto& action : items) {
    const auto text = required(named("String"));
    Inputs needs;
    if (action.text.starts_with("identify")) needs.push_back(input("key", text));
    if (action.text == "translateText") needs = {input("sourceLanguage", text), input("targetLanguage", text)};
    if (action.text == "convertTextToSpeech") needs.push_back(input("voiceID", text));
    // The first action has no text of another to work on.
    if (all.empty() && !action.text.starts_with("identify")) needs.push_back(input("text", text));
    is_list = is_list || action.text == "identifyLabels";
    auto type = prefix + upper_first(action.text) + "Input";
    all.push_back(input(action.text, required(named(type))));
    definitions.add(input_type(std::move(type), std::move(needs)));
  }
  definitions.add(input_type(prefix + "Input", std::move(all)));
  field.arguments = {input("input", required(named(prefix + "Input")))};
  field.type = is_list ? list_of(named("String")) : named("String");
}

}  // namespace holdfast::api
