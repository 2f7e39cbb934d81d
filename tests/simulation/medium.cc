#include "tests/simulation/medium.h"

#include <utility>

#include "client/storage/memory/memory_storage.h"
#include "client/storage/sqlite/sqlite_storage.h"

namespace holdfast::simulation {
namespace {

Medium files_medium() {
  // Shared: the folder stays as long as anybody may open a file in it.
  const auto files = std::make_shared<Files>();
  Medium out;
  out.open = [files](const Schema& schema) {
    return client::open_sqlite_storage(schema, {.path = files->uri("device.db")});
  };
  out.can_change_schema = true;
  out.power = {files, &files->disk};
  return out;
}

}  // namespace

std::string memory_database(const std::string& name) {
  // Databases in memory of one name are shared within the process.
  static std::uint64_t made = 0;
  return "file:/holdfast-sim-" + std::to_string(++made) + "-" + name + "?vfs=memdb";
}

Medium medium(MediumKind kind, const std::string& name) {
  if (kind == MediumKind::file_sqlite) return files_medium();
  if (kind == MediumKind::memory) return {[](const Schema& schema) { return client::memory_storage(schema); }};
  const auto open = [path = memory_database(name)](const Schema& schema) {
    return client::open_sqlite_storage(schema, {.path = path});
  };
  return {open, true};
}

}  // namespace holdfast::simulation
