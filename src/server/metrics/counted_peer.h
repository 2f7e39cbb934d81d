// CountedPeer: a realtime socket that is counted, and what is sent on it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/transport.h"
#include "server/metrics/metrics.h"

namespace holdfast::server {

/// Counts as an open socket while it lives. Thread-safe as the peer that it stands before.
class CountedPeer final : public SocketPeer {
 public:
  /// Both shared: the network and the server may be gone before it is.
  CountedPeer(std::shared_ptr<SocketPeer> peer, std::shared_ptr<Metrics> metrics)
      : peer_(std::move(peer)), metrics_(std::move(metrics)), counted_(metrics_->sockets) {}

  void send(std::shared_ptr<const std::string> frame) override {
    metrics_->frames_sent.add();
    metrics_->frame_bytes_sent.add(frame->size());
    peer_->send(std::move(frame));
  }
  void close(int code, std::string reason) override { peer_->close(code, std::move(reason)); }
  bool run_apart(std::function<void()> work, std::function<void()> done) override {
    return peer_->run_apart(std::move(work), std::move(done));
  }

 private:
  std::shared_ptr<SocketPeer> peer_;  // Shared: see the constructor, here and below.
  std::shared_ptr<Metrics> metrics_;
  Held counted_;
};

}  // namespace holdfast::server
