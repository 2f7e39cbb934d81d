// ForwardingStorage, ForwardingTransaction: for tests, a device's storage in front of another, for storages that differ
// from it in one thing.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/storage/storage.h"

namespace holdfast::client::testing {

/// `inner` outlives it.
class ForwardingTransaction : public Transaction {
 public:
  explicit ForwardingTransaction(Transaction& inner) : inner_(inner) {}

  Result<Stored> find(const ModelSchema& model, const Key& key) override { return inner_.find(model, key); }
  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override {
    return inner_.query(model, query, sink);
  }
  Result<std::size_t> count(const ModelSchema& model, const Predicate& where) override { return inner_.count(model, where); }
  Result<bool> insert(const Record& record) override { return inner_.insert(record); }
  Result<void> put(const Record& record, const Metadata& metadata) override { return inner_.put(record, metadata); }
  Result<Put> put_newer(const SyncedRecord& synced) override { return inner_.put_newer(synced); }
  Result<void> erase(const ModelSchema& model, const Key& key, const Metadata& metadata) override {
    return inner_.erase(model, key, metadata);
  }
  Result<std::int64_t> append(const OutboxEntry& entry) override { return inner_.append(entry); }
  Result<void> rewrite(const OutboxEntry& entry) override { return inner_.rewrite(entry); }
  Result<void> drop(std::int64_t entry) override { return inner_.drop(entry); }
  Result<void> bury(std::int64_t entry, const Refusal& refusal) override { return inner_.bury(entry, refusal); }
  Result<std::optional<DeadLetter>> dead_letter(std::int64_t id) override { return inner_.dead_letter(id); }
  Result<void> drop_dead_letter(std::int64_t id) override { return inner_.drop_dead_letter(id); }
  Result<std::vector<OutboxEntry>> entries_of(const ModelSchema& model, const Key& key) override {
    return inner_.entries_of(model, key);
  }
  Result<std::vector<OutboxEntry>> entries(std::int64_t after, std::size_t limit) override {
    return inner_.entries(after, limit);
  }
  Result<std::size_t> outbox_size() override { return inner_.outbox_size(); }
  Result<std::optional<std::string>> setting(std::string_view name) override { return inner_.setting(name); }
  Result<void> set_setting(std::string_view name, std::string_view value) override {
    return inner_.set_setting(name, value);
  }
  Result<void> drop_setting(std::string_view name) override { return inner_.drop_setting(name); }

 private:
  Transaction& inner_;
};

class ForwardingStorage : public Storage {
 public:
  explicit ForwardingStorage(std::unique_ptr<Storage> inner) : inner_(std::move(inner)) {}

  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override {
    return inner_->query(model, query, sink);
  }
  Result<std::size_t> count(const ModelSchema& model, const Predicate& where) override { return inner_->count(model, where); }
  Result<std::vector<std::string>> explain(const ModelSchema& model, const Query& query) override {
    return inner_->explain(model, query);
  }
  Result<void> query_placed(const ModelSchema& model, const Query& query,
                            const std::function<void(Record&, Place)>& sink) override {
    return inner_->query_placed(model, query, sink);
  }
  Result<Stored> find(const ModelSchema& model, const Key& key) override { return inner_->find(model, key); }
  Result<std::size_t> outbox_size() override { return inner_->outbox_size(); }
  Result<std::vector<DeadLetter>> dead_letters(std::int64_t after, std::size_t limit) override {
    return inner_->dead_letters(after, limit);
  }
  Result<Unsettled> unsettled(const ModelSchema& model, const Key& key) override {
    return inner_->unsettled(model, key);
  }
  Result<void> write(Commit commit, const Body& body) override { return inner_->write(commit, body); }
  Result<void> clear() override { return inner_->clear(); }

 private:
  std::unique_ptr<Storage> inner_;
};

}  // namespace holdfast::client::testing
