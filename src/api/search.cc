#include "api/search.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "api/build.h"
#include "graphql/parser.h"
#include "holdfast/result.h"

namespace holdfast::api {
namespace {

using graphql::TypeDefinition;
using Inputs = std::vector<graphql::InputValue>;

constexpr std::string_view aggregates_sdl = R"(
enum SearchableAggregateType { terms avg min max sum cardinality }
type SearchableAggregateResult { name: String! result: SearchableAggregateGenericResult }
union SearchableAggregateGenericResult = SearchableAggregateScalarResult | SearchableAggregateBucketResult
type SearchableAggregateScalarResult { value: Float! }
type SearchableAggregateBucketResult { buckets: [SearchableAggregateBucketResultItem] }
type SearchableAggregateBucketResultItem { key: String! doc_count: Int! }
)";

std::vector<TypeDefinition> aggregate_types() {
  auto document = graphql::parse_schema(aggregates_sdl);
  HOLDFAST_ASSERT(std::holds_alternative<graphql::SchemaDocument>(document), "the types of aggregates must parse");
  return std::get<graphql::SchemaDocument>(std::move(document)).types;
}

TypeDefinition operators(const std::string& family) {
  const bool is_text = family == "String" || family == "ID";
  Inputs inputs{input("ne", named(family)), input("eq", named(family))};
  if (family != "Boolean") {
    for (const char* op : {"gt", "lt", "gte", "lte"}) inputs.push_back(input(op, named(family)));
  }
  if (is_text) {
    for (const char* op : {"match", "matchPhrase", "matchPhrasePrefix", "multiMatch", "wildcard", "regexp"}) {
      inputs.push_back(input(op, named(family)));
    }
    inputs.push_back(input("exists", named("Boolean")));
  }
  if (family != "Boolean") inputs.push_back(input("range", list_of(named(family))));
  return input_type("Searchable" + family + "FilterInput", std::move(inputs));
}

void add_fixed_types(const Basis& basis, Definitions& definitions) {
  for (const char* family : {"String", "ID", "Int", "Float", "Boolean"}) definitions.add(operators(family));
  definitions.add(enum_type("SearchableSortDirection", {"asc", "desc"}));
  if (!basis.is_v1()) definitions.add(aggregate_types());
}

/// What can be searched by, and the family of its operators.
struct Searched {
  std::string name;
  std::string family;
  bool is_enum = false;
};

std::vector<Searched> searched(const Basis& basis, const ModelSchema& model) {
  std::vector<Searched> all;
  for (const auto& member : basis.members(model)) {
    const bool is_enum = basis.is_enum(member.type.innermost());
    if (is_implied_owner(model, member) || (basis.is_v1() && (member.written == nullptr || is_enum))) continue;
    auto family = is_enum ? std::string("String") : basis.family(member.type);
    if (!family.empty()) all.push_back({member.name, std::move(family), is_enum});
  }
  if (basis.options.is_versioned && !basis.is_v1()) {
    all.push_back({"_version", "Int"});
    all.push_back({"_deleted", "Boolean"});
    all.push_back({"_lastChangedAt", "Int"});
  }
  return all;
}

void add_aggregation(const std::string& prefix, const std::vector<Searched>& fields, Definitions& definitions) {
  std::vector<std::string> names;
  for (const auto& each : fields) names.push_back(each.name);
  definitions.add(enum_type(prefix + "AggregateField", names));
  definitions.add(input_type(prefix + "AggregationInput",
                             {input("name", required(named("String"))),
                              input("type", required(named("SearchableAggregateType"))),
                              input("field", required(named(prefix + "AggregateField")))}));
}

void add_model_types(const Basis& basis, const ModelSchema& model, const std::string& prefix,
                     Definitions& definitions) {
  const auto fields = searched(basis, model);
  const auto self = prefix + "FilterInput";
  Inputs filters;
  std::vector<std::string> sortable;
  for (const auto& each : fields) {
    filters.push_back(input(each.name, named("Searchable" + each.family + "FilterInput")));
    if (!each.is_enum) sortable.push_back(each.name);
  }
  filters.push_back(input("and", list_of(named(self))));
  filters.push_back(input("or", list_of(named(self))));
  filters.push_back(input("not", named(self)));
  definitions.add(input_type(self, std::move(filters)));
  definitions.add(enum_type(prefix + "SortableFields", sortable));
  definitions.add(input_type(prefix + "SortInput", {input("field", named(prefix + "SortableFields")),
                                                    input("direction", named("SearchableSortDirection"))}));
  auto connection = object_type(prefix + "Connection", {field("items", required(list_of(named(model.name)))),
                                                        field("nextToken", named("String")),
                                                        field("total", named("Int"))});
  if (!basis.is_v1()) {
    add_aggregation(prefix, fields, definitions);
    connection.fields.push_back(field("aggregateItems", required(list_of(named("SearchableAggregateResult")))));
  }
  definitions.add(std::move(connection));
}

graphql::FieldDefinition search_field(const Basis& basis, const std::string& name, const std::string& prefix) {
  const auto sort = named(prefix + "SortInput");
  Inputs inputs{input("filter", named(prefix + "FilterInput")), input("sort", basis.is_v1() ? sort : list_of(sort)),
                input("limit", named("Int")), input("nextToken", named("String")), input("from", named("Int"))};
  if (!basis.is_v1()) inputs.push_back(input("aggregates", list_of(named(prefix + "AggregationInput"))));
  return field(name, named(prefix + "Connection"), std::move(inputs));
}

}  // namespace

std::string search_name(const Basis& basis, const ModelSchema& model) {
  const auto* written = basis.type(model.name);
  const auto* searchable = written == nullptr ? nullptr : graphql::directive(written->directives, "searchable");
  if (searchable == nullptr) return {};
  const auto* queries = graphql::argument(searchable->arguments, "queries");
  const bool is_off = queries != nullptr && queries->kind == graphql::AstValue::Kind::null;
  if (is_off && !basis.is_v1()) return {};
  const auto* search = queries == nullptr ? nullptr : graphql::argument(queries->fields, "search");
  if (search != nullptr) return search->kind == graphql::AstValue::Kind::null ? std::string() : search->text;
  return "search" + (basis.is_v1() ? upper_first(model.name) + "s" : upper_first(model.plural_name));
}

std::vector<graphql::FieldDefinition> search_fields(const Basis& basis, Definitions& definitions) {
  std::vector<graphql::FieldDefinition> fields;
  for (const auto& model : basis.schema.models) {
    const auto name = search_name(basis, model);
    if (name.empty()) continue;
    const auto prefix = "Searchable" + model.name;
    add_fixed_types(basis, definitions);
    add_model_types(basis, model, prefix, definitions);
    fields.push_back(search_field(basis, name, prefix));
  }
  return fields;
}

}  // namespace holdfast::api
