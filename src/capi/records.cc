// The verbs on records, through a store or a transaction.
#include <utility>

#include "capi/forms.h"
#include "capi/store.h"
#include "model/keyed.h"

using namespace holdfast;
using namespace holdfast::capi;

namespace {

Error no_such(const ModelSchema& model, const Key& key) {
  return {Code::not_found, "there is no " + model.name + " with the key " + key.text() + "; hf_save() inserts one"};
}

}  // namespace

int32_t hf_save(hf_store* store, const char* model, const char* record, const char* condition, char** saved,
                hf_error* error) {
  if (saved) *saved = nullptr;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(values, read_record(*known, record));
    HOLDFAST_TRY(where, read_condition(*known, condition));
    HOLDFAST_TRY(stored, through(*store, [&](auto& on) { return on.save_record(std::move(values), nullptr, where); }));
    if (saved) *saved = copied(text_of(stored));
    return {};
  });
}

int32_t hf_update(hf_store* store, const char* model, const char* key, const char* patch, const char* condition,
                  char** saved, hf_error* error) {
  if (saved) *saved = nullptr;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(parts, read_key(*known, key));
    HOLDFAST_TRY(changes, read_patch(*known, parts, patch));
    HOLDFAST_TRY(where, read_condition(*known, condition));
    HOLDFAST_TRY(row, through(*store, [&](auto& on) { return on.find_record(*known, parts); }));
    if (!row) return no_such(*known, parts);
    apply_patch(changes, *row);
    HOLDFAST_TRY(stored, through(*store, [&](auto& on) { return on.save_record(std::move(*row), &changes, where); }));
    if (saved) *saved = copied(text_of(stored));
    return {};
  });
}

int32_t hf_get(hf_store* store, const char* model, const char* key, char** record, hf_error* error) {
  if (record) *record = nullptr;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(present, need(record, "where to put the record"));
    HOLDFAST_TRY(parts, read_key(*known, key));
    HOLDFAST_TRY(row, through(*store, [&](auto& on) { return on.find_record(*known, parts); }));
    if (row) *record = copied(text_of(*row));
    return {};
  });
}

int32_t hf_query(hf_store* store, const char* model, const char* query, hf_on_row on_row, void* context,
                 hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(present, need(reinterpret_cast<const void*>(on_row), "on_row"));
    HOLDFAST_TRY(asked, read_query(store->opened->schema, *known, query));
    const auto sink = [&](Record& row) { on_row(context, text_of(row).c_str()); };
    return through(*store, [&](auto& on) { return on.query_records(*known, asked, sink); });
  });
}

int32_t hf_count(hf_store* store, const char* model, const char* where, uint64_t* count, hf_error* error) {
  if (count) *count = 0;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(present, need(count, "count"));
    HOLDFAST_TRY(condition, read_where(store->opened->schema, *known, where));
    HOLDFAST_TRY(counted, through(*store, [&](auto& on) { return on.count_records(*known, condition); }));
    *count = counted;
    return {};
  });
}

int32_t hf_remove(hf_store* store, const char* model, const char* key, const char* condition, int32_t* was_there,
                  hf_error* error) {
  if (was_there) *was_there = 0;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(parts, read_key(*known, key));
    HOLDFAST_TRY(where, read_condition(*known, condition));
    const auto record = keyed_record(*known, parts);
    HOLDFAST_TRY(removed, through(*store, [&](auto& on) { return on.remove_record(record, where); }));
    if (was_there) *was_there = removed ? 1 : 0;
    return {};
  });
}

int32_t hf_remove_where(hf_store* store, const char* model, const char* where, uint64_t* count, hf_error* error) {
  if (count) *count = 0;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(present, need(where, "where"));
    HOLDFAST_TRY(condition, read_where(store->opened->schema, *known, where));
    HOLDFAST_TRY(removed, through(*store, [&](auto& on) { return on.remove_records(*known, condition); }));
    if (count) *count = removed;
    return {};
  });
}

int32_t hf_metadata(hf_store* store, const char* model, const char* key, char** metadata, hf_error* error) {
  if (metadata) *metadata = nullptr;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, whole_store(store));
    HOLDFAST_TRY(known, model_of(store, model));
    HOLDFAST_TRY(present, need(metadata, "where to put the metadata"));
    HOLDFAST_TRY(parts, read_key(*known, key));
    HOLDFAST_TRY(found, data->metadata_of(*known, parts));
    *metadata = copied(text_of(found));
    return {};
  });
}
