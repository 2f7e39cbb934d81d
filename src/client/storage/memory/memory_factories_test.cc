#include "client/storage/memory/memory_storage.h"
#include "client/storage/storage_contract.h"

namespace holdfast::client {

std::vector<StorageFactory> storage_factories() {
  return {{.name = "Memory", .open = [](const Schema& schema) { return memory_storage(schema); }}};
}

}  // namespace holdfast::client
