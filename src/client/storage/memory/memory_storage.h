// A Storage in memory: for local-only use, tests and the simulation.
#pragma once

#include <memory>

#include "client/storage/storage.h"

namespace holdfast::client {

/// Keeps everything until destroyed. `schema` must outlive it.
std::unique_ptr<Storage> memory_storage(const Schema& schema);

}  // namespace holdfast::client
