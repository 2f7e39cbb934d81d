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
    disk_.notice_power_cut();
    return written;
  }
  Result<void> clear() override {
    if (is_dead()) return dead();
    ++disk_.writes_;
    auto cleared = disk_.inner_->clear();
    disk_.notice_power_cut();
    return cleared;
  }

 private:
  [[nodiscard]] bool is_dead() const { return disk_.incarnation_ != incarnation_; }
  static Error dead() { return {Code::closed, "this process is dead"}; }

  SimDisk& disk_;
  std::uint64_t incarnation_;
};

Result<std::unique_ptr<client::Storage>> SimDisk::mount(const Schema& schema, std::uint64_t whim) {
  had_power_cut_ = is_cut_planned_ && medium_.power->has_failed();
  if (medium_.power) {
    medium_.power->heal();  // Not while it is closed or opened: a cut that has not come yet does not come.
    inner_.reset();         // Files are closed by a process that ends; a database in memory would be gone.
    if (had_power_cut_) medium_.power->restore_power(whim);
  }
  is_cut_planned_ = false;
  if (!inner_ || schema_ != &schema) {
    HOLDFAST_TRY(opened, medium_.open(schema));
    inner_ = std::move(opened);
    schema_ = &schema;
  }
  has_crashed_ = false;
  writes_left_ = 0;
  ++writes_;
  return std::unique_ptr<client::Storage>(std::make_unique<Mounted>(*this, ++incarnation_));
}

void SimDisk::crash_at(unsigned writes, CrashPoint point) {
  writes_left_ = writes;
  point_ = point;
}

void SimDisk::cut_power_at(std::uint64_t calls) {
  if (is_cut_planned_ && medium_.power->has_failed()) return;  // It is already gone.
  medium_.power->fail_at(calls, sqlite::testing::Fault::power_cut);
  is_cut_planned_ = true;
}

bool SimDisk::notice_power_cut() {
  if (!is_cut_planned_ || !medium_.power->has_failed()) return false;
  point_ = CrashPoint::power_cut;
  if (!has_crashed_) crash();
  return true;
}

void SimDisk::crash() {
  has_crashed_ = true;
  unmount();
  if (on_crash) on_crash();
}

}  // namespace holdfast::simulation
