#include "client/sync/sender.h"

#include <gmock/gmock.h>

#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

using client::testing::error_response;
using client::testing::json_response;
using client::testing::queued;
using client::testing::status;
using testing::all;
using testing::item;
using testing::reports;
using testing::variables;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SenderTest : public ::testing::Test {
 protected:
  void SetUp() override { begin(*sender); }
  void begin(Sender& one) {
    one.set_device("device");
    one.start();
  }
  /// A new process on the same storage.
  void restart() {
    sender = std::make_unique<Sender>(world.ports());
    begin(*sender);
  }

  Effects pump() {
    Effects effects;
    EXPECT_TRUE(sender->pump(world.now, effects));
    return effects;
  }
  std::vector<effect::Exchange> sent() { return all<effect::Exchange>(pump()); }
  Effects reply(const effect::Exchange& exchange, const Result<HttpResponse>& response) {
    Effects effects;
    EXPECT_TRUE(sender->owns(exchange.id));
    EXPECT_TRUE(sender->on_reply(world.now, exchange.id, response, effects));
    return effects;
  }
  HttpResponse success(const char* field, const Record& row, std::int64_t version, bool is_deleted = false) {
    return json_response(Object{{field, item(row, version, is_deleted)}});
  }
  /// A synced row "a" at version 4, and an unsent edit of its title to "mine".
  void edit() {
    world.synced(world.post_of("p", "a", 1), 4);
    world.save(world.post_of("p", "mine", 1));
  }
  void wait_for_retry() {
    ASSERT_TRUE(sender->wake_at().has_value());
    world.now.ticks = *sender->wake_at();
  }
  static std::string mutation_id(const effect::Exchange& exchange) {
    const auto* id = header(exchange.request.headers, "x-holdfast-mutation");
    return id ? *id : std::string();
  }

  testing::World world;
  std::unique_ptr<Sender> sender = std::make_unique<Sender>(world.ports());
};

// O21: marked before it leaves.
TEST_F(SenderTest, MarksAnEntryAsSentAndNamesIt) {
  world.save(world.post_of("p", "a", 1));
  const auto asked = sent();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_THAT(asked[0].request.body, HasSubstr("createPost"));
  EXPECT_EQ(variables(asked[0])["input"], Value(Object{{"id", "p"}, {"title", "a"}, {"rating", 1}}));
  EXPECT_EQ(mutation_id(asked[0]), "device:1");
  EXPECT_THAT(queued(*world.storage), ElementsAre(R"(create ["p"] {"title":"a","rating":1} sent)"));
  EXPECT_THAT(sent(), IsEmpty());
}

// O22, O23
TEST_F(SenderTest, AppliesTheReplyAndDropsTheEntryTogether) {
  world.save(world.post_of("p", "a", 1));
  const auto asked = sent();
  const auto effects = reply(asked[0], success("createPost", world.post_of("p", "a", 1), 1));
  EXPECT_THAT(queued(*world.storage), IsEmpty());
  EXPECT_THAT(reports(effects), ElementsAre("outboxMutationProcessed", "outboxStatus"));
  EXPECT_EQ(std::get<OutboxProcessed>(all<effect::Report>(effects)[0].what).metadata.version, 1);
  EXPECT_TRUE(std::get<OutboxStatus>(all<effect::Report>(effects)[1].what).is_empty);
  EXPECT_THAT(all<effect::Changed>(effects), IsEmpty());
  EXPECT_EQ(world.storage->find(world.post, testing::key("p"))->metadata.version, 1);
}

// O04: at the time of sending, not of saving.
TEST_F(SenderTest, StampsTheNewestVersionWhenItSends) {
  edit();
  const auto first = sent();
  EXPECT_EQ(variables(first[0])["input"], Value(Object{{"id", "p"}, {"title", "mine"}, {"_version", 4}}));
  world.save(world.post_of("p", "mine", 9));
  EXPECT_THAT(sent(), IsEmpty());
  reply(first[0], success("updatePost", world.post_of("p", "mine", 1), 5));
  const auto second = sent();
  EXPECT_EQ(variables(second[0])["input"], Value(Object{{"id", "p"}, {"rating", 9}, {"_version", 5}}));
}

// O28: what is edited while one is in flight leaves as one.
TEST_F(SenderTest, CoalescesEditsBehindTheOneInFlight) {
  edit();
  const auto first = sent();
  world.save(world.post_of("p", "mine", 2));
  world.save(world.post_of("p", "mine", 3));
  reply(first[0], success("updatePost", world.post_of("p", "mine", 1), 5));
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "mine", 3));
  EXPECT_EQ(variables(sent()[0])["input"]["rating"], Value(3));
}

