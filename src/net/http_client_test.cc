// The client's HTTP against servers that keep the rules and servers that do not.
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>

#include "net/loop.h"
#include "net/raw_socket.h"
#include "net/test_service.h"

namespace holdfast::net {
namespace {

using Reply = Result<HttpResponse>;
constexpr Milliseconds long_time{15'000};

std::string url(std::uint16_t port, const std::string& path = "/graphql") {
  return "http://127.0.0.1:" + std::to_string(port) + path;
}

HttpRequest post(std::uint16_t port, std::string body = "{}") {
  HttpRequest request;
  request.target = url(port);
  request.headers = {{"X-Api-Key", "da2-x"}};
  request.body = std::move(body);
  return request;
}

class HttpClientTest : public testing::Test {
 protected:
  void send(HttpRequest request, Milliseconds timeout = long_time) {
    loop.exchange(std::move(request), timeout, [this](Reply reply) { replies.add(std::move(reply)); });
  }
  Reply answer_to(HttpRequest request, Milliseconds timeout = long_time) {
    send(std::move(request), timeout);
    const auto all = replies.wait_for(++asked);
    return all.size() == asked ? all.back() : Reply(Error{Code::closed, "no call within the test's patience"});
  }

  Notes<Reply> replies;
  std::size_t asked = 0;
  Loop loop;
};

TEST_F(HttpClientTest, CarriesMethodTargetHeadersAndBody) {
  TestService service;
  const auto server = listen(service);
  auto request = post(server->port(), "hello");
  request.target = url(server->port(), "/graphql?x=1");
  const auto reply = answer_to(request);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, "/graphql?x=1 hello");
  EXPECT_EQ(*header(reply->headers, "x-method"), "POST");
  const auto seen = service.requests.wait_for(1).at(0);
  EXPECT_EQ(*header(seen.headers, "x-api-key"), "da2-x");
  EXPECT_EQ(*header(seen.headers, "host"), "127.0.0.1:" + std::to_string(server->port()));
}

TEST_F(HttpClientTest, GivesAnswersOfAnyStatusAsValues) {
  TestService service;
  service.answer = [](const HttpRequest&) { return HttpResponse{503, {}, "later"}; };
  const auto server = listen(service);
  const auto reply = answer_to(post(server->port()));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503);
  EXPECT_EQ(reply->body, "later");
}

TEST_F(HttpClientTest, AsksWithHeadWithoutWaitingForABody) {
  TestService service;
  const auto server = listen(service);
  auto request = post(server->port(), "");
  request.method = "HEAD";
  const auto reply = answer_to(request);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->body, "");
  EXPECT_EQ(*header(reply->headers, "content-length"), "9");
  EXPECT_TRUE(answer_to(post(server->port()))) << "the connection is still in step";
}

TEST_F(HttpClientTest, ReusesAConnectionThatWasKept) {
  RawListener listener;
  send(post(listener.port(), "one"));
  auto peer = listener.accept();
  EXPECT_THAT(peer.read_until("one"), testing::HasSubstr("POST /graphql HTTP/1.1"));
  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
  ASSERT_EQ(replies.wait_for(1).size(), 1U);
  send(post(listener.port(), "two"));
  EXPECT_THAT(peer.read_until("two"), testing::EndsWith("two"));
  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
  const auto all = replies.wait_for(2);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1]->body, "2");
}

TEST_F(HttpClientTest, RepeatsOnceWhenAReusedConnectionClosesBeforeAnyByte) {
  RawListener listener;
  send(post(listener.port(), "one"));
  auto first = listener.accept();
  first.read_until("one");
  first.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
  ASSERT_EQ(replies.wait_for(1).size(), 1U);
  send(post(listener.port(), "two"));
  first.read_until("two");
  first.close();
  auto second = listener.accept();
  EXPECT_THAT(second.read_until("two"), testing::EndsWith("two"));
  second.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
  const auto all = replies.wait_for(2);
  ASSERT_EQ(all.size(), 2U);
  ASSERT_TRUE(all[1]) << all[1].error().message;
  EXPECT_EQ(all[1]->body, "2");
}

TEST_F(HttpClientTest, DoesNotRepeatOnAFreshConnection) {
  RawListener listener;
  send(post(listener.port(), "one"));
  auto peer = listener.accept();
  peer.read_until("one");
  peer.close();
  const auto all = replies.wait_for(1);
  ASSERT_EQ(all.size(), 1U);
  ASSERT_FALSE(all[0]);
  EXPECT_EQ(all[0].error().code, Code::unavailable);
}

TEST_F(HttpClientTest, SkipsInformationalAnswers) {
  RawListener listener;
  send(post(listener.port(), "one"));
  auto peer = listener.accept();
  peer.read_until("one");
  peer.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
  const auto all = replies.wait_for(1);
  ASSERT_EQ(all.size(), 1U);
  ASSERT_TRUE(all[0]) << all[0].error().message;
  EXPECT_EQ(all[0]->status, 200);
}

TEST_F(HttpClientTest, ReadsAnAnswerThatComesInPieces) {
  RawListener listener;
  send(post(listener.port(), "one"));
  auto peer = listener.accept();
  peer.read_until("one");
  for (const auto* piece : {"HTTP/1.1 2", "00 OK\r\nTransfer-Encoding: chunked\r", "\n\r\n5\r\nhe", "llo\r", "\n0\r\n\r", "\n"}) peer.write(piece);
  const auto all = replies.wait_for(1);
  ASSERT_EQ(all.size(), 1U);
  ASSERT_TRUE(all[0]) << all[0].error().message;
  EXPECT_EQ(all[0]->body, "hello");
}

