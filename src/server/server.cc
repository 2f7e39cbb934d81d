#include "server/server.h"

#include <utility>

#include "api/service_types.h"
#include "base/json.h"
#include "protocol/frames.h"
#include "protocol/signers.h"
#include "server/http.h"
#include "server/metrics/counted_peer.h"
#include "server/parts.h"
#include "server/realtime/session.h"
#include "server/realtime/start.h"
#include "server/resolve/conflict_rules.h"
#include "server/resolve/stored_keys.h"

namespace holdfast::server {
namespace {

/// The members of a request's body.
struct Body {
  std::string query;
  std::string operation_name;
  Value variables;
};

std::variant<Body, HttpResponse> read_body(const std::string& text) {
  const auto refuse = [](std::string_view message) { return error_answer(400, "MalformedHttpRequestException", message); };
  auto json = json::parse(text);
  if (!json) return refuse("Request body is not valid JSON: " + json.error().message);
  if (json->as_object() == nullptr) return refuse("Request body must be a JSON object.");
  const auto* query = (*json)["query"].as_string();
  if (query == nullptr) return refuse("Unable to parse GraphQL query: the member \"query\" must be a string.");
  const auto& variables = (*json)["variables"];
  if (!variables.is_null() && variables.as_object() == nullptr) return refuse("The member \"variables\" must be an object.");
  const auto* name = (*json)["operationName"].as_string();
  return Body{*query, name == nullptr ? std::string() : *name, variables};
}

HttpResponse refused_answer(const Refused& refused) {
  if (refused.kind == Refused::Kind::invalid) return invalid_answer(refused.errors);
  const auto& error = refused.errors.front();
  std::string place;
  if (!error.locations.empty()) {
    const auto& at = error.locations.front();
    place = " (line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ")";
  }
  return error_answer(400, "BadRequestException", error.message + place);
}

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

HttpResponse run(Server::Parts& parts, const Running& running, RequestResolvers& resolvers, Measurement& measurement) {
  const auto result = parts.run(running, resolvers, Value(Object()));
  if (resolvers.has_mutated()) deliver(parts);
  if (resolvers.failure()) return failed_answer(parts, *resolvers.failure());
  measurement.outcome = result.find("errors") == nullptr ? Outcome::ok : Outcome::errors;
  return json_answer(200, json::write(Value(result)));
}

OperationKind kind_of(graphql::OperationType type) {
  if (type == graphql::OperationType::query) return OperationKind::query;
  return type == graphql::OperationType::mutation ? OperationKind::mutation : OperationKind::subscription;
}

HttpResponse answer_graphql(Server::Parts& parts, const HttpRequest& request, Measurement& measurement) {
  const auto caller = parts.backend.caller_of(request.headers);
  if (!caller) return unauthorized_answer();
  auto read = read_body(request.body);
  if (auto* refusal = std::get_if<HttpResponse>(&read)) return std::move(*refusal);
  const auto& body = std::get<Body>(read);
  auto found = parts.documents.prepare(body.query, Strictness::strict);
  if (const auto* refused = std::get_if<Refused>(&found)) return refused_answer(*refused);
  auto selected = parts.select(std::get<std::shared_ptr<const Prepared>>(std::move(found)), body.operation_name, body.variables);
  if (const auto* errors = std::get_if<std::vector<graphql::RequestError>>(&selected)) return invalid_answer(*errors);
  const auto& running = std::get<Running>(selected);
  measurement.operation = kind_of(running.operation->type);
  if (running.operation->type == graphql::OperationType::subscription) {
    return error_answer(400, "BadRequestException", "Subscriptions run over the realtime endpoint.");
  }
  RequestResolvers resolvers(parts.backend, *caller, mutation_id_of(request), &request.headers);
  return run(parts, running, resolvers, measurement);
}

HttpResponse answer_measured(Server::Parts& parts, const HttpRequest& request) {
  Measurement measurement(parts.metrics);
  measurement.outcome = Outcome::invalid;  // What else is answered with 200 is run.
  auto response = answer_graphql(parts, request, measurement);
  if (response.status != 200) {
    measurement.outcome = response.status >= 500   ? Outcome::failed
                          : response.status == 401 ? Outcome::unauthorized
                                                   : Outcome::refused;
  }
  return response;
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
                  ports.http,         std::move(http_slots)};
  // Shared: see server.h.
  auto parts = std::make_shared<Parts>(std::move(backend), std::move(types), ports.log, ports.metrics);
  // Weak, because the store outlives the server.
  ports.store.on_commit([weak = std::weak_ptr(parts)](const ChangeEntry& change) {
    const auto held = weak.lock();
    if (!held) return;
    held->metrics.store_writes.add();
    held->dispatch.publish(held->publisher, change);
  });
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

HttpResponse Server::respond(const HttpRequest& request) {
  const auto& options = parts_->backend.options;
  if (path_of(request.target) != options.path) {
    return error_answer(404, "NotFoundException", "There is nothing here; the GraphQL endpoint is " + options.path + ".");
  }
  if (request.method == "OPTIONS") return preflight_answer();
  if (request.method == "GET") return hint_answer(options);
  if (request.method == "POST") return answer_measured(*parts_, request);
  auto response = error_answer(405, "MethodNotAllowedException", "The GraphQL endpoint takes POST requests.");
  response.headers.emplace_back("allow", "POST, GET, OPTIONS");
  return response;
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
