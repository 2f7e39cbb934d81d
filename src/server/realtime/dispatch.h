// Dispatch: carries committed changes to subscriptions, in commit order, after the store has let go of its lock; and
// the answers of the author's own mutations, in the order in which they were given.
//
// The committing thread only queues (Publisher's rule). Whoever asked for the write calls drain() afterwards; one
// thread drains at a time, so that frames leave in the order of the commits.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/publish/publisher.h"

namespace holdfast::server {

class Subscription;

/// What a mutation of the author's answered: by names of fields, and only what its document asked for.
struct AnsweredMutation {
  std::string mutation = {};
  Value answer = {};
};

/// What subscriptions are told of.
using News = std::variant<ChangeEntry, AnsweredMutation>;

/// Thread-safe.
class Dispatch {
 public:
  /// Tells `publisher` of a change. Called on the committing thread, one change at a time.
  void publish(Publisher& publisher, const ChangeEntry& change);
  /// Called by the publisher's listeners inside publish(): this subscription is to hear of the change.
  void add(std::weak_ptr<Subscription> subscription);

  /// From now on this subscription hears of that mutation's answers, for as long as it lives.
  void listen(const std::string& mutation, std::weak_ptr<Subscription> subscription);
  /// Whether anybody may hear of that mutation's answers.
  [[nodiscard]] bool is_heard(std::string_view mutation);
  /// Queues for all who hear of it.
  void publish(AnsweredMutation answered);

  /// Makes the data payload of a piece of news for a subscription; empty when there is nothing to send. After an error
  /// the connection is closed, so that the client fetches what it missed.
  using Fill = std::function<Result<std::string>(const Subscription& subscription, const News& news)>;
  /// Sends everything queued. Returns at once when another thread is sending, unless that one is far behind: writers
  /// then wait, so that the queue stays bounded.
  void drain(const Fill& fill);

 private:
  using Listeners = std::vector<std::weak_ptr<Subscription>>;
  /// What happened, and who hears of it.
  struct Item {
    News news;
    Listeners subscriptions;
  };
  static void send(const Item& item, const Fill& fill);

  Listeners gathered_;  // Used inside publish() of a change only, by one thread at a time.
  std::mutex mutex_;                                   // Guards what follows.
  std::condition_variable drained_;
  std::deque<Item> queue_;
  std::map<std::string, Listeners, std::less<>> listeners_;  // By mutation; those that have ended leave by and by.
  std::size_t queued_frames_ = 0;
  bool is_draining_ = false;
};

}  // namespace holdfast::server
