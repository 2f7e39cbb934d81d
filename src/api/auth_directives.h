// The part of the API that rules decide: @aws_* directives, owner arguments, and what subscriptions can be filtered by
// (spec/transformer.md sections 5 and 12).
#pragma once

#include "api/basis.h"

namespace holdfast::api {

/// Completes `document`, which has all types of the API, as the rules of the schema say.
void apply_auth(const Basis& basis, graphql::SchemaDocument& document);

/// The same for schemas of the older dialect, whose rules are looked at one by one.
void apply_older_auth(const Basis& basis, graphql::SchemaDocument& document);

}  // namespace holdfast::api
