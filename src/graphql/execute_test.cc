#include "graphql/execute.h"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "graphql/plan.h"
#include "graphql/schema_test_types.h"

namespace holdfast::graphql {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view sdl = R"(
scalar Date
enum Colour { RED GREEN }
interface Node { id: ID! }
type Post implements Node {
  id: ID! title: String! rating: Int score: Float done: Boolean colour: Colour born: Date tags: [String!]
  comments(first: Int = 2): [Comment!] blog: Blog again: Post
}
type Comment implements Node { id: ID! text: String! post: Post }
type Blog { name: String! }
union Hit = Post | Comment
type Query { post: Post posts: [Post] must: Post! musts: [Post!]! hits: [Hit] node: Node count: Int many: [[Int!]] }
type Mutation { first(n: Int): Int second(n: Int): Post third: Int! }
)";

/// Answers fields by "Type.field", and writes down each call with its number of parents.
class ScriptedResolvers : public Resolvers {
 public:
  using Answer = std::function<Outcome(const Value& parent, const Object& arguments)>;

  [[nodiscard]] bool resolves(const TypeDefinition& parent, const FieldDefinition& field) const override {
    return answers.contains(parent.name + "." + field.name);
  }
  std::vector<Outcome> resolve(const FieldCall& call, std::span<const Value* const> parents) override {
    const auto name = call.parent.name + "." + call.field.name;
    calls.push_back(name + " x" + std::to_string(parents.size()) + " " + json::write(Value(call.arguments)));
    std::vector<Outcome> outcomes;
    for (const auto* parent : parents) outcomes.push_back(answers.at(name)(*parent, call.arguments));
    return outcomes;
  }

  std::map<std::string, Answer> answers;
  std::vector<std::string> calls;
};

class Execute : public ::testing::Test {
 protected:
  std::string run(std::string_view text, std::string_view root = "{}", const Object& variables = {}) {
    const auto document = testing::read_document(text);
    const auto value = json::parse(root).value();
    const auto& operation = document.operations.front();
    const auto unplanned = execute({types_, document, operation, variables, scalars_, resolvers_}, value).text;
    const auto calls = std::exchange(resolvers_.calls, {});
    const auto plan = plan_operation(types_, document, operation, scalars_, 1000);
    const auto planned = execute({types_, document, operation, variables, scalars_, resolvers_, {}, plan.get()}, value).text;
    EXPECT_EQ(planned, unplanned) << "a plan changes nothing";
    EXPECT_EQ(resolvers_.calls, calls);
    return planned;
  }

  void answer(const std::string& field, std::string_view value) {
    resolvers_.answers[field] = [held = json::parse(value).value()](const Value&, const Object&) { return held; };
  }

  const TypeSystem types_ = testing::build_types(sdl);
  const testing::PlainScalars scalars_;
  ScriptedResolvers resolvers_;
};

std::string error(std::string_view path, std::string_view place, std::string_view message) {
  return R"({"path":)" + std::string(path) + R"(,"data":null,"errorType":null,"errorInfo":null,"locations":[)" +
         R"({"line":1,"column":)" + std::string(place) + R"(,"sourceName":null}],"message":")" + std::string(message) +
         R"("})";
}

TEST_F(Execute, SelectsMembersByFieldNameUnderTheirAliases) {
  EXPECT_EQ(run("{ post { x: id title __typename } }", R"({"post": {"id": 1, "title": "a", "more": 2}})"),
            R"({"data":{"post":{"x":"1","title":"a","__typename":"Post"}}})");
}

TEST_F(Execute, MergesSelectionsInDocumentOrder) {
  EXPECT_EQ(run("{ post { blog { name } } ...F } fragment F on Query { post { title blog { x: name } } }",
                R"({"post": {"title": "a", "blog": {"name": "b"}}})"),
            R"({"data":{"post":{"blog":{"name":"b","x":"b"},"title":"a"}}})");
}

TEST_F(Execute, LeavesOutWhatIsSkippedOrNotIncluded) {
  EXPECT_EQ(run("{ a: count @skip(if: $y) b: count @include(if: $y) c: count @skip(if: true) ...F @include(if: $n) "
                "... @skip(if: $n) { d: count } } fragment F on Query { e: count }",
                R"({"count": 1})", {{"y", true}, {"n", false}}),
            R"({"data":{"b":1,"d":1}})");
}

// `if` takes no null; a variable with a default may still be given one.
TEST_F(Execute, FailsTheObjectWhoseConditionIsNull) {
  const auto refused = [](std::string_view path, std::string_view place) {
    return error(path, place, R"(Argument \"if\" of non-null type \"Boolean!\" must not be null.)");
  };
  EXPECT_EQ(run("{ count @skip(if: $b) }", "{}", {{"b", nullptr}}),
            R"({"data":null,"errors":[)" + refused("null", "19") + "]}");
  EXPECT_EQ(run("{ posts { id ...F } } fragment F on Post { title @include(if: $b) }",
                R"({"posts": [{"id": 1, "title": "a"}, null, {"id": 2, "title": "b"}]})", {{"b", nullptr}}),
            R"({"data":{"posts":[null,null,null]},"errors":[)" + refused(R"(["posts",0])", "63") + "," +
                refused(R"(["posts",2])", "63") + "]}");
  EXPECT_EQ(run("{ count @include(if: $b) @skip(if: $b) }", "{}", {{"b", nullptr}}),
            R"({"data":null,"errors":[)" + refused("null", "36") + "]}");
  EXPECT_EQ(run("{ count @skip(if: true) @include(if: $b) }", "{}", {{"b", nullptr}}), R"({"data":{}})");
}

