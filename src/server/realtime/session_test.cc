// Realtime sessions with a peer that is a list (spec/protocol.md section 2).
#include "server/realtime/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Connection;
using testing::Story;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr const char* blog_schema = R"(
  type Blog @model { id: ID! name: String! posts: [Post] @hasMany }
  type Post @model { id: ID! title: String! rating: Int blog: Blog @belongsTo }
  type Quiet @model(subscriptions: null) { id: ID! }
)";

void create_post(Story& story, const std::string& members) {
  story.get("mutation { createPost(input: {" + members + "}) { id } }");
}

TEST(Handshake, AcknowledgesAndKeepsAliveAtOnce) {
  Story story(blog_schema);
  Connection connection(story);
  connection.say(R"({"type":"connection_init"})");
  EXPECT_THAT(connection.peer->take(),
              ElementsAre(R"({"type":"connection_ack","payload":{"connectionTimeoutMs":300000}})", R"({"type":"ka"})"));
}

TEST(Handshake, KeepsAliveAtItsInterval) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  story.clock.advance(Milliseconds(29'999));
  EXPECT_THAT(connection.peer->take(), IsEmpty());
  story.clock.advance(Milliseconds(1));
  EXPECT_THAT(connection.peer->take(), ElementsAre(R"({"type":"ka"})"));
  connection.session->on_closed();
  story.clock.advance(Milliseconds(120'000));
  EXPECT_THAT(connection.peer->take(), IsEmpty());
}

TEST(Handshake, AWrongKeyIsToldInAFrameThatClientsUnderstand) {
  Story story(blog_schema, {.api_key = "right"});
  Connection connection(story, {{"x-api-key", "wrong"}});
  connection.say(R"({"type":"connection_init"})");
  EXPECT_THAT(connection.peer->take(),
              ElementsAre(R"({"type":"connection_error","payload":{"errors":[{"errorType":"UnauthorizedException",)"
                          R"("message":"You are not authorized to make this call.","errorCode":401}]}})"));
  EXPECT_NE(connection.peer->closed_with, 0);
}

TEST(Handshake, OtherPathsAndProtocolsAreRefusedOverHttp) {
  Story story(blog_schema);
  const auto refused = [&](const std::string& target, const std::string& protocols) {
    HttpRequest upgrade{.method = "GET", .target = target, .headers = {{"sec-websocket-protocol", protocols}}};
    const auto answer = story.server->accept(upgrade, std::make_shared<testing::FakePeer>());
    const auto* response = std::get_if<HttpResponse>(&answer);
    return response == nullptr ? 0 : response->status;
  };
  EXPECT_EQ(refused("/graphql", "graphql-ws"), 404);
  EXPECT_EQ(refused("/graphql/realtime", "graphql-transport-ws"), 400);
  EXPECT_EQ(refused("/graphql/realtime?header=e30=&payload=e30=", "graphql-ws"), 0);
}

TEST(Handshake, OfAProxyThatLosesTheUpgradeSaysSo) {
  Story story(blog_schema);
  const auto answer = story.server->respond({.method = "GET", .target = "/graphql/realtime?header=e30="});
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(*header(answer.headers, "upgrade"), "websocket");
  EXPECT_THAT(answer.body, HasSubstr("proxy"));
}

TEST(Handshake, ASilentConnectionIsClosed) {
  Story story(blog_schema);
  Connection connection(story);
  story.clock.advance(handshake_limit);
  EXPECT_NE(connection.peer->closed_with, 0);
}

TEST(Frames, GarbageIsAnsweredAndTheConnectionGoesOn) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  for (const char* frame : {"", "{", "[]", "7", R"({"type":"dance"})", R"({"type":"start"})", R"({"type":"start","id":"1"})"}) {
    connection.say(frame);
    const auto frames = connection.peer->take();
    ASSERT_EQ(frames.size(), 1U) << frame;
    EXPECT_THAT(frames.front(), HasSubstr(R"("type":"error")")) << frame;
  }
  connection.start("s", "subscription { onCreatePost { id } }");
  EXPECT_THAT(connection.peer->take(), ElementsAre(R"({"id":"s","type":"start_ack"})"));
}

TEST(Frames, AStartThatCannotBeReadIsRefusedUnderItsId) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  for (const char* frame : {R"({"type":"start","id":"1"})", R"({"type":"start","id":"1","payload":{"data":{}}})",
                            R"({"type":"start","id":"1","payload":{"data":"{"}})", R"({"type":"dance","id":"1"})"}) {
    connection.say(frame);
    EXPECT_THAT(connection.peer->take(), ElementsAre(StartsWith(R"({"id":"1","type":"error",)"))) << frame;
  }
}

TEST(Frames, StartBeforeInitIsRefused) {
  Story story(blog_schema);
  Connection connection(story);
  connection.start("s", "subscription { onCreatePost { id } }");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr(R"("type":"error")")));
}

