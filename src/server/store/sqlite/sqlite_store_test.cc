#include "server/store/sqlite/sqlite_store.h"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "server/store/sqlite/store_folder.h"
#include "server/store/store_contract.h"
#include "sqlite/connection.h"

namespace holdfast::server {
namespace {

class File final : public StorePlace {
 public:
  Result<std::unique_ptr<Store>> open(const Schema& schema, Clock& clock) override {
    return open_sqlite_store(schema, clock, folder_.file());
  }
  [[nodiscard]] bool keeps_its_content() const override { return true; }

 private:
  StoreFolder folder_;
};

class SharedMemory final : public StorePlace {
 public:
  Result<std::unique_ptr<Store>> open(const Schema& schema, Clock& clock) override {
    return open_sqlite_store(schema, clock, "file:contract?vfs=memdb");
  }
  [[nodiscard]] bool keeps_its_content() const override { return false; }
};

const auto kinds = testing::Values(StoreKind{"File", [] { return std::make_unique<File>(); }},
                                   StoreKind{"Memdb", [] { return std::make_unique<SharedMemory>(); }});
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, kinds, name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, IndexContract, kinds, name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, TrimContract, kinds, name_of);
// A database in memory is read by the connection that writes it, whose statements nothing may end.
const auto file_only = testing::Values(StoreKind{"File", [] { return std::make_unique<File>(); }});
INSTANTIATE_TEST_SUITE_P(Sqlite, DeadlineContract, file_only, name_of);

Schema notes_with(const std::vector<std::string>& fields) {
  ModelSchema model;
  model.name = "Note";
  model.primary_key = {"id"};
  for (const std::string& name : fields) model.fields.emplace_back().name = name;
  Schema schema;
  schema.models = {model};
  return schema;
}

class SqliteStoreFile : public testing::Test {
 protected:
  [[nodiscard]] Result<std::unique_ptr<Store>> open(const std::string& path) {
    return open_sqlite_store(schema_, clock_, path);
  }
  [[nodiscard]] Result<std::unique_ptr<Store>> open() { return open(folder_.file()); }
  [[nodiscard]] sqlite::Connection raw() const { return sqlite::Connection::open({.path = folder_.file()}).value(); }

  StoreFolder folder_;
  Schema schema_ = notes_with({"id", "text"});
  StillClock clock_;
};

TEST_F(SqliteStoreFile, SaysThatTheFolderIsMissing) {
  const auto opened = open(folder_.file() + ".d/backend.db");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::storage_failed);
  EXPECT_THAT(opened.error().message, testing::HasSubstr("backend.db.d/backend.db"));
  EXPECT_THAT(opened.error().message, testing::HasSubstr("folder must exist"));
}

TEST_F(SqliteStoreFile, SaysThatTheFileIsNoDatabase) {
  std::ofstream(folder_.file()) << std::string(5000, 'x');
  EXPECT_EQ(open().error().code, Code::corrupt);
}

TEST_F(SqliteStoreFile, SaysThatTheFileCannotBeWritten) {
  open().value().reset();
  const auto opened = open("file:" + folder_.file() + "?mode=ro");  // Holds for every user, as permissions do not.
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::storage_failed);
  EXPECT_THAT(opened.error().message, testing::HasSubstr("must be writable"));
}

TEST_F(SqliteStoreFile, AcknowledgesNothingThatIsWrittenToAFileThatIsGone) {
  const auto store = open().value();
  Record note(schema_.models.front());
  const auto put = [&](const char* id) {
    note["id"] = id;
    return store->put({.record = note});
  };
  ASSERT_TRUE(put("before"));
  const auto aside = folder_.file() + ".aside";
  std::filesystem::rename(folder_.file(), aside);
  for (const bool is_replaced : {false, true}) {
    if (is_replaced) std::ofstream(folder_.file()) << "another";
    EXPECT_EQ(put("meanwhile").error().code, Code::storage_failed);
    EXPECT_THAT(store->set_setting("a", "b").error().message, testing::HasSubstr("was taken away or replaced"));
  }
  std::filesystem::rename(aside, folder_.file());
  EXPECT_TRUE(put("after"));
  EXPECT_EQ(store->list(schema_.models.front(), {})->images.size(), 2U);
}

TEST_F(SqliteStoreFile, LeavesAForeignDatabaseAlone) {
  ASSERT_TRUE(raw().run("CREATE TABLE theirs(a); INSERT INTO theirs VALUES(1)"));
  EXPECT_EQ(open().error().code, Code::schema_error);
  EXPECT_EQ(raw().text_of("PRAGMA journal_mode").value(), "delete");
  EXPECT_EQ(raw().integer_of("SELECT count(*) FROM sqlite_master").value(), 1);
}

