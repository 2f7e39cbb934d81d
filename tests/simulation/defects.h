// Defects: faults of the product that a test switches on, to show that the simulation can fail. The product knows
// nothing of them: each is a lie told at one of the world's edges, to an engine or a backend that does its part.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "tests/simulation/world.h"

namespace holdfast::simulation {

struct Defect {
  std::string_view name;
  std::string_view breaks;     ///< What it does wrong, for people.
  std::string_view caught_by;  ///< Stands in the failure of the checker that must find it.
  std::function<void(WorldOptions&)> switch_on;
  std::uint64_t seeds_max = 20;  ///< It must be found by the seeds from 1 to this.
};

const std::vector<Defect>& defects();

/// Of a device's outbox, of its rows, of what it keeps of them, of what the backend writes and tells, of the wires, and
/// of what the backend lets callers do.
void add_outbox_defects(std::vector<Defect>& table);
void add_storage_defects(std::vector<Defect>& table);
void add_store_defects(std::vector<Defect>& table);
void add_serving_defects(std::vector<Defect>& table);
void add_wire_defects(std::vector<Defect>& table);
void add_selection_defects(std::vector<Defect>& table);
void add_access_defects(std::vector<Defect>& table);

}  // namespace holdfast::simulation
