#include "protocol/records.h"

#include <string>

#include "protocol/fields.h"

namespace holdfast::protocol {
namespace {

Error malformed(const ModelSchema& model, std::string_view member, std::string_view why) {
  return {Code::malformed, "a record of " + model.name + ": '" + std::string(member) + "' " + std::string(why)};
}

Result<Metadata> read_metadata(const ModelSchema& model, const Value& item) {
  Metadata metadata;
  const auto& version = item[version_member];
  if (version.as_integer()) metadata.version = *version.as_integer();
  if (!version.is_null() && !version.as_integer()) return malformed(model, version_member, "is not an integer");
  const auto& changed = item[last_changed_member];
  if (changed.as_integer()) metadata.last_changed_at = from_epoch_ms(*changed.as_integer());
  if (!changed.is_null() && !changed.as_integer()) return malformed(model, last_changed_member, "is not an integer");
  const auto& deleted = item[deleted_member];
  if (deleted.as_boolean()) metadata.is_deleted = *deleted.as_boolean();
  if (!deleted.is_null() && !deleted.as_boolean()) return malformed(model, deleted_member, "is not a boolean");
  return metadata;
}

/// The wire's value of a field: its own member, or for a hidden foreign key the key in the relation's stub.
const Value& wire_value(const ModelSchema& model, const FieldSchema& field, const Value& item) {
  if (!field.is_hidden) return item[field.name];
  for (const auto& relation : model.relations) {
    if (relation.kind != RelationKind::belongs_to) continue;
    for (std::size_t at = 0; at < relation.keys.size(); ++at) {
      if (relation.keys[at] == field.name) return item[relation.name][relation.target_keys.at(at)];
    }
  }
  return item[field.name];
}

}  // namespace

Result<Received> read_record(const ModelSchema& model, const Value& item) {
  if (!item.as_object()) {
    return Error{Code::malformed,
                 "a record of " + model.name + " is " + std::string(kind_name(item.kind())) + " instead of an object"};
  }
  HOLDFAST_TRY(metadata, read_metadata(model, item));
  Received received{Record(model), metadata};
  for (std::size_t at = 0; at < model.fields.size(); ++at) {
    const auto& field = model.fields[at];
    auto& value = received.record.values[at];
    value = wire_value(model, field, item);
    if (!admit(field, value)) return malformed(model, field.name, "is not of type " + expected_type(field));
    if (value.is_null() && model.is_key(field.name)) return malformed(model, field.name, "of the key is missing");
  }
  return received;
}

Object write_record(const Record& record, const Metadata& metadata) {
  const auto& fields = record.model->fields;
  Object object;
  object.reserve(fields.size() + 3);
  for (std::size_t at = 0; at < fields.size(); ++at) {
    if (!fields[at].is_hidden) object.append(fields[at].name, record.values.at(at));
  }
  object.append(std::string(version_member), metadata.version);
  object.append(std::string(last_changed_member), epoch_ms(metadata.last_changed_at));
  object.append(std::string(deleted_member), metadata.is_deleted ? Value(true) : Value());
  return object;
}

}  // namespace holdfast::protocol
