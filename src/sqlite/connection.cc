#include "sqlite/connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "sqlite/failure.h"
#include "sqlite/gathered_log.h"

namespace holdfast::sqlite {
namespace {

// More than the statements of a large schema in use; beyond, one makes room for the next.
constexpr std::size_t cached_statements_max = 128;

int flags_of(Access access) {
  constexpr int always = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (access) {
    case Access::read_only: return always | SQLITE_OPEN_READONLY;
    case Access::read_write: return always | SQLITE_OPEN_READWRITE;
    case Access::create: break;
  }
  return always | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

/// An exception must not cross SQLite, which is C: of this function's, only that of memory that is used up can occur.
void call_bytes_of_text(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  if (sqlite3_value_type(arguments[0]) != SQLITE_TEXT) return sqlite3_result_null(context);
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
  const auto function = reinterpret_cast<Connection::BytesOfText>(sqlite3_user_data(context));
  const auto bytes = function({text, size});
  if (!bytes) return sqlite3_result_null(context);
  sqlite3_result_blob64(context, bytes->data(), bytes->size(), SQLITE_TRANSIENT);
}

}  // namespace

struct Connection::Open {
  sqlite3* database = nullptr;
  Milliseconds busy_timeout{};
  std::chrono::steady_clock::time_point busy_since = {};
  std::string path = {};
  Cache cache = {};

  Open() = default;
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  ~Open() {
    cache.clear();  // SQLite closes after its statements.
    sqlite3_close_v2(database);
  }
};

/// SQLite's own handler soon looks only every tenth of a second, and then may never meet the moment between two writes
/// of a process that writes all the time.
int Connection::wait_for_lock(void* waiting, int attempt) {
  constexpr int pause_ms = 1;
  auto& open = *static_cast<Open*>(waiting);
  const auto now = std::chrono::steady_clock::now();
  if (attempt == 0) open.busy_since = now;
  if (now - open.busy_since >= open.busy_timeout) return 0;
  sqlite3_sleep(pause_ms);
  return 1;
}

Connection::Connection(std::unique_ptr<Open> open) noexcept : open_(std::move(open)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(const OpenOptions& options) {
  auto open = std::make_unique<Open>();
  open->path = options.path;
  const int outcome = sqlite3_open_v2(options.path.c_str(), &open->database, flags_of(options.access), nullptr);
  if (outcome != SQLITE_OK) return failure(open->database, outcome, options.path);
  // SQLite gives a file that may not be written for reading instead.
  if (options.access != Access::read_only && sqlite3_db_readonly(open->database, "main") == 1) {
    return failure(open->database, SQLITE_READONLY, options.path);
  }
  open->busy_timeout = options.busy_timeout;
  sqlite3_busy_handler(open->database, wait_for_lock, open.get());
  return Connection(std::move(open));
}

Result<void> Connection::run(const std::string& sql) {
  const int outcome = sqlite3_exec(open_->database, sql.c_str(), nullptr, nullptr, nullptr);
  if (outcome != SQLITE_OK) return failure(open_->database, outcome, open_->path);
  return {};
}

Result<std::optional<std::string>> Connection::text_of(std::string_view sql) {
  HOLDFAST_TRY(statement, prepare(sql));
  HOLDFAST_TRY(has_row, statement.step());
  if (!has_row || statement.column_is_null(0)) return std::optional<std::string>();
  return std::optional(std::string(statement.column_text(0)));
}

Result<std::int64_t> Connection::integer_of(std::string_view sql) {
  HOLDFAST_TRY(statement, prepare(sql));
  HOLDFAST_TRY(has_row, statement.step());
  return has_row ? statement.column_integer(0) : 0;
}

Result<void> Connection::define(const char* name, BytesOfText function) {
  constexpr int always_the_same = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  const int outcome =
      sqlite3_create_function_v2(open_->database, name, 1, always_the_same, reinterpret_cast<void*>(function),
                                 call_bytes_of_text, nullptr, nullptr, nullptr);
  if (outcome != SQLITE_OK) return failure(open_->database, outcome, open_->path);
  return {};
}

void Connection::stop_if(IsUnwanted is_unwanted) noexcept {
  constexpr int steps = 4'000;  // A few hundred rows, and tens of microseconds.
  const auto ask = [](void* asked) { return reinterpret_cast<IsUnwanted>(asked)() ? 1 : 0; };
  sqlite3_progress_handler(open_->database, steps, ask, reinterpret_cast<void*>(is_unwanted));
}

Result<void> Connection::gather_log_writes() {
  // SQLite opens the log with the first read.
  if (auto read = integer_of("PRAGMA schema_version"); !read) return std::move(read).error();
  const int outcome = sqlite::gather_log_writes(open_->database);
  if (outcome != SQLITE_OK) return failure(open_->database, outcome, open_->path);
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int outcome = sqlite3_prepare_v3(open_->database, sql.data(), static_cast<int>(sql.size()),
                                         SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (outcome != SQLITE_OK) return failure(open_->database, outcome, open_->path);
  return Statement(prepared);
}

Result<CachedStatement> Connection::cached(std::string_view sql) {
  auto& cache = open_->cache;
  const auto [first, last] = cache.equal_range(sql);
  const auto is_free = [](const auto& entry) { return !entry.second.is_lent; };
  if (const auto found = std::find_if(first, last, is_free); found != last) return CachedStatement(found->second);
  HOLDFAST_TRY(statement, prepare(sql));
  if (cache.size() >= cached_statements_max) {
    if (const auto spare = std::find_if(cache.begin(), cache.end(), is_free); spare != cache.end()) cache.erase(spare);
  }
  return CachedStatement(cache.emplace(sql, Kept{std::move(statement)})->second);
}

Result<void> Connection::copy_to(Connection& to) {
  sqlite3_backup* copying = sqlite3_backup_init(to.open_->database, "main", open_->database, "main");
  if (copying == nullptr) return failure(to.open_->database, sqlite3_errcode(to.open_->database), to.path());
  // In one step, hence in one snapshot: between two, a write of another connection would make it begin anew.
  const int stepped = sqlite3_backup_step(copying, -1);
  const int outcome = sqlite3_backup_finish(copying);
  if (stepped == SQLITE_DONE && outcome == SQLITE_OK) return {};
  return failure(to.open_->database, outcome == SQLITE_OK ? stepped : outcome, to.path());
}

std::int64_t Connection::changes() const noexcept { return sqlite3_changes64(open_->database); }
std::int64_t Connection::last_insert_rowid() const noexcept { return sqlite3_last_insert_rowid(open_->database); }
void Connection::set_last_insert_rowid(std::int64_t rowid) noexcept {
  sqlite3_set_last_insert_rowid(open_->database, rowid);
}
bool Connection::is_in_transaction() const noexcept { return sqlite3_get_autocommit(open_->database) == 0; }

bool Connection::has_moved() const noexcept {
  int moved = 0;  // A database in memory is where it was.
  return sqlite3_file_control(open_->database, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

const std::string& Connection::path() const noexcept { return open_->path; }
std::string Connection::file() const { return sqlite3_db_filename(open_->database, "main"); }

CachedStatement::~CachedStatement() {
  if (kept_ == nullptr) return;
  kept_->statement.reset();
  kept_->is_lent = false;
}

}  // namespace holdfast::sqlite
