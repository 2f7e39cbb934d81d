// What the functions of the C interface ask of a handle before they use it. Codes: invalid_argument.
#pragma once

#include "capi/answer.h"
#include "capi/handles.h"

namespace holdfast::capi {

/// The store behind a handle that is no transaction.
Result<DataStore*> whole_store(hf_store* handle);
/// As whole_store, for what would wait for a transaction: not inside its body.
Result<DataStore*> idle_store(hf_store* handle);

/// The model of the handle's schema.
Result<const ModelSchema*> model_of(hf_store* handle, const char* name);

/// Calls `use` with the transaction, or with the store: both have the same untyped doors.
template <class F>
auto through(hf_store& handle, F&& use) {
  return handle.transaction ? use(*handle.transaction) : use(*handle.opened->store);
}

}  // namespace holdfast::capi
