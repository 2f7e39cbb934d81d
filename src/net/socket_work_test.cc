// What sessions have done apart: where it runs, in which order, how much of it is taken, and what the end of a server
// makes of it.
#include <gmock/gmock.h>

#include <algorithm>
#include <future>
#include <iterator>
#include <thread>
#include <utility>
#include <vector>

#include "net/http_server.h"
#include "net/loop.h"
#include "net/raw_socket.h"
#include "net/test_service.h"

namespace holdfast::net {
namespace {

using testing::ElementsAre;

/// One connected socket; works are given by the test, as a session would.
class SocketWorkTest : public testing::Test {
 protected:
  SocketWorkTest() {
    service.greet = [this](SocketPeer&) { socket_thread = std::this_thread::get_id(); };
  }
  void TearDown() override {
    release();
    if (server) server->stop();  // Before what the works look at is gone.
  }
  void connect(ListenOptions options) {
    options.threads = 1;
    server = listen(service, options);
    SocketRequest request;
    request.url = "ws://127.0.0.1:" + std::to_string(server->port()) + "/rt";
    SocketEvents events;
    events.on_frame = [this](const std::string& frame) { heard.add(frame); };
    events.on_open = [] {};
    events.on_close = [](const Error&) {};
    socket = loop.open_socket(request, std::move(events));
    peer = service.peers.wait_for(1).at(0);
  }
  /// Says "NAME begins", blocks if it is to, and says "NAME is done" afterwards.
  bool give(const std::string& name, bool blocks) {
    return peer->run_apart(
        [this, name, blocks] {
          work_thread = std::this_thread::get_id();
          said.add(name + " begins");
          if (blocks) may_end.wait_for(patience);
        },
        [this, name] {
          done_thread = std::this_thread::get_id();
          said.add(name + " is done");
        });
  }
  void release() {
    if (!std::exchange(is_released, true)) end.set_value();
  }

  std::promise<void> end;
  std::shared_future<void> may_end = end.get_future().share();
  bool is_released = false;
  std::thread::id socket_thread, work_thread, done_thread;  // Read when `said` has told of what wrote them.
  Notes<std::string> said;
  Notes<std::string> heard;
  TestService service;
  std::unique_ptr<HttpServer> server;
  std::shared_ptr<SocketPeer> peer;
  Loop loop;
  std::unique_ptr<Socket> socket;
};

TEST_F(SocketWorkTest, RunsWhereItHoldsUpNoFrameAndEndsWhereFramesCome) {
  connect({});
  EXPECT_TRUE(give("one", true));
  EXPECT_THAT(said.wait_for(1), ElementsAre("one begins"));
  socket->send("meanwhile");
  EXPECT_THAT(heard.wait_for(1), ElementsAre("meanwhile"));
  release();
  EXPECT_THAT(said.wait_for(2), ElementsAre("one begins", "one is done"));
  EXPECT_NE(work_thread, socket_thread);
  EXPECT_EQ(done_thread, socket_thread);
}

TEST_F(SocketWorkTest, BeginsInItsOrderAndIsRefusedBeyondTheBound) {
  connect({.socket_workers = 1, .socket_works_max = 3});
  EXPECT_TRUE(give("one", true));
  EXPECT_TRUE(give("two", false));
  EXPECT_TRUE(give("three", false));
  EXPECT_FALSE(give("four", false));
  EXPECT_THAT(said.wait_for(1), ElementsAre("one begins"));
  release();
  const auto all = said.wait_for(6);
  std::vector<std::string> begun;
  std::copy_if(all.begin(), all.end(), std::back_inserter(begun),
               [](const auto& each) { return each.ends_with("begins"); });
  EXPECT_THAT(begun, ElementsAre("one begins", "two begins", "three begins"));
  EXPECT_TRUE(give("five", false)) << "what has ended takes no room";
  EXPECT_EQ(said.wait_for(8).size(), 8U);
}

TEST_F(SocketWorkTest, ADrainWaitsForWhatRunsAndDropsWhatWaits) {
  connect({.socket_workers = 1});
  EXPECT_TRUE(give("one", true));
  EXPECT_TRUE(give("two", false));
  said.wait_for(1);
  std::thread stopper([&] {
    EXPECT_TRUE(server->drain());
    server->stop();
  });
  while (true) {  // Until the drain has begun: then nobody is answered any more.
    auto probe = RawSocket::to(server->port());
    probe.write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    if (!probe.is_answered_within(std::chrono::milliseconds(200))) break;
  }
  release();
  stopper.join();
  EXPECT_THAT(said.now(), testing::Not(testing::Contains("two begins")));
  server.reset();
  EXPECT_TRUE(give("three", false)) << "as frames are, which nobody gets";
  EXPECT_THAT(said.now(), testing::Not(testing::Contains("three begins")));
}

TEST_F(SocketWorkTest, ADrainIsBoundedByItsTime) {
  connect({.drain_time = Milliseconds(20)});
  EXPECT_TRUE(give("one", true));
  said.wait_for(1);
  EXPECT_FALSE(server->drain());
}

TEST_F(SocketWorkTest, EndsWithoutItsConnection) {
  connect({});
  EXPECT_TRUE(give("one", true));
  said.wait_for(1);
  socket.reset();
  EXPECT_EQ(service.closed.wait_for(1).size(), 1U);
  release();
  server->stop();
  EXPECT_EQ(said.now().front(), "one begins");
}

}  // namespace
}  // namespace holdfast::net
