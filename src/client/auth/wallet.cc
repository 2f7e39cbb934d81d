#include "client/auth/wallet.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "client/auth/claims.h"

namespace holdfast::auth {
namespace {

/// What ends so soon would end on the way.
constexpr Milliseconds expiry_margin{10'000};

std::vector<Auth> all_of(const SyncOptions& options) {
  std::vector<Auth> auths{options.auth};
  auths.insert(auths.end(), options.more_auth.begin(), options.more_auth.end());
  return auths;
}

bool is_user_mode(AuthMode mode) { return mode == AuthMode::user_pool || mode == AuthMode::oidc; }

}  // namespace

Wallet::Wallet(const SyncOptions& options)
    : auths_(all_of(options)), answer_timeout_(options.request_timeout), ask_again_(options.retry_delay_max) {
  for (const auto& auth : auths_) {
    Purse purse{.auth = &auth};
    if (const auto* key = std::get_if<ApiKey>(&auth)) purse.held.credentials = *key;
    purse.is_held = !can_renew(mode_of(auth));
    purses_.try_emplace(mode_of(auth), std::move(purse));
  }
}

bool Wallet::can_renew(AuthMode mode) const { return mode != AuthMode::none && mode != AuthMode::api_key; }

bool Wallet::is_signed_in(Tick now) const {
  return std::none_of(purses_.begin(), purses_.end(), [now](const auto& one) {
    return is_user_mode(one.first) && one.second.nobody_until && now < *one.second.nobody_until;
  });
}

Wallet::Found Wallet::seek(AuthMode mode, sync::Time now, sync::Effects& effects) {
  const auto found = purses_.find(mode);
  if (found == purses_.end()) return Nobody{};
  auto& purse = found->second;
  if (purse.expires_at && now.wall + expiry_margin >= *purse.expires_at) purse.is_held = false;
  if (purse.is_held) return &purse.held;
  if (purse.nobody_until && now.ticks < *purse.nobody_until) return Nobody{};
  if (!purse.asked) ask(purse, now.ticks, effects);
  return Waiting{};
}

void Wallet::ask(Purse& purse, Tick now, sync::Effects& effects) {
  purse.asked = ++last_question_;
  purse.ask_until = now + answer_timeout_;
  sync::effect::AskCredentials ask{.id = *purse.asked};
  if (const auto* token = std::get_if<TokenAuth>(purse.auth)) ask.source = token->source;
  if (const auto* keys = std::get_if<IamAuth>(purse.auth)) ask.source = keys->source;
  effects.push_back(std::move(ask));
  effects.push_back(sync::effect::WakeAt{purse.ask_until});
}

void Wallet::refuse(AuthMode mode, Issue issue) {
  const auto found = purses_.find(mode);
  if (found == purses_.end() || found->second.held.issue != issue || !can_renew(mode)) return;
  found->second.is_held = false;
}

std::optional<Wallet::Answer> Wallet::take(sync::Time now, sync::event::Credentials& event) {
  for (auto& [mode, purse] : purses_) {
    if (purse.asked != event.id) continue;
    purse.asked.reset();
    return keep(mode, purse, now, event);
  }
  return std::nullopt;
}

Wallet::Answer Wallet::keep(AuthMode mode, Purse& purse, sync::Time now, sync::event::Credentials& event) {
  purse.nobody_until.reset();
  if (!event.given) {
    if (event.given.error().code == Code::unauthorized) purse.nobody_until = now.ticks + ask_again_;
    return {mode, std::move(event.given).error()};
  }
  if (auto* token = std::get_if<AuthToken>(&*event.given)) {
    purse.expires_at = expiry_of(*token);
    purse.held.credentials = std::move(*token);
  } else {
    auto& keys = std::get<IamCredentials>(*event.given);
    const auto& auth = std::get<IamAuth>(*purse.auth);
    purse.expires_at = keys.expires_at;
    purse.held.credentials = protocol::IamKeys{auth.region, auth.signer, std::move(keys)};
  }
  // Over already, as this device's clock has it: then the clock is wrong, or there are no others.
  if (purse.expires_at && now.wall + expiry_margin >= *purse.expires_at) purse.expires_at.reset();
  purse.held.issue = ++last_issue_;
  purse.is_held = true;
  return {mode};
}

void Wallet::end_serving(AuthMode mode) {
  if (mode == AuthMode::lambda) purses_.at(mode).is_held = false;
}

std::optional<Wallet::Answer> Wallet::overdue(Tick now) {
  for (auto& [mode, purse] : purses_) {
    if (!purse.asked || now < purse.ask_until) continue;
    purse.asked.reset();
    return Answer{mode, Error{Code::timed_out, "the source of " + std::string(name(mode)) +
                                                   " credentials did not answer within SyncOptions::request_timeout"}};
  }
  return std::nullopt;
}

}  // namespace holdfast::auth
