#include "schema/compare.h"

#include <array>
#include <utility>

#include "schema/compare_parts.h"

namespace holdfast::schema {
namespace {

void reach(const Schema& schema, const std::vector<FieldSchema>& fields,
           std::set<std::string, std::less<>>& reached) {
  std::vector<const std::vector<FieldSchema>*> open{&fields};
  while (!open.empty()) {
    const auto* next = open.back();
    open.pop_back();
    for (const auto& field : *next) {
      if (field.kind == FieldKind::scalar || !reached.insert(field.type_name).second) continue;
      if (const auto* type = schema.embedded_type(field.type_name)) open.push_back(&type->fields);
    }
  }
}

void add_stored_types(const Schema& schema, std::set<std::string, std::less<>>& stored) {
  for (const auto& model : schema.models) {
    stored.insert(model.name);
    reach(schema, model.fields, stored);
  }
}

Change change_of(ChangeKind kind, const std::string& type, std::string sentence, std::string reason) {
  Change change;
  change.kind = kind;
  change.type = type;
  change.sentence = std::move(sentence);
  change.reason = std::move(reason);
  return change;
}

Change type_added(ChangeKind kind, const char* what, const std::string& type) {
  return change_of(kind, type, std::string(what) + type + " is added", "nothing is stored of it yet");
}

Change model_removed(const ModelSchema& model) {
  auto change = change_of(ChangeKind::model_removed, model.name, "The model " + model.name + " is removed",
                          "its stored records are lost");
  change.is_data_kept = false;
  change.remedy = "Keep the model in the schema for as long as a device or the backend holds records of it.";
  change.old_clients = OldClients::fail;
  change.old_clients_reason = "they sync it";
  change.stands_in_old = true;
  return change;
}

/// The fields that held values of the type tell whether any of them are lost.
Change inner_type_removed(ChangeKind kind, const char* what, const std::string& type) {
  auto change = change_of(kind, type, std::string(what) + type + " is removed",
                          "what becomes of the fields that held it is listed with them");
  change.stands_in_old = true;
  return change;
}

void compare_keys(Comparison& out, const ModelSchema& was, const ModelSchema& is) {
  if (was.primary_key == is.primary_key && was.has_custom_primary_key == is.has_custom_primary_key) return;
  const bool is_same = was.primary_key == is.primary_key;
  auto change =
      change_of(is_same ? ChangeKind::primary_key_declared : ChangeKind::primary_key_changed, is.name, {}, {});
  change.was = listed(was.primary_key);
  change.is = listed(is.primary_key);
  change.is_data_kept = is_same;
  if (is_same) {
    const bool is_declared = is.has_custom_primary_key;
    change.sentence = "The primary key of " + is.name + (is_declared ? " is declared now" : " is declared no more");
    change.reason = "the key is the same as before";
    if (!is_declared) {
      change.old_clients = OldClients::may_fail;
      change.old_clients_reason = "those that list by key are refused";
    }
  } else {
    change.sentence = "The primary key of " + is.name + ": " + change.was + " becomes " + change.is;
    change.reason = "stored records are known by the old key";
    change.remedy = "Add a model with the new key, and keep this one.";
    change.old_clients = OldClients::fail;
    change.old_clients_reason = "they name records by the old key";
  }
  out.changes.push_back(std::move(change));
}

void compare_models(Comparison& out) {
  each_pair(
      out.was.models, out.is.models, [&](const ModelSchema& model) { out.changes.push_back(model_removed(model)); },
      [&](const ModelSchema& was, const ModelSchema& is) {
        compare_keys(out, was, is);
        compare_fields(out, is.name, was.fields, is.fields);
        compare_relations(out, was, is);
        compare_indexes(out, was, is);
        compare_operations(out, was, is);
      },
      [&](const ModelSchema& model) {
        out.changes.push_back(type_added(ChangeKind::model_added, "The model ", model.name));
      });
}

void compare_embedded(Comparison& out) {
  each_pair(
      out.was.embedded, out.is.embedded,
      [&](const EmbeddedSchema& type) {
        out.changes.push_back(inner_type_removed(ChangeKind::embedded_removed, "The type ", type.name));
      },
      [&](const EmbeddedSchema& was, const EmbeddedSchema& is) {
        compare_fields(out, is.name, was.fields, is.fields);
      },
      [&](const EmbeddedSchema& type) {
        out.changes.push_back(type_added(ChangeKind::embedded_added, "The type ", type.name));
      });
}

Change value_removed(const Comparison& comparison, const EnumSchema& type, const std::string& value) {
  auto change = change_of(ChangeKind::enum_value_removed, type.name, "The value " + value + " of " + type.name +
                                                                         " is removed", {});
  change.member = value;
  change.stands_in_old = true;
  change.is_data_kept = !comparison.is_stored(type.name);
  change.reason = change.is_data_kept ? "no record holds this type" : "stored records may hold it";
  if (!change.is_data_kept) change.remedy = "Keep the value, and stop using it.";
  change.old_clients = OldClients::may_fail;
  change.old_clients_reason = "they may send it";
  return change;
}

Change value_added(const EnumSchema& type, const std::string& value) {
  auto change = change_of(ChangeKind::enum_value_added, type.name,
                          "The value " + value + " of " + type.name + " is added", "every stored value still fits");
  change.member = value;
  change.old_clients = OldClients::may_fail;
  change.old_clients_reason = "they may receive a value that they do not know";
  return change;
}

void compare_values(Comparison& out, const EnumSchema& was, const EnumSchema& is) {
  const auto has = [](const EnumSchema& type, const std::string& value) {
    return std::find(type.values.begin(), type.values.end(), value) != type.values.end();
  };
  for (const auto& value : was.values) {
    if (!has(is, value)) out.changes.push_back(value_removed(out, was, value));
  }
  for (const auto& value : is.values) {
    if (!has(was, value)) out.changes.push_back(value_added(is, value));
  }
}

void compare_enums(Comparison& out) {
  each_pair(
      out.was.enums, out.is.enums,
      [&](const EnumSchema& type) {
        out.changes.push_back(inner_type_removed(ChangeKind::enum_removed, "The enum ", type.name));
      },
      [&](const EnumSchema& was, const EnumSchema& is) { compare_values(out, was, is); },
      [&](const EnumSchema& type) {
        out.changes.push_back(type_added(ChangeKind::enum_added, "The enum ", type.name));
      });
}

}  // namespace

std::string_view name(ChangeKind kind) noexcept {
  static constexpr std::array<std::string_view, 27> words = {
      "model_added",        "model_removed",        "primary_key_changed",   "primary_key_declared",
      "embedded_added",     "embedded_removed",     "enum_added",            "enum_removed",
      "enum_value_added",   "enum_value_removed",   "field_added",           "field_removed",
      "field_type_changed", "field_now_required",   "field_now_nullable",    "field_access_changed",
      "relation_added",     "relation_removed",     "relation_changed",      "relation_now_required",
      "relation_now_nullable", "index_added",       "index_removed",         "index_changed",
      "operation_added",    "operation_removed",    "operation_renamed"};
  return words.at(static_cast<std::size_t>(kind));
}

std::string_view name(OldClients old_clients) noexcept {
  switch (old_clients) {
    case OldClients::may_fail: return "may fail";
    case OldClients::fail: return "fail";
    default: return "work";
  }
}

std::vector<Change> compare(const Schema& old_schema, const Schema& new_schema) {
  Comparison comparison{old_schema, new_schema};
  add_stored_types(old_schema, comparison.stored);
  compare_models(comparison);
  compare_embedded(comparison);
  compare_enums(comparison);
  return std::move(comparison.changes);
}

}  // namespace holdfast::schema