TEST_F(SenderTest, KeepsSixteenRecordsUnderWay) {
  for (int at = 0; at < 20; ++at) world.save(world.post_of(("p" + std::to_string(at)).c_str(), "a"));
  const auto asked = sent();
  ASSERT_EQ(asked.size(), Sender::window);
  reply(asked[3], success("createPost", world.post_of("p3", "a"), 1));
  EXPECT_EQ(sent().size(), 1U);
}

// A long outbox is looked through once for several replies.
TEST_F(SenderTest, RefillsSeveralPlacesAtOnceWhileTheOutboxIsLong) {
  for (int at = 0; at < 100; ++at) world.save(world.post_of(("p" + std::to_string(at)).c_str(), "a"));
  const auto asked = sent();
  for (std::size_t at = 0; at + 1 < Sender::refill; ++at) {
    reply(asked[at], success("createPost", world.post_of(("p" + std::to_string(at)).c_str(), "a"), 1));
    EXPECT_THAT(sent(), IsEmpty());
  }
  reply(asked[10], success("createPost", world.post_of("p10", "a"), 1));
  EXPECT_EQ(sent().size(), Sender::refill);
}

TEST_F(SenderTest, MarksWhatComesNextTogetherWithWhatLeaves) {
  for (int at = 0; at < 30; ++at) world.save(world.post_of(("p" + std::to_string(at)).c_str(), "a", at));
  EXPECT_EQ(sent().size(), 16U);
  for (const auto& entry : queued(*world.storage)) EXPECT_THAT(entry, HasSubstr(" sent"));
}

TEST_F(SenderTest, SendsConditions) {
  world.synced(world.post_of("p", "a", 4), 2);
  world.save(world.post_of("p", "b", 4), Predicate::compare("rating", Op::gt, {3}));
  EXPECT_EQ(json::write(variables(sent()[0])["condition"]), R"({"and":[{"rating":{"gt":3}}]})");
}

// ST11
TEST_F(SenderTest, SendsEveryMemberOfAChangedSortKey) {
  const_cast<ModelSchema&>(world.post).indexes = {{.name = "byTitle", .fields = {"title", "rating", "done"}}};
  world.synced(world.post_of("p", "a", 4), 2);
  world.save(world.post_of("p", "a", 5));
  EXPECT_EQ(variables(sent()[0])["input"],
            Value(Object{{"id", "p"}, {"rating", 5}, {"done", nullptr}, {"_version", 2}}));
}

// D12
TEST_F(SenderTest, ARemovalIsItsKeyAndVersion) {
  world.synced(world.post_of("p", "a", 4), 2);
  world.remove(world.post, "p");
  const auto asked = sent();
  EXPECT_EQ(variables(asked[0])["input"], Value(Object{{"id", "p"}, {"_version", 2}}));
  reply(asked[0], success("deletePost", world.post_of("p", "a", 4), 3, true));
  EXPECT_THAT(queued(*world.storage), IsEmpty());
  EXPECT_EQ(world.storage->find(world.post, testing::key("p"))->metadata.version, 3);
}

// O24, O25, O36: nothing is lost by the network.
TEST_F(SenderTest, KeepsWhatTheNetworkLostUnderTheSameName) {
  edit();
  auto asked = sent();
  const auto name = mutation_id(asked[0]);
  for (int turn = 0; turn < 30; ++turn) {
    const auto response = turn % 2 == 0 ? Result<HttpResponse>(Error{Code::unavailable, "lost"}) : status(503);
    EXPECT_THAT(all<effect::Failed>(reply(asked[0], response)), IsEmpty());
    EXPECT_THAT(sent(), IsEmpty());
    wait_for_retry();
    asked = sent();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(mutation_id(asked[0]), name);
  }
  reply(asked[0], success("updatePost", world.post_of("p", "mine", 1), 5));
  EXPECT_THAT(queued(*world.storage), IsEmpty());
}

// O19
// DESIGN section 4: a crash after any step.
TEST_F(SenderTest, SendsAgainUnderTheSameNameAfterARestart) {
  edit();
  const auto before = sent();
  world.save(world.post_of("p", "newer", 1));
  restart();
  const auto after = sent();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(mutation_id(after[0]), mutation_id(before[0]));
  EXPECT_EQ(after[0].request.body, before[0].request.body);
  EXPECT_FALSE(sender->owns(before[0].id) && before[0].id != after[0].id);
}

