#include "client/sync/reconciler.h"

#include <gmock/gmock.h>

#include "client/outbox/image.h"
#include "client/outbox/local_write.h"
#include "client/storage/memory/memory_storage.h"
#include "client/testing.h"

namespace holdfast::sync {
namespace {

using client::SyncedRecord;
using client::testing::key;
using client::testing::metadata;
using client::testing::queued;
using client::testing::record;

class Reconciler : public ::testing::Test {
 protected:
  Record row_of(const char* title, int rating) {
    return record(post, {{"id", "p"}, {"title", title}, {"rating", rating}});
  }
  SyncedRecord inbound(const char* title, int rating, std::int64_t version) {
    return {row_of(title, rating), metadata(version)};
  }
  SyncedRecord tombstone(std::int64_t version) { return {row_of("gone", 0), metadata(version, true)}; }

  void run(const std::function<Result<void>(client::Transaction&)>& body) {
    applied = {};
    const auto done = storage->write(body);
    ASSERT_TRUE(done) << done.error().message;
  }
  void take(const SyncedRecord& one) {
    run([&](client::Transaction& transaction) { return reconcile(transaction, selection, one, applied); });
  }
  /// What the sender does when an entry has its outcome.
  void settle(std::int64_t entry, const std::optional<SyncedRecord>& answer) {
    run([&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(dropped, transaction.drop(entry));
      return reground(transaction, selection, {post, key("p")}, answer, applied);
    });
  }
  void save(const Record& row) {
    run([&](client::Transaction& transaction) -> Result<void> {
      outbox::Written written;
      HOLDFAST_TRY(saved, outbox::save(transaction, {row, nullptr, nullptr}, written));
      return {};
    });
  }
  void remove() {
    run([&](client::Transaction& transaction) -> Result<void> {
      outbox::Written written;
      HOLDFAST_TRY(removed, outbox::remove(schema, transaction, {&post, key("p"), nullptr}, written));
      return {};
    });
  }
  /// Marks every entry as sent, and returns their ids.
  std::vector<std::int64_t> send() {
    std::vector<std::int64_t> ids;
    run([&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(entries, transaction.entries(0, 100));
      for (auto entry : entries) {
        entry.was_sent = true;
        ids.push_back(entry.id);
        HOLDFAST_TRY(marked, transaction.rewrite(entry));
      }
      return {};
    });
    return ids;
  }
  std::optional<Record> row() { return storage->find(post, key("p"))->record; }
  std::int64_t version() { return storage->find(post, key("p"))->metadata.version; }
  bool has_image() {
    bool has = false;
    run([&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(image, outbox::read_image(transaction, post, key("p")));
      has = image.has_value();
      return {};
    });
    return has;
  }

