// What functions get is what the published function transformer's templates send, and what becomes of their answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "server/resolve/custom.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::parsed;
using testing::Story;
using testing::text;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FakeFunctions final : public Functions {
 public:
  using Answering = std::function<Result<Value>(const Value& event)>;

  Result<Value> call(std::string_view name, const Value& event) override {
    events.push_back(event);
    const auto found = functions.find(name);
    if (found == functions.end()) return Error{Code::not_found, "no function " + std::string(name)};
    return found->second(event);
  }

  std::map<std::string, Answering, std::less<>> functions;
  std::vector<Value> events;
};

FakeFunctions::Answering always(Value value) {
  return [value = std::move(value)](const Value&) { return value; };
}

FakeFunctions::Answering failing(Code code, std::string message) {
  return [code, message](const Value&) { return Error{code, message}; };
}

constexpr const char* schema = R"(
type Post @model { id: ID! title: String likes(of: Int): Int @function(name: "likes") twin: Post @function(name: "twin") }
type Query {
  echo(msg: String, body: AWSJSON, in: In): String @function(name: "echo-${env}")
  chain(n: Int): Int @function(name: "one") @function(name: "two")
  plain: Plain @function(name: "plain")
  plains: [Plain!]! @function(name: "plain")
  day: AWSDate @function(name: "plain")
  json: AWSJSON @function(name: "plain")
}
type Mutation { go(msg: String): EventInvocationResponse @function(name: "go", invocationType: Event) }
type Plain { a: Int b: String extra: Int @function(name: "extra") }
input In { deep: [AWSJSON] text: String }
type EventInvocationResponse { success: Boolean! })";

struct FunctionStory {
  explicit FunctionStory(ServerOptions options = {}) : story(schema, std::move(options), {.functions = &functions}) {}
  Value error(const std::string& query) { return story.refusal(query); }
  FakeFunctions functions;
  Story story;
};

TEST(FunctionFields, GetTheEventOfTheTemplate) {
  FunctionStory here;
  here.functions.functions["echo"] = [](const Value& event) { return event["arguments"]["msg"]; };
  const auto reply = here.story.ask(R"({ echo(msg: "hi") })", "{}", {{"X-Test", "1"}, {"authorization", "me"}});
  EXPECT_EQ(text(reply), R"({"data":{"echo":"hi"}})");
  ASSERT_EQ(here.functions.events.size(), 1U);
  EXPECT_EQ(text(here.functions.events.front()),
            R"({"typeName":"Query","fieldName":"echo","arguments":{"msg":"hi"},"identity":null,"source":null,)"
            R"("request":{"headers":{"x-test":"1","authorization":"me"},"domainName":null},"prev":{"result":{}}})");
}

TEST(FunctionFields, TakeTheEnvironmentIntoTheName) {
  FunctionStory here(ServerOptions{.environment = "dev"});
  here.functions.functions["echo-dev"] = always("there");
  EXPECT_EQ(here.story.get("{ echo }"), Value("there"));
}

TEST(FunctionFields, GetJsonAsWhatItSays) {
  FunctionStory here;
  here.functions.functions["echo"] = always(nullptr);
  here.story.get(R"query(query ($in: In) { echo(body: "{\"a\":[1]}", in: $in) })query",
                 R"({"in":{"deep":["{\"b\":2}",null],"text":"{}"}})");
  EXPECT_EQ(text(here.functions.events.front()["arguments"]),
            R"({"body":{"a":[1]},"in":{"deep":[{"b":2},null],"text":"{}"}})");
}

TEST(FunctionFields, InAChainGetTheResultOfTheOneBefore) {
  FunctionStory here;
  here.functions.functions["one"] = [](const Value& event) { return Value(*event["arguments"]["n"].as_integer() + 1); };
  here.functions.functions["two"] = [](const Value& event) { return Value(*event["prev"]["result"].as_integer() * 10); };
  EXPECT_EQ(here.story.get("{ chain(n: 3) }"), Value(40));
  here.functions.functions["one"] = failing(Code::rejected, "no more");
  here.functions.events.clear();
  EXPECT_EQ(text(here.error("{ chain(n: 3) }")["message"]), R"("no more")");
  EXPECT_EQ(here.functions.events.size(), 1U) << "the second function is not called after the first one failed";
}