TEST_F(SqliteStoreFile, RefusesANewerFormat) {
  open().value().reset();
  ASSERT_TRUE(raw().run("PRAGMA user_version=3"));
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::schema_error);
  EXPECT_THAT(opened.error().message, testing::HasSubstr("format 3, this Holdfast knows formats 1 to 2"));
}

TEST_F(SqliteStoreFile, SaysThatAnImageIsDamaged) {
  const auto store = open().value();
  Record note(schema_.models[0]);
  note["id"] = "a";
  ASSERT_TRUE(store->put({note, 0}));
  ASSERT_TRUE(raw().run("UPDATE records SET image = '['"));
  EXPECT_EQ(store->get(schema_.models[0], note.key()).error().code, Code::corrupt);
}

TEST_F(SqliteStoreFile, KeepsAPutFromTakingItsNeighboursWithIt) {
  const auto store = open().value();
  // A fault that strikes one record only.
  ASSERT_TRUE(
      raw().run("CREATE TRIGGER fault BEFORE INSERT ON changes WHEN new.key = '[\"bad\"]' "
                "BEGIN SELECT raise(ABORT, 'struck'); END"));
  std::vector<std::thread> writers;
  std::atomic<int> failed = 0;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        Record note(schema_.models[0]);
        note["id"] = t == 0 ? "bad" : std::to_string(t * 100 + i);
        if (!store->put({note, 0})) ++failed;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(failed, 20);
  EXPECT_EQ(store->list(schema_.models[0], {}).value().images.size(), 60U);
  EXPECT_EQ(raw().integer_of("SELECT count(*) FROM changes").value(), 60);
}

TEST_F(SqliteStoreFile, KeepsAWorkThatFailsFromTakingItsNeighboursWithIt) {
  const auto store = open().value();
  ASSERT_TRUE(
      raw().run("CREATE TRIGGER fault BEFORE INSERT ON changes WHEN new.key = '[\"bad\"]' "
                "BEGIN SELECT raise(ABORT, 'struck'); END"));
  std::vector<std::string> heard;
  store->on_commit([&](const ChangeEntry& change) { heard.push_back(*change.image.record["id"].as_string()); });
  std::vector<int> runs(3);
  std::vector<std::function<void()>> works;
  for (const std::size_t at : {0U, 1U, 2U}) {
    works.emplace_back([&, at] {
      ++runs[at];
      for (const auto* id : at == 1 ? std::vector{"before", "bad", "after"} : std::vector{at == 0 ? "a" : "b"}) {
        Record note(schema_.models[0]);
        note["id"] = id;
        EXPECT_EQ(store->put({note, 0}).has_value(), at != 1 || std::string_view(id) == "before");
      }
    });
  }
  const auto kept = store->put_together(works);
  EXPECT_TRUE(kept[0]);
  EXPECT_EQ(kept[1].error().code, Code::storage_failed);
  EXPECT_TRUE(kept[2]);
  EXPECT_THAT(heard, testing::ElementsAre("a", "b"));
  EXPECT_THAT(runs, testing::ElementsAre(2, 2, 1));  // What comes after the one that fails had not begun.
  EXPECT_EQ(raw().integer_of("SELECT count(*) FROM records").value(), 2);
}

TEST_F(SqliteStoreFile, CommitsWhatIsPutTogetherAtOnce) {
  const auto store = open().value();
  std::vector<std::function<void()>> works;
  for (int at = 0; at < 50; ++at) {
    works.emplace_back([&, at] {
      Record note(schema_.models[0]);
      note["id"] = std::to_string(at);
      EXPECT_TRUE(store->put({note, 0}));
      EXPECT_EQ(raw().integer_of("SELECT count(*) FROM records").value(), 0);
    });
  }
  EXPECT_EQ(store->put_together(works).size(), 50U);
  EXPECT_EQ(raw().integer_of("SELECT count(*) FROM records").value(), 50);
}

