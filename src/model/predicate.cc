#include "holdfast/predicate.h"

#include <algorithm>

#include "model/temporal_order.h"

namespace holdfast {

Predicate Predicate::compare(std::string field, Op op, std::vector<Value> operands) {
  Predicate out;
  out.kind = Kind::compare;
  out.field = std::move(field);
  out.op = op;
  out.operands = std::move(operands);
  return out;
}

namespace {

Predicate group(Predicate::Kind kind, std::vector<Predicate> children) {
  Predicate out;
  out.kind = kind;
  out.children = std::move(children);
  return out;
}

bool is_number(const Value& value) { return value.as_integer() || value.as_floating(); }

int rank(const Value& value) {
  if (is_number(value)) return static_cast<int>(Value::Kind::integer);
  return static_cast<int>(value.kind());
}

template <class T>
int sign(const T& left, const T& right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

// Exact across the two number kinds: a 64-bit integer may not fit a double.
int compare_numbers(const Value& left, const Value& right) {
  if (left.as_integer() && right.as_integer()) return sign(*left.as_integer(), *right.as_integer());
  if (left.as_floating() && right.as_floating()) return sign(*left.as_floating(), *right.as_floating());
  if (left.as_floating()) return -compare_numbers(right, left);
  const auto integer = *left.as_integer();
  const auto floating = *right.as_floating();
  if (floating >= 9223372036854775808.0) return -1;
  if (floating < -9223372036854775808.0) return 1;
  const auto whole = static_cast<std::int64_t>(floating);
  if (integer != whole) return sign(integer, whole);
  return sign(0.0, floating - static_cast<double>(whole));
}

bool contains(const Value& held, const Value& part) {
  if (const auto* text = held.as_string()) {
    return part.as_string() && text->find(*part.as_string()) != std::string::npos;
  }
  if (const auto* list = held.as_list()) {
    return std::any_of(list->begin(), list->end(), [&](const Value& one) { return numbers_equal(one, part); });
  }
  return false;
}

bool begins_with(const Value& held, const Value& prefix) {
  const auto* text = held.as_string();
  return text && prefix.as_string() && text->compare(0, prefix.as_string()->size(), *prefix.as_string()) == 0;
}

bool ordered(const Value& held, const Value& operand, Op op) {
  if (held.is_null() || operand.is_null()) return false;
  const int order = compare_values(held, operand);
  switch (op) {
    case Op::lt: return order < 0;
    case Op::le: return order <= 0;
    case Op::gt: return order > 0;
    default: return order >= 0;
  }
}

bool is_any_of(const Value& held, const std::vector<Value>& operands) {
  return std::any_of(operands.begin(), operands.end(), [&](const Value& one) { return numbers_equal(one, held); });
}

bool is_ordering(Op op) {
  return op == Op::lt || op == Op::le || op == Op::gt || op == Op::ge || op == Op::between;
}

bool compared(const Value& held, Op op, const std::vector<Value>& operands) {
  switch (op) {
    case Op::eq: return numbers_equal(held, operands.front());
    case Op::ne: return !numbers_equal(held, operands.front());
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge: return ordered(held, operands.front(), op);
    case Op::between: return ordered(held, operands.front(), Op::ge) && ordered(held, operands.back(), Op::le);
    case Op::contains: return contains(held, operands.front());
    case Op::not_contains: return !contains(held, operands.front());
    case Op::begins_with: return begins_with(held, operands.front());
    case Op::in: return is_any_of(held, operands);
    case Op::not_in: return !is_any_of(held, operands);
  }
  return false;
}

const RelationSchema& relation_of(const Predicate& related, const Record& record) {
  const auto* relation = record.model->relation(related.field);
  HOLDFAST_ASSERT(relation, "the predicate has passed check");
  return *relation;
}

bool compared_as_times(const FieldSchema& field, const Value& held, const Predicate& compare) {
  std::vector<Value> operands;
  for (const auto& operand : compare.operands) operands.push_back(order_value(field, operand));
  return compared(order_value(field, held), compare.op, operands);
}

Value size_of(const Value& held) {
  if (const auto* text = held.as_string()) return static_cast<std::int64_t>(text->size());
  if (const auto* list = held.as_list()) return static_cast<std::int64_t>(list->size());
  return nullptr;
}

}  // namespace

Predicate Predicate::all_of(std::vector<Predicate> children) { return group(Kind::all_of, std::move(children)); }
Predicate Predicate::any_of(std::vector<Predicate> children) { return group(Kind::any_of, std::move(children)); }
Predicate Predicate::negation(Predicate child) { return group(Kind::negation, {std::move(child)}); }
Predicate Predicate::related(std::string relation, Predicate child) {
  auto out = group(Kind::related, {std::move(child)});
  out.field = std::move(relation);
  return out;
}

bool spans_relations(const Predicate& predicate) {
  return predicate.kind == Predicate::Kind::related ||
         std::any_of(predicate.children.begin(), predicate.children.end(), spans_relations);
}

namespace {

bool evaluate_as(const Predicate& predicate, const Record& record, TimeOrder times, const HasRelated& has_related) {
  const auto holds = [&](const Predicate& child) { return evaluate_as(child, record, times, has_related); };
  const auto& children = predicate.children;
  switch (predicate.kind) {
    case Predicate::Kind::always: return true;
    case Predicate::Kind::all_of: return std::all_of(children.begin(), children.end(), holds);
    case Predicate::Kind::any_of: return std::any_of(children.begin(), children.end(), holds);
    case Predicate::Kind::negation: return !holds(children.front());
    case Predicate::Kind::related: return has_related(record, relation_of(predicate, record), children.front());
    case Predicate::Kind::compare: break;
  }
  const auto at = record.model->field_index(predicate.field);
  HOLDFAST_ASSERT(at.has_value(), "the predicate has passed check");
  const auto& field = record.model->fields[*at];
  const auto& held = record.values[*at];
  if (predicate.subject == Predicate::Subject::size) return compared(size_of(held), predicate.op, predicate.operands);
  const bool is_in_time = times == TimeOrder::by_instant && is_ordering(predicate.op) && has_time_order(field);
  return is_in_time ? compared_as_times(field, held, predicate) : compared(held, predicate.op, predicate.operands);
}

}  // namespace

bool evaluate(const Predicate& predicate, const Record& record, const HasRelated& has_related) {
  return evaluate_as(predicate, record, TimeOrder::by_instant, has_related);
}

bool evaluate(const Predicate& predicate, const Record& record, TimeOrder times) {
  static const HasRelated none = [](const Record&, const RelationSchema&, const Predicate&) {
    HOLDFAST_ASSERT(false, "a predicate on one record alone goes through no relation");
    return false;
  };
  return evaluate_as(predicate, record, times, none);
}

int compare_values(const Value& left, const Value& right) {
  if (rank(left) != rank(right)) return sign(rank(left), rank(right));
  if (is_number(left)) return compare_numbers(left, right);
  if (const auto* text = left.as_string()) return sign(text->compare(*right.as_string()), 0);
  if (const auto* boolean = left.as_boolean()) return sign(*boolean, *right.as_boolean());
  return 0;
}

}  // namespace holdfast
