#include "client/sync/outcome.h"

#include <array>
#include <utility>

namespace holdfast::sync {
namespace {

using protocol::Failure;

// In the order of Failure.
constexpr std::array<Outcome, 6> outcomes{{
    {Failure::transient, Deed::try_again, Code::unavailable,
     "Nothing has to be done: it is tried again until the service takes it."},
    {Failure::unauthorized, Deed::ask_later, Code::unauthorized,
     "Give the store credentials that the service accepts: stop(), then start() with them. Unsent changes are kept."},
    {Failure::conflict, Deed::decide, Code::conflict,
     "The service's record stands. The change is among the dead letters: retry it on top of that record, or drop it;"
     " SyncOptions::on_conflict decides at once."},
    {Failure::condition_failed, Deed::give_up, Code::condition_failed,
     "The record at the service does not satisfy the condition of the save. Look at it, then retry the dead letter or "
     "drop it."},
    {Failure::rejected, Deed::give_up, Code::rejected,
     "The service will not take this change as it is. Compare the application's schema with the service's, then retry "
     "the dead letter or drop it."},
    {Failure::malformed, Deed::try_some, Code::malformed,
     "Something between the device and the service answers in its place: look at the endpoint, proxies and captive"
     " portals."},
}};

}  // namespace

const Outcome& outcome_of(Failure failure) noexcept { return outcomes.at(static_cast<std::size_t>(failure)); }

Error error_of(const protocol::ReplyError& refusal) { return {outcome_of(refusal.failure).code, refusal.message}; }

SyncError sync_error(const protocol::ReplyError& refusal, std::string operation, const ModelSchema* model) {
  return {.error = error_of(refusal), .operation = std::move(operation), .model = model ? model->name : std::string(),
          .error_type = refusal.error_type, .local = std::nullopt,
          .recovery = std::string(outcome_of(refusal.failure).recovery)};
}

}  // namespace holdfast::sync