TEST(FunctionFields, OfModelsGetTheRecordAndKeepTheirPlaces) {
  FunctionStory here;
  here.functions.functions["likes"] = [](const Value& event) -> Result<Value> {
    if (event["source"]["title"] == Value("bad")) return Error{Code::rejected, "bad title"};
    return Value(*event["arguments"]["of"].as_integer() + static_cast<int>(event["source"]["id"].as_string()->size()));
  };
  for (const auto* input : {R"({id: "a", title: "x"})", R"({id: "bb", title: "bad"})", R"({id: "ccc", title: "z"})"}) {
    here.story.get("mutation { createPost(input: " + std::string(input) + ") { id } }");
  }
  const auto reply = here.story.ask("{ listPosts { items { id likes(of: 10) } } }");
  EXPECT_EQ(text(reply["data"]["listPosts"]["items"]),
            R"([{"id":"a","likes":11},{"id":"bb","likes":null},{"id":"ccc","likes":13}])");
  ASSERT_EQ(reply["errors"].as_list()->size(), 1U);
  EXPECT_EQ(text(reply["errors"].as_list()->front()["path"]), R"(["listPosts","items",1,"likes"])");
  const auto& source = here.functions.events.front()["source"];
  EXPECT_EQ(source["__typename"], Value("Post"));
  EXPECT_EQ(source["_version"], Value(1));
}

TEST(FunctionFields, MayGiveModelsAndPlainTypesWhoseFieldsAreResolvedAsEver) {
  FunctionStory here;
  here.functions.functions["twin"] = always(parsed(R"({"id":"t","title":"twin"})"));
  here.functions.functions["likes"] = [](const Value& event) { return Value(event["source"]["id"] == Value("t") ? 7 : 8); };
  here.functions.functions["plain"] = always(parsed(R"({"a":1,"b":"x"})"));
  here.functions.functions["extra"] = [](const Value& event) { return event["source"]["a"]; };
  here.story.get(R"(mutation { createPost(input: {id: "1"}) { id } })");
  EXPECT_EQ(text(here.story.get(R"({ getPost(id: "1") { twin { title likes } likes } })")),
            R"({"twin":{"title":"twin","likes":7},"likes":8})");
  EXPECT_EQ(text(here.story.get("{ plain { a b extra } }")), R"({"a":1,"b":"x","extra":1})");
}

TEST(FunctionFields, ThatFailCarryTheErrorTypesOfAppSync) {
  FunctionStory here;
  const std::pair<Code, const char*> cases[] = {{Code::rejected, "Lambda:Unhandled"},
                                                {Code::malformed, "Lambda:Unhandled"},
                                                {Code::timed_out, "Lambda:ExecutionTimeoutException"},
                                                {Code::unavailable, "Lambda:ServiceException"},
                                                {Code::not_found, "NotServed"}};
  for (const auto& [code, type] : cases) {
    here.functions.functions["echo"] = failing(code, "why");
    const auto error = here.error("{ echo }");
    EXPECT_EQ(error["errorType"], Value(type));
    EXPECT_NE(error["message"].as_string()->find("why"), std::string::npos);
    EXPECT_EQ(text(error["path"]), R"(["echo"])");
  }
}

