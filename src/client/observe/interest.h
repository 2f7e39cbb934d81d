// Interest: which of many predicates a record may satisfy, without asking each of them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "holdfast/predicate.h"
#include "holdfast/record.h"

namespace holdfast::observe {

struct Watch;  ///< A live query and where it stands.

/// The predicates of one model's live queries. One that needs a field to have one of some values (`status == x`, perhaps
/// with more beside it) is found by that value; the others are always among the candidates. Not thread-safe.
class Interest {
 public:
  /// `where` has passed `check` for the model.
  void add(Watch& watch, const Predicate& where, const ModelSchema& model);
  /// The same predicate as at add().
  void remove(Watch& watch, const Predicate& where, const ModelSchema& model);

  /// Calls `each` once for every query whose predicate the record may satisfy; evaluate() decides.
  template <class Each>
  void visit(const Record& record, const Each& each) const {
    for (auto* watch : scanned_) each(*watch);
    for (const auto& [field, watches] : by_value_) {
      const auto hash = hash_of(record.values[field]);
      const auto found = hash ? watches.find(*hash) : watches.end();
      if (found == watches.end()) continue;
      for (auto* watch : found->second) each(*watch);
    }
  }

 private:
  /// A field, and the hashes of the values that it must have one of, each once.
  struct Need {
    std::size_t field = 0;
    std::vector<std::size_t> hashes;
  };
  static std::optional<Need> need_of(const Predicate& where, const ModelSchema& model);
  static std::optional<Need> need_of_any(const Predicate& where, const ModelSchema& model);
  /// Numbers that are equal hash alike, whatever their kind. Null for lists and objects, which are not found by value.
  static std::optional<std::size_t> hash_of(const Value& value);

  using Watches = std::vector<Watch*>;
  Watches scanned_;
  std::map<std::size_t, std::unordered_map<std::size_t, Watches>> by_value_;  ///< By field, then by hash.
};

}  // namespace holdfast::observe
