#include "server/resolve/conflict_settling.h"

#include <utility>

#include "server/resolve/conflict.h"
#include "server/resolve/conflict_rules.h"
#include "server/resolve/rows.h"
#include "server/resolve/write_attempt.h"

namespace holdfast::server {
namespace {

using Said = ConflictHandler::Said;

}  // namespace

ConflictSettling::ConflictSettling(const Asked& asked, const Writing& writing)
    : asked_(asked),
      writing_(writing),
      rule_(rule_of(asked.backend.options, *writing.model)),
      handler_(asked, writing, rule_.function) {}

Result<std::optional<Record>> ConflictSettling::base() const {
  std::optional<Record> base;
  if (writing_.version > 0) {
    HOLDFAST_TRY(image, asked_.backend.store.image_at(*writing_.model, writing_.key, writing_.version));
    if (image) base = std::move(image->record);
  }
  return base;
}

Result<Settlement> ConflictSettling::begun(const Image& stored) const {
  HOLDFAST_TRY(ancestor, base());
  Settlement settlement{
      .outcome = Settlement::Outcome::refused, .rule = rule_, .stored = stored, .base = std::move(ancestor)};
  settlement.refusal = refusal("ConflictUnhandled", "Conflict resolver rejects mutation.", Value(object_of(stored)));
  return settlement;
}

Result<Settlement> ConflictSettling::update(const Image& stored) {
  HOLDFAST_TRY(settlement, begun(stored));
  if (rule_.strategy == ConflictStrategy::custom) {
    auto preview = stored.record;
    apply_patch(writing_.changes, preview);
    stamp(asked_, writing_, writing_.model->updated_at, preview);
    hear(handler_.ask(stored, preview), settlement);
  } else if (rule_.strategy == ConflictStrategy::automerge && !stored.metadata.is_deleted) {
    settlement.outcome = Settlement::Outcome::merged;
    settlement.record = auto_merged(stored.record, settlement.base, writing_.changes,
                                    asked_.backend.options.merges_lists_three_way);
    stamp(asked_, writing_, writing_.model->updated_at, *settlement.record);
  }
  return std::move(settlement);
}

Result<Settlement> ConflictSettling::remove(const Image& stored) {
  HOLDFAST_TRY(settlement, begun(stored));
  // Automerge refuses as well (spec/conflict.md §4.2): a delete has nothing to merge, and only its sender can tell
  // whether it is still meant.
  if (rule_.strategy == ConflictStrategy::custom) hear(handler_.ask(stored, std::nullopt), settlement);
  return std::move(settlement);
}

void ConflictSettling::hear(Said said, Settlement& settlement) const {
  switch (said.kind) {
    case Said::Kind::reject: return;
    case Said::Kind::write:
      settlement.outcome = Settlement::Outcome::resolved;
      settlement.record = std::move(said.record);
      return;
    case Said::Kind::remove:
      settlement.outcome = Settlement::Outcome::removed;
      settlement.record = settlement.stored.record;
      return;
    case Said::Kind::failed:
      settlement.outcome = Settlement::Outcome::failed;
      settlement.reason = std::move(said.reason);
      settlement.refusal.error_type = std::move(said.error_type);
      settlement.refusal.message = std::move(said.message);
  }
}

}  // namespace holdfast::server
