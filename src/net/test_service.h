// The service behind the servers of this room's tests: answers and sessions are what a test says.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/log.h"
#include "net/http_server.h"
#include "net/raw_socket.h"

namespace holdfast::net {

/// Notes every call; echoes frames unless `on_frame` says otherwise.
class TestService final : public HttpService {
 public:
  class Session final : public SocketSession {
   public:
    Session(TestService& service, std::shared_ptr<SocketPeer> peer) : service_(service), peer_(std::move(peer)) {}
    void on_frame(std::string_view frame) override {
      service_.frames.add(std::string(frame));
      if (service_.echoes) peer_->send(std::make_shared<const std::string>(frame));
    }
    void on_closed() override { service_.closed.add("closed"); }

   private:
    TestService& service_;
    std::shared_ptr<SocketPeer> peer_;
  };

  HttpResponse respond(const HttpRequest& request) override {
    requests.add(request);
    return answer(request);
  }
  Begun begin(HttpRequest request) override {
    begun.add(request.target);
    if (is_quick(request)) return respond(request);
    return HttpService::begin(std::move(request));
  }

  std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest& upgrade,
                                                    std::shared_ptr<SocketPeer> peer) override {
    requests.add(upgrade);
    if (refusal.status != 101) return refusal;
    if (greet) greet(*peer);
    peers.add(peer);
    return AcceptedSocket{protocol, std::make_unique<Session>(*this, std::move(peer))};
  }

  std::function<HttpResponse(const HttpRequest&)> answer = [](const HttpRequest& request) {
    HttpResponse response;
    response.headers = {{"Content-Type", "text/plain"}, {"X-Method", request.method}};
    response.body = request.target + " " + request.body;
    return response;
  };
  /// Whether begin() gives the answer, instead of work that gives it.
  std::function<bool(const HttpRequest&)> is_quick = [](const HttpRequest&) { return false; };
  std::function<void(SocketPeer&)> greet = {};  ///< Called inside accept().
  HttpResponse refusal{101, {}, {}};            ///< Given unless its status is 101.
  std::string protocol = {};
  bool echoes = true;

  Notes<std::string> begun;  ///< The targets of what begin() was given; `requests` has what is answered.
  Notes<HttpRequest> requests;
  Notes<std::string> frames;
  Notes<std::string> closed;
  Notes<std::shared_ptr<SocketPeer>> peers;
};

inline std::unique_ptr<HttpServer> listen(TestService& service, const ListenOptions& options = {}) {
  return HttpServer::listen(service, silent_log(), options).value();
}

}  // namespace holdfast::net
