// Completed values, as they stand until the answer is written: column by column, and borrowed wherever they can be.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_rows.h"
#include "holdfast/value.h"

namespace holdfast::graphql {

struct Level;

/// Null must go further up; its error is recorded already.
struct Lost {};
/// JSON text.
struct Text {
  std::string_view text;
};
struct Completed;
struct CompletedList {
  const std::vector<Completed>* items;
};
struct CompletedObject {
  const Level* level;
  std::size_t row;
};
/// The list of all objects of a level, which are its rows.
struct CompletedRows {
  const Level* level;
};

/// What it refers to outlives it.
struct Completed {
  std::variant<Lost, const Value*, Text, CompletedList, CompletedObject, CompletedRows> held = {};

  [[nodiscard]] bool is_lost() const noexcept { return std::holds_alternative<Lost>(held); }
  [[nodiscard]] bool is_null() const noexcept {
    const auto* value = std::get_if<const Value*>(&held);
    return value != nullptr && (*value)->is_null();
  }
};

/// The objects of one type of one level of the answer.
struct Level {
  /// One field of them all. `key` is `,"name":`, as it stands before a value.
  struct Column {
    std::string_view key;
    std::span<const Completed> values = {};  ///< Of the level's.
    std::size_t member = 0;  ///< Without values: the column of `rows` whose cells are written as they are.
    std::size_t more = 0;    ///< So many columns behind it are those behind it in `rows`, by the same names.
  };
  std::vector<Column> columns = {};
  std::vector<Completed> values = {};  ///< Of all columns, one after the other; reserved, so that they stay where they are.
  const json::Rows* rows = nullptr;    ///< The objects are these, row by row.

  void note_stretches();  ///< Once all columns are there.
};

/// Appends JSON text; what is lost is null.
void write(const Completed& completed, std::string& out);

}  // namespace holdfast::graphql
