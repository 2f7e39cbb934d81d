#include "server/server.h"

#include <utility>

#include "api/service_types.h"
#include "base/json.h"
#include "protocol/checksum.h"
#include "protocol/frames.h"
#include "protocol/signers.h"
#include "server/checksum.h"
#include "server/graphql_request.h"
#include "server/http.h"
#include "server/job.h"
#include "server/metrics/counted_peer.h"
#include "server/parts.h"
#include "server/realtime/answers.h"
#include "server/realtime/payload.h"
#include "server/realtime/session.h"
#include "server/retention.h"
#include "server/resolve/conflict_rules.h"
#include "server/resolve/stored_keys.h"

namespace holdfast::server {
namespace {

void deliver(Server::Parts& parts) {
  parts.dispatch.drain([&](const Subscription& subscription, const News& news) {
    auto payload = data_payload(parts, *subscription.listening(), news);
    if (!payload) {
      parts.log.write(LogLevel::error, "server", "publish_failed", {{"code", std::string(name(payload.error().code))}});
    }
    return payload;
  });
}

/// Where a request is done. here: what is read from the database's cache and printed within a few milliseconds is no
/// reason to change the thread. jointly: mutations that nothing but the disk holds up. apart: all else.
enum class Place : std::uint8_t { here, jointly, apart };

Place place_of(const Server::Parts& parts, const Running& running) {
  constexpr std::uint64_t quick_query_fields_max = 20'000;
  constexpr std::uint64_t quick_mutation_fields_max = 5'000;  // Others wait for it.
  if (!parts.backend.custom.empty()) return Place::apart;
  if (running.operation->type == graphql::OperationType::query) {
    return running.cost > quick_query_fields_max ? Place::apart : Place::here;
  }
  const bool is_quick = running.cost <= quick_mutation_fields_max && !may_ask_functions(parts.backend.options);
  return is_quick ? Place::jointly : Place::apart;
}

HttpResponse done(Server::Parts& parts, Job& job) {
  job.run();
  auto answered =
      job.has_failed() ? std::vector<AnsweredMutation>() : answered_mutations(parts, job.running(), job.result());
  for (auto& each : answered) parts.dispatch.publish(std::move(each));
  if (job.has_mutated() || !answered.empty()) deliver(parts);
  return job.answer({});
}

Begun begin_graphql(std::shared_ptr<Server::Parts> parts, HttpRequest request) {
  auto& shared = *parts;
  auto job = std::make_unique<Job>(std::move(parts), std::move(request));
  if (auto refusal = job->refused()) return *std::move(refusal);
  switch (place_of(shared, job->running())) {
    case Place::here: return done(shared, *job);
    case Place::jointly: return job;
    case Place::apart: break;
  }
  // Shared because work can be copied.
  return HttpWork([&shared, job = std::shared_ptr<Job>(std::move(job))] { return done(shared, *job); });
}

std::vector<ApiKey> keys_of(const ServerOptions& options) {
  auto keys = options.api_keys;
  if (!options.api_key.empty()) keys.push_back({.name = "default", .secret = options.api_key});
  return keys;
}

HttpResponse hint_answer(const ServerOptions& options) {
  return json_answer(200, json::write(Value(Object{
      {"message", "This is a GraphQL endpoint: send POST requests with a JSON body {\"query\": ...}."},
      {"realtime", options.path + "/realtime"}})));
}

}  // namespace

Result<std::unique_ptr<Server>> Server::make(ServerPorts ports, ServerOptions options) {
  auto built = graphql::TypeSystem::build(api::with_service_types(std::move(ports.api)));
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&built)) {
    return Error{Code::schema_error, "The API cannot be built of this schema: " + problems->front().message};
  }
  HOLDFAST_TRY(sound, check_rules(ports.schema, options, ports.functions != nullptr));
  HOLDFAST_TRY(fitting, check_stored_keys(ports.schema, ports.store));
  HOLDFAST_TRY(tokens, Tokens::open(ports.store, ports.random));
  auto& types = std::get<graphql::TypeSystem>(built);
  CustomFields custom(std::move(ports.custom_fields), types, {options.environment, options.region});
  Routes routes(ports.schema, types, custom, ports.page_limits);
  std::map<std::string, schema::InputRules, std::less<>> input_rules;
  for (auto& rules : ports.input_rules) input_rules.try_emplace(rules.model, std::move(rules));
  auto http_slots = std::make_unique<Slots>(options.http_calls_max);
  Authenticator authenticator(keys_of(options));
  Backend backend{ports.schema,       ports.store,        ports.clock,        ports.random,
                  ports.log,          ports.functions,    std::move(options), std::move(tokens),
                  std::move(routes),  std::move(authenticator), ports.decider, std::move(custom),
                  std::move(input_rules), ports.http,     std::move(http_slots), ports.metrics};
  // Shared: see server.h.
  auto parts = std::make_shared<Parts>(std::move(backend), std::move(types), ports.log, ports.metrics);
  // Weak, because the store outlives the server.
  ports.store.on_commit([weak = std::weak_ptr(parts)](const ChangeEntry& change) {
    const auto held = weak.lock();
    if (!held) return;
    held->metrics.store_writes.add();
    held->dispatch.publish(held->publisher, change);
  });
  trim_from_now_on(parts);
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

