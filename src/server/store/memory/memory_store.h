// A Store in memory: for tests and the simulation.
#pragma once

#include <memory>

#include "base/clock.h"
#include "server/store/store.h"

namespace holdfast::server {

/// `schema` and `clock` must outlive it.
std::unique_ptr<Store> memory_store(const Schema& schema, Clock& clock);

}  // namespace holdfast::server
