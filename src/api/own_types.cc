#include "api/own_types.h"

#include <set>
#include <string>
#include <utility>

#include "api/build.h"
#include "api/remote_fields.h"

namespace holdfast::api {
namespace {

using graphql::TypeDefinition;
using graphql::TypeKind;

void show(std::vector<graphql::InputValue>& inputs) {
  for (auto& each : inputs) each.directives = shown(each.directives);
}

TypeDefinition shown_type(const TypeDefinition& written, Definitions& definitions) {
  auto type = written;
  type.directives = shown(written.directives);
  show(type.inputs);
  for (auto& value : type.values) value.directives = shown(value.directives);
  for (auto& field : type.fields) field = shown_field(field, written.name, definitions);
  return type;
}

/// Walks from the models to every type that their inputs take.
class HeldTypes {
 public:
  HeldTypes(const Basis& basis, Definitions& definitions) : basis_(basis), definitions_(definitions) {}

  void reach(const graphql::TypeRef& type) {
    const auto* held = basis_.type(type.innermost());
    if (held == nullptr || held->kind != TypeKind::object || basis_.is_model(held->name)) return;
    if (!reached_.insert(held->name).second) return;
    auto made = input_type(upper_first(held->name) + "Input", {});
    for (const auto& field : held->fields) {
      made.inputs.push_back(input(field.name, basis_.input_type(field.type)));
      reach(field.type);
    }
    definitions_.add(std::move(made));
  }

 private:
  const Basis& basis_;
  Definitions& definitions_;
  std::set<std::string> reached_;
};

bool is_root(const std::string& name) { return name == "Query" || name == "Mutation" || name == "Subscription"; }

}  // namespace

graphql::FieldDefinition shown_field(const graphql::FieldDefinition& written, std::string_view parent,
                                     Definitions& definitions) {
  auto field = written;
  field.directives = shown(written.directives);
  show(field.arguments);
  if (const auto* http = graphql::directive(written.directives, "http")) {
    field.arguments = http_arguments(field, *http, parent, definitions);
  }
  if (const auto* predictions = graphql::directive(written.directives, "predictions")) {
    ask_predictions(field, *predictions, definitions);
  }
  return field;
}

void add_own_types(const Basis& basis, Definitions& definitions) {
  for (const auto& type : basis.written.document.types) {
    // AMPLIFY speaks to the tools.
    if (type.name == "AMPLIFY" || is_root(type.name) || basis.is_model(type.name)) continue;
    definitions.add(shown_type(type, definitions));
  }
  HeldTypes held(basis, definitions);
  for (const auto& model : basis.schema.models) {
    for (const auto& member : basis.members(model)) held.reach(member.type);
  }
}

std::vector<graphql::FieldDefinition> own_fields(const Basis& basis, std::string_view root, Definitions& definitions) {
  std::vector<graphql::FieldDefinition> fields;
  const auto* written = basis.type(root);
  if (written == nullptr) return fields;
  for (const auto& field : written->fields) fields.push_back(shown_field(field, root, definitions));
  return fields;
}

}  // namespace holdfast::api
