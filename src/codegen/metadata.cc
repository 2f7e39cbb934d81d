#include "codegen/metadata.h"

#include <algorithm>
#include <utility>

#include "codegen/metadata_draft.h"

namespace holdfast::codegen {
namespace {

template <class All>
auto* named(All& all, std::string_view name) noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [name](const auto& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool is_known(const Metadata& made, const std::string& type) noexcept {
  return scalar_named(type) || named(made.enums, type) != nullptr || named(made.non_models, type) != nullptr ||
         made.model(type) != nullptr || named(made.inputs, type) != nullptr;
}

bool is_abstract(const Metadata& made, const std::string& type) noexcept {
  return std::find(made.abstract_types.begin(), made.abstract_types.end(), type) != made.abstract_types.end();
}

void check_types(MetadataDraft& draft, const std::vector<MetadataField>& fields) {
  for (const auto& field : fields) {
    if (is_known(draft.made, field.type)) continue;
    draft.problem(field.at, "Unknown type " + field.type + " for field " + field.name + ".",
                  "Clients know the scalars of AppSync, enums and object types: use one of these, or AWSJSON.");
  }
}

/// Introspection leaves out what is of an abstract type. For DataStore such a type is unknown.
void settle_types(MetadataDraft& draft) {
  auto& made = draft.made;
  const bool is_for_introspection = draft.audience == Audience::introspection;
  const auto settle = [&](std::vector<MetadataField>& fields) {
    if (is_for_introspection) std::erase_if(fields, [&](const auto& field) { return is_abstract(made, field.type); });
    check_types(draft, fields);
  };
  for (auto* types : {&made.models, &made.non_models}) {
    for (auto& type : *types) settle(type.fields);
  }
  if (!is_for_introspection) return;
  for (auto& input : made.inputs) settle(input.fields);
  for (const auto& one : made.conversations) check_types(draft, one.arguments);
  for (auto* operations : {&made.queries, &made.generations, &made.mutations, &made.subscriptions}) {
    std::erase_if(*operations, [&](const auto& one) { return is_abstract(made, one.field.type); });
    for (auto& one : *operations) {
      check_types(draft, {one.field});
      check_types(draft, one.arguments);
    }
  }
}

}  // namespace

const Annotation* annotation(const std::vector<Annotation>& all, std::string_view name) noexcept {
  return named(all, name);
}

const MetadataField* MetadataType::field(std::string_view field_name) const noexcept {
  return named(fields, field_name);
}
MetadataField* MetadataType::field(std::string_view field_name) noexcept { return named(fields, field_name); }

const MetadataType* Metadata::model(std::string_view name) const noexcept { return named(models, name); }
MetadataType* Metadata::model(std::string_view name) noexcept { return named(models, name); }

void MetadataDraft::problem(const graphql::Location& at, std::string message, std::string remedy) {
  problems.push_back({.at = at, .message = std::move(message), .remedy = std::move(remedy)});
}

void add_field(MetadataType& model, MetadataField field) {
  if (model.field(field.name) == nullptr) model.fields.push_back(std::move(field));
}

void drop_unrelated_fields(const Metadata& made, MetadataType& model) {
  std::erase_if(model.fields,
                [&](const MetadataField& field) { return !field.association && made.model(field.type) != nullptr; });
}

std::variant<Metadata, std::vector<graphql::Diagnostic>> metadata(const schema::Reading& reading, Audience audience) {
  MetadataDraft draft;
  draft.audience = audience;
  draft.made.dialect = reading.written.dialect;
  read_types(draft, reading.written);
  if (draft.made.dialect == schema::Dialect::v1) {
    read_connections(draft);
  } else {
    for (auto& model : draft.made.models) add_key_attributes(model);
    make_joins(draft);
    read_relations(draft);
  }
  for (auto& model : draft.made.models) finish_auth_attributes(model);
  settle_types(draft);
  if (!draft.problems.empty()) return std::move(draft.problems);
  return std::move(draft.made);
}

}  // namespace holdfast::codegen
