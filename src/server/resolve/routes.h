// Routes: which root or relation field means what. The one place that reads operation names.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "holdfast/schema.h"
#include "api/sort_key.h"
#include "graphql/type_system.h"
#include "schema/page_limits.h"
#include "server/publish/publisher.h"
#include "server/resolve/custom.h"

namespace holdfast::server {

/// Rows of a page when nobody says how many.
inline constexpr std::uint32_t default_limit = 100;

struct Route {
  enum class Kind : std::uint8_t { get, list, index, sync, create, update, remove, subscription, relation };
  Kind kind = Kind::get;
  const ModelSchema* model = nullptr;            ///< Whose records the field gives; null: answers of another type.
  const RelationSchema* relation = nullptr;      ///< relation only
  std::vector<std::string> partition = {};       ///< list, index, relation: the fields that select a collection.
  std::vector<std::string> sort = {};            ///< Its order; empty: order of first writing.
  std::optional<api::SortKeyArgument> narrowing = {};
  std::uint32_t page_rows = default_limit;       ///< Of a page that nobody asks a size for.
  std::vector<PublishedKind> published = {};     ///< subscription only: writes of the model
  std::vector<std::string> answered = {};        ///< subscription only: mutations of the author's
};

/// Immutable; safe from any thread. The schema and the API outlive it.
class Routes {
 public:
  /// `api` tells which of its possible arguments a relation takes,
  /// `custom` which mutations of the author's are answered.
  Routes(const Schema& schema, const graphql::TypeSystem& api, const CustomFields& custom,
         const std::vector<schema::PageLimit>& page_limits = {});
  /// Null for fields that are plain members of their parent.
  [[nodiscard]] const Route* find(std::string_view type, std::string_view field) const;
  /// Whether the field is more than a member of its parent: a root's, a route, or one of the author's functions.
  /// `field` is the API's own; by its address, because each field of each answer asks.
  [[nodiscard]] bool serves(const graphql::FieldDefinition& field) const { return served_.contains(&field); }

 private:
  void add_queries(const ModelSchema& model);
  void add_mutations(const ModelSchema& model);
  /// The models' own and those that the author wrote: the API says of each which mutations it is of.
  void add_subscriptions(const Schema& schema, const graphql::TypeSystem& api, const CustomFields& custom);
  void add_relations(const Schema& schema, const graphql::TypeSystem& api, const ModelSchema& model);
  void add(std::string type, std::string field, Route route);
  void note_served(const graphql::TypeSystem& api, const CustomFields& custom);

  std::map<std::string, std::map<std::string, Route, std::less<>>, std::less<>> routes_;
  std::unordered_set<const graphql::FieldDefinition*> served_;
};

}  // namespace holdfast::server
