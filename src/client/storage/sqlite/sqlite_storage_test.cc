// What is particular to the SQLite file: reopening, damage, and its description in the docs.
#include "client/storage/sqlite/sqlite_storage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "client/storage/sqlite/layout.h"
#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sql_bounds.h"
#include "client/storage/sqlite/sql_writer.h"
#include "sqlite/connection.h"

namespace holdfast::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ModelSchema model(std::string name, std::vector<FieldSchema> fields) {
  ModelSchema made{.name = std::move(name), .plural_name = "Things"};
  made.fields = std::move(fields);
  made.primary_key = {"id"};
  return made;
}

Schema notes() {
  Schema schema;
  schema.models = {model("Note", {{.name = "id", .scalar = Scalar::id}, {.name = "text"}, {.name = "stars", .scalar = Scalar::integer}})};
  schema.models[0].indexes = {{.name = "byStars", .fields = {"stars"}}};
  schema.version = "1";
  return schema;
}

Record note(const Schema& schema, std::string_view id, std::string_view text) {
  Record record(schema.models[0]);
  record["id"] = id;
  record["text"] = text;
  return record;
}

class SqliteFile : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return folder_.file("notes.db"); }
  Result<std::unique_ptr<Storage>> open(const Schema& schema) {
    return open_sqlite_storage(schema, {.path = path(), .syncs_every_commit = false});
  }
  /// What is left of a store in which these notes were saved.
  void leave(const Schema& schema, const std::vector<std::string>& ids) {
    const auto storage = open(schema).value();
    const auto done = storage->write([&](Transaction& transaction) -> Result<void> {
      for (const auto& id : ids) {
        const auto put = transaction.put(note(schema, id, "kept"), {.version = 3});
        if (!put) return put;
      }
      return {};
    });
    ASSERT_TRUE(done);
  }
  std::vector<std::string> ids(Storage& storage, const Schema& schema) {
    std::vector<std::string> found;
    EXPECT_TRUE(storage.query(schema.models[0], {}, [&found](Record& row) { found.push_back(*row["id"].as_string()); }));
    return found;
  }
  void expect_refused(const Schema& schema, const std::string& reason) {
    const auto opened = open(schema);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::schema_error);
    EXPECT_THAT(opened.error().message, HasSubstr(reason));
    EXPECT_THAT(opened.error().message, HasSubstr(path()));
  }

  ScratchFolder folder_;
};

OutboxEntry entry_for(const Schema& schema, std::string_view id) {
  return {.model = &schema.models[0], .key = Key{{Value(id)}}, .changes = {{1, "x"}}};
}

TEST_F(SqliteFile, KeepsEverythingWhenReopened) {
  const auto schema = notes();
  std::int64_t last = 0;
  {
    const auto storage = open(schema).value();
    ASSERT_TRUE(storage->write([&](Transaction& transaction) -> Result<void> {
      EXPECT_TRUE(transaction.put(note(schema, "a", "text"), {.version = 2}));
      EXPECT_TRUE(transaction.erase(schema.models[0], Key{{"b"}}, {.version = 5, .is_deleted = true}));
      EXPECT_TRUE(transaction.set_setting("device", "d1"));
      last = transaction.append(entry_for(schema, "a")).value();
      return transaction.drop(last);
    }));
  }
  const auto storage = open(schema).value();
  EXPECT_EQ(storage->find(schema.models[0], Key{{"a"}})->record, note(schema, "a", "text"));
  EXPECT_EQ(storage->find(schema.models[0], Key{{"b"}})->metadata.version, 5);
  ASSERT_TRUE(storage->write([&](Transaction& transaction) -> Result<void> {
    EXPECT_EQ(transaction.setting("device").value(), "d1");
    EXPECT_GT(transaction.append(entry_for(schema, "a")).value(), last) << "ids are not used twice";
    EXPECT_EQ(transaction.put_newer({note(schema, "b", ""), {.version = 5}}).value(), Put::stale);
    return {};
  }));
}

