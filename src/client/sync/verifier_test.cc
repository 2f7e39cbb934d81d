#include "client/sync/verifier.h"

#include <gmock/gmock.h>

#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

using testing::all;
using Outcome = VerifiedModel::Outcome;

class VerifierTest : public ::testing::Test {
 protected:
  VerifierTest() { world.schema.models.resize(1); }

  effect::Exchange asked() { return all<effect::Exchange>(effects).back(); }
  void start() { ASSERT_TRUE(verifier.start(nullptr, effects)); }
  void reply(const protocol::ChecksumPart& part) { reply(HttpResponse{.status = 200, .body = protocol::write(part)}); }
  void reply(const Result<HttpResponse>& response) {
    ASSERT_TRUE(verifier.owns(asked().id));
    ASSERT_TRUE(verifier.on_reply(world.now, response, effects));
  }
  void wake() {
    ASSERT_TRUE(verifier.wake_at().has_value());
    world.now.ticks = *verifier.wake_at();
    ASSERT_TRUE(verifier.on_wake(world.now, effects));
  }
  protocol::ChecksumPart part(std::initializer_list<std::pair<Record, std::int64_t>> rows) {
    protocol::ChecksumPart made{.fields = {"id", "title"}};
    for (const auto& [row, version] : rows) made.checksum.add(row, version, made.fields);
    return made;
  }
  Outcome outcome() {
    EXPECT_FALSE(verifier.is_running());
    return verifier.found().at(0).outcome;
  }

  testing::World world;
  Verifier verifier{world.ports()};
  Effects effects;
};

TEST_F(VerifierTest, AddsThePartsAndComparesTheFieldsThatTheServiceCounted) {
  const auto a = world.post_of("a", "1", 5);
  const auto b = world.post_of("b", "2", 5);
  world.synced(a, 1);
  world.synced(b, 3);
  start();
  EXPECT_EQ(asked().request.target, "http://127.0.0.1:1/graphql/checksum");
  auto first = part({{b, 3}});
  first.next_token = "t";
  reply(first);
  EXPECT_EQ(testing::body(asked())["nextToken"], Value("t"));
  reply(part({{a, 1}}));
  EXPECT_EQ(outcome(), Outcome::same);
  EXPECT_EQ(verifier.found()[0].local_rows, 2U);
}

TEST_F(VerifierTest, AsksAgainBeforeItSaysThatSomethingDiffers) {
  world.synced(world.post_of("a", "1"), 1);
  start();
  for (int turn = 1; turn < Verifier::tries_max; ++turn) {
    reply(part({{world.post_of("a", "2"), 2}}));
    ASSERT_TRUE(verifier.is_running());
    wake();
  }
  world.synced(world.post_of("a", "2"), 2);  // The change was on its way.
  reply(part({{world.post_of("a", "2"), 2}}));
  EXPECT_EQ(outcome(), Outcome::same);
  start();
  for (int turn = 1; turn < Verifier::tries_max; ++turn) {
    reply(part({}));
    wake();
  }
  reply(part({}));
  EXPECT_EQ(outcome(), Outcome::differs);
}

TEST_F(VerifierTest, ExceptsRowsWithUnsentChanges) {
  world.synced(world.post_of("a", "1"), 1);
  world.save(world.post_of("a", "mine"));
  start();
  EXPECT_EQ(testing::body(asked())["except"], Value(List{List{"a"}}));
  reply(part({}));
  EXPECT_EQ(outcome(), Outcome::same);
}

TEST_F(VerifierTest, SkipsWhatItCannotLearn) {
  start();
  reply(HttpResponse{.status = 404, .body = "{}"});
  EXPECT_EQ(outcome(), Outcome::skipped);
  start();
  reply(HttpResponse{.status = 403, .body = "{}"});
  EXPECT_EQ(outcome(), Outcome::skipped);
  start();
  for (int turn = 1; turn < Verifier::tries_max; ++turn) {
    reply(Error{Code::unavailable, "no line"});
    wake();
  }
  reply(Error{Code::unavailable, "no line"});
  EXPECT_EQ(outcome(), Outcome::skipped);
  EXPECT_EQ(verifier.found()[0].why, "no line");
}

}  // namespace
}  // namespace holdfast::sync
