#include "model/route_ends.h"

#include <algorithm>
#include <iterator>

namespace holdfast {
namespace {

Error no_relation(const ModelSchema& model, const std::string& which, const ModelSchema& to) {
  std::string known;
  for (const auto& one : model.relations) known += (known.empty() ? "" : ", ") + one.name + " to " + one.target;
  return {Code::invalid_argument,
          model.name + " has no relation " + which + " to " + to.name + "; it has " + (known.empty() ? "none" : known)};
}

Result<const RelationSchema*> relation_to(const ModelSchema& model, std::string_view name, const ModelSchema& to) {
  const auto* relation = model.relation(name);
  if (relation != nullptr && relation->target == to.name) return relation;
  return no_relation(model, '"' + std::string(name) + '"', to);
}

bool is_absent(const Record& record, const std::string& field, const Value& value) {
  if (value.is_null()) return true;
  const auto* text = value.as_string();
  if (text == nullptr || !text->empty()) return false;
  const auto* schema = record.model->field(field);
  return schema->kind == FieldKind::scalar && schema->scalar == Scalar::id;
}

bool is_same_group(const LinkValues& left, const LinkValues& right) {
  return std::equal(left.begin(), std::prev(left.end()), right.begin(), std::prev(right.end()));
}

/// Keys that differ in their last part only: `a IS 1 AND b IN (…)`.
Predicate group_of(const std::vector<std::string>& fields, std::span<const LinkValues> keys) {
  std::vector<Predicate> parts;
  for (std::size_t at = 0; at + 1 < fields.size(); ++at) {
    parts.push_back(Predicate::compare(fields[at], Op::eq, {keys.front().at(at)}));
  }
  std::vector<Value> last;
  last.reserve(keys.size());
  for (const auto& key : keys) last.push_back(key.back());
  parts.push_back(Predicate::compare(fields.back(), last.size() == 1 ? Op::eq : Op::in, std::move(last)));
  return parts.size() == 1 ? std::move(parts.front()) : Predicate::all_of(std::move(parts));
}

}  // namespace

Result<RouteEnds> ends_of(const Route& route) {
  HOLDFAST_ASSERT(route.from && route.target, "a route has a model at each end");
  HOLDFAST_TRY(near, relation_to(*route.from, route.relation, route.join ? *route.join : *route.target));
  if (!route.join) return RouteEnds{.near = near};
  HOLDFAST_TRY(far, relation_to(*route.join, route.far, *route.target));
  const auto& others = route.target->relations;
  const auto back = std::find_if(others.begin(), others.end(), [&, keys = far->keys](const RelationSchema& one) {
    return one.target == route.join->name && one.target_keys == keys;
  });
  if (back == others.end()) return no_relation(*route.target, "back by \"" + far->name + '"', *route.join);
  return RouteEnds{near, far, &*back};
}

std::optional<LinkValues> values_of(const Record& record, const std::vector<std::string>& fields) {
  LinkValues values;
  values.reserve(fields.size());
  for (const auto& field : fields) {
    const auto& value = record[field];
    if (is_absent(record, field, value)) return std::nullopt;
    values.push_back(value);
  }
  return values;
}

Predicate among(const std::vector<std::string>& fields, std::span<const LinkValues> keys) {
  HOLDFAST_ASSERT(!keys.empty(), "nothing is read for no keys");
  std::vector<Predicate> groups;
  for (std::size_t first = 0, end = 0; first < keys.size(); first = end) {
    while (end < keys.size() && is_same_group(keys[first], keys[end])) ++end;
    groups.push_back(group_of(fields, keys.subspan(first, end - first)));
  }
  return groups.size() == 1 ? std::move(groups.front()) : Predicate::any_of(std::move(groups));
}

Predicate related_to(const RouteEnds& ends, std::span<const LinkValues> keys, const Predicate& where) {
  auto link = among(ends.near->target_keys, keys);
  if (ends.back) link = Predicate::related(ends.back->name, std::move(link));
  return where.is_always() ? std::move(link) : Predicate::all_of({std::move(link), where});
}

bool is_before(const LinkValues& left, const LinkValues& right) {
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                      [](const auto& a, const auto& b) { return compare_values(a, b) < 0; });
}

Record taken(Record& row) {
  Record record(*row.model);
  record.values.swap(row.values);
  return record;
}

Error several_of_one(const Route& route) {
  return {Code::schema_error, "Data integrity error. Too many records: a " + route.from->name + " has several " +
                                  route.target->name + " records by \"" + std::string(route.relation) +
                                  "\", which leads to one; remove all but one of them"};
}

}  // namespace holdfast
