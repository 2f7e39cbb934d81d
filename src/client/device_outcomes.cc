// Device's doors to what became of changes: sync state, receipts, dead letters.
#include <atomic>
#include <string>
#include <utility>

#include "client/device.h"
#include "client/device_inside.h"
#include "model/keyed.h"

namespace holdfast {
namespace {

DeadLetter public_form(client::DeadLetter letter) {
  auto record = keyed_record(*letter.entry.model, letter.entry.key);
  apply_patch(letter.entry.changes, record);
  return {.id = letter.entry.id,
          .operation = std::string(client::name(letter.entry.operation)),
          .record = std::move(record),
          .changes = std::move(letter.entry.changes),
          .error = {letter.refusal.code, std::move(letter.refusal.message)},
          .error_type = std::move(letter.refusal.error_type),
          .refused_at = letter.refusal.at};
}

/// The error of an event that ends a change of the record; null within for a change that was taken. Nothing for any
/// other.
std::optional<const SyncError*> end_of_change(const SyncEvent& event, const std::string& model, const Key& key) {
  if (const auto* taken = std::get_if<OutboxProcessed>(&event)) {
    return taken->model == model && taken->key == key ? std::optional<const SyncError*>(nullptr) : std::nullopt;
  }
  const auto* failed = std::get_if<OutboxFailed>(&event);
  const bool is_ours =
      failed && failed->error.local && failed->error.model == model && failed->error.local->key() == key;
  return is_ours ? std::optional(&failed->error) : std::nullopt;
}

/// The receipt, once nothing of the key waits.
std::optional<Receipt> receipt_now(client::Storage& storage, const ModelSchema& model, const Key& key) {
  const auto unsettled = storage.unsettled(model, key);
  if (!unsettled || unsettled->waiting > 0) return std::nullopt;
  const auto stored = storage.find(model, key);
  if (!stored) return std::nullopt;
  return Receipt{.state = unsettled->dead_letters > 0 ? SyncState::rejected : SyncState::clean,
                 .metadata = stored->metadata, .error = std::nullopt};
}

}  // namespace

Result<SyncState> Device::sync_state(const ModelSchema& model, const Key& key) const {
  HOLDFAST_TRY(checked, check_key(schema_, model, key));
  HOLDFAST_TRY(unsettled, inside_->storage().unsettled(model, key));
  if (unsettled.waiting == 0) return unsettled.dead_letters == 0 ? SyncState::clean : SyncState::rejected;
  return inside_->has_under_way(model, key) ? SyncState::in_flight : SyncState::pending;
}

Subscription Device::on_receipt(const ModelSchema& model, const Key& key,
                                std::function<void(const Receipt&)> callback) {
  HOLDFAST_ASSERT(check_key(schema_, model, key).has_value(), "a receipt is for a record of the store's own schema");
  // Shared by the listener and the look below: whichever finds nothing waiting first tells.
  const auto is_told = std::make_shared<std::atomic<bool>>(false);
  const auto look = [weak = std::weak_ptr(inside_), is_told, &model, key,
                     callback = std::move(callback)](const SyncError* error) {
    const auto inside = weak.lock();
    if (!inside || is_told->load()) return;
    auto receipt = receipt_now(inside->storage(), model, key);
    if (!receipt || is_told->exchange(true)) return;
    if (error) receipt->error = *error;
    callback(*receipt);
  };
  auto subscription = inside_->observers().add_listener([look, &model, key](const SyncEvent& event) {
    if (const auto end = end_of_change(event, model.name, key)) look(*end);
  });
  look(nullptr);
  return subscription;
}

Result<std::vector<DeadLetter>> Device::dead_letters(std::int64_t after, std::size_t limit) const {
  HOLDFAST_TRY(kept, inside_->storage().dead_letters(after, limit));
  std::vector<DeadLetter> letters;
  letters.reserve(kept.size());
  for (auto& letter : kept) letters.push_back(public_form(std::move(letter)));
  return letters;
}

Result<void> Device::retry_dead_letter(std::int64_t id) {
  return inside_->write([id](OpenTransaction& open) { return open.retry_dead_letter(id); });
}

Result<void> Device::drop_dead_letter(std::int64_t id) {
  return inside_->write([id](OpenTransaction& open) { return open.drop_dead_letter(id); });
}

}  // namespace holdfast
