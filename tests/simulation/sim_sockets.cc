// The sockets of SimNetwork.
#include <algorithm>
#include <utility>

#include "net/frame_queue.h"
#include "tests/simulation/sim_network.h"
#include "tests/simulation/sim_wire.h"

namespace holdfast::simulation {

// One WebSocket. Shared by both ends and by the frames under way between them.
struct SimNetwork::Link {
  std::shared_ptr<SimTransport> transport;
  SocketEvents events;
  std::unique_ptr<SocketSession> session;
  std::uint64_t backend_incarnation = 0;
  bool is_open = true;       // Frames pass.
  bool is_client_there = true;
  Tick up_free{}, down_free{};
  Tick reads_again{};        // When a stalled device goes on.
  bool is_pumping = false;   // Whether somebody will come back for what the queue holds.
  std::unique_ptr<net::FrameQueue> queue = {};
  std::uint64_t asked = 0;
};

class SimPeer final : public SocketPeer {
 public:
  SimPeer(SimNetwork& network, std::shared_ptr<SimNetwork::Link> link) : network_(network), link_(std::move(link)) {}
  void send(std::shared_ptr<const std::string> frame) override { network_.queue_down(link_, std::move(frame)); }
  void close(int code, std::string reason) override { network_.close_down(link_, code, std::move(reason)); }

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

void SimNetwork::set_expired(unsigned device, bool is_expired) {
  say("the credentials of device " + std::to_string(device) + (is_expired ? " expire" : " are renewed"));
  if (is_expired) {
    expired_.insert(device);
  } else {
    expired_.erase(device);
  }
}

void SimNetwork::break_sockets(unsigned device) {
  const auto links = links_;
  for (const auto& link : links) {
    if (link->transport->device_ == device) end(link, "connection lost", true);
  }
}

std::unique_ptr<Socket> SimNetwork::open(const std::shared_ptr<SimTransport>& transport, SocketRequest request,
                                         SocketEvents events) {
  auto link = std::make_shared<Link>();
  link->transport = transport;
  link->events = std::move(events);
  link->asked = ++asked_;
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
  const bool is_expired = expired_.contains(link->transport->device_);
  for (const auto& protocol : is_expired ? std::vector<std::string>{"graphql-ws"} : request.protocols) {
    offered += (offered.empty() ? "" : ", ") + protocol;
  }
  upgrade.headers.emplace_back("Sec-WebSocket-Protocol", offered);
  link->queue = std::make_unique<net::FrameQueue>(options_.queued_bytes_max);
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
  const auto key = key_of(link->transport->device_);
  if (const auto at = frame.find(key); at != std::string::npos && expired_.contains(link->transport->device_)) {
    frame.replace(at, key.size(), expired_key);
  }
  link->up_free = std::max(link->up_free, agenda_.ticks() + delay());
  agenda_.wake_at(link->up_free, [this, link, frame = std::move(frame)] {
    if (!link->is_open || !link->session || link->backend_incarnation != backend_incarnation_) return;
    link->session->on_frame(frame);
  });
}

void SimNetwork::queue_down(const std::shared_ptr<Link>& link, std::shared_ptr<const std::string> frame) {
  if (is_backend_dead && is_backend_dead()) return;
  if (on_said) on_said({link->transport->device_, *frame, link->asked, false});
  const bool is_change = frame->find("\"type\":\"data\"") != std::string::npos;
  if (taps.drops_when_full && is_change && agenda_.ticks() < link->reads_again) return;
  if (link->queue->push(std::move(frame))) pump(link);
}

void SimNetwork::close_down(const std::shared_ptr<Link>& link, int code, std::string reason) {
  if (link->queue->close({code, std::move(reason)}, net::Waiting::written_first)) pump(link);
}

void SimNetwork::pump(const std::shared_ptr<Link>& link) {
  while (link->is_open && !link->is_pumping) {
    if (agenda_.ticks() < link->reads_again) {
      link->is_pumping = true;
      return agenda_.wake_at(link->reads_again, [this, link] {
        link->is_pumping = false;
        pump(link);
      });
    }
    const auto step = link->queue->next();
    if (step.closing) {
      if (step.closing->code == 1013) probes_.hit(Probe::slow_consumer_closed);
      return agenda_.after(delay(), [this, link, closing = *step.closing] {
        end(link, "closed by the backend with " + std::to_string(closing.code) + " " + closing.reason, true);
      });
    }
    if (!step.frame) return;
    send_down(link, step.frame);
  }
}

void SimNetwork::send_down(const std::shared_ptr<Link>& link, std::shared_ptr<const std::string> frame) {
  if (random_.happens(options_.stall)) link->reads_again = agenda_.ticks() + Milliseconds(random_.between(200, 6'000));
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
