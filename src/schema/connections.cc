// Relations of the older dialect: @connection by name, by fields, by key, or alone.
#include <algorithm>

#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::FieldDefinition;

struct ConnectionUse {
  ModelSchema& model;
  ModelSchema& target;
  const FieldDefinition& field;
  const Directive& directive;

  [[nodiscard]] bool is_list() const { return field.type.is_list(); }
  [[nodiscard]] std::string place() const { return model.name + "." + field.name; }
  [[nodiscard]] RelationSchema relation(RelationKind kind) const {
    return {.name = field.name,
            .kind = kind,
            .target = target.name,
            .is_required = field.type.is_non_null,
            .description = field.description};
  }
};

/// The foreign key that `field` of `type` stands for: commentPostId.
std::string generated_key(const std::string& type, const FieldDefinition& field) {
  const auto named = text_argument(*relation_directive(field), "keyField");
  return named ? *named : camel({type, field.name, "id"});
}

/// A generated key is written through inputs and read through the relation only. It is one ID, whatever the key of the
/// other side: older schemas relate to other keys by fields.
void add_hidden_key(Draft& draft, const ConnectionUse& use, ModelSchema& holder, const ModelSchema& keyed,
                    const std::string& name, bool is_required) {
  FieldSchema id{.name = name, .scalar = Scalar::id};
  const auto* key = keyed.field(keyed.primary_key.front());
  if (keyed.primary_key.size() > 1 || (key != nullptr && !are_same_kind(id, *key))) {
    draft.notice(use.directive.at,
                 "@connection on " + use.place() + " keeps one ID, by which no " + keyed.name +
                     " is found: its key is " + listed(keyed.primary_key) + ".",
                 "Write the key fields yourself, and @connection(fields: [...]).");
  }
  auto field = foreign_key(name, id, is_required);
  field.is_hidden = true;
  add_foreign_key(holder, std::move(field));
}

bool check_fields(Draft& draft, const ConnectionUse& use, const std::vector<std::string>& fields,
                  const std::vector<std::string>& target_keys) {
  if (fields.empty()) {
    draft.problem(use.directive.at, "No fields passed in to @connection directive.", "Name the key fields.");
    return false;
  }
  if (fields.size() > target_keys.size()) {
    draft.problem(use.directive.at, "Too many fields passed in to @connection directive.",
                  "Name one field for each of " + listed(target_keys) + ".");
    return false;
  }
  for (std::size_t at = 0; at < fields.size(); ++at) {
    const auto* ours = use.model.field(fields[at]);
    const auto* theirs = use.target.field(target_keys[at]);
    if (ours == nullptr) {
      draft.problem(use.directive.at, fields[at] + " is not a field in " + use.model.name,
                    "Add `" + fields[at] + ": ID` to " + use.model.name + ", or name a field that it has.");
      return false;
    }
    if (theirs != nullptr && !are_same_type(*ours, *theirs)) {
      const auto wanted = type_word(*theirs);
      draft.problem(use.directive.at, fields[at] + " field is not of type " + wanted,
                    "Write `" + fields[at] + ": " + wanted + "`.");
      return false;
    }
  }
  return true;
}

/// Whether the target lists records of ours.
bool is_listed(const Draft& draft, const ConnectionUse& use) {
  const auto& fields = draft.type(use.target.name)->fields;
  return std::any_of(fields.begin(), fields.end(), [&](const FieldDefinition& field) {
    return field.type.is_list() && field.type.innermost() == use.model.name && relation_directive(field) != nullptr;
  });
}

void read_by_fields(Draft& draft, const ConnectionUse& use, const std::vector<std::string>& fields) {
  const auto key_name = text_argument(use.directive, "keyName");
  const auto* index = key_name ? index_named(use.target, *key_name) : nullptr;
  if (key_name && index == nullptr) {
    return draft.problem(use.directive.at, "Key " + *key_name + " does not exist for model " + use.target.name,
                         "Add @key(name: \"" + *key_name + "\", fields: [...]) to " + use.target.name + ".");
  }
  const auto single = is_listed(draft, use) ? RelationKind::belongs_to : RelationKind::has_one;
  auto relation = use.relation(use.is_list() ? RelationKind::has_many : single);
  relation.keys = fields;
  relation.target_keys = index != nullptr ? index->fields : use.target.primary_key;
  if (!check_fields(draft, use, fields, relation.target_keys)) return;
  relation.target_keys.resize(fields.size());
  if (!use.is_list() && fields.size() != use.target.primary_key.size()) {
    return draft.problem(
        use.directive.at,
        "@connection on " + use.place() + " must name a field for each key field of " + use.target.name + ".",
        "Name one field for each of " + listed(use.target.primary_key) + ".");
  }
  use.model.relations.push_back(std::move(relation));
}

