// A store of the models in src/codegen/testdata/relations, on memory and on a file, whose outbox a test may look into.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "client/device.h"
#include "client/storage/memory/memory_storage.h"
#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "client/testing.h"
#include "holdfast/datastore.h"
#include "src/codegen/testdata/relations/models.h"

namespace holdfast::client::testing {

class RelationsTest : public ::testing::TestWithParam<const char*> {
 protected:
  RelationsTest() {
    const std::string file = GetParam();
    auto made = file.empty() ? memory_storage(relations::schema())
                             : open_sqlite_storage(relations::schema(),
                                                   {.path = folder.file(file), .syncs_every_commit = false})
                                   .value();
    storage = made.get();
    DevicePorts ports;
    ports.clock = std::make_shared<HandClock>();
    ports.random = std::make_shared<CountingRandom>();
    ports.log = std::shared_ptr<Log>(std::shared_ptr<Log>(), &silent_log());
    ports.storage = std::move(made);
    store.emplace(std::make_unique<Device>(relations::schema(), std::move(ports), StoreOptions{}));
  }

  template <Model M>
  M save(const M& instance) { return store->save(instance).value(); }

  /// As sync brings it: perhaps before its parent.
  template <Model M>
  M arrive(const M& instance) {
    EXPECT_TRUE(storage->write([&](client::Transaction& open) -> Result<void> {
      HOLDFAST_TRY(put, open.put_newer({instance.to_record(), metadata(1)}));
      return {};
    }));
    return instance;
  }

  /// What waits to be sent, in order: `create Post p1`, `delete PostTag …`. Keys with their parts.
  std::vector<std::string> outbox() {
    std::vector<std::string> lines;
    EXPECT_TRUE(storage->write([&lines](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(entries, transaction.entries(0, 100'000));
      for (const auto& entry : entries) {
        std::string line = std::string(name(entry.operation)) + " " + entry.model->name;
        for (const auto& part : entry.key.parts) line += " " + (part.as_string() ? *part.as_string() : json::write(part));
        lines.push_back(std::move(line));
      }
      return {};
    }));
    return lines;
  }
  /// As after a sync: nothing waits.
  void empty_outbox() {
    ASSERT_TRUE(storage->write([](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(entries, transaction.entries(0, 100'000));
      for (const auto& entry : entries) {
        HOLDFAST_TRY(acknowledged, transaction.find(*entry.model, entry.key));
        HOLDFAST_TRY(put, transaction.put(*acknowledged.record, metadata(1)));
        HOLDFAST_TRY(dropped, transaction.drop(entry.id));
      }
      return {};
    }));
  }

  const ScratchFolder folder;
  client::Storage* storage = nullptr;  // The store's.
  std::optional<DataStore> store;      // Absent once a test has destroyed it.
};

inline std::string store_name(const ::testing::TestParamInfo<const char*>& tested) {
  return *tested.param == '\0' ? "Memory" : "Sqlite";
}

/// One text of each record.
template <class Range, class Member>
std::vector<std::string> texts(const Range& records, Member member) {
  std::vector<std::string> found;
  for (const auto& record : records) found.push_back(record.*member);
  return found;
}

}  // namespace holdfast::client::testing
