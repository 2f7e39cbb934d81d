// A backend that is killed has every write that it acknowledged.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "server/store/sqlite/log_testing.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/store_folder.h"
#include "server/store/store_contract.h"
#include "sqlite/connection.h"

namespace holdfast::server {
namespace {

constexpr int keys = 5;
constexpr int writers = 3;
constexpr std::size_t acknowledged_min = 200;  // Then the writer is killed, wherever it is.

Schema counters() {
  ModelSchema model;
  model.name = "Counter";
  model.primary_key = {"id"};
  model.fields.resize(2);
  model.fields[0].name = "id";
  model.fields[1].name = "count";
  model.fields[1].scalar = Scalar::integer;
  Schema schema;
  schema.models = {model};
  return schema;
}

/// A write that the child reported after put() had returned.
struct Acknowledged {
  std::int32_t key = 0;
  std::int32_t version = 0;
};

Record counter(const ModelSchema& model, std::int32_t key, std::int64_t count) {
  Record record(model);
  record["id"] = std::to_string(key);
  record["count"] = count;
  return record;
}

/// Writes version after version of keys of its own; each put of a key that stands moves on from there.
void write_for_ever(Store& store, const ModelSchema& model, int writer, int pipe_out) {
  std::array<std::int32_t, keys> versions{};
  for (int turn = 0;; ++turn) {
    const int slot = turn % keys;
    const int key = writer * keys + slot;
    auto& version = versions[static_cast<std::size_t>(slot)];
    const auto outcome = store.put({counter(model, key, version + 1), version});
    if (!outcome || outcome->kind != PutOutcome::Kind::written) _exit(1);
    const Acknowledged done{key, ++version};
    if (write(pipe_out, &done, sizeof done) != sizeof done) _exit(2);
  }
}

[[noreturn]] void run_child(const std::string& path, int pipe_out) {
  const Schema schema = counters();
  StillClock clock;
  auto store = open_sqlite_store(schema, clock, path);
  if (!store) _exit(3);
  std::vector<std::thread> threads;
  for (int writer = 1; writer < writers; ++writer) {
    threads.emplace_back([&, writer] { write_for_ever(**store, schema.models[0], writer, pipe_out); });
  }
  write_for_ever(**store, schema.models[0], 0, pipe_out);
  std::abort();
}

/// Kills a writing child after a while; what it had reported by then, newest version a key.
std::map<std::int32_t, std::int32_t> acknowledged_before_kill(const std::string& path) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    run_child(path, ends[1]);
  }
  close(ends[1]);
  std::map<std::int32_t, std::int32_t> newest;
  Acknowledged one;
  std::size_t count = 0;
  while (read(ends[0], &one, sizeof one) == sizeof one) {  // Ends when the child is gone and its pipe is empty.
    newest[one.key] = std::max(newest[one.key], one.version);
    if (++count == acknowledged_min) kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
  EXPECT_GE(count, acknowledged_min);
  return newest;
}

TEST(SqliteStoreCrash, HasEveryAcknowledgedWriteAfterAKill) {
  const StoreFolder folder;
  const Schema schema = counters();
  StillClock clock;
  for (int round = 0; round < 5; ++round) {
    const std::string path = folder.file() + std::to_string(round);
    const auto newest = acknowledged_before_kill(path);
    const auto store = open_sqlite_store(schema, clock, path).value();
    for (const auto& [key, version] : newest) {
      const auto image = store->get(schema.models[0], Key{{Value(std::to_string(key))}}).value();
      ASSERT_TRUE(image.has_value()) << key;
      EXPECT_GE(image->metadata.version, version);
      EXPECT_EQ(image->record, counter(schema.models[0], key, image->metadata.version));
    }
    auto raw = sqlite::Connection::open({.path = path}).value();
    EXPECT_EQ(raw.integer_of("SELECT count(*) FROM changes").value(),
              raw.integer_of("SELECT sum(version) FROM records").value());
    EXPECT_EQ(damage_of_log(raw), "");
  }
}

}  // namespace
}  // namespace holdfast::server