  Schema schema = client::testing::blog_schema();
  const ModelSchema& post = *schema.model("Post");
  std::unique_ptr<client::Storage> storage = client::memory_storage(schema);
  Selection selection;
  Applied applied;
};

// S27
TEST_F(Reconciler, ARecordWithoutAVersionIsNotMergedIntoAKnownOne) {
  take(inbound("a", 1, 2));
  take(inbound("b", 1, 0));
  EXPECT_EQ(row(), row_of("a", 1));
  EXPECT_EQ(version(), 2);
}

// S20, S22, S31
TEST_F(Reconciler, AppliesOnlyNewerVersions) {
  take(inbound("a", 1, 2));
  EXPECT_EQ(applied.inserted, 1U);
  take(inbound("b", 1, 2));
  EXPECT_TRUE(applied.changes.empty());
  take(inbound("b", 1, 1));
  EXPECT_EQ(row(), row_of("a", 1));
  take(inbound("c", 1, 3));
  EXPECT_EQ(applied.updated, 1U);
  ASSERT_EQ(applied.changes.size(), 1U);
  EXPECT_EQ(applied.changes[0].type, ChangeType::updated);
  EXPECT_EQ(applied.changes[0].origin, Origin::remote);
  EXPECT_EQ(row(), row_of("c", 1));
}

// S21, S32: invariant 2 holds for tombstones too.
TEST_F(Reconciler, ATombstoneRemovesTheRowAndStaysKnown) {
  take(inbound("a", 1, 1));
  take(tombstone(2));
  ASSERT_EQ(applied.changes.size(), 1U);
  EXPECT_EQ(applied.changes[0].type, ChangeType::removed);
  EXPECT_EQ(applied.changes[0].record, row_of("a", 1));
  EXPECT_EQ(row(), std::nullopt);
  take(inbound("late", 1, 1));
  EXPECT_EQ(row(), std::nullopt);
  take(inbound("again", 1, 3));
  EXPECT_EQ(applied.changes[0].type, ChangeType::inserted);
}

TEST_F(Reconciler, ATombstoneOfARecordNeverHeardOfTellsNobody) {
  take(tombstone(2));
  EXPECT_TRUE(applied.changes.empty());
  take(inbound("late", 1, 1));
  EXPECT_EQ(row(), std::nullopt);
}

TEST_F(Reconciler, AnEchoThatOnlyRaisesTheVersionTellsNobody) {
  take(inbound("a", 1, 1));
  take(inbound("a", 1, 2));
  EXPECT_TRUE(applied.changes.empty());
  EXPECT_EQ(version(), 2);
}

// S25: not hidden, but rebased.
TEST_F(Reconciler, RebasesQueuedEditsOnWhatArrives) {
  take(inbound("a", 1, 1));
  save(row_of("mine", 1));
  take(inbound("theirs", 7, 2));
  EXPECT_EQ(row(), row_of("mine", 7));
  EXPECT_EQ(version(), 2);
  EXPECT_TRUE(has_image());
}

TEST_F(Reconciler, AQueuedRemovalKeepsTheRowInvisible) {
  take(inbound("a", 1, 1));
  remove();
  take(inbound("theirs", 7, 2));
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_TRUE(applied.changes.empty());
  EXPECT_EQ(version(), 2);
}

TEST_F(Reconciler, AQueuedCreateIsAPatchToo) {
  save(row_of("mine", 1));
  take({record(post, {{"id", "p"}, {"title", "theirs"}, {"done", true}}), metadata(1)});
  EXPECT_EQ(row(), record(post, {{"id", "p"}, {"title", "mine"}, {"rating", 1}, {"done", true}}));
}

TEST_F(Reconciler, ATombstoneUnderAQueuedUpdateRemovesTheRow) {
  take(inbound("a", 1, 1));
  save(row_of("mine", 1));
  take(tombstone(2));
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_EQ(queued(*storage).size(), 1U);
}

// O28c, section 4.5 of the protocol: the echo comes before the reply.
TEST_F(Reconciler, AReplyThatIsOlderThanTheImageGivesWayToIt) {
  take(inbound("a", 1, 1));
  save(row_of("mine", 1));
  const auto ids = send();
  take(inbound("theirs", 9, 3));
  settle(ids[0], inbound("mine", 1, 2));
  EXPECT_EQ(row(), row_of("theirs", 9));
  EXPECT_EQ(version(), 3);
  EXPECT_FALSE(has_image());
}

// S26: what is in flight blocks nothing; the row settles with the reply.
TEST_F(Reconciler, AReplyIsTheGroundForLaterEdits) {
  take(inbound("a", 1, 1));
  save(row_of("mine", 1));
  const auto ids = send();
  save(row_of("mine", 5));
  settle(ids[0], inbound("merged", 1, 2));
  EXPECT_EQ(row(), row_of("merged", 5));
  EXPECT_EQ(version(), 2);
  EXPECT_TRUE(has_image());
  settle(send()[0], inbound("merged", 5, 3));
  EXPECT_TRUE(applied.changes.empty());
  EXPECT_FALSE(has_image());
}

TEST_F(Reconciler, ARefusedEditReturnsToTheServicesState) {
  take(inbound("a", 1, 4));
  save(row_of("mine", 1));
  settle(send()[0], inbound("a", 1, 4));
  EXPECT_EQ(row(), row_of("a", 1));
  ASSERT_EQ(applied.changes.size(), 1U);
  EXPECT_EQ(applied.changes[0].type, ChangeType::updated);
  EXPECT_EQ(version(), 4);
}

TEST_F(Reconciler, ARefusedRemovalBringsTheRowBack) {
  take(inbound("a", 1, 4));
  remove();
  settle(send()[0], inbound("a", 1, 4));
  EXPECT_EQ(row(), row_of("a", 1));
  EXPECT_EQ(applied.changes[0].type, ChangeType::inserted);
}

TEST_F(Reconciler, ACreateThatTheServiceNeverTookGoes) {
  save(row_of("mine", 1));
  settle(send()[0], std::nullopt);
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_EQ(storage->find(post, key("p"))->metadata, Metadata{});
  EXPECT_EQ(applied.changes[0].type, ChangeType::removed);
}

TEST_F(Reconciler, ARecordThatTheServiceForgotGoesAndItsVersionStays) {
  take(inbound("a", 1, 4));
  save(row_of("mine", 1));
  settle(send()[0], std::nullopt);
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_EQ(version(), 4);
  take(inbound("late", 1, 3));
  EXPECT_EQ(row(), std::nullopt);
}

// O06
TEST_F(Reconciler, AnAnswerOlderThanWhatIsKnownLeavesTheRow) {
  take(inbound("a", 1, 4));
  save(row_of("mine", 1));
  settle(send()[0], inbound("ancient", 1, 2));
  EXPECT_EQ(row(), row_of("mine", 1));
  EXPECT_EQ(version(), 4);
}

// S23
TEST_F(Reconciler, OfOneKeyInAPageTheHighestVersionWins) {
  run([&](client::Transaction& transaction) {
    return reconcile_page(transaction, selection, {inbound("b", 1, 2), inbound("a", 1, 1), tombstone(3)}, applied);
  });
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_EQ(applied.inserted, 1U);
  EXPECT_EQ(applied.removed, 1U);
}

TEST_F(Reconciler, APageRebasesWhatHasEntries) {
  take(inbound("a", 1, 1));
  save(row_of("mine", 1));
  run([&](client::Transaction& transaction) {
    return reconcile_page(
        transaction, selection,
        {inbound("theirs", 7, 2), {record(post, {{"id", "q"}, {"title", "other"}}), metadata(1)}}, applied);
  });
  EXPECT_EQ(row(), row_of("mine", 7));
  EXPECT_EQ(applied.inserted, 1U);
  EXPECT_EQ(applied.updated, 1U);
}

class SelectiveReconciler : public Reconciler {
 protected:
  SelectiveReconciler() { selection.choose(post, Predicate::compare("rating", Op::lt, {5})); }
};

TEST_F(SelectiveReconciler, WhatIsNotKeptIsNotTakenAndLeavesNoTrace) {
  take(inbound("a", 9, 3));
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_EQ(version(), 0);
  EXPECT_TRUE(applied.changes.empty());
}

// C03
TEST_F(SelectiveReconciler, ARowLeavesWhenItIsNotKeptAnyMoreAndObserversHearOfIt) {
  take(inbound("a", 1, 1));
  take(inbound("a", 9, 2));
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_EQ(applied.removed, 1U);
  EXPECT_EQ(version(), 2) << "an older answer that comes late does not bring it back";
  take(inbound("a", 1, 1));
  EXPECT_EQ(row(), std::nullopt);
  take(inbound("b", 2, 3));
  EXPECT_EQ(row(), row_of("b", 2));
}

TEST_F(SelectiveReconciler, ARowWithUnsentEditsLeavesWithTheLastOfThem) {
  take(inbound("a", 1, 1));
  save(row_of("mine", 1));
  take(inbound("a", 9, 2));
  EXPECT_EQ(row(), row_of("mine", 9)) << "the edit is not lost";
  settle(send()[0], inbound("mine", 9, 3));
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_EQ(applied.removed, 1U);
}

TEST_F(SelectiveReconciler, AnOwnRowThatIsNotKeptLeavesWhenItIsAcknowledged) {
  save(row_of("mine", 9));
  EXPECT_EQ(row(), row_of("mine", 9));
  settle(send()[0], inbound("mine", 9, 1));
  EXPECT_EQ(row(), std::nullopt);
}

TEST_F(SelectiveReconciler, OfAPageOnlyWhatIsKeptIsTaken) {
  take(inbound("a", 1, 1));
  run([&](client::Transaction& transaction) {
    return reconcile_page(
        transaction, selection,
        {inbound("a", 9, 2), {record(post, {{"id", "q"}, {"title", "other"}, {"rating", 9}}), metadata(1)}}, applied);
  });
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_EQ(applied.inserted, 0U);
  EXPECT_EQ(applied.removed, 1U);
}

TEST_F(SelectiveReconciler, EvictingLeavesRowsWithEntriesAlone) {
  take(inbound("a", 1, 1));
  const auto leave = [&] {
    run([&](client::Transaction& transaction) { return evict(transaction, {post, key("p")}, Afterwards::version_known, applied); });
  };
  save(row_of("mine", 1));
  leave();
  EXPECT_EQ(row(), row_of("mine", 1));
  settle(send()[0], inbound("mine", 1, 2));
  leave();
  EXPECT_EQ(row(), std::nullopt);
  EXPECT_EQ(version(), 2);
}

}  // namespace
}  // namespace holdfast::sync
