#include "server/realtime/payload.h"

#include <algorithm>
#include <utility>

#include "server/resolve/admit.h"
#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

/// A mutation's answer is all that its subscriptions show: nothing is read or called for them, as in AppSync.
class AnswerResolvers final : public graphql::Resolvers {
 public:
  AnswerResolvers(const Backend& backend, const Caller& caller) : backend_(backend), caller_(caller) {}

  [[nodiscard]] bool resolves(const graphql::TypeDefinition& parent,
                              const graphql::FieldDefinition& field) const override {
    return parent.name == "Subscription" || backend_.decider.guards(parent.name, field.name);
  }
  std::vector<graphql::Outcome> resolve(const graphql::FieldCall& call,
                                        std::span<const Value* const> parents) override {
    if (call.parent.name != "Subscription") return guarded_members(backend_, caller_, call, parents);
    return {graphql::Outcome(*parents.front())};
  }

 private:
  const Backend& backend_;
  const Caller& caller_;
};

bool has_named(const Object& named, const Value& answer) {
  return std::all_of(named.begin(), named.end(), [&](const Member& one) {
    const auto& told = answer[one.name];
    const auto* list = told.as_list();
    if (list == nullptr || one.value.as_list() != nullptr) return numbers_equal(told, one.value);
    return std::any_of(list->begin(), list->end(), [&](const Value& each) { return numbers_equal(each, one.value); });
  });
}

bool may_hear(const Backend& backend, const Listening& listening, const Value& answer) {
  const auto* model = listening.route->model;
  const Decision decision =
      backend.decider.decide({listening.caller, Operation::listen, model, "Subscription", listening.field});
  if (!decision.is_allowed) return false;
  if (model != nullptr) return holds(decision.rows, *model, answer) && holds(listening.wanted, *model, answer);
  return decision.rows.is_always() && has_named(listening.named, answer);
}

std::string answer_payload(Server::Parts& parts, const Listening& listening, const Running& running,
                           const Value& answer) {
  if (!may_hear(parts.backend, listening, answer)) return {};
  AnswerResolvers resolvers(parts.backend, listening.caller);
  // What the mutation did not ask for is null, and where that must not be, the payload says so instead.
  return parts.run(running, resolvers, answer).text;
}

}  // namespace

Result<std::string> data_payload(Server::Parts& parts, const Listening& listening, const News& news) {
  const Running running{listening.prepared, listening.operation, listening.variables};
  if (const auto* answered = std::get_if<AnsweredMutation>(&news)) {
    return answer_payload(parts, listening, running, answered->answer);
  }
  const auto& written = std::get<WrittenChange>(news);
  auto record = object_of(written.entry.image);
  for (const auto& field : written.answered) record.set(field.name, field.value);
  RequestResolvers resolvers(parts.backend, listening.caller, {});
  auto result = parts.run(running, resolvers, Value(std::move(record)));
  if (resolvers.failure()) return *resolvers.failure();
  // Clients cannot bear a record that is null.
  return result.has_data ? std::move(result.text) : std::string();
}

}  // namespace holdfast::server
