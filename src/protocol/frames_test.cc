// Realtime frames and their handshake, against what the published clients put on the wire.
#include "protocol/frames.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/json.h"
#include "protocol/signers.h"

namespace holdfast::protocol {
namespace {

HttpRequest upgrade_offering(std::string protocols) {
  return {
      .method = "GET", .target = "/graphql/realtime", .headers = {{"sec-websocket-protocol", std::move(protocols)}}};
}

TEST(RealtimeUrl, AppendsRealtimeToEveryHostThatIsNotAppSync) {
  EXPECT_EQ(*realtime_url("http://localhost:4000/graphql"), "ws://localhost:4000/graphql/realtime");
  EXPECT_EQ(*realtime_url("https://api.example.com/graphql"), "wss://api.example.com/graphql/realtime");
  EXPECT_EQ(*realtime_url("HTTP://localhost:4000/graphql"), "ws://localhost:4000/graphql/realtime");
  EXPECT_EQ(*realtime_url("http://localhost:4000"), "ws://localhost:4000/realtime");
  EXPECT_EQ(*realtime_url("http://localhost:4000/"), "ws://localhost:4000/realtime");
}

TEST(RealtimeUrl, GivesAnAppSyncEndpointItsRealtimeHost) {
  EXPECT_EQ(*realtime_url("https://abcdefghijklmnopqrstuvwx12.appsync-api.eu-west-1.amazonaws.com/graphql"),
            "wss://abcdefghijklmnopqrstuvwx12.appsync-realtime-api.eu-west-1.amazonaws.com/graphql");
  EXPECT_EQ(*realtime_url("https://abcdefghijklmnopqrstuvwx12.appsync-api.cn-north-1.amazonaws.com.cn/graphql"),
            "wss://abcdefghijklmnopqrstuvwx12.appsync-realtime-api.cn-north-1.amazonaws.com.cn/graphql");
  EXPECT_EQ(*realtime_url("https://short.appsync-api.eu-west-1.amazonaws.com/graphql"),
            "wss://short.appsync-api.eu-west-1.amazonaws.com/graphql/realtime");
}

TEST(RealtimeUrl, RefusesWhatIsNoEndpoint) {
  for (const auto* url : {"", "localhost:4000", "ftp://h/graphql", "http://", "http://:80/graphql",
                          "http://h/graphql?x=1", "http://h/#a", "http://user:word@h/graphql"}) {
    const auto made = realtime_url(url);
    ASSERT_FALSE(made) << url;
    EXPECT_EQ(made.error().code, Code::invalid_argument) << url;
  }
}

TEST(Handshake, CarriesTheAuthorizationInASubprotocol) {
  const Object sent{{"host", "localhost:4000"}, {"x-api-key", "da2-key"}};
  const auto upgrade = upgrade_offering("graphql-ws, " + header_protocol(sent));
  EXPECT_TRUE(offers_realtime(upgrade));
  EXPECT_EQ(*handshake_authorization(upgrade), sent);
}

TEST(Handshake, ReadsTheQueryParameterOfOlderClients) {
  const std::string text = R"({"host":"h","x-api-key":"k>>?"})";
  HttpRequest upgrade{.method = "GET", .target = "/graphql/realtime?payload=e30=&header=" + base64(text)};
  const auto read = handshake_authorization(upgrade);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->at("x-api-key"), Value("k>>?"));
  EXPECT_FALSE(offers_realtime(upgrade));
}

TEST(Handshake, IsEmptyWithoutAuthorizationAndMalformedWithABadOne) {
  EXPECT_TRUE(handshake_authorization(upgrade_offering("graphql-ws"))->empty());
  for (const auto& protocol : {std::string("header-!!"), "header-" + base64url("{"), "header-" + base64url("[]")}) {
    const auto read = handshake_authorization(upgrade_offering("graphql-ws," + protocol));
    ASSERT_FALSE(read) << protocol;
    EXPECT_EQ(read.error().code, Code::malformed);
  }
}

TEST(ClientFrames, AreWrittenAsThePublishedClientsWriteThem) {
  EXPECT_EQ(write(ClientFrame{}), R"({"type":"connection_init"})");
  EXPECT_EQ(write(ClientFrame{.type = ClientFrame::Type::stop, .id = "a"}), R"({"id":"a","type":"stop"})");
  EXPECT_EQ(
      write(ClientFrame{
          .type = ClientFrame::Type::start, .id = "a", .query = "subscription", .authorization = {{"host", "h"}}}),
      R"({"id":"a","type":"start","payload":{"data":"{\"query\":\"subscription\",\"variables\":{}}",)"
      R"("extensions":{"authorization":{"host":"h"}}}})");
}

TEST(ClientFrames, ReadBackWhatWasWritten) {
  const ClientFrame sent{.type = ClientFrame::Type::start,
                         .id = "a",
                         .query = "subscription { x }",
                         .variables = Object{{"owner", "me"}},
                         .authorization = {{"x-api-key", "k"}}};
  const auto read = read_client_frame(write(sent));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->type, ClientFrame::Type::start);
  EXPECT_EQ(read->id, "a");
  EXPECT_EQ(read->query, "subscription { x }");
  EXPECT_EQ(read->variables, sent.variables);
  EXPECT_EQ(read->authorization, sent.authorization);
}

