#include "graphql/completed.h"

#include <cstddef>

#include "base/json.h"

namespace holdfast::graphql {
namespace {

/// Whether the cells of a column stand in the rows where they stand in the answer: behind those of the column before.
bool follows(const json::Rows& rows, const Level::Column& before, const Level::Column& column) {
  if (!before.values.empty() || !column.values.empty() || before.member + 1 != column.member) return false;
  const auto name = rows.names()[column.member];
  return column.key.size() == name.size() + 4 && column.key.substr(2, name.size()) == name;
}

class Writer {
 public:
  explicit Writer(std::string& written) : out_(written) {}

  void operator()(Lost /*lost*/) const { out_ += "null"; }
  void operator()(const Value* value) const { json::write(*value, out_); }
  void operator()(Text text) const { out_ += text.text; }
  void operator()(CompletedList list) const {
    out_ += '[';
    bool is_first = true;
    for (const auto& item : *list.items) {
      if (!is_first) out_ += ',';
      is_first = false;
      write(item, out_);
    }
    out_ += ']';
  }
  void operator()(CompletedRows rows) const {
    const auto& level = *rows.level;
    const std::string between = "},{" + std::string(first_key(level));
    out_ += '[';
    for (std::size_t row = 0; row < level.rows->size(); ++row) {
      out_ += row == 0 ? std::string_view(between).substr(2) : between;
      write_members(level, row);
    }
    out_ += level.rows->empty() ? "]" : "}]";
  }
  void operator()(CompletedObject object) const {
    out_ += '{';
    out_ += first_key(*object.level);
    write_members(*object.level, object.row);
    out_ += '}';
  }

 private:
  /// Without its comma.
  static std::string_view first_key(const Level& level) {
    return level.columns.empty() ? std::string_view() : level.columns.front().key.substr(1);
  }

  /// What stands behind the first key.
  void write_members(const Level& level, std::size_t row) const {
    const auto& columns = level.columns;
    for (std::size_t at = 0; at < columns.size(); ++at) {
      if (at > 0) out_ += columns[at].key;
      if (columns[at].values.empty()) {
        const auto [text, last] = level.rows->stretch(row, columns[at].member, columns[at].more);
        out_ += text;
        at += last - columns[at].member;
        continue;
      }
      const auto& value = columns[at].values[row];
      // Most fields are texts.
      if (const auto* text = std::get_if<Text>(&value.held)) out_ += text->text;
      else write(value, out_);
    }
  }

  std::string& out_;
};

}  // namespace

void Level::note_stretches() {
  for (std::size_t at = columns.size(); at-- > 1;) {
    auto& before = columns[at - 1];
    if (follows(*rows, before, columns[at])) before.more = columns[at].more + 1;
  }
}

void write(const Completed& completed, std::string& out) { std::visit(Writer(out), completed.held); }

}  // namespace holdfast::graphql
