#include "apps/cli/functions.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>

#include "base/json.h"
#include "net/http_server.h"
#include "net/loop.h"

namespace holdfast::cli {
namespace {

/// Answers as the test says.
class Endpoint final : public HttpService {
 public:
  using Answering = std::function<HttpResponse(const HttpRequest&)>;

  explicit Endpoint(Answering answering)
      : answering_(std::move(answering)), server_(net::HttpServer::listen(*this, silent_log(), {.threads = 8}).value()) {}
  HttpResponse respond(const HttpRequest& request) override { return answering_(request); }
  std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest&, std::shared_ptr<SocketPeer>) override {
    return HttpResponse{.status = 404};
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/call"; }

 private:
  Answering answering_;
  std::unique_ptr<net::HttpServer> server_;
};

HttpResponse answer(int status, std::string body, Headers headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

FunctionPlace at(const Endpoint& endpoint) { return {.url = endpoint.url(), .limit = Milliseconds(20'000)}; }
FunctionPlace shell(std::string script) { return {.command = {"sh", "-c", std::move(script)}, .limit = Milliseconds(20'000)}; }

/// Functions of one place called f.
struct Called {
  explicit Called(FunctionPlace place, std::size_t running_max = 16)
      : functions({.places = {{"f", std::move(place)}}, .running_max = running_max}, loop, silent_log()) {}
  Result<Value> call(const Value& event = Object{{"a", 1}}) { return functions.call("f", event); }
  Error failure() {
    auto result = call();
    return result ? Error{Code::closed, "did not fail: " + json::write(*result)} : result.error();
  }
  net::Loop loop{function_answer_bytes_max};
  PlacedFunctions functions;
};

TEST(Functions, AtAnAddressArePostedTheEvent) {
  HttpRequest seen;
  Endpoint endpoint([&](const HttpRequest& request) {
    seen = request;
    return answer(200, R"({"b":[2,null]})");
  });
  EXPECT_EQ(Called(at(endpoint)).call().value(), Value(Object{{"b", List{2, nullptr}}}));
  EXPECT_EQ(seen.method + " " + seen.target, "POST /call");
  EXPECT_EQ(seen.body, R"({"a":1})");
  EXPECT_EQ(*header(seen.headers, "content-type"), "application/json");
}

TEST(Functions, AtAnAddressFailInManyWays) {
  HttpResponse reply;
  Endpoint endpoint([&](const HttpRequest&) { return reply; });
  Called here(at(endpoint));
  const auto failure = [&](HttpResponse next) {
    reply = std::move(next);
    const auto error = here.failure();
    return std::string(name(error.code)) + ": " + error.message;
  };
  EXPECT_EQ(failure(answer(500, "boom")), "rejected: The function f failed with the status 500.");
  EXPECT_EQ(failure(answer(502, R"({"errorMessage":"no money"})")), "rejected: no money");
  EXPECT_EQ(failure(answer(200, R"({"errorMessage":"thrown"})", {{"X-Amz-Function-Error", "Unhandled"}})), "rejected: thrown");
  EXPECT_EQ(failure(answer(200, R"({"errorMessage":"thrown","errorType":"Error","trace":[]})")), "rejected: thrown");
  EXPECT_TRUE(failure(answer(200, "<html>")).starts_with("malformed: The answer of the function f is not JSON: "));
  EXPECT_EQ(failure(answer(200, std::string(function_answer_bytes_max + 1, ' '))).substr(0, 26), "malformed: The function f:");
  reply = answer(200, R"({"errorMessage":"a member","errorType":"of a","result":1})");
  EXPECT_TRUE(here.call());
  reply = answer(204, "");
  EXPECT_EQ(here.call().value(), Value());
}

TEST(Functions, AtNoAddressAreUnavailable) {
  FunctionPlace nowhere{.url = "http://127.0.0.1:1/"};
  EXPECT_EQ(Called(nowhere).failure().code, Code::unavailable);
  EXPECT_EQ(Called(nowhere).functions.call("g", {}).error().code, Code::not_found);
}

TEST(Functions, ThatAreTooSlowAreGivenUp) {
  std::promise<void> release;
  auto released = release.get_future().share();
  Endpoint endpoint([&](const HttpRequest&) {
    released.wait();
    return answer(200, "1");
  });
  auto place = at(endpoint);
  place.limit = Milliseconds(100);
  EXPECT_EQ(Called(place).failure(), (Error{Code::timed_out, "The function f did not answer within 100 ms."}));
  release.set_value();
  auto sleeping = shell("sleep 600");
  sleeping.limit = Milliseconds(100);
  EXPECT_EQ(Called(sleeping).failure(), (Error{Code::timed_out, "The function f failed: no answer within 100 ms."}));
}

TEST(Functions, AsCommandsReadTheEventAndPrintTheAnswer) {
  EXPECT_EQ(Called(shell("cat")).call().value(), Value(Object{{"a", 1}}));
  EXPECT_EQ(Called(shell("true")).call().value(), Value());
  auto coloured = shell("printf '\"%s\"' $COLOUR");
  coloured.environment = {"COLOUR=red"};
  EXPECT_EQ(Called(coloured).call().value(), Value("red"));
  auto elsewhere = shell("printf '\"%s\"' $PATH");
  elsewhere.environment = {"PATH=/elsewhere"};
  EXPECT_EQ(Called(elsewhere).call().value(), Value("/elsewhere"));
}

/// Keeps what functions say.
class Diary final : public Log {
 public:
  bool takes(LogLevel) const noexcept override { return true; }
  void write(LogLevel, std::string_view, std::string_view event, std::initializer_list<LogField> fields) override {
    if (event == "function_said") said.emplace_back(fields.begin()[1].value);
  }
  std::vector<std::string> said;
};

TEST(Functions, LastWordsAreLogged) {
  Diary diary;
  net::Loop loop(function_answer_bytes_max);
  PlacedFunctions functions({.places = {{"f", shell("seq 1 150 >&2; exit 1")}, {"g", shell("printf 'a\n\nb' >&2")}}}, loop, diary);
  EXPECT_FALSE(functions.call("f", {}));
  ASSERT_EQ(diary.said.size(), 100U);
  EXPECT_EQ(diary.said.front() + " " + diary.said.back(), "51 150");
  diary.said.clear();
  EXPECT_TRUE(functions.call("g", {}));
  EXPECT_EQ(diary.said, (std::vector<std::string>{"a", "", "b"}));
}

TEST(Functions, AsCommandsFailInManyWays) {
  const auto failure = [](const char* script) {
    const auto error = Called(shell(script)).failure();
    return std::string(name(error.code)) + ": " + error.message;
  };
  EXPECT_EQ(failure("exit 4"), "rejected: The function f failed: it ended with code 4.");
  EXPECT_EQ(failure(R"(echo '{"errorMessage":"no money"}'; exit 1)"), "rejected: no money");
  EXPECT_EQ(failure("kill -SEGV $$"), "rejected: The function f failed: it was ended by signal 11.");
  EXPECT_TRUE(failure("echo hello").starts_with("malformed: The answer of the function f is not JSON: "));
  EXPECT_EQ(failure("head -c 7000000 /dev/zero"), "malformed: The function f failed: the answer is longer than 6 MiB.");
  EXPECT_EQ(Called({.command = {"/no/such/program"}}).failure(),
            (Error{Code::unavailable, "The function f failed: cannot run /no/such/program."}));
}

TEST(Functions, RunSoManyAtOnceAndNoMore) {
  std::latch inside(2);
  std::promise<void> release;
  auto released = release.get_future().share();
  Endpoint endpoint([&](const HttpRequest&) {
    inside.count_down();
    released.wait();
    return answer(200, "1");
  });
  Called here(at(endpoint), 2);
  auto one = std::async(std::launch::async, [&] { return here.call(); });
  auto two = std::async(std::launch::async, [&] { return here.call(); });
  inside.wait();
  EXPECT_EQ(here.failure(), (Error{Code::unavailable, "The function f was not called: 2 functions run already; try again."}));
  EXPECT_EQ(here.functions.call_all("f", {Value(), Value()}).at(1).error().code, Code::unavailable);
  release.set_value();
  EXPECT_TRUE(one.get());
  EXPECT_TRUE(two.get());
  EXPECT_TRUE(here.call());
}

TEST(Functions, OfManyEventsRunSideBySideAndAnswerInOrder) {
  // None of four answers before all four have come.
  std::latch all(4);
  Endpoint endpoint([&](const HttpRequest& request) {
    all.arrive_and_wait();
    return answer(200, request.body);
  });
  Called here(at(endpoint));
  const auto results = here.functions.call_all("f", {Value(0), Value(1), Value(2), Value(3)});
  for (int at = 0; at < 4; ++at) EXPECT_EQ(results.at(static_cast<std::size_t>(at)).value(), Value(at));
  EXPECT_EQ(here.functions.call_all("g", {Value(0)}).front().error().code, Code::not_found);
}

TEST(Functions, ThatNobodyWaitsForRunToTheirEnd) {
  std::atomic<int> done = 0;
  std::promise<void> release;
  auto released = release.get_future().share();
  Endpoint endpoint([&](const HttpRequest&) {
    released.wait();
    ++done;
    return answer(500, "");
  });
  {
    Called here(at(endpoint));
    EXPECT_TRUE(here.functions.start("f", {}));
    EXPECT_EQ(here.functions.start("g", {}).error().code, Code::not_found);
    EXPECT_EQ(done, 0);
    release.set_value();
  }
  EXPECT_EQ(done, 1);
}

TEST(FunctionSettings, OfTheCommandLineAreAnAddressOrWords) {
  const auto url = read_function("echo=http://127.0.0.1:9000/x=y").value();
  EXPECT_EQ(url.first, "echo");
  EXPECT_EQ(url.second.url, "http://127.0.0.1:9000/x=y");
  const auto command = read_function("echo=node  echo.js --to http://x").value();
  EXPECT_EQ(command.second.command, (std::vector<std::string>{"node", "echo.js", "--to", "http://x"}));
  for (const char* wrong : {"echo", "=x", "echo=", "echo=  "}) {
    EXPECT_EQ(read_function(wrong).error().code, Code::invalid_argument) << wrong;
  }
}

TEST(FunctionSettings, AreOfOnePlaceEach) {
  const auto complaint = [](const FunctionPlace& place) { return check_place("f", place).error().message; };
  EXPECT_EQ(complaint({}), "The function f has neither an address nor a command.");
  EXPECT_EQ(complaint({.url = "http://x", .command = {"x"}}), "The function f has both an address and a command: keep one.");
  EXPECT_EQ(complaint({.url = "ftp://x"}), "The function f has an address that is neither http:// nor https://.");
  for (const char* url : {"http://", "http:/x", "HTTP:", "http:///x", "http://?x"}) {
    EXPECT_EQ(complaint({.url = url}), "The function f has an address without a host.") << url;
  }
  EXPECT_TRUE(check_place("f", {.url = "HTTP://x"}));
  EXPECT_EQ(static_cast<bool>(check_place("f", {.url = "https://x"})), HOLDFAST_CALLS_HTTPS);
  EXPECT_EQ(complaint({.command = {""}}), "The function f has a command without a program.");
  EXPECT_EQ(complaint({.command = {"x"}, .environment = {"A"}}),
            "The function f has a variable that is not written as NAME=value.");
  EXPECT_TRUE(check_place("f", {.command = {"x"}, .environment = {"A="}}));
}

}  // namespace
}  // namespace holdfast::cli
