#include "capi/store.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

#include "capi/forms.h"

namespace holdfast::capi {
namespace {

Result<StoreOptions> read_options(const char* path, std::int32_t durability, std::int32_t delivery) {
  if (durability != HF_DURABILITY_FULL && durability != HF_DURABILITY_NORMAL) {
    return Error{Code::invalid_argument, "durability is neither HF_DURABILITY_FULL nor HF_DURABILITY_NORMAL"};
  }
  if (delivery != HF_DELIVERY_INLINE && delivery != HF_DELIVERY_POLL) {
    return Error{Code::invalid_argument, "delivery is neither HF_DELIVERY_INLINE nor HF_DELIVERY_POLL"};
  }
  StoreOptions options;
  options.path = path ? path : "";
  options.durability = durability == HF_DURABILITY_FULL ? Durability::full : Durability::normal;
  options.delivery = delivery == HF_DELIVERY_INLINE ? Delivery::inline_calls : Delivery::by_poll;
  return options;
}

bool is_in_transaction(const Opened& opened) { return opened.transacting.load() == std::this_thread::get_id(); }

void set_callbacks(const hf_sync_callbacks& callbacks, SyncOptions& options) {
  auto* const context = callbacks.context;
  if (callbacks.on_error) {
    options.on_error = [call = callbacks.on_error, context](const SyncError& error) {
      call(context, text_of(error).c_str());
    };
  }
  if (callbacks.on_conflict) {
    options.on_conflict = [call = callbacks.on_conflict, context](const Conflict& conflict) -> ConflictAnswer {
      switch (call(context, text_of(conflict).c_str())) {
        case HF_RETRY_LOCAL: return RetryLocal{};
        case HF_DISCARD: return Discard{};
        default: return ApplyRemote{};
      }
    };
  }
}

void add_expressions(const Schema& schema, const hf_sync_callbacks& callbacks, SyncOptions& options) {
  if (!callbacks.select) return;
  for (const auto& model : schema.models) {
    options.expressions.push_back({model.name, [select = callbacks.select, context = callbacks.context,
                                                name = model.name](SyncExpression::Answer answer) {
                                     select(context, name.c_str(), new hf_choice{std::move(answer)});
                                   }});
  }
}

/// Notes whose thread the body runs on, as long as it runs.
class Transacting {
 public:
  explicit Transacting(Opened& opened) : opened_(opened) { opened_.transacting = std::this_thread::get_id(); }
  ~Transacting() { opened_.transacting = std::thread::id(); }
  Transacting(const Transacting&) = delete;
  Transacting& operator=(const Transacting&) = delete;

 private:
  Opened& opened_;
};

}  // namespace

Result<DataStore*> whole_store(hf_store* handle) {
  HOLDFAST_TRY(present, need(handle, "store"));
  if (!handle->transaction) return &*handle->opened->store;
  return Error{Code::invalid_argument, "a transaction cannot do this: call it with the store, after the transaction"};
}

Result<DataStore*> idle_store(hf_store* handle) {
  HOLDFAST_TRY(store, whole_store(handle));
  if (!is_in_transaction(*handle->opened)) return store;
  return Error{Code::invalid_argument, "inside a transaction this would wait for its end: call it afterwards"};
}

Result<const ModelSchema*> model_of(hf_store* handle, const char* name) {
  HOLDFAST_TRY(present, need(handle, "store"));
  return read_model(handle->opened->schema, name);
}

}  // namespace holdfast::capi

using namespace holdfast;
using namespace holdfast::capi;

const char* hf_version(void) { return HOLDFAST_VERSION; }

const char* hf_code_name(int32_t code) {
  if (code == HF_OK) return "ok";
  if (code == HF_UNEXPECTED) return "unexpected";
  // Words are literals, hence end with a NUL.
  return code > HF_OK && code < HF_UNEXPECTED ? name(static_cast<Code>(code - 1)).data() : "unknown";
}

void hf_free(char* text) { std::free(text); }

int32_t hf_open(const char* schema, const char* path, int32_t durability, int32_t delivery, hf_store** store,
                hf_error* error) {
  if (store) *store = nullptr;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(present, need(store, "where to put the store"));
    HOLDFAST_TRY(options, read_options(path, durability, delivery));
    HOLDFAST_TRY(models, read_schema(schema));
    auto opened = std::make_unique<Opened>();
    opened->schema = std::move(models);
    HOLDFAST_TRY(made, DataStore::open(opened->schema, std::move(options)));
    opened->store.emplace(std::move(made));
    *store = &opened.release()->handle;
    return {};
  });
}

void hf_close(hf_store* store) {
  if (store && !store->transaction && !is_in_transaction(*store->opened)) delete store->opened;
}

int32_t hf_transaction(hf_store* store, hf_body body, void* context, hf_error* error) {
  std::int32_t outcome = HF_OK;
  const auto code = answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, whole_store(store));
    HOLDFAST_TRY(present, need(reinterpret_cast<const void*>(body), "body"));
    return data->run_transaction([&](Transaction& transaction) -> Result<void> {
      const Transacting noted(*store->opened);
      hf_store handle{store->opened, &transaction};
      outcome = body(&handle, context);
      if (outcome == HF_OK) return {};
      return Error{Code::invalid_argument, "the body returned another code than HF_OK: everything is undone"};
    });
  });
  // The body's own code says more than ours.
  if (outcome == HF_OK) return code;
  if (error) error->code = outcome;
  return outcome;
}

int32_t hf_start(hf_store* store, const char* options, const hf_sync_callbacks* callbacks, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    AuthForm auth;
    HOLDFAST_TRY(sync, read_sync_options(options, auth));
    HOLDFAST_TRY(authorized, set_auth(auth, callbacks, sync));
    if (callbacks) {
      set_callbacks(*callbacks, sync);
      add_expressions(store->opened->schema, *callbacks, sync);
    }
    return data->start(std::move(sync));
  });
}

int32_t hf_choose(hf_choice* choice, const char* condition, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(present, need(choice, "choice"));
    const std::unique_ptr<hf_choice> owned(choice);
    auto where = read_choice(condition);
    owned->answer(where);
    return where ? Result<void>() : Result<void>(std::move(where).error());
  });
}

int32_t hf_reselect(hf_store* store, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    return data->reselect();
  });
}

int32_t hf_verify(hf_store* store, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    return data->verify();
  });
}

int32_t hf_stop(hf_store* store, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    return data->stop(), Result<void>();
  });
}

int32_t hf_clear(hf_store* store, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    return data->clear();
  });
}

int32_t hf_set_online(hf_store* store, int32_t is_online, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    return data->set_online(is_online != 0), Result<void>();
  });
}

int32_t hf_poll(hf_store* store, uint64_t* count, hf_error* error) {
  if (count) *count = 0;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    const auto ran = data->poll();
    if (count) *count = ran;
    return {};
  });
}

int32_t hf_pending_count(hf_store* store, uint64_t* count, hf_error* error) {
  if (count) *count = 0;
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, whole_store(store));
    HOLDFAST_TRY(present, need(count, "count"));
    HOLDFAST_TRY(pending, data->pending_count());
    *count = pending;
    return {};
  });
}
