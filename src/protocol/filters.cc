#include "protocol/filters.h"

#include <optional>
#include <string>

#include "model/operators.h"
#include "protocol/documents.h"

namespace holdfast::protocol {
namespace {

bool takes_list(Op op) { return op == Op::between || op == Op::in || op == Op::not_in; }

Object single(std::string_view name, Value value) {
  Object object;
  object.append(std::string(name), std::move(value));
  return object;
}

Object leaf(const Predicate& test) {
  HOLDFAST_ASSERT(takes_list(test.op) || test.operands.size() == 1, "a comparison has one operand");
  const Value operand = takes_list(test.op) ? Value(test.operands) : test.operands.front();
  auto comparison = single(api_name(test.op), operand);
  if (test.subject == Predicate::Subject::size) comparison = single("size", std::move(comparison));
  return single(test.field, std::move(comparison));
}

std::optional<Object> written(const Predicate& predicate);

/// Groups of one are their only member.
std::optional<Object> group(std::string_view name, List children) {
  if (children.empty()) return std::nullopt;
  if (children.size() == 1) return std::move(*children.front().as_object());
  return single(name, std::move(children));
}

/// False, which only a group without alternatives can say.
Object never() { return single("or", List{}); }

std::optional<Object> written_all_of(const Predicate& predicate) {
  List children;
  for (const auto& child : predicate.children) {
    if (auto object = written(child)) children.emplace_back(std::move(*object));
  }
  return group("and", std::move(children));
}

std::optional<Object> written_any_of(const Predicate& predicate) {
  if (predicate.children.empty()) return never();
  List children;
  for (const auto& child : predicate.children) {
    auto object = written(child);
    if (!object) return std::nullopt;
    children.emplace_back(std::move(*object));
  }
  return group("or", std::move(children));
}

/// Nothing means that the predicate is always true.
std::optional<Object> written(const Predicate& predicate) {
  switch (predicate.kind) {
    case Predicate::Kind::always: return std::nullopt;
    case Predicate::Kind::compare: return leaf(predicate);
    case Predicate::Kind::all_of: return written_all_of(predicate);
    case Predicate::Kind::any_of: return written_any_of(predicate);
    case Predicate::Kind::negation: break;
    case Predicate::Kind::related: HOLDFAST_ASSERT(false, "what is sent to the service goes through no relation");
  }
  auto child = written(predicate.children.front());
  return child ? single("not", std::move(*child)) : never();
}

/// The predicate without its tests on key fields; nothing when there was nothing else in it.
std::optional<Predicate> without_keys(const ModelSchema& model, const Predicate& predicate) {
  if (predicate.kind == Predicate::Kind::compare && model.is_key(predicate.field)) return std::nullopt;
  if (predicate.children.empty()) return predicate;
  Predicate kept;
  kept.kind = predicate.kind;
  for (const auto& child : predicate.children) {
    if (auto rest = without_keys(model, child)) kept.children.push_back(std::move(*rest));
  }
  return kept.children.empty() ? std::nullopt : std::optional(std::move(kept));
}

}  // namespace

Value filter_variables(const Predicate& predicate) {
  auto filter = written(predicate);
  if (!filter) return nullptr;
  // The root is always a group.
  const bool is_test = !filter->find("and") && !filter->find("or") && !filter->find("not");
  return is_test ? single("and", List{std::move(*filter)}) : std::move(*filter);
}

Value condition_variables(const ModelSchema& model, const Predicate& predicate) {
  const auto rest = without_keys(model, predicate);
  return rest ? filter_variables(*rest) : Value();
}

}  // namespace holdfast::protocol
