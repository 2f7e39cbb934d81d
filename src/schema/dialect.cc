// Which of the two dialects a schema is written in, and what to write instead of a word of the other.
#include <algorithm>
#include <array>

#include "schema/directives.h"
#include "schema/draft.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;

/// What the current dialect writes for a word of the older one, and the other way round.
struct Counterpart {
  std::string_view name;
  std::string_view remedy;
};

constexpr std::array<Counterpart, 3> of_v1_words = {{
    {"key",
     "Write @primaryKey(sortKeyFields: [...]) behind the first field of a key without a name, and @index(name: ..., "
     "sortKeyFields: [...], queryField: ...) behind that of a key with one; or read the schema as the older dialect."},
    {"connection",
     "Write @hasMany for a list, @belongsTo for the side that holds the key, @hasOne for a single record; or "
     "read the schema as the older dialect."},
    {"versioned", "Remove it: with conflict detection every model is versioned."},
}};

constexpr std::array<Counterpart, 6> of_v2_words = {{
    {"primaryKey", "Write @key(fields: [...]) behind the name of the type; or read the schema as the current dialect."},
    {"index",
     "Write @key(name: ..., fields: [...], queryField: ...) behind the name of the type; or read the schema as the "
     "current dialect."},
    {"hasOne", "Write @connection(fields: [...]); or read the schema as the current dialect."},
    {"hasMany", "Write @connection(keyName: ..., fields: [...]); or read the schema as the current dialect."},
    {"belongsTo", "Write @connection(fields: [...]); or read the schema as the current dialect."},
    {"manyToMany",
     "Write a model between the two, with a @connection to each; or read the schema as the current dialect."},
}};

template <std::size_t N>
std::string remedy_in(const std::array<Counterpart, N>& words, std::string_view name) {
  const auto* const found =
      std::find_if(words.begin(), words.end(), [name](const Counterpart& one) { return one.name == name; });
  if (found != words.end()) return std::string(found->remedy);
  return "Remove it: the older dialect has no such directive; or read the schema as the current dialect.";
}

std::string mixed_remedy(const Directive& directive, Dialect chosen) {
  if (directive.name == "versioned") return "Remove it: every model is versioned.";
  if (chosen == Dialect::v2) {
    return "Write the relations and keys of the whole schema either with @hasOne, @hasMany, @belongsTo, @manyToMany, "
           "@primaryKey and @index, or with @connection and @key.";
  }
  if (!dialect_of(directive.name)) return "Remove it, or write the whole schema in the current dialect.";
  return "Write @connection and @key here too, or replace them in the whole schema by @hasMany, @belongsTo, @hasOne, "
         "@primaryKey and @index.";
}

/// All directives of types and their fields, in the order of the sources.
std::vector<const Directive*> written_directives(const Draft& draft) {
  std::vector<const Directive*> all;
  for (const auto& type : draft.document.types) {
    for (const auto& directive : type.directives) all.push_back(&directive);
    for (const auto& field : type.fields) {
      for (const auto& directive : field.directives) all.push_back(&directive);
    }
  }
  return all;
}

bool is_of_other(const Directive& directive, Dialect chosen) {
  const auto other = chosen == Dialect::v1 ? Dialect::v2 : Dialect::v1;
  return known_directive(chosen, directive.name) == nullptr && known_directive(other, directive.name) != nullptr;
}

void report_forced(Draft& draft, const Directive& directive) {
  const bool is_v2 = draft.dialect == Dialect::v2;
  draft.problem(directive.at,
                "Your GraphQL Schema is using \"@" + directive.name + "\" directive from " +
                    (is_v2 ? "an older" : "the newer") + " version of the GraphQL Transformer.",
                is_v2 ? remedy_in(of_v1_words, directive.name) : remedy_in(of_v2_words, directive.name));
}

}  // namespace

void settle_dialect(Draft& draft) {
  const auto all = written_directives(draft);
  const auto first =
      std::find_if(all.begin(), all.end(), [](const Directive* one) { return dialect_of(one->name).has_value(); });
  const auto said = first == all.end() ? std::nullopt : dialect_of((*first)->name);
  draft.dialect = draft.options.dialect.value_or(said.value_or(Dialect::v2));
  for (const auto* directive : all) {
    if (!is_of_other(*directive, draft.dialect)) continue;
    if (draft.options.dialect) {
      report_forced(draft, *directive);
    } else {
      // Nothing forced it, so that some directive said it.
      draft.problem(directive->at,
                    "@" + directive->name + " cannot be mixed with @" + (*first)->name + ": one belongs to the " +
                        (draft.dialect == Dialect::v1 ? "current dialect, the other to the older one."
                                                      : "older dialect, the other to the current one."),
                    mixed_remedy(*directive, draft.dialect));
    }
  }
}

}  // namespace holdfast::schema