TEST_F(Execute, FailsAPlainMemberWhoseArgumentsAreWrong) {
  EXPECT_EQ(run("{ post { id comments(first: [1, 2]) { id } } }", R"({"post": {"id": 1, "comments": []}})"),
            R"({"data":{"post":{"id":"1","comments":null}},"errors":[)" +
                error(R"(["post","comments"])", "29", "Int cannot represent non-integer value: [1, 2]") + "]}");
}

TEST_F(Execute, GoesByTheTypenameOfAbstractValues) {
  EXPECT_EQ(run("{ hits { __typename ... on Post { title } ... on Node { id } ... on Comment { text } } }",
                R"({"hits": [{"__typename": "Post", "id": 1, "title": "a"}, null,
                    {"__typename": "Comment", "id": 2, "text": "b"}, {"__typename": "Post", "id": 3, "title": "c"}]})"),
            R"({"data":{"hits":[{"__typename":"Post","title":"a","id":"1"},null,{"__typename":"Comment","id":"2",)"
            R"("text":"b"},{"__typename":"Post","title":"c","id":"3"}]}})");
  EXPECT_EQ(run("{ node { id } }", R"({"node": {"__typename": "Blog", "id": 1}})"),
            R"({"data":{"node":null},"errors":[)" +
                error(R"(["node"])", "3", R"(Runtime Object type \"Blog\" is not a possible type for \"Node\".)") +
                "]}");
  EXPECT_EQ(run("{ node { id } }", R"({"node": {"__typename": "Colour", "id": 1}})"),
            R"({"data":{"node":null},"errors":[)" +
                error(R"(["node"])", "3", R"(Abstract type \"Node\" was resolved to a non-object type \"Colour\".)") +
                "]}");
}

TEST_F(Execute, CallsAResolverOnceALevelWithAllParents) {
  answer("Query.posts", R"([{"id": 1, "title": "a"}, {"id": 2, "title": "b"}, null, {"id": 3, "title": "c"}])");
  resolvers_.answers["Post.comments"] = [](const Value& parent, const Object&) -> Outcome {
    const auto id = json::write(parent["id"]);
    return Value(List{Object{{"id", id + "a"}, {"text", "t"}}, Object{{"id", id + "b"}, {"text", "u"}}});
  };
  resolvers_.answers["Comment.post"] = [](const Value& parent, const Object&) -> Outcome {
    return Value(Object{{"title", parent["id"]}});
  };
  EXPECT_EQ(run("{ posts { id comments { text post { title } } } }"),
            R"({"data":{"posts":[{"id":"1","comments":[{"text":"t","post":{"title":"1a"}},{"text":"u","post":{"title":)"
            R"("1b"}}]},{"id":"2","comments":[{"text":"t","post":{"title":"2a"}},{"text":"u","post":{"title":"2b"}}]},)"
            R"(null,{"id":"3","comments":[{"text":"t","post":{"title":"3a"}},{"text":"u","post":{"title":"3b"}}]}]}})");
  EXPECT_THAT(resolvers_.calls,
              ElementsAre("Query.posts x1 {}", R"(Post.comments x3 {"first":2})", "Comment.post x6 {}"));
}

TEST_F(Execute, WritesBuiltInScalarsAsTheSpecificationSays) {
  EXPECT_EQ(
      run("{ post { id title rating score done colour born tags } }",
          R"({"post": {"id": 7, "title": 1.5, "rating": "12", "score": 2, "done": 1, "colour": "RED", "born": {"y": 1},
                    "tags": [1, true]}})"),
      R"({"data":{"post":{"id":"7","title":"1.5","rating":12,"score":2,"done":true,"colour":"RED","born":{"y":1},)"
      R"("tags":["1","true"]}}})");
}

TEST_F(Execute, NullsWhatCannotBeWrittenAndSaysWhy) {
  EXPECT_EQ(run("{ post { rating colour born } }", R"({"post": {"rating": 1.5, "colour": "BLUE", "born": "bad"}})"),
            R"({"data":{"post":{"rating":null,"colour":null,"born":null}},"errors":[)" +
                error(R"(["post","rating"])", "10", "Int cannot represent non-integer value: 1.5") + "," +
                error(R"(["post","colour"])", "17", R"(Enum \"Colour\" cannot represent value: \"BLUE\")") + "," +
                error(R"(["post","born"])", "24", "It is bad.") + "]}");
}

