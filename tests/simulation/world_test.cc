#include "tests/simulation/world.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "model/testing.h"
#include "tests/simulation/forwarding_store.h"
#include "tests/simulation/shrink.h"

namespace holdfast::simulation {
namespace {

WorldOptions drawn(std::uint64_t seed) {
  return WorldOptions::drawn(seed, composition_of(HOLDFAST_WORKLOADS "/mixed.json").value());
}

WorldOptions mixed() {
  WorldOptions options;
  options.composition = composition_of(HOLDFAST_WORKLOADS "/mixed.json").value();
  return options;
}

Verdict run(std::uint64_t seed, WorldOptions options) {
  const auto schema = testing::blog_schema();
  return World(schema, seed, std::move(options)).run();
}

/// Writes what it is asked to write as often as it is asked.
class ForgetfulStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::optional<server::Image>> find_mutation(std::string_view) override {
    return std::optional<server::Image>();
  }
  Result<server::PutOutcome> put(const server::ConditionalPut& put) override {
    auto nameless = put;
    nameless.mutation_id.clear();
    return ForwardingStore::put(nameless);
  }
};

TEST(World, GoesTheSameWayTwiceWithOneSeed) {
  const auto first = run(3, drawn(3));
  const auto second = run(3, drawn(3));
  EXPECT_EQ(first.failure, "");
  EXPECT_EQ(first.hash, second.hash);
  EXPECT_EQ(first.steps, second.steps);
}

TEST(World, GoesAnotherWayWithAnotherSeed) {
  EXPECT_NE(run(3, drawn(3)).hash, run(4, drawn(4)).hash);
}

TEST(World, ReportsABackendThatWritesARepeatedMutationTwice) {
  auto options = mixed();
  options.network.reply_loss = 300;
  options.network.duplication = 300;
  EXPECT_EQ(run(1, options).failure, "");
  options.wrap_store = [](server::Store& store) { return std::make_unique<ForgetfulStore>(store); };
  const auto failure = run(1, options).failure;
  EXPECT_NE(failure.find("invariant 4"), std::string::npos) << failure;
}

TEST(Shrink, TakesAwayWhatAFailureDoesNotNeed) {
  auto options = mixed();
  options.network.reply_loss = 300;
  options.network.duplication = 300;
  options.wrap_store = [](server::Store& store) { return std::make_unique<ForgetfulStore>(store); };
  const auto fails = [](const WorldOptions& tried) { return !run(1, tried).failure.empty(); };
  const auto smallest = shrink(options, fails);
  EXPECT_LT(smallest.operations, options.operations);
  EXPECT_FALSE(smallest.without.empty());
  smallest.apply(options);
  EXPECT_TRUE(fails(options));
}

}  // namespace
}  // namespace holdfast::simulation
