// Admission: carries a decision out on the records that a resolver reads and writes. Resolvers may narrow what they
// read by the decision, which is cheaper; nothing that they forget passes here.
#pragma once

#include <span>
#include <vector>

#include "server/resolve/request.h"
#include "server/resolve/write_attempt.h"

namespace holdfast::server {

/// What the decision point is asked of this field.
Question question_of(const Caller& caller, const Route& route, const graphql::FieldCall& call);

/// Takes out of the answers what the decision does not admit: items leave their page, a record that was asked for by
/// its key is refused, one that a relation or a delivery leads to is null, a refusal loses the record that it shows.
void admit(const Asked& asked, std::vector<graphql::Outcome>& outcomes);

/// The judge, asked only of stored records that the caller may change; what it wants to write must be admitted too.
Judge admitting(const Asked& asked, Judge judge);

/// Whether the predicate holds for the record that this object shows. What the object does not have is null.
bool holds(const Predicate& predicate, const ModelSchema& model, const Value& object);

/// The values of a guarded field of these records, each decided on its own.
std::vector<graphql::Outcome> guarded_members(const Backend& backend, const Caller& caller,
                                              const graphql::FieldCall& call, std::span<const Value* const> parents);

graphql::FieldError not_authorized(const graphql::FieldCall& call);

}  // namespace holdfast::server
