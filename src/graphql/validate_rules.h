// The families of validation rules and what they share; only validate*.cc include this.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graphql/ast.h"
#include "graphql/type_system.h"
#include "graphql/validate.h"
#include "graphql/walk.h"

namespace holdfast::graphql {

/// One document under validation: its fragments by name, the errors so far, and how much work may still be done.
/// Of two fragments with one name the later counts. Not thread-safe; used by one thread.
class Validation {
 public:
  Validation(const TypeSystem& types, const Document& document);

  const TypeSystem& types;
  const Document& document;

  [[nodiscard]] const Fragment* fragment(std::string_view name) const noexcept;
  /// The spreads of a selection set and of the selection sets inside it, not following fragments.
  const std::vector<const Selection*>& spreads(const std::vector<Selection>& selections);
  /// The fragments that `selections` reach, directly or through others, each once. Spends a step a spread.
  std::vector<const Fragment*> reachable(const std::vector<Selection>& selections);

  /// Keeps at most error_count_max errors, then one that says so.
  void report(std::string message, std::vector<Location> locations);
  /// Takes `steps` from the budget that bounds comparisons. False when it is used up, which is reported once; the
  /// caller then returns, and the document counts as invalid.
  bool spend(std::size_t steps);
  /// Uses the whole budget up, for a document that nests too deep to go on. Always false.
  bool give_up();

  [[nodiscard]] std::vector<RequestError> take_errors() { return std::move(errors_); }

 private:
  std::map<std::string_view, const Fragment*> fragments_;
  std::map<const std::vector<Selection>*, std::vector<const Selection*>> spreads_;
  std::vector<RequestError> errors_;
  std::size_t budget_;
  bool is_over_ = false;
};

/// Reports each argument name that is given more than once (UniqueArgumentNames).
void check_unique_arguments(Validation& validation, const Arguments& arguments);

void check_operations(Validation& validation);     ///< names, the lone anonymous one, subscriptions' single field
void check_fields(Validation& validation);         ///< fields, leaves, arguments of fields
void check_fragments(Validation& validation);      ///< names, types, use, possible spreads, cycles
void check_directives(Validation& validation);     ///< known, unique, well placed, their arguments
void check_values(Validation& validation);         ///< literals and input objects
void check_variables(Validation& validation);      ///< names, types, definition, use, position
void check_overlaps(Validation& validation);       ///< fields of one response name can be merged
void check_introspection(Validation& validation);  ///< lists of types within lists of types

}  // namespace holdfast::graphql
