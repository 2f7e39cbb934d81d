// Medium: what a device's storage is written on, and how it is opened again after a crash or with another schema.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/storage.h"
#include "sqlite/testing/fault_disk.h"

namespace holdfast::simulation {

/// Files whose unsynced writes a power cut takes.
struct Files {
  client::ScratchFolder folder;
  sqlite::testing::FaultDisk disk;

  /// How SQLite opens the file of this name.
  [[nodiscard]] std::string uri(const std::string& name) const { return disk.uri(folder.file(name)); }
};

struct Medium {
  /// Opens it with this schema, which outlives the storage; what was written before is there. Codes: those of
  /// open_sqlite_storage().
  std::function<Result<std::unique_ptr<client::Storage>>(const Schema&)> open;
  bool can_change_schema = false;   ///< Opened anew, it may be opened with a newer schema.
  /// Files whose unsynced writes a power cut takes. Null: whatever was written stays. The storage must be closed before
  /// the power is restored.
  std::shared_ptr<sqlite::testing::FaultDisk> power = {};  // Shared: with `open`.
};

/// Of a device's storage, and of the backend's store.
enum class MediumKind : std::uint8_t {
  memory,         ///< The memory storage or store: fast, what most seeds run on.
  memory_sqlite,  ///< SQLite on a database in memory.
  file_sqlite,    ///< SQLite on files whose power may be cut.
};

/// `name` tells devices of one world apart.
Medium medium(MediumKind kind, const std::string& name);

/// Where SQLite keeps a database in memory of this name; unique a call.
std::string memory_database(const std::string& name);

}  // namespace holdfast::simulation
