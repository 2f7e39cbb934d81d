#include "tests/simulation/sim_disk.h"

#include <utility>

namespace holdfast::simulation {

class SimDisk::Mounted final : public client::Storage {
 public:
  Mounted(SimDisk& disk, std::uint64_t incarnation) : disk_(disk), incarnation_(incarnation) {}

  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override {
    if (is_dead()) return dead();
    return disk_.inner_->query(model, query, sink);
  }
  Result<std::size_t> count(const ModelSchema& model, const Predicate& where) override {
    if (is_dead()) return dead();
    return disk_.inner_->count(model, where);
  }
  Result<std::vector<std::string>> explain(const ModelSchema& model, const Query& query) override {
    if (is_dead()) return dead();
    return disk_.inner_->explain(model, query);
  }
  Result<void> query_placed(const ModelSchema& model, const Query& query,
                            const std::function<void(Record&, client::Place)>& sink) override {
    if (is_dead()) return dead();
    return disk_.inner_->query_placed(model, query, sink);
  }
  Result<client::Stored> find(const ModelSchema& model, const Key& key) override {
    if (is_dead()) return dead();
    return disk_.inner_->find(model, key);
  }
  Result<std::size_t> outbox_size() override {
    if (is_dead()) return dead();
    return disk_.inner_->outbox_size();
  }
  Result<std::vector<client::DeadLetter>> dead_letters(std::int64_t after, std::size_t limit) override {
    if (is_dead()) return dead();
    return disk_.inner_->dead_letters(after, limit);
  }
  Result<client::Unsettled> unsettled(const ModelSchema& model, const Key& key) override {
    if (is_dead()) return dead();
    return disk_.inner_->unsettled(model, key);
  }
  Result<void> write(client::Commit commit, const Body& body) override {
    if (is_dead()) return dead();
    ++disk_.writes_;
    const bool is_last = disk_.writes_left_ == 1;
    if (disk_.writes_left_ > 0) --disk_.writes_left_;
    if (is_last && disk_.point_ == CrashPoint::before_commit) {
      disk_.crash();
      return dead();
    }
    auto written = disk_.inner_->write(commit, [&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(made, body(transaction));
      if (disk_.fails && disk_.fails()) return Error{Code::storage_failed, "the disk could not write"};
      return {};
    });
    if (is_last) disk_.crash();
    return written;
  }
  Result<void> clear() override {
    if (is_dead()) return dead();
    ++disk_.writes_;
    return disk_.inner_->clear();
  }

 private:
  [[nodiscard]] bool is_dead() const { return disk_.incarnation_ != incarnation_; }
  static Error dead() { return {Code::closed, "this process is dead"}; }

  SimDisk& disk_;
  std::uint64_t incarnation_;
};

std::unique_ptr<client::Storage> SimDisk::mount() {
  has_crashed_ = false;
  writes_left_ = 0;
  return std::make_unique<Mounted>(*this, ++incarnation_);
}

void SimDisk::crash_at(unsigned writes, CrashPoint point) {
  writes_left_ = writes;
  point_ = point;
}

void SimDisk::crash() {
  has_crashed_ = true;
  unmount();
  if (on_crash) on_crash();
}

}  // namespace holdfast::simulation
