// What introspection says of a conversation with a language model: a mutation with @conversation keeps the
// talk in two models that nobody writes, and answers come over a subscription.
#pragma once

#include <string>

#include "holdfast/value.h"

namespace holdfast::codegen {

/// `send`: the mutation, as introspection has it, whose name is `route`.
Object conversation_json(const std::string& route, Object send);

}  // namespace holdfast::codegen
