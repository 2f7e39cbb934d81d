// A workload of everything that a device writes, in steps of at most one transaction, and what it leaves in the file.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/device.h"

namespace holdfast::disk {

/// One device on a database that may fail under it. Not thread-safe.
class Bench {
 public:
  struct Options {
    std::string path;
    bool syncs_every_commit = true;
    std::function<void(client::Commit)> on_commit = {};  ///< After each transaction that was committed.
  };
  explicit Bench(Options options) : options_(std::move(options)) {}

  Result<void> open();
  void close() { device_.reset(); }
  [[nodiscard]] Device& device() noexcept { return *device_; }
  [[nodiscard]] client::Storage& storage() noexcept { return *storage_; }

 private:
  Options options_;
  client::Storage* storage_ = nullptr;  // The device's.
  std::unique_ptr<Device> device_;
};

/// A step that fails has done nothing, and may be tried again.
struct Step {
  std::string name;
  std::function<Result<void>(Bench&)> run;
};
/// Saves, updates, removals with children, transactions kept and undone, batches, outbox entries that are marked, sent
/// and acknowledged, pages and tombstones of the service, reopening, clearing. The same in every run.
std::vector<Step> steps();

/// Everything in the tables of the database, as text, read by a connection of its own.
std::string content_of(const std::string& path);
/// What is wrong with the database; empty: SQLite finds it whole, and rows and outbox agree (invariant 1, as far as
/// the tables alone tell it).
std::string damage_of(const std::string& path);

}  // namespace holdfast::disk
