// Types and fields as they were written, and what every model gets.
#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "codegen/change_case.h"
#include "codegen/metadata_draft.h"

namespace holdfast::codegen {
namespace {

using graphql::TypeDefinition;
using graphql::TypeKind;
using schema::Dialect;

/// AMPLIFY configures the tools.
bool is_left_out(const TypeDefinition& type) noexcept { return type.name == "AMPLIFY"; }

std::vector<Annotation> annotations_of(const std::vector<graphql::Directive>& directives) {
  std::vector<Annotation> all;
  for (const auto& directive : directives) all.push_back(annotation_of(directive));
  return all;
}

/// Of a field, an argument or a field of an input.
template <class Written>
MetadataField field_of(const Written& written) {
  MetadataField field{.name = written.name, .type = written.type.innermost(), .at = written.at};
  field.is_list = written.type.is_list();
  field.is_list_required = field.is_list && written.type.is_non_null;
  const auto* inside = &written.type;
  while (inside->is_list()) inside = &inside->element.front();
  field.is_required = inside->is_non_null;
  field.annotations = annotations_of(written.directives);
  return field;
}

/// In the order of the sources: an extension may stand before its type.
template <class Written>
std::vector<MetadataField> fields_of(const std::vector<Written>& all) {
  std::vector<MetadataField> fields;
  for (const auto& written : all) fields.push_back(field_of(written));
  std::stable_sort(fields.begin(), fields.end(), [](const MetadataField& left, const MetadataField& right) {
    const auto place = [](const MetadataField& one) { return std::tuple(one.at.source, one.at.line, one.at.column); };
    return place(left) < place(right);
  });
  return fields;
}

std::vector<MetadataOperation> operations_of(const TypeDefinition& root) {
  std::vector<MetadataOperation> all;
  for (const auto& field : root.fields) all.push_back({field_of(field), fields_of(field.arguments)});
  return all;
}

/// Moves those with the directive from one list to the other.
void move_annotated(std::string_view directive, std::vector<MetadataOperation>& from,
                    std::vector<MetadataOperation>& to) {
  const auto first = std::stable_partition(from.begin(), from.end(), [&](const MetadataOperation& one) {
    return annotation(one.field.annotations, directive) == nullptr;
  });
  to.assign(std::make_move_iterator(first), std::make_move_iterator(from.end()));
  from.erase(first, from.end());
}

MetadataEnum enum_of(const TypeDefinition& type) {
  MetadataEnum made{.name = type.name};
  for (const auto& value : type.values) {
    auto key = constant_case(value.name);
    const auto same = std::find_if(made.entries.begin(), made.entries.end(),
                                   [&](const MetadataEnum::Entry& entry) { return entry.key == key; });
    if (same == made.entries.end()) {
      made.entries.push_back({std::move(key), value.name});
    } else {
      same->value = value.name;
    }
  }
  return made;
}

// --- models --------------------------------------------------------------------------------------------------

void ensure_id(MetadataType& model) {
  if (auto* id = model.field("id")) {
    id->is_required = true;
  } else {
    model.fields.insert(model.fields.begin(), {.name = "id", .type = "ID", .is_required = true});
  }
}

/// The fields of the custom key; none when the model has the usual one.
std::vector<std::string> custom_key(const MetadataType& model, Dialect dialect) {
  if (dialect == Dialect::v1) {
    for (const auto& one : model.annotations) {
      if (one.name == "key" && one.arguments.at("name").is_null()) return texts_of(one.arguments.at("fields"));
    }
    return {};
  }
  for (const auto& field : model.fields) {
    const auto* primary = annotation(field.annotations, "primaryKey");
    if (primary == nullptr) continue;
    std::vector<std::string> fields = texts_of(primary->arguments.at("sortKeyFields"));
    fields.insert(fields.begin(), field.name);
    return fields;
  }
  return {};
}

void identify(const MetadataDraft& draft, MetadataType& model) {
  auto fields = custom_key(model, draft.made.dialect);
  model.identifier = Identifier{};
  const bool wants_id = draft.made.dialect == Dialect::v1 && draft.audience == Audience::datastore;
  if (fields.empty() || wants_id) return ensure_id(model);
  const bool is_plain_id = fields.size() == 1 && fields.front() == "id";
  model.identifier->kind = is_plain_id ? IdentifierKind::optionally_managed : IdentifierKind::custom;
  model.identifier->fields = std::move(fields);
  if (draft.made.dialect == Dialect::v1) return;
  // To look for a primary key's fields is to touch all of the model's directives, as relations do.
  for (auto& field : model.fields) {
    for (auto& one : field.annotations) one.is_tied_to_field = true;
  }
}

std::string timestamp_name(const Object& model_arguments, std::string_view member, const char* usual) {
  const auto* name = model_arguments.at("timestamps")[member].as_string();
  return name == nullptr || name->empty() ? usual : *name;
}

MetadataField timestamp(std::string name) {
  return {.name = std::move(name), .type = "AWSDateTime", .is_read_only = true};
}

void add_object_type(MetadataDraft& draft, const TypeDefinition& type) {
  MetadataType made{
      .name = type.name, .fields = fields_of(type.fields), .annotations = annotations_of(type.directives)};
  if (annotation(made.annotations, "model") == nullptr) {
    draft.made.non_models.push_back(std::move(made));
    return;
  }
  identify(draft, made);
  add_timestamps(made);
  put_id_first(made);
  draft.made.models.push_back(std::move(made));
}

void read_object_type(MetadataDraft& draft, const TypeDefinition& type) {
  auto& made = draft.made;
  if (type.name == "Query") {
    made.queries = operations_of(type);
    move_annotated("generation", made.queries, made.generations);
  } else if (type.name == "Mutation") {
    made.mutations = operations_of(type);
    move_annotated("conversation", made.mutations, made.conversations);
  } else if (type.name == "Subscription") {
    made.subscriptions = operations_of(type);
  } else {
    add_object_type(draft, type);
  }
}

}  // namespace

void put_id_first(MetadataType& model) {
  std::stable_partition(model.fields.begin(), model.fields.end(),
                        [](const MetadataField& field) { return field.name == "id"; });
}

void add_timestamps(MetadataType& model) {
  const auto& arguments = annotation(model.annotations, "model")->arguments;
  const auto* timestamps = arguments.find("timestamps");
  if (timestamps != nullptr && timestamps->is_null()) return;
  add_field(model, timestamp(timestamp_name(arguments, "createdAt", "createdAt")));
  add_field(model, timestamp(timestamp_name(arguments, "updatedAt", "updatedAt")));
}

void read_types(MetadataDraft& draft, const schema::Written& written) {
  for (const auto& type : written.document.types) {
    if (is_left_out(type)) continue;
    switch (type.kind) {
      case TypeKind::object: read_object_type(draft, type); break;
      case TypeKind::enumeration: draft.made.enums.push_back(enum_of(type)); break;
      case TypeKind::input: draft.made.inputs.push_back({type.name, fields_of(type.inputs)}); break;
      case TypeKind::interface:
      case TypeKind::union_type: draft.made.abstract_types.push_back(type.name); break;
      case TypeKind::scalar: break;
    }
  }
}

}  // namespace holdfast::codegen
