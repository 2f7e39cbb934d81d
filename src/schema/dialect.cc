// The directives of the modelling dialect: which there are, where they stand, what they take, and of which dialect.
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::Location;

enum class Place : std::uint8_t { object, field, elsewhere };
enum class Where : std::uint8_t { object, field, both, anywhere };
enum class Effect : std::uint8_t {
  now,    ///< Shapes the schema.
  later,  ///< Understood; noticed as having no effect yet.
  none,   ///< Nothing to do with data.
};

/// `arguments`: space-separated; "*" for any.
struct Known {
  std::string_view name;
  Where where = Where::both;
  Effect effect = Effect::now;
  std::optional<Dialect> dialect = {};
  std::string_view arguments = {};
  bool is_repeatable = false;
};

constexpr std::array<Known, 33> directives = {{
    {"model", Where::object, Effect::now, {}, "queries mutations subscriptions timestamps"},
    {"primaryKey", Where::field, Effect::now, Dialect::v2, "sortKeyFields"},
    {"index", Where::field, Effect::now, Dialect::v2, "name sortKeyFields queryField", true},
    {"hasOne", Where::field, Effect::now, Dialect::v2, "fields references"},
    {"hasMany", Where::field, Effect::now, Dialect::v2, "indexName fields references limit"},
    {"belongsTo", Where::field, Effect::now, Dialect::v2, "fields references"},
    {"manyToMany", Where::field, Effect::now, Dialect::v2, "relationName limit"},
    {"connection", Where::field, Effect::now, Dialect::v1, "name keyName fields keyField sortField limit"},
    {"key", Where::object, Effect::now, Dialect::v1, "name fields queryField", true},
    {"versioned", Where::object, Effect::none, Dialect::v1, "versionField versionInput"},
    {"auth", Where::both, Effect::now, {}, "rules"},
    {"default", Where::field, Effect::later, {}, "value"},
    {"mapsTo", Where::object, Effect::later, {}, "name"},
    {"refersTo", Where::both, Effect::later, {}, "name"},
    {"searchable", Where::object, Effect::later, {}, "queries"},
    {"validate", Where::field, Effect::later, {}, "type value errorMessage", true},
    {"function", Where::field, Effect::later, {}, "*", true},
    {"http", Where::field, Effect::later, {}, "*"},
    {"predictions", Where::field, Effect::later, {}, "*"},
    {"sql", Where::field, Effect::later, {}, "*"},
    {"ttl", Where::field, Effect::later, {}, "*"},
    {"generation", Where::field, Effect::later, {}, "*"},
    {"conversation", Where::field, Effect::later, {}, "*"},
    {"aws_subscribe", Where::field, Effect::none, {}, "mutations"},
    {"aws_api_key", Where::anywhere, Effect::none, {}, ""},
    {"aws_iam", Where::anywhere, Effect::none, {}, ""},
    {"aws_oidc", Where::anywhere, Effect::none, {}, ""},
    {"aws_lambda", Where::anywhere, Effect::none, {}, ""},
    {"aws_cognito_user_pools", Where::anywhere, Effect::none, {}, "cognito_groups"},
    {"aws_auth", Where::anywhere, Effect::none, {}, "cognito_groups"},
    {"aws_publish", Where::anywhere, Effect::none, {}, "*"},
    {"deprecated", Where::anywhere, Effect::none, {}, "reason"},
    {"specifiedBy", Where::anywhere, Effect::none, {}, "url"},
}};

const Known* known(std::string_view name) noexcept {
  const auto* const found =
      std::find_if(directives.begin(), directives.end(), [name](const Known& one) { return one.name == name; });
  return found == directives.end() ? nullptr : found;
}

