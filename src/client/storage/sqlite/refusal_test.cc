// Places where a database cannot be, and files that are damaged: said with the path and what to do, and nothing else lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "client/storage/sqlite/process_lock.h"
#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "model/testing.h"
#include "sqlite/connection.h"

namespace holdfast::client {
namespace {

using holdfast::testing::record;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int rows_saved = 300;

const Schema& schema() {
  static const Schema blog = holdfast::testing::blog_schema();
  return blog;
}

/// An ordinary user for as long as it lives: root may write everywhere.
class OrdinaryUser {
 public:
  OrdinaryUser() : was_root_(geteuid() == 0) {
    HOLDFAST_ASSERT(!was_root_ || seteuid(nobody) == 0, "root may become anybody");
  }
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;
  ~OrdinaryUser() { HOLDFAST_ASSERT(!was_root_ || seteuid(0) == 0, "and root again"); }

 private:
  static constexpr uid_t nobody = 65534;
  bool was_root_;
};

class SqliteRefusal : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return folder_.file("blog.db"); }
  Result<std::unique_ptr<Storage>> open() {
    return open_sqlite_storage(schema(), {.path = path(), .syncs_every_commit = false, .busy_timeout = Milliseconds(50)});
  }
  Result<void> save(Storage& storage, int first, int count) {
    return storage.write([&](Transaction& open) -> Result<void> {
      for (int at = first; at < first + count; ++at) {
        const auto id = "p" + std::to_string(at);
        HOLDFAST_TRY(put, open.put(record(schema().models[0], {{"id", id}, {"title", std::string(300, 'x')}}), {}));
      }
      return {};
    });
  }
  void leave_rows() {
    const auto storage = open().value();
    ASSERT_TRUE(save(*storage, 0, rows_saved));
  }
  /// As a killed process leaves it: `rows_saved` rows are in the file, as many more in the write-ahead log.
  void leave_log() {
    leave_rows();
    const pid_t child = fork();
    if (child == 0) {
      const auto storage = open().value();
      _exit(save(*storage, rows_saved, rows_saved) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }
  /// Opens and reads everything.
  Result<int> rows() {
    HOLDFAST_TRY(storage, open());
    int count = 0;
    HOLDFAST_TRY(read, storage->query(schema().models[0], {}, [&count](Record&) { ++count; }));
    return count;
  }
  static std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void put_content(const std::string& file, const std::string& content) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
  }
  void expect_refused(Code code, const std::string& remedy) {
    const auto refused = rows();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr(path()), HasSubstr(remedy)));
  }

  ScratchFolder folder_;
};

// --- places --------------------------------------------------------------------------------------------------

TEST_F(SqliteRefusal, AFolderThatIsNotThere) {
  const auto error = open_sqlite_storage(schema(), {.path = folder_.file("none/blog.db")}).error();
  EXPECT_EQ(error.code, Code::storage_failed);
  EXPECT_THAT(error.message, AllOf(HasSubstr("none/blog.db"), HasSubstr("folder must exist")));
}

TEST_F(SqliteRefusal, AFolderThatMayNotBeWritten) {
  chmod(folder_.file("").c_str(), 0555);
  const OrdinaryUser user;
  expect_refused(Code::storage_failed, "its folder must exist and be writable");
}

TEST_F(SqliteRefusal, AFileThatAnotherProcessIsOpeningForTooLong) {
  leave_rows();
  auto other = ProcessLock::open(path()).value();
  ASSERT_TRUE(other.begin_opening(Milliseconds(0)));
  expect_refused(Code::storage_failed, "another process has been opening the database for 50 ms; try again");
  other.end_opening();
  EXPECT_EQ(rows().value(), rows_saved);
}

TEST_F(SqliteRefusal, AFileInAFolderThatMayNotBeWritten) {
  leave_rows();
  chmod(path().c_str(), 0666);
  chmod(folder_.file("").c_str(), 0555);
  const OrdinaryUser user;
  expect_refused(Code::storage_failed, "folder must");
}

TEST_F(SqliteRefusal, AFileThatMayNotBeWrittenAndAfterwardsMayBe) {
  leave_rows();
  chmod(folder_.file("").c_str(), 0777);
  chmod(path().c_str(), 0444);
  {
    const OrdinaryUser user;
    expect_refused(Code::storage_failed, "must be writable");
  }
  for (const auto& file : {path(), path() + "-lock"}) chmod(file.c_str(), 0666);
  const OrdinaryUser user;
  EXPECT_EQ(rows().value(), rows_saved);
}

