// Subscription: one `start` of one connection.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/transport.h"
#include "server/auth/decide.h"
#include "server/documents.h"
#include "server/resolve/routes.h"

namespace holdfast::server {

/// Changes of one kind that fit.
struct Heard {
  PublishedKind kind = PublishedKind::created;
  Predicate filter = {};
};

/// What a `start` asks for, accepted.
struct Listening {
  std::shared_ptr<const Prepared> prepared = {};  ///< Shared with the document cache.
  const graphql::Operation* operation = nullptr;
  Object variables = {};
  std::string field = {};  ///< Of the type Subscription: the one that the operation selects.
  const Route* route = nullptr;
  std::vector<Heard> heard = {};
  /// Of the answers of the author's mutations: the records that are told, or where the route has no model, the values
  /// of members that are.
  Predicate wanted = {};
  Object named = {};
  Caller caller = {};
};

/// What subscriptions ask for, each kept once: thousands of devices of one app ask for the same. Thread-safe.
class Listenings {
 public:
  /// The one that is equal to it, or else itself. Equal ones are told the same of every change.
  std::shared_ptr<const Listening> shared(Listening listening);

 private:
  void sweep();

  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const Listening>> known_;
  std::size_t sweep_at_ = 64;
};

/// Sends data frames until it is closed. Thread-safe.
class Subscription {
 public:
  /// `listening` is shared with its like, `peer` with the network, which may close the connection first.
  Subscription(std::string id, std::shared_ptr<const Listening> listening, std::shared_ptr<SocketPeer> peer);

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const std::shared_ptr<const Listening>& listening() const noexcept { return listening_; }

  /// Runs `register_it`, then sends `start_ack`; no data frame goes out before that one.
  template <class Register>
  void open(Register register_it) {
    const std::lock_guard lock(mutex_);
    register_it();
    acknowledge();
  }
  /// One data frame with this payload (JSON text).
  void send(const std::string& payload);
  /// Nothing is sent afterwards.
  void close();
  /// Makes the client connect again and fetch what it missed.
  void abort() const;

 private:
  void acknowledge();

  const std::string id_;
  const std::shared_ptr<const Listening> listening_;
  std::mutex mutex_;  // Guards what follows, and the order of the frames.
  std::shared_ptr<SocketPeer> peer_;
  bool is_closed_ = false;
};

}  // namespace holdfast::server
