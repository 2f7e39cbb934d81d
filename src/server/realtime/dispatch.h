// Dispatch: carries committed changes to subscriptions, in commit order, after the store has let go of its lock.
//
// The committing thread only queues (Publisher's rule). Whoever asked for the write calls drain() afterwards; one
// thread drains at a time, so that frames leave in the order of the commits.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "server/publish/publisher.h"

namespace holdfast::server {

class Subscription;

/// Thread-safe.
class Dispatch {
 public:
  /// Tells `publisher` of a change. Called on the committing thread, one change at a time.
  void publish(Publisher& publisher, const ChangeEntry& change);
  /// Called by the publisher's listeners inside publish(): this subscription is to hear of the change.
  void add(std::weak_ptr<Subscription> subscription);

  /// Makes the data payload of a change for a subscription; empty when there is nothing to send. After an error the
  /// connection is closed, so that the client fetches what it missed.
  using Fill = std::function<Result<std::string>(const Subscription& subscription, const ChangeEntry& change)>;
  /// Sends everything queued. Returns at once when another thread is sending, unless that one is far behind: writers
  /// then wait, so that the queue stays bounded.
  void drain(const Fill& fill);

 private:
  struct Item {
    std::shared_ptr<const ChangeEntry> change;  // Shared by all who hear of it.
    std::weak_ptr<Subscription> subscription;
  };
  void send(const Item& item, const Fill& fill);

  std::mutex mutex_;  // Guards the queue, `current_` and `is_draining_`.
  std::condition_variable drained_;
  std::deque<Item> queue_;
  std::shared_ptr<const ChangeEntry> current_;
  bool is_draining_ = false;

  // Used by the draining thread only: the payload made last, because many devices send the same document.
  std::int64_t filled_sequence_ = 0;
  std::string filled_key_;
  std::string filled_;
};

}  // namespace holdfast::server
