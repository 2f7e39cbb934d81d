// Requests that are finished together: by one worker, which nobody else waits for with a thread.
#include "net/joint_queue.h"

#include <gmock/gmock.h>

#include <boost/asio/bind_executor.hpp>
#include <future>

#include "base/log.h"
#include "net/crew.h"
#include "net/http_server.h"
#include "net/raw_socket.h"

namespace holdfast::net {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::StartsWith;

/// Works that answer with their target, or with 500 when they are not kept.
class JointService final : public HttpService {
 public:
  class Work final : public JointWork {
   public:
    explicit Work(std::string text) : text_(std::move(text)) {}
    void run() override { runs.add(text_); }
    [[nodiscard]] HttpResponse answer(const Result<void>& kept) override {
      return {.status = kept ? 200 : 500, .body = text_};
    }
    Notes<std::string> runs;

   private:
    std::string text_;
  };

  HttpResponse respond(const HttpRequest& request) override { return {.body = request.target}; }
  Begun begin(HttpRequest request) override { return std::make_unique<Work>(std::move(request.target)); }
  std::vector<Result<void>> finish(std::span<JointWork* const> works) override {
    batches.add(works.size());
    if (on_finish) on_finish();
    auto kept = HttpService::finish(works);
    if (is_failing) kept.back() = Error{Code::disk_full, "full"};
    return kept;
  }
  std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest&, std::shared_ptr<SocketPeer>) override {
    return HttpResponse{.status = 404};
  }

  std::function<void()> on_finish = {};
  bool is_failing = false;
  Notes<std::size_t> batches;
};

TEST(JointQueue, FinishesTogetherWhatCameWhileOthersWereFinished) {
  JointService service;
  Crew workers(1);
  JointQueue queue(service, workers.io());
  std::promise<void> may_go_on;
  service.on_finish = [&, is_first = true]() mutable {
    if (std::exchange(is_first, false)) may_go_on.get_future().wait();
  };
  std::vector<std::unique_ptr<JointService::Work>> works;
  Notes<bool> finished;
  const auto add = [&] {
    works.push_back(std::make_unique<JointService::Work>("/"));
    queue.async_finish(*works.back(), boost::asio::bind_executor(workers.io(), [&](const Result<void>& kept) {
      finished.add(kept.has_value());
    }));
  };
  add();
  service.batches.wait_for(1);
  for (int more = 0; more < 300; ++more) add();
  EXPECT_TRUE(finished.now().empty());
  may_go_on.set_value();
  EXPECT_EQ(finished.wait_for(301).size(), 301U);
  EXPECT_THAT(service.batches.now(), ElementsAre(1U, JointQueue::batch_max, 300U - JointQueue::batch_max));
  for (const auto& work : works) EXPECT_EQ(work->runs.now().size(), 1U);
  workers.join();
}

TEST(JointQueue, AnswersEachOfManyConnections) {
  JointService service;
  ListenOptions options;
  options.workers = 1;
  const auto server = HttpServer::listen(service, silent_log(), options).value();
  std::vector<RawSocket> sockets;
  for (int at = 0; at < 40; ++at) sockets.push_back(RawSocket::to(server->port()));
  for (int round = 0; round < 3; ++round) {
    for (std::size_t at = 0; at < sockets.size(); ++at) {
      sockets[at].write("POST /" + std::to_string(at) + "! HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    }
    for (std::size_t at = 0; at < sockets.size(); ++at) {
      EXPECT_THAT(sockets[at].read_until("!"), EndsWith("/" + std::to_string(at) + "!"));
    }
  }
}

TEST(JointQueue, WhatIsNotKeptIsAnsweredSo) {
  JointService service;
  service.is_failing = true;
  const auto server = HttpServer::listen(service, silent_log(), {}).value();
  auto socket = RawSocket::to(server->port());
  socket.write("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(socket.read_all(), StartsWith("HTTP/1.1 500"));
}

// Ends with a work in the queue and one being finished.
TEST(JointQueue, AServerThatStopsFinishesWhatItTook) {
  JointService service;
  std::promise<void> may_go_on;
  service.on_finish = [&, is_first = true]() mutable {
    if (std::exchange(is_first, false)) may_go_on.get_future().wait();
  };
  auto server = HttpServer::listen(service, silent_log(), {}).value();
  auto first = RawSocket::to(server->port());
  first.write("POST /1! HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
  service.batches.wait_for(1);
  auto stopped = std::async(std::launch::async, [&] { server->stop(); });
  may_go_on.set_value();
  stopped.get();
  EXPECT_THAT(first.read_until("!"), EndsWith("/1!"));
}

}  // namespace
}  // namespace holdfast::net
