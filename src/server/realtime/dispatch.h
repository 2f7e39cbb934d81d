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
#include <vector>

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
  /// A change and who hears of it.
  struct Item {
    ChangeEntry change;
    std::vector<std::weak_ptr<Subscription>> subscriptions;
  };
  static void send(const Item& item, const Fill& fill);

  std::vector<std::weak_ptr<Subscription>> gathered_;  // Used inside publish() only, by one thread at a time.
  std::mutex mutex_;                                   // Guards what follows.
  std::condition_variable drained_;
  std::deque<Item> queue_;
  std::size_t queued_frames_ = 0;
  bool is_draining_ = false;
};

}  // namespace holdfast::server
