// Resolving and completing fields level by level (October 2021, section 6.4): the inside of execute.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/completed.h"
#include "graphql/execute.h"
#include "graphql/field_errors.h"
#include "graphql/kept.h"
#include "graphql/plan.h"

namespace holdfast::graphql {

/// What a field costs before its first value: documents of fragments that multiply make many fields of few values.
inline constexpr std::size_t field_steps = 20;

/// An object whose fields are wanted, and where it stands (null for the root).
struct Node {
  const Value* value = nullptr;       ///< Of a row: null until it is asked for.
  const Place* place = nullptr;
  const RowsPage* page = nullptr;     ///< Has one more member; `value` has the others.
  const json::Rows* rows = nullptr;   ///< It is the row `row` of these.
  std::size_t row = 0;
};

/// One run of one operation. Not thread-safe; used by one thread. What it completes refers to it.
class Completion {
 public:
  explicit Completion(const Execution& execution);

  /// What the operation asks of its root.
  Completed data(const TypeDefinition& type, const Value& root);

  [[nodiscard]] const ErrorLog& errors() const noexcept { return errors_; }
  /// About how long the answer's text will be; what is wrong costs time, not truth.
  [[nodiscard]] std::size_t text_bytes() const noexcept { return text_bytes_; }
  [[nodiscard]] bool is_exhausted() const noexcept { return budget_.is_spent(); }

 private:
  /// A field at its level: what is the same for all its parents.
  struct Field {
    const TypeDefinition& parent;
    const PlannedField& planned;
    const FieldGroup& group = planned.group;
    const TypeDefinition& named = *planned.named;
    int depth = 0;
  };
  /// A resolved value and where it goes; neither value nor rows where an error stands already.
  struct Slot {
    const Value* value = nullptr;
    const Place* place = nullptr;
    const RowsPage* page = nullptr;    ///< As Node's.
    const json::Rows* rows = nullptr;  ///< The list of all of these.
  };
  /// An object inside a resolved value, with its concrete type; null when that could not be told.
  struct Found {
    Node node = {};
    const TypeDefinition* type = nullptr;
  };
  /// The objects of all slots, in the order in which `build` meets them, completed.
  struct Objects {
    std::vector<Completed> completed = {};
    std::size_t next = 0;
  };

  /// The fields that are planned for `type`, for all `nodes`: one object a node, or lost, in order. Every field is
  /// resolved and completed, with everything below it, before the next: so mutations run one after the other.
  std::vector<Completed> fields(const TypeDefinition& type, const Plan& plan, std::span<Node> nodes, int depth);
  /// Plans one level now, with the variables; null when that fails, with an error for each of `nodes`.
  const Plan* plan_now(const TypeDefinition& type, SelectionSets sets, std::span<const Node> nodes);
  /// Of the objects of `type` inside of `field`.
  const Plan* plan_inside(const Field& field, const TypeDefinition& type, std::span<const Node> nodes);
  /// `values`: where its values go, one a node; lost until then.
  void complete_field(const Field& field, std::span<Node> nodes, std::span<Completed> values);
  std::vector<Completed> resolve(const Field& field, std::span<Node> nodes);
  std::vector<Outcome> outcomes_of(const FieldCall& call, std::span<Node> nodes);
  void read_members(const Field& field, std::span<const Node> nodes, std::span<Completed> values);
  std::vector<Completed> resolve_meta(const Field& field, std::span<const Node> nodes);
  std::vector<Completed> fail(const Field& field, std::span<const Node> nodes, const RequestError& problem);
  void record(const Field& field, const Place& place, FieldError error);
  static std::vector<Place> places_of(const Field& field, std::span<const Node> nodes);

  std::vector<Completed> complete(const Field& field, std::span<const Slot> slots);
  void gather(const Field& field, const TypeRef& type, const Slot& slot, std::vector<Found>& found);
  std::vector<Completed> complete_objects(const Field& field, const std::vector<Found>& found);
  const TypeDefinition* concrete_type(const Field& field, const Slot& slot);
  Completed build(const Field& field, const TypeRef& type, const Slot& slot, Objects& objects);
  Completed build_nullable(const Field& field, const TypeRef& type, const Slot& slot, Objects& objects);
  Completed build_list(const Field& field, const TypeRef& item, const Slot& slot, Objects& objects);
  static Completed next_object(Objects& objects);

  // complete_rows.cc
  static const json::Rows* rows_of(std::span<const Node> nodes);
  std::optional<std::size_t> kept_column(const Field& field, const json::Rows& rows) const;
  static bool is_each_kept(const Field& field, const json::Rows& rows, std::size_t column);
  std::optional<std::size_t> kept_member(const Field& field, const json::Rows* rows);
  void note_text(const json::Rows& rows, std::size_t column);
  const Level* whole_rows(const Field& field, const json::Rows& rows);
  void gather_rows(const Field& field, const Slot& slot, std::vector<Found>& found);
  Completed build_rows(const TypeRef& item, const Slot& slot, Objects& objects);

  // complete_leaves.cc
  void read_leaves(const Field& field, std::span<const Node> nodes, std::span<Completed> values);
  static bool is_kept(const Field& field, const json::Cell& cell);
  static bool is_kept(const Field& field, const json::Seen& seen);
  static bool is_kept(const Field& field, const Value& value);
  Completed build_leaf(const Field& field, const Slot& slot);

  const Value* introspected(const std::string& text);
  const Value* without_deprecated(const Value& list);

  const Execution& execution_;
  ErrorLog errors_;
  WorkBudget budget_;
  Kept<Place> item_places_;  ///< A stack: nodes of the levels below point into it.
  Kept<Value> owned_;        ///< Values made here that slots and what is completed point to.
  // What is completed points into these, too; none is changed once it is there.
  Kept<std::vector<Outcome>> outcomes_;
  Kept<std::vector<Completed>> lists_;
  Kept<Level> levels_;
  Kept<Plan> plans_;
  std::size_t text_bytes_ = 0;
  std::map<std::string, Value, std::less<>> introspected_;  ///< By type text; "" is the schema.
};

}  // namespace holdfast::graphql