// O34, A06: kept, reported once for all that are under way.
TEST_F(SenderTest, KeepsEntriesWhenCredentialsAreRefused) {
  world.save(world.post_of("p", "a"));
  world.save(world.post_of("q", "a"));
  const auto asked = sent();
  const auto failed = all<effect::Failed>(reply(asked[0], status(401)));
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].what.error.code, Code::unauthorized);
  EXPECT_THAT(all<effect::Failed>(reply(asked[1], status(401))), IsEmpty());
  EXPECT_EQ(queued(*world.storage).size(), 2U);
  EXPECT_EQ(*sender->wake_at(), world.now.ticks + world.options.retry_delay_max);
}

// H02, H06, X08, defect-15: the row returns to the service's state.
TEST_F(SenderTest, ARefusalWithTheRecordBringsItBack) {
  edit();
  const auto effects = reply(sent()[0], error_response("updatePost", "DynamoDB:ConditionalCheckFailedException",
                                                       item(world.post_of("p", "a", 1), 4)));
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "a", 1));
  EXPECT_THAT(queued(*world.storage), IsEmpty());
  const auto failed = all<effect::Failed>(effects);
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].what.error.code, Code::condition_failed);
  EXPECT_EQ(failed[0].what.operation, "update");
  EXPECT_EQ(failed[0].what.local, world.post_of("p", "mine", 1));
  EXPECT_THAT(reports(effects), ElementsAre("outboxMutationFailed", "outboxStatus"));
  EXPECT_EQ(all<effect::Changed>(effects).size(), 1U);
}

// O22: what is refused for good is kept, in the transaction that drops the entry.
TEST_F(SenderTest, ARefusedChangeIsADeadLetter) {
  edit();
  const auto effects = reply(sent()[0], error_response("updatePost", "DynamoDB:ConditionalCheckFailedException",
                                                       item(world.post_of("p", "a", 1), 4)));
  const auto letters = world.storage->dead_letters(0, 10).value();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].entry.key, testing::key("p"));
  EXPECT_EQ(letters[0].entry.changes, client::testing::patch(world.post, {{"title", "mine"}}));
  EXPECT_EQ(letters[0].refusal.code, Code::condition_failed);
  EXPECT_EQ(letters[0].refusal.message, "why");
  EXPECT_EQ(letters[0].refusal.at, world.now.wall);
  const auto failed = all<effect::Failed>(effects).at(0).what;
  EXPECT_EQ(failed.dead_letter, letters[0].entry.id);
  EXPECT_FALSE(failed.recovery.empty());
}

TEST_F(SenderTest, ARefusedCreateThatWasRemovedMeanwhileIsNoLoss) {
  world.save(world.post_of("p", "a"));
  const auto asked = sent();
  world.remove(world.post, "p");
  reply(asked[0], error_response("createPost", "ValidationError"));
  const auto effects = reply(sent()[0], json_response(Object{{"getPost", nullptr}}));
  EXPECT_THAT(queued(*world.storage), IsEmpty());
  EXPECT_TRUE(world.storage->dead_letters(0, 10).value().empty());
  EXPECT_THAT(all<effect::Failed>(effects), IsEmpty());
}

TEST_F(SenderTest, WhatFailsForOneRecordDelaysThatRecordOnly) {
  world.save(world.post_of("p", "a"));
  world.save(world.post_of("q", "a"));
  const auto asked = sent();
  reply(asked[0], status(500));
  reply(asked[1], success("createPost", world.post_of("q", "a"), 1));
  world.save(world.post_of("r", "a"));
  const auto next = sent();
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(variables(next[0])["input"]["id"], Value("r"));
  wait_for_retry();
  const auto again = sent();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(mutation_id(again[0]), mutation_id(asked[0]));
}

// H06
TEST_F(SenderTest, ARefusalWithoutTheRecordAsksForIt) {
  edit();
  EXPECT_THAT(reply(sent()[0], error_response("updatePost", "ValidationError")), IsEmpty());
  const auto question = sent();
  ASSERT_EQ(question.size(), 1U);
  EXPECT_THAT(question[0].request.body, HasSubstr("getPost"));
  EXPECT_EQ(queued(*world.storage).size(), 1U);
  const auto effects = reply(question[0], json_response(Object{{"getPost", item(world.post_of("p", "theirs", 2), 6)}}));
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "theirs", 2));
  EXPECT_THAT(queued(*world.storage), IsEmpty());
  EXPECT_EQ(all<effect::Failed>(effects).at(0).what.error.code, Code::rejected);
  EXPECT_EQ(all<effect::Failed>(effects).at(0).what.error_type, "ValidationError");
}

