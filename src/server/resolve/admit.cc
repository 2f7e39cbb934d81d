#include "server/resolve/admit.h"

#include <utility>

#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

Operation operation_of(const Route& route) {
  switch (route.kind) {
    case Route::Kind::get: return Operation::get;
    case Route::Kind::sync: return Operation::sync;
    case Route::Kind::create: return Operation::create;
    case Route::Kind::update: return Operation::update;
    case Route::Kind::remove: return Operation::remove;
    case Route::Kind::subscription: return Operation::listen;
    case Route::Kind::relation:
      return route.relation->kind == RelationKind::has_many ? Operation::list : Operation::get;
    default: return Operation::list;
  }
}

bool is_write(Route::Kind kind) {
  return kind == Route::Kind::create || kind == Route::Kind::update || kind == Route::Kind::remove;
}

/// The record of an object that rows.h made, of a row of images, or of a mutation's answer.
Record record_of(const ModelSchema& model, const Value& object) {
  Record record(model);
  for (std::size_t at = 0; at < model.fields.size(); ++at) record.values[at] = object[model.fields[at].name];
  return record;
}

class Admission {
 public:
  explicit Admission(const Asked& asked) : asked_(asked) {}

  void apply(graphql::Outcome& outcome) const {
    if (auto* refused = std::get_if<graphql::FieldError>(&outcome)) {
      if (refused->data && !refused->data->is_null() && !may_see(*refused->data)) refused->data = Value();
      return;
    }
    if (const auto* page = std::get_if<graphql::RowsPage>(&outcome)) return keep_admitted(*page->rows);
    auto& value = std::get<Value>(outcome);
    if (value.as_object() == nullptr) return;
    // What a write has made or changed was decided before it was written.
    if (may_see(value) || (is_write(asked_.route.kind) && fits(asked_.decision.written, value))) return;
    const bool is_asked_by_key = asked_.route.kind == Route::Kind::get || is_write(asked_.route.kind);
    if (is_asked_by_key) outcome = not_authorized(asked_.call);
    else value = Value();
  }

 private:
  [[nodiscard]] bool fits(const Predicate& predicate, const Value& object) const {
    return holds(predicate, *asked_.route.model, object);
  }
  [[nodiscard]] bool may_see(const Value& object) const { return fits(asked_.decision.rows, object); }
  void keep_admitted(json::Rows& rows) const {
    std::vector<bool> stays;
    for (std::size_t row = 0; row < rows.size(); ++row) stays.push_back(may_see(rows.object(row)));
    rows.keep(stays);
  }

  const Asked& asked_;
};

std::vector<std::string> written_fields(const Route& route, const graphql::FieldCall& call) {
  std::vector<std::string> names;
  const auto* input = is_write(route.kind) ? call.arguments.at("input").as_object() : nullptr;
  if (input == nullptr) return names;
  for (const auto& member : *input) names.push_back(member.name);
  return names;
}

}  // namespace

Question question_of(const Caller& caller, const Route& route, const graphql::FieldCall& call) {
  return {caller, operation_of(route), route.model, call.parent.name, call.field.name, written_fields(route, call)};
}

void admit(const Asked& asked, std::vector<graphql::Outcome>& outcomes) {
  if (asked.decision.rows.is_always()) return;
  const Admission admission(asked);
  for (auto& outcome : outcomes) admission.apply(outcome);
}

Judge admitting(const Asked& asked, Judge judge) {
  return [&asked, judge = std::move(judge)](const std::optional<Image>& stored) -> Result<Verdict> {
    const auto refusal = [&] { return Verdict{.action = graphql::Outcome(not_authorized(asked.call))}; };
    if (stored && !evaluate(asked.decision.rows, stored->record)) return refusal();
    HOLDFAST_TRY(verdict, judge(stored));
    const auto* put = std::get_if<ConditionalPut>(&verdict.action);
    if (put != nullptr && !put->is_deleted && !evaluate(asked.decision.written, put->record)) return refusal();
    return std::move(verdict);
  };
}

bool holds(const Predicate& predicate, const ModelSchema& model, const Value& object) {
  return evaluate(predicate, record_of(model, object));
}

std::vector<graphql::Outcome> guarded_members(const Backend& backend, const Caller& caller,
                                              const graphql::FieldCall& call, std::span<const Value* const> parents) {
  const auto* model = backend.schema.model(call.parent.name);
  const Decision decision = backend.decider.decide(
      {caller, Operation::get, model, call.parent.name, call.field.name, {call.field.name}});
  std::vector<graphql::Outcome> outcomes;
  for (const auto* parent : parents) {
    const bool may_see = decision.is_allowed && (model == nullptr || holds(decision.rows, *model, *parent));
    if (may_see) outcomes.emplace_back((*parent)[call.field.name]);
    else outcomes.emplace_back(not_authorized(call));
  }
  return outcomes;
}

graphql::FieldError not_authorized(const graphql::FieldCall& call) {
  return refusal("Unauthorized", "Not Authorized to access " + call.field.name + " on type " + call.parent.name);
}

}  // namespace holdfast::server
