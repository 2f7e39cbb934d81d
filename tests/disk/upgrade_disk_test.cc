// The disk loses power, or fails, at every call of an upgrade: the file is the old one or the new one, whole, and opening it
// again gives every row and every unsent change.
#include <gtest/gtest.h>

#include "client/storage/sqlite/sqlite_storage.h"
#include "model/testing.h"
#include "tests/disk/upgrade_run.h"

namespace holdfast::disk {
namespace {

using client::Operation;
using client::Storage;
using client::Transaction;
using holdfast::testing::record;
using sqlite::testing::Fault;

constexpr int rows = 60;

const Schema& before() {
  static const Schema schema = holdfast::testing::blog_schema();
  return schema;
}

/// A field more for Post and another type for one of it, one less for Comment, whose table is made anew; Seat is gone.
const Schema& after() {
  static const Schema schema = [] {
    auto made = holdfast::testing::blog_schema();
    made.models[0].fields.push_back(holdfast::testing::scalar("subtitle", Scalar::string));
    made.models[0].fields[2].scalar = Scalar::floating;
    auto& comment = made.models[1].fields;
    comment.erase(comment.begin() + 2);
    made.models.pop_back();
    return made;
  }();
  return schema;
}

Result<std::unique_ptr<Storage>> open(const Schema& schema, const std::string& path) {
  UpgradePolicy policy;
  policy.on_loss = [](const auto&) { return UpgradeDecision::drop_what_is_lost; };
  return client::open_sqlite_storage(schema, {.path = path, .upgrade = std::move(policy)});
}

/// Rows that the service has, rows that wait to be sent, removed ones; most of it in the write-ahead log.
Result<void> fill(Storage& storage) {
  const auto& post = before().models[0];
  const auto& comment = before().models[1];
  return storage.write([&](Transaction& to) -> Result<void> {
    for (int at = 0; at < rows; ++at) {
      const auto id = std::to_string(at);
      const Metadata known{.version = at % 3};
      HOLDFAST_TRY(posted, to.put(record(post, {{"id", id}, {"title", std::string(200, 't')}, {"rating", at}}), known));
      HOLDFAST_TRY(said, to.put(record(comment, {{"id", id}, {"content", "c"}, {"postCommentsId", id}}), known));
      HOLDFAST_TRY(sat, to.put(record(before().models[2], {{"city", id}, {"row", at}}), known));
      if (at % 3 != 0) continue;
      HOLDFAST_TRY(entry, to.append({.model = &post, .key = Key{{Value(id)}}, .operation = Operation::create,
                                     .changes = {{1, std::string(200, 't')}, {2, at}}}));
    }
    return to.erase(post, Key{{Value("1")}}, {.version = 4, .is_deleted = true});
  });
}

const UpgradeRun& upgrade() {
  static const UpgradeRun run(
      [](const std::string& path) {
        HOLDFAST_ASSERT(fill(*open(before(), path).value()).has_value(), "the old file is written");
      },
      [](const std::string& path) { return open(after(), path).has_value(); });
  return run;
}

/// Opens it with the new schema.
void expect_upgraded(const std::string& path) {
  const auto opened = open(after(), path);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ((*opened)->count(after().models[0], {}).value(), rows - 1U);
  EXPECT_EQ((*opened)->count(after().models[1], {}).value(), std::size_t{rows});
  EXPECT_EQ((*opened)->outbox_size().value(), rows / 3U);
}

TEST(UpgradeDisk, APowerCutLeavesTheOldFileOrTheNewOne) {
  upgrade().fail_at_some(80, {Fault::power_cut}, expect_upgraded);
}

TEST(UpgradeDisk, AFailureLeavesTheOldFileOrTheNewOne) {
  upgrade().fail_at_some(30, {Fault::io_error, Fault::disk_full}, expect_upgraded);
}

}  // namespace
}  // namespace holdfast::disk
