#include "server/resolve/resolvers.h"

#include <algorithm>
#include <utility>

#include "server/resolve/admit.h"
#include "server/resolve/mutate.h"
#include "server/resolve/read.h"
#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

/// Records that one request may be given: nested connections multiply, and a page is never larger than this.
constexpr std::size_t rows_max = 100'000;

/// Operations of the author's own, and searches: part of the API, but nobody answers them here.
graphql::FieldError not_served(const graphql::FieldCall& call) {
  return refusal("NotServed", call.parent.name + "." + call.field.name + " is not served by Holdfast yet.");
}

bool is_root(std::string_view type) { return type == "Query" || type == "Mutation" || type == "Subscription"; }

/// Of an object that rows.h made.
std::optional<WrittenRecord> written_record(const ModelSchema& model, const Value& object) {
  const auto* members = object.as_object();
  const auto key = members == nullptr ? std::nullopt : key_of(model, *members);
  const auto* version = object["_version"].as_integer();
  if (!key || version == nullptr) return std::nullopt;
  return WrittenRecord{model.name, key->text(), *version};
}

std::size_t row_count(const graphql::Outcome& outcome) {
  if (const auto* page = std::get_if<graphql::RowsPage>(&outcome)) return page->rows->size();
  const auto* value = std::get_if<Value>(&outcome);
  return value == nullptr || value->is_null() ? 0 : 1;
}

}  // namespace

RequestResolvers::RequestResolvers(const Backend& backend, Caller caller, Origin origin)
    : backend_(backend), caller_(std::move(caller)), origin_(std::move(origin)) {}

bool RequestResolvers::resolves(const graphql::TypeDefinition& parent, const graphql::FieldDefinition& field) const {
  return backend_.routes.serves(field) || backend_.decider.guards(parent.name, field.name);
}

std::vector<graphql::Outcome> RequestResolvers::resolve(const graphql::FieldCall& call,
                                                        std::span<const Value* const> parents) {
  if (failure_) return std::vector<graphql::Outcome>(parents.size());
  const auto* route = backend_.routes.find(call.parent.name, call.field.name);
  const auto* custom = backend_.custom.find(call.parent.name, call.field.name);
  if (custom != nullptr && !is_delivery(route)) return answer_custom_field(*custom, call, parents);
  if (route == nullptr) return resolve_unrouted(call, parents);
  const Decision decision = backend_.decider.decide(question_of(caller_, *route, call));
  if (!decision.is_allowed) return std::vector<graphql::Outcome>(parents.size(), not_authorized(call));
  const Asked asked{backend_, caller_, decision, *route, call, origin_.request};
  auto outcomes = answer(asked, parents);
  if (!outcomes) {
    if (outcomes.error().code == Code::timed_out) {
      return std::vector<graphql::Outcome>(parents.size(), out_of_time(backend_));
    }
    failure_ = std::move(outcomes).error();
    return std::vector<graphql::Outcome>(parents.size());
  }
  admit(asked, *outcomes);
  return within_budget(*std::move(outcomes));
}

std::vector<graphql::Outcome> RequestResolvers::resolve_unrouted(const graphql::FieldCall& call,
                                                                 std::span<const Value* const> parents) {
  if (!is_root(call.parent.name)) return guarded_members(backend_, caller_, call, parents);
  return std::vector<graphql::Outcome>(parents.size(), may_call(call) ? not_served(call) : not_authorized(call));
}

bool RequestResolvers::is_delivery(const Route* route) const {
  return origin_.headers == nullptr && route != nullptr && route->kind == Route::Kind::subscription;
}

bool RequestResolvers::may_call(const graphql::FieldCall& call) const {
  const auto* route = backend_.routes.find(call.parent.name, call.field.name);
  if (route != nullptr) return backend_.decider.decide(question_of(caller_, *route, call)).is_allowed;
  return backend_.decider.decide({caller_, Operation::call, nullptr, call.parent.name, call.field.name}).is_allowed;
}

