// The typed edge: what generated models are made of. Everything here is a thin door to Record and Predicate.
//
// A generated model M is an aggregate with
//   static const ModelSchema& model();            Record to_record() const;
//   static M from_record(Record&& record);        struct fields { static constexpr Field<M, T> … };
// Relations among those constants stand in holdfast/relation.h.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "holdfast/predicate.h"
#include "holdfast/record.h"

namespace holdfast {

template <class M>
concept Model = requires(const M& instance, Record record) {  ///< What a generated model offers.
  { M::model() } -> std::same_as<const ModelSchema&>;
  { instance.to_record() } -> std::same_as<Record>;
  { M::from_record(std::move(record)) } -> std::same_as<M>;
};

/// A generated enum: `to_string(E)` and `from_string(std::string_view, E&)` are found by argument-dependent lookup.
template <class E>
concept ModelEnum = std::is_enum_v<E> && requires(E value, std::string_view text) {
  { to_string(value) } -> std::convertible_to<std::string_view>;
  { from_string(text, value) } -> std::same_as<bool>;
};

/// A generated embedded type.
template <class T>
concept Embedded = requires(const T& instance, const Value& value) {
  { instance.to_value() } -> std::same_as<Value>;
  { T::from_value(value) } -> std::same_as<T>;
};

// --- values of C++ types -------------------------------------------------------------------------------------

inline Value to_value(bool value) { return value; }  ///< A C++ value as a Value; an absent optional is null.
inline Value to_value(std::int32_t value) { return value; }
inline Value to_value(std::int64_t value) { return value; }
inline Value to_value(double value) { return value; }
inline Value to_value(std::string value) { return Value(std::move(value)); }
inline Value to_value(std::string_view value) { return value; }
inline Value to_value(const char* value) { return value; }
template <ModelEnum E>
Value to_value(E value) { return std::string_view(to_string(value)); }
template <Embedded T>
Value to_value(const T& value) { return value.to_value(); }
template <class T>
Value to_value(const std::vector<T>& values);  // Seen by the next one: a list may be nullable.
template <class T>
Value to_value(const std::optional<T>& value) { return value ? to_value(*value) : Value(); }
template <class T>
Value to_value(const std::vector<T>& values) {
  List list;
  list.reserve(values.size());
  for (const auto& value : values) list.push_back(to_value(value));
  return list;
}

/// Moves `value` into `target`; a null or unfit value leaves the type's default (validated records have neither).
void from_value(Value&& value, bool& target);
void from_value(Value&& value, std::int32_t& target);
void from_value(Value&& value, std::int64_t& target);
void from_value(Value&& value, double& target);
void from_value(Value&& value, std::string& target);
template <ModelEnum E>
void from_value(Value&& value, E& target) {
  if (const auto* text = value.as_string()) from_string(*text, target);
}
template <Embedded T>
void from_value(Value&& value, T& target) { target = T::from_value(value); }
template <class T>
void from_value(Value&& value, std::vector<T>& target);
template <class T>
void from_value(Value&& value, std::optional<T>& target) {
  if (value.is_null()) return target.reset();
  from_value(std::move(value), target.emplace());
}
template <class T>
void from_value(Value&& value, std::vector<T>& target) {
  target.clear();
  auto* list = value.as_list();
  if (list == nullptr) return;
  for (auto& element : *list) {
    T made{};  // Not in place: a vector of bool has no bool to refer to.
    from_value(std::move(element), made);
    target.push_back(std::move(made));
  }
}

// --- references ----------------------------------------------------------------------------------------------

/// The foreign key behind a relation without a field of its own in the schema: `.post = post`.
/// Null by default. Equal when the keys are.
template <class M>
class Ref {
 public:
  Ref() = default;
  Ref(const M& instance) : key_(instance.to_record().key()) {}
  explicit Ref(Key key) : key_(std::move(key)) {}

  [[nodiscard]] bool is_null() const noexcept { return key_.parts.empty(); }  ///< Whether it refers to nothing.
  [[nodiscard]] const Key& key() const noexcept { return key_; }  ///< Without parts when null.
  /// The first part of the key as text; empty when null. For models with an `id`.
  [[nodiscard]] std::string id() const {
    const auto* text = is_null() ? nullptr : key_.parts.front().as_string();
    return text ? *text : std::string();
  }
  /// The part for foreign key `index`; null when the reference is.
  [[nodiscard]] Value part(std::size_t index) const { return is_null() ? Value() : key_.parts.at(index); }
  friend bool operator==(const Ref&, const Ref&) = default;

 private:
  Key key_;
};

/// A reference from foreign key values: null when any of them is.
Key key_of_parts(std::vector<Value> parts);

// --- predicates ----------------------------------------------------------------------------------------------

/// A predicate on records of M; the label keeps a Comment's condition from filtering Posts. Default: everything.
template <class M>
struct Where {
  Predicate tree = {};

