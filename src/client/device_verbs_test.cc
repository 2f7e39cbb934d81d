// What the verbs of one device do, write and tell, with and without a service.
#include "client/device_testing.h"

namespace holdfast::device_testing {
namespace {

Predicate is(std::string field, Op op, std::vector<Value> operands) {
  return Predicate::compare(std::move(field), op, std::move(operands));
}

/// Notes what it hears: "Post p inserted".
struct Heard {
  std::vector<std::string> lines;
  std::function<void(const RecordChange&)> callback() {
    return [this](const RecordChange& change) {
      lines.push_back(change.record.model->name + " " + *change.record["id"].as_string() + " " + std::string(name(change.type)));
    };
  }
};

class Verbs : public DeviceTest {
 protected:
  Record rated(const char* id, Value rating) {
    return record(post, {{"id", id}, {"title", std::string("title of ") + id}, {"rating", std::move(rating)}});
  }
  void save(const Record& row) { ASSERT_TRUE(device->save(row, nullptr, {})); }
  /// Saved, sent and acknowledged at version 1.
  void save_synced(const Record& row) {
    save(row);
    answer(json_response(Object{{"create" + row.model->name, item(row, 1)}}));
  }
};

// --- saves ---------------------------------------------------------------------------------------------------

// V29: an edit is checked like an instance, and leaves the row alone when it is wrong.
TEST_F(Verbs, AWrongEditIsRefused) {
  save(rated("p", 1));
  const Patch changes{{*post.field_index("rating"), "many"}};
  auto edited = rated("p", "many");
  EXPECT_EQ(device->save(edited, &changes, {}).error().code, Code::invalid_argument);
  EXPECT_EQ((*device->find(post, key("p")))->values, rated("p", 1).values);
}

// V11, V30: the timestamps are the service's; what the application writes there is not taken.
TEST_F(Verbs, TheServicesTimestampsMayBeAbsentAndAreNotTaken) {
  auto row = rated("p", 1);
  row["createdAt"] = "2026-01-01T00:00:00Z";
  save(row);
  EXPECT_TRUE((**device->find(post, key("p")))["createdAt"].is_null());
}

// V05, V32, V33: only an `id` is filled in.
TEST_F(Verbs, AKeyOfTheApplicationsOwnIsNeverInvented) {
  schema.models[0].fields[0].name = "isbn";
  schema.models[0].primary_key = {"isbn"};
  schema.models[0].relations.clear();
  open();
  const auto refused = device->save(record(post, {{"isbn", ""}, {"title", "a"}}), nullptr, {});
  EXPECT_EQ(refused.error().message, "Post.isbn: is part of the key and required");
  EXPECT_TRUE(device->save(record(post, {{"isbn", "1"}, {"title", "a"}}), nullptr, {}));
}

// V05
TEST_F(Verbs, AnIdAtTheHeadOfACompositeKeyIsFilledIn) {
  schema.models[0].primary_key = {"id", "title"};
  schema.models[0].relations.clear();
  open();
  const auto saved = device->save(record(post, {{"title", "a"}}), nullptr, {});
  ASSERT_TRUE(saved) << saved.error().message;
  EXPECT_EQ((*saved)["id"].as_string()->size(), 36U);
}

// ST49: what the application left out is the service's to fill in.
TEST_F(Verbs, ADefaultOfTheServiceComesWithItsReply) {
  go_live();
  save(post_of("p", "a"));
  EXPECT_THAT(asked(), ::testing::Not(HasSubstr("\"rating\":")));
  answer(json_response(Object{{"createPost", item(rated("p", 10), 1)}}));
  EXPECT_EQ((**device->find(post, key("p")))["rating"], Value(10));
  save(rated("q", 3));
  EXPECT_THAT(asked(), HasSubstr("\"rating\":3"));
}

// ST50
TEST_F(Verbs, TimestampsMayHaveOtherNames) {
  schema.models[0].fields[8].name = "born";
  schema.models[0].created_at = "born";
  open();
  go_live();
  auto replied = post_of("p", "a");
  replied["born"] = "2026-01-01T00:00:00Z";
  save(replied);
  EXPECT_THAT(asked(), ::testing::Not(HasSubstr("2026-01-01")));
  answer(json_response(Object{{"createPost", item(replied, 1)}}));
  EXPECT_EQ((**device->find(post, key("p")))["born"], Value("2026-01-01T00:00:00Z"));
}

// --- removals ------------------------------------------------------------------------------------------------

// D08, D11
TEST_F(Verbs, ARemovalOfNothingDoesNothing) {
  save(rated("p", 1));
  const auto before = pending();
  EXPECT_EQ(*device->remove_where(post, Predicate::any_of({})), 0U);
  EXPECT_EQ(*device->remove_where(post, is("rating", Op::gt, {5})), 0U);
  EXPECT_EQ(rows(post).size(), 1U);
  EXPECT_EQ(pending(), before);
}

// D10
TEST_F(Verbs, RemovesByNotContainsAndByOr) {
  for (const auto* id : {"p", "q", "r", "s"}) save(rated(id, *id == 'p' ? 1 : 2));
  EXPECT_EQ(*device->remove_where(post, Predicate::any_of({is("rating", Op::eq, {1}), is("id", Op::eq, {"q"})})), 2U);
  EXPECT_EQ(*device->remove_where(post, is("title", Op::not_contains, {"of r"})), 1U);
  EXPECT_THAT(rows(post), ElementsAre(rated("r", 2)));
}

// D13
TEST_F(Verbs, ARemovalIsSentWithItsCondition) {
  go_live();
  save_synced(rated("p", 1));
  ASSERT_TRUE(*device->remove(rated("p", 1), is("rating", Op::lt, {5})));
  EXPECT_THAT(asked(), HasSubstr(R"("condition":{"and":[{"rating":{"lt":5}}]})"));
  EXPECT_THAT(asked(), HasSubstr("deletePost"));
}

// --- observers -----------------------------------------------------------------------------------------------

// OB01, OB08: an observer hears its model; the store's own tables are no models.
TEST_F(Verbs, ObserversOfEveryModelHearEveryChangeOfTheApplication) {
  Heard all;
  Heard comments;
  std::vector<Subscription> watches;
  for (const auto& model : schema.models) watches.push_back(device->observe(model, {}, all.callback()));
  const auto watch = device->observe(comment, {}, comments.callback());
  go_live();
  save_synced(post_of("p", "a"));
  save(record(comment, {{"id", "c"}, {"content", "x"}, {"postCommentsId", "p"}}));
  EXPECT_THAT(all.lines, ElementsAre("Post p inserted", "Comment c inserted"));
  EXPECT_THAT(comments.lines, ElementsAre("Comment c inserted"));
}

// OB02, OB07, OB10: of one record, by its key.
TEST_F(Verbs, AnObserverOfOneRecordHearsItsChangesInOrder) {
  Heard heard;
  const auto watch = device->observe(post, is("id", Op::eq, {"p"}), heard.callback());
  save(rated("p", 1));
  save(rated("q", 1));
  save(rated("p", 2));
  ASSERT_TRUE(device->remove(rated("p", 2), {}));
  EXPECT_THAT(heard.lines, ElementsAre("Post p inserted", "Post p updated", "Post p removed"));
}

// OB02, defect-3: a key is what the schema says, of several parts and without a field `id`.
TEST_F(Verbs, AnObserverOfARecordWithACompositeKeyHearsIt) {
  schema.models[0].fields[0].name = "isbn";
  schema.models[0].primary_key = {"isbn", "title"};
  schema.models[0].relations.clear();
  open();
  std::vector<Value> heard;
  const auto of_one = Predicate::all_of({is("isbn", Op::eq, {"1"}), is("title", Op::eq, {"a"})});
  const auto watch = device->observe(post, of_one, [&heard](const RecordChange& change) {
    heard.push_back(change.record["rating"]);
  });
  save(record(post, {{"isbn", "1"}, {"title", "a"}, {"rating", 1}}));
  save(record(post, {{"isbn", "1"}, {"title", "b"}, {"rating", 2}}));
  save(record(post, {{"isbn", "1"}, {"title", "a"}, {"rating", 3}}));
  EXPECT_THAT(heard, ElementsAre(Value(1), Value(3)));
}

// OB02, OB04, OB09: by a condition on the row after the change, and on the row that was for a removal.
TEST_F(Verbs, AnObserverWithAConditionHearsWhatSatisfiesIt) {
  Heard rated_ones;
  Heard unrated;
  const auto watch = device->observe(post, is("rating", Op::ne, {nullptr}), rated_ones.callback());
  const auto other = device->observe(post, is("rating", Op::eq, {nullptr}), unrated.callback());
  save(rated("p", 1));
  save(rated("q", nullptr));
  save(rated("p", nullptr));
  ASSERT_TRUE(device->remove(rated("p", nullptr), {}));
  save(rated("r", 3));
  ASSERT_TRUE(device->remove(rated("r", 3), {}));
  EXPECT_THAT(rated_ones.lines, ElementsAre("Post p inserted", "Post r inserted", "Post r removed"));
  EXPECT_THAT(unrated.lines, ElementsAre("Post q inserted", "Post p updated", "Post p removed"));
}

// OB12, OQ13
TEST_F(Verbs, ACancelledObservationHearsNothing) {
  Heard heard;
  auto watch = device->observe(post, {}, heard.callback());
  watch.cancel();
  save(rated("p", 1));
  EXPECT_THAT(heard.lines, IsEmpty());
}

// --- lifecycle -----------------------------------------------------------------------------------------------

// L20: an answer that comes after clear() finds nothing to be applied to.
TEST_F(Verbs, ClearEndsWhatIsUnderWay) {
  go_live();
  save(post_of("p", "a"));
  auto late = std::move(transport->exchanges.front());
  transport->exchanges.clear();
  ASSERT_TRUE(device->clear());
  late.done(json_response(Object{{"createPost", item(post_of("p", "a"), 1)}}));
  clock->settle();
  EXPECT_THAT(rows(post), IsEmpty());
  EXPECT_EQ(pending(), 0U);
}

// L04, L05
TEST_F(Verbs, ObserversStayThroughStopAndClear) {
  Heard heard;
  const auto watch = device->observe(post, {}, heard.callback());
  go_live();
  device->stop();
  save(rated("p", 1));
  ASSERT_TRUE(device->clear());
  EXPECT_THAT(rows(post), IsEmpty());
  save(rated("q", 1));
  EXPECT_THAT(heard.lines, ElementsAre("Post p inserted", "Post q inserted"));
}

// L12: a start that fails leaves the store as it was.
TEST_F(Verbs, AFailedStartMayBeFollowedByOneThatSucceeds) {
  auto wrong = options();
  wrong.page_rows = 0;
  EXPECT_EQ(device->start(wrong).error().code, Code::invalid_argument);
  go_live();
}

// L14: forty models, one connection; it goes with stop().
TEST_F(Verbs, ManyModelsAreSubscribedToAndLeftTogether) {
  const auto model = schema.models[1];
  schema.models.clear();
  for (int at = 0; at < 40; ++at) {
    auto copy = model;
    copy.name = "Note" + std::to_string(at);
    copy.relations.clear();
    copy.operations = testing::operations(copy.name, copy.name + "s");
    schema.models.push_back(std::move(copy));
  }
  open();
  start();
  subscribe();
  EXPECT_EQ(starts.size(), 120U);
  EXPECT_EQ(transport->sockets.size(), 1U);
  device->stop();
  EXPECT_TRUE(*transport->sockets.back().is_closed);
}

/// How far a start has come, and how it is ended.
struct Ending {
  std::string name;
  bool is_online = true;
  int progress = 0;  ///< 0: just started; 1: connected; 2: hydrating; 3: live, with a save under way.
  bool clears = false;
};

class Endings : public DeviceTest, public ::testing::WithParamInterface<Ending> {
 protected:
  void progress(int steps) {
    start();
    if (steps == 1) transport->sockets.back().events.on_open();
    if (steps >= 2) subscribe();
    if (steps < 3) return;
    answer_page("syncPosts");
    answer_page("syncComments");
    ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  }
  void end() {
    if (!GetParam().clears) return device->stop();
    ASSERT_TRUE(device->clear());
  }
};

// L03, L06: nothing is left behind that could still call, ask or write.
TEST_P(Endings, LeaveNothingBehind) {
  device->set_online(GetParam().is_online);
  progress(GetParam().progress);
  end();
  for (const auto& socket : transport->sockets) EXPECT_TRUE(*socket.is_closed);
  const auto asked_before = transport->exchanges.size();
  clock->advance(std::chrono::hours(1));
  EXPECT_EQ(transport->exchanges.size(), asked_before);
  EXPECT_EQ(pending(), GetParam().progress >= 3 && !GetParam().clears ? 1U : 0U);
  transport->exchanges.clear();
  device->set_online(true);
  go_live();
}

INSTANTIATE_TEST_SUITE_P(Table, Endings,
                         ::testing::ValuesIn(std::vector<Ending>{{"L06_stop_at_once", true, 0, false},
                                                                 {"L06_clear_at_once", true, 0, true},
                                                                 {"L06_stop_offline", false, 0, false},
                                                                 {"L06_clear_offline", false, 0, true},
                                                                 {"L06_stop_while_connecting", true, 1, false},
                                                                 {"L06_clear_while_connecting", true, 1, true},
                                                                 {"L06_stop_while_hydrating", true, 2, false},
                                                                 {"L06_clear_while_hydrating", true, 2, true},
                                                                 {"L06_stop_while_sending", true, 3, false},
                                                                 {"L06_clear_while_sending", true, 3, true}}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace holdfast::device_testing