TEST(ClientFrames, SayWhatIsMissing) {
  const struct {
    const char* text;
    const char* missing;
  } cases[] = {
      {"nonsense", "JSON"},
      {"[]", "object"},
      {"{}", "'type'"},
      {R"({"type":"dance"})", "dance"},
      {R"({"type":"stop"})", "'id'"},
      {R"({"type":"start","id":"a"})", "'payload.data'"},
      {R"({"type":"start","id":"a","payload":{"data":"x"}})", "not JSON"},
      {R"({"type":"start","id":"a","payload":{"data":"{}"}})", "'query'"},
      {R"({"type":"start","id":"a","payload":{"data":"{\"query\":\"q\",\"variables\":1}"}})", "'variables'"},
      {R"({"type":"start","id":"a","payload":{"data":"{\"query\":\"q\"}","extensions":{"authorization":1}}})",
       "authorization"},
  };
  for (const auto& [text, missing] : cases) {
    const auto read = read_client_frame(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Code::malformed);
    EXPECT_NE(read.error().message.find(missing), std::string::npos) << read.error().message;
  }
}

TEST(ServerFrames, AreWrittenAsAppSyncWritesThem) {
  using Type = ServerFrame::Type;
  EXPECT_EQ(write(ServerFrame{.type = Type::connection_ack, .payload = Object{{"connectionTimeoutMs", 300000}}}),
            R"({"type":"connection_ack","payload":{"connectionTimeoutMs":300000}})");
  EXPECT_EQ(write(ServerFrame{.type = Type::keep_alive}), R"({"type":"ka"})");
  EXPECT_EQ(write(ServerFrame{.type = Type::start_ack, .id = "a"}), R"({"id":"a","type":"start_ack"})");
  EXPECT_EQ(write(ServerFrame{.type = Type::error, .id = "a", .payload = error_payload("OperationDisabled", "off")}),
            R"({"id":"a","type":"error","payload":{"errors":[{"errorType":"OperationDisabled","message":"off"}]}})");
  EXPECT_EQ(json::write(error_payload("UnauthorizedException", "no", 401)),
            R"({"errors":[{"errorType":"UnauthorizedException","message":"no","errorCode":401}]})");
}

TEST(ServerFrames, ReadBackEveryTypeAndKeepUnknownOnesHarmless) {
  using Type = ServerFrame::Type;
  for (const auto type : {Type::connection_ack, Type::connection_error, Type::keep_alive, Type::start_ack, Type::data,
                          Type::error, Type::complete}) {
    const auto read = read_server_frame(write(ServerFrame{.type = type, .id = "a", .payload = Object{{"data", 1}}}));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->type, type);
    EXPECT_EQ(read->id, "a");
    EXPECT_EQ(read->payload["data"], Value(1));
  }
  EXPECT_EQ(read_server_frame(R"({"type":"weather"})")->type, Type::unknown);
  EXPECT_EQ(read_server_frame("{").error().code, Code::malformed);
  EXPECT_EQ(read_server_frame(R"({"type":"data","id":7})").error().code, Code::malformed);
}

TEST(Signers, PutAnApiKeyOnRequestsAndOnRealtime) {
  const Credentials auth = ApiKey{"da2-key"};
  HttpRequest request;
  sign(auth, request, {});
  EXPECT_EQ(*header(request.headers, "x-api-key"), "da2-key");
  const auto now = from_epoch_ms(1'795'246'200'123);
  EXPECT_EQ(json::write(connect_authorization(auth, "HTTP://LocalHost:4000/graphql", now)),
            R"({"host":"localhost:4000","x-amz-date":"20261121T073000Z","x-api-key":"da2-key"})");
}

TEST(Signers, LeaveAnonymousRequestsBare) {
  HttpRequest request;
  sign(Anonymous{}, request, {});
  EXPECT_TRUE(request.headers.empty());
  EXPECT_EQ(json::write(connect_authorization(Anonymous{}, "https://api.example.com:443/graphql", Instant{})),
            R"({"host":"api.example.com"})");
}

}  // namespace
}  // namespace holdfast::protocol
