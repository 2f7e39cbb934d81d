// The server's HTTP, seen byte by byte.
#include "net/http_server.h"

#include <gmock/gmock.h>

#include <future>
#include <map>
#include <thread>

#include "net/loop.h"
#include "net/raw_socket.h"
#include "net/test_service.h"

namespace holdfast::net {
namespace {

using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr std::string_view get_request = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view last_request = "GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

class HttpServerTest : public testing::Test {
 protected:
  RawSocket connect() { return RawSocket::to(server->port()); }
  std::string answer_to(std::string_view bytes) {
    auto socket = connect();
    socket.write(bytes);
    auto answer = socket.read_all();
    EXPECT_TRUE(socket.was_closed());
    return answer;
  }
  void expect_alive() { EXPECT_THAT(answer_to(last_request), EndsWith("/last ")); }
  void restart(const ListenOptions& options) { server = listen(service, options); }

  TestService service;
  std::unique_ptr<HttpServer> server = listen(service);
};

TEST_F(HttpServerTest, KeepsAConnectionUntilItIsAskedToClose) {
  auto socket = connect();
  socket.write(get_request);
  EXPECT_THAT(socket.read_until("/x "), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), Not(HasSubstr("Connection: close"))));
  socket.write(last_request);
  EXPECT_THAT(socket.read_all(), AllOf(HasSubstr("Connection: close"), EndsWith("/last ")));
  EXPECT_TRUE(socket.was_closed());
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  const auto answers = answer_to(std::string(get_request) + std::string(get_request) + std::string(last_request));
  EXPECT_EQ(service.requests.now().size(), 3U);
  const auto second = answers.find("HTTP/1.1", 10);
  ASSERT_NE(second, std::string::npos);
  EXPECT_THAT(answers, EndsWith("/last "));
}

TEST_F(HttpServerTest, TakesWholeAddressesAsTargets) {
  for (const auto& [target, path] : {std::pair("http://h/x?a=b://c", "/x?a=b://c"), std::pair("HTTPS://h:1?q", "/?q"),
                                     std::pair("http://h", "/"), std::pair("/a://b/c", "/a://b/c")}) {
    const auto answer = answer_to("GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, EndsWith("\r\n\r\n" + std::string(path) + " "));
  }
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  const auto answer = answer_to("HEAD /abc HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Length: 5\r\n"), EndsWith("\r\n\r\n")));
}

TEST_F(HttpServerTest, LeavesOutTheBodyWhereNoneMayBe) {
  service.answer = [](const HttpRequest&) { return HttpResponse{204, {}, "too much"}; };
  EXPECT_THAT(answer_to(last_request), AllOf(StartsWith("HTTP/1.1 204"), EndsWith("\r\n\r\n")));
}

