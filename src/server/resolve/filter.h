// Filters and conditions as GraphQL inputs, read into predicates (spec/transformer.md section 2).
#pragma once

#include "holdfast/predicate.h"
#include "holdfast/value.h"
#include "server/store/store.h"

namespace holdfast::server {

/// A filter or condition input. `_deleted` is no field of a record, so there is a predicate for live records and
/// one for tombstones; the two are equal unless the input asks for `_deleted`. Both have passed `check`.
struct Filter {
  Predicate live = {};
  Predicate tombstone = {};

  [[nodiscard]] bool admits(const Image& image) const;
};

/// Reads a filter, condition or subscription filter; null is a filter that admits all. An operator given as null is
/// false, except `eq`, `ne`, which test for null. Fields that the model does not have are null.
/// Code: invalid_argument, naming field and operator.
Result<Filter> read_filter(const ModelSchema& model, const Value& input);

/// Reads `{eq|le|lt|ge|gt|between|beginsWith: value}` on a sort key of one field. Code: invalid_argument.
Result<Predicate> read_key_condition(const ModelSchema& model, const std::string& field, const Value& input);
/// The same on several fields: each value is an object of leading fields, compared one after the other.
/// beginsWith is offered on the last given field. Code: invalid_argument.
Result<Predicate> read_composite_condition(const ModelSchema& model, const std::vector<std::string>& fields,
                                           const Value& input);

/// False for every record.
Predicate never();

}  // namespace holdfast::server
