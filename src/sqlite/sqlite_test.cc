// The sqlite room: connections, statements, transactions, and what errors look like.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "sqlite/backup.h"
#include "sqlite/connection.h"
#include "sqlite/seal.h"
#include "sqlite/transaction_scope.h"

namespace holdfast::sqlite {
namespace {

class Sqlite : public testing::Test {
 protected:
  Sqlite() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() / ("holdfast_sqlite_" + std::to_string(getpid()) + test->name());
    std::filesystem::create_directories(folder_);
  }
  ~Sqlite() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return folder_ / "test.db"; }
  [[nodiscard]] Connection open(Access access = Access::create) const {
    return Connection::open({.path = path(), .access = access, .busy_timeout = Milliseconds(0)}).value();
  }

  std::filesystem::path folder_;
};

TEST_F(Sqlite, BindsAndReadsEveryKind) {
  auto connection = open();
  auto statement = connection.prepare("SELECT ?1, ?2, ?3, ?4, ?5, ?6").value();
  const std::string text("a\0b", 3);
  for (int round = 0; round < 2; ++round) {
    statement.bind(1, std::numeric_limits<std::int64_t>::min());
    statement.bind(2, 0.1);
    statement.bind(3, text);
    statement.bind(4, std::string_view());
    statement.bind(5, nullptr);
    statement.bind_blob(6, text);
    ASSERT_TRUE(*statement.step());
    EXPECT_EQ(statement.column_integer(0), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(statement.column_floating(1), 0.1);
    EXPECT_EQ(statement.column_text(2), text);
    EXPECT_EQ(statement.column_kind(3), ColumnKind::text) << "empty text is not null";
    EXPECT_TRUE(statement.column_is_null(4));
    EXPECT_EQ(statement.column_kind(5), ColumnKind::blob);
    EXPECT_FALSE(*statement.step());
  }
}

TEST_F(Sqlite, ResetForgetsBindings) {
  auto connection = open();
  auto statement = connection.prepare("SELECT ?1").value();
  {
    const ResetGuard guard(statement);
    statement.bind_copy(1, std::string("gone soon"));
    ASSERT_TRUE(*statement.step());
    EXPECT_EQ(statement.column_text(0), "gone soon");
  }
  ASSERT_TRUE(*statement.step());
  EXPECT_TRUE(statement.column_is_null(0));
}

TEST_F(Sqlite, AParameterThatDoesNotExistIsReportedByStep) {
  auto connection = open();
  auto statement = connection.prepare("SELECT ?1").value();
  statement.bind(2, std::int64_t{1});
  EXPECT_EQ(statement.step().error().code, Code::storage_failed);
  EXPECT_TRUE(*statement.step());
}

TEST_F(Sqlite, WrongSqlIsAnErrorWithItsText) {
  auto connection = open();
  const auto error = connection.prepare("SELEKT 1").error();
  EXPECT_EQ(error.code, Code::storage_failed);
  EXPECT_NE(error.message.find(path()), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("SELEKT"), std::string::npos) << error.message;
  EXPECT_FALSE(connection.run("CREATE TABLE t(a); SELEKT"));
}

TEST_F(Sqlite, CountsChangesAndTellsTheLastRowid) {
  auto connection = open();
  ASSERT_TRUE(connection.run("CREATE TABLE t(a); INSERT INTO t VALUES (1),(2),(3)"));
  EXPECT_EQ(connection.changes(), 3);
  EXPECT_EQ(connection.last_insert_rowid(), 3);
  connection.set_last_insert_rowid(0);
  ASSERT_TRUE(connection.run("UPDATE t SET a = 0 WHERE a > 1"));
  EXPECT_EQ(connection.changes(), 2);
  EXPECT_EQ(connection.last_insert_rowid(), 0);
  EXPECT_EQ(*connection.integer_of("SELECT count(*) FROM t"), 3);
  EXPECT_EQ(*connection.text_of("SELECT a FROM t WHERE a = 9"), std::nullopt);
}

TEST_F(Sqlite, TheCacheLendsAStatementToOneUserAtATime) {
  auto connection = open();
  ASSERT_TRUE(connection.run("CREATE TABLE t(a); INSERT INTO t VALUES (1),(2)"));
  auto outer = connection.cached("SELECT a FROM t").value();
  ASSERT_TRUE(*outer->step());
  {
    auto inner = connection.cached("SELECT a FROM t").value();
    ASSERT_TRUE(*inner->step());
    EXPECT_EQ(inner->column_integer(0), 1);
  }
  ASSERT_TRUE(*outer->step());
  EXPECT_EQ(outer->column_integer(0), 2);
  for (int at = 0; at < 400; ++at) ASSERT_TRUE(connection.cached("SELECT " + std::to_string(at)));
}

TEST_F(Sqlite, ATransactionIsUndoneUnlessCommitted) {
  auto connection = open();
  ASSERT_TRUE(connection.run("CREATE TABLE t(a)"));
  {
    auto scope = TransactionScope::begin(connection).value();
    ASSERT_TRUE(connection.run("INSERT INTO t VALUES (1)"));
    EXPECT_TRUE(connection.is_in_transaction());
  }
  EXPECT_FALSE(connection.is_in_transaction());
  EXPECT_EQ(*connection.integer_of("SELECT count(*) FROM t"), 0);
  {
    auto scope = TransactionScope::begin(connection).value();
    ASSERT_TRUE(connection.run("INSERT INTO t VALUES (1)"));
    ASSERT_TRUE(scope.commit());
  }
  EXPECT_EQ(*connection.integer_of("SELECT count(*) FROM t"), 1);
}

TEST_F(Sqlite, ACommitThatFailsRollsBack) {
  auto connection = open();
  ASSERT_TRUE(connection.run("PRAGMA foreign_keys=ON; CREATE TABLE p(a PRIMARY KEY);"
                             "CREATE TABLE c(a REFERENCES p(a) DEFERRABLE INITIALLY DEFERRED)"));
  auto scope = TransactionScope::begin(connection).value();
  ASSERT_TRUE(connection.run("INSERT INTO c VALUES (1)"));
  EXPECT_EQ(scope.commit().error().code, Code::storage_failed);
  EXPECT_FALSE(connection.is_in_transaction());
  EXPECT_EQ(*connection.integer_of("SELECT count(*) FROM c"), 0);
}

TEST_F(Sqlite, ASecondWriterIsRefusedAfterTheTimeout) {
  auto first = open();
  auto second = open();
  auto scope = TransactionScope::begin(first).value();
  const auto error = TransactionScope::begin(second).error();
  EXPECT_EQ(error.code, Code::storage_failed);
  EXPECT_NE(error.message.find("locked"), std::string::npos) << error.message;
}

TEST_F(Sqlite, AReaderOfAWalSeesItsSnapshot) {
  auto writer = open();
  ASSERT_TRUE(writer.run("PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1)"));
  auto reader = open(Access::read_only);
  auto snapshot = TransactionScope::begin(reader, Lock::deferred).value();
  EXPECT_EQ(*reader.integer_of("SELECT count(*) FROM t"), 1);
  ASSERT_TRUE(writer.run("INSERT INTO t VALUES (2)"));
  EXPECT_EQ(*reader.integer_of("SELECT count(*) FROM t"), 1);
  ASSERT_TRUE(snapshot.commit());
  EXPECT_EQ(*reader.integer_of("SELECT count(*) FROM t"), 2);
  EXPECT_FALSE(reader.run("INSERT INTO t VALUES (3)"));
}

TEST_F(Sqlite, ABackupHasWhatWasCommittedAndLeavesTheWriterAlone) {
  auto writer = open();
  ASSERT_TRUE(writer.run("PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES(1); BEGIN; INSERT INTO t VALUES(2)"));
  const std::string copy = folder_ / "copy.db";
  std::ofstream(copy + ".unfinished") << "of a copy that died";
  auto reader = open(Access::read_write);
  ASSERT_TRUE(back_up(reader, copy));
  ASSERT_TRUE(writer.run("COMMIT"));
  auto copied = Connection::open({.path = copy, .access = Access::read_write}).value();
  EXPECT_EQ(copied.integer_of("SELECT count(*) FROM t").value(), 1);
  EXPECT_EQ(copied.text_of("PRAGMA integrity_check").value(), "ok") << "SQLite takes no notice of the seal";
  EXPECT_TRUE(check_seal(copy).value());
  EXPECT_FALSE(std::filesystem::exists(copy + ".unfinished"));
}

TEST_F(Sqlite, ASealTellsEveryFlippedBitAndEveryLostByte) {
  auto connection = open();
  ASSERT_TRUE(connection.run("CREATE TABLE t(a); INSERT INTO t VALUES('text')"));
  const std::string copy = folder_ / "copy.db";
  ASSERT_TRUE(copy_to_file(connection, copy));
  EXPECT_FALSE(check_seal(copy).value()) << "a copy to be written to has none";
  ASSERT_TRUE(seal(copy));
  ASSERT_TRUE(check_seal(copy).value());
  std::stringstream whole;
  whole << std::ifstream(copy, std::ios::binary).rdbuf();
  const auto written = whole.str();
  for (std::size_t at = 0; at < written.size(); at += 31) {  // Bits of the seal are among them.
    auto flipped = written;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    std::ofstream(copy, std::ios::binary) << flipped;
    EXPECT_EQ(check_seal(copy).error().code, Code::corrupt) << at;
  }
  std::ofstream(copy, std::ios::binary) << written.substr(0, written.size() - 1);
  EXPECT_EQ(check_seal(copy).error().code, Code::corrupt);
  EXPECT_EQ(check_seal(folder_ / "nowhere.db").error().code, Code::storage_failed);
}

TEST_F(Sqlite, ABackupReplacesNoFileAndSaysThatItsFolderIsMissing) {
  auto connection = open();
  EXPECT_EQ(back_up(connection, path()).error().code, Code::invalid_argument);
  EXPECT_EQ(back_up(connection, folder_ / "no" / "copy.db").error().code, Code::storage_failed);
}

TEST_F(Sqlite, ConnectionsShareANamedDatabaseInMemory) {
  const OpenOptions options{.path = "file:/holdfast_sqlite_test?vfs=memdb"};
  auto first = Connection::open(options).value();
  ASSERT_TRUE(first.run("CREATE TABLE t(a); INSERT INTO t VALUES (7)"));
  auto second = Connection::open(options).value();
  EXPECT_EQ(*second.integer_of("SELECT a FROM t"), 7);
}

TEST_F(Sqlite, AMissingFolderIsSaidWithThePath) {
  const auto missing = (folder_ / "none" / "x.db").string();
  const auto error = Connection::open({.path = missing}).error();
  EXPECT_EQ(error.code, Code::storage_failed);
  EXPECT_NE(error.message.find(missing), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("folder must exist"), std::string::npos) << error.message;
  EXPECT_FALSE(Connection::open({.path = path(), .access = Access::read_write})) << "only `create` creates";
}

TEST_F(Sqlite, AForeignFileIsCorrupt) {
  std::ofstream(path()) << std::string(4096, 'x');
  auto connection = open();
  const auto error = connection.run("CREATE TABLE t(a)").error();
  EXPECT_EQ(error.code, Code::corrupt);
  EXPECT_NE(error.message.find("not a database"), std::string::npos) << error.message;
}

TEST_F(Sqlite, ADatabaseThatMayNotGrowIsFull) {
  auto connection = open();
  ASSERT_TRUE(connection.run("CREATE TABLE t(a); PRAGMA max_page_count=2"));
  auto scope = TransactionScope::begin(connection).value();
  const auto error = connection.run("INSERT INTO t VALUES (zeroblob(100000))").error();
  EXPECT_EQ(error.code, Code::disk_full);
}

}  // namespace
}  // namespace holdfast::sqlite
