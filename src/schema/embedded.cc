// Enums, and the object types that are stored inside records.
#include <algorithm>
#include <set>

#include "schema/draft.h"

namespace holdfast::schema {
namespace {

/// Walks from the models to every type that their records hold, depth first. Types that lead to each other in a circle
/// contain themselves: they are found on the way, as Tarjan's strongly connected components.
class EmbeddedTypes {
 public:
  explicit EmbeddedTypes(Draft& draft) : draft_(draft) {}

  void reach(const FieldSchema& field, const graphql::Location& at) {
    if (field.kind != FieldKind::embedded || visits_.contains(field.type_name)) return;
    if (depth_ >= graphql::depth_max) {
      return draft_.problem(at, "Types nest deeper than " + std::to_string(graphql::depth_max) + " levels.",
                            "Make one of them a model, or use AWSJSON.");
    }
    ++depth_;
    read(*draft_.type(field.type_name));
    --depth_;
  }

  [[nodiscard]] bool has(const std::string& name) const { return types_.contains(name); }
  [[nodiscard]] EmbeddedSchema take(const std::string& name) { return std::move(types_[name]); }
  [[nodiscard]] bool contains_itself(const std::string& name) const { return circular_.contains(name); }

 private:
  struct Visit {
    std::size_t number = 0;
    std::size_t lowest = 0;  ///< The first visited type that this one leads back to.
    bool is_open = true;     ///< Whether its circle may still grow.
  };

  void read(const graphql::TypeDefinition& type) {
    const auto number = visits_.size();
    visits_[type.name] = {.number = number, .lowest = number};
    open_.push_back(type.name);
    EmbeddedSchema embedded{.name = type.name, .description = type.description};
    for (const auto& written : type.fields) {
      if (draft_.is_model(written.type.innermost())) {
        draft_.problem(written.at,
                       "Field \"" + type.name + "." + written.name + "\" refers to the model \"" +
                           written.type.innermost() + "\", but " + type.name + " is stored inside records.",
                       "Store the model's id as `ID`, or add @model to " + type.name + ".");
        continue;
      }
      auto field = stored_field(draft_, written);
      if (!field) continue;
      reach(*field, written.at);
      if (field->kind == FieldKind::embedded) join(type.name, field->type_name);
      embedded.fields.push_back(std::move(*field));
    }
    types_[type.name] = std::move(embedded);
    close(type.name);
  }

  void join(const std::string& holder, const std::string& held) {
    const auto found = visits_.find(held);  // Absent when it was too deep to be read.
    if (found == visits_.end() || !found->second.is_open) return;
    auto& visit = visits_[holder];
    visit.lowest = std::min(visit.lowest, found->second.lowest);
    if (holder == held) circular_.insert(holder);
  }

  /// The last type of a circle to be left is the first that was met: all behind it are of the circle.
  void close(const std::string& name) {
    if (visits_[name].lowest != visits_[name].number) return;
    const bool is_circle = open_.back() != name;
    for (bool is_first = false; !is_first; open_.pop_back()) {
      is_first = open_.back() == name;
      visits_[open_.back()].is_open = false;
      if (is_circle) circular_.insert(open_.back());
    }
  }

  Draft& draft_;
  std::size_t depth_ = 0;
  std::map<std::string, Visit> visits_;
  std::vector<std::string> open_;  ///< In the order of their visits.
  std::set<std::string> circular_;
  std::map<std::string, EmbeddedSchema> types_;
};

EnumSchema enum_of(const graphql::TypeDefinition& type) {
  EnumSchema schema{.name = type.name, .description = type.description};
  for (const auto& value : type.values) schema.values.push_back(value.name);
  return schema;
}

}  // namespace

void read_enums_and_embedded(Draft& draft) {
  EmbeddedTypes types(draft);
  draft.each_model([&](const ModelSchema& model, const graphql::TypeDefinition& written) {
    for (const auto& field : model.fields) {
      const auto* definition = written.field(field.name);
      types.reach(field, definition == nullptr ? written.at : definition->at);
    }
  });
  std::set<std::string> circular;
  for (const auto& type : draft.document.types) {
    if (type.kind == graphql::TypeKind::enumeration) draft.schema.enums.push_back(enum_of(type));
    if (!types.has(type.name)) continue;
    draft.schema.embedded.push_back(types.take(type.name));
    if (types.contains_itself(type.name)) circular.insert(type.name);
  }
  settle_nesting(draft, circular);
}

}  // namespace holdfast::schema
