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
#include <utility>
#include <variant>
#include <vector>

#include "server/publish/publisher.h"
#include "server/resolve/answered_fields.h"

namespace holdfast::server {

class Subscription;

/// What a mutation of the author's answered: by names of fields, and only what its document asked for.
struct AnsweredMutation {
  std::string mutation = {};
  Value answer = {};
};

/// A committed write, and what functions answered for the request that made it: by names of fields.
struct WrittenChange {
  ChangeEntry entry = {};
  Object answered = {};
};

/// What subscriptions are told of.
using News = std::variant<WrittenChange, AnsweredMutation>;

/// Thread-safe.
class Dispatch {
 public:
  /// Tells `publisher` of a change. Called on the committing thread, one change at a time. One whose put named a
  /// request waits for settle(), and those of the same record after it; all others pass it.
  void publish(Publisher& publisher, const ChangeEntry& change);
  /// The request has ended: what it wrote may be told, with what functions answered for it. After the last put of it.
  void settle(std::uint64_t request, const AnsweredFields& answered);
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
  /// A record, by its model and Key::text().
  using RecordName = std::pair<std::string, std::string>;
  struct HeldItem {
    Item item;
    std::uint64_t request = 0;  ///< That it waits for; 0: for those before it only.
  };
  static void send(const Item& item, const Fill& fill);
  /// Whether it has to wait, and was put there.
  bool hold(Item& item);
  void queue(Item item);

  Listeners gathered_;  // Used inside publish() of a change only, by one thread at a time.
  std::mutex mutex_;                                   // Guards what follows.
  std::condition_variable drained_;
  std::deque<Item> queue_;
  std::map<std::string, Listeners, std::less<>> listeners_;  // By mutation; those that have ended leave by and by.
  std::size_t queued_frames_ = 0;
  std::map<RecordName, std::deque<HeldItem>> held_;  // No more than the writes of the requests that run.
  bool is_draining_ = false;
};

}  // namespace holdfast::server
