// The simulation's program: runs worlds by seed.
//
//   simulation [--first N] [--seeds N] [--jobs N] [--replay-every N] [--trace]
//              [--without REDUCTION]... [--operations N] [--workload FILE | --workloads FOLDER]
//   simulation --kept FILE             those that failed once: see kept.h; --keep FILE adds what fails to them
//   simulation --defect NAME | --defect all        the mutation check: see defects.h
//
// Every `replay-every`-th seed runs twice, and both runs must be the same step by step. A failure prints the seed, what
// failed, the last steps, and the smallest world in which the seed still fails, as a command line to repeat;
// `simulation --first SEED --seeds 1 --trace` shows it again.

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <atomic>
#include <cstdint>
#include <iostream>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/testing.h"
#include "tests/simulation/defects.h"
#include "tests/simulation/kept.h"
#include "tests/simulation/shrink.h"
#include "tests/simulation/world.h"

namespace holdfast::simulation {
namespace {

struct Plan {
  std::uint64_t first = 1;
  std::uint64_t seeds = 1000;
  unsigned jobs = 1;
  std::uint64_t replay_every = 20;
  bool shows_trace = false;
  std::size_t trace_lines = 80;
  std::string defect = {};
  Shrunk smaller = {};
  std::string kept = {};
  std::string keep = {};
  std::string workload = {};
  std::string folder = HOLDFAST_WORKLOADS;
  std::vector<Composition> compositions = {};
};

/// Shared by the jobs' processes.
using ProbeTotals = std::array<std::atomic<std::uint64_t>, probe_count>;

Verdict run_world(const Schema& schema, std::uint64_t seed, WorldOptions options) {
  return World(schema, seed, std::move(options)).run();
}

Verdict run_seed(const Schema& schema, const Plan& plan, std::uint64_t seed) {
  auto options = WorldOptions::drawn(seed, composition_for(plan.compositions, seed));
  plan.smaller.apply(options);
  options.trace_lines = plan.trace_lines;
  return run_world(schema, seed, std::move(options));
}

void print_smallest(const Schema& schema, const Plan& plan, std::uint64_t seed, const std::string& failure) {
  const auto fails = [&](const WorldOptions& options) { return !run_world(schema, seed, options).failure.empty(); };
  const auto smallest = shrink(WorldOptions::drawn(seed, composition_for(plan.compositions, seed)), fails);
  std::cout << "smallest: simulation --first " << seed << " --seeds 1 --trace" << smallest.arguments()
            << (plan.workload.empty() ? "" : " --workload " + plan.workload) << std::endl;
  if (plan.keep.empty()) return;
  const auto kept = keep_in(plan.keep, {seed, smallest}, failure);
  std::cout << (kept ? "kept in " + plan.keep : kept.error().message) << std::endl;
}

// Prints a failure, and gives it; empty when the seed passed.
std::string failure_of(const Schema& schema, const Plan& plan, std::uint64_t seed, ProbeTotals& totals) {
  auto verdict = run_seed(schema, plan, seed);
  for (std::size_t at = 0; at < probe_count; ++at) totals[at] += verdict.probes.counts[at];
  if (verdict.failure.empty() && seed % plan.replay_every == 0) {
    const auto again = run_seed(schema, plan, seed);
    if (again.hash != verdict.hash || again.steps != verdict.steps) verdict.failure = "a second run went another way";
  }
  if (verdict.failure.empty() && !plan.shows_trace) return {};
  for (const auto& line : verdict.last_steps) std::cout << "  " << line << "\n";
  std::cout << "seed " << seed << " (" << composition_for(plan.compositions, seed).name
            << "): " << (verdict.failure.empty() ? "passed" : verdict.failure) << std::endl;
  return verdict.failure;
}

// Every jobs-th seed, from `offset`. Stops at the fifth failure.
int run_share(const Plan& plan, unsigned offset, ProbeTotals& totals) {
  const auto schema = testing::blog_schema();
  int failures = 0;
  for (std::uint64_t seed = plan.first + offset; seed < plan.first + plan.seeds && failures < 5; seed += plan.jobs) {
    const auto failure = failure_of(schema, plan, seed, totals);
    if (failure.empty()) continue;
    ++failures;
    // One is enough to look at; an already reduced world is not reduced again.
    if (failures == 1 && plan.smaller.arguments().empty()) print_smallest(schema, plan, seed, failure);
  }
  return failures;
}

void report_probes(const ProbeTotals& totals) {
  for (std::size_t at = 0; at < probe_count; ++at) {
    if (totals[at] > 0) std::cout << "  " << totals[at] << " x " << probe_names[at] << "\n";
  }
  for (std::size_t at = 0; at < probe_count; ++at) {
    if (totals[at] == 0) std::cout << "  no seed reached: " << probe_names[at] << "\n";
  }
}

// One process a job: nothing is shared, so nothing can disturb a seed.
int run_all(const Plan& plan) {
  void* shared = mmap(nullptr, sizeof(ProbeTotals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    std::cerr << "no memory for the probes" << std::endl;
    return 1;
  }
  auto& totals = *new (shared) ProbeTotals{};
  std::vector<pid_t> children;
  for (unsigned job = 1; job < plan.jobs; ++job) {
    const auto child = fork();
    if (child == 0) _exit(run_share(plan, job, totals) == 0 ? 0 : 1);
    children.push_back(child);
  }
  bool has_failed = run_share(plan, 0, totals) != 0;
  for (const auto child : children) {
    int status = 0;
    has_failed = waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0 || has_failed;
  }
  report_probes(totals);
  std::cout << (has_failed ? "failed" : "all passed") << ": seeds " << plan.first << " to "
            << plan.first + plan.seeds - 1 << std::endl;
  return has_failed ? 1 : 0;
}

// The first seed whose checkers say of the defect what they should, and what they say; null: none within the bound.
std::optional<std::uint64_t> finding_seed(const Schema& schema, const Plan& plan, const Defect& defect,
                                          std::string& failure) {
  for (std::uint64_t seed = 1; seed <= defect.seeds_max; ++seed) {
    auto options = WorldOptions::drawn(seed, composition_for(plan.compositions, seed));
    defect.switch_on(options);
    const auto verdict = run_world(schema, seed, std::move(options));
    if (verdict.failure.empty()) continue;
    failure = verdict.failure.substr(0, 160);
    if (failure.find(defect.caught_by) != std::string::npos) return seed;
  }
  return std::nullopt;
}

int find_defects(const Plan& plan) {
  const auto schema = testing::blog_schema();
  unsigned found = 0, asked = 0;
  for (const auto& defect : defects()) {
    if (plan.defect != "all" && plan.defect != defect.name) continue;
    ++asked;
    std::string failure;
    const auto seed = finding_seed(schema, plan, defect, failure);
    if (seed) ++found;
    std::cout << defect.name << " (" << defect.breaks << "): ";
    if (seed) std::cout << "found by seed " << *seed;
    if (!seed) std::cout << "NOT FOUND by " << defect.seeds_max << " seeds";
    std::cout << (failure.empty() ? "" : ", ") << failure << std::endl;
  }
  std::cout << found << " of " << asked << " defects found" << std::endl;
  return asked > 0 && found == asked ? 0 : 1;
}

// Worlds that failed once.
int run_kept(Plan plan) {
  const auto worlds = kept_in(plan.kept);
  if (!worlds) {
    std::cerr << worlds.error().message << std::endl;
    return 2;
  }
  ProbeTotals totals{};
  std::size_t failures = 0;
  for (const auto& world : *worlds) {
    plan.smaller = world.smaller;
    failures += failure_of(testing::blog_schema(), plan, world.seed, totals).empty() ? 0 : 1;
  }
  std::cout << worlds->size() - failures << " of " << worlds->size() << " kept worlds passed" << std::endl;
  return failures == 0 ? 0 : 1;
}

Result<void> read_compositions(Plan& plan) {
  if (plan.workload.empty()) {
    HOLDFAST_TRY(all, compositions_of(plan.folder));
    plan.compositions = std::move(all);
  } else {
    HOLDFAST_TRY(one, composition_of(plan.workload));
    plan.compositions = {std::move(one)};
  }
  return {};
}

}  // namespace
}  // namespace holdfast::simulation

int main(int argc, char** argv) {
  CLI::App app("Simulated worlds of devices and a backend");
  holdfast::simulation::Plan plan;
  app.add_option("--first", plan.first, "the first seed");
  app.add_option("--seeds", plan.seeds, "how many seeds");
  app.add_option("--jobs", plan.jobs, "how many processes")->check(CLI::Range(1, 256));
  app.add_option("--replay-every", plan.replay_every, "every so many seeds, run twice and compare")
      ->check(CLI::PositiveNumber);
  app.add_flag("--trace", plan.shows_trace, "print the last steps of passing seeds too");
  app.add_option("--lines", plan.trace_lines, "how many last steps a failure shows");
  app.add_option("--defect", plan.defect, "switch this defect on, or each in turn (all): it must be found");
  app.add_option("--without", plan.smaller.without, "take this kind of trouble away: see shrink.cc");
  app.add_option("--operations", plan.smaller.operations, "as many writes of the applications");
  auto* const workload = app.add_option(
      "--workload", plan.workload, "what the applications do: a file such as those of tests/simulation/workloads");
  auto* const folder =
      app.add_option("--workloads", plan.folder, "a folder of such files, of which each seed runs one");
  // What is kept does not say of which files its seed chose: they are always those of the repository.
  app.add_option("--kept", plan.kept, "run the worlds of this file, which failed once, and no others")
      ->excludes(workload)
      ->excludes(folder);
  app.add_option("--keep", plan.keep, "add the first world that fails to this file, as small as it can be")
      ->excludes(workload)
      ->excludes(folder);
  CLI11_PARSE(app, argc, argv);
  if (const auto read = holdfast::simulation::read_compositions(plan); !read) {
    std::cerr << read.error().message << std::endl;
    return 2;
  }
  if (!plan.kept.empty()) return holdfast::simulation::run_kept(std::move(plan));
  return plan.defect.empty() ? holdfast::simulation::run_all(plan) : holdfast::simulation::find_defects(plan);
}
