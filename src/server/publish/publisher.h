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
    Predicate filter = {};
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
  using Topic = std::pair<std::string, PublishedKind>;
  struct Entry {
    Predicate filter;
    Listener listener;
  };
  void end(std::uint64_t id);

  std::mutex mutex_;  // Guards all below; held while listeners run, so that ending a registration waits for them.
  std::uint64_t last_id_ = 0;
  std::map<Topic, std::map<std::uint64_t, Entry>> entries_;
  std::map<std::uint64_t, Topic> topics_;
};

}  // namespace holdfast::server
