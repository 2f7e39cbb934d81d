// What a schema may say and Holdfast does not do: each kind is noticed once, with what happens instead.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "schema/draft.h"
#include "schema/subscribed_writes.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;

struct Notice {
  std::string_view directive;
  std::string_view text;
  std::string_view remedy;
};

constexpr std::array<Notice, 5> of_directives = {{
    {"mapsTo", "@mapsTo has no effect: the store keeps no tables of earlier names, and the API is the same without it.",
     ""},
    {"searchable", "@searchable gives the API its search query, but asking it gives an error.",
     "Use the list query with a filter, or an @index."},
    {"predictions", "@predictions is not called: the field stands in the API, but asking for it gives an error.", ""},
    {"generation", "@generation is not called: the field stands in the API, but asking for it gives an error.", ""},
    {"conversation", "@conversation is not called: the field stands in the API, but asking for it gives an error.", ""},
}};

class Notices {
 public:
  explicit Notices(Draft& draft) : draft_(draft) {}

  void of(const Directive& directive) {
    const auto* const found = std::find_if(of_directives.begin(), of_directives.end(),
                                           [&](const Notice& one) { return one.directive == directive.name; });
    if (found != of_directives.end()) say(directive.at, found->directive, std::string(found->text), found->remedy);
    const auto says = [&](std::string_view name) { return graphql::argument(directive.arguments, name) != nullptr; };
    if (directive.name == "index" && says("projection")) {
      say(directive.at, "projection", "projection of @index has no effect: every index gives whole records.", "");
    }
    if (directive.name == "belongsTo" && says("overrideIndexName")) {
      say(directive.at, "overrideIndexName",
          "overrideIndexName of @belongsTo has no effect: indexes are not tables here.", "");
    }
    if (directive.name.starts_with("aws_") && directive.name != "aws_subscribe") {
      say(directive.at, "aws_", "@" + directive.name + " stands in the API, but is not enforced yet.", "");
    }
    if (directive.name == "versioned") {
      say(directive.at, "versioned", "@versioned has no effect: conflict detection versions every model.",
          "Remove it.");
    }
  }

  /// Fields are answered in the type that an object has.
  void of_interface(const graphql::FieldDefinition& field) {
    for (const char* name : {"function", "http"}) {
      const auto* directive = graphql::directive(field.directives, name);
      if (directive == nullptr) continue;
      say(directive->at, "interface", "@" + directive->name + " on a field of an interface has no effect.",
          "Write it on that field of the types that implement the interface.");
    }
  }

  /// A field of Query, Mutation or Subscription without any of these directives, and without a function or a service
  /// that answers it, has no source at all.
  void of_root(const graphql::TypeDefinition& type, const graphql::FieldDefinition& field) {
    if (type.name == "Subscription") {
      if (subscribed_writes(draft_.schema, field, [this](std::string_view name) { return answered_type(name); })) {
        return;
      }
      return draft_.notice(
          field.at, type.name + "." + field.name + " stands in the API, but subscribing to it is refused.",
          "Name in @aws_subscribe mutations of the field's own type: those of the model, or such that a "
          "function or a service answers.");
    }
    const bool is_said = std::any_of(field.directives.begin(), field.directives.end(), [](const Directive& one) {
      if (one.name == "function" || one.name == "http") return true;
      return std::any_of(of_directives.begin(), of_directives.end(),
                         [&](const Notice& notice) { return notice.directive == one.name; });
    });
    if (is_said) return;
    draft_.notice(field.at, type.name + "." + field.name + " stands in the API, but asking for it gives an error.");
  }

 private:
  [[nodiscard]] const graphql::TypeRef* answered_type(std::string_view mutation) const {
    const auto* type = draft_.type("Mutation");
    const auto* field = type == nullptr ? nullptr : type->field(mutation);
    const auto says = [&](std::string_view name) { return graphql::directive(field->directives, name) != nullptr; };
    return field != nullptr && (says("function") || says("http")) ? &field->type : nullptr;
  }
  void say(const graphql::Location& at, std::string_view topic, std::string text, std::string_view remedy) {
    if (said_.insert(topic).second) draft_.notice(at, std::move(text), std::string(remedy));
  }

  Draft& draft_;
  std::set<std::string_view> said_;
};

}  // namespace

void notice_unserved(Draft& draft) {
  Notices notices(draft);
  for (const auto& type : draft.document.types) {
    for (const auto& directive : type.directives) notices.of(directive);
    for (const auto& field : type.fields) {
      for (const auto& directive : field.directives) notices.of(directive);
      if (type.kind == graphql::TypeKind::interface) notices.of_interface(field);
      if (is_root(type.name)) notices.of_root(type, field);
    }
  }
}

}  // namespace holdfast::schema