TEST_F(SqliteFile, KeepsLazyCommitsWhenReopened) {
  const auto schema = notes();
  {
    const auto storage = open_sqlite_storage(schema, {.path = path(), .syncs_every_commit = true}).value();
    for (const auto commit : {Commit::lazy, Commit::durable, Commit::lazy}) {
      ASSERT_TRUE(storage->write(commit, [&](Transaction& transaction) {
        return transaction.put(note(schema, commit == Commit::lazy ? "lazy" : "durable", "row"), {});
      }));
    }
  }
  const auto storage = open(schema).value();
  EXPECT_THAT(ids(*storage, schema), ElementsAre("lazy", "durable"));
}

// What it takes would be in a file that nobody opens again.
TEST_F(SqliteFile, TakesNothingWhileItsFileIsGoneOrAnother) {
  const auto schema = notes();
  const auto aside = folder_.file("aside.db");
  const auto storage = open(schema).value();
  const auto put = [&](const char* id) {
    return storage->write([&](Transaction& transaction) { return transaction.put(note(schema, id, "x"), {}); });
  };
  const auto expect_gone = [&](const Result<void>& refused) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::storage_failed);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr(path()), HasSubstr("open the DataStore anew")));
  };
  ASSERT_TRUE(put("before"));
  std::filesystem::rename(path(), aside);
  expect_gone(put("while it is moved"));
  expect_gone(storage->clear());
  std::ofstream(path()) << "another file";
  expect_gone(put("while another is there"));
  std::filesystem::rename(aside, path());
  EXPECT_TRUE(put("after it came back"));
  EXPECT_THAT(ids(*storage, schema), ElementsAre("before", "after it came back"));
  std::filesystem::remove(path());
  expect_gone(put("after it was deleted"));
}

TEST_F(SqliteFile, OpensAfterItsProcessWasKilledInTheMiddleOfATransaction) {
  const auto schema = notes();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto storage = open(schema).value();
    const auto put = [&](Transaction& transaction, const char* id) { return transaction.put(note(schema, id, "x"), {}); };
    storage->write([&](Transaction& transaction) { return put(transaction, "committed"); }).ignore("seen below");
    storage->write([&](Transaction& transaction) {
      put(transaction, "lost").ignore("seen below");
      _exit(put(transaction, "lost too") ? 0 : 1);
      return Result<void>();
    }).ignore("never returns");
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  const auto storage = open(schema).value();
  EXPECT_THAT(ids(*storage, schema), ElementsAre("committed"));
}

TEST_F(SqliteFile, ReadersInOtherThreadsSeeWholeTransactions) {
  const auto schema = notes();
  const auto storage = open(schema).value();
  std::vector<std::size_t> seen;
  std::thread reader([&] {
    while (seen.empty() || seen.back() < 40) seen.push_back(ids(*storage, schema).size());
  });
  for (int pair = 0; pair < 20; ++pair) {
    EXPECT_TRUE(storage->write([&](Transaction& transaction) -> Result<void> {
      EXPECT_TRUE(transaction.put(note(schema, "a" + std::to_string(pair), ""), {}));
      return transaction.put(note(schema, "b" + std::to_string(pair), ""), {});
    }));
  }
  reader.join();
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_TRUE(std::all_of(seen.begin(), seen.end(), [](std::size_t rows) { return rows % 2 == 0; }));
}

TEST_F(SqliteFile, TwoStoragesOfOneFileSeeEachOthersTombstones) {
  const auto schema = notes();
  const auto one = open(schema).value();
  const auto other = open(schema).value();
  const auto put_newer = [&](Storage& storage, const SyncedRecord& synced) {
    Put answer = Put::stale;
    EXPECT_TRUE(storage.write([&](Transaction& transaction) -> Result<void> {
      answer = transaction.put_newer(synced).value();
      return {};
    }));
    return answer;
  };
  EXPECT_EQ(put_newer(*one, {note(schema, "a", ""), {.version = 1}}), Put::inserted) << "it knows of no tombstone";
  EXPECT_EQ(put_newer(*other, {note(schema, "b", ""), {.version = 7, .is_deleted = true}}), Put::inserted);
  EXPECT_EQ(put_newer(*one, {note(schema, "b", ""), {.version = 7}}), Put::stale);
}

