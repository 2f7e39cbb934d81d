#include "tests/simulation/sim_network.h"

#include <algorithm>

#include "base/json.h"
#include "protocol/signers.h"

namespace holdfast::simulation {

// One request under way. `mutation.id` is empty for queries.
struct SimNetwork::Flight {
  std::shared_ptr<SimTransport> transport;
  HttpRequest request;
  std::function<void(Result<HttpResponse>)> done;
  Mutation mutation;
  bool is_over = false;
  bool is_copy = false;  // The second arrival of a duplicated request: its answer goes nowhere.
};

// One WebSocket. Shared by both ends and by the frames under way between them.
struct SimNetwork::Link {
  std::shared_ptr<SimTransport> transport;
  SocketEvents events;
  std::unique_ptr<SocketSession> session;
  std::uint64_t backend_incarnation = 0;
  bool is_open = true;       // Frames pass.
  bool is_client_there = true;
  Tick up_free{}, down_free{};
};

namespace {

// What a server sees of an absolute URL.
std::string path_of(const std::string& url) {
  const auto at = url.find('/', url.find("://") + 3);
  return at == std::string::npos ? "/" : url.substr(at);
}

void name_record(const HttpRequest& request, Mutation& mutation) {
  const auto body = json::parse(request.body);
  if (!body) return;
  const auto& input = (*body)["variables"]["input"];
  const auto* query = (*body)["query"].as_string();
  const auto name_at = query ? query->find('{') : std::string::npos;
  const auto name_end = name_at == std::string::npos ? name_at : query->find('(', name_at);
  auto name = name_end == std::string::npos ? std::string() : query->substr(name_at + 1, name_end - name_at - 1);
  std::erase_if(name, [](char letter) { return letter == ' ' || letter == '\n'; });
  // createPost, updatePost and deletePost are all of the model Post; each verb has six letters.
  mutation.record = name.substr(std::min<std::size_t>(6, name.size())) + " " + json::write(input["id"]) +
                    json::write(input["city"]) + json::write(input["row"]);
  mutation.is_delete = name.starts_with("delete");
}

bool is_success(const Result<HttpResponse>& reply) {
  if (!reply || reply->status != 200) return false;
  const auto body = json::parse(reply->body);
  return body && (*body)["errors"].is_null();
}

}  // namespace

class SimPeer final : public SocketPeer {
 public:
  SimPeer(SimNetwork& network, std::shared_ptr<SimNetwork::Link> link) : network_(network), link_(std::move(link)) {}
  void send(std::shared_ptr<const std::string> frame) override { network_.send_down(link_, std::move(frame)); }
  void close(int code, std::string reason) override {
    if (code == 1013) network_.probes_.hit(Probe::slow_consumer_closed);
    network_.agenda_.after(network_.delay(), [this_network = &network_, link = link_, code, reason] {
      this_network->end(link, "closed by the backend with " + std::to_string(code) + " " + reason, true);
    });
  }

 private:
  SimNetwork& network_;
  std::shared_ptr<SimNetwork::Link> link_;  // The link outlives whichever end leaves first.
};

class SimSocket final : public Socket {
 public:
  SimSocket(SimNetwork& network, std::shared_ptr<SimNetwork::Link> link) : network_(network), link_(std::move(link)) {}
  ~SimSocket() override {
    link_->is_client_there = false;
    network_.agenda_.after(network_.delay(), [this_network = &network_, link = link_] {
      this_network->end(link, "closed by the device", false);
    });
  }
  void send(std::string frame) override { network_.send_up(link_, std::move(frame)); }

