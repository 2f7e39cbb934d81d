// OpenTransaction: what the application may do inside one storage transaction. The store's own verbs are transactions
// of one call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "base/random.h"
#include "client/outbox/local_write.h"
#include "client/storage/storage.h"

namespace holdfast {

/// The model is one of the store's schema. Code: invalid_argument.
Result<void> check_model(const Schema& schema, const ModelSchema& model);
/// As check_model, and the key has as many parts as the model's. Code: invalid_argument.
Result<void> check_key(const Schema& schema, const ModelSchema& model, const Key& key);

/// Lives as long as the storage's transaction. Its functions are those of DataStore; the contracts stand there.
/// Not thread-safe.
class OpenTransaction {
 public:
  OpenTransaction(const Schema& schema, Random& random, client::Transaction& transaction, bool requires_parents)
      : schema_(schema), random_(random), transaction_(transaction), requires_parents_(requires_parents) {}

  Result<Record> save(Record record, const Patch* changes, const Predicate& condition);
  Result<std::optional<Record>> find(const ModelSchema& model, const Key& key);
  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink);
  Result<std::size_t> count(const ModelSchema& model, const Predicate& where);
  Result<bool> remove(const Record& record, const Predicate& condition);
  Result<std::size_t> remove_where(const ModelSchema& model, const Predicate& where);
  Result<void> retry_dead_letter(std::int64_t id);
  Result<void> drop_dead_letter(std::int64_t id);

  /// The first error after which something may be half written: the transaction must fail with it.
  [[nodiscard]] const Result<void>& outcome() const noexcept { return outcome_; }
  [[nodiscard]] outbox::Written take_written() { return std::exchange(written_, {}); }

 private:
  template <class T>
  Result<T> noted(Result<T> result);
  Result<Record> write(Record record, const Patch* changes, const Predicate& condition);
  Result<client::DeadLetter> dead_letter(std::int64_t id);
  Result<void> make_again(const client::OutboxEntry& change);
  Result<std::size_t> erase_all(const ModelSchema& model, const Predicate& where);
  void fill_key(Record& record);

  const Schema& schema_;
  Random& random_;
  client::Transaction& transaction_;
  const bool requires_parents_;
  outbox::Written written_;
  Result<void> outcome_;
};

}  // namespace holdfast
