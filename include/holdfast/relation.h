// Relations as constants of a generated model: `Comment::fields::post`, `Post::fields::comments`. They compare, make
// conditions on the records at the other end, sort by them, and tell DataStore::related() and prefetch() what to read.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "holdfast/model.h"

namespace holdfast {

/// A relation below the typed edge: from records of one model to the records they are related to, either straight
/// or, many to many, by way of a join model. A value; the models outlive it.
struct Route {
  const ModelSchema* from = nullptr;
  std::string_view relation = {};        ///< Of `from`.
  const ModelSchema* target = nullptr;   ///< The model whose records are read.
  const ModelSchema* join = nullptr;     ///< Between the two for a many-to-many; null otherwise.
  std::string_view far = {};             ///< With `join`: its relation to `target`.
};

/// M's relation to one Target whose key M holds: belongs_to, and has_one unless its key is Target's.
/// Compared by key: `Comment::fields::post == post`.
template <class M, class Target, std::size_t Parts = 1>
struct RefField {
  using Model = M;
  using Other = Target;
  static constexpr bool is_to_many = false;

  std::string_view name;
  std::string_view keys[Parts];  ///< M's foreign key fields, in the order of Target's primary key.

  /// The relation below the typed edge.
  [[nodiscard]] Route route() const { return {.from = &M::model(), .relation = name, .target = &Target::model()}; }
  /// Related to a record that satisfies `where`; by default, to any that is in the store.
  [[nodiscard]] Where<M> has(const Where<Target>& where = {}) const {
    return {Predicate::related(std::string(name), where.tree)};
  }

  friend Where<M> operator==(const RefField& field, const Ref<Target>& target) {
    std::vector<Predicate> parts;
    for (std::size_t at = 0; at < Parts; ++at) {
      parts.push_back(Predicate::compare(std::string(field.keys[at]), Op::eq, {target.part(at)}));
    }
    return {Parts == 1 ? std::move(parts.front()) : Predicate::all_of(std::move(parts))};
  }
  friend Where<M> operator!=(const RefField& field, const Ref<Target>& target) { return !(field == target); }
};

/// M's relation to one Target that holds M's key: has_one with `references`.
template <class M, class Target>
struct OneField {
  using Model = M;
  using Other = Target;
  static constexpr bool is_to_many = false;

  std::string_view name;

  /// The relation below the typed edge.
  [[nodiscard]] Route route() const { return {.from = &M::model(), .relation = name, .target = &Target::model()}; }
  /// Related to a record that satisfies `where`; by default, to any that is in the store.
  [[nodiscard]] Where<M> has(const Where<Target>& where = {}) const {
    return {Predicate::related(std::string(name), where.tree)};
  }
};

/// M's relation to the Targets that hold its key: has_many.
template <class M, class Target>
struct ManyField {
  using Model = M;
  using Other = Target;
  static constexpr bool is_to_many = true;

  std::string_view name;

  /// The relation below the typed edge.
  [[nodiscard]] Route route() const { return {.from = &M::model(), .relation = name, .target = &Target::model()}; }
  /// Related to a record that satisfies `where`; by default, to any that is in the store.
  [[nodiscard]] Where<M> has(const Where<Target>& where = {}) const {
    return {Predicate::related(std::string(name), where.tree)};
  }
};

/// M's many-to-many relation to Target. What it reads are Targets, each once; `links` are the records of the join
/// model between, which an application saves to connect two and removes to part them.
template <class M, class Join, class Target>
struct ThroughField {
  using Model = M;
  using Other = Target;
  static constexpr bool is_to_many = true;

  ManyField<M, Join> links;
  std::string_view far;  ///< The join model's relation to Target.

  /// The relation below the typed edge.
  [[nodiscard]] Route route() const {
    return {.from = &M::model(), .relation = links.name, .target = &Target::model(), .join = &Join::model(), .far = far};
  }
  /// Linked to a Target that satisfies `where`; by default, to any that is in the store.
  [[nodiscard]] Where<M> has(const Where<Target>& where = {}) const {
    return {Predicate::related(std::string(links.name), Predicate::related(std::string(far), where.tree))};
  }
};

/// A relation of a generated model: any of the four above; then those to one record, and those to many.
template <class R>
concept RelationField = requires(const R& relation) {
  typename R::Model;
  typename R::Other;
  { relation.route() } -> std::same_as<Route>;
};
template <class R>
concept ToOneField = RelationField<R> && !R::is_to_many;
template <class R>
concept ToManyField = RelationField<R> && R::is_to_many;

/// To sort by a field of the related record: `.sort = {through(Comment::fields::post, descending(Post::fields::rating))}`.
/// Where there is none, it is as if the field were null. Nests, for relations of related records.
template <ToOneField R>
Sort<typename R::Model> through(const R& relation, Sort<typename R::Other> sort) {
  sort.key.path.insert(sort.key.path.begin(), std::string(relation.name));
  return {std::move(sort.key)};
}

}  // namespace holdfast