// --- other schemas: upgrade_test.cc has the rest ---------------------------------------------------------------

// L16
TEST_F(SqliteFile, TakesOverNewModelsNewNullableFieldsAndOtherIndexes) {
  auto schema = notes();
  leave(schema, {"b", "a"});
  schema.models.push_back(model("Tag", {{.name = "id", .scalar = Scalar::id}}));
  schema.models[0].fields.insert(schema.models[0].fields.begin() + 1, {.name = "colour"});
  schema.models[0].indexes = {{.name = "byColour", .fields = {"colour", "stars"}}};
  schema.version = "2";
  const auto storage = open(schema).value();
  EXPECT_THAT(ids(*storage, schema), ElementsAre("b", "a"));
  EXPECT_EQ(storage->find(schema.models[0], Key{{"a"}})->record, note(schema, "a", "kept"));
  auto file = sqlite::Connection::open({.path = path()}).value();
  EXPECT_EQ(*file.text_of("SELECT group_concat(name) FROM sqlite_master WHERE name LIKE 'Note.%'"), "Note.byColour");
}

TEST_F(SqliteFile, FindsTheChildrenOfARecordByAnIndex) {
  auto schema = notes();
  schema.models[0].fields.push_back({.name = "parentId", .scalar = Scalar::id});
  schema.models[0].relations = {{.name = "parent", .target = "Note", .keys = {"parentId"}, .target_keys = {"id"}}};
  leave(schema, {"a"});
  auto file = sqlite::Connection::open({.path = path()}).value();
  auto indexes = file.prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND name = 'Note.parent'").value();
  EXPECT_TRUE(*indexes.step());
}

// L17
TEST_F(SqliteFile, RefusesTheFileOfAnotherApplicationAndOfANewerHoldfast) {
  {
    auto file = sqlite::Connection::open({.path = path()}).value();
    ASSERT_TRUE(file.run("CREATE TABLE t(a)"));
  }
  expect_refused(notes(), "another application");
  {
    auto file = sqlite::Connection::open({.path = path()}).value();
    ASSERT_TRUE(file.run("DROP TABLE t"));
  }
  leave(notes(), {});
  {
    auto file = sqlite::Connection::open({.path = path()}).value();
    ASSERT_TRUE(file.run("PRAGMA user_version = " + std::to_string(layout_version + 1)));
  }
  expect_refused(notes(), "newer Holdfast");
}

TEST_F(SqliteFile, RefusesNamesThatSqliteCannotTellApart) {
  auto schema = notes();
  schema.models[0].fields.push_back({.name = "Text"});
  EXPECT_THAT(open(schema).error().message, HasSubstr("text and Text differ in case only"));
  schema = notes();
  schema.models.push_back(model("NOTE", {{.name = "id"}}));
  EXPECT_THAT(open(schema).error().message, HasSubstr("differs from Note in case only"));
  schema = notes();
  schema.models[0].fields.push_back({.name = "_version"});
  EXPECT_THAT(open(schema).error().message, HasSubstr("_version is reserved"));
  schema = notes();
  schema.models[0].name = "Holdfast_Outbox";
  EXPECT_EQ(open(schema).error().code, Code::schema_error);
}

// --- damage --------------------------------------------------------------------------------------------------

TEST_F(SqliteFile, AListThatIsNoJsonIsCorrupt) {
  auto schema = notes();
  schema.models[0].fields.push_back({.name = "tags", .is_list = true});
  leave(schema, {"a"});
  {
    auto file = sqlite::Connection::open({.path = path()}).value();
    ASSERT_TRUE(file.run("UPDATE Note SET tags = '[1,'"));
  }
  const auto storage = open(schema).value();
  const auto error = storage->find(schema.models[0], Key{{"a"}}).error();
  EXPECT_EQ(error.code, Code::corrupt);
  EXPECT_THAT(error.message, HasSubstr("Note.tags"));
}

