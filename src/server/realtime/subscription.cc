#include "server/realtime/subscription.h"

#include <utility>

#include "base/json.h"
#include "protocol/frames.h"

namespace holdfast::server {
namespace {

constexpr int internal_error = 1011;  // RFC 6455: the server cannot go on.

std::string key_of(const Listening& listening) {
  const auto place = reinterpret_cast<std::uintptr_t>(listening.operation);
  return std::to_string(place) + listening.caller.fingerprint() + json::write(Value(listening.variables));
}

}  // namespace

std::shared_ptr<const Listening> Listenings::shared(Listening listening) {
  // The operation's place is nobody else's for as long as a listening holds its document.
  auto key = key_of(listening);
  const std::lock_guard lock(mutex_);
  auto& place = known_[std::move(key)];
  if (auto known = place.lock()) return known;
  auto made = std::make_shared<const Listening>(std::move(listening));
  place = made;
  if (known_.size() >= sweep_at_) sweep();
  return made;
}

void Listenings::sweep() {
  std::erase_if(known_, [](const auto& each) { return each.second.expired(); });
  sweep_at_ = 2 * known_.size() + 64;
}

Subscription::Subscription(std::string id, std::shared_ptr<const Listening> listening, std::shared_ptr<SocketPeer> peer)
    : id_(std::move(id)), listening_(std::move(listening)), peer_(std::move(peer)) {}

void Subscription::acknowledge() {
  // Shared because the network sends it later.
  peer_->send(std::make_shared<const std::string>(
      protocol::write({.type = protocol::ServerFrame::Type::start_ack, .id = id_})));
}

void Subscription::send(const std::string& payload) {
  std::string frame = R"({"id":)";
  json::write_string(id_, frame);
  frame += R"(,"type":"data","payload":)" + payload + "}";
  const std::lock_guard lock(mutex_);
  if (!is_closed_) peer_->send(std::make_shared<const std::string>(std::move(frame)));  // Shared as above.
}

void Subscription::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
}

void Subscription::abort() const { peer_->close(internal_error, "a change could not be read"); }

}  // namespace holdfast::server
