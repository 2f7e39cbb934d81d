// Relations. The foreign keys behind them are fields, and compared as such.
#include <utility>

#include "schema/compare_parts.h"

namespace holdfast::schema {
namespace {

std::string kind_text(RelationKind kind) {
  switch (kind) {
    case RelationKind::belongs_to: return "@belongsTo";
    case RelationKind::has_one: return "@hasOne";
    default: return "@hasMany";
  }
}

std::string text_of(const RelationSchema& relation) {
  const bool is_many = relation.kind == RelationKind::has_many;
  return kind_text(relation.kind) + " " + (is_many ? "[" + relation.target + "]" : relation.target) + " by " +
         listed(is_many ? relation.target_keys : relation.keys);
}

Change change_of(ChangeKind kind, const ModelSchema& model, const RelationSchema& relation) {
  Change change;
  change.kind = kind;
  change.type = model.name;
  change.member = relation.name;
  return change;
}

Change removed(const ModelSchema& model, const RelationSchema& relation) {
  auto change = change_of(ChangeKind::relation_removed, model, relation);
  change.was = text_of(relation);
  change.sentence = "The relation " + model.name + "." + relation.name + " is removed";
  change.reason = "the keys behind it are fields, and listed themselves when they change";
  change.old_clients = OldClients::fail;
  change.old_clients_reason = "they ask for it";
  change.stands_in_old = true;
  return change;
}

Change added(const ModelSchema& model, const RelationSchema& relation) {
  auto change = change_of(ChangeKind::relation_added, model, relation);
  change.is = text_of(relation);
  change.sentence = "The relation " + model.name + "." + relation.name + " (" + change.is + ") is added";
  change.reason = "it reads the keys that are stored";
  return change;
}

/// Whether links that are stored lead to the same records as before.
bool has_same_links(const RelationSchema& was, const RelationSchema& is) {
  return was.target == is.target && was.keys == is.keys && was.target_keys == is.target_keys;
}

void add_link_change(Comparison& out, const ModelSchema& model, const RelationSchema& was, const RelationSchema& is) {
  if (has_same_links(was, is) && was.kind == is.kind) return;
  auto change = change_of(ChangeKind::relation_changed, model, is);
  change.was = text_of(was);
  change.is = text_of(is);
  change.sentence = "The relation " + model.name + "." + is.name + ": " + change.was + " becomes " + change.is;
  change.is_data_kept = has_same_links(was, is);
  change.reason = change.is_data_kept        ? "the keys behind it stay the same"
                  : was.target != is.target ? "the stored keys are those of " + was.target + " records"
                                            : "the stored links are in other fields, which it reads no more";
  if (!change.is_data_kept) change.remedy = "Add a relation of another name, and keep this one.";
  const bool has_same_shape = was.target == is.target && (was.kind == RelationKind::has_many) ==
                                                             (is.kind == RelationKind::has_many);
  change.old_clients = has_same_shape ? OldClients::may_fail : OldClients::fail;
  change.old_clients_reason = has_same_shape ? "they follow the old keys" : "they ask for it in its old shape";
  out.changes.push_back(std::move(change));
}

/// The nullability of a foreign key follows the relation's when it is generated; then the field tells.
bool is_told_by_keys(const ModelSchema& was, const ModelSchema& is, const RelationSchema& relation) {
  return std::any_of(relation.keys.begin(), relation.keys.end(), [&](const std::string& key) {
    const auto* before = was.field(key);
    const auto* after = is.field(key);
    return before == nullptr || after == nullptr || before->is_required != after->is_required;
  });
}

void add_null_change(Comparison& out, const ModelSchema& model, const RelationSchema& was, const RelationSchema& is) {
  const auto kind = is.is_required ? ChangeKind::relation_now_required : ChangeKind::relation_now_nullable;
  auto change = change_of(kind, model, is);
  change.was = was.target + (was.is_required ? "!" : "");
  change.is = is.target + (is.is_required ? "!" : "");
  change.sentence = "The relation " + model.name + "." + is.name +
                    (is.is_required ? " is required now" : " may be null now");
  change.is_data_kept = !is.is_required;
  change.old_clients = OldClients::may_fail;
  if (is.is_required) {
    change.reason = "stored records that are linked to none do not fit";
    change.remedy = "Keep it nullable.";
    change.old_clients_reason = "they may send records without it";
  } else {
    change.reason = "every stored link still fits";
    change.old_clients_reason = "they may receive null where their models need a record";
  }
  out.changes.push_back(std::move(change));
}

}  // namespace

void compare_relations(Comparison& comparison, const ModelSchema& was, const ModelSchema& is) {
  each_pair(
      was.relations, is.relations,
      [&](const RelationSchema& relation) { comparison.changes.push_back(removed(was, relation)); },
      [&](const RelationSchema& before, const RelationSchema& after) {
        add_link_change(comparison, is, before, after);
        const bool is_many = before.kind == RelationKind::has_many || after.kind == RelationKind::has_many;
        if (is_many || before.is_required == after.is_required || is_told_by_keys(was, is, after)) return;
        add_null_change(comparison, is, before, after);
      },
      [&](const RelationSchema& relation) { comparison.changes.push_back(added(is, relation)); });
}

}  // namespace holdfast::schema
