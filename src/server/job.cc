#include "server/job.h"

#include <string>
#include <utility>
#include <variant>

#include "protocol/signers.h"
#include "server/graphql_request.h"

namespace holdfast::server {
namespace {

std::string mutation_id_of(const HttpRequest& request) {
  constexpr std::size_t size_max = 200;  // Ours are 36 characters; longer ones would only fill the store.
  const auto* id = header(request.headers, protocol::mutation_id_header);
  return id == nullptr || id->size() > size_max ? std::string() : *id;
}

/// A request that the store failed may succeed when it is sent again: clients do that for 500, not for errors in 200.
HttpResponse failed_answer(Server::Parts& parts, const Error& error) {
  parts.log.write(LogLevel::error, "server", "store_failed", {{"code", std::string(name(error.code))}});
  return error_answer(500, "InternalFailure", "The service could not read or write its records; try again.");
}

OperationKind kind_of(graphql::OperationType type) {
  if (type == graphql::OperationType::query) return OperationKind::query;
  return type == graphql::OperationType::mutation ? OperationKind::mutation : OperationKind::subscription;
}

}  // namespace

std::optional<HttpResponse> Job::refused() {
  auto response = refusal();
  if (response) count(*response);
  return response;
}

std::optional<HttpResponse> Job::refusal() {
  auto caller = parts_->backend.caller_of(request_.headers);
  if (!caller) return unauthorized_answer();
  caller_ = *std::move(caller);
  media_ = media_of(request_.headers);
  auto read = read_request(request_);
  if (auto* refusal = std::get_if<HttpResponse>(&read)) return std::move(*refusal);
  const auto& asked = std::get<GraphqlRequest>(read);
  auto found = parts_->documents.prepare(asked.query, Strictness::strict);
  if (const auto* refused = std::get_if<Refused>(&found)) {
    return refused->kind == Refused::Kind::syntax ? unreadable_answer(media_, refused->errors.front())
                                                  : invalid_answer(media_, refused->errors);
  }
  auto selected = parts_->select(std::get<std::shared_ptr<const Prepared>>(std::move(found)), asked.operation_name,
                                 asked.variables);
  if (const auto* errors = std::get_if<std::vector<graphql::RequestError>>(&selected)) {
    return invalid_answer(media_, *errors);
  }
  running_ = std::get<Running>(std::move(selected));
  const auto type = running_.operation->type;
  measurement_.operation = kind_of(type);
  if (type == graphql::OperationType::subscription) {
    return error_answer(400, "BadRequestException", "Subscriptions run over the realtime endpoint.");
  }
  // What only follows a link must change nothing.
  if (request_.method == "GET" && type != graphql::OperationType::query) {
    return not_allowed_answer("GET runs queries only; send mutations with POST.", "POST");
  }
  return std::nullopt;
}

void Job::run() {
  const bool is_noted =
      parts_->backend.custom.has_members() && running_.operation->type == graphql::OperationType::mutation;
  const auto number = is_noted ? ++parts_->requests : 0;
  RequestResolvers resolvers(parts_->backend, caller_, {mutation_id_of(request_), &request_.headers, number});
  result_ = parts_->run(running_, resolvers, Value(Object()));
  if (is_noted) parts_->dispatch.settle(number, resolvers.answered());
  has_mutated_ = resolvers.has_mutated();
  failure_ = resolvers.failure();
}

HttpResponse Job::answer(const Result<void>& kept) {
  if (!kept) failure_ = kept.error();
  measurement_.outcome = result_.has_errors ? Outcome::errors : Outcome::ok;
  auto response = failure_ ? failed_answer(*parts_, *failure_)
                           : result_answer(media_, std::move(result_.text));
  count(response);
  return response;
}

void Job::count(const HttpResponse& response) {
  if (parts_->log.takes(LogLevel::debug)) {
    parts_->log.write(LogLevel::debug, "server", "answered",
                      {{"status", std::to_string(response.status)}, {"bytes", std::to_string(response.body.size())}});
  }
  if (response.status == 200) return;
  measurement_.outcome = response.status >= 500   ? Outcome::failed
                         : response.status == 401 ? Outcome::unauthorized
                                                  : Outcome::refused;
}

}  // namespace holdfast::server
