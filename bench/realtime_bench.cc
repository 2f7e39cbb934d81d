// What realtime costs: a change told to 1,000 subscribers beside a bare broadcast of the same frames, and a request that
// goes through the bounded workers beside one that is answered on the sockets' threads.
#include "base/json.h"
#include "bench/audience.h"
#include "bench/backend.h"
#include "bench/bare_broadcast.h"
#include "bench/load.h"
#include "bench/measure.h"

namespace holdfast::bench {
namespace {

constexpr std::size_t subscribers = 1000;
constexpr std::size_t changes = 20;
constexpr const char* subscription =
    "subscription operation { onCreatePost { id title rating status createdAt updatedAt _version _lastChangedAt _deleted } }";

std::string start_frame() {
  const Object operation{{"query", subscription}, {"variables", Object()}};
  return json::write(Value(Object{{"id", "0f8fad5b-d9cb-469f-a165-70867728950e"},
                                  {"type", "start"},
                                  {"payload", Object{{"data", json::write(Value(operation))},
                                                     {"extensions", Object{{"authorization", Object()}}}}}}));
}

void create(server::Server& server, Random& random) {
  const Object body{{"query", "mutation { createPost(input: {id: \"" + uuid(random) +
                                  "\", title: \"A title of ordinary length\", rating: 5, status: ACTIVE}) { id } }"}};
  const auto answer = server.respond({.method = "POST", .target = "/graphql", .body = json::write(Value(body))});
  if (answer.status != 200) give_up(answer.body);
}

/// What a subscriber is told of one change, id and all.
std::string told_frame() {
  return R"({"id":"0f8fad5b-d9cb-469f-a165-70867728950e","type":"data","payload":{"data":{"onCreatePost":{)"
         R"("id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","title":"A title of ordinary length","rating":5,"status":"ACTIVE",)"
         R"("createdAt":"2026-11-21T07:30:00.123Z","updatedAt":"2026-11-21T07:30:00.123Z","_version":1,)"
         R"("_lastChangedAt":1795244400000,"_deleted":null}}}})";
}

void compare_broadcast(const std::filesystem::path& folder) {
  Backend backend(fresh(folder, "broadcast.db"));
  BareBroadcast bare;
  const auto random = system_random();
  // connection_ack, ka and start_ack.
  Audience ours(backend.port(), subscribers,
                {.target = "/graphql/realtime", .words = {R"({"type":"connection_init"})", start_frame()}, .answers = 3});
  Audience theirs(bare.port(), subscribers, {});
  const std::string start = R"({"id")";
  run({.question = "a change told to 1000 subscribers, its write included",
       .limit = "a bare Beast broadcast of the same frames",
       .operations = subscribers * changes,
       .ours = [&] { return seconds_of([&] {
                       for (std::size_t at = 0; at < changes; ++at) create(backend.server(), *random);
                       ours.hear(changes, start);
                     }); },
       .theirs = [&] { return seconds_of([&] {
                         for (std::size_t at = 0; at < changes; ++at) bare.send(told_frame());
                         theirs.hear(changes, start);
                       }); }});
}

/// Answers at once, or as if it might block.
class Echo final : public HttpService {
 public:
  explicit Echo(bool is_quick) : is_quick_(is_quick) {}
  HttpResponse respond(const HttpRequest& /*request*/) override { return {.status = 200, .body = "{\"data\":null}"}; }
  std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest& /*upgrade*/,
                                                    std::shared_ptr<SocketPeer> /*peer*/) override {
    return HttpResponse{.status = 404};
  }
  Begun begin(HttpRequest request) override {
    if (is_quick_) return respond(request);
    return HttpService::begin(std::move(request));
  }

 private:
  bool is_quick_;
};

void compare_workers() {
  constexpr std::size_t requests = 50'000;
  Echo quick(true);
  Echo slow(false);
  const auto with = net::HttpServer::listen(slow, silent_log(), {}).value();
  const auto without = net::HttpServer::listen(quick, silent_log(), {}).value();
  Load ours(with->port(), 64);
  Load theirs(without->port(), 64);
  const auto request = Load::post("{}");
  const auto next = [&](std::size_t) { return request; };
  run({.question = "a request that may block, answered by a worker",
       .limit = "the same answered on the socket's thread",
       .operations = requests,
       .ours = [&] { return ours.run(requests, next); },
       .theirs = [&] { return theirs.run(requests, next); }});
}

}  // namespace
}  // namespace holdfast::bench

int main(int count, char** arguments) {
  if (count != 2) holdfast::bench::give_up("usage: realtime_bench FOLDER");
  holdfast::bench::compare_broadcast(arguments[1]);
  holdfast::bench::compare_workers();
}
