// Claims: what a token says of its user.
#pragma once

#include <optional>

#include "holdfast/auth.h"
#include "protocol/documents.h"

namespace holdfast::auth {

/// When it says that it ends; nothing when it says nothing that can be read. Its signature is not looked at: that is the
/// service's.
std::optional<Instant> expiry_of(const AuthToken& token);

/// The owner that subscriptions to the model must name: of users who may hear of their own records only, by a rule whose
/// owner field is one user. As the published clients: members of a group that a rule names need none, of several
/// owner rules the last counts.
std::optional<protocol::OwnerArgument> owner_argument(const ModelSchema& model, AuthMode mode, const AuthToken& token);

}  // namespace holdfast::auth
