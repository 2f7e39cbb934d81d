// Rows: like objects whose members stand as JSON texts. What a database gives as text and an answer takes as text needs
// no Values between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// Each row has the same members, the columns, or null for them. A cell stands behind `,"its name":`. Not thread-safe.
class Rows {
 public:
  Rows() = default;
  /// The names of the columns are distinct and outlive it.
  explicit Rows(std::vector<std::string_view> names) : names_(std::move(names)) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }  ///< How many rows.
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] const std::vector<std::string_view>& names() const noexcept { return names_; }
  [[nodiscard]] Cell cell(std::size_t row, std::size_t column) const noexcept {
    const auto& place = places_[row * names_.size() + column];
    if (place.kind == Value::Kind::null) return {};
    return {std::string_view(text_).substr(place.begin, place.size), place.kind};
  }
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
  /// Takes back the row that was added last.
  void pop_back();
  /// Takes out the rows that are not to stay.
  void keep(const std::vector<bool>& stays);

 private:
  struct Place {
    std::size_t begin = 0;
    std::uint32_t size = 0;
    Value::Kind kind = Value::Kind::null;
  };
  [[nodiscard]] Place* last_row() noexcept { return places_.data() + (size_ - 1) * names_.size(); }
  bool scan(std::size_t begin);
  std::optional<std::size_t> scan_name(std::string_view text, std::size_t& at, std::size_t expected) const;

  std::vector<std::string_view> names_;
  std::string text_;
  std::vector<Place> places_;  ///< Row by row.
  std::size_t size_ = 0;
  std::size_t last_begin_ = 0;  ///< Where the texts of the row begin that was added last.
};

}  // namespace holdfast::json
