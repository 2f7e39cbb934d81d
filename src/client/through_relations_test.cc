// Predicates through relations at the store's doors, in memory and on a file. That both storages agree is
// storage/sqlite/differential_test.cc's, that live queries are right observe/live_queries_fuzz_test.cc's.
#include <gmock/gmock.h>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/typed_testing.h"
#include "holdfast/datastore.h"

namespace holdfast {
namespace {

using client::testing::Comment;
using client::testing::Post;
using client::testing::typed_schema;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Comments on a post that satisfies `child`; posts with a comment that does.
Where<Comment> on_post(const Where<Post>& child) { return {Predicate::related("post", child.tree)}; }
Where<Post> with_comment(const Where<Comment>& child) { return {Predicate::related("comments", child.tree)}; }

class ThroughRelations : public ::testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] DataStore opened(const Schema& schema, const std::string& name) const {
    const bool is_file = *GetParam() != '\0';
    return DataStore::open(schema, {.path = is_file ? folder.file(name) : std::string(), .durability = Durability::normal,
                                    .delivery = {}, .executor = {}, .requires_parents = false})
        .value();
  }
  std::vector<std::string> comments(const Where<Comment>& where, const QueryOptions<Comment>& options = {}) {
    std::vector<std::string> found;
    const auto rows = store.query<Comment>(where, options).value();
    for (const auto& comment : rows) found.push_back(comment.content);
    return found;
  }
  std::vector<std::string> posts(const Where<Post>& where) {
    std::vector<std::string> found;
    const auto rows = store.query<Post>(where).value();
    for (const auto& post : rows) found.push_back(post.title);
    return found;
  }
  /// cold (1) has a and b, hot (5) has b, mute (9) none; "lost" belongs to a post that is not there, "free" to none.
  void fill() {
    const Post hot{.id = "h", .title = "hot", .rating = 5};
    ASSERT_TRUE(store.save_all(std::vector<Post>{cold, hot, {.id = "m", .title = "mute", .rating = 9}}));
    ASSERT_TRUE(store.save_all(std::vector<Comment>{{.id = "1", .content = "a", .post = cold},
                                                    {.id = "2", .content = "b", .post = cold},
                                                    {.id = "3", .content = "b", .post = hot},
                                                    {.id = "4", .content = "lost", .post = Ref<Post>(Key{{"gone"}})},
                                                    {.id = "5", .content = "free"}}));
  }

  const client::ScratchFolder folder;
  DataStore store = opened(typed_schema(), "blog.db");
  const Post cold{.id = "c", .title = "cold", .rating = 1};
  const Where<Post> is_hot = Post::fields::rating > 4;
};

INSTANTIATE_TEST_SUITE_P(Stores, ThroughRelations, ::testing::Values("", "sqlite"),
                         [](const auto& tested) { return *tested.param == '\0' ? "Memory" : "Sqlite"; });

// Q16
TEST_P(ThroughRelations, CommentsAreSortedByWhatTheirPostIs) {
  fill();
  const auto by_rating = through(Comment::fields::post, descending(Post::fields::rating));
  const auto backwards = descending(Comment::fields::content);
  EXPECT_THAT(comments({}, {.sort = {by_rating, backwards}}), ElementsAre("b", "b", "a", "lost", "free"));
  EXPECT_THAT(comments({}, {.sort = {through(Comment::fields::post, ascending(Post::fields::title)), backwards}}),
              ElementsAre("lost", "free", "b", "a", "b"));
  EXPECT_THAT(comments({}, {.sort = {by_rating, backwards}, .limit = 2, .page = 1}), ElementsAre("a", "lost"));
  const auto over_many = store.query_records(Post::model(), {.sort = {{.field = "content", .path = {"comments"}}}}, [](Record&) {});
  EXPECT_EQ(over_many.error().code, Code::invalid_argument);
  EXPECT_THAT(over_many.error().message, HasSubstr("Post.comments cannot be sorted through: it leads to many records"));
}

