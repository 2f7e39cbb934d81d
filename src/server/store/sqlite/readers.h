// Readers: connections for reading, so that reads run beside each other and beside the writer.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sqlite/connection.h"

namespace holdfast::server {

/// Thread-safe.
class Readers {
 public:
  /// Kept open for the next read; more are opened when more threads read at once, and closed after.
  static constexpr std::size_t idle_max = 8;

  explicit Readers(std::string path) : path_(std::move(path)) {}

  /// A connection of the caller's own, until it is destroyed.
  class Lent {
   public:
    Lent(Readers& home, sqlite::Connection connection) : home_(&home), connection_(std::move(connection)) {}
    Lent(Lent&& other) noexcept
        : home_(std::exchange(other.home_, nullptr)), connection_(std::move(other.connection_)) {}
    Lent& operator=(Lent&&) = delete;
    ~Lent();
    sqlite::Connection& operator*() { return connection_; }

   private:
    Readers* home_;
    sqlite::Connection connection_;
  };
  /// Codes: storage_failed, corrupt.
  Result<Lent> lend();

 private:
  std::string path_;
  std::mutex mutex_;  // Guards what is below.
  std::vector<sqlite::Connection> idle_;
};

}  // namespace holdfast::server