TEST_F(SqliteStoreFile, KeepsItsRowsWhenTheSchemaChanges) {
  Record note(schema_.models[0]);
  note["id"] = "a";
  note["text"] = "kept";
  ASSERT_TRUE(open().value()->put({note, 0, false, "m1"}));
  const Schema renamed = notes_with({"id", "title"});
  {
    const auto store = open_sqlite_store(renamed, clock_, folder_.file()).value();
    const auto image = store->get(renamed.models[0], note.key()).value();
    EXPECT_EQ(image->record["id"], Value("a"));
    EXPECT_TRUE(image->record["title"].is_null());
  }
  const Schema without;
  EXPECT_FALSE(open_sqlite_store(without, clock_, folder_.file()).value()->find_mutation("m1").value().has_value());
  EXPECT_EQ(open().value()->get(schema_.models[0], note.key()).value()->record, note);
}

TEST_F(SqliteStoreFile, DropsAnIndexOfBeforeThatWritesPaidFor) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(raw().run("CREATE INDEX changes_by_model ON changes(model)"));
  ASSERT_TRUE(open());
  EXPECT_EQ(raw().integer_of("SELECT count(*) FROM sqlite_master WHERE name = 'changes_by_model'").value(), 0);
}

TEST_F(SqliteStoreFile, KeepsAWriteAheadLog) {
  const auto store = open().value();
  EXPECT_EQ(raw().text_of("PRAGMA journal_mode").value(), "wal");
}

TEST_F(SqliteStoreFile, IsBackedUpWhileItIsWritten) {
  const auto store = open().value();
  std::atomic<int> written = 0;
  std::thread writer([&] {
    for (; written < 100; ++written) {
      Record note(schema_.models[0]);
      note["id"] = std::to_string(written);
      if (!store->put({note, 0})) return;
    }
  });
  std::vector<std::string> copies;
  do {
    copies.push_back(folder_.file() + std::to_string(copies.size()));
    EXPECT_TRUE(store->backup(copies.back()));
  } while (written < 100 && copies.size() < 5);
  writer.join();
  for (const auto& copy : copies) {
    const auto opened = open(copy).value();
    const auto records = opened->list(schema_.models[0], {.limit = 1000}).value().images.size();
    const auto changes = opened->changed_since(schema_.models[0], {}, 1000, "").value().images.size();
    EXPECT_EQ(records, changes);
  }
}

// The page docs/formats/backend.md against the file.

using Columns = std::map<std::string, std::vector<std::string>>;

/// "`a` ..." -> "a".
std::string code_in(const std::string& cell) {
  const auto open = cell.find('`');
  return open == std::string::npos ? std::string() : cell.substr(open + 1, cell.find('`', open + 1) - open - 1);
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line.substr(1));
  for (std::string cell; std::getline(text, cell, '|');) cells.push_back(cell);
  return cells;
}

struct Page {
  Columns tables;                 ///< "name TYPE" of each column.
  std::set<std::string> indexes;  ///< "name over".
};

Page documented() {
  std::ifstream file("docs/formats/backend.md");
  EXPECT_TRUE(file) << "tests run in the project's folder";
  Page page;
  std::string table;
  bool is_in_indexes = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) {
      table = line.starts_with("## Table ") ? code_in(line) : "";
      is_in_indexes = line == "## Indexes";
    }
    if (!line.starts_with("| `")) continue;
    const auto cells = cells_of(line);
    if (is_in_indexes) page.indexes.insert(code_in(cells[0]) + " " + code_in(cells[1]));
    if (!table.empty()) page.tables[table].push_back(code_in(cells[0]) + cells[1]);
  }
  return page;
}

std::vector<std::string> rows_of(sqlite::Connection& connection, std::string_view sql) {
  std::vector<std::string> rows;
  auto statement = connection.prepare(sql).value();
  while (statement.step().value()) rows.emplace_back(statement.column_text(0));
  return rows;
}

TEST_F(SqliteStoreFile, IsAsItsPageDescribes) {
  open().value().reset();
  auto connection = raw();
  Page made;
  for (const auto& table : rows_of(connection,
                                   "SELECT name FROM sqlite_master WHERE type = 'table' AND "
                                   "name NOT LIKE 'sqlite_%'")) {
    made.tables[table] =
        rows_of(connection, "SELECT name || ' ' || type || ' ' FROM pragma_table_info('" + table + "')");
  }
  for (const auto& index : rows_of(connection,
                                   "SELECT name || ' ' || tbl_name || '(' || (SELECT group_concat(name, ', ')"
                                   " FROM pragma_index_info(m.name)) || ')' FROM sqlite_master m "
                                   "WHERE type = 'index' AND name NOT LIKE 'sqlite_%'")) {
    made.indexes.insert(index);
  }
  EXPECT_EQ(made.tables, documented().tables);
  EXPECT_EQ(made.indexes, documented().indexes);
}

}  // namespace
}  // namespace holdfast::server
