// The words for changes and events.
#include <array>

#include "holdfast/observe.h"
#include "holdfast/sync.h"

namespace holdfast {

std::string_view name(ChangeType type) noexcept {
  constexpr std::array<std::string_view, 3> words{"inserted", "updated", "removed"};
  return words.at(static_cast<std::size_t>(type));
}

std::string_view name(const SyncEvent& event) noexcept {
  // In the order of the variant's alternatives.
  constexpr std::array<std::string_view, std::variant_size_v<SyncEvent>> words{
      "networkStatus", "subscriptionsEstablished", "syncQueriesStarted", "modelSynced",
      "syncQueriesReady", "ready", "outboxStatus", "outboxMutationEnqueued",
      "outboxMutationProcessed", "outboxMutationFailed", "syncProgress", "verified"};
  return words.at(event.index());
}

std::string_view name(SyncState state) noexcept {
  constexpr std::array<std::string_view, 4> words{"clean", "pending", "in_flight", "rejected"};
  return words.at(static_cast<std::size_t>(state));
}

std::string_view name(VerifiedModel::Outcome outcome) noexcept {
  constexpr std::array<std::string_view, 4> words{"same", "repaired", "differs", "skipped"};
  return words.at(static_cast<std::size_t>(outcome));
}

}  // namespace holdfast
