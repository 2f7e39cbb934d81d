#include "protocol/service_filter.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "protocol/documents.h"
#include "protocol/filter_limits.h"

namespace holdfast::protocol {
namespace {

/// The two kinds of filter inputs.
enum class Input : std::uint8_t { sync, subscription };

bool is_equality(Op op) { return op == Op::eq || op == Op::ne; }
bool is_search(Op op) { return op == Op::contains || op == Op::not_contains || op == Op::begins_with; }
bool is_membership(Op op) { return op == Op::in || op == Op::not_in; }

bool is_number(const FieldSchema& field) {
  return field.scalar == Scalar::integer || field.scalar == Scalar::floating || field.scalar == Scalar::aws_timestamp;
}

/// Whether the input that belongs to the field's type has the operator.
bool is_offered(const FieldSchema& field, Op op, Input input) {
  if (field.kind == FieldKind::embedded) return false;
  // Enums are plain strings in subscriptions.
  if (field.kind == FieldKind::enumeration && input == Input::sync) {
    return is_equality(op) || (field.is_list && is_search(op) && op != Op::begins_with);
  }
  if (is_membership(op)) return input == Input::subscription && field.scalar != Scalar::boolean;
  if (field.scalar == Scalar::boolean) return is_equality(op);
  return !is_number(field) || !is_search(op);
}

/// What a missing value is to the service depends on how it came to be missing: tests for null stay on the device.
bool names_null(const Predicate& test) {
  return std::any_of(test.operands.begin(), test.operands.end(),
                     [](const Value& operand) { return operand.is_null(); });
}

/// `in` and `notIn` spelled out, for inputs that lack them.
Predicate spelled_out(const Predicate& test) {
  const bool is_in = test.op == Op::in;
  std::vector<Predicate> each;
  for (const auto& operand : test.operands) {
    each.push_back(Predicate::compare(test.field, is_in ? Op::eq : Op::ne, {operand}));
  }
  return is_in ? Predicate::any_of(std::move(each)) : Predicate::all_of(std::move(each));
}

/// Says what one kind of input can say; nothing stands for what it cannot.
class Weakening {
 public:
  Weakening(const ModelSchema& model, Input input) : model_(model), input_(input) {}

  [[nodiscard]] std::optional<Predicate> of(const Predicate& predicate) const {
    switch (predicate.kind) {
      case Predicate::Kind::always: return predicate;
      case Predicate::Kind::compare: return of_test(predicate);
      case Predicate::Kind::all_of: return of_all(predicate);
      case Predicate::Kind::any_of: return of_any(predicate);
      case Predicate::Kind::negation: return of_negation(predicate);
      case Predicate::Kind::related: return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<Predicate> of_test(const Predicate& test) const {
    const auto* field = model_.field(test.field);
    if (field == nullptr || names_null(test)) return std::nullopt;
    if (test.subject == Predicate::Subject::size) {
      const bool has_size = input_ == Input::sync && field->kind == FieldKind::scalar && !is_number(*field) &&
                            field->scalar != Scalar::boolean && !is_search(test.op) && !is_membership(test.op);
      return has_size ? std::optional(test) : std::nullopt;
    }
    if (is_offered(*field, test.op, input_)) return test;
    return is_membership(test.op) && is_offered(*field, Op::eq, input_) ? std::optional(spelled_out(test))
                                                                        : std::nullopt;
  }

  [[nodiscard]] std::optional<Predicate> of_all(const Predicate& group) const {
    std::vector<Predicate> kept;
    for (const auto& child : group.children) {
      if (auto said = of(child)) kept.push_back(std::move(*said));
    }
    if (kept.empty() && !group.children.empty()) return std::nullopt;
    return Predicate::all_of(std::move(kept));
  }

  [[nodiscard]] std::optional<Predicate> of_any(const Predicate& group) const {
    std::vector<Predicate> kept;
    for (const auto& child : group.children) {
      auto said = of(child);
      if (!said) return std::nullopt;
      kept.push_back(std::move(*said));
    }
    return Predicate::any_of(std::move(kept));
  }

  /// The opposite of something weaker would be narrower.
  [[nodiscard]] std::optional<Predicate> of_negation(const Predicate& negation) const {
    if (input_ == Input::subscription) return std::nullopt;
    const auto said = of(negation.children.front());
    return said && *said == negation.children.front() ? std::optional(negation) : std::nullopt;
  }

  const ModelSchema& model_;
  Input input_;
};

Value said_of(const ModelSchema& model, const Predicate& predicate, Input input) {
  const auto said = Weakening(model, input).of(predicate);
  return said ? filter_variables(*said) : Value();
}

}  // namespace

Value sync_filter(const ModelSchema& model, const Predicate& predicate) {
  return said_of(model, predicate, Input::sync);
}

Value subscription_filter(const ModelSchema& model, const Predicate& predicate) {
  auto filter = said_of(model, predicate, Input::subscription);
  return filter_refusal(filter, appsync_filter_limits) ? Value() : std::move(filter);
}

}  // namespace holdfast::protocol