// Q16, OQ05
TEST_P(ThroughRelations, ALiveQueryIsSortedAnewWhenAPostChanges) {
  fill();
  std::vector<std::string> shown;
  int count = 0;
  const auto watching = store.observe_query<Comment>(
      !(Comment::fields::content == "lost"), {.sort = {through(Comment::fields::post, descending(Post::fields::rating))}},
      [&](const Snapshot<Comment>& snapshot) {
        ++count;
        shown.clear();
        for (const auto& comment : snapshot.items) shown.push_back(comment.content);
      });
  EXPECT_THAT(shown, ElementsAre("b", "a", "b", "free"));
  ASSERT_TRUE(store.save(Post{.id = "c", .title = "cold", .rating = 7}));
  EXPECT_THAT(shown, ElementsAre("a", "b", "b", "free"));
  ASSERT_TRUE(store.save(Post{.id = "m", .title = "mute", .rating = 10}));
  EXPECT_EQ(count, 2) << "nothing to show: the order is as it was";
}

// A query's rows may be walked where they are read.
TEST_P(ThroughRelations, AResultLivesAsLongAsTheLoopOverIt) {
  fill();
  std::vector<std::string> found;
  for (const auto& comment : store.query<Comment>(on_post(is_hot)).value()) found.push_back(comment.content);
  EXPECT_THAT(found, ElementsAre("b"));
  static_assert(std::is_same_v<decltype(store.query<Comment>().value()), std::vector<Comment>>);
}

// P21, Q14, Q28
TEST_P(ThroughRelations, CommentsAreFoundByWhatTheirPostIs) {
  fill();
  EXPECT_THAT(comments(on_post(is_hot)), ElementsAre("b"));
  EXPECT_THAT(comments(!on_post(is_hot)), ElementsAre("a", "b", "lost", "free")) << "not is the exact complement";
  EXPECT_THAT(comments(on_post(!is_hot)), ElementsAre("a", "b")) << "where there is no post, it is not cold either";
  EXPECT_THAT(comments(!on_post({})), ElementsAre("lost", "free"));
  EXPECT_THAT(comments(on_post(Post::fields::title == "none")), IsEmpty());
}

// P22, P24, P25
TEST_P(ThroughRelations, PostsAreFoundByTheCommentsTheyHave) {
  fill();
  EXPECT_THAT(posts(with_comment(Comment::fields::content.contains("b"))), ElementsAre("cold", "hot")) << "each once";
  EXPECT_THAT(posts(!with_comment({})), ElementsAre("mute"));
  EXPECT_THAT(posts(is_hot && with_comment(Comment::fields::content == "b")), ElementsAre("hot"));
  EXPECT_THAT(posts(!(is_hot && with_comment(Comment::fields::content == "b"))), ElementsAre("cold", "mute"));
  EXPECT_THAT(posts(with_comment(Comment::fields::content == "a") || !with_comment({})), ElementsAre("cold", "mute"));
}

// P23, P26
TEST_P(ThroughRelations, EveryDepthIsFollowed) {
  fill();
  const auto beside_a = on_post(with_comment(Comment::fields::content == "a"));
  EXPECT_THAT(comments(beside_a), ElementsAre("a", "b"));
  auto far = with_comment(Comment::fields::content == "a");
  for (int level = 0; level < 45; ++level) far = with_comment(on_post(far));
  EXPECT_THAT(posts(far), ElementsAre("cold")) << "deeper than SQLite's parser goes";
  EXPECT_THAT(posts(!far), ElementsAre("hot", "mute"));
  for (int level = 0; level < 5; ++level) far = with_comment(on_post(far));
  EXPECT_FALSE(store.query<Post>(far)) << "deeper than a predicate may be";
}

// Q18: the rows of every level are read once, however many ways lead to them.
TEST_P(ThroughRelations, ADeepPredicateIsNoMoreWorkThanItsLevels) {
  std::vector<Comment> many;
  for (int at = 0; at < 200; ++at) many.push_back({.id = "n" + std::to_string(at), .content = "x", .post = cold});
  ASSERT_TRUE(store.save(cold));
  ASSERT_TRUE(store.save_all(many));
  auto far = with_comment(Comment::fields::content == "none");
  for (int level = 0; level < 4; ++level) far = with_comment(on_post(far));
  EXPECT_THAT(posts(far), IsEmpty());
  EXPECT_THAT(posts(Post::fields::title == "cold" && far), IsEmpty());
}

