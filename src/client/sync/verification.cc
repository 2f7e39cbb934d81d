#include "client/sync/verification.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/sync/hydrator.h"
#include "client/sync/verifier.h"

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

class ByChecksums final : public Verification {
 public:
  ByChecksums(const Ports& ports, Hydrator& hydrator) : verifier_(ports), hydrator_(hydrator) {}

  void interrupt() override { verifier_.cancel(); }

  Result<Next> on_live(Effects& effects) override {
    if (verifier_.is_running()) return Next::nothing;
    const auto suspects = differing(found_);
    HOLDFAST_TRY(started, verifier_.start(is_repairing_ ? &suspects : nullptr, effects));
    return go_on(effects);
  }

  Result<Next> on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects) override {
    HOLDFAST_TRY(taken, verifier_.on_reply(now, reply, effects));
    return go_on(effects);
  }

  Result<Next> on_wake(Time now, Effects& effects) override {
    if (!verifier_.is_running()) return Next::nothing;
    HOLDFAST_TRY(woken, verifier_.on_wake(now, effects));
    return go_on(effects);
  }

  [[nodiscard]] bool owns(ExchangeId id) const noexcept override { return verifier_.owns(id); }
  [[nodiscard]] std::optional<Tick> wake_at() const noexcept override { return verifier_.wake_at(); }

 private:
  Result<Next> go_on(Effects& effects) {
    if (verifier_.is_running()) return Next::nothing;
    if (!is_repairing_) return repair(effects);
    const auto& compared = verifier_.found();
    for (auto& model : found_) {
      const auto again = std::find_if(compared.begin(), compared.end(),
                                      [&](const VerifiedModel& one) { return one.model == model.model; });
      if (again != compared.end() && again->outcome == Outcome::same) model.outcome = Outcome::repaired;
    }
    return tell(effects);
  }

  Result<Next> repair(Effects& effects) {
    found_ = verifier_.found();
    const auto suspects = differing(found_);
    if (suspects.empty()) return tell(effects);
    for (const auto& model : suspects) {
      HOLDFAST_TRY(noted, hydrator_.distrust(model));
    }
    is_repairing_ = true;
    return Next::hydrate;
  }

  Next tell(Effects& effects) {
    effects.push_back(effect::Report{Verified{std::move(found_)}});
    return Next::done;
  }

  Verifier verifier_;
  Hydrator& hydrator_;
  bool is_repairing_ = false;          ///< Compared once; what differs is fetched and compared again.
  std::vector<VerifiedModel> found_;   ///< By the first comparison.
};

}  // namespace

std::unique_ptr<Verification> make_verification(const Ports& ports, Hydrator& hydrator) {
  return std::make_unique<ByChecksums>(ports, hydrator);
}

}  // namespace holdfast::sync
