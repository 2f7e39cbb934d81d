// Resolving and completing fields level by level (October 2021, section 6.4): the inside of execute.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/builtin_scalars.h"
#include "graphql/collect_fields.h"
#include "graphql/execute.h"
#include "graphql/field_errors.h"

namespace holdfast::graphql {

/// An object whose fields are wanted, and where it stands (null for the root).
struct Node {
  const Value* value = nullptr;
  const Place* place = nullptr;
};

/// A completed value; none when null must go further up, its error recorded already.
using Completed = std::optional<Value>;
using CompletedObject = std::optional<Object>;

/// One run of one operation. Not thread-safe; used by one thread.
class Completion {
 public:
  explicit Completion(const Execution& execution);

  /// The fields that `sets` ask of `type`, for all `nodes`: one outcome a node, in order. Every field is resolved and
  /// completed, with everything below it, before the next: so mutations run one after the other.
  std::vector<CompletedObject> fields(const TypeDefinition& type, SelectionSets sets, std::span<const Node> nodes,
                                      int depth);

  [[nodiscard]] ErrorLog& errors() noexcept { return errors_; }
  [[nodiscard]] bool is_exhausted() const noexcept { return budget_.is_spent(); }

 private:
  /// A field at its level: what is the same for all its parents.
  struct Field {
    const TypeDefinition& parent;
    const FieldGroup& group;
    const TypeDefinition& named;  ///< The type inside all lists.
    Leaf leaf = Leaf::custom;
    int depth = 0;
  };
  /// A resolved value and where it goes; no value where an error stands already.
  struct Slot {
    const Value* value = nullptr;
    const Place* place = nullptr;
  };
  /// An object inside a resolved value, with its concrete type; null when that could not be told.
  struct Found {
    Node node = {};
    const TypeDefinition* type = nullptr;
  };
  /// The objects of all slots, in the order in which `build` meets them, completed.
  struct Objects {
    std::vector<CompletedObject> completed = {};
    std::size_t next = 0;
  };

  std::vector<Completed> field(const TypeDefinition& parent, const FieldGroup& group, std::span<const Node> nodes,
                               int depth);
  std::vector<Completed> resolve(const Field& field, std::span<const Node> nodes, std::span<const Place> places);
  std::vector<Outcome> outcomes_of(const FieldCall& call, std::span<const Node> nodes);
  std::vector<Completed> read_members(const Field& field, std::span<const Node> nodes, std::span<const Place> places);
  std::vector<Completed> resolve_meta(const Field& field, std::span<const Place> places);
  std::vector<Completed> fail(const Field& field, std::span<const Place> places, const RequestError& problem);
  void record(const Field& field, const Place& place, FieldError error);

  std::vector<Completed> complete(const Field& field, std::span<const Slot> slots);
  void gather(const Field& field, const TypeRef& type, const Slot& slot, std::vector<Found>& found);
  std::vector<CompletedObject> complete_objects(const Field& field, const std::vector<Found>& found);
  const TypeDefinition* concrete_type(const Field& field, const Slot& slot);
  Completed build(const Field& field, const TypeRef& type, const Slot& slot, Objects& objects);
  Completed build_nullable(const Field& field, const TypeRef& type, const Slot& slot, Objects& objects);
  Completed build_list(const Field& field, const TypeRef& item, const Slot& slot, Objects& objects);
  Completed build_leaf(const Field& field, const Slot& slot);

  const Value* introspected(const std::string& text);
  const Value* without_deprecated(const Value& list);

  const Execution& execution_;
  ErrorLog errors_;
  WorkBudget budget_;
  std::deque<Place> item_places_;  ///< A stack with stable addresses: nodes of the levels below point into it.
  std::deque<Value> owned_;        ///< Values made here that slots point to.
  std::map<std::string, Value, std::less<>> introspected_;  ///< By type text; "" is the schema.
};

}  // namespace holdfast::graphql
