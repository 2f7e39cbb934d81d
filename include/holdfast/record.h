// Record: one instance of a model, type-erased. What every room below the façade handles.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/schema.h"
#include "holdfast/time.h"
#include "holdfast/value.h"

namespace holdfast {

/// The values of a primary key, in the model's order. Ordered and compared by its text.
struct Key {
  std::vector<Value> parts;

  /// Canonical: the parts as a compact JSON array (`["a1"]`, `["EU",7]`). Equal keys have equal texts.
  [[nodiscard]] std::string text() const;
  /// Reads what text() wrote. Code: malformed.
  static Result<Key> from_text(std::string_view text);

  friend bool operator==(const Key&, const Key&) = default;
};

/// What the service says of a record. `version` 0: the service has never seen it.
struct Metadata {
  std::int64_t version = 0;
  Instant last_changed_at{};
  bool is_deleted = false;

  friend bool operator==(const Metadata&, const Metadata&) = default;
};

/// `values` is parallel to `model->fields`; an absent value is null. Not thread-safe; share it const.
struct Record {
  const ModelSchema* model = nullptr;  ///< Not owned; outlives the record.
  std::vector<Value> values;

  Record() = default;
  explicit Record(const ModelSchema& of) : model(&of), values(of.fields.size()) {}

  /// The named field. Asserts that the model has it.
  [[nodiscard]] const Value& operator[](std::string_view field) const;
  [[nodiscard]] Value& operator[](std::string_view field);
  [[nodiscard]] Key key() const;

  friend bool operator==(const Record&, const Record&) = default;
};

/// One changed field: its index in the model's fields and the new value.
struct FieldChange {
  std::size_t field = 0;
  Value value;
  friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

/// What an edit changed, ordered by field index, at most one entry a field.
using Patch = std::vector<FieldChange>;

/// The fields in which `changed` differs from `original`; both of one model. Key fields are never part of it.
Patch difference(const Record& original, const Record& changed);
/// Applies in place.
void apply_patch(const Patch& patch, Record& record);
/// `first` then `second` as one patch.
Patch combined(Patch first, const Patch& second);

/// Every declared field of the right type, the AWS scalars in the form that the service takes (a date-time needs its
/// offset), required ones present (read-only ones may be null: the service fills them), key fields not empty.
/// Code: invalid_argument, naming model, field, what was expected and what was given.
Result<void> validate(const Schema& schema, const Record& record);

}  // namespace holdfast
