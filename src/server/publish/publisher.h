// Publisher: who hears which change.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace holdfast::server {

enum class PublishedKind : std::uint8_t { created, updated, deleted };

/// Registered while it lives. A listener is called on the committing thread, in commit order, once a change of its
/// model and kind that satisfies its filter; it must only queue. Thread-safe.
class Publisher {
 public:
  using Listener = std::function<void(const ChangeEntry&)>;
  struct Interest {
    const ModelSchema* model = nullptr;
    PublishedKind kind = PublishedKind::created;
    Predicate filter = {};
  };

  /// Ends the registration when destroyed; after that the listener is not running and will not be called.
  /// Not to be destroyed inside the listener.
  class Registration {
   public:
    Registration() = default;
    Registration(Publisher& publisher, std::uint64_t id) : publisher_(&publisher), id_(id) {}
    Registration(Registration&& other) noexcept;
    Registration& operator=(Registration&& other) noexcept;
    ~Registration();

   private:
    Publisher* publisher_ = nullptr;
    std::uint64_t id_ = 0;
  };

  [[nodiscard]] Registration listen(Interest interest, Listener listener);
  /// Tells every interested listener.
  void publish(const ChangeEntry& change);

 private:
  struct Entry {
    Interest interest;
    Listener listener;
  };
  std::mutex mutex_;
  std::uint64_t last_id_ = 0;
  std::map<std::pair<std::string, PublishedKind>, std::map<std::uint64_t, Entry>> entries_;
  std::map<std::uint64_t, std::pair<std::string, PublishedKind>> places_;
};

}  // namespace holdfast::server
