// A mutation as it was read, and what became of it when it met another version than it was made on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/resolve/filter.h"
#include "server/resolve/request.h"

namespace holdfast::server {

/// The arguments of a mutation, understood.
struct Writing {
  const ModelSchema* model = nullptr;
  Key key = {};
  Object input = {};
  Patch changes = {};
  std::int64_t version = 0;  ///< 0 when absent, which AppSync's resolvers take for a conflict too.
  Filter condition = {};
  std::string mutation_id = {};
  bool has_made_key = false;  ///< The client left the key to us.
};

/// How a conflict was settled.
struct Settlement {
  enum class Outcome : std::uint8_t {
    merged,    ///< Automerge made one record of the two.
    resolved,  ///< The handler said what to write.
    removed,   ///< The handler said that the record is to be deleted.
    refused,   ///< The stored record stays: ConflictUnhandled.
    failed,    ///< The handler could not be asked, or its answer could not be used.
  };
  Outcome outcome = Outcome::refused;
  ConflictRule rule = {};
  Image stored = {};                   ///< What the mutation met.
  std::optional<Record> base = {};     ///< The record at the client's version, when the change log has it.
  std::optional<Record> record = {};   ///< What to write: merged, resolved, removed.
  graphql::FieldError refusal = {};    ///< What to answer: refused, failed.
  std::string reason = {};             ///< failed: why, for the backend's people.
};

}  // namespace holdfast::server
