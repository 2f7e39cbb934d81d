#include "server/resolve/filter.h"

#include <string>
#include <utility>

#include "model/operators.h"
#include "server/resolve/key_range.h"

namespace holdfast::server {
namespace {

constexpr int depth_max = 50;

Error bad(const ModelSchema& model, std::string_view field, std::string_view what) {
  return {Code::invalid_argument, model.name + "." + std::string(field) + ": " + std::string(what)};
}

Predicate constant(bool holds) { return holds ? Predicate() : never(); }

bool is_negative(Op op) { return op == Op::ne || op == Op::not_contains || op == Op::not_in; }

/// What a comparison says of a null field.
bool holds_for_null(Op op, const Value& operand) {
  if (op == Op::eq) return operand.is_null();
  if (op == Op::ne) return !operand.is_null();
  return is_negative(op);
}

/// DynamoDB's name for how a field is stored.
std::string_view attribute_type(const FieldSchema& field) {
  if (field.is_list) return "list";
  if (field.kind == FieldKind::embedded) return "map";
  if (field.kind == FieldKind::enumeration) return "string";
  switch (field.scalar) {
    case Scalar::integer:
    case Scalar::floating:
    case Scalar::aws_timestamp: return "number";
    case Scalar::boolean: return "bool";
    default: return "string";
  }
}

Result<std::vector<Value>> operands_of(Op op, const Value& operand) {
  const bool takes_list = op == Op::between || op == Op::in || op == Op::not_in;
  if (!takes_list) return std::vector<Value>{operand};
  const auto* list = operand.as_list();
  if (list == nullptr) return Error{Code::invalid_argument, std::string(api_name(op)) + " takes a list"};
  if (op == Op::between && list->size() != 2) return Error{Code::invalid_argument, "between takes two values"};
  return *list;
}

/// Reads for live records or for tombstones.
class Reader {
 public:
  Reader(const ModelSchema& model, bool is_tombstone) : model_(model), is_tombstone_(is_tombstone) {}

  Result<Predicate> group(const Value& input, int depth) const {
    if (depth > depth_max) return bad(model_, "filter", "more than 50 levels deep");
    const auto* object = input.as_object();
    if (object == nullptr) return Predicate();
    std::vector<Predicate> parts;
    for (const auto& member : *object) {
      if (member.value.is_null()) continue;
      HOLDFAST_TRY(part, member_predicate(member, depth));
      if (!part.is_always()) parts.push_back(std::move(part));
    }
    return all(std::move(parts));
  }

 private:
  static Predicate all(std::vector<Predicate> parts) {
    if (parts.empty()) return {};
    return parts.size() == 1 ? std::move(parts.front()) : Predicate::all_of(std::move(parts));
  }

  Result<Predicate> member_predicate(const Member& member, int depth) const {
    if (member.name == "not") {
      HOLDFAST_TRY(child, group(member.value, depth + 1));
      return Predicate::negation(std::move(child));
    }
    if (member.name == "and" || member.name == "or") return junction(member, depth);
    return field_tests(member.name, member.value);
  }

  Result<Predicate> junction(const Member& member, int depth) const {
    const auto* list = member.value.as_list();
    if (list == nullptr) return group(member.value, depth + 1);
    std::vector<Predicate> children;
    for (const auto& each : *list) {
      // Whoever composed it may mean "no test" or "no record": as one of alternatives it would admit everything.
      if (each.is_null()) return bad(model_, member.name, "has a null among its filters; leave it out");
      HOLDFAST_TRY(child, group(each, depth + 1));
      children.push_back(std::move(child));
    }
    return member.name == "and" ? all(std::move(children)) : Predicate::any_of(std::move(children));
  }

  Result<Predicate> field_tests(const std::string& name, const Value& tests) const {
    const auto* object = tests.as_object();
    if (object == nullptr) return bad(model_, name, "takes an object of operators");
    std::vector<Predicate> parts;
    for (const auto& test : *object) {
      auto part = name == "_deleted" ? deleted_test(test) : field_test(name, test);
      if (!part) return std::move(part).error();
      if (!part->is_always()) parts.push_back(*std::move(part));
    }
    return all(std::move(parts));
  }

  /// `_deleted` is true on a tombstone and null on a live record.
  Result<Predicate> deleted_test(const Member& test) const {
    if (test.name == "attributeExists") return constant(test.value == Value(is_tombstone_));
    if (test.name == "attributeType") return constant(test.value == Value(is_tombstone_ ? "bool" : "_null"));
    const bool is_equal = is_tombstone_ ? test.value == Value(true) : test.value.is_null();
    if (test.name == "eq") return constant(is_equal);
    if (test.name == "ne") return constant(!is_equal);
    return bad(model_, "_deleted", "unknown operator \"" + test.name + "\"");
  }

  Result<Predicate> field_test(const std::string& name, const Member& test) const {
    const auto* field = model_.field(name);
    if (test.name == "size") return size_tests(name, field, test.value);
    if (test.name == "attributeExists") {
      const bool wants_value = test.value == Value(true);
      if (field == nullptr) return constant(!wants_value);
      return Predicate::compare(name, wants_value ? Op::ne : Op::eq, {Value()});
    }
    if (test.name == "attributeType") return type_test(name, field, test.value);
    const auto op = op_of_api_name(test.name);
    if (!op) return bad(model_, name, "unknown operator \"" + test.name + "\"");
    if (field == nullptr) return constant(holds_for_null(*op, test.value));
    return comparison(*field, *op, test.value);
  }

