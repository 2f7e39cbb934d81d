// What becomes of stored values when the types of a schema change: by the types alone, and value by value.
#pragma once

#include <cstdint>
#include <vector>

#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast {

/// Whether every value of the scalar `narrower`, as it is stored, is also one of `wider`: Int of Float and AWSTimestamp,
/// AWSTimestamp of Float, everything that is kept as text of String and ID.
bool holds_every(Scalar wider, Scalar narrower) noexcept;
/// Whether it has all values of the other.
bool holds_every(const EnumSchema& wider, const EnumSchema& narrower) noexcept;

/// A schema and the one that follows it.
struct SchemaPair {
  const Schema& was;
  const Schema& is;
};

/// Ordered: of several the greatest counts.
enum class Fit : std::uint8_t {
  same,
  widened,  ///< Something changed, and every value that the old type allows stays as it is.
  lossy,    ///< Some value may not fit.
};

/// By the types alone, enums and embedded types looked into.
Fit fit(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is);
/// Of the fields of a model or embedded type, by their names: removed ones, and new ones that need a value, are lossy.
Fit fit(const SchemaPair& schemas, const std::vector<FieldSchema>& was, const std::vector<FieldSchema>& is);

/// Whether a record without a value of it does not fit. What the service sets is absent on devices until it did.
[[nodiscard]] inline bool needs_value(const FieldSchema& field) noexcept {
  return field.refuses_null() && !field.is_read_only;
}

/// Ordered: of several the greatest counts.
enum class Fate : std::uint8_t {
  kept,
  trimmed,  ///< Elements or members were taken out; the rest fits.
  lost,     ///< It is null now.
};

/// Brings a value of the old field into the form of the new one: integral numbers between integer and floating, texts
/// when the new type takes them, lists and objects by their parts. A null where none may be is lost, unless the old
/// field did not allow it either.
Fate convert(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is, Value& value);

}  // namespace holdfast
