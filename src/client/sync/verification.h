// Verification: what verify() does: compare, fetch again what differs, compare that once more, tell.
#pragma once

#include <cstdint>
#include <optional>

#include "client/sync/effects.h"

namespace holdfast::sync {

/// There is one from event::Verify until it is done. Runs while the engine is live, and begins anew after an interruption.
/// The engine knows it by this door only: the code comes with the maker, to programs that ask for it.
/// Passive and not thread-safe. Codes: the storage's.
class Verification {
 public:
  /// What the engine has to do; done: it has told what it found, and may be destroyed.
  enum class Next : std::uint8_t { nothing, hydrate, done };

  Verification() = default;
  Verification(const Verification&) = delete;
  Verification& operator=(const Verification&) = delete;
  virtual ~Verification() = default;

  virtual void interrupt() = 0;
  /// The device has caught up with the service.
  virtual Result<Next> on_live(Effects& effects) = 0;
  virtual Result<Next> on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects) = 0;
  virtual Result<Next> on_wake(Time now, Effects& effects) = 0;
  [[nodiscard]] virtual bool owns(ExchangeId id) const noexcept = 0;
  [[nodiscard]] virtual std::optional<Tick> wake_at() const noexcept = 0;
};

}  // namespace holdfast::sync
