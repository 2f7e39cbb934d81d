// The parts of a comparison; each stands in a file of its own. Private to the room.
#pragma once

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schema/compare.h"
#include "schema/names.h"

namespace holdfast::schema {

struct Comparison {
  const Schema& was;
  const Schema& is;
  std::set<std::string, std::less<>> stored = {};  ///< Models, and the types that their records hold, of the old schema.
  std::vector<Change> changes = {};

  [[nodiscard]] bool is_stored(std::string_view type) const { return stored.find(type) != stored.end(); }
};

// compare_fields.cc: of a model or an embedded type
void compare_fields(Comparison& comparison, const std::string& type, const std::vector<FieldSchema>& was,
                    const std::vector<FieldSchema>& is);
// compare_relations.cc
void compare_relations(Comparison& comparison, const ModelSchema& was, const ModelSchema& is);
// compare_operations.cc: indexes with their queries, and the API's operations
void compare_indexes(Comparison& comparison, const ModelSchema& was, const ModelSchema& is);
void compare_operations(Comparison& comparison, const ModelSchema& was, const ModelSchema& is);

template <class T>
const T* named(const std::vector<T>& all, std::string_view name) noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [name](const T& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

/// Calls for each that is in one of the lists only, or in both: those of the old list first.
template <class T, class Removed, class Both, class Added>
void each_pair(const std::vector<T>& was, const std::vector<T>& is, Removed&& removed, Both&& both, Added&& added) {
  for (const auto& one : was) {
    const T* other = named(is, one.name);
    other == nullptr ? removed(one) : both(one, *other);
  }
  for (const auto& one : is) {
    if (named(was, one.name) == nullptr) added(one);
  }
}

}  // namespace holdfast::schema
