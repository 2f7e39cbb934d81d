// Rows: like objects whose members stand as JSON texts. What a database gives as text and an answer takes as text needs
// no Values between.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/row_text.h"
#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::json {

/// One member of one row: its text is what write() gives for its value.
struct Cell {
  std::string_view text = "null";
  Value::Kind kind = Value::Kind::null;
};

/// A value that is null, a boolean or an integer.
struct Scalar {
  Scalar() noexcept = default;  ///< Null.
  explicit Scalar(bool value) noexcept : kind(Value::Kind::boolean), number(value ? 1 : 0) {}
  explicit Scalar(std::int64_t value) noexcept : kind(Value::Kind::integer), number(value) {}

  Value::Kind kind = Value::Kind::null;
  std::int64_t number = 0;
};

/// The text of some cells of one row.
struct Stretch {
  std::string_view text;
  std::size_t last = 0;  ///< The column of the last of them.
};

/// What the cells of a column may be: of all that were ever added, those that were taken back or out as well.
struct Seen {
  [[nodiscard]] bool has(Value::Kind kind) const noexcept { return (kinds >> static_cast<unsigned>(kind) & 1U) != 0; }
  void add(Value::Kind kind, std::size_t size) noexcept {
    kinds |= 1U << static_cast<unsigned>(kind);
    longest = std::max(longest, size);
    bytes += size;
  }

  unsigned kinds = 0;       ///< A bit each, by its number; null is not told.
  std::size_t longest = 0;  ///< Of their texts, in bytes.
  std::size_t bytes = 0;    ///< Of all their texts.
};

/// Each row has the same members, the columns, or null for them. A cell stands behind `,"its name":`. Not thread-safe; of
/// rows that were moved from, nothing is left to use.
class Rows {
 public:
  Rows() = default;
  /// The names of the columns are distinct, not empty, and outlive it.
  explicit Rows(std::vector<std::string_view> names);

  [[nodiscard]] std::size_t size() const noexcept { return texts_.size(); }  ///< How many rows.
  [[nodiscard]] bool empty() const noexcept { return texts_.empty(); }
  [[nodiscard]] const std::vector<std::string_view>& names() const noexcept { return names_; }
  [[nodiscard]] Cell cell(std::size_t row, std::size_t column) const noexcept {
    const auto& place = places_[row * names_.size() + column];
    if (place.kind == Value::Kind::null) return {};
    return {{texts_[row] + place.begin, place.size}, place.kind};
  }
  /// The cell, and behind it those of up to `more` columns, which there are, as far as they follow in the text as well
  /// as in the row: between two of them stands `,"the name of the next":`.
  [[nodiscard]] Stretch stretch(std::size_t row, std::size_t column, std::size_t more) const noexcept {
    const auto* const first = &places_[row * names_.size() + column];
    if (first->size == 0) return {Cell().text, column};
    const auto* last = first;
    while (more > 0 && last[1].follows) ++last, --more;
    return {{texts_[row] + first->begin, last->begin + last->size - first->begin},
            column + static_cast<std::size_t>(last - first)};
  }
  [[nodiscard]] bool has_null(std::size_t column) const noexcept {
    for (auto at = column; at < size() * names_.size(); at += names_.size()) {
      if (places_[at].kind == Value::Kind::null) return true;
    }
    return false;
  }
  [[nodiscard]] const Seen& seen(std::size_t column) const noexcept { return seen_[column]; }
  [[nodiscard]] Value value(std::size_t row, std::size_t column) const;
  [[nodiscard]] Object object(std::size_t row) const;  ///< With every column, nulls too.

  /// Adds a row of nulls.
  void append();
  /// Adds a row with the members of the object that `text` is; those that are no columns are left aside. Text that
  /// write() has written is read fastest. Code: malformed, and nothing is added.
  Result<void> append(std::string_view text);
  /// Adds the rows of another that has the same columns.
  void append(Rows more);
  /// Of the row that was added last, unless rows were taken back or out since then.
  void set(std::size_t column, const Value& value);
  /// Of columns side by side, from `column` on.
  void set(std::size_t column, std::initializer_list<Scalar> values);
  /// Takes back the row that was added last.
  void pop_back();
  /// Takes out the rows that are not to stay.
  void keep(const std::vector<bool>& stays);

 private:
  struct Place {
    std::uint32_t begin;  ///< In the row's text.
    std::uint32_t size;   ///< 0 for a null that has no text.
    Value::Kind kind;
    bool follows;  ///< Between the cell of the column before and this one stands `,"its name":` alone.
  };
  static constexpr Place nowhere{0, 0, Value::Kind::null, false};

  [[nodiscard]] Place* row_at(std::size_t row) noexcept { return places_.get() + row * names_.size(); }
  [[nodiscard]] Place* last_row() noexcept { return row_at(size() - 1); }
  void make_room(std::size_t rows);
  bool scan(char* text, std::size_t size);
  bool scan_others(std::string_view rest, const char* text);
  void put(std::size_t column, const Place& place) noexcept;
  [[nodiscard]] bool ends_before(std::size_t column, std::size_t end) noexcept;

  std::vector<std::string_view> names_;
  std::vector<std::string> keys_;   ///< `,"name":` of each.
  std::vector<Seen> seen_;          ///< Column by column.
  RowText text_;                    ///< Of each row its cells, mostly as they stand in an object; the last one is open.
  std::vector<const char*> texts_;  ///< Where those of each row begin.
  std::unique_ptr<Place[]> places_;  // NOLINT: row by row, and room for more that is nothing yet
  std::size_t room_ = 0;             ///< For so many rows are places.
};

}  // namespace holdfast::json
