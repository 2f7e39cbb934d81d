// Gate: lets the bearers of tokens in to a backend that knows API keys only, as a proxy does that authorizes for it.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "base/transport.h"
#include "server/auth/decide.h"

namespace holdfast::spec {

/// Who may come in, and what they may not do; lives longer than the backend's processes.
struct Access {
  std::set<std::string> tokens{"good"};
  /// By the name of the caller, "default" for the API key and `bearer` for tokens.
  std::set<std::tuple<std::string, std::string, server::Operation>> forbidden = {};
};

/// The backend's key for those who come with a token: its name, and its secret.
inline constexpr const char* bearer = "user";
inline constexpr const char* bearer_secret = "da2-bearer";

/// Single-threaded. A token that is not among Access::tokens is refused as AppSync does: requests with 401, handshakes and
/// `start` frames with UnauthorizedException. All else is the backend's.
class Gate final : public HttpService {
 public:
  /// Both outlive it and its sessions.
  Gate(HttpService& backend, const Access& access) : backend_(backend), access_(access) {}

  HttpResponse respond(const HttpRequest& request) override;
  std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest& upgrade, std::shared_ptr<SocketPeer> peer) override;

 private:
  class Session;
  class Refusal;
  [[nodiscard]] bool takes(std::string_view token) const { return access_.tokens.contains(std::string(token)); }

  HttpService& backend_;
  const Access& access_;
};

/// What callers may do: everything but what is forbidden.
class AccessRules final : public server::Decider {
 public:
  explicit AccessRules(const Access& access) : access_(access) {}
  [[nodiscard]] server::Decision decide(const server::Question& question) const override {
    if (!question.model) return {};
    return {.is_allowed = !access_.forbidden.contains({question.caller.key_name, question.model->name, question.operation})};
  }
  [[nodiscard]] bool guards(std::string_view /*type*/, std::string_view /*field*/) const override { return false; }

 private:
  const Access& access_;
};

}  // namespace holdfast::spec
