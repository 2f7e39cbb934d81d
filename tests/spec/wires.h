// Wires: a device's transport in front of the simulated network. Notes what the device sends, and does to single
// requests and sockets what a scenario asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/transport.h"
#include "holdfast/value.h"
#include "tests/simulation/agenda.h"

namespace holdfast::spec {

/// One socket of the device. Shared by the socket itself, the frames under way and the scenario's steps.
struct Line {
  SocketEvents events;
  bool is_cut = false;     ///< Nothing passes, and the device knows or will be told.
  bool is_silent = false;  ///< Nothing passes, and the device is not told.
};

/// What is asked of the wires, and what they saw; lives longer than the device's processes.
struct WireBook {
  struct Sent {
    std::string field;  ///< The document's root field: "createPost", "syncPosts".
    bool is_mutation = false;
    Value variables = {};
    Object headers = {};
  };
  /// What some requests are answered with, by no backend.
  struct Answer {
    unsigned left = 1;  ///< How many more.
    std::function<bool(const Sent&)> suits;
    HttpResponse response;
  };
  std::vector<Sent> sent = {};
  unsigned connections = 0;       ///< Sockets opened.
  std::vector<Sent> started = {};   ///< Subscriptions.
  std::vector<Answer> answers = {};
  unsigned failing_requests = 0;  ///< The next ones are answered with `failing_status`, by no backend.
  int failing_status = 503;
  unsigned losing_requests = 0;                      ///< The next ones do not arrive.
  unsigned losing_replies = 0;                       ///< The next ones arrive; their answers do not come back.
  std::map<std::string, std::string> refusals = {};  ///< Subscription field to the errorType it is refused with.
  std::string filter_refusal = {};                   ///< What subscriptions with a filter are refused with; empty: not.
  std::vector<std::weak_ptr<Line>> lines = {};
};

/// Single-threaded. `agenda` and `book` outlive it.
class Wires final : public Transport {
 public:
  Wires(std::shared_ptr<Transport> inner, simulation::Agenda& agenda, WireBook& book)
      : inner_(std::move(inner)), agenda_(agenda), book_(book) {}

  void exchange(HttpRequest request, Milliseconds timeout, std::function<void(Result<HttpResponse>)> done) override;
  [[nodiscard]] std::unique_ptr<Socket> open_socket(SocketRequest request, SocketEvents events) override;

 private:
  class WatchedSocket;

  const std::shared_ptr<Transport> inner_;  // Shared with the simulated network, which cuts it off.
  simulation::Agenda& agenda_;
  WireBook& book_;
};

/// Ends every socket; the device hears of it.
void break_sockets(WireBook& book, simulation::Agenda& agenda);
/// Nothing passes on the sockets there are; the device hears nothing.
void silence_sockets(WireBook& book);

}  // namespace holdfast::spec
