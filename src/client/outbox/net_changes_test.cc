#include "client/outbox/net_changes.h"

#include <gmock/gmock.h>

#include "model/testing.h"

namespace holdfast::outbox {
namespace {

using holdfast::testing::record;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NetChanges : public ::testing::Test {
 protected:
  [[nodiscard]] Record row(const char* id, const char* title) const { return record(post, {{"id", id}, {"title", title}}); }
  void insert(const char* id, const char* title) { add(ChangeType::inserted, row(id, title), std::nullopt); }
  void update(const char* id, const char* from, const char* to) { add(ChangeType::updated, row(id, to), row(id, from)); }
  void remove(const char* id, const char* title) { add(ChangeType::removed, row(id, title), std::nullopt); }
  void add(ChangeType type, Record now, std::optional<Record> original) {
    written.changes.push_back({type, Origin::local, std::move(now)});
    written.originals.push_back(std::move(original));
  }
  /// As lines such as `updated p b`.
  std::vector<std::string> net() {
    std::vector<std::string> lines;
    for (const auto& change : net_changes(std::exchange(written, {}))) {
      lines.push_back(std::string(name(change.type)) + " " + *change.record["id"].as_string() + " " +
                      *change.record["title"].as_string());
    }
    return lines;
  }

  const Schema schema = holdfast::testing::blog_schema();
  const ModelSchema& post = *schema.model("Post");
  Written written;
};

TEST_F(NetChanges, ChangesOfSeveralRecordsStayAsTheyAre) {
  insert("p", "a");
  update("q", "a", "b");
  remove("r", "c");
  EXPECT_THAT(net(), ElementsAre("inserted p a", "updated q b", "removed r c"));
}

TEST_F(NetChanges, ARecordIsToldOnceWithItsLastRow) {
  insert("p", "a");
  insert("q", "a");
  update("p", "a", "b");
  update("q", "a", "b");
  update("p", "b", "c");
  EXPECT_THAT(net(), ElementsAre("inserted p c", "inserted q b"));
}

TEST_F(NetChanges, NothingIsToldOfWhatCameToNothing) {
  insert("p", "a");
  remove("p", "a");
  update("q", "a", "b");
  update("q", "b", "a");
  remove("r", "a");
  insert("r", "a");
  EXPECT_THAT(net(), IsEmpty());
}

TEST_F(NetChanges, ARemovalTellsTheRowThatWasThereBefore) {
  update("p", "a", "b");
  remove("c", "child");
  remove("p", "b");
  EXPECT_THAT(net(), ElementsAre("removed c child", "removed p a"));
}

TEST_F(NetChanges, ARowThatIsRemovedAndSavedAgainIsUpdated) {
  remove("p", "a");
  insert("q", "x");
  insert("p", "b");
  update("p", "b", "c");
  EXPECT_THAT(net(), ElementsAre("inserted q x", "updated p c"));
}

TEST_F(NetChanges, EqualKeysOfTwoModelsAreTwoRecords) {
  insert("p", "a");
  const auto& comment = *schema.model("Comment");
  add(ChangeType::inserted, record(comment, {{"id", "p"}, {"content", "x"}}), std::nullopt);
  EXPECT_EQ(net_changes(written).size(), 2U);
}

}  // namespace
}  // namespace holdfast::outbox
