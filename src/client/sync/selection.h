// Selection: what of each model this device keeps. The sync expressions, once they have been evaluated.
#pragma once

#include <map>
#include <string>

#include "holdfast/predicate.h"
#include "holdfast/record.h"

namespace holdfast::sync {

/// A model without an expression is kept whole. One whose expression could not be evaluated is left alone: what there is of
/// it stays, nothing of it is fetched or subscribed to, its changes are sent. A regular value; not thread-safe.
class Selection {
 public:
  /// False, and nothing changes, when the model has an expression already. `where` has passed `check` for one record alone.
  bool choose(const ModelSchema& model, Predicate where);
  bool leave_alone(const ModelSchema& model);

  /// Always true for a model that is kept whole or left alone.
  [[nodiscard]] const Predicate& where(const ModelSchema& model) const;
  /// Every row of the model is kept.
  [[nodiscard]] bool keeps_all(const ModelSchema& model) const { return where(model).is_always(); }
  /// No row of the model can be kept: there is nothing to ask for.
  [[nodiscard]] bool keeps_none(const ModelSchema& model) const;
  [[nodiscard]] bool leaves_alone(const ModelSchema& model) const;
  /// Times are compared as texts, as the service does.
  [[nodiscard]] bool keeps(const Record& record) const;

  friend bool operator==(const Selection&, const Selection&) = default;

 private:
  struct Chosen {
    Predicate where = {};
    bool is_left_alone = false;
    friend bool operator==(const Chosen&, const Chosen&) = default;
  };
  std::map<std::string, Chosen, std::less<>> models_;  ///< By name; only what is not simply kept whole.
};

}  // namespace holdfast::sync
