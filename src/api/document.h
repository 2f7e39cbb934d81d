// The GraphQL API of a schema: types, inputs, filters, operations (spec/transformer.md §1–3, §12).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "graphql/ast.h"
#include "holdfast/schema.h"
#include "schema/schema_reader.h"

namespace holdfast::api {

struct Options {
  bool is_versioned = true;  ///< Records carry versions: with every conflict strategy but none.
  std::vector<schema::AuthMode> modes = {};  ///< The default one first. Empty: API key, and what the rules ask for.
};

/// "apiKey", "userPools", "iam", "oidc" or "lambda".
std::optional<schema::AuthMode> auth_mode_named(std::string_view word) noexcept;

/// The complete API as a type-system document: what introspection shows and requests are validated against.
graphql::SchemaDocument document(const schema::Reading& reading, const Options& options);
/// Of the models alone: no rules, no types and fields of the author's own.
graphql::SchemaDocument document(const Schema& schema, const Options& options = {});

}  // namespace holdfast::api
