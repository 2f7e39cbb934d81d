// MetadataDraft: metadata while they are being made. Private to the room; each pass stands in a file of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/metadata.h"

namespace holdfast::codegen {

struct MetadataDraft {
  Metadata made = {};
  Audience audience = Audience::datastore;
  std::vector<graphql::Diagnostic> problems = {};

  void problem(const graphql::Location& at, std::string message, std::string remedy);
};

// metadata_types.cc: types and fields as written, keys of models, timestamps.
void read_types(MetadataDraft& draft, const schema::Written& written);
void add_timestamps(MetadataType& model);
/// `id` stands first, wherever it was written.
void put_id_first(MetadataType& model);
// metadata_attributes.cc: what clients see of directives.
Annotation annotation_of(const graphql::Directive& directive);
/// `@primaryKey` and `@index` become attributes of the model, in the form of the older `@key`.
void add_key_attributes(MetadataType& model);
/// Puts rules behind the other attributes and fills in what they leave to defaults.
void finish_auth_attributes(MetadataType& model);
// metadata_joins.cc, metadata_relations.cc, metadata_connections.cc: relations of the two dialects.
void make_joins(MetadataDraft& draft);
void read_relations(MetadataDraft& draft);
void read_connections(MetadataDraft& draft);

// --- what several passes need --------------------------------------------------------------------------------

/// Texts of a list, or the one text; none when absent or null.
std::vector<std::string> texts_of(const Value& value);
Value value_of(const std::vector<std::string>& texts);
/// Adds the field unless there is one of that name.
void add_field(MetadataType& model, MetadataField field);
/// Fields of a model's type that no directive relates mean nothing to a client.
void drop_unrelated_fields(const Metadata& made, MetadataType& model);

}  // namespace holdfast::codegen
