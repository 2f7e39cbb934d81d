// AppSync's realtime protocol as spec/protocol.md section 2 states it, sentence by sentence where session_test.cc has not
// been there: credentials in every encoding and case, and when they count.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Connection;
using testing::FakePeer;
using testing::Story;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* note_schema = "type Note @model { id: ID! text: String }";
constexpr const char* init = R"({"type":"connection_init"})";
constexpr const char* on_create = "subscription { onCreateNote { id } }";

/// What a handshake with this target and these subprotocols is told after its connection_init.
std::vector<std::string> first_words(Story& story, const std::string& target, const std::string& protocols) {
  HttpRequest upgrade{.method = "GET", .target = target, .headers = {{"Sec-WebSocket-Protocol", protocols}}};
  const auto peer = std::make_shared<FakePeer>();
  auto accepted = story.server->accept(upgrade, peer);
  auto* socket = std::get_if<AcceptedSocket>(&accepted);
  if (socket == nullptr) return {std::get<HttpResponse>(accepted).body};
  EXPECT_EQ(socket->protocol, "graphql-ws") << "browsers insist on exactly that";
  socket->session->on_frame(init);
  return peer->take();
}

const auto is_let_in = [](const auto& words) { return !words.empty() && words[0].find("connection_ack") != std::string::npos; };

TEST(RealtimeCredentials, ComeInTheSubprotocolOrInTheQuery) {
  Story story(note_schema, {.api_key = "k"});
  const std::string object = R"({"host":"h","x-amz-date":"20261121T015901Z","X-API-KEY":"k"})";
  const std::string path = "/graphql/realtime";
  EXPECT_TRUE(is_let_in(first_words(story, path, "graphql-ws, header-" + base64url(object))));
  EXPECT_TRUE(is_let_in(first_words(story, path + "?header=" + base64(object) + "&payload=e30=", "graphql-ws")));
  EXPECT_TRUE(is_let_in(first_words(story, path + "?x-mine=1&header=" + base64url(object) + "&payload=e30%3D", "graphql-ws")))
      << "custom headers stand beside it";
}

TEST(RealtimeCredentials, ThatAreMissingOrWrongEndTheConnectionWithAReasonThatIsNotRetried) {
  Story story(note_schema, {.api_key = "k"});
  const std::string path = "/graphql/realtime";
  EXPECT_THAT(first_words(story, path, "graphql-ws"), ElementsAre(AllOf(HasSubstr("connection_error"), HasSubstr("401"))));
  EXPECT_THAT(first_words(story, path + "?header=" + base64(R"({"x-api-key":"j"})"), "graphql-ws"),
              ElementsAre(HasSubstr("UnauthorizedException")));
  EXPECT_THAT(first_words(story, path, "graphql-ws, header-" + base64url("[]")),
              ElementsAre(AllOf(HasSubstr(R"("errorType":"BadRequestException")"), HasSubstr(R"("errorCode":400)"))));
  EXPECT_THAT(first_words(story, path + "?header=%%%", "graphql-ws"), ElementsAre(HasSubstr("BadRequestException")));
}

// As in AppSync, which decides when a client connects and when it subscribes.
TEST(RealtimeCredentials, ExpireForStartsTooAndNotForWhatHasStarted) {
  ServerOptions options;
  Story clocked(note_schema);
  options.api_keys = {{.name = "trial", .secret = "k", .expires_at = clocked.clock.wall() + Milliseconds(60'000)},
                      {.name = "other", .secret = "o"}};
  Story story(note_schema, options);
  const Object key{{"x-api-key", "k"}};
  Connection connection(story, key);
  connection.init();
  connection.start("1", on_create, "{}", key);
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("start_ack")));
  story.clock.advance(Milliseconds(60'000));
  connection.peer->take();
  connection.start("2", on_create, "{}", key);
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("UnauthorizedException")));
  story.ask(R"(mutation { createNote(input: {id: "n"}) { id } })", "{}", {{"x-api-key", "o"}});
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr(R"("id":"1","type":"data")")));
}

TEST(Realtime, TakesTheStartsOfALargeAppAtOnce) {
  Story story(note_schema);
  Connection connection(story);
  connection.init();
  for (int at = 0; at < 3000; ++at) connection.start("s" + std::to_string(at), on_create);
  const auto words = connection.peer->take();
  ASSERT_EQ(words.size(), 3000U);
  for (const auto& each : words) ASSERT_THAT(each, HasSubstr("start_ack"));
  story.get(R"(mutation { createNote(input: {id: "n"}) { id } })");
  EXPECT_EQ(connection.peer->take().size(), 3000U);
}

TEST(Realtime, IdsAreOfTheirConnection) {
  Story story(note_schema);
  Connection one(story);
  Connection two(story);
  for (auto* each : {&one, &two}) {
    each->init();
    each->start("same", on_create);
    each->peer->take();
  }
  one.say(R"({"id":"same","type":"stop"})");
  one.peer->take();
  story.get(R"(mutation { createNote(input: {id: "n"}) { id } })");
  EXPECT_THAT(one.peer->take(), IsEmpty());
  EXPECT_THAT(two.peer->take(), ElementsAre(HasSubstr(R"("id":"same","type":"data")")));
}

TEST(Realtime, AnIdIsUsedAgainAfterAReconnect) {
  Story story(note_schema);
  auto first = std::make_unique<Connection>(story);
  first->init();
  first->start("same", on_create);
  first->session->on_closed();
  Connection second(story);
  second.init();
  second.start("same", on_create);
  second.peer->take();
  story.get(R"(mutation { createNote(input: {id: "n"}) { id } })");
  EXPECT_THAT(second.peer->take(), ElementsAre(HasSubstr("onCreateNote")));
}

TEST(Realtime, StoppingWhatNeverWasIsAnsweredToo) {
  Story story(note_schema);
  Connection connection(story);
  connection.init();
  connection.say(R"({"id":"x","type":"stop"})");
  EXPECT_THAT(connection.peer->take(), ElementsAre(R"({"id":"x","type":"complete"})"));
}

}  // namespace
}  // namespace holdfast::server