TEST(FunctionFields, OfTheWrongShapeFailAtTheField) {
  FunctionStory here;
  const auto answer = [&](const char* value, const char* query) {
    here.functions.functions["plain"] = always(parsed(value));
    return *here.error(query)["message"].as_string();
  };
  EXPECT_EQ(answer(R"("text")", "{ plain { a } }"),
            "Query.plain is of the type Plain, but what answers it gave something that is no object.");
  EXPECT_EQ(answer(R"([1])", "{ plains { a } }"),
            "Query.plains is of the type [Plain!]!, but what answers it gave something that is no object.");
  EXPECT_EQ(answer(R"({})", "{ plains { a } }"), "Expected Iterable, but did not find one for field \"Query.plains\".");
  EXPECT_EQ(answer("null", "{ plains { a } }"),
            "Cannot return null for non-nullable type: 'Plain' within parent 'Query' (/plains)");
  EXPECT_EQ(answer(R"({"a":"one"})", "{ plain { a } }"), "Int cannot represent non-integer value: \"one\"");
  EXPECT_EQ(answer("3", "{ day }"), "Can't serialize value: Unable to serialize it as a valid 'AWSDate'.");
  here.functions.functions["plain"] = always(parsed(R"({"a":[1]})"));
  EXPECT_EQ(here.story.get("{ json }"), Value(R"({"a":[1]})"));
}

TEST(FunctionFields, ThatNobodyWaitsForSaySo) {
  FunctionStory here;
  here.functions.functions["go"] = failing(Code::rejected, "later");
  EXPECT_EQ(text(here.story.get("mutation { go { success } }")), R"({"success":true})");
  here.functions.functions.clear();
  EXPECT_EQ(here.error("mutation { go { success } }")["errorType"], Value("NotServed"));
}

TEST(FunctionFields, WithoutFunctionsNameTheFunctionAndTheRemedy) {
  Story story(schema);
  const auto error = story.refusal("{ echo }");
  EXPECT_EQ(error["errorType"], Value("NotServed"));
  EXPECT_EQ(error["message"], Value("The function echo is not served: no functions are configured. Set "
                                    "functions.echo.url, or .command, in the settings."));
}

/// Clients select every field of a model: one that a function should answer must not make their pages fail.
TEST(FunctionFields, OfModelsGiveWhatIsStoredWhereNoFunctionIsConfigured) {
  for (auto* functions : {static_cast<FakeFunctions*>(nullptr), new FakeFunctions}) {
    const std::unique_ptr<FakeFunctions> held(functions);
    Story story(schema, {}, {.functions = functions});
    const auto made = story.get(R"(mutation { createPost(input: {id: "1", likes: 3}) { id likes } })");
    EXPECT_EQ(text(made), R"({"id":"1","likes":3})");
  }
}

/// A subscriber to the likes of posts.
struct LikesStory : FunctionStory {
  LikesStory() : connection(story) {
    connection.init();
    connection.start("1", "subscription { onCreatePost { id likes } }");
    connection.start("2", "subscription { onUpdatePost { id likes title } }");
    connection.peer->take();
  }
  testing::Connection connection;
};

TEST(FunctionFields, ComeToSubscribersAsTheMutationGotThem) {
  LikesStory here;
  here.functions.functions["likes"] = always(9);
  EXPECT_EQ(text(here.story.get(R"(mutation { createPost(input: {id: "1", likes: 3}) { mine: likes } })")), R"({"mine":9})");
  EXPECT_THAT(here.connection.peer->take(), ElementsAre(HasSubstr(R"("onCreatePost":{"id":"1","likes":9})")));
  EXPECT_EQ(here.functions.events.size(), 1U) << "nothing is called for a subscription";
}

TEST(FunctionFields, ComeToSubscribersAsTheyAreStoredWhereTheMutationDidNotAskForThem) {
  LikesStory here;
  here.functions.functions["likes"] = always(9);
  here.story.get(R"(mutation { createPost(input: {id: "1", likes: 3}) { id } })");
  EXPECT_THAT(here.connection.peer->take(), ElementsAre(HasSubstr(R"("onCreatePost":{"id":"1","likes":3})")));
  EXPECT_TRUE(here.functions.events.empty());
}