// Nothing writes it: it could not be sent to the service.
TEST_F(SqliteFile, AnUnsentConditionThroughARelationIsCorrupt) {
  const auto schema = notes();
  const auto storage = open(schema).value();
  const OutboxEntry entry{.model = &schema.models[0], .key = {{"a"}}, .changes = {}, .condition = Predicate::related("of", {})};
  const auto read = storage->write([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(id, transaction.append(entry));
    HOLDFAST_TRY(entries, transaction.entries(0, 1));
    return {};
  });
  EXPECT_EQ(read.error().code, Code::corrupt);
  EXPECT_THAT(read.error().message, HasSubstr("through a relation"));
}

// --- SQL -----------------------------------------------------------------------------------------------------

TEST(SqlWriter, WritesOrderSoThatAnIndexRemainsUsableAndExactlyBelowNot) {
  const auto schema = notes();
  const auto table = model_table(schema.models[0]).value();
  const auto more = Predicate::compare("stars", Op::gt, {3});
  Sql plain;
  write_condition(more, table, plain);
  EXPECT_EQ(plain.text, R"((m."stars" > ?))");
  Sql negated;
  write_condition(Predicate::negation(more), table, negated);
  EXPECT_EQ(negated.text, R"(NOT (ifnull(m."stars" > ?, 0)))");
}

TEST(SqlWriter, LeavesWhatSqliteCannotParseToTheEvaluator) {
  auto deep = Predicate::compare("stars", Op::gt, {3});
  EXPECT_TRUE(fits_sql(deep));
  for (int level = 0; level < 30; ++level) deep = Predicate::negation(std::move(deep));
  EXPECT_FALSE(fits_sql(deep));
  EXPECT_FALSE(fits_sql(Predicate::any_of(std::vector<Predicate>(1000, Predicate::compare("stars", Op::eq, {3})))));
  EXPECT_FALSE(fits_sql(Predicate::compare("stars", Op::in, std::vector<Value>(2000, Value(1)))));
}

// ST45
TEST_F(SqliteFile, PredicatesBeyondSqlsLimitsAreStillPaged) {
  const auto schema = notes();
  leave(schema, {"d", "c", "b", "a"});
  const auto storage = open(schema).value();
  const auto wide = Predicate::compare("id", Op::in, std::vector<Value>(2000, Value("c")));
  auto where = Predicate::negation(wide);
  std::vector<std::string> found;
  const auto sink = [&found](Record& row) { found.push_back(*row["id"].as_string()); };
  ASSERT_TRUE(storage->query(schema.models[0], {.where = where, .sort = {{"id"}}, .limit = 2, .page = 0}, sink));
  EXPECT_THAT(found, ElementsAre("a", "b"));
  ASSERT_TRUE(storage->query(schema.models[0], {.where = where, .sort = {{"id"}}, .limit = 2, .page = 1}, sink));
  EXPECT_THAT(found, ElementsAre("a", "b", "d"));
}

// --- docs ----------------------------------------------------------------------------------------------------

// L18
TEST_F(SqliteFile, IsDescribedColumnByColumn) {
  leave(notes(), {});
  std::ifstream page("docs/formats/device.md");
  ASSERT_TRUE(page) << "the test runs in the project's folder";
  std::stringstream text;
  text << page.rdbuf();
  auto file = sqlite::Connection::open({.path = path()}).value();
  auto names = file.prepare("SELECT m.name, c.name, c.type FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
                            " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
                            " UNION SELECT name, name, '' FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
                   .value();
  int columns = 0;
  for (; *names.step(); ++columns) {
    const std::string table(names.column_text(0));
    const std::string column(names.column_text(1));
    if (table.starts_with("Note") && !column.starts_with("_")) continue;  // The user's own words.
    EXPECT_THAT(text.str(), HasSubstr("`" + column + "`")) << table;
    const auto& heading = table.starts_with("Note") ? column : table;
    EXPECT_THAT(text.str(), HasSubstr("`" + heading + "`"));
  }
  EXPECT_GT(columns, 15);
  for (const auto form : {ColumnForm::integer, ColumnForm::floating, ColumnForm::boolean, ColumnForm::text, ColumnForm::json}) {
    EXPECT_THAT(text.str(), HasSubstr("`" + std::string(declared_type(form)) + "`"));
  }
}

}  // namespace
}  // namespace holdfast::client
