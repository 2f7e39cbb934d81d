// Verification: what verify() does: compare, fetch again what differs, compare that once more, tell.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "client/sync/hydrator.h"
#include "client/sync/verifier.h"

namespace holdfast::sync {

/// Runs while the engine is live, and begins anew after an interruption. Passive and not thread-safe.
class Verification {
 public:
  /// What the engine has to do.
  enum class Next : std::uint8_t { nothing, hydrate };

  /// `hydrator` outlives this.
  Verification(const Ports& ports, Hydrator& hydrator) : verifier_(ports), hydrator_(hydrator) {}

  /// To be begun; nothing new while one runs.
  void want() noexcept;
  /// Not wanted any more.
  void forget();
  void interrupt() { verifier_.cancel(); }

  /// The device has caught up with the service.
  Result<Next> on_live(Effects& effects);
  Result<Next> on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects);
  Result<Next> on_wake(Time now, Effects& effects);
  [[nodiscard]] bool owns(ExchangeId id) const noexcept { return verifier_.owns(id); }
  [[nodiscard]] std::optional<Tick> wake_at() const noexcept { return verifier_.wake_at(); }

 private:
  enum class Phase : std::uint8_t { none, comparing, repairing };

  Result<Next> go_on(Effects& effects);
  Result<Next> repair(Effects& effects);
  void tell(Effects& effects);

  Verifier verifier_;
  Hydrator& hydrator_;
  Phase phase_ = Phase::none;
  std::vector<VerifiedModel> found_;   ///< repairing: by the first comparison.
};

}  // namespace holdfast::sync
