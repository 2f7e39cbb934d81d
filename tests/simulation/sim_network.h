// SimNetwork: the wires between the devices and the backend, with everything that wires do wrong.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/transport.h"
#include "tests/simulation/agenda.h"
#include "tests/simulation/probes.h"
#include "tests/simulation/sim_random.h"
#include "tests/simulation/trace.h"

namespace holdfast::simulation {

/// What the network does, in permille of messages unless said otherwise. All zero: it only delays.
struct NetworkOptions {
  std::int64_t delay_min_ms = 1;
  std::int64_t delay_max_ms = 40;       ///< Drawn anew a message: requests overtake each other.
  std::int64_t queue_max_ms = 2;        ///< An arrived request waits up to this for its turn at the backend.
  std::size_t together_max = 1;         ///< Writes that wait are done together by the backend, up to so many.
  unsigned request_loss = 0;            ///< A request never arrives.
  unsigned reply_loss = 0;              ///< It arrives and is carried out; the answer never comes back.
  unsigned slow_reply = 0;              ///< The answer takes seconds: the socket tells of later changes first.
  unsigned duplication = 0;             ///< A request arrives twice.
  unsigned server_error = 0;            ///< The backend's proxy answers 503 or 429 without asking it.
  unsigned socket_break = 0;            ///< A frame kills its connection; both ends hear of it.
  unsigned half_open = 0;               ///< A frame kills its connection; nobody hears of it.
  unsigned stall = 0;                   ///< A frame finds a device that reads nothing for seconds: what follows waits.
  std::size_t queued_bytes_max = 16U << 20U;  ///< That the backend keeps for a slow reader; then it closes with 1013.
};

/// For tests: ends of the wires that do wrong. Null: they do not.
struct NetworkTaps {
  std::function<void(HttpRequest&)> request = {};                 ///< Changes what the backend gets.
  std::function<bool(std::string_view frame)> loses_frame = {};   ///< On its way to a device, whose connection stays.
  bool drops_when_full = false;  ///< Changes for a stalled device are lost instead of queued.
  std::function<void(HttpResponse&)> response = {};               ///< Changes what the device gets.
};

/// One mutation on the wire, from the sending device's point of view.
struct Mutation {
  const void* sender = nullptr;  ///< The incarnation of the device.
  unsigned device = 0;
  std::string id;      ///< The x-holdfast-mutation header.
  std::string record;  ///< The root field's model and key.
  bool is_delete = false;
};

/// What the backend says to a device, at the moment it does.
struct Said {
  unsigned device = 0;
  std::string_view text;
  std::uint64_t asked = 0;       ///< The number of the request, or of the socket: see SimNetwork::asked().
  bool answers_mutation = false;
};

class SimTransport;

/// What the device's application authenticates with. While it is expired the wires carry another one.
std::string key_of(unsigned device);

/// Single-threaded; everything happens on the agenda.
class SimNetwork {
 public:
  SimNetwork(Agenda& agenda, SimRandom& random, Trace& trace, Probes& probes)
      : agenda_(agenda), random_(random), trace_(trace), probes_(probes) {}
  ~SimNetwork();
  SimNetwork(const SimNetwork&) = delete;
  SimNetwork& operator=(const SimNetwork&) = delete;

  /// The transport of one incarnation of a device; `cut_off` ends it, silently.
  std::shared_ptr<SimTransport> attach(unsigned device);
  static void cut_off(SimTransport& transport);

  void set_options(const NetworkOptions& options) { options_ = options; }
  /// Who answers; null while the backend is down. Going down breaks every connection.
  void set_backend(HttpService* service);
  /// While partitioned, nothing passes between this device and the backend.
  void set_partitioned(unsigned device, bool is_partitioned);
  /// While expired, every request and handshake of the device carries credentials that the backend refuses.
  void set_expired(unsigned device, bool is_expired);
  /// Its connections break, and both ends hear of it.
  void break_sockets(unsigned device);

