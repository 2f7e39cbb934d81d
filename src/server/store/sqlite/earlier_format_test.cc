// Files of format 1: brought to the present format when they are opened for writing, and read as they are by what only reads.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "server/store/sqlite/format_testing.h"
#include "server/store/sqlite/journal.h"
#include "server/store/sqlite/layout.h"
#include "server/store/sqlite/log_testing.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/store_folder.h"
#include "server/store/store_contract.h"

namespace holdfast::server {
namespace {

using testing::HasSubstr;

using Tables = std::map<std::string, std::string>;

/// The SQL of everything in the file by name, however its lines are broken.
Tables tables_of(sqlite::Connection& connection) {
  auto statement = connection.prepare("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").value();
  Tables tables;
  while (statement.step().value()) {
    std::string sql(statement.column_text(1));
    sql.erase(std::remove_if(sql.begin(), sql.end(), [](char each) { return each == ' ' || each == '\n'; }), sql.end());
    tables.emplace(statement.column_text(0), sql);
  }
  return tables;
}

class EarlierFormat : public testing::Test {
 protected:
  EarlierFormat() { write_format_1(folder_.file()); }

  [[nodiscard]] Result<std::unique_ptr<Store>> open(const std::string& path) {
    return open_sqlite_store(schema_, clock_, path);
  }
  [[nodiscard]] sqlite::Connection raw() const { return sqlite::Connection::open({.path = folder_.file()}).value(); }
  /// The versions of a record that the store still finds, each with the text that was written with it.
  [[nodiscard]] static std::vector<std::int64_t> versions(Store& store, const ModelSchema& model, const std::string& id) {
    std::vector<std::int64_t> found;
    for (std::int64_t version = 0; version < 50; ++version) {
      const auto image = store.image_at(model, key_of(id), version).value();
      if (!image) continue;
      EXPECT_EQ(image->metadata.version, version);
      EXPECT_EQ(image->record["text"], Value(id + std::to_string(version)));
      found.push_back(version);
    }
    return found;
  }
  static std::vector<std::int64_t> range(std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> all;
    for (auto version = first; version <= last; ++version) all.push_back(version);
    return all;
  }

  StoreFolder folder_;
  Schema schema_ = schema_of_format_1();
  const ModelSchema& notes_ = schema_.models[0];
  StillClock clock_;
};

TEST_F(EarlierFormat, BecomesThePresentOne) {
  ASSERT_TRUE(open(folder_.file()));
  const StoreFolder other;
  ASSERT_TRUE(open(other.file()));
  auto fresh = sqlite::Connection::open({.path = other.file()}).value();
  auto connection = raw();
  EXPECT_EQ(tables_of(connection), tables_of(fresh));
  EXPECT_EQ(connection.integer_of("PRAGMA user_version").value(), 2);
  EXPECT_EQ(connection.integer_of("SELECT count(*) FROM changes").value(), 46);
  EXPECT_EQ(damage_of_log(connection), "");
}

TEST_F(EarlierFormat, KeepsEveryVersionAndMutation) {
  const auto store = open(folder_.file()).value();
  EXPECT_EQ(versions(*store, notes_, "old"), range(18, 21));
  EXPECT_EQ(versions(*store, notes_, "new"), range(1, 35));
  EXPECT_EQ(versions(*store, notes_, "gone"), range(1, 2));
  EXPECT_EQ(versions(*store, notes_, "back"), range(1, 3));
  EXPECT_EQ(versions(*store, schema_.models[1], "old"), range(1, 2));
  EXPECT_TRUE(store->get(notes_, key_of("gone")).value()->metadata.is_deleted);
  EXPECT_TRUE(store->image_at(notes_, key_of("back"), 2).value()->metadata.is_deleted);
  EXPECT_EQ(store->find_mutation("other:3").value()->metadata.version, 35);
  EXPECT_FALSE(store->find_mutation("device:15").value().has_value());
  EXPECT_EQ(store->conflicts({}).value().size(), 1U);
}

TEST_F(EarlierFormat, IsWrittenAndTrimmedOn) {
  const auto store = open(folder_.file()).value();
  Record note(notes_);
  note["id"] = "new";
  note["text"] = "new36";
  const auto outcome = store->put({note, 35}).value();
  EXPECT_EQ(outcome.kind, PutOutcome::Kind::written);
  EXPECT_EQ(versions(*store, notes_, "new"), range(1, 36));
  const auto end = outcome.image.metadata.last_changed_at;
  while (store->trim({&notes_}, {end, end, 7}).value()) {
  }
  EXPECT_EQ(versions(*store, notes_, "new"), range(35, 36));
  EXPECT_EQ(versions(*store, notes_, "old"), range(21, 21));
  EXPECT_EQ(versions(*store, notes_, "gone"), range(1, 0));
  EXPECT_EQ(versions(*store, schema_.models[1], "old"), range(1, 2));
  auto connection = raw();
  EXPECT_EQ(damage_of_log(connection), "");
}

TEST_F(EarlierFormat, IsReadAsItIsByWhatDoesNotServeIt) {
  const auto conflicts = read_conflicts_of(folder_.file(), {}).value();
  ASSERT_EQ(conflicts.size(), 1U);
  EXPECT_EQ(conflicts.front().result_version, 35);
  auto connection = raw();
  EXPECT_TRUE(has_layout(connection).value());
  EXPECT_EQ(connection.integer_of("PRAGMA user_version").value(), 1);
}

TEST_F(EarlierFormat, StaysWhenItsLogCannotBeBroughtOn) {
  ASSERT_TRUE(raw().run("DROP INDEX changes_by_version"));
  const auto opened = open(folder_.file());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr(folder_.file()));
  auto connection = raw();
  EXPECT_EQ(connection.integer_of("PRAGMA user_version").value(), 1);
  EXPECT_THAT(tables_of(connection).at("changes"), testing::Not(HasSubstr("previous")));
}

TEST_F(EarlierFormat, OneBeforeTheFirstIsRefused) {
  ASSERT_TRUE(raw().run("PRAGMA user_version=0"));
  const auto opened = open(folder_.file());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::schema_error);
  EXPECT_THAT(opened.error().message, HasSubstr("has format 0"));
}

}  // namespace
}  // namespace holdfast::server
