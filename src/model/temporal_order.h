// Times in order: what stands for a text of time where values are sorted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast {

/// Whether the field's values are ordered as points in time: one AWSDateTime or AWSTime.
bool has_time_order(const FieldSchema& field) noexcept;

/// Nine bytes that sort as the point in time does which the text of an AWSDateTime or AWSTime tells, to the nanosecond; a
/// time without an offset is one of UTC. None for other texts.
std::optional<std::string> time_key(std::string_view text);

/// What compare_values() takes for a value of the field: its time_key, where it has a time order, so that a text which
/// is no time is as null; otherwise the value.
Value order_value(const FieldSchema& field, const Value& value);

}  // namespace holdfast
