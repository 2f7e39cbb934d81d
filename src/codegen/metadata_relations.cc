// @hasMany, @hasOne, @belongsTo as clients see them, and the foreign keys that they imply. Models are taken in order:
// what one adds to another is seen by those behind it.
#include <algorithm>
#include <utility>

#include "codegen/metadata_draft.h"
#include "schema/names.h"

namespace holdfast::codegen {
namespace {

using Names = std::vector<std::string>;

const Annotation* relation_of(const MetadataField& field) noexcept {
  const auto found = std::find_if(field.annotations.begin(), field.annotations.end(), [](const Annotation& one) {
    return one.name == "hasOne" || one.name == "hasMany" || one.name == "belongsTo";
  });
  return found == field.annotations.end() ? nullptr : &*found;
}

/// One relation field. Names and copies only: reading a relation adds fields, to its own model, too.
struct RelationUse {
  std::string model;
  MetadataField field;
  Object arguments;

  [[nodiscard]] Names names(std::string_view argument) const { return texts_of(arguments.at(argument)); }
};

class Relations {
 public:
  explicit Relations(MetadataDraft& draft) : draft_(draft) {}

  void read(const std::string& model) {
    const auto fields = at(model).fields;
    for (const auto& field : fields) {
      const auto* directive = relation_of(field);
      if (directive == nullptr || draft_.made.model(field.type) == nullptr) continue;
      const RelationUse use{model, field, directive->arguments};
      auto association = directive->name == "hasMany"  ? has_many(use)
                         : directive->name == "hasOne" ? has_one(use)
                                                       : belongs_to(use);
      at(model).field(field.name)->association = std::move(association);
    }
    drop_unrelated_fields(draft_.made, at(model));
  }

 private:
  MetadataType& at(const std::string& name) { return *draft_.made.model(name); }

  /// The published generator marks all directives of a model whose directives it searches, and counts the mark.
  void touch(MetadataType& model) {
    for (auto& field : model.fields) {
      for (auto& one : field.annotations) one.is_tied_to_field = true;
    }
  }

  Names implied_keys(const std::string& type, const std::string& field, const MetadataType& keyed) {
    Names names;
    for (const auto& key : keyed.identifier->fields) names.push_back(schema::camel({type, field, key}));
    return names;
  }

  void add_keys(MetadataType& holder, const Names& names, const MetadataType& keyed, bool is_required) {
    for (std::size_t key = 0; key < names.size() && key < keyed.identifier->fields.size(); ++key) {
      const auto* target = keyed.field(keyed.identifier->fields[key]);
      const std::string type = target == nullptr ? "ID" : target->type;
      add_field(holder, {.name = names[key], .type = type, .is_required = is_required});
    }
  }

  // --- has many ----------------------------------------------------------------------------------------------

  Association has_many(const RelationUse& use) {
    auto& other = at(use.field.type);
    Names with = use.names("references");
    if (!with.empty()) {
      touch(other);
    } else if (!use.arguments.at("fields").is_null()) {
      touch(other);
      with = {by_fields(use, other)};
    } else {
      with = implied_keys(use.model, use.field.name, at(use.model));
      add_keys(other, with, at(use.model), false);
    }
    add_implied_index(use, other, with);
    return {.kind = ConnectionKind::has_many, .associated_with = std::move(with)};
  }

  /// The other side's relation that owns the key, else the key itself.
  std::string by_fields(const RelationUse& use, const MetadataType& other) {
    const auto key = key_of(use, other);
    for (const auto& field : other.fields) {
      const auto* owner = field.type == use.model ? annotation(field.annotations, "belongsTo") : nullptr;
      if (owner == nullptr) continue;
      const auto names = texts_of(owner->arguments.at("fields"));
      if (!names.empty() && names.front() == key) return field.name;
    }
    return key;
  }

  static std::string key_of(const RelationUse& use, const MetadataType& other) {
    const Value& index = use.arguments.at("indexName");
    for (const auto& field : other.fields) {
      for (const auto& one : field.annotations) {
        if (index.is_null() ? one.name == "primaryKey" : one.name == "index" && one.arguments.at("name") == index) {
          return field.name;
        }
      }
    }
    for (const auto& field : other.fields) {
      if (field.type == use.model && annotation(field.annotations, "belongsTo") != nullptr) return field.name;
    }
    return "id";
  }

  /// A list that nothing faces is read by an index of its own, which clients are told of.
  void add_implied_index(const RelationUse& use, MetadataType& other, const Names& fields) {
    const auto facing = std::find_if(other.fields.begin(), other.fields.end(),
                                     [&](const MetadataField& field) { return field.type == use.model; });
    const bool is_faced = facing != other.fields.end() && annotation(facing->annotations, "belongsTo") != nullptr;
    if (is_faced || !texts_of(use.arguments.at("indexName")).empty()) return;
    Object arguments{{"name", "gsi-" + use.model + "." + use.field.name}, {"fields", value_of(fields)}};
    other.annotations.push_back({.name = "key", .arguments = std::move(arguments)});
  }

  // --- has one, belongs to -----------------------------------------------------------------------------------

  Association has_one(const RelationUse& use) {
    auto& other = at(use.field.type);
    if (auto references = use.names("references"); !references.empty()) {
      touch(other);
      return {.kind = ConnectionKind::has_one, .associated_with = std::move(references)};
    }
    auto names = use.names("fields");
    if (names.empty()) names = implied_keys(use.model, use.field.name, other);
    add_keys(at(use.model), names, other, use.field.is_required);
    return {
        .kind = ConnectionKind::has_one, .associated_with = other.identifier->fields, .target_names = std::move(names)};
  }

  Association belongs_to(const RelationUse& use) {
    auto& other = at(use.field.type);
    touch(other);
    const auto owner = std::find_if(other.fields.begin(), other.fields.end(), [&](const MetadataField& field) {
      return field.type == use.model && annotation(field.annotations, field.is_list ? "hasMany" : "hasOne") != nullptr;
    });
    auto names = use.names("fields");
    for (auto& name : use.names("references")) names.push_back(std::move(name));
    if (names.empty()) {
      const bool is_listed = owner != other.fields.end() && owner->is_list;
      names = is_listed ? implied_keys(other.name, owner->name, other) : implied_keys(use.model, use.field.name, other);
    }
    add_keys(at(use.model), names, other, use.field.is_required);
    return {.kind = ConnectionKind::belongs_to, .target_names = std::move(names)};
  }

  MetadataDraft& draft_;
};

}  // namespace

void read_relations(MetadataDraft& draft) {
  Relations relations(draft);
  std::vector<std::string> names;
  for (const auto& model : draft.made.models) names.push_back(model.name);
  for (const auto& name : names) relations.read(name);
}

}  // namespace holdfast::codegen
