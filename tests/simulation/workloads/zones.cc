// Rows that come and go with the sync expressions of devices.
#include <utility>

#include "tests/simulation/workloads/last_values.h"

namespace holdfast::simulation {
namespace {

/// Posts of each device, which it alone edits, to and fro across the bounds of expressions: its own, so that they leave
/// with an edit that is not sent, and those of others. What it does not see it does not edit.
class Zones final : public Workload {
 public:
  Zones(World& world, std::int64_t rows) : Workload(world), rows_(rows) {}
  void found() override {
    for (unsigned device = 0; device < options().devices; ++device) {
      for (std::int64_t at = 0; at < rows_; ++at) {
        Record post(served_model("Post"));
        post["id"] = id_of(device, at);
        post["title"] = "title zone";
        post["rating"] = at;
        values_.begin(name_of("Post", id_of(device, at)), at);
        Workload::found(std::move(post));
      }
    }
  }
  void operate(SimDevice& sim) override {
    const auto id = id_of(sim.number, random().between(0, rows_ - 1));
    auto post = find(sim, "Post", Key{{id}});
    if (!post || !is_up(sim)) return;
    const Value rating = random().between(0, 40);
    Patch changes{{*post->model->field_index("rating"), rating}};
    if (random().happens(500)) {
      changes.push_back({*post->model->field_index("status"), random().happens(500) ? Value("ACTIVE") : Value()});
    }
    values_.wrote(name_of("Post", id), save(sim, std::move(*post), &changes, "an edit of a zone"), rating);
  }
  void on_sign_out(const SimDevice& /*sim*/, const std::set<std::string>& unsent) override {
    values_.on_sign_out(unsent);
  }
  void check_end(const Rows& backend) override {
    const auto wrong = values_.check(backend, "rating");
    if (!wrong.empty()) fail(wrong);
  }

 private:
  static std::string id_of(unsigned device, std::int64_t at) {
    return std::string(zone_prefix) + std::to_string(device) + "-" + std::to_string(at);
  }

  const std::int64_t rows_;
  LastValues values_;
};

}  // namespace

std::vector<WorkloadKind> zone_kinds() {
  return {{"zones", {{"rows", 4}}, [](World& world, const WorkloadSpec& spec, SimRandom& random) {
             return std::make_unique<Zones>(world, spec.drawn(random, "rows"));
           }}};
}

}  // namespace holdfast::simulation
