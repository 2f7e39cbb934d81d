// The answers of the author's mutations, for those who subscribe to them.
#pragma once

#include <vector>

#include "server/parts.h"
#include "server/realtime/dispatch.h"

namespace holdfast::server {

/// Of the operation's mutations those that the author wrote and somebody listens to, in the order of the answer; but
/// none that failed or gave null. Members stand under the names of their fields: what the document asked for twice,
/// with other arguments, as it asked for it first. Where a field is of an interface or union,
/// its members are known only if `__typename` was asked for, as the published statements do.
std::vector<AnsweredMutation> answered_mutations(Server::Parts& parts, const Running& running,
                                                 const graphql::Response& response);

}  // namespace holdfast::server
