// Scalars and enums. Most are written as they stand, and then nothing is copied but into the answer's text.
#include <limits>
#include <utility>

#include "graphql/complete.h"
#include "graphql/member_reader.h"

namespace holdfast::graphql {
namespace {

constexpr std::size_t int_digits_min = 9;  // Of a number that may be beyond 32 bits there are more.

bool fits_int(std::int64_t number) {
  return number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
}

std::size_t index_of(Value::Kind kind) { return static_cast<std::size_t>(kind); }

}  // namespace

void Completion::read_leaves(const Field& field, std::span<const Node> nodes, std::span<Completed> values) {
  const auto& type = field.group.definition->type;
  MemberReader member(field.group.definition->name);
  const auto built = [&](const Node& node, const Value& value) {
    const Place place{node.place, field.group.response_name, 0};
    Objects none;
    return build(field, type, {.value = &value, .place = &place}, none);
  };
  const bool is_list = type.is_list();
  const json::Rows* rows = nullptr;
  std::optional<std::size_t> column;  // Of the field in `rows`.
  auto* next = values.data();
  for (const auto& node : nodes) {
    if (node.rows == nullptr) {
      *next++ = built(node, *member.read(node.value));
      continue;
    }
    if (node.rows != rows) {
      rows = node.rows;
      column = member.column(*rows);
    }
    const auto cell = column ? rows->cell(node.row, *column) : json::Cell();
    text_bytes_ += cell.text.size();
    if (cell.kind == Value::Kind::null) {
      *next++ = built(node, null_value);
    } else if (!is_list && is_kept(field, cell)) {
      *next++ = {Text{cell.text}};
    } else {
      *next++ = built(node, owned_.emplace_back(rows->value(node.row, *column)));
    }
  }
}

/// Whether the leaf is written as its text stands.
bool Completion::is_kept(const Field& field, const json::Cell& cell) {
  const auto kind = cell.kind;
  switch (field.planned.leaf) {
    case Leaf::string:
    case Leaf::id: return kind == Value::Kind::string;
    case Leaf::integer: return kind == Value::Kind::integer && cell.text.size() <= int_digits_min;
    case Leaf::floating: return kind == Value::Kind::integer || kind == Value::Kind::floating;
    case Leaf::boolean: return kind == Value::Kind::boolean;
    case Leaf::enumeration:
      return kind == Value::Kind::string && field.named.has_value(cell.text.substr(1, cell.text.size() - 2));
    case Leaf::custom: return kind < Value::Kind::list && field.planned.keeps[index_of(kind)];
  }
  return false;
}

/// Whether all leaves of a column are, as far as that can be told without looking at them.
bool Completion::is_kept(const Field& field, const json::Seen& seen) {
  if (field.planned.leaf == Leaf::enumeration) return false;
  if (field.planned.leaf == Leaf::integer && seen.longest > int_digits_min) return false;
  for (std::size_t kind = 1; kind < value_kinds; ++kind) {
    const json::Cell some{.text = {}, .kind = static_cast<Value::Kind>(kind)};
    if (seen.has(some.kind) && !is_kept(field, some)) return false;
  }
  return true;
}

bool Completion::is_kept(const Field& field, const Value& value) {
  const auto kind = value.kind();
  switch (field.planned.leaf) {
    case Leaf::string:
    case Leaf::id: return kind == Value::Kind::string;
    case Leaf::integer: return kind == Value::Kind::integer && fits_int(*value.as_integer());
    case Leaf::floating: return kind == Value::Kind::integer;
    case Leaf::boolean: return kind == Value::Kind::boolean;
    case Leaf::enumeration: return kind == Value::Kind::string && field.named.has_value(*value.as_string());
    case Leaf::custom: return field.planned.keeps[index_of(kind)];
  }
  return false;
}

Completed Completion::build_leaf(const Field& field, const Slot& slot) {
  if (is_kept(field, *slot.value)) return {slot.value};
  auto written = field.planned.leaf == Leaf::custom ? execution_.scalars.write(field.named, *slot.value)
                                            : write_leaf(field.planned.leaf, field.named, *slot.value);
  if (written) return {&owned_.emplace_back(std::move(*written))};
  errors_.add(slot.place, field.group.selections, std::move(written).error().message);
  return {};
}

}  // namespace holdfast::graphql
