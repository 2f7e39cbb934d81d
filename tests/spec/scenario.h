// Scenario: a piece of sync behaviour as data: steps, and what must be seen after them. The forms stand in README.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/value.h"
#include "tests/spec/stage.h"

namespace holdfast::spec {

/// One `{"do": verb, …}` or `{"expect…": {…}}`.
struct Step {
  std::size_t number = 0;  ///< From 1.
  std::string verb = {};   ///< "save", "settle", …, or "expect", "expect_outbox", …
  Object arguments = {};
};

struct Scenario {
  std::string name = {};
  std::vector<std::string> behaviours = {};  ///< Ids of the list of behaviours.
  std::vector<std::int64_t> defects = {};    ///< Numbers of docs/upstream-defects.md: those that it would show.
  StageOptions stage = {};
  bool begins_synced = true;  ///< Backend and devices are started and settled before the first step.
  std::vector<Step> steps = {};
};

/// Code: malformed, naming the member that is unknown, missing or of the wrong kind.
Result<Scenario> read_scenario(std::string_view text);

/// Plays it on the blog schema. The error names the step and shows what was expected and what was seen.
Result<void> play(const Scenario& scenario, Medium medium);

}  // namespace holdfast::spec
