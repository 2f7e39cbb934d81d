// Resolvers that write: create, update, delete (spec/conflict.md sections 3 and 4).
#pragma once

#include <string>

#include "server/resolve/request.h"

namespace holdfast::server {

/// `mutation_id` names this write through all its repetitions; empty when the client gave no name. Code of the
/// Error besides those of Store: unavailable, when others kept changing the record.
Answer create(const Asked& asked, const std::string& mutation_id);
Answer update(const Asked& asked, const std::string& mutation_id);
Answer remove(const Asked& asked, const std::string& mutation_id);

}  // namespace holdfast::server
