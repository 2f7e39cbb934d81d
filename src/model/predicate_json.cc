// A predicate as JSON: {} is always; {"all":[…]}, {"any":[…]}, {"not":…};
// {"relation":r,"where":…} for related; {"field":f,"op":o,"operands":[…][,"subject":"size"]}.
#include "holdfast/predicate.h"
#include "model/operators.h"

namespace holdfast {
namespace {

constexpr int depth_max = 100;

Value children_json(const std::vector<Predicate>& children) {
  List list;
  for (const auto& child : children) list.push_back(to_json(child));
  return list;
}

Error unreadable(const char* what) { return {Code::malformed, std::string("a stored predicate ") + what}; }

Result<Predicate> read(const Value& json, int depth);

Result<std::vector<Predicate>> read_children(const Value& json, int depth) {
  const auto* list = json.as_list();
  if (!list) return unreadable("has children that are not a list");
  std::vector<Predicate> children;
  for (const auto& one : *list) {
    HOLDFAST_TRY(child, read(one, depth));
    children.push_back(std::move(child));
  }
  return children;
}

Result<Predicate> read_compare(const Value& json) {
  const auto* field = json["field"].as_string();
  const auto* word = json["op"].as_string();
  const auto* operands = json["operands"].as_list();
  if (!field || !word || !operands) return unreadable("lacks field, op or operands");
  const auto op = op_of_api_name(*word);
  if (!op) return unreadable("has an unknown operator");
  auto out = Predicate::compare(*field, *op, *operands);
  if (json["subject"] == Value("size")) out.subject = Predicate::Subject::size;
  return out;
}

Result<Predicate> read(const Value& json, int depth) {
  const auto* object = json.as_object();
  if (!object || depth > depth_max) return unreadable("is not an object, or is too deep");
  if (object->empty()) return Predicate{};
  if (const auto* all = object->find("all")) return read_children(*all, depth + 1).transform(&Predicate::all_of);
  if (const auto* any = object->find("any")) return read_children(*any, depth + 1).transform(&Predicate::any_of);
  if (const auto* child = object->find("not")) return read(*child, depth + 1).transform(&Predicate::negation);
  if (const auto* relation = object->find("relation")) {
    if (!relation->as_string()) return unreadable("names no relation");
    HOLDFAST_TRY(child, read(json["where"], depth + 1));
    return Predicate::related(*relation->as_string(), std::move(child));
  }
  return read_compare(json);
}

}  // namespace

Value to_json(const Predicate& predicate) {
  switch (predicate.kind) {
    case Predicate::Kind::always: return Object{};
    case Predicate::Kind::all_of: return Object{{"all", children_json(predicate.children)}};
    case Predicate::Kind::any_of: return Object{{"any", children_json(predicate.children)}};
    case Predicate::Kind::negation: return Object{{"not", to_json(predicate.children.front())}};
    case Predicate::Kind::related:
      return Object{{"relation", predicate.field}, {"where", to_json(predicate.children.front())}};
    case Predicate::Kind::compare: break;
  }
  Object out{{"field", predicate.field},
             {"op", api_name(predicate.op)},
             {"operands", predicate.operands}};
  if (predicate.subject == Predicate::Subject::size) out.append("subject", "size");
  return out;
}

Result<Predicate> predicate_from_json(const Value& json) { return read(json, 1); }

}  // namespace holdfast
