// Lists that are rows: mostly they are written as they stand.
#include <utility>

#include "graphql/complete.h"
#include "graphql/member_reader.h"

namespace holdfast::graphql {

/// The rows that the nodes are, all of them in their order; null when they are others.
const json::Rows* Completion::rows_of(std::span<const Node> nodes) {
  const auto* rows = nodes.empty() ? nullptr : nodes.front().rows;
  if (rows == nullptr || rows->size() != nodes.size()) return nullptr;
  for (std::size_t row = 0; row < nodes.size(); ++row) {
    if (nodes[row].rows != rows || nodes[row].row != row) return nullptr;
  }
  return rows;
}

/// The column of a field that is in all rows as the answer has it; it needs no values then.
std::optional<std::size_t> Completion::kept_column(const Field& field, const json::Rows& rows) const {
  const auto& definition = *field.group.definition;
  const bool is_plain = is_leaf(field.named) && !definition.type.is_list() && definition.arguments.empty() &&
                        field.depth <= execution_depth_max &&
                        !execution_.resolvers.resolves(field.parent, definition);
  const auto column = is_plain ? MemberReader(definition.name).column(rows) : std::nullopt;
  if (!column) return std::nullopt;
  const bool has_problem = (definition.type.is_non_null && rows.has_null(*column)) ||
                           (!is_kept(field, rows.seen(*column)) && !is_each_kept(field, rows, *column));
  return has_problem ? std::nullopt : column;
}

/// Whether all cells of a column are written as they stand, but for nulls.
bool Completion::is_each_kept(const Field& field, const json::Rows& rows, std::size_t column) {
  std::string_view before;  // An enumeration has few values, and they come again and again.
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto cell = rows.cell(row, column);
    if (cell.kind == Value::Kind::null || cell.text == before) continue;
    if (!is_kept(field, cell)) return false;
    before = cell.text;
  }
  return true;
}

std::optional<std::size_t> Completion::kept_member(const Field& field, const json::Rows* rows) {
  const auto column = rows == nullptr ? std::nullopt : kept_column(field, *rows);
  if (!column || !budget_.spend(field_steps + rows->size())) return std::nullopt;
  note_text(*rows, *column);
  return column;
}

void Completion::note_text(const json::Rows& rows, std::size_t column) {
  text_bytes_ += rows.seen(column).bytes + rows.size() * json::Cell().text.size();
}

/// A list that is these rows, if every member that is asked of them is written as it stands: then nothing is made of the
/// rows one by one. Null otherwise.
const Level* Completion::whole_rows(const Field& field, const json::Rows& rows) {
  const auto* plan = field.planned.inside.get();
  if (plan == nullptr) return nullptr;
  std::vector<Level::Column> columns;
  columns.reserve(plan->fields.size());
  for (const auto& planned : plan->fields) {
    if (planned.named == nullptr) return nullptr;
    const auto column = kept_column({.parent = field.named, .planned = planned, .depth = field.depth + 1}, rows);
    if (!column) return nullptr;
    columns.push_back({.key = planned.key, .member = *column});
  }
  budget_.spend(plan->steps + rows.size() + columns.size() * (field_steps + rows.size()));
  for (const auto& column : columns) {
    text_bytes_ += column.key.size() * rows.size();
    note_text(rows, column.member);
  }
  auto& level = levels_.emplace_back();
  level.columns = std::move(columns);
  level.rows = &rows;
  level.note_stretches();
  return &level;
}

void Completion::gather_rows(const Field& field, const Slot& slot, std::vector<Found>& found) {
  HOLDFAST_ASSERT(!is_abstract(field.named), "rows are of one concrete type");
  if (!budget_.spend(slot.rows->size())) return;
  found.reserve(found.size() + slot.rows->size());
  for (std::size_t row = 0; row < slot.rows->size(); ++row) {
    const auto& place = item_places_.emplace_back(Place{slot.place, {}, row});
    found.push_back({{.place = &place, .rows = slot.rows, .row = row}, &field.named});
  }
}

Completed Completion::build_rows(const TypeRef& item, const Slot& slot, Objects& objects) {
  auto& completed = lists_.emplace_back();
  completed.reserve(slot.rows->size());
  bool is_lost = false;
  for (std::size_t row = 0; row < slot.rows->size(); ++row) {
    const auto object = next_object(objects);
    completed.push_back(object.is_lost() ? Completed{&null_value} : object);
    is_lost = is_lost || (object.is_lost() && item.is_non_null);
  }
  if (is_lost) return {};
  return {CompletedList{&completed}};
}

}  // namespace holdfast::graphql