  NetworkTaps taps;
  /// Told of every mutation that leaves, and of how it ended for its sender (200 without errors, or not).
  std::function<void(const Mutation&)> on_mutation_sent;
  std::function<void(const Mutation&, bool is_acknowledged)> on_mutation_over;
  std::function<void(const Said&)> on_said;
  /// How many requests were sent and sockets opened by all devices so far; each has the number that it made of it.
  [[nodiscard]] std::uint64_t asked() const { return asked_; }
  /// Whether nothing of what the backend still says reaches anybody: its power went in a request. Null: never.
  std::function<bool()> is_backend_dead;
  /// A request that has arrived and waits: racing stores run one in the middle of another.
  bool run_one_waiting();

 private:
  friend class SimTransport;
  friend class SimSocket;
  friend class SimPeer;
  struct Flight;
  struct Link;

  Milliseconds delay() { return Milliseconds(random_.between(options_.delay_min_ms, options_.delay_max_ms)); }
  void say(const std::string& line) { trace_.add(agenda_.ms(), line); }
  void exchange(const std::shared_ptr<SimTransport>& transport, HttpRequest request, Milliseconds timeout,
                std::function<void(Result<HttpResponse>)> done);
  void look_at_query(SimTransport& transport, const HttpRequest& request);
  void arrive(const std::shared_ptr<Flight>& flight);
  std::shared_ptr<Flight> next_waiting();
  void answer_together(const std::vector<std::shared_ptr<Flight>>& flights);
  void answer(const std::shared_ptr<Flight>& flight, HttpResponse response);
  void fail(const std::shared_ptr<Flight>& flight, std::string why);
  void finish(const std::shared_ptr<Flight>& flight, Result<HttpResponse> result);
  std::unique_ptr<Socket> open(const std::shared_ptr<SimTransport>& transport, SocketRequest request,
                               SocketEvents events);
  void connect(const std::shared_ptr<Link>& link, const SocketRequest& request);
  /// False when the frame's connection died of it.
  bool survives(const std::shared_ptr<Link>& link);
  void send_up(const std::shared_ptr<Link>& link, std::string frame);
  /// The backend's side: frames leave its queue as long as the device reads.
  void queue_down(const std::shared_ptr<Link>& link, std::shared_ptr<const std::string> frame);
  void close_down(const std::shared_ptr<Link>& link, int code, std::string reason);
  void pump(const std::shared_ptr<Link>& link);
  void send_down(const std::shared_ptr<Link>& link, std::shared_ptr<const std::string> frame);
  void end(const std::shared_ptr<Link>& link, const std::string& why, bool tells_client);

  Agenda& agenda_;
  SimRandom& random_;
  Trace& trace_;
  Probes& probes_;
  NetworkOptions options_;
  HttpService* service_ = nullptr;
  std::uint64_t backend_incarnation_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t asked_ = 0;
  std::set<unsigned> partitioned_;
  std::set<unsigned> expired_;
  std::vector<std::shared_ptr<Link>> links_;
  std::vector<std::shared_ptr<Flight>> waiting_;
};

/// A device's wires. What a cut-off transport is asked to do does not happen.
class SimTransport final : public Transport, public std::enable_shared_from_this<SimTransport> {
 public:
  SimTransport(SimNetwork& network, unsigned device) : network_(network), device_(device) {}
  void exchange(HttpRequest request, Milliseconds timeout, std::function<void(Result<HttpResponse>)> done) override {
    network_.exchange(shared_from_this(), std::move(request), timeout, std::move(done));
  }
  [[nodiscard]] std::unique_ptr<Socket> open_socket(SocketRequest request, SocketEvents events) override {
    return network_.open(shared_from_this(), std::move(request), std::move(events));
  }

 private:
  friend class SimNetwork;
  SimNetwork& network_;
  unsigned device_;
  bool is_attached_ = true;
  std::set<std::string> queries_;  // What it has asked without a page's token, or with one.
};

}  // namespace holdfast::simulation
