// What the handles of the C interface are.
#pragma once

#include <atomic>
#include <optional>
#include <thread>

#include "holdfast/c/holdfast.h"
#include "holdfast/datastore.h"

namespace holdfast::capi {
struct Opened;
}  // namespace holdfast::capi

struct hf_store {
  holdfast::capi::Opened* opened = nullptr;
  holdfast::Transaction* transaction = nullptr;  ///< Null outside the body of a transaction.
};

struct hf_subscription {
  holdfast::Subscription subscription;
};

struct hf_choice {
  holdfast::SyncExpression::Answer answer;
};

struct hf_snapshot {
  holdfast::Items<holdfast::Record> items;
  bool is_synced = false;
};

namespace holdfast::capi {

/// A store, with the schema that it refers to and the handle that stands for it.
struct Opened {
  Schema schema;
  std::optional<DataStore> store = {};
  hf_store handle = {this, nullptr};
  /// The thread that is in the body of a transaction: what would wait for that body is refused there.
  std::atomic<std::thread::id> transacting = {};
};

}  // namespace holdfast::capi