TEST_F(HttpClientTest, TakesTheEndOfTheConnectionForThatOfABodyWithoutLength) {
  RawListener listener;
  send(post(listener.port(), "one"));
  auto peer = listener.accept();
  peer.read_until("one");
  const std::string body(300'000, 'x');
  peer.write("HTTP/1.1 200 OK\r\n\r\n" + body);
  peer.close();
  const auto all = replies.wait_for(1);
  ASSERT_EQ(all.size(), 1U);
  ASSERT_TRUE(all[0]) << all[0].error().message;
  EXPECT_EQ(all[0]->body, body);
}

TEST_F(HttpClientTest, FramesItsRequestsItself) {
  RawListener listener;
  auto request = post(listener.port(), "");
  request.headers = {{"content-length", "7"}, {"Transfer-Encoding", "chunked"}, {"host", "elsewhere"}};
  send(request);
  auto peer = listener.accept();
  EXPECT_EQ(peer.read_until("\r\n\r\n"), "POST /graphql HTTP/1.1\r\nhost: elsewhere\r\nContent-Length: 0\r\n\r\n");
  request.method = "GET";
  request.headers.clear();
  send(request);
  auto second = listener.accept();
  EXPECT_EQ(second.read_until("\r\n\r\n"),
            "GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(listener.port()) + "\r\n\r\n");
}

TEST_F(HttpClientTest, SaysUnavailableWhenNobodyListens) {
  std::uint16_t free_port = 0;
  { free_port = RawListener().port(); }
  const auto reply = answer_to(post(free_port));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unavailable);
  EXPECT_THAT(reply.error().message, testing::HasSubstr(std::to_string(free_port)));
}

TEST_F(HttpClientTest, SaysTimedOutWhenNoAnswerComes) {
  RawListener listener;
  const auto reply = answer_to(post(listener.port()), Milliseconds(50));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::timed_out);
}

TEST_F(HttpClientTest, SaysUnavailableWhenTheServerClosesWithinItsReply) {
  RawListener listener;
  send(post(listener.port(), "one"));
  auto peer = listener.accept();
  peer.read_until("one");
  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  peer.close();
  const auto all = replies.wait_for(1);
  ASSERT_EQ(all.size(), 1U);
  ASSERT_FALSE(all[0]);
  EXPECT_EQ(all[0].error().code, Code::unavailable);
}

TEST_F(HttpClientTest, SaysMalformedWhenTheAnswerIsNotHttp) {
  RawListener listener;
  send(post(listener.port(), "one"));
  auto peer = listener.accept();
  peer.read_until("one");
  peer.write("220 mail.example.org ESMTP\r\n\r\n");
  const auto all = replies.wait_for(1);
  ASSERT_EQ(all.size(), 1U);
  ASSERT_FALSE(all[0]);
  EXPECT_EQ(all[0].error().code, Code::malformed);
}

TEST_F(HttpClientTest, RefusesAddressesAndHeadersItCannotUse) {
  auto request = post(1);
  request.target = "ws://127.0.0.1/graphql";
  EXPECT_EQ(answer_to(request).error().code, Code::invalid_argument);
  request.target = "/graphql";
  EXPECT_EQ(answer_to(request).error().code, Code::invalid_argument);
  request = post(1);
  request.headers.emplace_back("X-Key", "a\r\nX-Other: b");
  EXPECT_EQ(answer_to(request).error().code, Code::invalid_argument);
}

TEST_F(HttpClientTest, CarriesTwoHundredRequestsAtOnceOverABoundedPool) {
  TestService service;
  const auto server = listen(service);
  constexpr std::size_t count = 200;
  for (std::size_t at = 0; at < count; ++at) send(post(server->port(), std::to_string(at)));
  const auto all = replies.wait_for(count);
  ASSERT_EQ(all.size(), count);
  std::vector<std::string> bodies;
  for (const auto& reply : all) bodies.push_back(reply ? reply->body : reply.error().message);
  std::sort(bodies.begin(), bodies.end());
  std::vector<std::string> expected;
  for (std::size_t at = 0; at < count; ++at) expected.push_back("/graphql " + std::to_string(at));
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(bodies, expected);
}

TEST_F(HttpClientTest, TimesOutWhileItWaitsForAConnection) {
  RawListener listener;
  constexpr std::size_t count = 40;  // More than the pool holds, and nobody answers.
  for (std::size_t at = 0; at < count; ++at) send(post(listener.port()), Milliseconds(100));
  const auto all = replies.wait_for(count);
  ASSERT_EQ(all.size(), count);
  for (const auto& reply : all) EXPECT_EQ(reply.error().code, Code::timed_out);
}

TEST(HttpClient, DropsRequestsInFlightWhenTheLoopIsDestroyed) {
  Notes<int> calls;
  auto owned = std::make_shared<int>(0);
  RawListener listener;
  std::optional<RawSocket> accepted;  // Open for longer than the loop, or its end would be an answer.
  {
    Loop loop;
    for (int at = 0; at < 40; ++at) {
      loop.exchange(post(listener.port()), long_time, [&calls, owned](const Reply&) { calls.add(1); });
    }
    accepted.emplace(listener.accept());
    accepted->read_until("{}");
  }
  EXPECT_TRUE(calls.now().empty());
  EXPECT_EQ(owned.use_count(), 1);
}

}  // namespace
}  // namespace holdfast::net
