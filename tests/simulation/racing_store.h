// RacingStore: a Store between whose reads and writes another request may run to its end: races without threads.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/store/store.h"
#include "tests/simulation/sim_random.h"

namespace holdfast::simulation {

class RacingStore final : public server::Store {
 public:
  RacingStore(server::Store& inner, SimRandom& random) : inner_(inner), random_(random) {}

  /// Lets something else run first, now and then; null switches racing off.
  std::function<void()> race;
  unsigned race_permille = 50;
  /// How often each mutation id was written: never more than once.
  [[nodiscard]] const std::map<std::string, int>& written() const { return written_; }

  Result<std::optional<server::Image>> get(const ModelSchema& model, const Key& key) override {
    return inner_.get(model, key);
  }
  Result<std::vector<std::optional<server::Image>>> get_all(const ModelSchema& model,
                                                            const std::vector<Key>& keys) override {
    return inner_.get_all(model, keys);
  }
  Result<std::optional<server::Image>> image_at(const ModelSchema& model, const Key& key,
                                                std::int64_t version) override {
    return inner_.image_at(model, key, version);
  }
  Result<std::optional<server::Image>> find_mutation(std::string_view mutation_id) override {
    return inner_.find_mutation(mutation_id);
  }
  Result<server::PutOutcome> put(const server::ConditionalPut& put) override {
    if (race && depth_ < 3 && random_.happens(race_permille)) {
      ++depth_;
      race();
      --depth_;
    }
    auto outcome = inner_.put(put);
    const bool is_written = outcome && outcome->kind == server::PutOutcome::Kind::written;
    if (is_written && !put.mutation_id.empty()) ++written_[put.mutation_id];
    return outcome;
  }
  Result<server::ImagePage> list(const ModelSchema& model, const ListOptions& options) override {
    return inner_.list(model, options);
  }
  Result<server::ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                          std::string_view after) override {
    return inner_.changed_since(model, since, limit, after);
  }
  Result<Instant> read_horizon() override { return inner_.read_horizon(); }
  void on_commit(std::function<void(const server::ChangeEntry&)> listener) override {
    inner_.on_commit(std::move(listener));
  }
  Result<std::optional<std::string>> setting(std::string_view name) override { return inner_.setting(name); }
  Result<void> set_setting(std::string_view name, std::string_view value) override {
    return inner_.set_setting(name, value);
  }

 private:
  server::Store& inner_;
  SimRandom& random_;
  int depth_ = 0;
  std::map<std::string, int> written_;
};

}  // namespace holdfast::simulation