TEST_P(ThroughRelations, CountsSortsAndPages) {
  fill();
  EXPECT_EQ(store.count<Comment>(on_post({})).value(), 3U);
  const QueryOptions<Comment> last_first{.sort = {descending(Comment::fields::content)}, .limit = 2};
  EXPECT_THAT(comments(on_post({}), last_first), ElementsAre("b", "b"));
  EXPECT_THAT(comments(on_post({}), {.sort = last_first.sort, .limit = 2, .page = 1}), ElementsAre("a"));
}

// P27
TEST_P(ThroughRelations, RemovesWhatSatisfiesThem) {
  fill();
  EXPECT_EQ(store.remove(on_post(is_hot)).value(), 1U);
  EXPECT_EQ(store.remove<Post>(!with_comment({})).value(), 2U) << "hot has lost its comment";
  EXPECT_THAT(posts({}), ElementsAre("cold"));
}

// P27: conditions go to the service, which knows no relations.
TEST_P(ThroughRelations, AreRefusedAsConditionsBeforeAnythingIsWritten) {
  fill();
  const auto pending = store.pending_count().value();
  const auto saved = store.save(Post{.id = "c", .title = "new"}, with_comment({}));
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, Code::invalid_argument);
  EXPECT_THAT(saved.error().message, HasSubstr("Post.comments"));
  EXPECT_EQ(store.remove(cold, !with_comment({})).error().code, Code::invalid_argument);
  const auto in_transaction = store.transaction([&](Transaction& transaction) {
    return transaction.save(Post{.id = "c", .title = "new"}, Post::fields::rating == 1 && with_comment({}));
  });
  EXPECT_EQ(in_transaction.error().code, Code::invalid_argument);
  EXPECT_THAT(posts({}), ElementsAre("cold", "hot", "mute"));
  EXPECT_EQ(store.pending_count().value(), pending);
}

TEST_P(ThroughRelations, InATransactionSeeItsOwnWrites) {
  fill();
  const auto done = store.transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.id = "c", .title = "cold", .rating = 7}));
    HOLDFAST_TRY(comment, transaction.save(Comment{.id = "6", .content = "new", .post = cold}));
    EXPECT_EQ(transaction.count<Comment>(on_post(is_hot)).value(), 4U);
    EXPECT_EQ(transaction.query<Post>(with_comment(Comment::fields::content == "new")).value().size(), 1U);
    EXPECT_EQ(store.count<Comment>(on_post(is_hot)).value(), 1U) << "the store reads what was before";
    HOLDFAST_TRY(removed, transaction.remove<Comment>(on_post(is_hot)));
    EXPECT_EQ(removed, 4U);
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_THAT(comments({}), ElementsAre("lost", "free"));
}

// OB03
TEST_P(ThroughRelations, AnObserverIsToldByTheStoreAtTheCommit) {
  fill();
  std::vector<std::string> told;
  const auto observing = store.observe<Comment>(
      [&](const Change<Comment>& change) {
        told.push_back(std::string(name(change.type)) + " " + change.element.content);
        // What the callback changes comes after the commits that it is told of.
        if (told.size() > 1) return;
        EXPECT_TRUE(store.save(Post{.id = "h", .title = "hot", .rating = 1}));
      },
      on_post(is_hot));
  const auto done = store.transaction([&](Transaction& transaction) -> Result<void> {
    for (const auto* content : {"x", "y"}) {
      HOLDFAST_TRY(on_hot, transaction.save(Comment{.content = content, .post = Ref<Post>(Key{{"h"}})}));
      HOLDFAST_TRY(on_cold, transaction.save(Comment{.content = "no", .post = cold}));
    }
    return {};
  });
  EXPECT_TRUE(done);
  ASSERT_TRUE(store.save(Comment{.id = "3", .content = "late", .post = Ref<Post>(Key{{"h"}})}));
  EXPECT_THAT(told, ElementsAre("inserted x", "inserted y"));
}

