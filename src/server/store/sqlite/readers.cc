#include "server/store/sqlite/readers.h"

#include "server/store/deadline.h"

namespace holdfast::server {

Result<Readers::Lent> Readers::lend() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Lent lent(*this, std::move(idle_.back()));
      idle_.pop_back();
      return lent;
    }
  }
  // Opened for writing as well: a read-only connection cannot open a write-ahead log that nobody holds open.
  HOLDFAST_TRY(opened, sqlite::Connection::open({.path = path_, .access = sqlite::Access::read_write}));
  // The cache holds what one device after the other comes for: a base sync of some 20,000 records.
  if (auto set = opened.run("PRAGMA query_only=ON; PRAGMA cache_size=-8192"); !set) return std::move(set).error();
  opened.stop_if(ReadDeadline::has_passed);
  return Lent(*this, std::move(opened));
}

Readers::Lent::~Lent() {
  if (home_ == nullptr) return;
  const std::lock_guard lock(home_->mutex_);
  if (home_->idle_.size() < idle_max) home_->idle_.push_back(std::move(connection_));
}

}  // namespace holdfast::server
