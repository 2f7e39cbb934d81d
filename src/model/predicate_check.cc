// Whether a predicate or query fits a model: the door that every reader may rely on.
#include <algorithm>
#include <array>

#include "holdfast/predicate.h"
#include "model/operators.h"
#include "model/scalars.h"

namespace holdfast {
namespace {

constexpr int depth_max = 100;
constexpr std::size_t sort_path_max = 10;

constexpr std::array<std::string_view, 12> op_names{
    "eq", "ne", "lt", "le", "gt", "ge", "between", "contains", "not_contains", "begins_with", "in", "not_in"};

/// As the doors of C++ are called.
std::string_view op_name(Op op) { return op_names.at(static_cast<std::size_t>(op)); }

bool is_text(const FieldSchema& field) {
  return field.kind == FieldKind::enumeration ||
         (field.kind == FieldKind::scalar && scalar_kind(field.scalar) == Value::Kind::string);
}

bool is_ordering(Op op) {
  return op == Op::lt || op == Op::le || op == Op::gt || op == Op::ge || op == Op::between;
}

std::string_view unfit_operator(const FieldSchema& field, Op op) {
  if (is_ordering(op) && !is_sortable(field)) return "needs a field that can be ordered, not a list, boolean or object";
  if (op == Op::begins_with && (field.is_list || !is_text(field))) return "needs a string field";
  const bool looks_inside = op == Op::contains || op == Op::not_contains;
  if (looks_inside && !field.is_list && !is_text(field)) return "needs a string or list field";
  return {};
}

std::size_t operand_count(Op op) { return op == Op::between ? 2 : 1; }

/// The model that the relation leads to.
Result<const ModelSchema*> target_of(const Predicate& related, const ModelSchema& model, const Schema* schema) {
  const auto* relation = model.relation(related.field);
  if (!relation) return Error{Code::invalid_argument, model.name + " has no relation \"" + related.field + "\""};
  if (!schema) {
    return Error{
        Code::invalid_argument,
        model.name + "." + relation->name +
            ": a predicate through a relation does not fit here, where one record is looked at alone; query with it,"
            " and write what was found"};
  }
  const auto* target = schema->model(relation->target);
  if (target) return target;
  return Error{Code::invalid_argument, model.name + "." + relation->name + " leads to " + relation->target +
                                           ", which the schema does not have"};
}

/// Of predicates that come from one side, which has its names of the operators.
class Checker {
 public:
  using NameOf = std::string_view (*)(Op);

  /// `schema` is null where relations do not fit.
  Checker(const Schema* schema, NameOf name_of) : schema_(schema), name_of_(name_of) {}

  Result<void> check(const Predicate& predicate, const ModelSchema& model, int depth = 1) const {
    if (depth > depth_max) return Error{Code::invalid_argument, "a predicate is more than 100 levels deep"};
    const bool is_related = predicate.kind == Predicate::Kind::related;
    if (predicate.kind == Predicate::Kind::compare) return check_compare(predicate, model);
    if ((is_related || predicate.kind == Predicate::Kind::negation) && predicate.children.size() != 1) {
      return Error{Code::invalid_argument, std::string(is_related ? "a relation" : "not") + " takes one predicate"};
    }
    const auto* described = &model;
    if (is_related) {
      HOLDFAST_TRY(target, target_of(predicate, model, schema_));
      described = target;
    }
    for (const auto& child : predicate.children) {
      if (auto fits = check(child, *described, depth + 1); !fits) return fits;
    }
    return {};
  }

 private:
  [[nodiscard]] Error wrong(const ModelSchema& model, const FieldSchema& field, Op op, std::string_view what) const {
    return {Code::invalid_argument,
            model.name + "." + field.name + ": " + std::string(name_of_(op)) + " " + std::string(what)};
  }

  [[nodiscard]] Result<void> check_compare(const Predicate& predicate, const ModelSchema& model) const {
    const auto op = predicate.op;
    const auto* field = model.field(predicate.field);
    if (!field) return Error{Code::invalid_argument, model.name + " has no field \"" + predicate.field + "\""};
    if (predicate.subject == Predicate::Subject::size) {
      if (!field->is_list && !is_text(*field)) return wrong(model, *field, op, "on size needs a string or list field");
      FieldSchema size{.name = field->name, .scalar = Scalar::integer};
      if (const auto unfit = unfit_operator(size, op); !unfit.empty()) return wrong(model, *field, op, unfit);
      return check_operands(predicate, model, size);
    }
    if (field->kind == FieldKind::embedded) {
      return wrong(model, *field, op, "cannot be used: objects inside a record are not comparable");
    }
    if (const auto unfit = unfit_operator(*field, op); !unfit.empty()) return wrong(model, *field, op, unfit);
    return check_operands(predicate, model, *field);
  }

  [[nodiscard]] Result<void> check_operands(const Predicate& predicate, const ModelSchema& model,
                                            FieldSchema field) const {
    const auto op = predicate.op;
    const bool takes_any = op == Op::in || op == Op::not_in;
    if (!takes_any && predicate.operands.size() != operand_count(op)) {
      return wrong(model, field, op, op == Op::between ? "takes two values" : "takes one value");
    }
    if (op == Op::contains || op == Op::not_contains) field.is_list = false;  // An operand is an element.
    for (const auto& operand : predicate.operands) {
      if (operand.is_null() || has_shape(field, operand)) continue;
      return wrong(model, field, op,
                   "takes " + expected_shape(field) + ", not a " + std::string(kind_name(operand.kind())));
    }
    return {};
  }

  const Schema* schema_;
  NameOf name_of_;
};

/// The model of the record that has the field.
Result<const ModelSchema*> end_of(const SortKey& key, const ModelSchema& model, const Schema& schema) {
  if (key.path.size() > sort_path_max) {
    return Error{Code::invalid_argument, "a sort goes through more than ten relations"};
  }
  const auto* at = &model;
  for (const auto& name : key.path) {
    HOLDFAST_TRY(target, target_of(Predicate::related(name, {}), *at, &schema));
    if (at->relation(name)->kind == RelationKind::has_many) {
      return Error{Code::invalid_argument,
                   at->name + "." + name + " cannot be sorted through: it leads to many records"};
    }
    at = target;
  }
  return at;
}

Result<void> check_sort(const SortKey& key, const ModelSchema& model, const Schema& schema) {
  HOLDFAST_TRY(end, end_of(key, model, schema));
  const auto* field = end->field(key.field);
  if (!field) return Error{Code::invalid_argument, end->name + " has no field \"" + key.field + "\" to sort by"};
  if (!field->is_list && field->kind != FieldKind::embedded) return {};
  return Error{Code::invalid_argument, end->name + "." + key.field + " cannot be sorted by: it is a list or an object"};
}

}  // namespace

Result<void> check(const Predicate& predicate, const ModelSchema& model) {
  return Checker(nullptr, op_name).check(predicate, model);
}
Result<void> check(const Predicate& predicate, const ModelSchema& model, const Schema& schema) {
  return Checker(&schema, op_name).check(predicate, model);
}
Result<void> check_of_api(const Predicate& predicate, const ModelSchema& model) {
  return Checker(nullptr, api_name).check(predicate, model);
}

Result<void> check(const Query& query, const ModelSchema& model, const Schema& schema) {
  if (query.page > 0 && query.limit == 0) return Error{Code::invalid_argument, "a page needs a limit"};
  for (const auto& key : query.sort) {
    if (auto fits = check_sort(key, model, schema); !fits) return fits;
  }
  return check(query.where, model, schema);
}

}  // namespace holdfast
