#include "tests/simulation/workloads.h"

#include <utility>

namespace holdfast::simulation {

Workloads::Workloads(World& world) : world_(world) {
  for (const auto& spec : world_.options_.composition.workloads) {
    for (const auto& kind : workload_kinds()) {
      if (kind.name != spec.kind) continue;
      parts_.push_back({spec.kind, spec.weight, kind.make(world_, spec, world_.random_)});
      weights_ += spec.weight;
    }
  }
}

void Workloads::found() {
  for (auto& part : parts_) part.workload->found();
}

void Workloads::plan() {
  if (weights_ == 0) return;
  for (unsigned count = 0; count < world_.options_.operations; ++count) {
    world_.agenda_.after(world_.some_time(), [this] {
      auto& sim = *world_.devices_[below(world_.random_, world_.options_.devices)];
      if (sim.device && !sim.disk->has_crashed()) operate(sim);
    });
  }
}

void Workloads::operate(SimDevice& sim) {
  auto drawn = world_.random_.between(0, weights_ - 1);
  for (auto& part : parts_) {
    drawn -= part.weight;
    if (drawn >= 0) continue;
    world_.say("device " + std::to_string(sim.number) + " operates: " + part.kind);
    return part.workload->operate(sim);
  }
}

void Workloads::on_sign_out(const SimDevice& sim, const std::set<std::string>& unsent) {
  for (auto& part : parts_) part.workload->on_sign_out(sim, unsent);
}

void Workloads::on_written(const server::Image& image) {
  for (auto& part : parts_) part.workload->on_written(image);
}

void Workloads::check_device(const SimDevice& sim, const Rows& held) {
  for (auto& part : parts_) part.workload->check_device(sim, held);
}

void Workloads::check_end(const Rows& backend) {
  for (auto& part : parts_) part.workload->check_end(backend);
}

}  // namespace holdfast::simulation
