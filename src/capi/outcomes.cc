// The C interface to what became of changes.
#include "capi/forms.h"
#include "capi/store.h"

using namespace holdfast;
using namespace holdfast::capi;

int32_t hf_sync_state(hf_store* store, const char* model, const char* key, int32_t* state, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, whole_store(store));
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(present, need(state, "where to put the state"));
    HOLDFAST_TRY(parts, read_key(*known, key));
    HOLDFAST_TRY(found, data->sync_state_of(*known, parts));
    *state = static_cast<std::int32_t>(found);
    return {};
  });
}

int32_t hf_dead_letters(hf_store* store, int64_t after, uint64_t limit, char** letters, hf_error* error) {
  if (letters) *letters = nullptr;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, whole_store(store));
    HOLDFAST_TRY(present, need(letters, "where to put the dead letters"));
    HOLDFAST_TRY(found, data->dead_letters(after, limit));
    *letters = copied(text_of(found));
    return {};
  });
}

int32_t hf_retry_dead_letter(hf_store* store, int64_t id, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    return data->retry_dead_letter(id);
  });
}

int32_t hf_drop_dead_letter(hf_store* store, int64_t id, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    return data->drop_dead_letter(id);
  });
}