// OB03
TEST_P(ThroughRelations, AnObserverOfParentsIsToldOfTheirOwnChangesOnly) {
  fill();
  std::vector<std::string> told;
  const auto observing = store.observe<Post>([&](const Change<Post>& change) { told.push_back(change.element.title); },
                                             with_comment(Comment::fields::content == "b"));
  for (const auto* id : {"c", "h", "m"}) ASSERT_TRUE(store.save(Post{.id = id, .title = std::string("new ") + id}));
  ASSERT_TRUE(store.save(Comment{.content = "b", .post = Ref<Post>(Key{{"m"}})}));
  EXPECT_THAT(told, ElementsAre("new c", "new h"));
}

// OQ02, OQ03, OQ04, R25
TEST_P(ThroughRelations, ALiveQueryFollowsTheRelatedRecords) {
  fill();
  std::vector<std::string> shown;
  const auto watching = store.observe_query<Comment>(
      on_post(is_hot), {.sort = {ascending(Comment::fields::content)}}, [&](const Snapshot<Comment>& snapshot) {
        std::string line;
        for (const auto& comment : snapshot.items) line += comment.content + " ";
        shown.push_back(line);
      });
  ASSERT_TRUE(watching);
  ASSERT_TRUE(store.save(Post{.id = "c", .title = "cold", .rating = 7}));
  ASSERT_TRUE(store.save(Post{.id = "c", .title = "warm", .rating = 6}));
  ASSERT_TRUE(store.save(Comment{.id = "1", .content = "z", .post = cold}));
  ASSERT_TRUE(store.save(Comment{.id = "5", .content = "still free"}));
  ASSERT_TRUE(store.remove(Post::fields::title == "hot"));
  ASSERT_TRUE(store.clear());
  EXPECT_THAT(shown, ElementsAre("b ", "a b b ", "b b z ", "b z ", "")) << "nothing is shown when nothing changed";
}

// --- several ways between the same models ----------------------------------------------------------------------

/// Team {city, name, points} with the key (city, name) has many home matches of Match {id, homeCity, homeName, guestCity,
/// guestName}, which belongs to a home and a guest team; Fan {id, city} and Team are many to many through FanTeam.
Schema league() {
  const auto id = [](std::string name) { return FieldSchema{.name = std::move(name), .scalar = Scalar::id}; };
  ModelSchema team{.name = "Team", .plural_name = "Teams"};
  team.fields = {{.name = "city"}, {.name = "name"}, {.name = "points", .scalar = Scalar::integer}};
  team.primary_key = {"city", "name"};
  team.relations = {{.name = "homeMatches", .kind = RelationKind::has_many, .target = "Match", .keys = {"city", "name"},
                     .target_keys = {"homeCity", "homeName"}}};
  ModelSchema match{.name = "Match", .plural_name = "Matches"};
  match.fields = {id("id"), {.name = "homeCity"}, {.name = "homeName"}, {.name = "guestCity"}, {.name = "guestName"}};
  match.primary_key = {"id"};
  match.relations = {{.name = "home", .target = "Team", .keys = {"homeCity", "homeName"}, .target_keys = {"city", "name"}},
                     {.name = "guest", .target = "Team", .keys = {"guestCity", "guestName"}, .target_keys = {"city", "name"}}};
  ModelSchema fan{.name = "Fan", .plural_name = "Fans"};
  fan.fields = {id("id"), {.name = "city"}};
  fan.primary_key = {"id"};
  fan.relations = {{.name = "teams", .kind = RelationKind::has_many, .target = "FanTeam", .keys = {"id"}, .target_keys = {"fanId"}}};
  ModelSchema join{.name = "FanTeam", .plural_name = "FanTeams"};
  join.fields = {id("id"), id("fanId"), {.name = "teamCity"}, {.name = "teamName"}};
  join.primary_key = {"id"};
  join.is_join = true;
  join.relations = {{.name = "fan", .target = "Fan", .keys = {"fanId"}, .target_keys = {"id"}},
                    {.name = "team", .target = "Team", .keys = {"teamCity", "teamName"}, .target_keys = {"city", "name"}}};
  Schema schema;
  schema.models = {std::move(team), std::move(match), std::move(fan), std::move(join)};
  return schema;
}

