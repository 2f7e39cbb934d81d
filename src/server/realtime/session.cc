#include "server/realtime/session.h"

#include <atomic>
#include <utility>

#include "server/realtime/start.h"

namespace holdfast::server {
namespace {

using Frame = protocol::ServerFrame;

constexpr int policy_violation = 1008;  // RFC 6455
constexpr std::size_t subscription_bytes = 2048;  // What one takes besides what its `start` says.

std::shared_ptr<const std::string> shared_text(const Frame& frame) {
  // Shared because the network sends it later.
  return std::make_shared<const std::string>(protocol::write(frame));
}

}  // namespace

struct RealtimeSession::Line : std::enable_shared_from_this<Line> {
  Line(Clock& with, std::shared_ptr<SocketPeer> to, Milliseconds every)
      : clock(with), peer(std::move(to)), interval(every) {}

  void keep_alive() {
    peer->send(shared_text({.type = Frame::Type::keep_alive}));
    clock.wake_at(clock.ticks() + interval, [weak = weak_from_this()] {
      if (const auto line = weak.lock()) line->keep_alive();
    });
  }
  void expect_init() {
    clock.wake_at(clock.ticks() + handshake_limit, [weak = weak_from_this()] {
      const auto line = weak.lock();
      if (line && !line->has_spoken) line->peer->close(policy_violation, "no connection_init");
    });
  }

