#include "server/documents.h"

#include <set>
#include <utility>

#include "graphql/parser.h"
#include "server/document_limits.h"

namespace holdfast::server {
namespace {

// What clients send has a few dozens; more are planned each time.
constexpr std::size_t planned_steps_max = 2'000;

Refused refused(std::string message, graphql::Location at = {}) {
  graphql::RequestError error{std::move(message), {}};
  if (at.line > 0) error.locations.push_back(at);
  return {Refused::Kind::syntax, {std::move(error)}};
}

void note_variables(const graphql::AstValue& value, std::set<std::string>& names) {
  if (value.kind == graphql::AstValue::Kind::variable) names.insert(value.text);
  for (const auto& item : value.items) note_variables(item, names);
  for (const auto& field : value.fields) note_variables(field.value, names);
}

void note_variables(const std::vector<graphql::Selection>& selections, std::set<std::string>& names) {
  for (const auto& each : selections) {
    for (const auto& argument : each.arguments) note_variables(argument.value, names);
    for (const auto& directive : each.directives) {
      for (const auto& argument : directive.arguments) note_variables(argument.value, names);
    }
    note_variables(each.selections, names);
  }
}

void drop_unused_variables(graphql::Document& document) {
  std::set<std::string> used;
  for (const auto& operation : document.operations) note_variables(operation.selections, used);
  for (const auto& fragment : document.fragments) note_variables(fragment.selections, used);
  for (auto& operation : document.operations) {
    std::erase_if(operation.variables, [&](const auto& variable) { return !used.contains(variable.name); });
  }
}

void drop_unknown_arguments(const graphql::TypeSystem& types, graphql::Document& document) {
  for (auto& operation : document.operations) {
    const auto* root = types.root(operation.type);
    if (root == nullptr) continue;
    for (auto& selection : operation.selections) {
      const auto* field = types.field(*root, selection.name);
      if (field == nullptr) continue;
      std::erase_if(selection.arguments,
                    [&](const auto& argument) { return field->argument(argument.name) == nullptr; });
    }
  }
  drop_unused_variables(document);
}

}  // namespace

Documents::Found Documents::prepare(const std::string& text, Strictness strictness) {
  if (text.size() > limits_.document_bytes_max) {
    return refused("The document is larger than " + std::to_string(limits_.document_bytes_max) + " bytes.");
  }
  if (auto prepared = recall(text, strictness)) {
    metrics_.documents_known.add();
    return prepared;
  }
  metrics_.documents_new.add();
  auto parsed = graphql::parse_document(text, limits_.document_tokens_max);
  if (const auto* problem = std::get_if<graphql::Diagnostic>(&parsed)) {
    return refused(problem->message, problem->at);
  }
  auto& document = std::get<graphql::Document>(parsed);
  if (auto beyond = beyond_limits(document, limits_)) return Refused{Refused::Kind::syntax, {*std::move(beyond)}};
  if (strictness == Strictness::lenient) drop_unknown_arguments(types_, document);
  if (auto errors = graphql::validate(types_, document); !errors.empty()) {
    return Refused{Refused::Kind::invalid, std::move(errors)};
  }
  // Shared: see Found.
  auto prepared = std::make_shared<Prepared>(Prepared{std::move(document)});
  for (const auto& operation : prepared->document.operations) {
    prepared->plans.push_back(
        graphql::plan_operation(types_, prepared->document, operation, scalars_, planned_steps_max));
  }
  keep(text, strictness, prepared);
  return prepared;
}

std::shared_ptr<const Prepared> Documents::recall(std::string_view text, Strictness strictness) {
  const std::lock_guard lock(mutex_);
  const auto place = places(strictness).find(text);
  if (place == places(strictness).end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, place->second);
  return kept_.front().prepared;
}

void Documents::keep(std::string_view text, Strictness strictness, std::shared_ptr<const Prepared> prepared) {
  auto bytes = sizeof(Kept) + text.size() + weight_of(prepared->document);
  for (const auto& plan : prepared->plans) bytes += plan == nullptr ? 0 : weight_of(*plan);
  const std::lock_guard lock(mutex_);
  if (bytes > limits_.documents_bytes_max || places(strictness).contains(text)) return;
  kept_bytes_ += bytes;
  kept_.push_front({strictness, std::string(text), std::move(prepared), bytes});
  places(strictness).emplace(kept_.front().text, kept_.begin());
  while (kept_bytes_ > limits_.documents_bytes_max) {
    kept_bytes_ -= kept_.back().bytes;
    places(kept_.back().strictness).erase(kept_.back().text);
    kept_.pop_back();
  }
}

std::size_t Documents::kept_bytes() {
  const std::lock_guard lock(mutex_);
  return kept_bytes_;
}

}  // namespace holdfast::server
