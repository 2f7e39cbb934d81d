// Nothing passes the decision point by: a decider that notes every question, denies or filters, against every kind of
// route, relations at any depth, tombstones, refusals and deliveries.
#include "server/auth/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/resolve/routes.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Connection;
using testing::reading_of;
using testing::ScriptedDecider;
using testing::Story;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* blog_schema = R"(
  type Blog @model { id: ID! name: String! owner: String posts: [Post] @hasMany }
  type Post @model {
    id: ID! title: String! owner: String secret: String
    blog: Blog @belongsTo
    kind: String @index(name: "byKind", queryField: "postsByKind", sortKeyFields: ["title"])
    cover: Cover @hasOne
  }
  type Cover @model { id: ID! owner: String }
)";

Decision denied(const Question& /*question*/) { return {.is_allowed = false}; }

/// Whoever asks sees and changes what is Ada's.
Decision adas(const Question& /*question*/) {
  const auto is_hers = Predicate::compare("owner", Op::eq, {Value("ada")});
  return {.is_allowed = true, .rows = is_hers, .written = is_hers};
}

class DecisionPoint : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* owner : {"ada", "bob"}) {
      const std::string name(owner);
      story.get("mutation { createBlog(input: {id: \"b-" + name + "\", name: \"n\", owner: \"" + name + "\"}) { id } }");
      story.get("mutation { createCover(input: {id: \"c-" + name + "\", owner: \"" + name + "\"}) { id } }");
      for (const char* blog : {"b-ada", "b-bob"}) {
        story.get("mutation { createPost(input: {id: \"" + name + "-in-" + blog + "\", title: \"t\", kind: \"k\", owner: \"" +
                  name + "\", secret: \"s\", blogPostsId: \"" + blog + "\", postCoverId: \"c-bob\"}) { id } }");
      }
    }
    decider.asked.clear();
  }
  std::string reply(const std::string& query) { return json::write(story.ask(query)); }

  ScriptedDecider decider;
  Story story{reading_of(blog_schema), {}, {.decider = decider}};
};

struct Case {
  std::string field;
  std::string query;
};

/// Every root route of Post, and its relations.
std::vector<Case> cases() {
  return {{"Query.getPost", R"(query { getPost(id: "bob-in-b-ada") { id } })"},
          {"Query.listPosts", "query { listPosts { items { id } } }"},
          {"Query.syncPosts", "query { syncPosts { items { id } } }"},
          {"Query.postsByKind", R"(query { postsByKind(kind: "k") { items { id } } })"},
          {"Mutation.createPost", R"(mutation { createPost(input: {id: "new", title: "t", owner: "bob"}) { id } })"},
          {"Mutation.updatePost", R"(mutation { updatePost(input: {id: "bob-in-b-ada", title: "u", _version: 1}) { id } })"},
          {"Mutation.deletePost", R"(mutation { deletePost(input: {id: "bob-in-b-ada", _version: 1}) { id } })"}};
}

TEST_F(DecisionPoint, IsAskedByEveryRoot) {
  for (const auto& each : cases()) {
    decider.asked.clear();
    static_cast<void>(reply(each.query));
    EXPECT_THAT(decider.asked, Contains(each.field));
  }
}

TEST_F(DecisionPoint, DeniesEveryRoot) {
  const auto before = reply("query { syncPosts { items { id title _version _deleted } } }");
  decider.answer = denied;
  for (const auto& each : cases()) {
    EXPECT_THAT(reply(each.query), AllOf(HasSubstr(R"("errorType":"Unauthorized")"),
                                         HasSubstr("Not Authorized to access " + each.field.substr(each.field.find('.') + 1)),
                                         Not(HasSubstr("bob-in"))))
        << each.field;
  }
  decider.answer = [](const Question&) { return Decision{}; };
  EXPECT_EQ(reply("query { syncPosts { items { id title _version _deleted } } }"), before) << "nothing was written";
}

TEST_F(DecisionPoint, FiltersEveryRoot) {
  decider.answer = adas;
  for (const auto& each : cases()) EXPECT_THAT(reply(each.query), Not(HasSubstr("bob-in"))) << each.field;
  EXPECT_THAT(reply("query { listPosts { items { id } } }"), HasSubstr("ada-in-b-bob"));
  EXPECT_THAT(reply(R"(query { getPost(id: "bob-in-b-ada") { id } })"), HasSubstr(R"("errorType":"Unauthorized")"));
  decider.answer = [](const Question&) { return Decision{}; };
  EXPECT_THAT(reply("query { syncPosts { items { id _version } } }"),
              AllOf(Not(HasSubstr(R"("_version":2)")), Not(HasSubstr("new"))))
      << "nothing was written";
}

TEST_F(DecisionPoint, FiltersRelationsAtAnyDepth) {
  decider.answer = adas;
  const auto nested = reply(
      R"(query { listPosts { items { id cover { id } blog { id posts { items { id blog { posts { items { id } } } } } } } } })");
  EXPECT_THAT(nested, AllOf(HasSubstr("ada-in-b-ada"), HasSubstr(R"("cover":null)"), HasSubstr(R"("blog":null)"),
                            Not(HasSubstr("bob-in")), Not(HasSubstr("\"b-bob\""))));
  decider.answer = [](const Question& question) { return Decision{.is_allowed = question.type == "Query"}; };
  EXPECT_THAT(reply(R"(query { getPost(id: "bob-in-b-ada") { id blog { id } cover { id } } })"),
              AllOf(HasSubstr("Not Authorized to access blog on type Post"), Not(HasSubstr("b-ada\"}"))));
}

