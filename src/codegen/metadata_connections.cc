// @connection of the older dialect as clients see it.
#include <algorithm>
#include <utility>

#include "codegen/metadata_draft.h"
#include "schema/names.h"

namespace holdfast::codegen {
namespace {

struct ConnectionUse {
  std::string model;
  MetadataField field;
  Object arguments;
};

class Connections {
 public:
  explicit Connections(MetadataDraft& draft) : draft_(draft) {}

  void read(const std::string& model) {
    const auto fields = at(model).fields;
    for (const auto& field : fields) {
      const auto* directive = annotation(field.annotations, "connection");
      if (directive == nullptr || draft_.made.model(field.type) == nullptr) continue;
      auto association = read({model, field, directive->arguments});
      // An earlier relation may have hidden the field as its key.
      if (auto* kept = at(model).field(field.name)) kept->association = std::move(association);
    }
    drop_unrelated_fields(draft_.made, at(model));
  }

 private:
  MetadataType& at(const std::string& name) { return *draft_.made.model(name); }

  static std::string implied_key(const ConnectionUse& use) { return schema::camel({use.model, use.field.name, "id"}); }

  std::optional<Association> read(const ConnectionUse& use) {
    const auto facing = facing_field(use);
    const auto* other = facing.empty() ? nullptr : at(use.field.type).field(facing);
    if (other == nullptr) return use.field.is_list ? has_many(use, implied_key(use)) : belongs_to(use);
    if (use.field.is_list) return other->is_list ? std::nullopt : std::optional(has_many(use, facing));
    if (other->is_list || (use.field.is_required && !other->is_required)) return belongs_to(use);
    return has_one(use, facing);
  }

  /// The field of the other model that this one is the counterpart of: a relation, or its key. Empty when none is there
  /// yet.
  std::string facing_field(const ConnectionUse& use) {
    const auto& other = at(use.field.type);
    if (const auto& name = use.arguments.at("name"); use.arguments.at("fields").is_null() && !name.is_null()) {
      return by_name(use, other, name);
    }
    if (use.arguments.at("fields").is_null()) return other.field(implied_key(use)) == nullptr ? "" : implied_key(use);
    const auto key = key_of(use, other);
    for (const auto& field : other.fields) {
      const auto* directive = annotation(field.annotations, "connection");
      if (directive == nullptr) continue;
      const auto names = texts_of(directive->arguments.at("fields"));
      if (!names.empty() && names.front() == key) return field.name;
    }
    if (other.field(key) == nullptr) {
      draft_.problem(use.field.at, "Can not find key field " + key + " in " + other.name,
                     "Relate to " + other.name + " by one of the two alone, or name another key with keyName.");
    }
    return key;
  }

  static std::string by_name(const ConnectionUse& use, const MetadataType& other, const Value& name) {
    for (const auto& field : other.fields) {
      const auto* directive = annotation(field.annotations, "connection");
      const bool is_itself = other.name == use.model && field.name == use.field.name;
      if (directive != nullptr && !is_itself && directive->arguments.at("name") == name) return field.name;
    }
    return {};
  }

  static std::string key_of(const ConnectionUse& use, const MetadataType& other) {
    const auto& key_name = use.arguments.at("keyName");
    for (const auto& one : other.annotations) {
      if (one.name != "key" || !(one.arguments.at("name") == key_name)) continue;
      const auto fields = texts_of(one.arguments.at("fields"));
      if (!fields.empty()) return fields.front();
    }
    return "id";
  }

  Association has_many(const ConnectionUse& use, const std::string& with) {
    add_field(at(use.field.type), {.name = with, .type = "ID"});
    return {.kind = ConnectionKind::has_many, .associated_with = {with}};
  }

  std::string target_of(const ConnectionUse& use) {
    const auto names = texts_of(use.arguments.at("fields"));
    return names.empty() ? implied_key(use) : names.front();
  }

  Association has_one(const ConnectionUse& use, const std::string& with) {
    return {.kind = ConnectionKind::has_one, .associated_with = {with}, .target_names = {{target_of(use)}}};
  }

  /// The key is the client's own affair and not shown, unless the record has it for a key.
  Association belongs_to(const ConnectionUse& use) {
    if (texts_of(use.arguments.at("fields")).size() > 1) {
      draft_.problem(use.field.at, "DataStore only support one key in field",
                     "Relate by one field, or write the schema with @belongsTo.");
    }
    auto target = target_of(use);
    auto& model = at(use.model);
    const bool is_key = draft_.audience == Audience::introspection && target == model.identifier->fields.front();
    if (!is_key) std::erase_if(model.fields, [&](const MetadataField& field) { return field.name == target; });
    return {.kind = ConnectionKind::belongs_to, .target_names = {{std::move(target)}}};
  }

  MetadataDraft& draft_;
};

}  // namespace

void read_connections(MetadataDraft& draft) {
  Connections connections(draft);
  std::vector<std::string> names;
  for (const auto& model : draft.made.models) names.push_back(model.name);
  for (const auto& name : names) connections.read(name);
}

}  // namespace holdfast::codegen
