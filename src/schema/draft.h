// Draft: a schema while it is being read. Private to the room; each pass stands in a file of its own.
//
// Order of the passes: merge types (extensions.cc), settle the dialect (dialect.cc), names (types.cc), directives
// (directive_rules.cc, lists.cc, models_only.cc, default_values.cc, validations.cc, mappings.cc, answered_fields.cc),
// fields (fields.cc), embedded types (embedded.cc, nesting.cc), keys and indexes (keys.cc), relations (relations.cc and
// references.cc for v2, connections.cc for v1, join_models.cc), timestamps (operations.cc), rules and owner fields
// (auth.cc, auth_fields.cc), names of operations (operations.cc) and their arguments (key_arguments.cc), version
// (version.cc). A pass reports what it finds and leaves out what it cannot use, so that later passes see only what is
// sound.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graphql/parser.h"
#include "holdfast/schema.h"
#include "schema/schema_reader.h"

namespace holdfast::schema {

/// One side of a `@manyToMany`.
struct JoinSide {
  std::string model;
  std::string field;
  const graphql::FieldDefinition* written = nullptr;
  const graphql::Directive* directive = nullptr;
};

/// More problems than this are one problem too many to read; the first ones are the ones to mend.
inline constexpr std::size_t problems_max = 100;

struct Draft {
  graphql::SchemaDocument document = {};                         ///< Of all sources; types hold their extensions.
  std::map<std::string, std::size_t, std::less<>> type_at = {};  ///< Index in document.types, by name.
  ReadOptions options = {};
  Dialect dialect = Dialect::v2;
  AuthRules auth = {};
  Schema schema = {};                                                     ///< Models in the order of the sources.
  std::vector<std::pair<std::string, std::vector<JoinSide>>> joins = {};  ///< By join model, as met.
  std::vector<graphql::Diagnostic> problems = {};
  std::vector<graphql::Diagnostic> notices = {};

  void problem(const graphql::Location& at, std::string message, std::string remedy);
  void notice(const graphql::Location& at, std::string message, std::string remedy = {});

  [[nodiscard]] const graphql::TypeDefinition* type(std::string_view name) const noexcept;
  [[nodiscard]] bool is_model(std::string_view name) const noexcept;
  [[nodiscard]] ModelSchema* model(std::string_view name);
  /// Whether there are problems enough: the words of further ones need no care.
  [[nodiscard]] bool has_problems_enough() const noexcept { return problems.size() >= problems_max; }
  /// Each model with what was written for it; join models have nothing written.
  template <class Visit>
  void each_model(Visit&& visit) {
    for (std::size_t at = 0; at < schema.models.size(); ++at) {
      if (const auto* written = type(schema.models[at].name)) visit(schema.models[at], *written);
    }
  }

  std::map<std::string, std::size_t, std::less<>> model_at = {};  ///< Of the first `models_known` models.
  std::size_t models_known = 0;
};

// extensions.cc
void add_source(Draft& draft, graphql::SchemaDocument document);
void merge_types(Draft& draft);
// types.cc
void check_type_names(Draft& draft);
bool is_root(std::string_view type_name) noexcept;  ///< Query, Mutation, Subscription.
// limits.cc
/// False, with problems, when a definition is larger than any pass after this is made for.
bool check_limits(Draft& draft);
// dialect.cc
void settle_dialect(Draft& draft);
// directive_rules.cc
void check_directives(Draft& draft);
// fields.cc
void read_fields(Draft& draft);
/// The stored field that `written` means; nothing when it is a relation or has no place in a record.
std::optional<FieldSchema> stored_field(Draft& draft, const graphql::FieldDefinition& written);
// embedded.cc, nesting.cc
void read_enums_and_embedded(Draft& draft);
/// `circular`: the embedded types that contain themselves.
void settle_nesting(Draft& draft, const std::set<std::string>& circular);
// keys.cc
void read_keys(Draft& draft);
// relations.cc, references.cc, connections.cc, join_models.cc
void read_relations(Draft& draft);
void read_connections(Draft& draft);
void make_join_models(Draft& draft);
// auth.cc, auth_fields.cc
void read_auth(Draft& draft);
void read_owner_fields(Draft& draft);
/// The name of the model that a relationName of @manyToMany stands for; may be none that GraphQL takes.
std::string join_name(std::string_view relation_name);
// lists.cc, models_only.cc, default_values.cc, validations.cc, mappings.cc, answered_fields.cc
void check_lists(Draft& draft);
void check_models_only(Draft& draft);
void check_defaults(Draft& draft);
void check_validations(Draft& draft);
void check_mappings(Draft& draft);
void check_answered_fields(Draft& draft);
// key_arguments.cc
void check_key_arguments(Draft& draft);
// structure.cc
void check_structure(Draft& draft);
// notices.cc
void notice_unserved(Draft& draft);
// operations.cc
void add_timestamps(Draft& draft);
void name_operations(Draft& draft);
void check_operation_names(Draft& draft);
// version.cc
std::string version_of(const Schema& schema);

// --- what several passes need --------------------------------------------------------------------------------

/// The argument's text; nothing when it is absent, null or (which check_directives reports) not a string.
std::optional<std::string> text_argument(const graphql::Directive& directive, std::string_view name);
/// The argument's texts: a list of strings, or one string; nothing when absent, null or anything else.
std::optional<std::vector<std::string>> texts_argument(const graphql::Directive& directive, std::string_view name);
/// Whether the argument is written as null.
bool is_null_argument(const graphql::Directive& directive, std::string_view name) noexcept;

/// A foreign key field that holds `key` of the other side.
FieldSchema foreign_key(std::string name, const FieldSchema& key, bool is_required);
/// Adds the field unless one of that name was written.
void add_foreign_key(ModelSchema& model, FieldSchema field);
/// Whether both are of one type, lists and nullability aside.
bool are_same_type(const FieldSchema& left, const FieldSchema& right) noexcept;
/// Whether values of both can be equal keys: the same type, or ID and String.
bool are_same_kind(const FieldSchema& left, const FieldSchema& right) noexcept;
/// "ID", "Status": the field's type as it is written, lists and nullability aside.
std::string type_word(const FieldSchema& field);
const IndexSchema* index_named(const ModelSchema& model, std::string_view name) noexcept;
/// Its relation directive of any dialect; null when it has none.
const graphql::Directive* relation_directive(const graphql::FieldDefinition& field) noexcept;

}  // namespace holdfast::schema
