// Workloads: the parts of a world's composition, run together.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/workload.h"

namespace holdfast::simulation {

class Workloads {
 public:
  explicit Workloads(World& world);

  void found();
  /// Spreads the operations over the time of chaos, shared out by weight.
  void plan();
  void on_sign_out(const SimDevice& sim, const std::set<std::string>& unsent);
  void on_written(const server::Image& image);
  void check_device(const SimDevice& sim, const Rows& held);
  void check_end(const Rows& backend);

 private:
  void operate(SimDevice& sim);

  struct Part {
    std::string kind;
    std::int64_t weight = 0;
    std::unique_ptr<Workload> workload;
  };
  World& world_;
  std::vector<Part> parts_;
  std::int64_t weights_ = 0;
};

}  // namespace holdfast::simulation
