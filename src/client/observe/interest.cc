#include "client/observe/interest.h"

#include <algorithm>
#include <functional>
#include <string>

namespace holdfast::observe {
namespace {

void sort_out_twins(std::vector<std::size_t>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

}  // namespace

std::optional<std::size_t> Interest::hash_of(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null: return 0;
    case Value::Kind::boolean: return *value.as_boolean() ? 1 : 2;
    case Value::Kind::integer: return std::hash<double>()(static_cast<double>(*value.as_integer()));
    case Value::Kind::floating: return std::hash<double>()(*value.as_floating());
    case Value::Kind::string: return std::hash<std::string>()(*value.as_string());
    default: return std::nullopt;
  }
}

std::optional<Interest::Need> Interest::need_of_any(const Predicate& where, const ModelSchema& model) {
  std::optional<Need> any;
  for (const auto& child : where.children) {
    const auto need = need_of(child, model);
    if (!need || (any && any->field != need->field)) return std::nullopt;
    if (!any) any = Need{.field = need->field, .hashes = {}};
    any->hashes.insert(any->hashes.end(), need->hashes.begin(), need->hashes.end());
  }
  if (any) sort_out_twins(any->hashes);
  return any;
}

std::optional<Interest::Need> Interest::need_of(const Predicate& where, const ModelSchema& model) {
  if (where.kind == Predicate::Kind::any_of) return need_of_any(where, model);
  if (where.kind == Predicate::Kind::all_of) {
    for (const auto& child : where.children) {
      if (auto need = need_of(child, model)) return need;
    }
    return std::nullopt;
  }
  const bool is_equality = where.kind == Predicate::Kind::compare && where.subject == Predicate::Subject::value &&
                           (where.op == Op::eq || where.op == Op::in);
  const auto field = is_equality ? model.field_index(where.field) : std::nullopt;
  if (!field) return std::nullopt;
  Need need{.field = *field, .hashes = {}};
  for (const auto& operand : where.operands) {
    const auto hash = hash_of(operand);
    if (!hash) return std::nullopt;
    need.hashes.push_back(*hash);
  }
  sort_out_twins(need.hashes);
  return need;
}

void Interest::add(Watch& watch, const Predicate& where, const ModelSchema& model) {
  const auto need = need_of(where, model);
  if (!need) return scanned_.push_back(&watch);
  for (const auto hash : need->hashes) by_value_[need->field][hash].push_back(&watch);
}

void Interest::remove(Watch& watch, const Predicate& where, const ModelSchema& model) {
  const auto need = need_of(where, model);
  if (!need) {
    std::erase(scanned_, &watch);
    return;
  }
  for (const auto hash : need->hashes) {
    auto& watches = by_value_[need->field];
    const auto found = watches.find(hash);
    std::erase(found->second, &watch);
    if (found->second.empty()) watches.erase(found);
  }
  if (by_value_[need->field].empty()) by_value_.erase(need->field);
}

}  // namespace holdfast::observe