TEST(FunctionFields, ThatFailAreNullToSubscribers) {
  LikesStory here;
  here.functions.functions["likes"] = [](const Value&) { return Error{Code::rejected, "broken"}; };
  here.story.ask(R"(mutation { createPost(input: {id: "1", likes: 3}) { likes } })");
  EXPECT_THAT(here.connection.peer->take(), ElementsAre(HasSubstr(R"("onCreatePost":{"id":"1","likes":null})")));
}

TEST(FunctionFields, ThatAreWaitedForHoldUpTheNewsOfTheirRecordOnly) {
  LikesStory here;
  std::vector<std::string> meanwhile;
  here.functions.functions["likes"] = [&](const Value&) -> Result<Value> {
    here.story.get(R"(mutation { createPost(input: {id: "2"}) { id } })");
    here.story.get(R"(mutation { updatePost(input: {id: "1", title: "next", _version: 1}) { id } })");
    meanwhile = here.connection.peer->take();
    return Value(9);
  };
  here.story.get(R"(mutation { createPost(input: {id: "1"}) { likes } })");
  EXPECT_THAT(meanwhile, ElementsAre(HasSubstr(R"("onCreatePost":{"id":"2")")));
  EXPECT_THAT(here.connection.peer->take(), ElementsAre(HasSubstr(R"("onCreatePost":{"id":"1","likes":9})"),
                                                        HasSubstr(R"("onUpdatePost":{"id":"1","likes":null,"title":"next"})")));
}

TEST(FunctionFields, AreNotCalledForThoseWhoMayNotAsk) {
  FakeFunctions functions;
  functions.functions["likes"] = always(5);
  functions.functions["echo"] = always("heard");
  testing::ScriptedDecider decider([](const Question& question) {
    Decision decision{.is_allowed = question.field != "echo"};
    if (question.field == "likes") decision.rows = Predicate::compare("title", Op::ne, {Value("secret")});
    return decision;
  });
  decider.guarded = "Post.likes";
  Story story(schema, {}, {.functions = &functions, .decider = decider});
  EXPECT_EQ(story.refusal("{ echo }")["message"], Value("Not Authorized to access echo on type Query"));
  EXPECT_TRUE(functions.events.empty());
  for (const auto* input : {R"({title: "open"})", R"({title: "secret"})"}) {
    story.get("mutation { createPost(input: " + std::string(input) + ") { id } }");
  }
  const auto reply = story.ask("{ listPosts { items { title likes } } }");
  EXPECT_EQ(text(reply["data"]["listPosts"]["items"]), R"([{"title":"open","likes":5},{"title":"secret","likes":null}])");
  EXPECT_EQ(reply["errors"].as_list()->front()["message"], Value("Not Authorized to access likes on type Post"));
  EXPECT_EQ(functions.events.size(), 1U);
}

TEST(FunctionFields, TellFunctionsWhoCalls) {
  EXPECT_TRUE(Caller({.mode = AuthMode::api_key, .key_name = "default"}).described().is_null());
  const Caller ada{.subject = "s1", .claims = {{"iss", "https://pool"}, {"cognito:username", "ada"}, {"cognito:groups", List{"g"}}}};
  EXPECT_EQ(text(ada.described()),
            R"({"claims":{"iss":"https://pool","cognito:username":"ada","cognito:groups":["g"]},)"
            R"("defaultAuthStrategy":"ALLOW","groups":["g"],"issuer":"https://pool","sourceIp":null,"sub":"s1","username":"ada"})");
}

TEST(FunctionFields, OfOneRequestAreBounded) {
  FunctionStory here;
  here.functions.functions["likes"] = always(1);
  here.functions.functions["echo"] = [&](const Value&) {
    here.story.clock.advance(custom_time_max);
    return Value("slow");
  };
  const auto reply = here.story.ask("{ a: echo b: echo }");
  EXPECT_EQ(text(reply["data"]), R"({"a":"slow","b":null})");
  EXPECT_EQ(reply["errors"].as_list()->front()["errorType"], Value("ExecutionTimeout"));
}

}  // namespace
}  // namespace holdfast::server
