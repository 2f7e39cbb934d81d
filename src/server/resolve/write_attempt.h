// What the three mutations share: reading their arguments, and writing until nobody came in between.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

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

/// The arguments, or a refusal. `key` is taken from the input; nothing when it is not whole.
std::variant<Writing, graphql::FieldError> writing_of(const Asked& asked, const std::string& mutation_id);

/// What to do after having seen what is stored: write, answer at once, or (Error) give up.
using Verdict = std::variant<ConditionalPut, graphql::Outcome>;
using Judge = std::function<Result<Verdict>(const std::optional<Image>& stored)>;

/// Reads, judges, writes; again from the start when the record changed in between. A mutation id that has been
/// written before is answered with its record. Codes: those of Store; unavailable after too many rounds.
Answer write(const Backend& backend, const Writing& writing, const Judge& judge);

/// Whether the condition holds for what is stored; a tombstone counts as absent.
bool condition_holds(const Writing& writing, const std::optional<Image>& stored);

/// The refusals of spec/conflict.md sections 3 and 4.
graphql::FieldError existence_failed(const std::optional<Image>& stored);
graphql::FieldError condition_failed(const std::optional<Image>& stored);
graphql::FieldError conflict_unhandled(const Image& stored);

/// A required field that would become null, as AppSync words it; nothing when all is well.
std::optional<graphql::FieldError> missing_field(const Writing& writing, const Record& record,
                                                 const std::optional<Image>& stored);

/// Now, as the model's timestamp field holds it.
Value timestamp_for(const FieldSchema& field, Instant now);

}  // namespace holdfast::server
