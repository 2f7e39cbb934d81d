// ReaderPool: connections that only read, each used by one reader at a time.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "holdfast/result.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// Lends an idle connection or opens another: a reader never waits, also not for a reader further up its own stack.
/// Thread-safe.
class ReaderPool {
 public:
  explicit ReaderPool(std::string path) : path_(std::move(path)) {}

  /// Gives its connection back at the end of the block. Must not outlive the pool.
  class Reader {
   public:
    Reader(ReaderPool& home, std::unique_ptr<sqlite::Connection> connection) noexcept
        : home_(&home), connection_(std::move(connection)) {}
    Reader(Reader&&) noexcept = default;
    Reader& operator=(Reader&&) = delete;
    ~Reader() {
      if (connection_) home_->take_back(std::move(connection_));
    }
    sqlite::Connection& operator*() const noexcept { return *connection_; }

   private:
    ReaderPool* home_;
    std::unique_ptr<sqlite::Connection> connection_;
  };

  /// Codes: storage_failed, corrupt.
  Result<Reader> reader();

 private:
  void take_back(std::unique_ptr<sqlite::Connection> connection);

  std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<sqlite::Connection>> idle_;
};

}  // namespace holdfast::client