std::vector<const FieldDefinition*> partners(const Draft& draft, const ConnectionUse& use, const std::string& name) {
  std::vector<const FieldDefinition*> found;
  for (const auto& field : draft.type(use.target.name)->fields) {
    const auto* directive = relation_directive(field);
    if (directive == nullptr || &field == &use.field || field.type.innermost() != use.model.name) continue;
    if (text_argument(*directive, "name") == name) found.push_back(&field);
  }
  return found;
}

/// Alone, or facing a single field: the keys stand with whoever has one record, under the name of the written field.
void read_alone(Draft& draft, const ConnectionUse& use) {
  auto relation = use.relation(use.is_list() ? RelationKind::has_many : RelationKind::has_one);
  const auto& keyed = use.is_list() ? use.model : use.target;
  auto& holder = use.is_list() ? use.target : use.model;
  const auto name = generated_key(use.model.name, use.field);
  add_hidden_key(draft, use, holder, keyed, name, !use.is_list() && relation.is_required);
  relation.keys = {use.is_list() ? keyed.primary_key.front() : name};
  relation.target_keys = {use.is_list() ? name : keyed.primary_key.front()};
  use.model.relations.push_back(std::move(relation));
}

void read_by_name(Draft& draft, const ConnectionUse& use, const std::string& name) {
  const auto others = partners(draft, use, name);
  if (others.size() != 1) {
    return draft.problem(use.directive.at,
                         others.empty() ? "Found one half of connection \"" + name + "\" at " + use.place() +
                                              " but no related field on type " + use.target.name
                                        : "Connection \"" + name + "\" at " + use.place() +
                                              " has more than one related field on type " + use.target.name,
                         others.empty() ? "Add a field of type " + use.model.name + " with @connection(name: \"" +
                                              name + "\") to " + use.target.name + ", or leave the name out."
                                        : "Give each pair of fields a name of its own.");
  }
  const auto& other = *others.front();
  if (use.is_list() && other.type.is_list()) {
    return draft.problem(use.directive.at,
                         "Invalid Connection (" + name + "): Many to Many connections are not yet supported.",
                         "Add a model between the two, with a @connection to each.");
  }
  if (!use.is_list() && !other.type.is_list()) return read_alone(draft, use);
  auto relation = use.relation(use.is_list() ? RelationKind::has_many : RelationKind::belongs_to);
  auto& child = use.is_list() ? use.target : use.model;
  const auto& parent = use.is_list() ? use.model : use.target;
  const auto& belonging = use.is_list() ? other : use.field;
  const auto key = generated_key(child.name, belonging);
  add_hidden_key(draft, use, child, parent, key, belonging.type.is_non_null);
  relation.keys = {use.is_list() ? parent.primary_key.front() : key};
  relation.target_keys = {use.is_list() ? key : parent.primary_key.front()};
  use.model.relations.push_back(std::move(relation));
}

/// The published transformer looks at keyName only beside fields.
void notice_idle_key(Draft& draft, const ConnectionUse& use) {
  if (graphql::argument(use.directive.arguments, "keyName") == nullptr) return;
  draft.notice(use.directive.at, "keyName of @connection on " + use.place() + " has no effect without fields.",
               "Add fields: [\"id\"], the fields of " + use.model.name + " that the key starts with.");
}

}  // namespace

void read_connections(Draft& draft) {
  draft.each_model([&](ModelSchema& model, const graphql::TypeDefinition& type) {
    for (const auto& field : type.fields) {
      const auto* directive = relation_directive(field);
      auto* target = draft.model(field.type.innermost());
      if (directive == nullptr || target == nullptr || directive->name != "connection") continue;
      const ConnectionUse use{model, *target, field, *directive};
      const auto fields = texts_argument(*directive, "fields");
      const auto name = text_argument(*directive, "name");
      if (fields) {
        read_by_fields(draft, use, *fields);
      } else if (name) {
        read_by_name(draft, use, *name);
      } else {
        notice_idle_key(draft, use);
        read_alone(draft, use);
      }
    }
  });
}

}  // namespace holdfast::schema
