// ConflictHandler: a project's own function that settles conflicts, asked as AppSync asks a Lambda.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/resolve/settlement.h"

namespace holdfast::server {

/// One a mutation. The event and the answers are those of AppSync's developer guide ("Conflict detection and
/// resolution", Lambdas; spec/conflict.md §4.3); docs/decisions/0019 says what it leaves open. Not thread-safe.
class ConflictHandler {
 public:
  /// `function` outlives it, as do the others.
  ConflictHandler(const Asked& asked, const Writing& writing, const std::string& function);

  /// What the function said. `write` comes with the record, `failed` with the type and message of the error.
  struct Said {
    enum class Kind : std::uint8_t { write, remove, reject, failed };
    Kind kind = Kind::reject;
    std::optional<Record> record = {};
    std::string error_type = {};
    std::string message = {};  ///< For the client.
    std::string reason = {};   ///< For the backend's people.
  };
  /// Asks about an update, or a delete when there is no `preview` of the record that the update would make. To be asked
  /// again with a newer `stored` when the record has moved on meanwhile, at most ten times.
  Said ask(const Image& stored, const std::optional<Record>& preview);

 private:
  [[nodiscard]] Value event(const Image& stored, const std::optional<Record>& preview) const;
  [[nodiscard]] Said read(const Value& answer, const Image& stored, bool is_update) const;
  [[nodiscard]] Result<Record> record_of(const Object& item, const Image& stored) const;

  const Asked& asked_;
  const Writing& writing_;
  const std::string& function_;
  int asks_ = 0;
  Tick first_asked_{};
};

}  // namespace holdfast::server
