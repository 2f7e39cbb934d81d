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

// One question may except so many keys: the model is asked about in ranges of its keys.
TEST_F(VerifierTest, ComparesAlsoWhenManyRowsHaveUnsentChanges) {
  world.synced(world.post_of("a", "1"), 1);
  world.synced(world.post_of("z", "2"), 1);
  const auto saved = world.storage->write([&](client::Transaction& transaction) -> Result<void> {
    outbox::Written written;
    for (int at = 0; at < 2'500; ++at) {
      HOLDFAST_TRY(one, outbox::save(transaction, {world.post_of(("p" + std::to_string(at)).c_str(), "mine")}, written));
    }
    return {};
  });
  ASSERT_TRUE(saved);
  start();
  std::size_t excepted = 0;
  for (const auto& answer : {part({{world.post_of("a", "1"), 1}}), part({}), part({{world.post_of("z", "2"), 1}})}) {
    ASSERT_TRUE(verifier.is_running());
    const auto question = protocol::read_checksum_question(asked().request.body);
    ASSERT_TRUE(question);
    EXPECT_LE(question->except.size(), protocol::except_max);
    excepted += question->except.size();
    for (const auto& key : question->except) {
      EXPECT_TRUE(evaluate(question->where, world.post_of(key.parts[0].as_string()->c_str(), "mine"))) << key.text();
    }
    EXPECT_EQ(evaluate(question->where, world.post_of("a", "1")), answer.checksum.count == 1 && excepted <= 1'000);
    reply(answer);
  }
  EXPECT_EQ(excepted, 2'500U);
  EXPECT_EQ(outcome(), Outcome::same);
  EXPECT_EQ(verifier.found()[0].remote_rows, 2U);
}

TEST_F(VerifierTest, DividesNoKeysThatBeginAlike) {
  const auto schema = client::testing::blog_schema();
  const auto& seat = *schema.model("Seat");
  std::vector<Key> keys;
  for (int at = 0; at < 1'001; ++at) keys.push_back(Key{{"Oslo", at}});
  EXPECT_EQ(checksum_slices(seat, {}, keys).error().code, Code::limit_exceeded);
  keys.push_back(Key{{"Bergen", 1}});
  keys.erase(keys.begin());
  const auto slices = checksum_slices(seat, {}, keys);
  ASSERT_TRUE(slices);
  ASSERT_EQ(slices->size(), 2U);
  EXPECT_EQ((*slices)[0].except.size(), 1U);
  EXPECT_EQ((*slices)[1].except.size(), 1'000U);
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
