#include "client/sync/subscriber.h"

#include <algorithm>
#include <utility>

#include "client/sync/sync_order.h"
#include "protocol/filter_limits.h"
#include "protocol/records.h"
#include "protocol/service_filter.h"

namespace holdfast::sync {
namespace {

/// As the published clients wait for connection_ack and start_ack.
constexpr Milliseconds answer_timeout{15'000};
/// What the protocol assumes when the service does not say.
constexpr Milliseconds silence_default{300'000};
/// A service that promises nonsense neither makes us reconnect all the time nor never.
constexpr Milliseconds silence_least{5'000};
constexpr Milliseconds silence_most{3'600'000};

constexpr protocol::Subscribed kinds[] = {protocol::Subscribed::on_create, protocol::Subscribed::on_update,
                                          protocol::Subscribed::on_delete};

bool is_offered(const ModelSchema& model, protocol::Subscribed what) {
  switch (what) {
    case protocol::Subscribed::on_create: return !model.operations.on_create.empty();
    case protocol::Subscribed::on_update: return !model.operations.on_update.empty();
    case protocol::Subscribed::on_delete: return !model.operations.on_delete.empty();
  }
  return false;
}

std::string text_of(const Value& value) {
  const auto* text = value.as_string();
  return text ? *text : std::string();
}

}  // namespace

Result<void> Subscriber::open(Time now, Effects& effects) {
  HOLDFAST_TRY(url, protocol::realtime_url(ports_.options.endpoint));
  SocketRequest request;
  request.url = std::move(url);
  request.protocols = {std::string(protocol::realtime_protocol)};
  socket_ = ports_.names.next();
  state_ = State::opening;
  deadline_ = now.ticks + answer_timeout;
  effects.push_back(effect::OpenSocket{socket_, std::move(request)});
  return {};
}

void Subscriber::close(Effects& effects) {
  if (state_ != State::closed) effects.push_back(effect::CloseSocket{socket_});
  state_ = State::closed;
  subscriptions_.clear();
  refused_.clear();
  unanswered_count_ = 0;
}

Subscriber::Outcome Subscriber::on_opened(Time now, SocketId id, Effects& effects) {
  if (id != socket_ || state_ != State::opening) return {};
  state_ = State::acknowledging;
  deadline_ = now.ticks + answer_timeout;
  effects.push_back(effect::SendFrame{socket_, protocol::write(protocol::ClientFrame{})});
  return {};
}

Subscriber::Outcome Subscriber::on_frame(Time now, SocketId id, std::string_view text, Effects& effects) {
  using Type = protocol::ServerFrame::Type;
  if (id != socket_ || state_ == State::closed) return {};
  const auto read = protocol::read_server_frame(text);
  if (!read) {
    effects.push_back(failed(read.error(), "subscribe", nullptr));
    return {};
  }
  if (state_ == State::established) deadline_ = now.ticks + silence_max_;
  const auto& frame = *read;
  switch (frame.type) {
    case Type::connection_ack: return on_acknowledged(now, frame.payload, effects);
    case Type::connection_error: return on_connection_error(frame.payload);
    case Type::start_ack: {
      auto outcome = on_answered(frame.id);
      if (outcome.is_established) deadline_ = now.ticks + silence_max_;
      return outcome;
    }
    case Type::error: {
      auto outcome = on_refused(frame, effects);
      if (outcome.is_established) deadline_ = now.ticks + silence_max_;
      return outcome;
    }
    case Type::data: return on_record(frame, effects);
    case Type::keep_alive:
    case Type::complete:
    case Type::unknown: return {};
  }
  return {};
}

Subscriber::Outcome Subscriber::on_closed(SocketId id, const Error& reason) {
  if (id != socket_ || state_ == State::closed) return {};
  return {.lost = reason};
}

Subscriber::Outcome Subscriber::on_wake(Time now) {
  if (state_ == State::closed || now.ticks < deadline_) return {};
  const auto* what = state_ == State::established ? "the realtime connection fell silent"
                                                  : "the realtime service did not answer in time";
  return {.lost = Error{Code::timed_out, what}};
}

std::optional<Tick> Subscriber::wake_at() const {
  return state_ == State::closed ? std::nullopt : std::optional(deadline_);
}

Subscriber::Outcome Subscriber::on_acknowledged(Time now, const Value& payload, Effects& effects) {
  if (state_ != State::acknowledging) return {};
  const auto* promised = payload["connectionTimeoutMs"].as_integer();
  silence_max_ = std::clamp(promised ? Milliseconds(*promised) : silence_default, silence_least, silence_most);
  state_ = State::starting;
  deadline_ = now.ticks + answer_timeout;
  for (const auto* model : sync_order(ports_.schema)) {
    if (ports_.selection.leaves_alone(*model) || ports_.selection.keeps_none(*model)) continue;
    for (const auto what : kinds) {
      if (is_offered(*model, what)) start(*model, what, effects);
    }
  }
  auto outcome = established_if_complete();
  if (outcome.is_established) deadline_ = now.ticks + silence_max_;
  outcome.is_acknowledged = true;
  return outcome;
}

void Subscriber::ask_again(Time now, Effects& effects) {
  state_ = State::starting;
  deadline_ = now.ticks + answer_timeout;
  for (const auto& one : std::exchange(refused_, {})) start(*one.model, one.what, effects, true);
}

void Subscriber::start(const ModelSchema& model, protocol::Subscribed what, Effects& effects, bool is_again) {
  auto filter = filter_of(model, what);
  const bool has_filter = !filter.is_null();
  auto id = uuid(ports_.random);
  effects.push_back(effect::Subscribe{socket_, id, &model, what, std::move(filter)});
  subscriptions_.emplace(std::move(id), Subscribed{&model, what, has_filter, false, is_again});
  ++unanswered_count_;
}

Subscriber::Outcome Subscriber::on_answered(std::string_view id) {
  const auto place = subscriptions_.find(id);
  if (state_ != State::starting || place == subscriptions_.end() || place->second.is_answered) return {};
  place->second.is_answered = true;
  --unanswered_count_;
  return established_if_complete();
}

/// An update that takes a row out of the expression is heard of only without a filter.
Value Subscriber::filter_of(const ModelSchema& model, protocol::Subscribed what) const {
  const bool hears_all = what == protocol::Subscribed::on_update && ports_.options.leaving == Leaving::at_once;
  if (hears_all || unfiltered_.contains(&model)) return {};
  return protocol::subscription_filter(model, ports_.selection.where(model));
}

/// Whether the subscription was refused for its filter alone: everything comes then, and is looked at here.
bool Subscriber::drops_filter(const protocol::ServerFrame& frame, Effects& effects) {
  const auto message = text_of(protocol::first_error(frame.payload)["message"]);
  const auto place = subscriptions_.find(frame.id);
  const bool is_ours = state_ == State::starting && place != subscriptions_.end() && place->second.has_filter &&
                       !place->second.is_answered;
  if (!is_ours || !protocol::is_filter_complaint(message)) return false;
  const auto subscribed = place->second;
  subscriptions_.erase(place);
  if (unfiltered_.insert(subscribed.model).second) {
    const auto what = "the service refused the filter of " + subscribed.model->name +
                      "'s sync expression; its changes all come, and are looked at on the device: " + message;
    effects.push_back(failed({Code::unsupported, what}, "subscribe", subscribed.model));
  }
  start(*subscribed.model, subscribed.what, effects);
  --unanswered_count_;  // The one that it stands for.
  return true;
}

Subscriber::Outcome Subscriber::on_refused(const protocol::ServerFrame& frame, Effects& effects) {
  if (drops_filter(frame, effects)) return {};
  const auto& error = protocol::first_error(frame.payload);
  const auto place = subscriptions_.find(frame.id);
  const auto* model = place == subscriptions_.end() ? nullptr : place->second.model;
  const bool is_forbidden = protocol::refuses_credentials(error);
  const bool is_known = place != subscriptions_.end() && place->second.is_again;
  if (is_forbidden && model) refused_.push_back(place->second);
  if (is_forbidden && is_known) return on_answered(frame.id);
  auto report = failed({is_forbidden ? Code::unauthorized : Code::rejected,
                        "the service refused a subscription: " + text_of(error["message"])},
                       "subscribe", model);
  report.what.error_type = text_of(error["errorType"]);
  effects.push_back(std::move(report));
  return on_answered(frame.id);
}

Subscriber::Outcome Subscriber::on_connection_error(const Value& payload) const {
  const auto& error = protocol::first_error(payload);
  const auto code = protocol::refuses_credentials(error) ? Code::unauthorized : Code::unavailable;
  return {.lost = Error{code, "the realtime service refused the connection: " + text_of(error["errorType"]) + " " +
                                  text_of(error["message"])}};
}

Subscriber::Outcome Subscriber::on_record(const protocol::ServerFrame& frame, Effects& effects) {
  const auto place = subscriptions_.find(frame.id);
  if (place == subscriptions_.end()) return {};
  const auto& subscribed = place->second;
  const auto* errors = frame.payload["errors"].as_list();
  if (errors && !errors->empty()) {
    auto report = failed({Code::rejected, "a change arrived with errors: " + text_of(errors->front()["message"])},
                         "subscribe", subscribed.model);
    report.what.error_type = text_of(errors->front()["errorType"]);
    effects.push_back(std::move(report));
    return {};
  }
  const auto& item = frame.payload["data"][protocol::subscription_field(*subscribed.model, subscribed.what)];
  if (item.is_null()) return {};
  auto received = protocol::read_record(*subscribed.model, item);
  if (!received) {
    effects.push_back(failed(received.error(), "subscribe", subscribed.model));
    return {};
  }
  Outcome outcome;
  outcome.inbound.push_back({std::move(received->record), received->metadata});
  return outcome;
}

Subscriber::Outcome Subscriber::established_if_complete() {
  if (state_ != State::starting || unanswered_count_ > 0) return {};
  state_ = State::established;
  return {.is_established = true};
}

}  // namespace holdfast::sync
