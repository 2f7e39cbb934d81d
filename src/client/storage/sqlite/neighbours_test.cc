// Two storages on one file, as two processes have them: each is told what the other did, and nothing else.
#include "client/storage/neighbours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "model/testing.h"
#include "sqlite/connection.h"

namespace holdfast::client {
namespace {

using holdfast::testing::record;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TwoStorages : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return folder_.file("blog.db"); }
  std::unique_ptr<Storage> open() {
    return open_sqlite_storage(schema_, {.path = path(), .syncs_every_commit = false}).value();
  }
  Record post(const std::string& id, const std::string& title) { return record(schema_.models[0], {{"id", id}, {"title", title}}); }
  void put(Storage& storage, const std::string& id, const std::string& title, Commit commit = Commit::durable) {
    ASSERT_TRUE(storage.write(commit, [&](Transaction& open) { return open.put(post(id, title), {}); }));
  }
  void erase(Storage& storage, const std::string& id) {
    ASSERT_TRUE(storage.write([&](Transaction& open) { return open.erase(schema_.models[0], Key{{Value(id)}}, {}); }));
  }
  static std::vector<std::string> lines(const News& news) {
    std::vector<std::string> said;
    if (news.is_cleared) said.emplace_back("cleared");
    if (news.is_incomplete) said.emplace_back("incomplete");
    for (const auto& change : news.changes) {
      said.push_back(std::string(name(change.type)) + " " + *change.record["id"].as_string() + " " +
                     *change.record["title"].as_string() + (change.origin == Origin::remote ? " remote" : ""));
    }
    return said;
  }
  static std::vector<std::string> told(Storage& storage) {
    EXPECT_TRUE(storage.neighbours()->look());
    return lines(storage.neighbours()->take_news());
  }
  std::int64_t journal_lines() {
    auto file = sqlite::Connection::open({.path = path()}).value();
    return file.integer_of("SELECT count(*) FROM holdfast_changes WHERE kind <> 'opened'").value_or(0);
  }

  ScratchFolder folder_;
  Schema schema_ = holdfast::testing::blog_schema();
};

TEST_F(TwoStorages, TellEachOtherWhatTheyChangedAndNotThemselves) {
  const auto one = open();
  put(*one, "a", "first");
  const auto other = open();
  EXPECT_THAT(told(*other), IsEmpty()) << "what was there when it opened is not news";
  put(*one, "a", "second");
  put(*one, "b", "new", Commit::lazy);
  EXPECT_TRUE(other->neighbours()->has_moved());
  EXPECT_THAT(told(*other), ElementsAre("updated a second", "inserted b new remote"));
  EXPECT_FALSE(other->neighbours()->has_moved());
  erase(*other, "a");
  EXPECT_THAT(told(*other), IsEmpty());
  EXPECT_THAT(told(*one), ElementsAre("removed a second"));
}

TEST_F(TwoStorages, SayOneChangeARecordAndNoneWhenNothingDiffers) {
  const auto one = open();
  const auto other = open();
  put(*one, "a", "1");
  put(*one, "a", "2");
  put(*one, "b", "1");
  erase(*one, "b");
  put(*one, "c", "1");
  EXPECT_THAT(told(*other), ElementsAre("inserted a 2", "inserted c 1"));
  put(*one, "c", "1");
  EXPECT_THAT(told(*other), IsEmpty());
  erase(*one, "c");
  put(*one, "c", "again");
  EXPECT_THAT(told(*other), ElementsAre("removed c 1", "inserted c again")) << "it stands elsewhere now";
}

TEST_F(TwoStorages, AWriteNoticesBeforeItsOwnBody) {
  const auto one = open();
  const auto other = open();
  put(*one, "a", "theirs");
  put(*other, "a", "ours");
  EXPECT_THAT(lines(other->neighbours()->take_news()), ElementsAre("inserted a theirs")) << "as this write found it";
  EXPECT_THAT(told(*one), ElementsAre("updated a ours"));
}

TEST_F(TwoStorages, WhatWasUndoneIsNotTold) {
  const auto one = open();
  const auto other = open();
  ASSERT_FALSE(one->write([&](Transaction& open) -> Result<void> {
    HOLDFAST_TRY(done, open.put(post("a", "lost"), {}));
    return Error{Code::conflict, "thought better of it"};
  }));
  put(*one, "b", "kept");
  EXPECT_THAT(told(*other), ElementsAre("inserted b kept"));
}

TEST_F(TwoStorages, ClearingIsTold) {
  const auto one = open();
  const auto other = open();
  put(*one, "a", "1");
  ASSERT_TRUE(one->clear());
  put(*one, "b", "1");
  EXPECT_THAT(told(*other), ElementsAre("cleared", "inserted b 1"));
}

TEST_F(TwoStorages, OneAloneWritesNoJournal) {
  const auto one = open();
  {
    const auto other = open();
    put(*one, "a", "1");
    EXPECT_EQ(journal_lines(), 1);
  }
  put(*one, "b", "1");
  put(*one, "c", "1");
  EXPECT_EQ(journal_lines(), 0) << "nobody is there to read it";
  const auto third = open();
  put(*one, "d", "1");
  EXPECT_THAT(told(*third), ElementsAre("inserted d 1"));
}

TEST_F(TwoStorages, OneThatSleptTooLongKnowsThatItMissedSomething) {
  const auto one = open();
  const auto other = open();
  put(*one, "a", "1");
  put(*one, "b", "1");
  auto file = sqlite::Connection::open({.path = path()}).value();
  ASSERT_TRUE(file.run("DELETE FROM holdfast_changes WHERE key = '[\"a\"]'"));
  EXPECT_THAT(told(*other), ElementsAre("incomplete", "inserted b 1"));
  put(*one, "c", "1");
  EXPECT_THAT(told(*other), ElementsAre("inserted c 1")) << "once";
}

TEST_F(TwoStorages, OneOfThemHasTheTurnToSync) {
  auto one = open();
  const auto other = open();
  EXPECT_TRUE(one->neighbours()->try_turn());
  EXPECT_TRUE(one->neighbours()->try_turn());
  EXPECT_FALSE(other->neighbours()->try_turn());
  one->neighbours()->end_turn();
  EXPECT_TRUE(other->neighbours()->try_turn());
  EXPECT_FALSE(one->neighbours()->try_turn());
}

TEST_F(TwoStorages, InMemoryThereIsNobodyElse) {
  const auto alone = open_sqlite_storage(schema_, {.path = "file:/alone?vfs=memdb"}).value();
  EXPECT_EQ(alone->neighbours(), nullptr);
}

}  // namespace
}  // namespace holdfast::client