TEST(Subscriptions, AreFilledInTheirOwnSelectionWhateverTheMutationSelected) {
  Story story(blog_schema);
  story.get(R"(mutation { createBlog(input: {id: "b1", name: "n"}) { id } })");
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onCreatePost { id title _version _deleted blog { id _deleted } } }");
  connection.peer->take();
  create_post(story, R"(id: "p1", title: "t", blogPostsId: "b1")");
  EXPECT_THAT(connection.peer->take(),
              ElementsAre(R"({"id":"s","type":"data","payload":{"data":{"onCreatePost":{"id":"p1","title":"t","_version":1,)"
                          R"("_deleted":null,"blog":{"id":"b1","_deleted":null}}}}})"));
}

TEST(Subscriptions, HearOfTheirKindInCommitOrder) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  connection.start("c", "subscription { onCreatePost { _version } }");
  connection.start("u", "subscription { onUpdatePost { _version } }");
  connection.start("d", "subscription { onDeletePost { _version _deleted title } }");
  connection.peer->take();
  create_post(story, R"(id: "p1", title: "t")");
  story.get(R"(mutation { updatePost(input: {id: "p1", title: "u", _version: 1}) { id } })");
  story.get(R"(mutation { deletePost(input: {id: "p1", _version: 2}) { id } })");
  EXPECT_THAT(connection.peer->take(),
              ElementsAre(R"({"id":"c","type":"data","payload":{"data":{"onCreatePost":{"_version":1}}}})",
                          R"({"id":"u","type":"data","payload":{"data":{"onUpdatePost":{"_version":2}}}})",
                          R"({"id":"d","type":"data","payload":{"data":{"onDeletePost":{"_version":3,"_deleted":true,"title":"u"}}}})"));
}

TEST(Subscriptions, TakeAFilter) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription operation($filter: ModelSubscriptionPostFilterInput) { onCreatePost(filter: $filter) { id } }",
                   R"({"filter":{"and":[{"rating":{"gt":5}}]}})");
  connection.peer->take();
  create_post(story, R"(id: "p1", title: "t", rating: 5)");
  create_post(story, R"(id: "p2", title: "t", rating: 6)");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr(R"("p2")")));
}

TEST(Subscriptions, AFilterThatIsNotOfferedIsRefusedInWordsThatClientsFallBackOn) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription operation($filter: ModelSubscriptionPostFilterInput) { onCreatePost(filter: $filter) { id } }",
                   R"({"filter":{"not":{"rating":{"gt":5}}}})");
  EXPECT_THAT(connection.peer->take(),
              ElementsAre(HasSubstr("The variables input contains a field name 'not'")));
}

TEST(Subscriptions, TheirFieldMayStandInFragmentsAndTwice) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  for (const char* document : {"subscription { ... on Subscription { onCreatePost { title } } }",
                               "subscription { ...F } fragment F on Subscription { ... { onCreatePost { title } } }",
                               "subscription { onCreatePost { title } ...F } fragment F on Subscription { "
                               "onCreatePost { title } }"}) {
    connection.start("s", document);
    EXPECT_THAT(connection.peer->take(), ElementsAre(R"({"id":"s","type":"start_ack"})")) << document;
    create_post(story, R"(title: "t")");
    EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr(R"({"onCreatePost":{"title":"t"}})"))) << document;
  }
}

TEST(Subscriptions, UnknownArgumentsAreBorne) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription operation($owner: String!) { onCreatePost(owner: $owner) { id } }", R"({"owner":"me"})");
  EXPECT_THAT(connection.peer->take(), ElementsAre(R"({"id":"s","type":"start_ack"})"));
}

TEST(Subscriptions, OnesThatAreNotOfferedAreRefusedQuietly) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onCreateQuiet { id } }");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr(R"("errorType":"OperationDisabled")")));
}