TEST_F(SenderTest, ARefusedCreateThatTheServiceDoesNotHaveGoes) {
  world.save(world.post_of("p", "a"));
  reply(sent()[0], error_response("createPost", "ValidationError"));
  const auto effects = reply(sent()[0], json_response(Object{{"getPost", nullptr}}));
  EXPECT_EQ(world.row(world.post, "p"), std::nullopt);
  EXPECT_EQ(all<effect::Failed>(effects).at(0).what.local, world.post_of("p", "a"));
  EXPECT_EQ(all<effect::Changed>(effects).size(), 1U);
}

TEST_F(SenderTest, AsksAgainWhenTheQuestionIsLost) {
  edit();
  reply(sent()[0], error_response("updatePost", "ValidationError"));
  reply(sent()[0], Error{Code::timed_out, "lost"});
  EXPECT_EQ(queued(*world.storage).size(), 1U);
  wait_for_retry();
  EXPECT_THAT(sent().at(0).request.body, HasSubstr("getPost"));
}

TEST_F(SenderTest, ARefusedQuestionLeavesASyncedRowAndRemovesAnUnsyncedOne) {
  edit();
  world.save(world.post_of("new", "n"));
  auto asked = sent();
  for (const auto& one : asked) {
    const bool is_create = one.request.body.find("createPost") != std::string::npos;
    reply(one, error_response(is_create ? "createPost" : "updatePost", "ValidationError"));
  }
  asked = sent();
  ASSERT_EQ(asked.size(), 2U);
  for (const auto& one : asked) EXPECT_EQ(all<effect::Failed>(reply(one, error_response("getPost", "X"))).size(), 1U);
  EXPECT_THAT(queued(*world.storage), IsEmpty());
  EXPECT_TRUE(world.row(world.post, "p").has_value());
  EXPECT_EQ(world.row(world.post, "new"), std::nullopt);
}

// A gateway's page is not the service's word.
TEST_F(SenderTest, TriesAMalformedReplyAgainBeforeItGivesUp) {
  edit();
  HttpResponse html;
  html.body = "<html>";
  for (int turn = 0; turn < Sender::attempts_max; ++turn) {
    const auto asked = sent();
    ASSERT_EQ(asked.size(), 1U) << turn;
    EXPECT_THAT(asked[0].request.body, HasSubstr("updatePost"));
    reply(asked[0], html);
    wait_for_retry();
  }
  reply(sent().at(0), html);
  EXPECT_THAT(sent().at(0).request.body, HasSubstr("getPost"));
}

// H02, X03, X14: the default.
TEST_F(SenderTest, InAConflictTheServicesRecordWinsAndTheChangeIsReported) {
  edit();
  const auto asked = sent();
  world.save(world.post_of("p", "mine", 7));
  const auto effects =
      reply(asked[0], error_response("updatePost", "ConflictUnhandled", item(world.post_of("p", "theirs", 2), 6)));
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "theirs", 7));
  EXPECT_THAT(queued(*world.storage), ElementsAre(R"(update ["p"] {"rating":7})"));
  EXPECT_EQ(all<effect::Failed>(effects).at(0).what.error.code, Code::conflict);
  EXPECT_EQ(variables(sent().at(0))["input"]["_version"], Value(6));
}

class ConflictTest : public SenderTest {
 protected:
  void SetUp() override {
    world.options.on_conflict = [this](const Conflict& conflict) {
      seen.push_back(conflict);
      return answer;
    };
    SenderTest::SetUp();
  }
  Effects refuse(const effect::Exchange& exchange, std::int64_t version) {
    return reply(exchange,
                 error_response("updatePost", "ConflictUnhandled", item(world.post_of("p", "theirs", 2), version)));
  }
  std::vector<Conflict> seen;
  ConflictAnswer answer = ApplyRemote{};
};

// X02
TEST_F(ConflictTest, AppliesTheRemoteRecordWhenToldTo) {
  edit();
  const auto effects = refuse(sent()[0], 6);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].local, world.post_of("p", "mine", 1));
  EXPECT_EQ(seen[0].remote, world.post_of("p", "theirs", 2));
  EXPECT_EQ(seen[0].attempts, 1);
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "theirs", 2));
  EXPECT_THAT(all<effect::Failed>(effects), IsEmpty());
}