  Clock& clock;
  std::shared_ptr<SocketPeer> peer;  // Shared with the network.
  Milliseconds interval;
  std::atomic<bool> has_spoken = false;  // Read on the clock's thread.
};

RealtimeSession::RealtimeSession(std::shared_ptr<Server::Parts> parts, std::shared_ptr<SocketPeer> peer, Entry entry)
    : parts_(std::move(parts)),
      // Shared so that the clock's tasks can see whether it is still there.
      line_(
          std::make_shared<Line>(parts_->backend.clock, std::move(peer), parts_->backend.options.keep_alive_interval)),
      entry_(entry) {
  line_->expect_init();
}

RealtimeSession::~RealtimeSession() { on_closed(); }

void RealtimeSession::on_closed() {
  for (auto& [id, open] : open_) open.subscription->close();
  open_.clear();
  asked_.clear();
  line_.reset();
}

void RealtimeSession::on_frame(std::string_view text) {
  if (!line_) return;
  if (entry_ != Entry::open) return refuse_entry();
  auto frame = protocol::read_client_frame(text);
  if (!frame) return refuse(protocol::id_of_refused(text), "BadRequestException", frame.error().message);
  switch (frame->type) {
    case protocol::ClientFrame::Type::connection_init: return init();
    case protocol::ClientFrame::Type::start: return start(*std::move(frame), text.size());
    case protocol::ClientFrame::Type::stop: return stop(frame->id);
  }
}

/// Both are final for clients, which do not try again.
void RealtimeSession::refuse_entry() {
  const bool is_malformed = entry_ == Entry::malformed;
  const std::string type = is_malformed ? "BadRequestException" : "UnauthorizedException";
  const auto* message = is_malformed ? "The handshake's header object is not base64 of a JSON object."
                                     : "You are not authorized to make this call.";
  send({.type = Frame::Type::connection_error,
        .payload = protocol::error_payload(type, message, is_malformed ? 400 : 401)});
  line_->peer->close(policy_violation, type);
}

void RealtimeSession::init() {
  send({.type = Frame::Type::connection_ack,
        .payload = Object{{"connectionTimeoutMs", parts_->backend.options.connection_timeout.count()}}});
  if (std::exchange(is_initialised_, true)) return;
  line_->has_spoken = true;
  // At once: the published clients measure silence from before the connection.
  line_->keep_alive();
}

void RealtimeSession::start(protocol::ClientFrame frame, std::size_t frame_bytes) {
  if (!is_initialised_) return refuse(frame.id, "BadRequestException", "start came before connection_init.");
  const std::size_t bytes = frame_bytes + subscription_bytes;
  if (open_bytes_ + bytes > parts_->backend.options.subscription_bytes_max && !open_.contains(frame.id)) {
    return refuse(frame.id, "OperationDisabled", "The subscriptions of this connection take too much memory.");
  }
  auto read = read_start(*parts_, frame);
  if (const auto* refusal = std::get_if<StartRefusal>(&read)) return refuse(frame.id, refusal->type, refusal->message);
  auto listening = parts_->listenings.shared(std::get<Listening>(std::move(read)));
  if (is_asked(*parts_, *listening)) return ask(frame, std::move(listening), bytes);
  listen(frame.id, listening, bytes);
}

void RealtimeSession::ask(const protocol::ClientFrame& frame, std::shared_ptr<const Listening> listening,
                          std::size_t bytes) {
  // Clients that wait for the acknowledgement start again, sooner than a slow function answers: it answers both.
  const auto known = asked_.find(frame.id);
  if (known != asked_.end() && known->second.start->listening() == listening) return;
  forget_asked(frame.id);
  // Shared: see the header.
  auto start = std::make_shared<AskedStart>(parts_, std::move(listening), frame.authorization);
  asked_[frame.id] = {start, bytes};
  open_bytes_ += bytes;
  const bool is_taken = line_->peer->run_apart(
      [weak = std::weak_ptr(start)] {
        if (const auto asked = weak.lock()) asked->ask();
      },
      // By the line it sees whether the session is still there: it ends on the thread that this runs on.
      [this, line = std::weak_ptr(line_), id = frame.id, weak = std::weak_ptr(start)] {
        if (!line.expired()) settle(id, weak);
      });
  if (is_taken) return;
  refuse(frame.id, "Lambda:ServiceException", "Too many subscriptions wait for their functions; try again.");
}

void RealtimeSession::settle(const std::string& id, const std::weak_ptr<AskedStart>& asked) {
  const auto start = asked.lock();
  const auto found = asked_.find(id);
  if (start == nullptr || found == asked_.end() || found->second.start != start) return;
  const auto bytes = found->second.bytes;
  if (!start->refusal()) return listen(id, start->listening(), bytes);
  forget(id);
  send({.type = Frame::Type::error, .id = id, .payload = *start->refusal()});
}

void RealtimeSession::forget_asked(const std::string& id) {
  const auto found = asked_.find(id);
  if (found == asked_.end()) return;
  open_bytes_ -= found->second.bytes;
  asked_.erase(found);
}

void RealtimeSession::listen(const std::string& id, const std::shared_ptr<const Listening>& listening,
                             std::size_t bytes) {
  forget_asked(id);
  Open open;
  open.bytes = bytes;
  // Shared with the dispatch, which may be about to send when the client stops it.
  open.subscription = std::make_shared<Subscription>(id, listening, line_->peer);
  open.subscription->open([&] {
    for (const auto& heard : listening->heard) {
      // The filter lives and is shared with the listening that it is a part of.
      Publisher::Interest interest{listening->route->model, heard.kind, {listening, &heard.filter}};
      if (heard.filter.is_always()) interest.filter = nullptr;
      open.registrations.push_back(parts_->publisher.listen(
          std::move(interest), [parts = parts_.get(), weak = std::weak_ptr(open.subscription)](const ChangeEntry&) {
            parts->dispatch.add(weak);
          }));
    }
    for (const auto& mutation : listening->route->answered) parts_->dispatch.listen(mutation, open.subscription);
  });
  // A client that did not hear our acknowledgement starts again under the same id: the new one replaces the old one,
  // which ends only now, so that no change falls between the two.
  open.counted = Held(parts_->metrics.subscriptions);
  auto& place = open_[id];
  if (place.subscription) place.subscription->close();
  open_bytes_ += bytes - place.bytes;
  place = std::move(open);
}

void RealtimeSession::stop(const std::string& id) {
  forget(id);
  send({.type = Frame::Type::complete, .id = id});
}

void RealtimeSession::forget(const std::string& id) {
  forget_asked(id);
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  found->second.subscription->close();
  open_bytes_ -= found->second.bytes;
  open_.erase(found);
}

void RealtimeSession::refuse(const std::string& id, std::string_view type, std::string_view message) {
  // To its client the id has ended with the error: what was open under it would be told to nobody.
  forget(id);
  send({.type = Frame::Type::error, .id = id, .payload = protocol::error_payload(type, message)});
}

void RealtimeSession::send(const Frame& frame) { line_->peer->send(shared_text(frame)); }

}  // namespace holdfast::server
