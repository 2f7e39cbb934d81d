// Authorizer: a signed engine whose credentials end, are renewed, and are of several modes.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/auth/service_clock.h"
#include "client/auth/signed_engine.h"
#include "client/auth/signer.h"
#include "client/auth/wallet.h"
#include "client/sync/engine.h"

namespace holdfast::auth {

/// What is refused is sent once more with credentials that were asked for after the refusal; what these are refused for,
/// too, with those of the next mode; and what no mode is left for goes back to the engine. A request that waits for a source
/// is, to the engine, under way. A source that cannot tell now fails what waits for it, as a lost network would.
///
/// A mutation keeps its name through all of that, so that the service writes it once. Nothing is remembered of which mode
/// was taken: one refused record must not make its neighbours be written by somebody else.
/// A signature that is refused because this device's clock is wrong is made again at the service's time.
/// Passive and not thread-safe, as the engine, of which it has the contract. Bound: two requests a mode and try.
class Authorizer final : public SignedEngine {
 public:
  /// `schema` outlives it.
  Authorizer(std::unique_ptr<sync::Engine> engine, const Schema& schema, const SyncOptions& options);

  [[nodiscard]] sync::Effects step(sync::Time now, sync::Event event) override;
  [[nodiscard]] bool has_under_way(const ModelSchema& model, const Key& key) const override {
    return engine_->has_under_way(model, key);
  }

 private:
  using What = std::variant<sync::effect::Exchange, sync::effect::OpenSocket, sync::effect::Subscribe>;
  /// Something that needs credentials.
  struct Work {
    What what;
    std::vector<AuthMode> modes = {};       ///< To be tried, in order.
    std::size_t at = 0;                     ///< The one that is tried.
    bool is_renewed = false;                ///< In it, with credentials that were asked for after a refusal.
    Wallet::Issue issue = 0;                ///< What it was sent with.
    Milliseconds offset{};                  ///< Of the clock that it was signed by.
    bool is_retimed = false;                ///< Signed again because the clock was wrong.
    std::optional<Result<HttpResponse>> refusal = {};  ///< The last one, of an Exchange.
    [[nodiscard]] AuthMode mode() const { return modes[at]; }
  };
  /// How far the modes of the connection itself were tried; begins anew when the service has taken one.
  struct Connecting {
    std::size_t at = 0;
    bool is_renewed = false;
  };

  // What the world says; false: the engine is not told.
  bool takes(sync::Event& event);
  bool on(sync::event::Reply& event);
  bool on(const sync::event::SocketFrame& event);
  void on(sync::event::Credentials& event);
  void on_answer(const Wallet::Answer& answer);
  bool on_connection_refused();
  [[nodiscard]] bool may_retime(const Work& work) const;
  bool asks_time();
  bool takes_time(const sync::event::Reply& event);
  bool on_subscription_refused(const std::string& id);

  void route(sync::Effect& effect);
  [[nodiscard]] std::vector<AuthMode> modes_for(const ModelSchema& model, ModelOperation operation) const;
  [[nodiscard]] std::vector<AuthMode> connection_modes() const;
  void advance(Work work);
  void send(Work work, const Wallet::Held& held);
  bool try_again(Work work);
  void give_up(Work& work);
  void fail(const Work& work, const Error& error);
  void lose_socket(Code code, std::string why);
  void forget_socket();

  const std::unique_ptr<sync::Engine> engine_;
  const Schema& schema_;
  const Signer signer_;
  const AuthMode default_mode_;
  const AuthStrategyFunction strategy_;
  const Milliseconds retry_delay_max_;
  const sync::effect::Exchange time_question_;
  Wallet wallet_;

  std::vector<Work> waiting_;                               ///< For a source.
  std::map<sync::ExchangeId, Work> flights_;                ///< What may have to be sent again.
  std::optional<sync::SocketId> socket_;
  std::optional<Work> connection_;                          ///< The handshake that was sent.
  std::map<std::string, Work, std::less<>> subscriptions_;  ///< Sent on the socket.
  Connecting connecting_;
  ServiceClock clock_;
  bool is_asking_time_ = false;
  std::optional<sync::event::SocketFrame> refused_handshake_;  ///< While the service is asked what time it is.
  std::optional<Tick> reconnected_at_;                      ///< The last time that a subscription lost its right.

  std::deque<sync::Event> inbox_;                           ///< For the engine, in this step.
  sync::Effects effects_;
  sync::Time now_{};
};

}  // namespace holdfast::auth
