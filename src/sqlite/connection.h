// Connection: one open SQLite database.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "holdfast/result.h"
#include "holdfast/time.h"
#include "sqlite/statement.h"

struct sqlite3;

namespace holdfast::sqlite {

enum class Access : std::uint8_t {
  read_only,   ///< The database must exist.
  read_write,  ///< It must exist.
  create,      ///< Read and write; made when absent, its folder is not.
};

struct OpenOptions {
  std::string path = {};  ///< A file name, or a URI: `file:name?vfs=memdb` is a database in memory that all
                          ///< connections of the process with that name (which must begin with `/`) share.
  Access access = Access::create;
  Milliseconds busy_timeout{5'000};  ///< How long a statement waits for another connection's lock.
};

class CachedStatement;

/// Movable while no statement or transaction of it lives. Not thread-safe: one thread at a time, any thread.
/// Codes of everything: disk_full; corrupt (damaged, or no SQLite database at all); storage_failed for all else; and
/// timed_out after stop_if().
/// Messages carry the path and SQLite's own text.
class Connection {
 public:
  /// Opens the file. Foreign or damaged content shows at the first statement, not here.
  static Result<Connection> open(const OpenOptions& options);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Runs statements separated by semicolons, ignoring rows.
  Result<void> run(const std::string& sql);
  /// The first column of the first row; null when there is no row. For pragmas and counts.
  Result<std::optional<std::string>> text_of(std::string_view sql);
  /// As text_of; 0 when there is no row.
  Result<std::int64_t> integer_of(std::string_view sql);

  /// Gives SQL a function of one text; null for null and for what is no text. The same text must always give the same
  /// bytes: indexes may hold them. Code: storage_failed.
  using BytesOfText = std::optional<std::string> (*)(std::string_view text);
  Result<void> define(const char* name, BytesOfText function);

  /// Asks while statements run, every few thousand steps of SQLite's machine; after a yes the statement fails with
  /// timed_out. Must not be set where statements write: SQLite would take their whole transaction back.
  using IsUnwanted = bool (*)() noexcept;
  void stop_if(IsUnwanted is_unwanted) noexcept;

  /// Writes a commit to the write-ahead log in few large writes instead of two a page (gathered_log.h). Only for a
  /// connection that is in WAL mode and stays in synchronous=FULL. Code: storage_failed.
  Result<void> gather_log_writes();

  /// For a statement that is kept: SQLite is told that it will live long.
  Result<Statement> prepare(std::string_view sql);
  /// A statement of the cache, lent until the end of the block; prepared when the cache has none that is free. Must
  /// not outlive the connection.
  Result<CachedStatement> cached(std::string_view sql);
  /// Replaces all of `to` with what this connection sees at one moment. In WAL mode, others write on meanwhile.
  Result<void> copy_to(Connection& to);

  [[nodiscard]] std::int64_t changes() const noexcept;            ///< Rows changed by the last write.
  [[nodiscard]] std::int64_t last_insert_rowid() const noexcept;  ///< Of the last insert that inserted.
  void set_last_insert_rowid(std::int64_t rowid) noexcept;        ///< To tell afterwards whether one inserted.
  [[nodiscard]] bool is_in_transaction() const noexcept;
  /// Whether another file, or none, is at its path now: what is written is written to what nobody will open again.
  [[nodiscard]] bool has_moved() const noexcept;
  [[nodiscard]] const std::string& path() const noexcept;
  [[nodiscard]] std::string file() const;  ///< The path of the file alone, from the root.

 private:
  friend class CachedStatement;
  // Of the beginning and the length: statements are long, the cache is small, and equality looks at the rest.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text.substr(0, 40)) ^ text.size();
    }
  };
  struct Kept {
    Statement statement = {};
    bool is_lent = false;
  };
  using Cache = std::unordered_multimap<std::string, Kept, TextHash, std::equal_to<>>;  // Its elements stay in place.
  struct Open;  // The handle, its path and the cache: their address stays when the connection moves.

  static int wait_for_lock(void* waiting, int attempt);
  explicit Connection(std::unique_ptr<Open> open) noexcept;
  std::unique_ptr<Open> open_;
};

/// A statement lent by the cache. Movable.
class CachedStatement {
 public:
  CachedStatement(CachedStatement&& from) noexcept : kept_(std::exchange(from.kept_, nullptr)) {}
  CachedStatement& operator=(CachedStatement&&) = delete;
  ~CachedStatement();

  Statement* operator->() noexcept { return &kept_->statement; }
  Statement& operator*() noexcept { return kept_->statement; }

 private:
  friend class Connection;
  explicit CachedStatement(Connection::Kept& kept) noexcept : kept_(&kept) { kept.is_lent = true; }

  Connection::Kept* kept_;  // Null when moved from.
};

}  // namespace holdfast::sqlite