namespace {

std::string realtime_path(const ServerOptions& options) { return options.path + "/realtime"; }

/// What stands beside the GraphQL endpoint, for requests that are no WebSockets.
Begun begin_beside(std::shared_ptr<Server::Parts> parts, HttpRequest request) {
  const auto& options = parts->backend.options;
  const auto path = path_of(request.target);
  if (request.method == "POST" && path == options.path + std::string(protocol::checksum_path)) {
    return HttpWork([parts, request = std::move(request)] { return answer_checksum(*parts, request); });
  }
  if (path == realtime_path(options)) {
    auto answer = error_answer(426, "UpgradeRequiredException",
                               "Realtime is a WebSocket. A proxy on the way has to pass on the headers Upgrade and "
                               "Connection.");
    answer.headers.emplace_back("upgrade", "websocket");  // RFC 9110, section 15.5.22
    return answer;
  }
  return error_answer(404, "NotFoundException",
                      "There is nothing here; the GraphQL endpoint is " + options.path + ".");
}

}  // namespace

Server::Server(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

Begun Server::begin(HttpRequest request) {
  const auto& options = parts_->backend.options;
  if (path_of(request.target) != options.path) return begin_beside(parts_, std::move(request));
  if (request.method == "OPTIONS") return preflight_answer();
  if (request.method == "GET" && !has_query(request)) return hint_answer(options);
  if (request.method == "GET" || request.method == "POST") return begin_graphql(parts_, std::move(request));
  return not_allowed_answer("The GraphQL endpoint takes POST requests.", "POST, GET, OPTIONS");
}

HttpResponse Server::unreadable(int status, std::string sentence) {
  // Browsers show such an answer to the application only if it allows them to.
  const auto* type = status == 413 || status == 431 ? "RequestEntityTooLargeException" : "BadRequestException";
  return error_answer(status, type, sentence);
}

HttpResponse Server::respond(const HttpRequest& request) {
  auto begun = begin(request);
  if (auto* response = std::get_if<HttpResponse>(&begun)) return std::move(*response);
  if (const auto* work = std::get_if<HttpWork>(&begun)) return (*work)();
  const auto& joint = std::get<std::unique_ptr<JointWork>>(begun);
  return joint->answer(finish(std::vector{joint.get()}).front());
}

std::vector<Result<void>> Server::finish(std::span<JointWork* const> works) {
  std::vector<std::function<void()>> runs;
  runs.reserve(works.size());
  for (auto* work : works) runs.emplace_back([work] { work->run(); });
  auto kept = parts_->backend.store.put_together(runs);
  deliver(*parts_);
  return kept;
}

std::variant<AcceptedSocket, HttpResponse> Server::accept(const HttpRequest& upgrade,
                                                          std::shared_ptr<SocketPeer> peer) {
  const auto& options = parts_->backend.options;
  if (path_of(upgrade.target) != realtime_path(options)) {
    return error_answer(404, "NotFoundException", "The realtime endpoint is " + realtime_path(options) + ".");
  }
  if (!protocol::offers_realtime(upgrade)) {
    return error_answer(400, "BadRequestException", "Offer the WebSocket subprotocol graphql-ws.");
  }
  const auto authorization = protocol::handshake_authorization(upgrade);
  auto entry = RealtimeSession::Entry::malformed;
  if (authorization) {
    const auto caller = parts_->backend.caller_of(*authorization);
    entry = caller ? RealtimeSession::Entry::open : RealtimeSession::Entry::unauthorized;
  }
  // Shared: the peer may outlive the server, and with this pointer what it counts in does not.
  auto counted = std::make_shared<CountedPeer>(std::move(peer), std::shared_ptr<Metrics>(parts_, &parts_->metrics));
  return AcceptedSocket{std::string(protocol::realtime_protocol),
                        std::make_unique<RealtimeSession>(parts_, std::move(counted), entry)};
}

}  // namespace holdfast::server
