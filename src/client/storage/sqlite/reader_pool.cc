#include "client/storage/sqlite/reader_pool.h"

#include <utility>

#include "client/storage/sqlite/tables.h"

namespace holdfast::client {
namespace {

// Each costs two file handles and a cache; more readers than this at once are rare, and their connections are
// closed when they are done.
constexpr std::size_t idle_max = 4;

// SQLite's own 2 MiB of cache read most pages again: some 50,000 rows stay within 8.
constexpr auto pragmas = "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192";

Result<std::unique_ptr<sqlite::Connection>> open_reader(const std::string& path) {
  // Not read-only: a reader that comes first after a crash has to recover the write-ahead log.
  HOLDFAST_TRY(opened, sqlite::Connection::open({.path = path, .access = sqlite::Access::read_write}));
  auto connection = std::make_unique<sqlite::Connection>(std::move(opened));
  if (auto defined = define_functions(*connection); !defined) return std::move(defined).error();
  if (auto set = connection->run(pragmas); !set) return std::move(set).error();
  return connection;
}

}  // namespace

Result<ReaderPool::Reader> ReaderPool::reader() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return Reader(*this, std::move(connection));
    }
  }
  HOLDFAST_TRY(connection, open_reader(path_));
  return Reader(*this, std::move(connection));
}

void ReaderPool::take_back(std::unique_ptr<sqlite::Connection> connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < idle_max) idle_.push_back(std::move(connection));
}

}  // namespace holdfast::client
