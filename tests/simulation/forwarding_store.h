// ForwardingStore: a Store in front of another, for stores that differ from it in one thing.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/store/store.h"

namespace holdfast::simulation {

/// `inner` outlives it.
class ForwardingStore : public server::Store {
 public:
  explicit ForwardingStore(server::Store& inner) : inner_(&inner) {}

  /// Goes on in front of another.
  void stand_before(server::Store& inner) { inner_ = &inner; }

  Result<std::optional<server::Image>> get(const ModelSchema& model, const Key& key) override {
    return inner_->get(model, key);
  }
  Result<std::vector<std::optional<server::Image>>> get_all(const ModelSchema& model,
                                                            const std::vector<Key>& keys) override {
    return inner_->get_all(model, keys);
  }
  Result<std::optional<server::Image>> image_at(const ModelSchema& model, const Key& key,
                                                std::int64_t version) override {
    return inner_->image_at(model, key, version);
  }
  Result<std::optional<server::Image>> find_mutation(std::string_view mutation_id) override {
    return inner_->find_mutation(mutation_id);
  }
  Result<server::PutOutcome> put(const server::ConditionalPut& put) override { return inner_->put(put); }
  std::vector<Result<void>> put_together(Works works) override { return inner_->put_together(works); }
  Result<server::ImagePage> list(const ModelSchema& model, const ListOptions& options) override {
    return inner_->list(model, options);
  }
  Result<std::vector<server::ImagePage>> read_index(const ModelSchema& model, const IndexOptions& options,
                                                    const std::vector<Partition>& partitions) override {
    return inner_->read_index(model, options, partitions);
  }
  Result<server::ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                          std::string_view after) override {
    return inner_->changed_since(model, since, limit, after);
  }
  Result<bool> trim(const ModelSchema& model, const TrimOptions& options) override {
    return inner_->trim(model, options);
  }
  Result<Instant> read_horizon() override { return inner_->read_horizon(); }
  void on_commit(std::function<void(const server::ChangeEntry&)> listener) override {
    inner_->on_commit(std::move(listener));
  }
  Result<std::optional<std::string>> setting(std::string_view name) override { return inner_->setting(name); }
  Result<void> set_setting(std::string_view name, std::string_view value) override {
    return inner_->set_setting(name, value);
  }
  Result<void> journal(const server::JournalEntry& entry, std::int64_t rows_max) override {
    return inner_->journal(entry, rows_max);
  }
  Result<std::vector<server::JournalEntry>> conflicts(const server::JournalQuery& query) override {
    return inner_->conflicts(query);
  }
  Result<void> backup(const std::string& path) override { return inner_->backup(path); }

 private:
  server::Store* inner_;
};

}  // namespace holdfast::simulation
