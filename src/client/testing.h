// A hand-driven world for the tests of the client's rooms: no threads, no time but the one they set.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "base/transport.h"
#include "client/storage/storage.h"
#include "model/testing.h"
#include "protocol/records.h"

namespace holdfast::client::testing {

using holdfast::testing::blog_schema;
using holdfast::testing::record;

/// A sequence that is the same in every run.
class CountingRandom final : public Random {
 public:
  std::uint64_t bits() override { return state_ += 0x9E3779B97F4A7C15ULL; }

 private:
  std::uint64_t state_ = 1;
};

class HandClock final : public Clock {
 public:
  Instant wall() override { return from_epoch_ms(1'800'000'000'000) + now_.time_since_epoch(); }
  Tick ticks() override { return now_; }
  void wake_at(Tick at, std::function<void()> task) override { tasks_.emplace(at, std::move(task)); }

  /// Runs what is due at once, as a loop would.
  void settle() {
    while (!tasks_.empty() && tasks_.begin()->first <= now_) {
      auto task = std::move(tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
      task();
    }
  }
  void advance(Milliseconds by) {
    const auto until = now_ + by;
    while (!tasks_.empty() && tasks_.begin()->first <= until) {
      now_ = std::max(now_, tasks_.begin()->first);
      settle();
    }
    now_ = until;
  }

 private:
  Tick now_{};
  std::multimap<Tick, std::function<void()>> tasks_;
};

/// Keeps what was asked; the test answers.
class HandTransport final : public Transport {
 public:
  struct Exchange {
    HttpRequest request;
    std::function<void(Result<HttpResponse>)> done;
  };
  struct Opened {
    SocketRequest request;
    SocketEvents events;
    std::shared_ptr<std::vector<std::string>> sent;   // Shared: the socket may be destroyed before the test looks.
    std::shared_ptr<bool> is_closed;
  };

  void exchange(HttpRequest request, Milliseconds, std::function<void(Result<HttpResponse>)> done) override {
    exchanges.push_back({std::move(request), std::move(done)});
  }
  std::unique_ptr<Socket> open_socket(SocketRequest request, SocketEvents events) override {
    sockets.push_back({std::move(request), std::move(events), std::make_shared<std::vector<std::string>>(),
                       std::make_shared<bool>(false)});
    return std::make_unique<HandSocket>(sockets.back());
  }

  std::deque<Exchange> exchanges;
  std::deque<Opened> sockets;

 private:
  class HandSocket final : public Socket {
   public:
    explicit HandSocket(const Opened& opened) : sent_(opened.sent), is_closed_(opened.is_closed) {}
    ~HandSocket() override { *is_closed_ = true; }
    void send(std::string frame) override { sent_->push_back(std::move(frame)); }

   private:
    std::shared_ptr<std::vector<std::string>> sent_;
    std::shared_ptr<bool> is_closed_;
  };
};

inline Key key(std::string id) { return Key{{Value(std::move(id))}}; }

inline Metadata metadata(std::int64_t version, bool is_deleted = false) {
  return {version, from_epoch_ms(1'700'000'000'000 + version), is_deleted};
}

/// The patch that sets these fields.
inline Patch patch(const ModelSchema& model, std::initializer_list<std::pair<std::string_view, Value>> values) {
  Patch changes;
  for (const auto& [field, value] : values) changes = combined(std::move(changes), {{*model.field_index(field), value}});
  return changes;
}

/// The outbox as lines such as `update ["p1"] {"title":"b"} sent`.
inline std::vector<std::string> queued(Storage& storage) {
  std::vector<std::string> lines;
  const auto read = storage.write([&lines](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(entries, transaction.entries(0, 1000));
    for (const auto& entry : entries) {
      Object changes;
      for (const auto& change : entry.changes) changes.append(entry.model->fields[change.field].name, change.value);
      lines.push_back(std::string(name(entry.operation)) + " " + entry.key.text() + " " + json::write(changes) +
                      (entry.condition.is_always() ? "" : " if") + (entry.was_sent ? " sent" : ""));
    }
    return {};
  });
  if (!read) lines.push_back(read.error().message);
  return lines;
}

inline HttpResponse json_response(Object data) {
  HttpResponse response;
  response.body = json::write(Object{{"data", std::move(data)}});
  return response;
}

/// A GraphQL error as AppSync answers it.
inline HttpResponse error_response(const std::string& field, const std::string& type, Value data = {}) {
  HttpResponse response;
  const Object error{{"errorType", type}, {"message", "why"}, {"data", std::move(data)}};
  response.body = json::write(Object{{"data", Object{{field, nullptr}}}, {"errors", List{error}}});
  return response;
}

inline HttpResponse status(int code) {
  HttpResponse response;
  response.status = code;
  response.body = "{}";
  return response;
}

}  // namespace holdfast::client::testing