std::vector<graphql::Outcome> RequestResolvers::answer_custom_field(const CustomRoute& route,
                                                                     const graphql::FieldCall& call,
                                                                     std::span<const Value* const> parents) {
  if (is_root(call.parent.name) && !may_call(call)) {
    return std::vector<graphql::Outcome>(parents.size(), not_authorized(call));
  }
  // Of guarded fields, what is stored; or for the records that may not show them, that.
  auto outcomes = backend_.decider.guards(call.parent.name, call.field.name)
                      ? guarded_members(backend_, caller_, call, parents)
                      : stored_members(call, parents);
  if (origin_.headers == nullptr) return outcomes;
  std::vector<const Value*> admitted;
  for (std::size_t at = 0; at < parents.size(); ++at) {
    if (std::holds_alternative<Value>(outcomes[at])) admitted.push_back(parents[at]);
  }
  if (admitted.empty()) return outcomes;
  auto answers = answer_custom({backend_, caller_, route, call, *origin_.headers, custom_budget_}, admitted);
  auto answer = answers.begin();
  for (auto& outcome : outcomes) {
    if (std::holds_alternative<Value>(outcome)) outcome = std::move(*answer++);
  }
  note_answered(call, parents, outcomes);
  return outcomes;
}

Answers RequestResolvers::answer(const Asked& asked, std::span<const Value* const> parents) {
  if (asked.route.kind == Route::Kind::relation) return relate(asked, parents);
  std::vector<graphql::Outcome> outcomes;
  for (const auto* parent : parents) {
    HOLDFAST_TRY(outcome, answer_root(asked, *parent));
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

Answer RequestResolvers::answer_root(const Asked& asked, const Value& root) {
  switch (asked.route.kind) {
    case Route::Kind::get: return get(asked);
    case Route::Kind::sync: return sync(asked);
    case Route::Kind::create: return note_written(asked, create(asked, next_mutation_id()));
    case Route::Kind::update: return note_written(asked, update(asked, next_mutation_id()));
    case Route::Kind::remove: return note_written(asked, remove(asked, next_mutation_id()));
    case Route::Kind::subscription: return graphql::Outcome(root);
    default: return list(asked);
  }
}

Answer RequestResolvers::note_written(const Asked& asked, Answer written) {
  const auto* value = origin_.request != 0 && written ? std::get_if<Value>(&*written) : nullptr;
  if (value == nullptr) return written;
  if (auto record = written_record(*asked.route.model, *value)) answered_.try_emplace(*std::move(record));
  return written;
}

void RequestResolvers::note_answered(const graphql::FieldCall& call, std::span<const Value* const> parents,
                                     const std::vector<graphql::Outcome>& outcomes) {
  const auto* model = answered_.empty() ? nullptr : backend_.schema.model(call.parent.name);
  if (model == nullptr) return;
  for (std::size_t at = 0; at < parents.size(); ++at) {
    const auto record = written_record(*model, *parents[at]);
    const auto place = record ? answered_.find(*record) : answered_.end();
    if (place == answered_.end() || place->second.find(call.field.name) != nullptr) continue;
    const auto* value = std::get_if<Value>(&outcomes[at]);
    place->second.append(call.field.name, value == nullptr ? Value() : *value);
  }
}

std::string RequestResolvers::next_mutation_id() {
  ++mutations_;
  if (origin_.mutation_id.empty() || mutations_ == 1) return origin_.mutation_id;
  return origin_.mutation_id + "#" + std::to_string(mutations_);
}

std::vector<graphql::Outcome> RequestResolvers::within_budget(std::vector<graphql::Outcome> outcomes) {
  for (auto& outcome : outcomes) {
    rows_ += row_count(outcome);
    if (rows_ > rows_max) {
      outcome = refusal("LimitExceeded", "The request asks for more than 100000 records; lower its limits.");
    }
  }
  return outcomes;
}

}  // namespace holdfast::server