  friend Where operator&&(Where left, Where right) {
    if (left.tree.is_always()) return right;
    if (right.tree.is_always()) return left;
    return {Predicate::all_of({std::move(left.tree), std::move(right.tree)})};
  }
  friend Where operator||(Where left, Where right) {
    return {Predicate::any_of({std::move(left.tree), std::move(right.tree)})};
  }
  friend Where operator!(Where child) { return {Predicate::negation(std::move(child.tree))}; }
};

template <class T>
struct element_of { using type = T; };  ///< For element_of_t.
template <class T>
struct element_of<std::optional<T>> : element_of<T> {};
template <class T>
struct element_of<std::vector<T>> { using type = T; };
/// What a field is compared with: the type without optional; a list's element.
template <class T>
using element_of_t = typename element_of<T>::type;

template <class T>
struct bare { using type = T; };  ///< For bare_t.
template <class T>
struct bare<std::optional<T>> { using type = T; };
template <class T>
using bare_t = typename bare<T>::type;  ///< The type without optional.

template <class T>  ///< What < compares.
concept Ordered = std::same_as<T, std::string> || std::same_as<T, std::int32_t> || std::same_as<T, std::int64_t> ||
                  std::same_as<T, double>;
template <class U, class T>
concept ComparableTo = std::convertible_to<U, T> &&  ///< Numbers with numbers, others with what becomes T.
                       (std::is_arithmetic_v<std::remove_cvref_t<U>> == std::is_arithmetic_v<T>);

/// A typed field of M: makes predicates and sort keys. `T` is the member's type.
template <class M, class T>
struct Field {
  using Bare = bare_t<T>;
  using Element = element_of_t<Bare>;
  std::string_view name;

  Where<M> make(Op op, std::vector<Value> operands) const {  ///< For operators that have no function here.
    return {Predicate::compare(std::string(name), op, std::move(operands))};
  }

  template <ComparableTo<Bare> U>
  friend Where<M> operator==(const Field& field, U&& value) { return field.make(Op::eq, {value_of(value)}); }
  template <ComparableTo<Bare> U>
  friend Where<M> operator!=(const Field& field, U&& value) { return field.make(Op::ne, {value_of(value)}); }
  friend Where<M> operator==(const Field& field, std::nullopt_t) { return field.make(Op::eq, {Value()}); }
  friend Where<M> operator!=(const Field& field, std::nullopt_t) { return field.make(Op::ne, {Value()}); }
  template <ComparableTo<Bare> U>
    requires Ordered<Bare>
  friend Where<M> operator<(const Field& field, U&& value) { return field.make(Op::lt, {value_of(value)}); }
  template <ComparableTo<Bare> U>
    requires Ordered<Bare>
  friend Where<M> operator<=(const Field& field, U&& value) { return field.make(Op::le, {value_of(value)}); }
  template <ComparableTo<Bare> U>
    requires Ordered<Bare>
  friend Where<M> operator>(const Field& field, U&& value) { return field.make(Op::gt, {value_of(value)}); }
  template <ComparableTo<Bare> U>
    requires Ordered<Bare>
  friend Where<M> operator>=(const Field& field, U&& value) { return field.make(Op::ge, {value_of(value)}); }

  Where<M> between(const Bare& low, const Bare& high) const  ///< Both ends belong to it.
    requires Ordered<Bare>
  { return make(Op::between, {to_value(low), to_value(high)}); }
  Where<M> begins_with(std::string_view prefix) const  ///< By UTF-8 bytes.
    requires std::same_as<Bare, std::string>
  { return make(Op::begins_with, {to_value(prefix)}); }
  /// A substring of a string, or an element of a list.
  Where<M> contains(const Element& part) const
    requires(std::same_as<Bare, std::string> || !std::same_as<Bare, Element>)
  { return make(Op::contains, {to_value(part)}); }
  Where<M> not_contains(const Element& part) const
    requires(std::same_as<Bare, std::string> || !std::same_as<Bare, Element>)
  { return make(Op::not_contains, {to_value(part)}); }
  Where<M> in(const std::vector<Bare>& values) const {
    std::vector<Value> operands;
    for (const auto& value : values) operands.push_back(to_value(value));
    return make(Op::in, std::move(operands));
  }

 private:
  template <class U>
  static Value value_of(U&& value) { return to_value(static_cast<Bare>(std::forward<U>(value))); }
};

// --- queries -------------------------------------------------------------------------------------------------

template <class M>
struct Sort {  ///< Made by ascending() and descending().
  SortKey key;
};
template <class M, class T>  ///< Nulls first.
Sort<M> ascending(const Field<M, T>& field) { return {{std::string(field.name), Direction::ascending}}; }
template <class M, class T>
Sort<M> descending(const Field<M, T>& field) { return {{std::string(field.name), Direction::descending}}; }

/// `limit` 0 means all; `page` counts from 0 and needs a limit.
template <class M>
struct QueryOptions {
  std::vector<Sort<M>> sort = {};
  std::uint64_t limit = 0;
  std::uint64_t page = 0;
};

/// The query as what it is below the typed edge.
template <class M>
Query erased(const Where<M>& where, const QueryOptions<M>& options) {
  Query query{.where = where.tree, .sort = {}, .limit = options.limit, .page = options.page};
  for (const auto& sort : options.sort) query.sort.push_back(sort.key);
  return query;
}

// --- edits ---------------------------------------------------------------------------------------------------

/// A new value of M with the fields that changed against the original it was made from.
template <class M>
struct Edit {
  M value;
  Patch changes;
};

/// Copies `original`, lets `change` mutate the copy, and notes which fields differ. The key stays the original's:
/// what `change` does to a key field is undone.
template <Model M, class F>
Edit<M> copy_of(const M& original, F&& change) {
  M draft = original;
  std::forward<F>(change)(draft);
  const auto before = original.to_record();
  auto after = draft.to_record();
  auto changes = difference(before, after);
  if (after.key() != before.key()) {
    for (const auto& field : before.model->primary_key) after[field] = before[field];
    draft = M::from_record(std::move(after));
  }
  return {std::move(draft), std::move(changes)};
}

/// An edit of an edit: one that holds the changes of both.
template <Model M, class F>
Edit<M> copy_of(const Edit<M>& original, F&& change) {
  auto edit = copy_of(original.value, std::forward<F>(change));
  edit.changes = combined(original.changes, edit.changes);
  return edit;
}

}  // namespace holdfast
