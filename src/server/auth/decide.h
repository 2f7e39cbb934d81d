// The one decision point: may this caller do that, and with which records. Every read, write and delivery asks here;
// resolve/admit.h carries the answer out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "holdfast/predicate.h"
#include "holdfast/schema.h"
#include "server/auth/caller.h"

namespace holdfast::server {

/// `call`: an operation of the author's own, or one that nobody serves; it has no model.
enum class Operation : std::uint8_t { get, list, sync, create, update, remove, listen, call };

/// What is asked: lives as long as the call.
struct Question {
  const Caller& caller;
  Operation operation = Operation::get;
  const ModelSchema* model = nullptr;  ///< Whose records are read or written.
  std::string_view type = {};          ///< Which field of the API leads there.
  std::string_view field = {};
  /// Writes: the fields that the input names. Reads of a guarded field: that one. Otherwise empty.
  std::vector<std::string> fields = {};
};

/// `rows` is of the record as it is stored: which may be read, changed, deleted, delivered, or shown in a refusal.
/// `written` is of a record as it is about to be stored. Both are of one record alone.
struct Decision {
  bool is_allowed = true;
  Predicate rows = {};
  Predicate written = {};
};

/// A port. Thread-safe.
class Decider {
 public:
  virtual ~Decider() = default;
  [[nodiscard]] virtual Decision decide(const Question& question) const = 0;
  /// Whether reading this field of a model's type is a question of its own, asked of every record that shows it.
  [[nodiscard]] virtual bool guards(std::string_view type, std::string_view field) const = 0;
};

/// Every accepted caller may do everything: rules of schemas are not read yet.
const Decider& accepted_may_all() noexcept;

}  // namespace holdfast::server