bool stands_well(Where where, Place place) noexcept {
  switch (where) {
    case Where::object: return place == Place::object;
    case Where::field: return place == Place::field;
    case Where::both: return place != Place::elsewhere;
    default: return true;
  }
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    all.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

std::string dialect_remedy(const Known& one) {
  if (one.name == "versioned") return "Remove it: every model is versioned.";
  if (one.dialect == Dialect::v1) {
    return "Write the relations and keys of the whole schema either with @hasOne, @hasMany, @belongsTo, @manyToMany, "
           "@primaryKey and @index, or with @connection and @key.";
  }
  return "Write @connection and @key here too, or replace them in the whole schema by @hasMany, @belongsTo, @hasOne, "
         "@primaryKey and @index.";
}

class DirectiveCheck {
 public:
  explicit DirectiveCheck(Draft& draft) : draft_(draft) {}

  void run() {
    for (const auto& type : draft_.document.types) {
      check(type.directives, type.kind == graphql::TypeKind::object ? Place::object : Place::elsewhere,
            place_word(type));
      const bool is_object = type.kind == graphql::TypeKind::object;
      for (const auto& field : type.fields) {
        check(field.directives, is_object ? Place::field : Place::elsewhere, "a field of an interface");
        for (const auto& argument : field.arguments)
          check(argument.directives, Place::elsewhere, "ARGUMENT_DEFINITION");
      }
      for (const auto& input : type.inputs) check(input.directives, Place::elsewhere, "INPUT_FIELD_DEFINITION");
      for (const auto& value : type.values) check(value.directives, Place::elsewhere, "ENUM_VALUE");
    }
    check_dialect();
  }

 private:
  struct Use {
    const Known* known = nullptr;
    Location at = {};
  };

  static std::string place_word(const graphql::TypeDefinition& type) {
    switch (type.kind) {
      case graphql::TypeKind::scalar: return "SCALAR";
      case graphql::TypeKind::interface: return "INTERFACE";
      case graphql::TypeKind::union_type: return "UNION";
      case graphql::TypeKind::enumeration: return "ENUM";
      case graphql::TypeKind::input: return "INPUT_OBJECT";
      default: return "OBJECT";
    }
  }

  void check(const std::vector<Directive>& written, Place place, const std::string& word) {
    std::set<std::string_view> seen;
    for (const auto& directive : written) {
      const auto* one = known(directive.name);
      if (one == nullptr) {
        check_foreign(directive);
      } else if (!stands_well(one->where, place)) {
        report_place(*one, directive, place, word);
      } else {
        if (!seen.insert(directive.name).second && !one->is_repeatable) {
          draft_.problem(directive.at,
                         "The directive \"@" + directive.name + "\" can only be used once at this location.",
                         "Remove one of the two.");
        }
        check_arguments(*one, directive);
        note_use(*one, directive);
      }
    }
  }

  void report_place(const Known& one, const Directive& directive, Place place, std::string word) {
    if (place == Place::object) word = "OBJECT";
    if (place == Place::field) word = "FIELD_DEFINITION";
    draft_.problem(directive.at, "Directive \"@" + directive.name + "\" may not be used on " + word + ".",
                   one.where == Where::field    ? "Write it behind a field of an object type."
                   : one.where == Where::object ? "Write it behind the name of an object type."
                                                : "Write it behind an object type or one of its fields.");
  }

  /// A directive that is not ours may be the author's own.
  void check_foreign(const Directive& directive) {
    const auto& defined = draft_.document.directives;
    const bool is_defined =
        std::any_of(defined.begin(), defined.end(), [&](const auto& one) { return one.name == directive.name; });
    if (is_defined) return;
    std::vector<std::string> names;
    for (const auto& one : directives) names.emplace_back(one.name);
    const auto near = nearest(directive.name, names);
    draft_.problem(directive.at, "Unknown directive \"@" + directive.name + "\".",
                   near.empty() ? "Remove it, or define it with `directive @" + directive.name + "`."
                                : "Did you mean \"@" + near + "\"?");
  }

  void check_arguments(const Known& one, const Directive& directive) {
    if (one.arguments == "*") return;
    const auto allowed = words(one.arguments);
    for (const auto& argument : directive.arguments) {
      if (std::find(allowed.begin(), allowed.end(), argument.name) != allowed.end()) continue;
      const auto near = nearest(argument.name, allowed);
      draft_.problem(argument.at,
                     "Unknown argument \"" + argument.name + "\" on directive \"@" + directive.name + "\".",
                     !near.empty()     ? "Did you mean \"" + near + "\"?"
                     : allowed.empty() ? "It takes no arguments."
                                       : "It takes " + listed(allowed) + ".");
    }
  }

  void note_use(const Known& one, const Directive& directive) {
    if (one.dialect) uses_.push_back({&one, directive.at});
    if (one.effect == Effect::later && noticed_.insert(one.name).second) {
      draft_.notice(directive.at, "@" + directive.name + " is understood but has no effect yet.");
    }
  }

  /// The first directive that belongs to one dialect decides, unless the caller did; the others must follow.
  void check_dialect() {
    draft_.dialect = draft_.options.dialect.value_or(Dialect::v2);
    if (uses_.empty()) return;
    if (!draft_.options.dialect) draft_.dialect = *uses_.front().known->dialect;
    for (const auto& use : uses_) {
      if (use.known->dialect == draft_.dialect) continue;
      if (draft_.options.dialect) {
        draft_.problem(use.at,
                       "@" + std::string(use.known->name) + " does not belong to the dialect that was asked for.",
                       dialect_remedy(*use.known));
        continue;
      }
      const auto* first = uses_.front().known;
      draft_.problem(use.at,
                     "@" + std::string(use.known->name) + " cannot be mixed with @" + std::string(first->name) +
                         ": one belongs to the older dialect, the other to the current one.",
                     dialect_remedy(*use.known));
    }
  }

  Draft& draft_;
  std::vector<Use> uses_;
  std::set<std::string_view> noticed_;
};

}  // namespace

void check_directives(Draft& draft) { DirectiveCheck(draft).run(); }

}  // namespace holdfast::schema
