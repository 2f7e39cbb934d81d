// Rows: like objects whose members stand as JSON texts. What a database gives as text and an answer takes as text needs
// no Values between.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::json {

/// One member of one row: its text is what write() gives for its value.
struct Cell {
  std::string_view text = "null";
  Value::Kind kind = Value::Kind::null;
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

/// Each row has the same members, the columns, or null for them. A cell stands behind `,"its name":`. Not thread-safe.
class Rows {
 public:
  Rows() = default;
  /// The names of the columns are distinct and outlive it.
  explicit Rows(std::vector<std::string_view> names) : names_(std::move(names)), seen_(names_.size()) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }  ///< How many rows.
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] const std::vector<std::string_view>& names() const noexcept { return names_; }
  [[nodiscard]] Cell cell(std::size_t row, std::size_t column) const noexcept {
    const auto& place = places_[row * names_.size() + column];
    if (place.kind == Value::Kind::null) return {};
    return {{text_.data() + place.begin, place.size}, place.kind};
  }
  /// The cell, and behind it those of up to `more` columns, which there are, as far as they follow in the text as well
  /// as in the row: between two of them stands `,"the name of the next":`.
  [[nodiscard]] Stretch stretch(std::size_t row, std::size_t column, std::size_t more) const noexcept {
    const auto* const first = &places_[row * names_.size() + column];
    if (first->kind == Value::Kind::null) return {Cell().text, column};
    const auto* last = first;
    while (more > 0 && last[1].follows) ++last, --more;
    return {{text_.data() + first->begin, last->begin + last->size - first->begin},
            column + static_cast<std::size_t>(last - first)};
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
  void append(const Rows& more);
  /// Of the last row.
  void set(std::size_t column, const Value& value);
  /// Of two columns side by side.
  void set_integers(std::size_t column, std::int64_t number, std::int64_t next);
  /// Takes back the row that was added last.
  void pop_back();
  /// Takes out the rows that are not to stay.
  void keep(const std::vector<bool>& stays);

 private:
  struct Place {
    std::size_t begin = 0;
    std::uint32_t size = 0;
    Value::Kind kind = Value::Kind::null;
    bool follows = false;  ///< Between the cell of the column before and this one stands `,"its name":` alone.
  };
  [[nodiscard]] Place* last_row() noexcept { return places_.data() + (size_ - 1) * names_.size(); }
  bool scan(std::string_view text);
  bool scan_other_name(const char*& at, const char* end, std::size_t& column) const;
  void put(std::size_t column, const Place& place) noexcept;
  bool ends_at(std::size_t column, std::size_t end) noexcept;

  std::vector<std::string_view> names_;
  std::vector<Seen> seen_;  ///< Column by column.
  std::string text_;
  std::vector<Place> places_;  ///< Row by row.
  std::size_t size_ = 0;
  std::size_t last_begin_ = 0;  ///< Where the texts of the row begin that was added last.
};

}  // namespace holdfast::json
