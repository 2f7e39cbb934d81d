#include "holdfast/predicate.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "model/testing.h"

namespace holdfast {
namespace {

Predicate is(std::string field, Op op, std::vector<Value> operands) {
  return Predicate::compare(std::move(field), op, std::move(operands));
}

class Predicates : public ::testing::Test {
 protected:
  bool holds(const Predicate& predicate, std::initializer_list<std::pair<std::string_view, Value>> values) {
    const auto valid = check(predicate, post);
    EXPECT_TRUE(valid) << (valid ? "" : valid.error().message);
    return evaluate(predicate, testing::record(post, values));
  }

  Schema schema = testing::blog_schema();
  const ModelSchema& post = *schema.model("Post");
};

TEST_F(Predicates, CompareNumbersAcrossKinds) {
  EXPECT_TRUE(holds(is("score", Op::eq, {1}), {{"score", 1.0}}));
  EXPECT_TRUE(holds(is("rating", Op::between, {1, 3}), {{"rating", 3}}));
  EXPECT_FALSE(holds(is("rating", Op::between, {3, 1}), {{"rating", 2}}));
  EXPECT_TRUE(holds(is("score", Op::gt, {std::int64_t{9007199254740992}}), {{"score", 9007199254740994.0}}));
}

// P34
TEST_F(Predicates, TreatNullByTheTableInTheHeader) {
  EXPECT_TRUE(holds(is("rating", Op::eq, {nullptr}), {}));
  EXPECT_FALSE(holds(is("rating", Op::eq, {1}), {}));
  EXPECT_TRUE(holds(is("rating", Op::ne, {1}), {}));
  for (const auto op : {Op::lt, Op::le, Op::gt, Op::ge}) EXPECT_FALSE(holds(is("rating", op, {1}), {}));
  EXPECT_FALSE(holds(is("rating", Op::between, {0, 9}), {}));
  EXPECT_FALSE(holds(is("title", Op::contains, {"a"}), {}));
  EXPECT_TRUE(holds(is("title", Op::not_contains, {"a"}), {}));
  EXPECT_FALSE(holds(is("title", Op::begins_with, {""}), {}));
  EXPECT_FALSE(holds(is("rating", Op::in, {1, 2}), {}));
  EXPECT_TRUE(holds(is("rating", Op::not_in, {1, 2}), {}));
  EXPECT_TRUE(holds(Predicate::negation(is("rating", Op::lt, {1})), {}));
}

TEST_F(Predicates, LookIntoStringsAndLists) {
  EXPECT_TRUE(holds(is("title", Op::contains, {"ell"}), {{"title", "hello"}}));
  EXPECT_TRUE(holds(is("title", Op::begins_with, {"he"}), {{"title", "hello"}}));
  EXPECT_TRUE(holds(is("tags", Op::contains, {"a"}), {{"tags", List{"b", "a"}}}));
  EXPECT_FALSE(holds(is("tags", Op::contains, {"a"}), {{"tags", List{"ab"}}}));
  auto size = is("tags", Op::gt, {1});
  size.subject = Predicate::Subject::size;
  EXPECT_TRUE(holds(size, {{"tags", List{"b", "a"}}}));
  EXPECT_FALSE(holds(size, {}));
}

TEST_F(Predicates, GroupsOfNothingAreTrueForAllAndFalseForAny) {
  EXPECT_TRUE(holds(Predicate::all_of({}), {}));
  EXPECT_FALSE(holds(Predicate::any_of({}), {}));
  EXPECT_TRUE(holds(Predicate{}, {}));
}

// P01, P02, P03, P14, P34, Q04: what the typed edge does not compile is refused below it, by name.
TEST_F(Predicates, ThatDoNotFitTheModelAreRefusedByName) {
  const auto refused = [&](const Predicate& predicate) {
    const auto checked = check(predicate, post);
    return checked ? std::string("accepted") : checked.error().message;
  };
  EXPECT_EQ(refused(is("nope", Op::eq, {1})), "Post has no field \"nope\"");
  EXPECT_EQ(refused(is("rating", Op::eq, {"x"})), "Post.rating: eq takes a value of type Int, not a string");
  EXPECT_EQ(refused(is("rating", Op::begins_with, {"x"})), "Post.rating: begins_with needs a string field");
  EXPECT_NE(refused(is("place", Op::eq, {Object{}})), "accepted");
  EXPECT_NE(refused(is("done", Op::lt, {true})), "accepted");
  EXPECT_EQ(refused(is("rating", Op::eq, {})), "Post.rating: eq takes one value");
  EXPECT_EQ(refused(is("rating", Op::eq, {1, 2})), "Post.rating: eq takes one value");
  for (const auto& bounds : std::vector<std::vector<Value>>{{}, {1}, {1, 2, 3}}) {
    EXPECT_EQ(refused(is("rating", Op::between, bounds)), "Post.rating: between takes two values");
  }
  EXPECT_EQ(refused(is("rating", Op::in, {List{1}})), "Post.rating: in takes a value of type Int, not a list");
  EXPECT_EQ(refused(is("rating", Op::contains, {1})), "Post.rating: contains needs a string or list field");
  auto two = Predicate::negation({});
  two.children.emplace_back();
  EXPECT_EQ(refused(two), "not takes one predicate");
  auto deep = is("rating", Op::eq, {1});
  for (int level = 0; level < 200; ++level) deep = Predicate::negation(std::move(deep));
  EXPECT_EQ(refused(deep), "a predicate is more than 100 levels deep");
}

// Q14, P22
TEST_F(Predicates, ThroughARelationAskForRelatedRecordsOnly) {
  const auto& comment = *schema.model("Comment");
  const auto hot = Predicate::related("post", is("rating", Op::gt, {4}));
  EXPECT_TRUE(check(hot, comment, schema));
  EXPECT_TRUE(spans_relations(Predicate::negation(Predicate::any_of({is("content", Op::eq, {"x"}), hot}))));
  EXPECT_FALSE(spans_relations(Predicate::negation(is("content", Op::eq, {"x"}))));
  const auto of_one = testing::record(comment, {{"content", "x"}, {"postCommentsId", "p1"}});
  const HasRelated has_related = [](const Record& record, const RelationSchema& relation, const Predicate& child) {
    EXPECT_EQ(relation.target, "Post");
    EXPECT_EQ(child, is("rating", Op::gt, {4}));
    return record["postCommentsId"] == Value("p1");
  };
  EXPECT_TRUE(evaluate(hot, of_one, has_related));
  EXPECT_FALSE(evaluate(Predicate::negation(hot), of_one, has_related));
  EXPECT_FALSE(evaluate(Predicate::all_of({is("content", Op::eq, {"y"}), hot}), of_one, has_related));
}

TEST_F(Predicates, ThroughARelationAreCheckedAgainstItsTarget) {
  const auto& comment = *schema.model("Comment");
  const auto refused = [&](const Predicate& predicate) {
    const auto checked = check(predicate, comment, schema);
    return checked ? std::string("accepted") : checked.error().message;
  };
  const auto post_has = [](Predicate child) { return Predicate::related("post", std::move(child)); };
  EXPECT_EQ(refused(post_has(Predicate::related("comments", is("content", Op::contains, {"x"})))), "accepted");
  EXPECT_EQ(refused(post_has(is("content", Op::eq, {"x"}))), "Post has no field \"content\"");
  EXPECT_EQ(refused(Predicate::related("postCommentsId", {})), "Comment has no relation \"postCommentsId\"");
  auto childless = post_has({});
  childless.children.clear();
  EXPECT_EQ(refused(childless), "a relation takes one predicate");
  auto deep = post_has({});
  for (int level = 0; level < 60; ++level) deep = Predicate::related("post", Predicate::related("comments", std::move(deep)));
  EXPECT_EQ(refused(deep), "a predicate is more than 100 levels deep");
}

TEST_F(Predicates, ThroughARelationDoNotFitOneRecordAlone) {
  const auto checked = check(Predicate::negation(Predicate::related("comments", {})), post);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Code::invalid_argument);
  EXPECT_TRUE(checked.error().message.starts_with("Post.comments: a predicate through a relation does not fit here"));
}

// P33
TEST_F(Predicates, AreTheSameAfterAJourneyThroughJson) {
  auto sized = is("tags", Op::ge, {2});
  sized.subject = Predicate::Subject::size;
  const auto tree = Predicate::any_of({Predicate{}, Predicate::negation(is("rating", Op::not_in, {1, 2, nullptr})),
                                       Predicate::all_of({is("title", Op::not_contains, {"q"}), sized}),
                                       Predicate::related("comments", is("content", Op::eq, {"x"}))});
  const auto text = json::write(to_json(tree));
  EXPECT_EQ(*predicate_from_json(*json::parse(text)), tree);
  EXPECT_EQ(text, R"({"any":[{},{"not":{"field":"rating","op":"notIn","operands":[1,2,null]}},{"all":[)"
                  R"({"field":"title","op":"notContains","operands":["q"]},)"
                  R"({"field":"tags","op":"ge","operands":[2],"subject":"size"}]},)"
                  R"({"relation":"comments","where":{"field":"content","op":"eq","operands":["x"]}}]})");
  for (const auto* bad : {"3", "{\"all\":1}", "{\"field\":\"a\",\"op\":\"zz\",\"operands\":[]}", "{\"not\":[]}",
                          "{\"relation\":1,\"where\":{}}", "{\"relation\":\"post\"}"}) {
    EXPECT_FALSE(predicate_from_json(*json::parse(bad))) << bad;
  }
}

// Q04
TEST_F(Predicates, QueriesNeedKnownSortFieldsAndALimitForPages) {
  EXPECT_TRUE(check(Query{.sort = {{"rating", Direction::descending}}, .limit = 2, .page = 1}, post, schema));
  EXPECT_FALSE(check(Query{.page = 1}, post, schema));
  EXPECT_FALSE(check(Query{.sort = {{"tags"}}}, post, schema));
  EXPECT_FALSE(check(Query{.sort = {{"nope"}}}, post, schema));
}

TEST(CompareValues, PutsNullsFirstAndComparesTextByBytes) {
  EXPECT_LT(compare_values(nullptr, 0), 0);
  EXPECT_LT(compare_values("Z", "a"), 0);
  EXPECT_GT(compare_values("\xC3\xA9", "z"), 0);
  EXPECT_EQ(compare_values(2, 2.0), 0);
  EXPECT_LT(compare_values(false, true), 0);
}

}  // namespace
}  // namespace holdfast
