// The one file of the client that knows net and the kinds of storage: it puts a DataStore together.
#include <string>
#include <utility>

#include "client/device.h"
#include "client/storage/memory/memory_storage.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "holdfast/datastore.h"
#include "net/loop.h"

namespace holdfast {
namespace {

Result<std::unique_ptr<client::Storage>> open_storage(const Schema& schema, const StoreOptions& options) {
  if (options.path.empty()) return client::memory_storage(schema);
  return client::open_sqlite_storage(schema, {.path = options.path,
                                              .syncs_every_commit = options.durability == Durability::full,
                                              .upgrade = options.upgrade});
}

}  // namespace

Result<DataStore> DataStore::open(const Schema& schema, StoreOptions options) {
  if (options.delivery == Delivery::on_executor && !options.executor) {
    return Error{Code::invalid_argument, "Delivery::on_executor needs StoreOptions::executor"};
  }
  HOLDFAST_TRY(storage, open_storage(schema, options));
  // Shared: the device holds it once as its clock and once as its transport.
  const auto loop = std::make_shared<net::Loop>();
  DevicePorts ports;
  ports.clock = loop;
  ports.transport = loop;
  ports.random = system_random();
  ports.log = std::shared_ptr<Log>(std::shared_ptr<Log>(), &silent_log());  // Never destroyed; nothing to share.
  ports.storage = std::move(storage);
  return DataStore(std::make_unique<Device>(schema, std::move(ports), std::move(options)));
}

}  // namespace holdfast