// Clients recognise the sentence (protocol.md, 1.3).
TEST_F(Execute, CarriesNullUpToTheNearestNullablePlace) {
  const auto missing = [](std::string_view path, std::string_view place, std::string_view text) {
    return error(path, place,
                 "Cannot return null for non-nullable type: 'String' within parent 'Post' (" + std::string(text) + ")");
  };
  EXPECT_EQ(run("{ posts { title } }", R"({"posts": [{"title": "a"}, {"title": null}]})"),
            R"({"data":{"posts":[{"title":"a"},null]},"errors":[)" +
                missing(R"(["posts",1,"title"])", "11", "/posts[1]/title") + "]}");
  EXPECT_EQ(run("{ musts { title } }", R"({"musts": [{"title": "a"}, {}]})"),
            R"({"data":null,"errors":[)" + missing(R"(["musts",1,"title"])", "11", "/musts[1]/title") + "]}");
  EXPECT_EQ(run("{ many }", R"({"many": [[1, 2], [3, null, null], 4]})").substr(0, 32),
            R"({"data":{"many":[[1,2],null,null)");
}

TEST_F(Execute, PutsTheCompletedRecordIntoAResolversError) {
  resolvers_.answers["Mutation.second"] = [](const Value&, const Object&) -> Outcome {
    return FieldError{.message = "Conflict resolver rejects mutation.",
                      .error_type = "ConflictUnhandled",
                      .data = Value(Object{{"id", 1}, {"title", nullptr}, {"rating", "x"}, {"more", 1}})};
  };
  answer("Post.blog", R"({"name": "b"})");
  EXPECT_EQ(
      run("mutation { second { id rating blog { name } } }"),
      R"({"data":{"second":null},"errors":[{"path":["second"],"data":{"id":"1","rating":null,"blog":{"name":"b"}},)"
      R"("errorType":"ConflictUnhandled","errorInfo":null,"locations":[{"line":1,"column":12,"sourceName":null}],)"
      R"("message":"Conflict resolver rejects mutation."}]})");
}

TEST_F(Execute, RunsMutationsOneAfterTheOther) {
  int steps = 0;  // From one to three, in each of the two runs that run() makes.
  const auto count = [&steps](const Value&, const Object&) -> Outcome { return Value(steps = steps % 3 + 1); };
  resolvers_.answers["Mutation.first"] = count;
  answer("Mutation.second", R"({"id": 1})");
  resolvers_.answers["Post.rating"] = count;
  EXPECT_EQ(run("mutation { first(n: 1) second { rating } b: first(n: $n) }", "{}", {{"n", 5}}),
            R"({"data":{"first":1,"second":{"rating":2},"b":3}})");
  EXPECT_THAT(resolvers_.calls, ElementsAre(R"(Mutation.first x1 {"n":1})", "Mutation.second x1 {}",
                                            "Post.rating x1 {}", R"(Mutation.first x1 {"n":5})"));
}

TEST_F(Execute, StopsAtTheDepthLimit) {
  resolvers_.answers["Post.again"] = [](const Value&, const Object&) -> Outcome { return Value(Object{{"id", 1}}); };
  answer("Query.post", R"({"id": 1})");
  std::string text = "{ post { ...F0 } }";
  for (int i = 0; i < 150; ++i) {
    text += " fragment F" + std::to_string(i) + " on Post { again { ...F" + std::to_string(i + 1) + " } }";
  }
  const auto response = run(text + " fragment F150 on Post { id }");
  EXPECT_THAT(response, ::testing::HasSubstr("Selections nest deeper than 100 levels."));
}

TEST_F(Execute, GivesUpOnAnswersThatMultiply) {
  resolvers_.answers["Post.again"] = [](const Value&, const Object&) -> Outcome { return Value(Object{{"id", 1}}); };
  answer("Query.post", R"({"id": 1})");
  std::string text = "{ post { ...F0 } }";
  for (int i = 0; i < 40; ++i) {
    const auto next = "{ ...F" + std::to_string(i + 1) + " }";
    text += " fragment F" + std::to_string(i) + " on Post { again " + next + " x: again " + next + " }";
  }
  const auto response = run(text + " fragment F40 on Post { id }");
  EXPECT_THAT(response, ::testing::StartsWith(R"({"data":null,"errors":[{"path":null)"));
  EXPECT_THAT(response, ::testing::HasSubstr("steps; ask for fewer fields"));
}

TEST_F(Execute, SaysWhenARootIsNotOffered) {
  EXPECT_THAT(run("subscription { x }"),
              ::testing::HasSubstr("Schema is not configured to execute subscription operation."));
}

TEST(SelectOperation, TakesTheOnlyOneOrTheNamedOne) {
  const auto document = testing::read_document("query A { x } query B { x }");
  EXPECT_EQ((*select_operation(document, "B"))->name, "B");
  EXPECT_EQ(select_operation(document, "C").error().message, "Unknown operation named \"C\".");
  EXPECT_EQ(select_operation(document, "").error().message,
            "Must provide operation name if query contains multiple operations.");
  EXPECT_EQ((*select_operation(testing::read_document("{ x }"), ""))->name, "");
  EXPECT_EQ(select_operation(testing::read_document("fragment F on X { x }"), "").error().message,
            "Must provide an operation.");
}

}  // namespace
}  // namespace holdfast::graphql
