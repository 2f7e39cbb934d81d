#include "sqlite/statement.h"

#include <sqlite3.h>

#include <utility>

#include "sqlite/failure.h"

namespace holdfast::sqlite {
namespace {

// SQLite takes a null pointer for null, not for empty text.
const char* bytes_of(std::string_view text) noexcept { return text.empty() ? "" : text.data(); }

}  // namespace

Statement::Statement(sqlite3_stmt* prepared) noexcept : prepared_(prepared) {}

Statement::Statement(Statement&& from) noexcept
    : prepared_(std::exchange(from.prepared_, nullptr)),
      bind_outcome_(std::exchange(from.bind_outcome_, 0)),
      is_fresh_(std::exchange(from.is_fresh_, true)) {}

Statement& Statement::operator=(Statement&& from) noexcept {
  std::swap(prepared_, from.prepared_);
  std::swap(bind_outcome_, from.bind_outcome_);
  std::swap(is_fresh_, from.is_fresh_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(prepared_); }

void Statement::note(int outcome) noexcept {
  is_fresh_ = false;
  if (bind_outcome_ == SQLITE_OK) bind_outcome_ = outcome;
}

void Statement::bind(int parameter, std::int64_t value) noexcept {
  note(sqlite3_bind_int64(prepared_, parameter, value));
}
void Statement::bind(int parameter, double value) noexcept { note(sqlite3_bind_double(prepared_, parameter, value)); }
void Statement::bind(int parameter, std::nullptr_t) noexcept { note(sqlite3_bind_null(prepared_, parameter)); }

void Statement::bind(int parameter, std::string_view text) noexcept {
  note(sqlite3_bind_text64(prepared_, parameter, bytes_of(text), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind_blob(int parameter, std::string_view bytes) noexcept {
  note(sqlite3_bind_blob64(prepared_, parameter, bytes_of(bytes), bytes.size(), SQLITE_STATIC));
}

void Statement::bind_copy(int parameter, std::string_view text) noexcept {
  // SQLITE_TRANSIENT is an old-style cast of -1: the same value, spelled without.
  const auto transient = reinterpret_cast<sqlite3_destructor_type>(std::intptr_t{-1});
  note(sqlite3_bind_text64(prepared_, parameter, bytes_of(text), text.size(), transient, SQLITE_UTF8));
}

Result<bool> Statement::step() {
  if (bind_outcome_ != SQLITE_OK) {
    auto error = failure(sqlite3_db_handle(prepared_), bind_outcome_);
    reset();
    return error;
  }
  is_fresh_ = false;
  const int outcome = sqlite3_step(prepared_);
  if (outcome == SQLITE_ROW) return true;
  if (outcome == SQLITE_DONE) {
    reset();
    return false;
  }
  auto* const database = sqlite3_db_handle(prepared_);
  auto error = failure(database, sqlite3_extended_errcode(database));
  reset();
  return error;
}

Result<void> Statement::run() {
  for (;;) {
    HOLDFAST_TRY(has_row, step());
    if (!has_row) return {};
  }
}

void Statement::reset() noexcept {
  if (is_fresh_) return;
  sqlite3_reset(prepared_);  // Repeats the error of the last step, which has been reported.
  sqlite3_clear_bindings(prepared_);
  bind_outcome_ = SQLITE_OK;
  is_fresh_ = true;
}

ColumnKind Statement::column_kind(int column) const noexcept {
  switch (sqlite3_column_type(prepared_, column)) {
    case SQLITE_INTEGER: return ColumnKind::integer;
    case SQLITE_FLOAT: return ColumnKind::floating;
    case SQLITE_TEXT: return ColumnKind::text;
    case SQLITE_BLOB: return ColumnKind::blob;
    default: return ColumnKind::null;
  }
}

std::int64_t Statement::column_integer(int column) const noexcept { return sqlite3_column_int64(prepared_, column); }
double Statement::column_floating(int column) const noexcept { return sqlite3_column_double(prepared_, column); }

std::string_view Statement::column_text(int column) const noexcept {
  // For a text column SQLite gives the text's own bytes as a blob, without converting or terminating it.
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(prepared_, column));
  return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

}  // namespace holdfast::sqlite
