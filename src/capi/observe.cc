// Observers and live queries.
#include <memory>
#include <utility>

#include "capi/forms.h"
#include "capi/store.h"

using namespace holdfast;
using namespace holdfast::capi;

static_assert(HF_INSERTED == static_cast<int>(ChangeType::inserted) &&
              HF_UPDATED == static_cast<int>(ChangeType::updated) &&
              HF_REMOVED == static_cast<int>(ChangeType::removed) && HF_LOCAL == static_cast<int>(Origin::local) &&
              HF_REMOTE == static_cast<int>(Origin::remote));

int32_t hf_observe(hf_store* store, const char* model, const char* where, hf_on_change on_change, void* context,
                   hf_subscription** subscription, hf_error* error) {
  if (subscription) *subscription = nullptr;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, whole_store(store));
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(callable, need(reinterpret_cast<const void*>(on_change), "on_change"));
    HOLDFAST_TRY(present, need(subscription, "where to put the subscription"));
    HOLDFAST_TRY(condition, read_where(store->opened->schema, *known, where));
    auto made = std::make_unique<hf_subscription>();
    made->subscription =
        data->observe_records(*known, std::move(condition), [on_change, context](const RecordChange& change) {
          on_change(context, static_cast<int32_t>(change.type), static_cast<int32_t>(change.origin),
                    text_of(change.record).c_str());
        });
    *subscription = made.release();
    return {};
  });
}

int32_t hf_observe_query(hf_store* store, const char* model, const char* query, hf_on_snapshot on_snapshot,
                         void* context, hf_subscription** subscription, hf_error* error) {
  if (subscription) *subscription = nullptr;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, whole_store(store));
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(callable, need(reinterpret_cast<const void*>(on_snapshot), "on_snapshot"));
    HOLDFAST_TRY(present, need(subscription, "where to put the subscription"));
    HOLDFAST_TRY(asked, read_query(store->opened->schema, *known, query));
    auto made = std::make_unique<hf_subscription>();
    HOLDFAST_TRY(begun, data->observe_query_rows(*known, asked, row_form<Record>(),
                                                 [on_snapshot, context](const Rows& rows, bool is_synced) {
                                                   const hf_snapshot snapshot{Items<Record>(rows), is_synced};
                                                   on_snapshot(context, &snapshot);
                                                 }));
    made->subscription = std::move(begun);
    *subscription = made.release();
    return {};
  });
}

size_t hf_snapshot_size(const hf_snapshot* snapshot) { return snapshot ? snapshot->items.size() : 0; }

int32_t hf_snapshot_is_synced(const hf_snapshot* snapshot) { return snapshot && snapshot->is_synced ? 1 : 0; }

char* hf_snapshot_record(const hf_snapshot* snapshot, size_t index) {
  char* record = nullptr;
  answer(nullptr, [&]() -> Result<void> {
    if (snapshot && index < snapshot->items.size()) record = copied(text_of(snapshot->items[index]));
    return {};
  });
  return record;
}

int32_t hf_observe_events(hf_store* store, hf_on_event on_event, void* context, hf_subscription** subscription,
                          hf_error* error) {
  if (subscription) *subscription = nullptr;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, whole_store(store));
    HOLDFAST_TRY(callable, need(reinterpret_cast<const void*>(on_event), "on_event"));
    HOLDFAST_TRY(present, need(subscription, "where to put the subscription"));
    auto made = std::make_unique<hf_subscription>();
    made->subscription =
        data->on_event([on_event, context](const SyncEvent& event) { on_event(context, text_of(event).c_str()); });
    *subscription = made.release();
    return {};
  });
}

void hf_cancel(hf_subscription* subscription) { delete subscription; }