// X02, X12: at most ten times.
TEST_F(ConflictTest, SendsTheChangeAgainOnTopOfTheRemoteRecord) {
  answer = RetryLocal{};
  edit();
  for (int turn = 0; turn < Sender::attempts_max; ++turn) {
    const auto asked = sent();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(variables(asked[0])["input"]["_version"], Value(4 + turn));
    refuse(asked[0], 5 + turn);
    EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "mine", 2));
  }
  const auto effects = refuse(sent().at(0), 20);
  EXPECT_EQ(seen.size(), 10U);
  EXPECT_EQ(seen.back().attempts, 10);
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "theirs", 2));
  EXPECT_EQ(all<effect::Failed>(effects).size(), 1U);
}

// X02, X09: the newest is asked for, which may be newer than what the refusal carried.
TEST_F(ConflictTest, AsksForTheNewestRecordWhenToldToDiscard) {
  answer = Discard{};
  edit();
  EXPECT_THAT(refuse(sent()[0], 6), IsEmpty());
  const auto question = sent();
  ASSERT_EQ(question.size(), 1U);
  EXPECT_THAT(question[0].request.body, HasSubstr("getPost"));
  const auto effects = reply(question[0], json_response(Object{{"getPost", item(world.post_of("p", "newest", 9), 8)}}));
  EXPECT_EQ(seen.size(), 1U);
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "newest", 9));
  EXPECT_THAT(queued(*world.storage), IsEmpty());
  EXPECT_THAT(all<effect::Failed>(effects), IsEmpty());
  EXPECT_TRUE(world.storage->dead_letters(0, 10).value().empty());
}

TEST_F(ConflictTest, AsksTheHandlerOnceTheRecordIsKnownWhenTheRefusalLackedIt) {
  answer = RetryLocal{};
  edit();
  reply(sent()[0], error_response("updatePost", "ConflictUnhandled"));
  EXPECT_TRUE(seen.empty());
  reply(sent()[0], json_response(Object{{"getPost", item(world.post_of("p", "theirs", 2), 6)}}));
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].remote, world.post_of("p", "theirs", 2));
  EXPECT_EQ(variables(sent().at(0))["input"]["_version"], Value(6));
}

// X12a: only what differs is sent.
TEST_F(ConflictTest, SendsARecordOfTheHandlersOwn) {
  answer = world.post_of("p", "theirs and mine", 2);
  edit();
  refuse(sent()[0], 6);
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "theirs and mine", 2));
  EXPECT_EQ(variables(sent().at(0))["input"], Value(Object{{"id", "p"}, {"title", "theirs and mine"}, {"_version", 6}}));
}

TEST_F(ConflictTest, RefusesAHandlersRecordOfAnotherKey) {
  answer = world.post_of("q", "wrong", 2);
  edit();
  const auto effects = refuse(sent()[0], 6);
  EXPECT_EQ(all<effect::Failed>(effects).size(), 1U);
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "theirs", 2));
}

// X05
TEST_F(ConflictTest, AnEditOfARecordThatIsGoneIsNotAskedAbout) {
  edit();
  const auto effects = reply(sent()[0], error_response("updatePost", "ConflictUnhandled",
                                                       item(world.post_of("p", "theirs", 2), 6, true)));
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(world.row(world.post, "p"), std::nullopt);
  EXPECT_EQ(all<effect::Failed>(effects).size(), 1U);
}

// X04
TEST_F(ConflictTest, ARemovalOfARecordThatIsGoneIsDone) {
  world.synced(world.post_of("p", "a", 1), 4);
  world.remove(world.post, "p");
  const auto effects = reply(sent()[0], error_response("deletePost", "ConflictUnhandled",
                                                       item(world.post_of("p", "theirs", 2), 6, true)));
  EXPECT_TRUE(seen.empty());
  EXPECT_THAT(all<effect::Failed>(effects), IsEmpty());
  EXPECT_THAT(reports(effects), Contains("outboxMutationProcessed"));
}

// X02
TEST_F(ConflictTest, ARemovalCanBeGivenUpForAnEdit) {
  world.synced(world.post_of("p", "a", 1), 4);
  world.remove(world.post, "p");
  answer = world.post_of("p", "kept", 2);
  reply(sent()[0], error_response("deletePost", "ConflictUnhandled", item(world.post_of("p", "theirs", 2), 6)));
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_TRUE(seen[0].is_delete);
  EXPECT_EQ(world.row(world.post, "p"), world.post_of("p", "kept", 2));
  EXPECT_THAT(sent().at(0).request.body, HasSubstr("updatePost"));
}

}  // namespace
}  // namespace holdfast::sync
