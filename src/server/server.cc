#include "server/server.h"

#include <utility>

#include "api/service_types.h"
#include "base/json.h"
#include "protocol/frames.h"
#include "protocol/signers.h"
#include "server/graphql_request.h"
#include "server/http.h"
#include "server/metrics/counted_peer.h"
#include "server/parts.h"
#include "server/realtime/session.h"
#include "server/realtime/start.h"
#include "server/retention.h"
#include "server/resolve/conflict_rules.h"
#include "server/resolve/stored_keys.h"

namespace holdfast::server {
namespace {

std::string mutation_id_of(const HttpRequest& request) {
  constexpr std::size_t size_max = 200;  // Ours are 36 characters; longer ones would only fill the store.
  const auto* id = header(request.headers, protocol::mutation_id_header);
  return id == nullptr || id->size() > size_max ? std::string() : *id;
}

void deliver(Server::Parts& parts) {
  parts.dispatch.drain([&](const Subscription& subscription, const ChangeEntry& change) {
    auto payload = data_payload(parts, *subscription.listening(), change);
    if (!payload) {
      parts.log.write(LogLevel::error, "server", "publish_failed", {{"code", std::string(name(payload.error().code))}});
    }
    return payload;
  });
}

/// A request that the store failed may succeed when it is sent again: clients do that for 500, not for errors in 200.
HttpResponse failed_answer(Server::Parts& parts, const Error& error) {
  parts.log.write(LogLevel::error, "server", "store_failed", {{"code", std::string(name(error.code))}});
  return error_answer(500, "InternalFailure", "The service could not read or write its records; try again.");
}

HttpResponse not_allowed_answer(std::string_view message, std::string methods) {
  auto response = error_answer(405, "MethodNotAllowedException", message);
  response.headers.emplace_back("allow", std::move(methods));
  return response;
}

OperationKind kind_of(graphql::OperationType type) {
  if (type == graphql::OperationType::query) return OperationKind::query;
  return type == graphql::OperationType::mutation ? OperationKind::mutation : OperationKind::subscription;
}

/// A request that was understood, and whose caller is known. Its measurement ends with it.
struct Job {
  explicit Job(Metrics& metrics) : measurement(metrics) {}

