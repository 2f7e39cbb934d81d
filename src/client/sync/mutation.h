// An outbox entry as a request.
#pragma once

#include <string>

#include "client/storage/storage.h"
#include "protocol/documents.h"

namespace holdfast::sync {

protocol::MutationKind mutation_kind(client::Operation operation) noexcept;

/// The mutation that carries the entry to the service, given what is stored now: a create without a version, an
/// update or a removal with the newest one. A change of a composite sort key takes the key's other members along,
/// because the service needs them together.
protocol::Mutation mutation_of(const client::OutboxEntry& entry, const client::Stored& stored);

}  // namespace holdfast::sync
