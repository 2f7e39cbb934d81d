// What happens beside the records: long first syncs, people who come and go, rights that are taken away.
#include <utility>

#include "tests/simulation/workload.h"

namespace holdfast::simulation {
namespace {

/// Posts that the backend has before the first device starts.
class Hydrate final : public Workload {
 public:
  Hydrate(World& world, std::int64_t rows) : Workload(world), rows_(rows) {}
  void found() override {
    for (std::int64_t number = 0; number < rows_; ++number) {
      Record post(served_model("Post"));
      post["id"] = "own-founded-" + std::to_string(number);
      post["title"] = "founded";
      post["rating"] = number;
      Workload::found(std::move(post));
    }
  }
  void operate(SimDevice& /*sim*/) override {}
  void check_end(const Rows& backend) override {
    for (std::int64_t number = 0; number < rows_; ++number) {
      const auto name = name_of("Post", "own-founded-" + std::to_string(number));
      if (!backend.contains(name)) return fail("lost: " + name);
    }
  }

 private:
  const std::int64_t rows_;
};

class SignOut final : public Workload {
 public:
  using Workload::Workload;
  void operate(SimDevice& sim) override { sign_out(sim); }
};

class Revoke final : public Workload {
 public:
  Revoke(World& world, std::int64_t most_ms) : Workload(world), most_ms_(most_ms) {}
  void operate(SimDevice& sim) override {
    const auto& models = sim.schema->models;
    const auto& model = models[below(random(), models.size())];
    revoke(sim, model, Milliseconds(random().between(1, most_ms_)));
  }

 private:
  const std::int64_t most_ms_;
};

}  // namespace

std::vector<WorkloadKind> access_kinds() {
  return {
      {"hydrate",
       {{"rows", 40}},
       [](World& world, const WorkloadSpec& spec, SimRandom& random) {
         return std::make_unique<Hydrate>(world, spec.drawn(random, "rows"));
       }},
      {"sign_out", {}, [](World& world, const WorkloadSpec&, SimRandom&) { return std::make_unique<SignOut>(world); }},
      {"revoke", {{"most_ms", 10'000}}, [](World& world, const WorkloadSpec& spec, SimRandom& random) {
         return std::make_unique<Revoke>(world, spec.drawn(random, "most_ms"));
       }}};
}

}  // namespace holdfast::simulation
