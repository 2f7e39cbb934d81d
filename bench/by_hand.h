// Hand-written SQLite for the benchmarks' limits: the same tables, pragmas and statements, nothing else.
#pragma once

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace holdfast::bench {

[[noreturn]] inline void give_up(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(1);
}

class Database {
 public:
  explicit Database(const std::string& path, bool is_full) {
    // As client/storage/sqlite opens and sets it: without locks of SQLite's own, a connection is one thread's at a time.
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) give_up(sqlite3_errmsg(handle_));
    run("PRAGMA journal_mode=WAL");
    run(is_full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    run("PRAGMA wal_autocheckpoint=16000");
    run("PRAGMA temp_store=MEMORY");
    run("PRAGMA cache_size=-6144");
  }
  ~Database() { sqlite3_close_v2(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const char* sql) {
    char* error = nullptr;
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, &error) != SQLITE_OK) give_up(std::string(sql) + ": " + error);
  }
  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

class Statement {
 public:
  Statement(const Database& database, const char* sql) {
    if (sqlite3_prepare_v3(database.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr) != SQLITE_OK) {
      give_up(std::string(sql) + ": " + sqlite3_errmsg(database.handle()));
    }
  }
  ~Statement() { sqlite3_finalize(handle_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind(int at, std::string_view text) const {
    sqlite3_bind_text(handle_, at, text.data(), static_cast<int>(text.size()), nullptr);
  }
  void bind(int at, std::int64_t number) const { sqlite3_bind_int64(handle_, at, number); }
  void bind_null(int at) const { sqlite3_bind_null(handle_, at); }
  [[nodiscard]] bool step() const {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) give_up(sqlite3_errstr(code));
    return false;
  }
  void execute() const {
    static_cast<void>(step());
    sqlite3_reset(handle_);
  }
  void reset() const { sqlite3_reset(handle_); }
  [[nodiscard]] std::string_view text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))) : std::string_view();
  }
  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(handle_, column); }
  [[nodiscard]] bool is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

 private:
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace holdfast::bench
