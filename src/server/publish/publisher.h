// Publisher: who hears which change.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "server/store/store.h"

namespace holdfast::server {

enum class PublishedKind : std::uint8_t { created, updated, deleted };

/// A listener is called on the committing thread, in the order of the calls of publish(), once a change of its model
/// and kind that satisfies its filter; it must only queue, and must not call the publisher. Thread-safe.
class Publisher {
 public:
  using Listener = std::function<void(const ChangeEntry&)>;
  struct Interest {
    const ModelSchema* model = nullptr;
    PublishedKind kind = PublishedKind::created;
    // Shared by all who ask for the same; null asks for every record.
    std::shared_ptr<const Predicate> filter = {};
  };

  /// Ends the registration when destroyed; after that the listener is not running and will not be called. Not to be
  /// destroyed inside a listener, nor under a lock that a listener takes. The publisher must outlive it.
  class Registration {
   public:
    Registration() = default;
    Registration(Publisher& publisher, std::uint64_t id) : publisher_(&publisher), id_(id) {}
    Registration(Registration&& other) noexcept;
    Registration& operator=(Registration&& other) noexcept;
    ~Registration();

   private:
    void end();

    Publisher* publisher_ = nullptr;
    std::uint64_t id_ = 0;
  };

  [[nodiscard]] Registration listen(Interest interest, Listener listener);
  /// Tells every interested listener, and returns when all have heard.
  void publish(const ChangeEntry& change);

 private:
  /// Models are known by their names: another schema's model of that name is the same.
  using Topic = std::pair<std::string, PublishedKind>;
  struct Entry {
    std::shared_ptr<const Predicate> filter;  // Shared: see Interest.
    Listener listener;
  };
  using Entries = std::map<std::uint64_t, Entry>;
  void end(std::uint64_t id);

  std::mutex mutex_;  // Guards all below; held while listeners run, so that ending a registration waits for them.
  std::uint64_t last_id_ = 0;
  std::map<Topic, Entries> entries_;
  /// Where each registration's entries are; those that are empty are erased with their last.
  std::map<std::uint64_t, std::map<Topic, Entries>::iterator> places_;
};

}  // namespace holdfast::server
