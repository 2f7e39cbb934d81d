#include "client/auth/authorizer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "client/auth/claims.h"
#include "client/sync/ports.h"
#include "protocol/frames.h"
#include "protocol/replies.h"

namespace holdfast::auth {
namespace {

namespace effect = sync::effect;
namespace event = sync::event;

void add_missing(std::vector<AuthMode>& modes, AuthMode mode) {
  if (std::find(modes.begin(), modes.end(), mode) == modes.end()) modes.push_back(mode);
}

/// Whether it is worth reading: what refuses credentials has one of these in it.
bool may_refuse(std::string_view frame) {
  return frame.find("uthorized") != std::string_view::npos || frame.find("oken expired") != std::string_view::npos ||
         frame.find("\"errorCode\"") != std::string_view::npos;
}

/// As the service refuses a subscription.
std::string refusal_of(const std::string& subscription, const std::string& why) {
  return protocol::write(protocol::ServerFrame{.type = protocol::ServerFrame::Type::error,
                                               .id = subscription,
                                               .payload = protocol::error_payload("Unauthorized", why)});
}

/// Asks the service what time it is, without credentials: any answer has a Date.
effect::Exchange time_question(const SyncOptions& options) {
  constexpr auto id = std::numeric_limits<sync::ExchangeId>::max();  // None of the engine's: these are counted from 1.
  return {id, sync::http_request(options, R"({"query":"{ __typename }"})", {}), options.request_timeout, nullptr,
          ModelOperation::read};
}

}  // namespace

Authorizer::Authorizer(std::unique_ptr<sync::Engine> engine, const Schema& schema, const SyncOptions& options)
    : engine_(std::move(engine)),
      schema_(schema),
      signer_(schema, options.endpoint),
      default_mode_(mode_of(options.auth)),
      strategy_(options.auth_strategy),
      retry_delay_max_(options.retry_delay_max),
      time_question_(time_question(options)),
      wallet_(options) {}

sync::Effects Authorizer::step(sync::Time now, sync::Event event) {
  now_ = now;
  effects_.clear();
  if (takes(event)) inbox_.push_back(std::move(event));
  while (!inbox_.empty()) {
    auto next = std::move(inbox_.front());
    inbox_.pop_front();
    for (auto& effect : engine_->step(now, std::move(next))) route(effect);
  }
  const auto state = engine_->state();
  if (state != sync::State::connecting && state != sync::State::offline) connecting_ = {};
  return std::move(effects_);
}

bool Authorizer::takes(sync::Event& event) {
  if (auto* credentials = std::get_if<event::Credentials>(&event)) return on(*credentials), false;
  if (auto* reply = std::get_if<event::Reply>(&event)) return on(*reply);
  if (const auto* frame = std::get_if<event::SocketFrame>(&event)) return on(*frame);
  if (std::holds_alternative<event::Wake>(event)) {
    while (const auto answer = wallet_.overdue(now_.ticks)) on_answer(*answer);
  } else if (auto* closed = std::get_if<event::SocketClosed>(&event); closed && closed->id == socket_) {
    // With the right time it may be taken: it is tried again soon.
    if (closed->reason.code == Code::unauthorized && asks_time()) closed->reason.code = Code::unavailable;
    forget_socket();
  } else if (std::holds_alternative<event::Stop>(event)) {
    waiting_.clear();
    flights_.clear();
    is_asking_time_ = false;
  }
  return true;
}

// --- what the engine wants sent ----------------------------------------------------------------------------------

void Authorizer::route(sync::Effect& effect) {
  if (auto* exchange = std::get_if<effect::Exchange>(&effect)) {
    auto modes = modes_for(*exchange->model, exchange->operation);
    advance(Work{.what = std::move(*exchange), .modes = std::move(modes)});
  } else if (auto* open = std::get_if<effect::OpenSocket>(&effect)) {
    socket_ = open->id;
    advance(Work{.what = std::move(*open), .modes = connection_modes(), .at = connecting_.at,
                 .is_renewed = connecting_.is_renewed});
  } else if (auto* subscribe = std::get_if<effect::Subscribe>(&effect)) {
    auto modes = modes_for(*subscribe->model, ModelOperation::read);
    advance(Work{.what = std::move(*subscribe), .modes = std::move(modes)});
  } else {
    const auto* shut = std::get_if<effect::CloseSocket>(&effect);
    if (shut && shut->id == socket_) forget_socket();
    effects_.push_back(std::move(effect));
  }
}

std::vector<AuthMode> Authorizer::modes_for(const ModelSchema& model, ModelOperation operation) const {
  auto modes = strategy_ ? strategy_({model, operation, wallet_.is_signed_in(now_.ticks)}) : std::vector<AuthMode>();
  if (modes.empty()) return {default_mode_};
  std::vector<AuthMode> usable;
  for (const auto mode : modes) {
    if (wallet_.has(mode)) add_missing(usable, mode);
  }
  return usable;
}

/// Those in which models are read, as they come; the service takes any mode that the API has.
std::vector<AuthMode> Authorizer::connection_modes() const {
  std::vector<AuthMode> all;
  for (const auto& model : schema_.models) {
    for (const auto mode : modes_for(model, ModelOperation::read)) add_missing(all, mode);
  }
  if (all.empty()) all.push_back(default_mode_);
  return all;
}

void Authorizer::advance(Work work) {
  for (; work.at < work.modes.size(); ++work.at, work.is_renewed = false) {
    const auto found = wallet_.seek(work.mode(), now_, effects_);
    if (std::holds_alternative<Wallet::Waiting>(found)) return waiting_.push_back(std::move(work));
    if (const auto* held = std::get_if<const Wallet::Held*>(&found)) return send(std::move(work), **held);
  }
  give_up(work);
}

void Authorizer::send(Work work, const Wallet::Held& held) {
  work.issue = held.issue;
  work.offset = clock_.offset();
  if (auto* exchange = std::get_if<effect::Exchange>(&work.what)) {
    effects_.push_back(signer_.sign(*exchange, held.credentials, clock_.at(now_.wall)));
    const bool may_help = wallet_.can_renew(work.mode()) || work.at + 1 < work.modes.size();
    if (may_help) flights_.insert_or_assign(exchange->id, std::move(work));
  } else if (auto* open = std::get_if<effect::OpenSocket>(&work.what)) {
    if (open->id != socket_) return;
    effects_.push_back(signer_.sign(*open, held.credentials, clock_.at(now_.wall)));
    connection_ = std::move(work);
  } else if (auto* subscribe = std::get_if<effect::Subscribe>(&work.what)) {
    if (subscribe->id != socket_) return;
    const auto* token = std::get_if<AuthToken>(&held.credentials);
    const auto owner = token ? owner_argument(*subscribe->model, work.mode(), *token) : std::nullopt;
    effects_.push_back(signer_.sign(*subscribe, held.credentials, clock_.at(now_.wall), owner ? &*owner : nullptr));
    auto id = subscribe->subscription;
    subscriptions_.insert_or_assign(std::move(id), std::move(work));
  }
}

// --- what comes back -----------------------------------------------------------------------------------------------

bool Authorizer::on(event::Reply& event) {
  if (takes_time(event)) return false;
  const auto node = flights_.extract(event.id);
  if (node.empty()) return true;
  auto& work = node.mapped();
  const bool is_forbidden = work.at + 1 < work.modes.size() && protocol::forbids(event.response);
  if (!is_forbidden && !protocol::refuses_credentials(event.response)) return true;
  work.refusal = std::move(event.response);
  if (!is_forbidden && may_retime(work)) {
    work.is_retimed = true;
    return advance(std::move(work)), false;
  }
  // Credentials that are taken and do not suffice need not be asked for again.
  work.is_renewed = work.is_renewed || is_forbidden;
  if (!try_again(std::move(work))) HOLDFAST_ASSERT(false, "a request goes on or is given up");
  return false;
}

/// With newer credentials of the mode, or with the next one. False: there is none, and nothing was done.
bool Authorizer::try_again(Work work) {
  const bool may_renew = wallet_.can_renew(work.mode()) && !work.is_renewed;
  if (may_renew) wallet_.refuse(work.mode(), work.issue);
  if (!may_renew) ++work.at;
  work.is_renewed = may_renew;
  const bool is_left = work.at < work.modes.size();
  if (!is_left && !std::holds_alternative<effect::Exchange>(work.what)) return false;
  advance(std::move(work));
  return true;
}

bool Authorizer::on(const event::SocketFrame& event) {
  using Type = protocol::ServerFrame::Type;
  if (event.id != socket_ || !may_refuse(event.frame)) return true;
  const auto frame = protocol::read_server_frame(event.frame);
  const bool is_error = frame && (frame->type == Type::error || frame->type == Type::connection_error);
  if (!is_error || !protocol::refuses_credentials(protocol::first_error(frame->payload))) return true;
  if (frame->type == Type::error) return on_subscription_refused(frame->id);
  if (!asks_time()) return on_connection_refused();
  refused_handshake_ = event;
  return false;
}

/// A new socket, soon, for each thing that may help.
bool Authorizer::on_connection_refused() {
  if (!connection_) return true;
  const auto mode = connection_->mode();
  const bool may_renew = wallet_.can_renew(mode) && !connection_->is_renewed;
  connecting_ = {may_renew ? connection_->at : connection_->at + 1, may_renew};
  if (may_renew) wallet_.refuse(mode, connection_->issue);
  if (connecting_.at >= connection_->modes.size()) {
    connecting_ = {};
    return true;
  }
  lose_socket(Code::unavailable, "the realtime service wants other credentials");
  return false;
}

bool Authorizer::on_subscription_refused(const std::string& id) {
  auto node = subscriptions_.extract(id);
  if (node.empty()) return true;
  if (engine_->state() == sync::State::subscribing) return !try_again(std::move(node.mapped()));
  // It was running: what it misses until it runs again has to be fetched, as after any loss of the connection.
  if (!wallet_.can_renew(node.mapped().mode())) return true;
  wallet_.refuse(node.mapped().mode(), node.mapped().issue);
  const bool is_again = reconnected_at_ && now_.ticks - *reconnected_at_ < retry_delay_max_;
  reconnected_at_ = now_.ticks;
  lose_socket(is_again ? Code::unauthorized : Code::unavailable,
              "the service ended a subscription: it wants other credentials");
  return false;
}

void Authorizer::on(event::Credentials& event) {
  if (const auto answer = wallet_.take(now_, event)) on_answer(*answer);
}

void Authorizer::on_answer(const Wallet::Answer& answer) {
  const bool is_unknown = answer.failure && answer.failure->code != Code::unauthorized;
  if (is_unknown) effects_.push_back(sync::failed(*answer.failure, "authorize", nullptr));
  auto works = std::exchange(waiting_, {});
  for (auto& work : works) {
    if (work.mode() != answer.mode) {
      waiting_.push_back(std::move(work));
    } else if (is_unknown) {
      fail(work, {Code::unavailable, "no credentials could be had: " + answer.failure->message});
    } else {
      advance(std::move(work));
    }
  }
  wallet_.end_serving(answer.mode);
}

// --- what cannot be sent -------------------------------------------------------------------------------------------

void Authorizer::give_up(Work& work) {
  auto* exchange = std::get_if<effect::Exchange>(&work.what);
  if (exchange && work.refusal) return inbox_.push_back(event::Reply{exchange->id, std::move(*work.refusal)});
  fail(work,
       {Code::unauthorized,
        "nobody is signed in, or SyncOptions has no credentials of a mode that is asked for: give auth or more_auth "
        "one, such as holdfast::user_pool(source) or holdfast::lambda(source)"});
}

void Authorizer::fail(const Work& work, const Error& error) {
  if (const auto* exchange = std::get_if<effect::Exchange>(&work.what)) {
    inbox_.push_back(event::Reply{exchange->id, error});
    return;
  }
  const auto* subscribe = std::get_if<effect::Subscribe>(&work.what);
  if (subscribe && subscribe->id != socket_) return;
  if (subscribe && error.code == Code::unauthorized) {
    inbox_.push_back(event::SocketFrame{subscribe->id, refusal_of(subscribe->subscription, error.message)});
  } else {
    lose_socket(error.code, error.message);
  }
}

void Authorizer::lose_socket(Code code, std::string why) {
  if (!socket_) return;
  inbox_.push_back(event::SocketClosed{*socket_, Error{code, std::move(why)}});
  // The engine closes it when it hears of that, which forgets the rest.
}

void Authorizer::forget_socket() {
  socket_.reset();
  connection_.reset();
  refused_handshake_.reset();
  subscriptions_.clear();
  std::erase_if(waiting_, [](const Work& work) { return !std::holds_alternative<effect::Exchange>(work.what); });
}

std::unique_ptr<SignedEngine> make_authorizer(std::unique_ptr<sync::Engine> engine, const Schema& schema,
                                              const SyncOptions& options) {
  return std::make_unique<Authorizer>(std::move(engine), schema, options);
}

}  // namespace holdfast::auth