 private:
  SimNetwork& network_;
  std::shared_ptr<SimNetwork::Link> link_;
};

// Sessions and links hold each other.
SimNetwork::~SimNetwork() {
  for (const auto& link : links_) link->session.reset();
}

std::shared_ptr<SimTransport> SimNetwork::attach(unsigned device) { return std::make_shared<SimTransport>(*this, device); }

void SimNetwork::cut_off(SimTransport& transport) { transport.is_attached_ = false; }

void SimNetwork::set_backend(HttpService* service) {
  service_ = service;
  ++backend_incarnation_;
  waiting_.clear();
  auto links = std::move(links_);
  links_.clear();
  for (const auto& link : links) {
    link->session.reset();
    if (random_.happens(300)) {
      link->is_open = false;  // The device hears nothing and must find out by silence.
    } else {
      agenda_.after(delay(), [this, link] { end(link, "the backend went down", true); });
    }
  }
}

void SimNetwork::set_partitioned(unsigned device, bool is_partitioned) {
  say("device " + std::to_string(device) + (is_partitioned ? " partitioned" : " reachable"));
  if (!is_partitioned) {
    partitioned_.erase(device);
    return;
  }
  partitioned_.insert(device);
  for (const auto& link : links_) {
    if (link->transport->device_ == device) link->is_open = false;
  }
}

// --- requests ------------------------------------------------------------------------------------------------

void SimNetwork::exchange(const std::shared_ptr<SimTransport>& transport, HttpRequest request, Milliseconds timeout,
                          std::function<void(Result<HttpResponse>)> done) {
  if (!transport->is_attached_) return;
  request.target = path_of(request.target);
  auto flight = std::make_shared<Flight>(Flight{transport, std::move(request), std::move(done), Mutation{}, false, false});
  if (const auto* id = header(flight->request.headers, protocol::mutation_id_header)) {
    flight->mutation = {.sender = transport.get(), .device = transport->device_, .id = *id, .record = {}};
    name_record(flight->request, flight->mutation);
    if (on_mutation_sent) on_mutation_sent(flight->mutation);
  }
  say("device " + std::to_string(transport->device_) + " sends " + flight->mutation.id + " " + flight->request.body);
  agenda_.after(timeout, [this, flight] { finish(flight, Error{Code::timed_out, "no answer in time"}); });
  if (random_.happens(options_.request_loss) || partitioned_.contains(transport->device_)) {
    return fail(flight, "request lost");
  }
  probe_query(*transport, flight->request);
  if (taps.request) taps.request(flight->request);
  agenda_.after(delay(), [this, flight] { arrive(flight); });
  if (random_.happens(options_.duplication)) {
    auto copy = std::make_shared<Flight>(*flight);
    copy->is_copy = true;
    agenda_.after(delay() + delay(), [this, copy] { arrive(copy); });
  }
}

void SimNetwork::probe_query(SimTransport& transport, const HttpRequest& request) {
  const auto body = json::parse(request.body);
  const auto* query = body ? (*body)["query"].as_string() : nullptr;
  const bool is_first = query && transport.queries_.insert(*query).second;
  if (is_first && !(*body)["variables"]["nextToken"].is_null()) probes_.hit(Probe::resumed_sync);
}

void SimNetwork::fail(const std::shared_ptr<Flight>& flight, std::string why) {
  // Half of the losses are noticed by the sender's network at once, half only by its patience.
  if (random_.happens(500)) return;
  agenda_.after(delay(), [this, flight, why = std::move(why)] { finish(flight, Error{Code::unavailable, why}); });
}

void SimNetwork::arrive(const std::shared_ptr<Flight>& flight) {
  if (!service_) return fail(flight, "the backend is down");
  if (random_.happens(options_.server_error)) {
    HttpResponse busy{.status = 503, .headers = {}, .body = "{\"message\":\"busy\"}"};
    if (++refused_ % 2 == 0) busy = {.status = 429, .headers = {{"Retry-After", "1"}}, .body = "{\"message\":\"too many requests\"}"};
    agenda_.after(delay(), [this, flight, busy = std::move(busy)]() mutable { finish(flight, std::move(busy)); });
    return;
  }
  waiting_.push_back(flight);
  agenda_.after(Milliseconds(random_.between(0, options_.queue_max_ms)), [this, incarnation = backend_incarnation_] {
    if (incarnation == backend_incarnation_) run_one_waiting();
  });
}

bool SimNetwork::run_one_waiting() {
  if (waiting_.empty() || !service_) return false;
  const auto at = static_cast<std::ptrdiff_t>(below(random_, waiting_.size()));
  const auto flight = waiting_[static_cast<std::size_t>(at)];
  waiting_.erase(waiting_.begin() + at);
  answer(flight);
  return true;
}

void SimNetwork::answer(const std::shared_ptr<Flight>& flight) {
  const auto incarnation = backend_incarnation_;
  auto response = service_->respond(flight->request);
  say("backend answers " + std::to_string(response.status) + " " + response.body);
  if (flight->is_copy || incarnation != backend_incarnation_) return;
  if (random_.happens(options_.reply_loss) || partitioned_.contains(flight->transport->device_)) {
    return fail(flight, "reply lost");
  }
  const auto extra = random_.happens(options_.slow_reply) ? Milliseconds(random_.between(0, 4'500)) : Milliseconds(0);
  agenda_.after(delay() + extra, [this, flight, response = std::move(response)]() mutable { finish(flight, std::move(response)); });
}

void SimNetwork::finish(const std::shared_ptr<Flight>& flight, Result<HttpResponse> result) {
  if (flight->is_over) return;
  flight->is_over = true;
  if (!flight->mutation.id.empty() && on_mutation_over) on_mutation_over(flight->mutation, is_success(result));
  if (!flight->transport->is_attached_) return;
  if (result && result->status == 401) probes_.hit(Probe::unauthorized);
  if (result && result->status == 429) probes_.hit(Probe::throttled);
  say("device " + std::to_string(flight->transport->device_) + " hears of " + flight->mutation.id + ": " +
      (result ? std::to_string(result->status) : result.error().message));
  const auto done = std::move(flight->done);
  done(std::move(result));
}

// --- sockets -------------------------------------------------------------------------------------------------

std::unique_ptr<Socket> SimNetwork::open(const std::shared_ptr<SimTransport>& transport, SocketRequest request,
                                         SocketEvents events) {
  auto link = std::make_shared<Link>();
  link->transport = transport;
  link->events = std::move(events);
  if (transport->is_attached_) {
    agenda_.after(delay(), [this, link, request = std::move(request)] { connect(link, request); });
  }
  return std::make_unique<SimSocket>(*this, link);
}

void SimNetwork::connect(const std::shared_ptr<Link>& link, const SocketRequest& request) {
  if (!link->is_client_there) return;
  if (!service_ || partitioned_.contains(link->transport->device_)) return end(link, "cannot connect", true);
  HttpRequest upgrade{.method = "GET", .target = path_of(request.url), .headers = request.headers, .body = {}};
  std::string offered;
  for (const auto& protocol : request.protocols) offered += (offered.empty() ? "" : ", ") + protocol;
  upgrade.headers.emplace_back("Sec-WebSocket-Protocol", offered);
  auto accepted = service_->accept(upgrade, std::make_shared<SimPeer>(*this, link));
  auto* taken = std::get_if<AcceptedSocket>(&accepted);
  if (!taken) return end(link, "handshake refused", true);
  link->session = std::move(taken->session);
  link->backend_incarnation = backend_incarnation_;
  links_.push_back(link);
  link->down_free = agenda_.ticks() + delay();
  agenda_.wake_at(link->down_free, [link] {
    if (link->is_open && link->is_client_there && link->transport->is_attached_) link->events.on_open();
  });
}

bool SimNetwork::survives(const std::shared_ptr<Link>& link) {
  if (!link->is_open) return false;
  if (partitioned_.contains(link->transport->device_) || random_.happens(options_.half_open)) {
    link->is_open = false;
    probes_.hit(Probe::socket_half_open);
    return false;
  }
  if (!random_.happens(options_.socket_break)) return true;
  probes_.hit(Probe::socket_broken);
  end(link, "connection lost", true);
  return false;
}

void SimNetwork::send_up(const std::shared_ptr<Link>& link, std::string frame) {
  if (!link->transport->is_attached_ || !survives(link)) return;
  link->up_free = std::max(link->up_free, agenda_.ticks() + delay());
  agenda_.wake_at(link->up_free, [this, link, frame = std::move(frame)] {
    if (!link->is_open || !link->session || link->backend_incarnation != backend_incarnation_) return;
    link->session->on_frame(frame);
  });
}

void SimNetwork::send_down(const std::shared_ptr<Link>& link, std::shared_ptr<const std::string> frame) {
  if (!survives(link) || (taps.loses_frame && taps.loses_frame(*frame))) return;
  link->down_free = std::max(link->down_free, agenda_.ticks() + delay());
  agenda_.wake_at(link->down_free, [this, link, frame = std::move(frame)] {
    if (!link->is_open || !link->is_client_there || !link->transport->is_attached_) return;
    say("device " + std::to_string(link->transport->device_) + " hears " + *frame);
    link->events.on_frame(*frame);
  });
}

void SimNetwork::end(const std::shared_ptr<Link>& link, const std::string& why, bool tells_client) {
  link->is_open = false;
  std::erase(links_, link);
  agenda_.after(Milliseconds(0), [this, link, why, tells_client] {
    if (auto session = std::move(link->session); session && link->backend_incarnation == backend_incarnation_) {
      session->on_closed();
    }
    if (!tells_client || !link->is_client_there || !link->transport->is_attached_) return;
    if (auto on_close = std::exchange(link->events.on_close, nullptr)) on_close(Error{Code::unavailable, why});
  });
}

}  // namespace holdfast::simulation