  Result<Predicate> type_test(const std::string& name, const FieldSchema* field, const Value& wanted) const {
    if (wanted == Value("_null")) return field == nullptr ? Predicate() : Predicate::compare(name, Op::eq, {Value()});
    const bool fits = field != nullptr && wanted == Value(attribute_type(*field));
    return fits ? Predicate::compare(name, Op::ne, {Value()}) : never();
  }

  Result<Predicate> size_tests(const std::string& name, const FieldSchema* field, const Value& tests) const {
    const auto* object = tests.as_object();
    if (object == nullptr) return never();
    std::vector<Predicate> parts;
    for (const auto& test : *object) {
      const auto op = op_of_api_name(test.name);
      if (!op) return bad(model_, name, "unknown operator \"size." + test.name + "\"");
      auto operands = operands_of(*op, test.value);
      if (!operands) return bad(model_, name, operands.error().message);
      if (field == nullptr) {
        parts.push_back(constant(holds_for_null(*op, test.value)));
        continue;
      }
      auto part = Predicate::compare(name, *op, *std::move(operands));
      part.subject = Predicate::Subject::size;
      parts.push_back(std::move(part));
    }
    return all(std::move(parts));
  }

  Result<Predicate> comparison(const FieldSchema& field, Op op, const Value& operand) const {
    const bool looks_inside = op == Op::contains || op == Op::not_contains;
    // A whole list never equals one of its elements, which is all that the operators of a list's element can give.
    if (field.is_list && !looks_inside && operand.as_list() == nullptr && !operand.is_null()) {
      return constant(is_negative(op));
    }
    const bool tests_null = op == Op::eq || op == Op::ne;
    if (operand.is_null() && !tests_null) return never();
    if (field.is_list && op == Op::between) return never();
    auto operands = operands_of(op, operand);
    if (!operands) return bad(model_, field.name, operands.error().message);
    return Predicate::compare(field.name, op, *std::move(operands));
  }

  const ModelSchema& model_;
  bool is_tombstone_;
};

Result<Predicate> checked(Result<Predicate> read, const ModelSchema& model) {
  if (!read) return read;
  if (auto fits = check_of_api(*read, model); !fits) return std::move(fits).error();
  return read;
}

/// Lexicographic comparison of leading fields: earlier ones equal, and the first that differs decides.
Predicate lexicographic(const std::vector<Predicate>& equals, Op strict, Op last, const std::vector<Member>& given) {
  std::vector<Predicate> choices;
  for (std::size_t at = 0; at < given.size(); ++at) {
    std::vector<Predicate> parts(equals.begin(), equals.begin() + static_cast<std::ptrdiff_t>(at));
    const bool is_last = at + 1 == given.size();
    parts.push_back(Predicate::compare(given[at].name, is_last ? last : strict, {given[at].value}));
    choices.push_back(Predicate::all_of(std::move(parts)));
  }
  return Predicate::any_of(std::move(choices));
}

Predicate composite(const std::vector<std::string>& fields, Op op, const Value& value) {
  const auto given = leading_members(fields, value);
  if (given.empty()) return {};
  std::vector<Predicate> equals;
  for (const auto& each : given) equals.push_back(Predicate::compare(each.name, Op::eq, {each.value}));
  switch (op) {
    case Op::lt: return lexicographic(equals, Op::lt, Op::lt, given);
    case Op::le: return lexicographic(equals, Op::lt, Op::le, given);
    case Op::gt: return lexicographic(equals, Op::gt, Op::gt, given);
    case Op::ge: return lexicographic(equals, Op::gt, Op::ge, given);
    case Op::begins_with: {
      if (given.back().value.as_string() != nullptr) {
        equals.back() = Predicate::compare(given.back().name, Op::begins_with, {given.back().value});
      }
      return Predicate::all_of(std::move(equals));
    }
    default: return Predicate::all_of(std::move(equals));
  }
}

}  // namespace

Predicate never() { return Predicate::any_of({}); }

bool Filter::admits(const Image& image) const {
  return evaluate(image.metadata.is_deleted ? tombstone : live, image.record);
}

Result<Filter> read_filter(const ModelSchema& model, const Value& input) {
  HOLDFAST_TRY(live, checked(Reader(model, false).group(input, 1), model));
  HOLDFAST_TRY(tombstone, checked(Reader(model, true).group(input, 1), model));
  return Filter{std::move(live), std::move(tombstone)};
}

Result<Predicate> read_key_condition(const ModelSchema& model, const std::string& field, const Value& input) {
  if (input.is_null()) return Predicate();
  return checked(Reader(model, false).group(Object{{field, input}}, 1), model);
}

Result<Predicate> read_composite_condition(const ModelSchema& model, const std::vector<std::string>& fields,
                                           const Value& input) {
  const auto* object = input.as_object();
  if (object == nullptr) return Predicate();
  std::vector<Predicate> parts;
  for (const auto& test : *object) {
    const auto op = op_of_api_name(test.name);
    if (!op) return bad(model, fields.front(), "unknown operator \"" + test.name + "\"");
    if (*op != Op::between) {
      parts.push_back(composite(fields, *op, test.value));
      continue;
    }
    const auto* bounds = test.value.as_list();
    if (bounds == nullptr || bounds->size() != 2) return bad(model, fields.front(), "between takes two values");
    parts.push_back(composite(fields, Op::ge, bounds->front()));
    parts.push_back(composite(fields, Op::le, bounds->back()));
  }
  return checked(Predicate::all_of(std::move(parts)), model);
}

}  // namespace holdfast::server