TEST_F(DecisionPoint, FiltersTombstonesInBaseAndDelta) {
  for (const char* id : {"ada-in-b-ada", "bob-in-b-bob"}) {
    story.get("mutation { deletePost(input: {id: \"" + std::string(id) + "\", _version: 1}) { id } }");
  }
  decider.answer = adas;
  for (const char* since : {"0", "1795244400000"}) {
    const auto page = reply("query { syncPosts(lastSync: " + std::string(since) + ") { items { id _deleted } } }");
    EXPECT_THAT(page, AllOf(HasSubstr(R"({"id":"ada-in-b-ada","_deleted":true})"), Not(HasSubstr("bob-in")))) << since;
  }
}

TEST_F(DecisionPoint, LetsNoForeignRecordBeChangedOrShownInARefusal) {
  decider.answer = adas;
  for (const char* mutation :
       {R"(updatePost(input: {id: "bob-in-b-ada", title: "u"}))", R"(deletePost(input: {id: "bob-in-b-ada"}))",
        R"(createPost(input: {id: "bob-in-b-ada", title: "u", owner: "ada"}))",
        R"(updatePost(input: {id: "bob-in-b-ada", _version: 1}, condition: {title: {eq: "no"}}))"}) {
    EXPECT_THAT(reply("mutation { " + std::string(mutation) + " { id title } }"),
                AllOf(HasSubstr(R"("errorType":"Unauthorized")"), Not(HasSubstr(R"("title":"t")"))))
        << mutation;
  }
}

TEST_F(DecisionPoint, LooksAtTheRecordThatIsAboutToBeWritten) {
  decider.answer = adas;
  EXPECT_THAT(reply(R"(mutation { updatePost(input: {id: "ada-in-b-ada", owner: "bob", _version: 1}) { id } })"),
              HasSubstr("Unauthorized"))
      << "giving away";
  EXPECT_THAT(reply(R"(mutation { createPost(input: {id: "n", title: "t", owner: "ada"}) { id } })"), Not(HasSubstr("errors")));
  EXPECT_THAT(decider.fields, ElementsAre("id", "title", "owner"));
}

TEST_F(DecisionPoint, IsAskedAboutAStartAndAboutEachDelivery) {
  decider.answer = denied;
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onCreatePost { id } }");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr(R"("errorType":"Unauthorized")")));

  decider.answer = adas;
  connection.start("s", "subscription { onCreatePost { id } }");
  connection.peer->take();
  const auto create = [&](const std::string& id, const std::string& owner) {
    const auto restored = std::exchange(decider.answer, [](const Question& question) {
      return question.operation == Operation::listen ? adas(question) : Decision{};
    });
    story.get("mutation { createPost(input: {id: \"" + id + "\", title: \"t\", owner: \"" + owner + "\"}) { id } }");
    decider.answer = restored;
  };
  create("p1", "bob");
  EXPECT_THAT(connection.peer->take(), IsEmpty());
  create("p2", "ada");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("p2")));

  decider.answer = [](const Question& question) { return Decision{.is_allowed = question.operation != Operation::listen}; };
  story.get(R"(mutation { createPost(input: {id: "p3", title: "t", owner: "ada"}) { id } })");
  EXPECT_THAT(connection.peer->take(), IsEmpty()) << "what was allowed at the start is asked again";
}

TEST_F(DecisionPoint, FramesAreSharedOnlyByCallersOfOneKind) {
  ServerOptions keys{.api_keys = {{.name = "first", .secret = "1"}, {.name = "second", .secret = "2"}}};
  decider.answer = [](const Question& question) {
    return Decision{.is_allowed = question.type != "Post" || question.caller.key_name == "first"};
  };
  Story other(reading_of(blog_schema), keys, {.decider = decider});
  const Object first{{"x-api-key", "1"}};
  const Object second{{"x-api-key", "2"}};
  Connection one(other, first);
  Connection two(other, second);
  one.init();
  two.init();
  one.start("s", "subscription { onCreatePost { id blog { id } } }", "{}", first);
  two.start("s", "subscription { onCreatePost { id blog { id } } }", "{}", second);
  one.peer->take();
  two.peer->take();
  const Headers key{{"x-api-key", "1"}};
  other.ask(R"(mutation { createBlog(input: {id: "b", name: "n"}) { id } })", "{}", key);
  other.ask(R"(mutation { createPost(input: {id: "p", title: "t", blogPostsId: "b"}) { id } })", "{}", key);
  EXPECT_THAT(one.peer->take(), ElementsAre(HasSubstr(R"("blog":{"id":"b"})")));
  EXPECT_THAT(two.peer->take(), ElementsAre(AllOf(HasSubstr(R"("blog":null)"), HasSubstr("Not Authorized"))));
}

TEST_F(DecisionPoint, DecidesGuardedFieldsRecordByRecord) {
  decider.guarded = "Post.secret";
  decider.answer = [](const Question& question) {
    const bool is_of_the_field = question.fields == std::vector<std::string>{"secret"} && question.type == "Post";
    return is_of_the_field ? adas(question) : Decision{};
  };
  EXPECT_THAT(reply(R"(query { getPost(id: "ada-in-b-ada") { secret } })"), HasSubstr(R"("secret":"s")"));
  for (const char* query : {R"(query { getPost(id: "bob-in-b-ada") { secret } })",
                            R"(mutation { updatePost(input: {id: "bob-in-b-ada", _version: 1}) { secret } })",
                            R"(query { getBlog(id: "b-bob") { posts(filter: {owner: {eq: "bob"}}) { items { secret } } } })"}) {
    EXPECT_THAT(reply(query), AllOf(HasSubstr("Not Authorized to access secret on type Post"), Not(HasSubstr(R"("s")"))));
  }
}

}  // namespace
}  // namespace holdfast::server
