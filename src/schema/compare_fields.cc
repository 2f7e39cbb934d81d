// Fields of models and of embedded types.
#include <utility>

#include "model/scalars.h"
#include "model/type_change.h"
#include "schema/compare_parts.h"
#include "schema/compare_types.h"

namespace holdfast::schema {
namespace {

constexpr const char* not_stored = "no record holds this type";

Change change_of(ChangeKind kind, const std::string& type, const FieldSchema& field) {
  Change change;
  change.kind = kind;
  change.type = type;
  change.member = field.name;
  return change;
}

Change removed(const std::string& type, const FieldSchema& field) {
  auto change = change_of(ChangeKind::field_removed, type, field);
  change.was = type_text(field);
  change.sentence = type + "." + field.name + " is removed";
  change.is_data_kept = false;
  change.reason = "its stored values are lost";
  change.remedy = "Keep the field in the schema for as long as a device or the backend holds values of it.";
  change.old_clients = OldClients::fail;
  change.old_clients_reason = "they ask for the field and send it";
  change.stands_in_old = true;
  return change;
}

Change added(const std::string& type, const FieldSchema& field) {
  auto change = change_of(ChangeKind::field_added, type, field);
  change.is = type_text(field);
  change.sentence = type + "." + field.name + ": " + change.is + " is added";
  if (!needs_value(field)) {
    change.reason = "what is stored reads as having none";
    return change;
  }
  change.is_data_kept = false;
  change.reason = "it is required, and what is stored has no value for it; @default is applied to new records only";
  change.remedy = "Make it nullable.";
  change.old_clients = OldClients::fail;
  change.old_clients_reason = "they send records without it";
  return change;
}

void add_type_change(Comparison& out, const std::string& type, const FieldSchema& was, const FieldSchema& is) {
  const auto found = conversion(out.was, was, out.is, is);
  if (found.is_same) return;
  auto change = change_of(ChangeKind::field_type_changed, type, is);
  change.was = type_text(was);
  change.is = type_text(is);
  change.sentence = type + "." + is.name + ": " + change.was + " becomes " + change.is;
  change.is_data_kept = found.keeps_values;
  change.reason = found.reason;
  if (!found.keeps_values) change.remedy = "Add a field of another name with the new type, and keep this one.";
  change.old_clients = found.old_clients;
  change.old_clients_reason = found.old_clients_reason;
  out.changes.push_back(std::move(change));
}

Change now_required(const std::string& type, const FieldSchema& was, const FieldSchema& is) {
  auto change = change_of(ChangeKind::field_now_required, type, is);
  change.is_data_kept = is.is_read_only;
  change.reason = is.is_read_only ? "the backend sets it" : "what is stored without a value does not fit";
  if (is.is_read_only) return change;
  change.remedy = "Keep it nullable.";
  change.old_clients = OldClients::may_fail;
  change.old_clients_reason = was.is_list && was.is_required != is.is_required ? "they may send a list with null in it"
                                                                                : "they may send records without it";
  return change;
}

Change now_nullable(const std::string& type, const FieldSchema& is) {
  auto change = change_of(ChangeKind::field_now_nullable, type, is);
  change.reason = "every stored value still fits";
  if (is.is_read_only) return change;
  change.old_clients = OldClients::may_fail;
  change.old_clients_reason = "they may receive null where their models need a value";
  return change;
}

/// Of lists both the list and its elements may change, one each way; a loss in either is a loss.
void add_null_change(Comparison& out, const std::string& type, const FieldSchema& was, const FieldSchema& is) {
  const bool is_tighter = (is.is_required && !was.is_required) ||
                          (is.is_list && was.is_list && is.is_list_required && !was.is_list_required);
  const bool is_looser = (was.is_required && !is.is_required) ||
                         (is.is_list && was.is_list && was.is_list_required && !is.is_list_required);
  if (was.is_list != is.is_list || (!is_tighter && !is_looser)) return;
  auto change = is_tighter ? now_required(type, was, is) : now_nullable(type, is);
  change.was = type_text(was);
  change.is = type_text(is);
  change.sentence = type + "." + is.name + (is_tighter ? " is required now: " : " may be null now: ") + change.was +
                    " becomes " + change.is;
  out.changes.push_back(std::move(change));
}

std::string access_text(const FieldSchema& field) {
  return field.is_read_only ? "read only" : field.is_hidden ? "write only" : "readable and writable";
}

void add_access_change(Comparison& out, const std::string& type, const FieldSchema& was, const FieldSchema& is) {
  if (was.is_read_only == is.is_read_only && was.is_hidden == is.is_hidden) return;
  auto change = change_of(ChangeKind::field_access_changed, type, is);
  change.was = access_text(was);
  change.is = access_text(is);
  change.sentence = type + "." + is.name + " is " + change.is + " in the API now; it was " + change.was;
  change.reason = "stored values stay as they are";
  if ((is.is_read_only && !was.is_read_only) || (is.is_hidden && !was.is_hidden)) {
    change.old_clients = OldClients::fail;
    change.old_clients_reason = is.is_read_only ? "they send it" : "they ask for it";
  }
  out.changes.push_back(std::move(change));
}

}  // namespace

void compare_fields(Comparison& comparison, const std::string& type, const std::vector<FieldSchema>& was,
                    const std::vector<FieldSchema>& is) {
  const auto first = comparison.changes.size();
  each_pair(
      was, is, [&](const FieldSchema& field) { comparison.changes.push_back(removed(type, field)); },
      [&](const FieldSchema& old_field, const FieldSchema& new_field) {
        add_type_change(comparison, type, old_field, new_field);
        add_null_change(comparison, type, old_field, new_field);
        add_access_change(comparison, type, old_field, new_field);
      },
      [&](const FieldSchema& field) { comparison.changes.push_back(added(type, field)); });
  if (comparison.is_stored(type)) return;
  for (auto at = first; at < comparison.changes.size(); ++at) {
    comparison.changes[at].is_data_kept = true;
    comparison.changes[at].reason = not_stored;
    comparison.changes[at].remedy.clear();
  }
}

}  // namespace holdfast::schema
