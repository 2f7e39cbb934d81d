// Metadata: what the published clients are told of a schema, in the terms of the published generator, which differ
// from those of Schema: a field's nullability is that of its elements, foreign keys are ordinary fields behind the
// written ones, a model between two others has nullable keys. spec/transformer.md section 10 states the facts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graphql/parser.h"
#include "holdfast/value.h"
#include "schema/schema_reader.h"

namespace holdfast::codegen {

enum class ConnectionKind : std::uint8_t { has_one, has_many, belongs_to };

/// How a field of a model's type is related to that model.
struct Association {
  ConnectionKind kind = ConnectionKind::belongs_to;
  std::vector<std::string> associated_with = {};              ///< Fields of the other model; none for belongs_to.
  std::optional<std::vector<std::string>> target_names = {};  ///< Fields of ours; absent for has_many and references.
};

/// A directive as clients see it: its arguments as JSON, in the order in which they were written.
struct Annotation {
  std::string name = {};
  Object arguments = {};
  bool is_tied_to_field = false;  ///< Whether the version counts the field's name with it (see published_version).
};

const Annotation* annotation(const std::vector<Annotation>& all, std::string_view name) noexcept;  ///< Null if none.

struct MetadataField {
  std::string name = {};
  std::string type = {};  ///< The name inside all lists.
  bool is_list = false;
  bool is_required = false;       ///< Of the innermost elements.
  bool is_list_required = false;  ///< Of the outermost list.
  bool is_read_only = false;      ///< Timestamps that the author did not write.
  graphql::Location at = {};      ///< Where it was written; nowhere for what nobody wrote.
  std::vector<Annotation> annotations = {};
  std::optional<Association> association = {};

  /// What refuses null is the list, where there is one.
  [[nodiscard]] bool refuses_null() const noexcept { return is_list ? is_list_required : is_required; }
};

/// How records get their key: the client makes it, may leave it to the author, or never makes it.
enum class IdentifierKind : std::uint8_t { managed, optionally_managed, custom };

struct Identifier {
  IdentifierKind kind = IdentifierKind::managed;
  std::vector<std::string> fields = {"id"};
};

/// A model, or a type that is no model.
struct MetadataType {
  std::string name = {};
  std::vector<MetadataField> fields = {};
  std::vector<Annotation> annotations = {};
  std::optional<Identifier> identifier = {};  ///< Nothing for what is no model.

  [[nodiscard]] const MetadataField* field(std::string_view name) const noexcept;  ///< Null when unknown.
  [[nodiscard]] MetadataField* field(std::string_view name) noexcept;
};

/// The published generator spells values in capitals; two that then are alike become one.
struct MetadataEnum {
  struct Entry {
    std::string key;    ///< IN_PROGRESS
    std::string value;  ///< inProgress
  };
  std::string name = {};
  std::vector<Entry> entries = {};
};

/// A field of Query, Mutation or Subscription that the author wrote.
struct MetadataOperation {
  MetadataField field = {};
  std::vector<MetadataField> arguments = {};
};

struct MetadataInput {
  std::string name = {};
  std::vector<MetadataField> fields = {};
};

/// All in the order of the sources, models between others last.
struct Metadata {
  std::vector<MetadataType> models = {};
  std::vector<MetadataType> non_models = {};
  std::vector<MetadataEnum> enums = {};
  std::vector<MetadataOperation> queries = {}, mutations = {}, subscriptions = {};
  std::vector<MetadataOperation> generations = {};    ///< Queries with `@generation`.
  std::vector<MetadataOperation> conversations = {};  ///< Mutations with `@conversation`.
  std::vector<MetadataInput> inputs = {};
  std::vector<std::string> abstract_types = {};  ///< Unions and interfaces: fields of these types are left out.
  schema::Dialect dialect = schema::Dialect::v2;

  [[nodiscard]] const MetadataType* model(std::string_view name) const noexcept;  ///< Null when unknown.
  [[nodiscard]] MetadataType* model(std::string_view name) noexcept;
};

/// For whom: DataStore of the older dialect wants an `id` in every model, and can hold no field of an abstract type.
enum class Audience : std::uint8_t { datastore, introspection };

/// On failure what the published generator refuses, too, though the transformer accepts it.
std::variant<Metadata, std::vector<graphql::Diagnostic>> metadata(const schema::Reading& reading, Audience audience);

}  // namespace holdfast::codegen
