#include "client/sync/verification.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace holdfast::sync {
namespace {

using Outcome = VerifiedModel::Outcome;

std::set<std::string> differing(const std::vector<VerifiedModel>& models) {
  std::set<std::string> names;
  for (const auto& model : models) {
    if (model.outcome == Outcome::differs) names.insert(model.model);
  }
  return names;
}

}  // namespace

void Verification::want() noexcept {
  if (phase_ == Phase::none) phase_ = Phase::comparing;
}

void Verification::forget() {
  verifier_.cancel();
  phase_ = Phase::none;
  found_.clear();
}

Result<Verification::Next> Verification::on_live(Effects& effects) {
  if (phase_ == Phase::none || verifier_.is_running()) return Next::nothing;
  const auto suspects = differing(found_);
  HOLDFAST_TRY(started, verifier_.start(phase_ == Phase::repairing ? &suspects : nullptr, effects));
  return go_on(effects);
}

Result<Verification::Next> Verification::on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects) {
  HOLDFAST_TRY(taken, verifier_.on_reply(now, reply, effects));
  return go_on(effects);
}

Result<Verification::Next> Verification::on_wake(Time now, Effects& effects) {
  if (!verifier_.is_running()) return Next::nothing;
  HOLDFAST_TRY(woken, verifier_.on_wake(now, effects));
  return go_on(effects);
}

Result<Verification::Next> Verification::go_on(Effects& effects) {
  if (verifier_.is_running()) return Next::nothing;
  if (phase_ == Phase::comparing) return repair(effects);
  for (auto& model : found_) {
    const auto again = std::find_if(verifier_.found().begin(), verifier_.found().end(),
                                    [&](const VerifiedModel& one) { return one.model == model.model; });
    if (again != verifier_.found().end() && again->outcome == Outcome::same) model.outcome = Outcome::repaired;
  }
  tell(effects);
  return Next::nothing;
}

Result<Verification::Next> Verification::repair(Effects& effects) {
  found_ = verifier_.found();
  const auto suspects = differing(found_);
  if (suspects.empty()) {
    tell(effects);
    return Next::nothing;
  }
  for (const auto& model : suspects) {
    HOLDFAST_TRY(noted, hydrator_.distrust(model));
  }
  phase_ = Phase::repairing;
  return Next::hydrate;
}

void Verification::tell(Effects& effects) {
  phase_ = Phase::none;
  effects.push_back(effect::Report{Verified{std::exchange(found_, {})}});
}

}  // namespace holdfast::sync
