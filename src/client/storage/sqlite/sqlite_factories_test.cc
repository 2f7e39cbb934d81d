#include <gtest/gtest.h>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "client/storage/storage_contract.h"

namespace holdfast::client {
namespace {

std::unique_ptr<Storage> opened(const Schema& schema, const std::string& path) {
  auto storage = open_sqlite_storage(schema, {.path = path, .syncs_every_commit = false});
  EXPECT_TRUE(storage) << (storage ? "" : storage.error().message);
  return storage ? std::move(*storage) : nullptr;
}

std::unique_ptr<Storage> in_file(const Schema& schema) {
  static const ScratchFolder folder;
  static int files = 0;
  return opened(schema, folder.file(std::to_string(++files) + ".db"));
}

std::unique_ptr<Storage> in_memory(const Schema& schema) {
  static int databases = 0;
  return opened(schema, "file:/contract" + std::to_string(++databases) + "?vfs=memdb");
}

}  // namespace

std::vector<StorageFactory> storage_factories() {
  return {{.name = "SqliteFile", .open = in_file},
          {.name = "SqliteInMemory", .open = in_memory, .reads_beside_writer = false}};
}

}  // namespace holdfast::client