TEST(Subscriptions, WrongDocumentsAreRefused) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  for (const char* query : {"subscription { onCreatePost { nothing } }", "query { listPosts { nextToken } }", "subscription {",
                            "subscription { onCreatePost { id } onUpdatePost { id } }"}) {
    connection.start("s", query);
    EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("BadRequestException"))) << query;
  }
}

TEST(Subscriptions, EachStartIsAuthorised) {
  Story story(blog_schema, {.api_key = "right"});
  Connection connection(story, {{"X-Api-Key", "right"}});
  connection.init();
  connection.start("s", "subscription { onCreatePost { id } }", "{}", {{"x-api-key", "wrong"}});
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr(R"("errorType":"UnauthorizedException")")));
  connection.start("s", "subscription { onCreatePost { id } }", "{}", {{"x-api-key", "right"}});
  EXPECT_THAT(connection.peer->take(), ElementsAre(R"({"id":"s","type":"start_ack"})"));
}

TEST(Subscriptions, ASecondStartReplacesTheFirst) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onCreatePost { id } }");
  connection.start("s", "subscription { onCreatePost { title } }");
  EXPECT_THAT(connection.peer->take(), ElementsAre(R"({"id":"s","type":"start_ack"})", R"({"id":"s","type":"start_ack"})"));
  create_post(story, R"(id: "p1", title: "t")");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr(R"({"title":"t"})")));
}

TEST(Subscriptions, ASecondStartThatIsRefusedEndsTheFirst) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  for (const char* refused : {"subscription { onCreateNothing { id } }", "subscription { onCreatePost { id"}) {
    connection.start("s", "subscription { onCreatePost { id } }");
    connection.start("s", refused);
    EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("start_ack"), HasSubstr(R"("type":"error")")));
    create_post(story, R"(title: "t")");
    EXPECT_THAT(connection.peer->take(), IsEmpty());
  }
}

TEST(Subscriptions, OfARootFieldThatIsLeftOutSayWhy) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onCreatePost @skip(if: true) { id } }");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("left out by @skip or @include")));
}

TEST(Subscriptions, StopCompletesAndSilences) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onCreatePost { id } }");
  connection.say(R"({"id":"s","type":"stop"})");
  create_post(story, R"(id: "p1", title: "t")");
  EXPECT_THAT(connection.peer->take(), ElementsAre(R"({"id":"s","type":"start_ack"})", R"({"id":"s","type":"complete"})"));
}

TEST(Subscriptions, AreBoundedQuietly) {
  ServerOptions options;
  options.subscription_bytes_max = 10'000;
  Story story(blog_schema, options);
  Connection connection(story);
  connection.init();
  for (const char* id : {"1", "2", "3", "4", "5"}) {
    connection.peer->take();
    connection.start(id, "subscription { onCreatePost { id } }");
  }
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("OperationDisabled")));
  connection.start("1", "subscription { onUpdatePost { id } }");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("start_ack"))) << "a replacement takes no more";
  connection.say(R"({"id":"2","type":"stop"})");
  connection.peer->take();
  connection.start("5", "subscription { onCreatePost { id } }");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("start_ack"))) << "what is stopped makes room";
}

// The subject is threads: whoever drains, the frames of a record leave in the order of its versions, none is lost.
TEST(Subscriptions, OfManyWritersStayInOrder) {
  constexpr int writers = 4;
  constexpr int writes = 50;
  Story story(blog_schema);
  create_post(story, R"(id: "p1", title: "t")");
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onUpdatePost { _version } }");
  connection.peer->take();
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&story] {
      for (int at = 0; at < writes; ++at) {
        const auto reply = story.server->respond({.target = "/graphql",
                               .body = R"({"query":"mutation { updatePost(input: {id: \"p1\", rating: 1}) { id } }"})"});
        EXPECT_EQ(reply.status, 200) << reply.body;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::int64_t version = 1;
  for (const auto& frame : connection.peer->frames) {
    EXPECT_EQ(frame["payload"]["data"]["onUpdatePost"]["_version"], Value(++version));
  }
  EXPECT_EQ(version, 1 + writers * writes);
}

TEST(Subscriptions, OutliveTheirServerWithoutHarm) {
  Story story(blog_schema);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onCreatePost { id } }");
  story.server.reset();
  connection.say(R"({"id":"s","type":"stop"})");
  connection.session.reset();
}

}  // namespace
}  // namespace holdfast::server
