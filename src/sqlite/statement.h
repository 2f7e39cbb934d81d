// Statement: one prepared SQL statement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "holdfast/result.h"

struct sqlite3_stmt;

namespace holdfast::sqlite {

enum class ColumnKind : std::uint8_t { integer, floating, text, blob, null };

/// Bind, step until false, read the columns of each row, reset; then again. Made by Connection::prepare, which must
/// outlive it. A moved-from statement may only be assigned to or destroyed. Not thread-safe: it belongs to its
/// connection's thread of the moment.
class Statement {
 public:
  Statement() noexcept = default;
  /// Takes over `prepared`, which may be null. For Connection.
  explicit Statement(sqlite3_stmt* prepared) noexcept;
  Statement(Statement&& from) noexcept;
  Statement& operator=(Statement&& from) noexcept;
  ~Statement();

  [[nodiscard]] bool is_prepared() const noexcept { return prepared_ != nullptr; }

  /// Parameters count from 1. What cannot be bound is reported by the next step(). A text or blob is not copied:
  /// it must stay as it is until reset(). Unbound parameters are null.
  void bind(int parameter, std::int64_t value) noexcept;
  void bind(int parameter, double value) noexcept;  ///< NaN becomes null.
  void bind(int parameter, std::string_view text) noexcept;
  void bind(int parameter, std::nullptr_t) noexcept;
  void bind_blob(int parameter, std::string_view bytes) noexcept;
  /// As bind(), but keeps a copy of the text.
  void bind_copy(int parameter, std::string_view text) noexcept;
  // Never by way of a silent conversion.
  void bind(int parameter, bool value) = delete;
  void bind(int parameter, const char* text) = delete;

  /// True when there is a row, whose columns may be read until the next step() or reset(); false at the end, where
  /// it has been reset for the next use. An error resets too. Codes: storage_failed, disk_full, corrupt.
  Result<bool> step();
  /// Steps to the end, ignoring rows, and resets.
  Result<void> run();
  /// Ends the statement; keeps it prepared. Bindings are forgotten, so borrowed texts may go.
  void reset() noexcept;

  /// Columns count from 0. A column of another kind is converted as SQLite does; null gives 0 or empty.
  [[nodiscard]] ColumnKind column_kind(int column) const noexcept;
  [[nodiscard]] bool column_is_null(int column) const noexcept { return column_kind(column) == ColumnKind::null; }
  [[nodiscard]] std::int64_t column_integer(int column) const noexcept;
  [[nodiscard]] double column_floating(int column) const noexcept;
  /// Text or blob; valid until the next step() or reset().
  [[nodiscard]] std::string_view column_text(int column) const noexcept;

 private:
  void note(int outcome) noexcept;

  sqlite3_stmt* prepared_ = nullptr;
  int bind_outcome_ = 0;   // The first binding that failed.
  bool is_fresh_ = true;   // Nothing to reset: no binding, no step since the last reset.
};

/// Resets the statement at the end of the block, however it is left.
class ResetGuard {
 public:
  explicit ResetGuard(Statement& statement) noexcept : statement_(statement) {}
  ResetGuard(const ResetGuard&) = delete;
  ResetGuard& operator=(const ResetGuard&) = delete;
  ~ResetGuard() { statement_.reset(); }

 private:
  Statement& statement_;
};

}  // namespace holdfast::sqlite
