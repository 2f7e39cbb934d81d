// What the three mutations share: reading their arguments, and writing until nobody came in between.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "server/resolve/settlement.h"

namespace holdfast::server {


/// The arguments, or a refusal. `key` is taken from the input; nothing when it is not whole.
std::variant<Writing, graphql::FieldError> writing_of(const Asked& asked, const std::string& mutation_id);

/// What to do after having seen what is stored: write, or answer at once; and the conflict that this settles.
struct Verdict {
  std::variant<ConditionalPut, graphql::Outcome> action;
  std::optional<Settlement> settlement = {};
};
/// An Error gives up.
using Judge = std::function<Result<Verdict>(const std::optional<Image>& stored)>;

/// Reads, judges, writes; again from the start when the record changed in between. A mutation id that has been
/// written before is answered with its record. What became of a conflict goes into the journal afterwards.
/// Codes: those of Store; unavailable after too many rounds.
Answer write(const Asked& asked, const Writing& writing, const Judge& judge);

/// Whether the condition holds for what is stored; a tombstone counts as absent.
bool condition_holds(const Writing& writing, const std::optional<Image>& stored);

/// The refusals of spec/conflict.md section 3. Without versions both are the same, as DynamoDB has one word for them,
/// and have no data: the published resolvers give it with versions only.
graphql::FieldError existence_failed(const Backend& backend, const std::optional<Image>& stored);
graphql::FieldError condition_failed(const Backend& backend, const std::optional<Image>& stored);

/// A required field that would become null, as AppSync words it; nothing when all is well.
std::optional<graphql::FieldError> missing_field(const Writing& writing, const Record& record,
                                                 const std::optional<Image>& stored);

/// Sets the service's own timestamp field to now, unless the input, which only authors of such a field can, says
/// otherwise. `name` may be empty.
void stamp(const Asked& asked, const Writing& writing, const std::string& name, Record& record);

/// What a create leaves to the service: a field `id` that is not the key, and the timestamps, both of one instant.
void complete_created(const Asked& asked, const Writing& writing, Record& record);

}  // namespace holdfast::server