  Measurement measurement;
  Caller caller = {};
  Media media = {};
  HttpRequest request = {};
  Running running = {};
};

/// Reads the request into the job, or refuses it.
std::optional<HttpResponse> refused(Server::Parts& parts, Job& job) {
  auto caller = parts.backend.caller_of(job.request.headers);
  if (!caller) return unauthorized_answer();
  job.caller = *std::move(caller);
  job.media = media_of(job.request.headers);
  auto read = read_request(job.request);
  if (auto* refusal = std::get_if<HttpResponse>(&read)) return std::move(*refusal);
  const auto& asked = std::get<GraphqlRequest>(read);
  auto found = parts.documents.prepare(asked.query, Strictness::strict);
  if (const auto* refused = std::get_if<Refused>(&found)) {
    return refused->kind == Refused::Kind::syntax ? unreadable_answer(job.media, refused->errors.front())
                                                  : invalid_answer(job.media, refused->errors);
  }
  auto selected =
      parts.select(std::get<std::shared_ptr<const Prepared>>(std::move(found)), asked.operation_name, asked.variables);
  if (const auto* errors = std::get_if<std::vector<graphql::RequestError>>(&selected)) {
    return invalid_answer(job.media, *errors);
  }
  job.running = std::get<Running>(std::move(selected));
  const auto type = job.running.operation->type;
  job.measurement.operation = kind_of(type);
  if (type == graphql::OperationType::subscription) {
    return error_answer(400, "BadRequestException", "Subscriptions run over the realtime endpoint.");
  }
  // What only follows a link must change nothing.
  if (job.request.method == "GET" && type != graphql::OperationType::query) {
    return not_allowed_answer("GET runs queries only; send mutations with POST.", "POST");
  }
  return std::nullopt;
}

void count(Server::Parts& parts, const HttpResponse& response, Job& job) {
  if (parts.log.takes(LogLevel::debug)) {
    parts.log.write(LogLevel::debug, "server", "answered",
                    {{"status", std::to_string(response.status)}, {"bytes", std::to_string(response.body.size())}});
  }
  if (response.status == 200) return;
  job.measurement.outcome = response.status >= 500   ? Outcome::failed
                            : response.status == 401 ? Outcome::unauthorized
                                                     : Outcome::refused;
}

HttpResponse done(Server::Parts& parts, Job& job) {
  RequestResolvers resolvers(parts.backend, job.caller, mutation_id_of(job.request), &job.request.headers);
  auto result = parts.run(job.running, resolvers, Value(Object()));
  if (resolvers.has_mutated()) deliver(parts);
  job.measurement.outcome = result.has_errors ? Outcome::errors : Outcome::ok;
  auto response = resolvers.failure() ? failed_answer(parts, *resolvers.failure())
                                      : result_answer(job.media, std::move(result.text));
  count(parts, response, job);
  return response;
}

/// What is read from the database's cache and printed within a few milliseconds is no reason to change the thread.
bool may_take_long(const Server::Parts& parts, const Running& running) {
  constexpr std::uint64_t quick_fields_max = 20'000;
  const bool is_query = running.operation->type == graphql::OperationType::query;
  return !is_query || running.cost > quick_fields_max || !parts.backend.custom.empty();
}

/// `parts` are shared with work that is done later.
std::variant<HttpResponse, HttpWork> begin_graphql(std::shared_ptr<Server::Parts> parts, HttpRequest request) {
  // Shared because work can be copied.
  auto job = std::make_shared<Job>(parts->metrics);
  job->request = std::move(request);
  job->measurement.outcome = Outcome::invalid;  // What else is answered with 200 is run.
  if (auto refusal = refused(*parts, *job)) {
    count(*parts, *refusal, *job);
    return *std::move(refusal);
  }
  if (!may_take_long(*parts, job->running)) return done(*parts, *job);
  return HttpWork([parts = std::move(parts), job] { return done(*parts, *job); });
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
  Routes routes(ports.schema, types);
  CustomFields custom(std::move(ports.custom_fields), types, {options.environment, options.region});
  auto http_slots = std::make_unique<Slots>(options.http_calls_max);
  Authenticator authenticator(keys_of(options));
  Backend backend{ports.schema,       ports.store,        ports.clock,        ports.random,
                  ports.log,          ports.functions,    std::move(options), std::move(tokens),
                  std::move(routes),  std::move(authenticator), ports.decider, std::move(custom),
                  ports.http,         std::move(http_slots), ports.metrics};
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

Server::Server(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

std::variant<HttpResponse, HttpWork> Server::begin(HttpRequest request) {
  const auto& options = parts_->backend.options;
  if (path_of(request.target) != options.path) {
    return error_answer(404, "NotFoundException", "There is nothing here; the GraphQL endpoint is " + options.path + ".");
  }
  if (request.method == "OPTIONS") return preflight_answer();
  if (request.method == "GET" && !has_query(request)) return hint_answer(options);
  if (request.method == "GET" || request.method == "POST") return begin_graphql(parts_, std::move(request));
  return not_allowed_answer("The GraphQL endpoint takes POST requests.", "POST, GET, OPTIONS");
}

HttpResponse Server::respond(const HttpRequest& request) {
  auto begun = begin(request);
  if (auto* response = std::get_if<HttpResponse>(&begun)) return std::move(*response);
  return std::get<HttpWork>(begun)();
}

std::variant<AcceptedSocket, HttpResponse> Server::accept(const HttpRequest& upgrade,
                                                          std::shared_ptr<SocketPeer> peer) {
  const auto& options = parts_->backend.options;
  if (path_of(upgrade.target) != options.path + "/realtime") {
    return error_answer(404, "NotFoundException", "The realtime endpoint is " + options.path + "/realtime.");
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