class ThroughTheLeague : public ThroughRelations {
 protected:
  void SetUp() override {
    put(0, {{"city", "Rome"}, {"name", "A"}, {"points", 9}});
    put(0, {{"city", "Rome"}, {"name", "B"}, {"points", 1}});
    put(0, {{"city", "Bonn"}, {"name", "A"}, {"points", 1}});
    put(1, {{"id", "m1"}, {"homeCity", "Rome"}, {"homeName", "A"}, {"guestCity", "Bonn"}, {"guestName", "A"}});
    put(1, {{"id", "m2"}, {"homeCity", "Bonn"}, {"homeName", "A"}, {"guestCity", "Rome"}, {"guestName", "A"}});
    put(1, {{"id", "m3"}, {"homeCity", "Rome"}, {"homeName", "B"}, {"guestCity", "Rome"}});
    put(2, {{"id", "f1"}, {"city", "Rome"}});
    put(2, {{"id", "f2"}, {"city", "Bonn"}});
    put(3, {{"id", "j1"}, {"fanId", "f1"}, {"teamCity", "Rome"}, {"teamName", "A"}});
    put(3, {{"id", "j2"}, {"fanId", "f2"}, {"teamCity", "Bonn"}, {"teamName", "A"}});
    put(3, {{"id", "j3"}, {"fanId", "f2"}, {"teamCity", "Rome"}, {"teamName", "A"}});
  }
  void put(std::size_t model, std::initializer_list<std::pair<std::string_view, Value>> values) {
    ASSERT_TRUE(store.save_record(testing::record(schema.models[model], values), nullptr, {}));
  }
  std::vector<std::string> found(std::size_t model, const Predicate& where) {
    std::vector<std::string> ids;
    EXPECT_TRUE(store.query_records(schema.models[model], {.where = where}, [&ids](Record& row) { ids.push_back(row.key().text()); }));
    return ids;
  }

  const Schema schema = league();
  DataStore store = opened(schema, "league.db");
  const Predicate leads = Predicate::compare("points", Op::gt, {5});
};

INSTANTIATE_TEST_SUITE_P(Stores, ThroughTheLeague, ::testing::Values("", "sqlite"),
                         [](const auto& tested) { return *tested.param == '\0' ? "Memory" : "Sqlite"; });

// Q11, Q12, R24
TEST_P(ThroughTheLeague, TwoRelationsToOneModelAreKeptApartAndKeysOfSeveralPartsMatchWhole) {
  EXPECT_THAT(found(1, Predicate::related("home", leads)), ElementsAre(R"(["m1"])"));
  EXPECT_THAT(found(1, Predicate::related("guest", leads)), ElementsAre(R"(["m2"])"));
  EXPECT_THAT(found(1, Predicate::related("guest", {})), ElementsAre(R"(["m1"])", R"(["m2"])")) << "half a key is none";
  const auto is_m3 = Predicate::compare("id", Op::eq, {"m3"});
  EXPECT_THAT(found(1, Predicate::all_of({is_m3, Predicate::negation(Predicate::related("guest", {}))})), ElementsAre(R"(["m3"])"));
  const auto beaten = Predicate::related("homeMatches", Predicate::related("guest", leads));
  EXPECT_THAT(found(0, beaten), ElementsAre(R"(["Bonn","A"])"));
}

TEST_P(ThroughTheLeague, ManyToManyGoesThroughTheJoinModel) {
  const auto fans_of = [](Predicate team) { return Predicate::related("teams", Predicate::related("team", std::move(team))); };
  EXPECT_THAT(found(2, fans_of(leads)), ElementsAre(R"(["f1"])", R"(["f2"])"));
  EXPECT_THAT(found(2, fans_of(Predicate::negation(leads))), ElementsAre(R"(["f2"])"));
}

}  // namespace
}  // namespace holdfast
