#include "schema/schema_reader.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "schema/draft.h"

namespace holdfast::schema {
namespace {

using graphql::Diagnostic;

std::vector<Diagnostic> in_source_order(std::vector<Diagnostic> all) {
  std::stable_sort(all.begin(), all.end(), [](const Diagnostic& left, const Diagnostic& right) {
    const auto place = [](const Diagnostic& one) { return std::tuple(one.at.source, one.at.line, one.at.column); };
    return place(left) < place(right);
  });
  // Both sides of a relation may report the same thing at one place.
  const auto is_same = [](const Diagnostic& left, const Diagnostic& right) {
    return left.at == right.at && left.message == right.message;
  };
  all.erase(std::unique(all.begin(), all.end(), is_same), all.end());
  if (all.size() > problems_max) all.resize(problems_max);
  return all;
}

void parse_sources(Draft& draft, const std::vector<graphql::Source>& sources) {
  for (std::size_t at = 0; at < sources.size(); ++at) {
    auto parsed = graphql::parse_schema(sources[at].text, static_cast<std::uint32_t>(at));
    if (auto* wrong = std::get_if<Diagnostic>(&parsed)) {
      if (wrong->remedy.empty()) wrong->remedy = "Mend the syntax here; the rest is read once this source is valid.";
      draft.problems.push_back(std::move(*wrong));
    } else {
      add_source(draft, std::get<graphql::SchemaDocument>(std::move(parsed)));
    }
  }
}

void build(Draft& draft) {
  merge_types(draft);
  if (!check_limits(draft)) return;
  settle_dialect(draft);
  check_type_names(draft);
  check_directives(draft);
  check_lists(draft);
  check_models_only(draft);
  check_validations(draft);
  check_mappings(draft);
  check_answered_fields(draft);
  read_fields(draft);
  check_defaults(draft);
  read_enums_and_embedded(draft);
  read_keys(draft);
  read_relations(draft);
  read_connections(draft);
  make_join_models(draft);
  add_timestamps(draft);
  read_auth(draft);
  read_owner_fields(draft);
  name_operations(draft);
  check_operation_names(draft);
  check_key_arguments(draft);
  check_structure(draft);
  notice_unserved(draft);
}

}  // namespace

std::variant<Reading, std::vector<Diagnostic>> read_schema(const std::vector<graphql::Source>& sources,
                                                            const ReadOptions& options) {
  Draft draft;
  draft.options = options;
  parse_sources(draft, sources);
  // A source that cannot be read may hold what the others refer to.
  if (draft.problems.empty()) build(draft);
  if (!draft.problems.empty()) return in_source_order(std::move(draft.problems));
  draft.schema.version = version_of(draft.schema);
  Written written{std::move(draft.document), draft.dialect, std::move(draft.auth)};
  return Reading{std::move(draft.schema), std::move(written), in_source_order(std::move(draft.notices))};
}

}  // namespace holdfast::schema