TEST_F(SqliteRefusal, AFolderInPlaceOfTheFile) {
  std::filesystem::create_directory(path());
  expect_refused(Code::storage_failed, "not a folder");
}

TEST_F(SqliteRefusal, AFileThatAnotherProcessKeepsLocked) {
  leave_rows();
  {
    auto other = sqlite::Connection::open({.path = path()}).value();
    ASSERT_TRUE(other.run("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE"));
    expect_refused(Code::storage_failed, "kept it locked");
  }
  EXPECT_EQ(rows().value(), rows_saved);
}

TEST_F(SqliteRefusal, AWriteThatAnotherProcessDoesNotLetIn) {
  leave_rows();
  const auto storage = open().value();
  auto other = sqlite::Connection::open({.path = path()}).value();
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  const auto refused = save(*storage, rows_saved, 1);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr(path()), HasSubstr("kept it locked")));
  ASSERT_TRUE(other.run("ROLLBACK"));
  EXPECT_TRUE(save(*storage, rows_saved, 1));
}

TEST_F(SqliteRefusal, APlaceThatCannotHoldAWriteAheadLog) {
  const auto refused = open_sqlite_storage(schema(), {.path = "file:" + path() + "?vfs=unix-none"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::storage_failed);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr(path()), HasSubstr("local file system")));
}

// --- damage --------------------------------------------------------------------------------------------------

TEST_F(SqliteRefusal, AFileOfAnotherKind) {
  put_content(path(), std::string(10'000, 'x'));
  expect_refused(Code::corrupt, "choose another path");
  EXPECT_EQ(content(path()), std::string(10'000, 'x')) << "it is not ours to change";
}

TEST_F(SqliteRefusal, ADatabaseOfAnotherApplication) {
  {
    auto file = sqlite::Connection::open({.path = path()}).value();
    ASSERT_TRUE(file.run("CREATE TABLE t(a)"));
  }
  const auto before = content(path());
  expect_refused(Code::schema_error, "choose another path");
  EXPECT_EQ(content(path()), before);
}

TEST_F(SqliteRefusal, ADamagedHeader) {
  leave_rows();
  const auto whole = content(path());
  put_content(path(), std::string(16, '\0') + whole.substr(16));
  expect_refused(Code::corrupt, "delete the file");
  put_content(path(), whole);
  EXPECT_EQ(rows().value(), rows_saved) << "a copy that is put back is as good as before";
}

TEST_F(SqliteRefusal, ADamagedPageInTheMiddle) {
  leave_rows();
  auto damaged = content(path());
  damaged.replace(damaged.size() / 2, 4096, 4096, '\xFF');
  put_content(path(), damaged);
  expect_refused(Code::corrupt, "restore the file from a copy");
}

TEST_F(SqliteRefusal, AFileThatWasCutOff) {
  leave_rows();
  const auto whole = content(path());
  ASSERT_GT(whole.size(), 50'000U);
  for (auto size = whole.size() - 4'096; size > 10'000; size -= 7'001) {  // A whole page at least.
    put_content(path(), whole.substr(0, size));
    expect_refused(Code::corrupt, "restore the file from a copy");
    if (HasFailure()) FAIL() << "cut off at " << size << " of " << whole.size();
  }
}

/// What follows the damage in the log is as if it had never been written: SQLite cannot tell it from a torn end.
TEST_F(SqliteRefusal, AWriteAheadLogOfGarbage) {
  leave_log();
  const auto log = content(path() + "-wal");
  ASSERT_GT(log.size(), 50'000U);
  for (const std::size_t from : {std::size_t{0}, std::size_t{40}, log.size() / 2}) {
    const auto file = content(path());
    put_content(path() + "-wal", log.substr(0, from) + std::string(log.size() - from, '\xA5'));
    EXPECT_EQ(rows().value(), rows_saved) << "whole transactions only";
    put_content(path(), file);
  }
  put_content(path() + "-wal", log);
  EXPECT_EQ(rows().value(), 2 * rows_saved);
}

}  // namespace
}  // namespace holdfast::client
