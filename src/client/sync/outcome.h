// The table of outcomes: what becomes of a change after each kind of answer. The kinds are protocol::Failure, which
// protocol/failures.cc reads from statuses and words; nothing else decides by them.
#pragma once

#include <cstdint>
#include <string_view>

#include "holdfast/sync.h"
#include "protocol/replies.h"

namespace holdfast::sync {

enum class Deed : std::uint8_t {
  try_again,  ///< Kept, sent again under the same name, without end.
  ask_later,  ///< The same, after the longest delay; the error handler hears of it each time.
  try_some,   ///< Kept and sent again, but a limited number of times.
  decide,     ///< The conflict handler decides.
  give_up,    ///< Leaves the outbox for the dead letters; the row returns to the service's state.
};

struct Outcome {
  protocol::Failure failure;
  Deed deed;
  Code code;                  ///< Of the error that is reported.
  std::string_view recovery;  ///< What the application can do.
};

/// The row of the table. Never fails.
const Outcome& outcome_of(protocol::Failure failure) noexcept;

Error error_of(const protocol::ReplyError& refusal);
/// For the error handler, with error type and recovery suggestion; `model` may be null.
SyncError sync_error(const protocol::ReplyError& refusal, std::string operation, const ModelSchema* model);

}  // namespace holdfast::sync
