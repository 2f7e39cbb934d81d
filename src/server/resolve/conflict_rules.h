// Which rule settles the conflicts of a model.
#pragma once

#include <string_view>

#include "server/server.h"

namespace holdfast::server {

/// The model's own rule, or the project's.
ConflictRule rule_of(const ServerOptions& options, const ModelSchema& model);

/// Whether a mutation may wait for a function.
bool may_ask_functions(const ServerOptions& options);

/// Whether every rule can hold: its model exists, a custom one names a function and there is somebody to call it, and
/// `none` stands for the whole project or not at all. Code: invalid_argument, naming the rule and the remedy.
Result<void> check_rules(const Schema& schema, const ServerOptions& options, bool has_functions);

/// "automerge", "optimistic", "none", "custom".
std::string_view name(ConflictStrategy strategy) noexcept;

}  // namespace holdfast::server
