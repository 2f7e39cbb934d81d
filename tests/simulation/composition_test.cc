#include "tests/simulation/composition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/sim_random.h"
#include "tests/simulation/workload.h"

namespace holdfast::simulation {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view text) {
  const auto read = read_composition(text, "mine.json");
  return read ? "" : read.error().message;
}

TEST(Composition, SaysWhatASeedRuns) {
  const auto read = read_composition(
      R"({"share": 2, "conflict": "optimistic", "world": {"operations": [5, 5]},
          "workloads": [{"kind": "registers", "weight": 3}, {"kind": "hydrate", "rows": [7, 7]}]})",
      "folder/mine.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->name, "mine");
  EXPECT_EQ(read->share, 2);
  EXPECT_EQ(read->workloads.at(0).weight, 3);
  SimRandom random(1);
  EXPECT_EQ(read->workloads.at(1).drawn(random, "rows"), 7);
  WorldOptions options;
  read->apply(options, random);
  EXPECT_EQ(options.operations, 5U);
  EXPECT_EQ(options.conflict, server::ConflictStrategy::optimistic);
}

TEST(Composition, ComplainsWithPlaceAndRemedy) {
  EXPECT_THAT(refusal("{"), HasSubstr("mine.json: "));
  EXPECT_THAT(refusal("[]"), HasSubstr("must be one object"));
  EXPECT_THAT(refusal("{}"), HasSubstr("workloads must be a list of at least one"));
  EXPECT_THAT(refusal(R"({"workloads": [{"kind": "regsters"}]})"),
              HasSubstr("workloads[0].kind must be one of: registers, counters"));
  EXPECT_THAT(refusal(R"({"workloads": [{"kind": "hydrate", "row": 1}]})"),
              HasSubstr("workloads[0].row is not known; there are: rows"));
  EXPECT_THAT(refusal(R"({"workloads": [{"kind": "rows", "weight": -1}]})"),
              HasSubstr("workloads[0].weight must be a whole number"));
  EXPECT_THAT(refusal(R"({"workloads": [{"kind": "rows", "weight": 0}]})"), HasSubstr("no weight"));
  EXPECT_THAT(refusal(R"({"workloads": [{"kind": "rows"}], "world": {"operations": [9, 1]}})"),
              HasSubstr("world.operations must be"));
  EXPECT_THAT(refusal(R"({"workloads": [{"kind": "rows"}], "world": {"gravity": 1}})"),
              HasSubstr("world.gravity is not known"));
  EXPECT_THAT(refusal(R"({"workloads": [{"kind": "rows"}], "conflict": "lww"})"), HasSubstr("conflict must be"));
  EXPECT_THAT(refusal(R"({"workloads": [{"kind": "rows"}], "conflicts": "automerge"})"),
              HasSubstr("conflicts is not known"));
}

TEST(Composition, TheFilesTogetherRunEveryKind) {
  const auto all = compositions_of(HOLDFAST_WORKLOADS);
  ASSERT_TRUE(all) << all.error().message;
  for (const auto& kind : workload_kinds()) {
    bool is_run = false;
    for (const auto& one : *all) {
      for (const auto& spec : one.workloads) is_run = is_run || spec.kind == kind.name;
    }
    EXPECT_TRUE(is_run) << kind.name;
  }
}

TEST(Composition, SharesOutTheSeeds) {
  std::vector<Composition> all(2);
  all[0].name = "often";
  all[0].share = 2;
  all[1].name = "seldom";
  std::string run;
  for (std::uint64_t seed = 0; seed < 6; ++seed) run += composition_for(all, seed).name == "often" ? 'o' : 's';
  EXPECT_EQ(run, "oosoos");
}

}  // namespace
}  // namespace holdfast::simulation