TEST_F(HttpServerTest, TakesChunkedBodies) {
  EXPECT_THAT(answer_to("POST /c HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
              EndsWith("/c abcde"));
}

TEST_F(HttpServerTest, SaysContinueToWhoeverExpectsIt) {
  auto socket = connect();
  socket.write("POST /e HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  socket.write("abc");
  EXPECT_THAT(socket.read_all(), EndsWith("/e abc"));
}

TEST_F(HttpServerTest, SpeaksHttp10) {
  EXPECT_THAT(answer_to("GET /old HTTP/1.0\r\n\r\n"), AllOf(StartsWith("HTTP/1.0 200"), EndsWith("/old ")));
}

TEST_F(HttpServerTest, RefusesLargeBodiesWith413) {
  ListenOptions options;
  options.body_bytes_max = 1000;
  restart(options);
  EXPECT_THAT(answer_to("POST / HTTP/1.1\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"),
              StartsWith("HTTP/1.1 413")) << "told before it is sent";
  EXPECT_THAT(answer_to("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n500\r\n" + std::string(0x500, 'x') + "\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_TRUE(service.requests.now().empty());
  expect_alive();
}

TEST_F(HttpServerTest, ALargeBodyThatIsSentAnywayStillGetsItsAnswer) {
  Notes<Result<HttpResponse>> replies;
  Loop loop;
  HttpRequest request;
  request.target = "http://127.0.0.1:" + std::to_string(server->port()) + "/";
  request.body.assign((std::size_t{8} << 20U) + 1, 'x');
  loop.exchange(request, Milliseconds(15'000), [&](Result<HttpResponse> reply) { replies.add(std::move(reply)); });
  const auto all = replies.wait_for(1);
  ASSERT_EQ(all.size(), 1U);
  ASSERT_TRUE(all[0]) << all[0].error().message;
  EXPECT_EQ(all[0]->status, 413);
}

TEST_F(HttpServerTest, RefusesLargeHeadersWith431) {
  EXPECT_THAT(answer_to("GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x')), StartsWith("HTTP/1.1 431"));
  expect_alive();
}

TEST_F(HttpServerTest, RefusesGarbageWith400) {
  for (const std::string_view garbage : {std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls hello\r\n\r\n"),
                                         std::string_view("hello\r\n\r\n"), std::string_view("GET / HTTP/9.9\r\n\r\n"),
                                         std::string_view("GET / HTTP/1.1\r\nno colon\r\n\r\n"),
                                         std::string_view("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n")}) {
    EXPECT_THAT(answer_to(garbage), StartsWith("HTTP/1.1 400")) << garbage;
  }
  EXPECT_TRUE(service.requests.now().empty());
  expect_alive();
}

// Who is refused and neither reads nor leaves holds its connection for seconds, whatever idle ones may.
TEST_F(HttpServerTest, EndsRefusedConnectionsThatTheOtherSideKeeps) {
  ListenOptions options;
  options.idle_timeout = std::chrono::minutes(10);
  restart(options);
  auto socket = connect();
  socket.write("GET / HTTP/9.9\r\n\r\n");
  EXPECT_THAT(socket.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (server->load().connections > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(server->load().connections, 0U);
}

TEST_F(HttpServerTest, OutlivesClientsThatLeaveInTheMiddle) {
  connect().write("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc");
  connect().write("GET / HT");
  connect().write(get_request);
  expect_alive();
}

TEST_F(HttpServerTest, ClosesConnectionsThatStayIdle) {
  ListenOptions options;
  options.idle_timeout = Milliseconds(50);
  restart(options);
  EXPECT_EQ(answer_to("GET / HTTP/1.1\r\nHo"), "");
  EXPECT_EQ(answer_to(""), "");
  expect_alive();
}

TEST_F(HttpServerTest, ClosesConnectionsBeyondTheBound) {
  ListenOptions options;
  options.connections_max = 1;
  restart(options);
  auto first = connect();
  first.write(get_request);
  first.read_until("/x ");
  EXPECT_EQ(answer_to(""), "");
}

TEST_F(HttpServerTest, CallsTheServiceOnSeveralThreadsAtOnce) {
  std::promise<void> second_came;
  const auto came = second_came.get_future().share();
  service.answer = [&](const HttpRequest& request) {
    if (request.target == "/second") second_came.set_value();
    const bool has_met = came.wait_for(patience) == std::future_status::ready;
    return HttpResponse{200, {}, has_met ? "met" : "alone"};
  };
  auto first = connect();
  first.write("GET /first HTTP/1.1\r\nConnection: close\r\n\r\n");
  auto second = connect();
  second.write("GET /second HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(first.read_all(), EndsWith("met"));
  EXPECT_THAT(second.read_all(), EndsWith("met"));
}

// Quick answers are given by the threads for sockets: two that wait for each other stand on two of them.
TEST_F(HttpServerTest, SpreadsConnectionsOverItsThreads) {
  service.is_quick = [](const HttpRequest&) { return true; };
  std::promise<void> second_came;
  const auto came = second_came.get_future().share();
  service.answer = [&](const HttpRequest& request) {
    if (request.target == "/second") second_came.set_value();
    const bool has_met = request.target == "/x" || came.wait_for(patience) == std::future_status::ready;
    return HttpResponse{200, {}, has_met ? "met " : "alone "};
  };
  auto first = connect();
  auto second = connect();
  for (auto* socket : {&first, &second}) {
    socket->write(get_request);
    socket->read_until("met ");
  }
  first.write("GET /first HTTP/1.1\r\nConnection: close\r\n\r\n");
  second.write("GET /second HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(first.read_all(), EndsWith("met "));
  EXPECT_THAT(second.read_all(), EndsWith("met "));
}

TEST_F(HttpServerTest, SaysWhichAddressIsInUse) {
  ListenOptions options;
  options.port = server->port();
  const auto second = HttpServer::listen(service, silent_log(), options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::unavailable);
  EXPECT_THAT(second.error().message, HasSubstr("127.0.0.1:" + std::to_string(options.port)));
}

TEST_F(HttpServerTest, RefusesHostsThatAreNotOurs) {
  ListenOptions options;
  options.host = "198.51.100.1";  // An address for documentation; nobody's.
  EXPECT_EQ(HttpServer::listen(service, silent_log(), options).error().code, Code::invalid_argument);
}

TEST_F(HttpServerTest, ListensOnIpv6AddressesWithOrWithoutBrackets) {
  for (const char* host : {"::1", "[::1]"}) {
    ListenOptions options;
    options.host = host;
    const auto six = HttpServer::listen(service, silent_log(), options);
    if (!six) GTEST_SKIP() << "this machine has no IPv6: " << six.error().message;
    Notes<Result<HttpResponse>> replies;
    Loop loop;
    HttpRequest request;
    request.target = "http://[::1]:" + std::to_string((*six)->port()) + "/six";
    loop.exchange(request, Milliseconds(15'000), [&](Result<HttpResponse> reply) { replies.add(std::move(reply)); });
    const auto all = replies.wait_for(1);
    ASSERT_EQ(all.size(), 1U);
    ASSERT_TRUE(all[0]) << all[0].error().message;
    EXPECT_EQ(all[0]->body, "/six ");
  }
}

TEST_F(HttpServerTest, StopEndsIdleAndHalfSentConnections) {
  auto idle = connect();
  idle.write(get_request);
  idle.read_until("/x ");
  auto half = connect();
  half.write("GET / HTTP/1.1\r\nHo");
  auto silent = connect();
  server->stop();
  idle.read_all();
  EXPECT_TRUE(idle.was_closed());
  half.read_all();
  EXPECT_TRUE(half.was_closed());
  server->stop();  // Once more does no harm.
}

TEST_F(HttpServerTest, StopLetsARunningRequestEnd) {
  std::promise<void> may_end;
  std::promise<void> has_begun;
  const auto end = may_end.get_future().share();
  service.answer = [&](const HttpRequest&) {
    has_begun.set_value();
    end.wait_for(patience);
    return HttpResponse{200, {}, "done"};
  };
  auto socket = connect();
  socket.write(get_request);
  ASSERT_EQ(has_begun.get_future().wait_for(patience), std::future_status::ready);
  std::thread stopper([&] { server->stop(); });
  may_end.set_value();
  EXPECT_THAT(socket.read_all(), EndsWith("done"));
  stopper.join();
}

TEST_F(HttpServerTest, RequestsThatBlockLeaveThreadsForOthers) {
  std::promise<void> may_end;
  const auto end = may_end.get_future().share();
  Notes<std::string> begun;
  service.answer = [&](const HttpRequest& request) {
    begun.add(request.target);
    end.wait_for(patience);
    return HttpResponse{200, {}, "late"};
  };
  ListenOptions options;
  options.threads = 1;
  options.workers = 3;
  restart(options);
  std::vector<RawSocket> blocked;
  for (int at = 0; at < 5; ++at) {
    blocked.push_back(connect());
    blocked.back().write(last_request);
  }
  EXPECT_EQ(begun.wait_for(3).size(), 3U);
  // A socket is answered while every worker is blocked; what waits for a worker has not begun.
  auto socket = connect();
  socket.write("GET /rt HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  EXPECT_THAT(socket.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
  EXPECT_EQ(begun.now().size(), 3U);
  may_end.set_value();
  for (auto& each : blocked) EXPECT_THAT(each.read_all(), EndsWith("late"));
}

/// Requests for "/slow…" block until each is told to end; the others are answered where they were read.
struct SlowRequests {
  explicit SlowRequests(TestService& service) {
    service.is_quick = [](const HttpRequest& request) { return !request.target.starts_with("/slow"); };
    service.answer = [this](const HttpRequest& request) {
      if (!request.target.starts_with("/slow")) return HttpResponse{200, {}, "quick"};
      running.add(request.target);
      EXPECT_EQ(may_end.at(request.target).get_future().wait_for(patience), std::future_status::ready) << request.target;
      return HttpResponse{200, {}, "slow"};
    };
  }
  std::map<std::string, std::promise<void>> may_end;  // Filled before the first request.
  Notes<std::string> running;
};

TEST_F(HttpServerTest, QuickAnswersGoOnWhileAllWorkersAreBlockedAndWhatIsQueuedRunsAfterwards) {
  SlowRequests slow(service);
  const std::vector<std::string> targets{"/slow1", "/slow2", "/slow3"};
  for (const auto& target : targets) slow.may_end[target];
  ListenOptions options;
  options.threads = 1;
  options.workers = 2;
  restart(options);
  std::vector<RawSocket> blocked;
  for (std::size_t at = 0; at < targets.size(); ++at) {
    blocked.push_back(connect());
    blocked.back().write("GET " + targets[at] + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    ASSERT_EQ(service.begun.wait_for(at + 1).size(), at + 1);  // In this order.
  }
  EXPECT_THAT(slow.running.wait_for(2), UnorderedElementsAre("/slow1", "/slow2"));
  for (int round = 0; round < 3; ++round) EXPECT_THAT(answer_to(last_request), EndsWith("quick"));
  EXPECT_EQ(slow.running.now().size(), 2U) << "the third waits for a worker";

  slow.may_end["/slow1"].set_value();
  EXPECT_THAT(blocked[0].read_all(), EndsWith("slow"));
  EXPECT_THAT(slow.running.wait_for(3), Contains("/slow3")) << "while the second is still blocked";
  slow.may_end["/slow3"].set_value();
  EXPECT_THAT(blocked[2].read_all(), EndsWith("slow"));
  slow.may_end["/slow2"].set_value();
  EXPECT_THAT(blocked[1].read_all(), EndsWith("slow"));
}

TEST_F(HttpServerTest, DrainAnswersWhatRunsAndHoldsWhatComes) {
  std::promise<void> may_end;
  std::promise<void> has_begun;
  const auto end = may_end.get_future().share();
  service.answer = [&](const HttpRequest&) {
    has_begun.set_value();
    end.wait_for(patience);
    return HttpResponse{200, {}, "done"};
  };
  auto kept = connect();
  auto running = connect();
  running.write(get_request);
  ASSERT_EQ(has_begun.get_future().wait_for(patience), std::future_status::ready);
  std::thread stopper([&] {
    EXPECT_TRUE(server->drain());
    server->stop();
  });
  // Whether they come before or after the drain begins, none of them is run: the service's promise is set only once.
  std::this_thread::yield();
  auto upgrade = connect();
  while (true) {  // Until the drain has begun: then nobody is greeted any more.
    auto probe = connect();
    probe.write("GET /rt HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 7\r\n\r\n");
    if (!probe.is_answered_within(std::chrono::milliseconds(200))) break;
  }
  kept.write(get_request);
  upgrade.write(get_request);
  may_end.set_value();
  EXPECT_THAT(running.read_all(), AllOf(HasSubstr("Connection: close"), EndsWith("done")));
  EXPECT_EQ(kept.read_all(), "");
  EXPECT_TRUE(kept.was_closed());
  EXPECT_EQ(upgrade.read_all(), "");
  stopper.join();
}

TEST_F(HttpServerTest, DrainIsBounded) {
  std::promise<void> may_end;
  std::promise<void> has_begun;
  const auto end = may_end.get_future().share();
  service.answer = [&](const HttpRequest&) {
    has_begun.set_value();
    end.wait_for(patience);
    return HttpResponse{};
  };
  ListenOptions options;
  options.drain_time = Milliseconds(20);
  restart(options);
  auto socket = connect();
  socket.write(get_request);
  ASSERT_EQ(has_begun.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_FALSE(server->drain());
  may_end.set_value();
  server->stop();  // Before what the service looks at is gone.
}

TEST_F(HttpServerTest, TakesOverASocketThatListens) {
  RawListener listener;
  ListenOptions options;
  options.inherited_socket = listener.release();
  restart(options);
  EXPECT_EQ(server->port(), listener.port());
  expect_alive();
  options.inherited_socket = 9999;
  EXPECT_EQ(HttpServer::listen(service, silent_log(), options).error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace holdfast::net
