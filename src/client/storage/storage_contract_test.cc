// Every sentence of storage.h, for each storage of the program.
#include "client/storage/storage_contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace holdfast::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FieldSchema scalar(std::string name, Scalar type, bool is_list = false) {
  return {.name = std::move(name), .scalar = type, .is_list = is_list};
}

const Schema& blog() {
  static const Schema schema = [] {
    ModelSchema post{.name = "Post", .plural_name = "Posts"};
    post.fields = {scalar("id", Scalar::id),           scalar("title", Scalar::string),
                   scalar("rating", Scalar::integer),  scalar("score", Scalar::floating),
                   scalar("open", Scalar::boolean),    scalar("tags", Scalar::string, true),
                   scalar("sizes", Scalar::floating, true), {.name = "place", .kind = FieldKind::embedded, .type_name = "Place"}};
    post.primary_key = {"id"};
    // Words of SQL as names: whoever quotes badly fails here.
    ModelSchema order{.name = "Order", .plural_name = "Orders"};
    order.fields = {scalar("group", Scalar::string), scalar("number", Scalar::integer), scalar("select", Scalar::string)};
    order.primary_key = {"group", "number"};
    order.has_custom_primary_key = true;
    Schema made;
    made.models = {std::move(post), std::move(order)};
    made.embedded = {{.name = "Place", .fields = {scalar("city", Scalar::string)}}};
    made.version = "1";
    return made;
  }();
  return schema;
}

const ModelSchema& posts() { return blog().models[0]; }
const ModelSchema& orders() { return blog().models[1]; }

Record post(std::string_view id, std::string_view title, Value rating = {}) {
  Record record(posts());
  record["id"] = id;
  record["title"] = title;
  record["rating"] = std::move(rating);
  return record;
}

Key post_key(std::string_view id) { return Key{{Value(id)}}; }

Record order(std::string_view group, std::int64_t number, std::string_view select) {
  Record record(orders());
  record["group"] = group;
  record["number"] = number;
  record["select"] = select;
  return record;
}

Metadata at_version(std::int64_t version) { return {.version = version, .last_changed_at = from_epoch_ms(1000 + version)}; }
Metadata tombstone(std::int64_t version) {
  auto metadata = at_version(version);
  metadata.is_deleted = true;
  return metadata;
}

OutboxEntry create_entry(std::string_view id) {
  return {.model = &posts(), .key = post_key(id), .operation = Operation::create, .changes = {{1, "first"}, {2, 7}}};
}

std::string failure(const Result<void>& result) { return result ? "none" : result.error().message; }

class StorageContract : public testing::TestWithParam<StorageFactory> {
 protected:
  void write(const std::function<void(Transaction&)>& body) {
    const auto done = storage_->write([&body](Transaction& transaction) -> Result<void> {
      body(transaction);
      return {};
    });
    ASSERT_TRUE(done) << failure(done);
  }
  void put_all(const std::vector<Record>& records) {
    write([&records](Transaction& transaction) {
      for (const auto& record : records) EXPECT_TRUE(transaction.put(record, {}));
    });
  }
  std::vector<std::string> ids(const Query& query = {}) {
    std::vector<std::string> found;
    const auto done = storage_->query(posts(), query, [&found](Record& row) { found.push_back(*row["id"].as_string()); });
    EXPECT_TRUE(done) << failure(done);
    return found;
  }
  Stored stored(std::string_view id) { return storage_->find(posts(), post_key(id)).value(); }
  Put put_newer(const Record& record, const Metadata& metadata) {
    Put outcome = Put::stale;
    write([&](Transaction& transaction) { outcome = transaction.put_newer({record, metadata}).value(); });
    return outcome;
  }
  std::int64_t append(const OutboxEntry& entry) {
    std::int64_t id = 0;
    write([&](Transaction& transaction) { id = transaction.append(entry).value(); });
    return id;
  }
  std::vector<OutboxEntry> entries(std::int64_t after = 0, std::size_t limit = 100) {
    std::vector<OutboxEntry> found;
    write([&](Transaction& transaction) { found = transaction.entries(after, limit).value(); });
    return found;
  }
  std::optional<std::string> setting(std::string_view name) {
    std::optional<std::string> found;
    write([&](Transaction& transaction) { found = transaction.setting(name).value(); });
    return found;
  }

  std::unique_ptr<Storage> storage_ = GetParam().open(blog());
};

// --- rows ----------------------------------------------------------------------------------------------------

// ST41, ST46
TEST_P(StorageContract, StartsEmpty) {
  EXPECT_THAT(ids(), IsEmpty());
  EXPECT_FALSE(stored("a").record);
  EXPECT_EQ(stored("a").metadata, Metadata{});
  EXPECT_EQ(storage_->outbox_size().value(), 0U);
}

// T13, T14, ST21, ST42
TEST_P(StorageContract, GivesBackEveryKindOfValueAsItWasPut) {
  auto record = post("a", std::string_view("b\0\xC3\xA9\xF0\x9F\x98\x80'\"", 10), std::numeric_limits<std::int64_t>::min());
  record["score"] = 0.1;
  record["open"] = false;
  record["tags"] = List{"x", nullptr, "", "quote\"\n"};
  record["sizes"] = List{1.5, 1e300};
  record["place"] = Object{{"city", "Oslo"}};
  put_all({record});
  EXPECT_EQ(stored("a").record, record);
  std::vector<Record> rows;
  ASSERT_TRUE(storage_->query(posts(), {}, [&rows](Record& row) { rows.push_back(row); }));
  EXPECT_THAT(rows, ElementsAre(record));
}

// ST22
TEST_P(StorageContract, KeepsNullApartFromEmptyTextAndEmptyList) {
  auto empty = post("a", "");
  empty["tags"] = List{};
  put_all({empty, Record(post("b", "x"))});
  EXPECT_EQ(stored("a").record, empty);
  EXPECT_TRUE((*stored("b").record)["tags"].is_null());
  EXPECT_TRUE((*stored("b").record)["rating"].is_null());
}

TEST_P(StorageContract, GivesBackFloatingFieldsAsDoubles) {
  auto record = post("a", "x");
  record["score"] = 3;
  record["sizes"] = List{1, 2.5, nullptr};
  put_all({record});
  EXPECT_EQ((*stored("a").record)["score"], Value(3.0));
  EXPECT_EQ((*stored("a").record)["sizes"], Value(List{1.0, 2.5, nullptr}));
  record["score"] = std::numeric_limits<double>::quiet_NaN();
  put_all({record});
  EXPECT_TRUE((*stored("a").record)["score"].is_null()) << "no storage and no wire has a form for it";
}

// ST39, ST46
TEST_P(StorageContract, PutReplacesWhateverStoodThere) {
  put_all({post("a", "old", 1)});
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.put(post("a", "new"), at_version(4))); });
  EXPECT_EQ(stored("a").record, post("a", "new"));
  EXPECT_EQ(stored("a").metadata, at_version(4));
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.put(post("a", "older"), at_version(2))); });
  EXPECT_EQ(stored("a").metadata, at_version(2));
}

// ST02, ST41
TEST_P(StorageContract, InsertTakesOnlyWhatNothingIsKnownOf) {
  write([](Transaction& transaction) {
    EXPECT_TRUE(*transaction.insert(post("a", "first")));
    EXPECT_FALSE(*transaction.insert(post("a", "again")));
    EXPECT_TRUE(transaction.erase(posts(), post_key("gone"), tombstone(3)));
    EXPECT_TRUE(transaction.erase(posts(), post_key("forgotten"), {}));
    EXPECT_FALSE(*transaction.insert(post("gone", "again")));
    EXPECT_TRUE(*transaction.insert(post("forgotten", "again")));
    EXPECT_TRUE(*transaction.insert(post("b", "new")));
  });
  EXPECT_THAT(ids(), ElementsAre("a", "forgotten", "b"));
  EXPECT_EQ((*stored("a").record)["title"], Value("first"));
  EXPECT_EQ(stored("a").metadata, Metadata{});
  EXPECT_EQ(stored("gone").metadata, tombstone(3));
}

TEST_P(StorageContract, PutReplacesATombstone) {
  put_newer(post("a", ""), tombstone(5));
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.put(post("a", "again"), tombstone(5))); });
  EXPECT_EQ(stored("a").record, post("a", "again"));
  EXPECT_EQ(stored("a").metadata, at_version(5)) << "a visible row is not deleted";
  EXPECT_EQ(put_newer(post("a", "late"), at_version(5)), Put::stale);
}

// ST20, ST39
TEST_P(StorageContract, FindsByACompositeKey) {
  write([](Transaction& transaction) {
    EXPECT_TRUE(transaction.put(order("EU", 1, "one"), {}));
    EXPECT_TRUE(transaction.put(order("EU", 2, "two"), {}));
    EXPECT_TRUE(transaction.put(order("US", 1, "three"), {}));
  });
  EXPECT_EQ(storage_->find(orders(), Key{{"EU", 2}}).value().record, order("EU", 2, "two"));
  EXPECT_FALSE(storage_->find(orders(), Key{{"US", 2}}).value().record);
}

// --- query ---------------------------------------------------------------------------------------------------

TEST_P(StorageContract, QueryKeepsInsertionOrderAlsoAfterUpdates) {
  put_all({post("c", "1"), post("a", "2"), post("b", "3")});
  put_all({post("c", "changed")});
  EXPECT_THAT(ids(), ElementsAre("c", "a", "b"));
}

TEST_P(StorageContract, ARowThatWasErasedAndPutAgainComesLast) {
  put_all({post("c", "1"), post("a", "2")});
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.erase(posts(), post_key("c"), {})); });
  put_all({post("c", "3")});
  EXPECT_THAT(ids(), ElementsAre("a", "c"));
}

TEST_P(StorageContract, QuerySelectsByThePredicate) {
  put_all({post("a", "alpha", 1), post("b", "beta", 5), post("c", "gamma")});
  EXPECT_THAT(ids({.where = Predicate::compare("rating", Op::gt, {1})}), ElementsAre("b"));
  EXPECT_THAT(ids({.where = Predicate::negation(Predicate::compare("rating", Op::gt, {1}))}), ElementsAre("a", "c"));
  EXPECT_THAT(ids({.where = Predicate::compare("rating", Op::eq, {Value()})}), ElementsAre("c"));
  EXPECT_THAT(ids({.where = Predicate::any_of({Predicate::compare("title", Op::begins_with, {"al"}),
                                               Predicate::compare("title", Op::contains, {"mm"})})}),
              ElementsAre("a", "c"));
  EXPECT_THAT(ids({.where = Predicate::any_of({})}), IsEmpty());
}

TEST_P(StorageContract, CountsWhatAQueryGives) {
  EXPECT_EQ(storage_->count(posts(), {}).value(), 0U);
  put_all({post("a", "x", 1), post("b", "y", 2), post("c", "x", nullptr)});
  EXPECT_EQ(storage_->count(posts(), {}).value(), 3U);
  EXPECT_EQ(storage_->count(posts(), Predicate::compare("title", Op::eq, {"x"})).value(), 2U);
  EXPECT_EQ(storage_->count(posts(), Predicate::compare("rating", Op::gt, {5})).value(), 0U);
  write([](Transaction& transaction) {
    EXPECT_TRUE(transaction.erase(posts(), post_key("a"), tombstone(3)));
    EXPECT_TRUE(transaction.put(post("d", "x"), {}));
    EXPECT_TRUE(transaction.put(post("e", "x"), {}));
    EXPECT_EQ(transaction.count(posts(), Predicate::compare("title", Op::eq, {"x"})).value(), 3U);
  });
  EXPECT_EQ(storage_->count(posts(), {}).value(), 4U);
  EXPECT_FALSE(storage_->explain(posts(), {}).value().empty());
}

// Q06, Q20, Q21
TEST_P(StorageContract, QuerySortsWithNullsFirstAndTiesInInsertionOrder) {
  put_all({post("d", "x", 2), post("c", "y", 1), post("b", "x", 1), post("a", "z")});
  EXPECT_THAT(ids({.sort = {{"rating"}}}), ElementsAre("a", "c", "b", "d"));
  EXPECT_THAT(ids({.sort = {{"rating", Direction::descending}}}), ElementsAre("d", "c", "b", "a"));
  EXPECT_THAT(ids({.sort = {{"title"}, {"rating"}}}), ElementsAre("b", "d", "c", "a"));
}

TEST_P(StorageContract, QuerySortsTextByBytes) {
  put_all({post("1", "b"), post("2", "B"), post("3", "\xC3\xA4"), post("4", "a")});
  EXPECT_THAT(ids({.sort = {{"title"}}}), ElementsAre("2", "4", "1", "3"));
}

TEST_P(StorageContract, QueryGivesPages) {
  put_all({post("e", ""), post("d", ""), post("c", ""), post("b", ""), post("a", "")});
  EXPECT_THAT(ids({.limit = 2}), ElementsAre("e", "d"));
  EXPECT_THAT(ids({.limit = 2, .page = 1}), ElementsAre("c", "b"));
  EXPECT_THAT(ids({.limit = 2, .page = 2}), ElementsAre("a"));
  EXPECT_THAT(ids({.limit = 2, .page = 3}), IsEmpty());
  EXPECT_THAT(ids({.sort = {{"id"}}, .limit = 2, .page = 1}), ElementsAre("c", "d"));
  const auto huge = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THAT(ids({.limit = huge}), ElementsAre("e", "d", "c", "b", "a"));
  EXPECT_THAT(ids({.limit = huge, .page = huge}), IsEmpty());
}

TEST_P(StorageContract, TheSinkMayMoveValuesOut) {
  put_all({post("a", "first", 1), post("b", "second", 2)});
  std::vector<std::string> titles;
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(storage_->query(posts(), {}, [&titles](Record& row) {
      titles.push_back(std::move(*row["title"].as_string()));
      row["rating"] = "moved from";
    }));
  }
  EXPECT_THAT(titles, ElementsAre("first", "second", "first", "second"));
  EXPECT_EQ(stored("a").record, post("a", "first", 1));
}

TEST_P(StorageContract, TheSinkOfATransactionsQueryMayRead) {
  put_all({post("a", "x", 1), post("b", "y", 2)});
  write([](Transaction& transaction) {
    std::size_t seen = 0;
    ASSERT_TRUE(transaction.query(posts(), {}, [&](Record& row) {
      EXPECT_EQ(transaction.find(posts(), row.key()).value().record, row);
      EXPECT_TRUE(transaction.query(posts(), {}, [&seen](Record&) { ++seen; }));
    }));
    EXPECT_EQ(seen, 4U);
  });
}

TEST_P(StorageContract, ASinkMayReadTheStorage) {
  put_all({post("a", "x"), post("b", "y")});
  std::size_t seen = 0;
  ASSERT_TRUE(storage_->query(posts(), {}, [&](Record& row) {
    EXPECT_TRUE(storage_->find(posts(), row.key()).value().record);
    seen += ids().size();
  }));
  EXPECT_EQ(seen, 4U);
}

// --- versions ------------------------------------------------------------------------------------------------

TEST_P(StorageContract, PutNewerTakesOnlyGreaterVersions) {
  EXPECT_EQ(put_newer(post("a", "one"), at_version(3)), Put::inserted);
  EXPECT_EQ(put_newer(post("a", "same"), at_version(3)), Put::stale);
  EXPECT_EQ(put_newer(post("a", "less"), at_version(2)), Put::stale);
  EXPECT_EQ(stored("a").record, post("a", "one"));
  EXPECT_EQ(stored("a").metadata, at_version(3));
  EXPECT_EQ(put_newer(post("a", "more"), at_version(4)), Put::updated);
  EXPECT_EQ(stored("a").record, post("a", "more"));
  EXPECT_EQ(stored("a").metadata, at_version(4));
}

TEST_P(StorageContract, PutNewerTakesARowThatTheServiceHasNeverSeenForOlder) {
  put_all({post("a", "local")});
  EXPECT_EQ(put_newer(post("a", "synced"), at_version(1)), Put::updated);
  EXPECT_EQ(stored("a").record, post("a", "synced"));
}

TEST_P(StorageContract, AnInsertionAmongUpdatesIsToldApart) {
  write([](Transaction& transaction) {
    EXPECT_EQ(transaction.put_newer({post("a", ""), at_version(1)}).value(), Put::inserted);
    EXPECT_EQ(transaction.put_newer({post("a", ""), at_version(2)}).value(), Put::updated);
    EXPECT_EQ(transaction.put_newer({post("b", ""), at_version(1)}).value(), Put::inserted);
    EXPECT_EQ(transaction.put_newer({post("b", ""), at_version(2)}).value(), Put::updated);
    EXPECT_EQ(transaction.put_newer({post("b", ""), at_version(2)}).value(), Put::stale);
    EXPECT_EQ(transaction.put_newer({post("a", ""), at_version(2)}).value(), Put::stale);
    EXPECT_EQ(transaction.put_newer({post("c", ""), at_version(1)}).value(), Put::inserted);
  });
}

TEST_P(StorageContract, ATombstoneRemovesTheRowAndStaysKnown) {
  put_newer(post("a", "row"), at_version(1));
  EXPECT_EQ(put_newer(post("a", ""), tombstone(1)), Put::stale);
  EXPECT_TRUE(stored("a").record);
  EXPECT_EQ(put_newer(post("a", ""), tombstone(2)), Put::updated);
  EXPECT_FALSE(stored("a").record);
  EXPECT_EQ(stored("a").metadata, tombstone(2));
  EXPECT_THAT(ids(), IsEmpty());
  EXPECT_EQ(put_newer(post("a", "late"), at_version(2)), Put::stale);
  EXPECT_EQ(put_newer(post("a", "back"), at_version(3)), Put::inserted);
  EXPECT_EQ(stored("a").metadata, at_version(3));
  EXPECT_EQ(put_newer(post("a", "late"), at_version(3)), Put::stale);
}

TEST_P(StorageContract, ATombstoneOfAnUnknownKeyIsInserted) {
  EXPECT_EQ(put_newer(post("a", ""), tombstone(2)), Put::inserted);
  EXPECT_EQ(put_newer(post("a", ""), tombstone(2)), Put::stale);
  EXPECT_EQ(put_newer(post("a", ""), tombstone(3)), Put::inserted);
  EXPECT_EQ(stored("a").metadata, tombstone(3));
}

// ST48
TEST_P(StorageContract, TombstonesOfOneModelSayNothingOfAnother) {
  write([](Transaction& transaction) {
    EXPECT_TRUE(transaction.put_newer({order("x", 1, ""), tombstone(9)}));
    EXPECT_EQ(transaction.put_newer({post("x", ""), at_version(1)}).value(), Put::inserted);
  });
}

TEST_P(StorageContract, EraseKeepsWhatTheServiceKnows) {
  put_newer(post("a", "row"), at_version(3));
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.erase(posts(), post_key("a"), at_version(3))); });
  EXPECT_FALSE(stored("a").record);
  EXPECT_EQ(stored("a").metadata, at_version(3)) << "gone here, but not deleted there";
  EXPECT_EQ(put_newer(post("a", "late"), at_version(3)), Put::stale);
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.erase(posts(), post_key("a"), tombstone(4))); });
  EXPECT_EQ(stored("a").metadata, tombstone(4));
}

TEST_P(StorageContract, EraseAtVersionZeroForgetsTheKey) {
  put_newer(post("a", ""), tombstone(7));
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.erase(posts(), post_key("a"), {})); });
  EXPECT_EQ(stored("a").metadata, Metadata{});
  EXPECT_EQ(put_newer(post("a", "anew"), at_version(1)), Put::inserted);
}

// --- outbox --------------------------------------------------------------------------------------------------

// O18
TEST_P(StorageContract, GivesBackAnEntryAsItWasAppended) {
  OutboxEntry entry{.model = &orders(), .key = Key{{"EU", 7}}, .operation = Operation::update,
                    .changes = {{2, "x\"y"}},
                    .condition = Predicate::negation(Predicate::compare("select", Op::in, {"a", Value()})),
                    .was_sent = true};
  entry.id = append(entry);
  auto create = create_entry("a");
  create.changes = {{1, nullptr}, {3, 0.5}, {4, true}, {5, List{"t", nullptr}}, {7, Object{{"city", "Oslo"}}}};
  create.id = append(create);
  OutboxEntry removal{.model = &posts(), .key = post_key("a"), .operation = Operation::remove, .changes = {}};
  removal.id = append(removal);
  EXPECT_THAT(entries(), ElementsAre(entry, create, removal));
}

// O02, O16, O17
TEST_P(StorageContract, TheOutboxIsReadInOrderAndInParts) {
  const auto first = append(create_entry("a"));
  const auto second = append(create_entry("b"));
  const auto third = append(create_entry("a"));
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  const auto ids_of = [](const std::vector<OutboxEntry>& found) {
    std::vector<std::int64_t> ids;
    for (const auto& entry : found) ids.push_back(entry.id);
    return ids;
  };
  EXPECT_THAT(ids_of(entries()), ElementsAre(first, second, third));
  EXPECT_THAT(ids_of(entries(first)), ElementsAre(second, third));
  EXPECT_THAT(ids_of(entries(0, 2)), ElementsAre(first, second));
  EXPECT_THAT(entries(third), IsEmpty());
  write([&](Transaction& transaction) {
    EXPECT_THAT(ids_of(transaction.entries_of(posts(), post_key("a")).value()), ElementsAre(first, third));
    EXPECT_THAT(transaction.entries_of(posts(), post_key("z")).value(), IsEmpty());
    EXPECT_THAT(transaction.entries_of(orders(), post_key("a")).value(), IsEmpty());
  });
}

TEST_P(StorageContract, RewriteReplacesChangesConditionAndSentMark) {
  auto entry = create_entry("a");
  entry.id = append(entry);
  append(create_entry("b"));
  entry.changes = {{2, 8}};
  entry.condition = Predicate::compare("rating", Op::lt, {9});
  entry.was_sent = true;
  write([&](Transaction& transaction) { EXPECT_TRUE(transaction.rewrite(entry)); });
  EXPECT_EQ(entries().front(), entry);
  EXPECT_EQ(entries().size(), 2U);
}

// O13
TEST_P(StorageContract, RewritingAnEntryThatIsGoneDoomsTheTransaction) {
  auto entry = create_entry("a");
  entry.id = 99;
  const auto done = storage_->write([&](Transaction& transaction) -> Result<void> {
    EXPECT_TRUE(transaction.put(post("a", "row"), {}));
    EXPECT_EQ(transaction.rewrite(entry).error().code, Code::storage_failed);
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::storage_failed);
  EXPECT_THAT(ids(), IsEmpty());
}

// O02
TEST_P(StorageContract, DropRemovesOneEntryAndDroppingItAgainIsNothing) {
  const auto first = append(create_entry("a"));
  const auto second = append(create_entry("b"));
  EXPECT_EQ(storage_->outbox_size().value(), 2U);
  for (int round = 0; round < 2; ++round) {
    write([&](Transaction& transaction) { EXPECT_TRUE(transaction.drop(first)); });
    ASSERT_EQ(entries().size(), 1U);
    EXPECT_EQ(entries().front().id, second);
    EXPECT_EQ(storage_->outbox_size().value(), 1U);
  }
}

// O17
TEST_P(StorageContract, IdsOfEntriesAreNeverUsedTwice) {
  const auto first = append(create_entry("a"));
  write([&](Transaction& transaction) { EXPECT_TRUE(transaction.drop(first)); });
  const auto second = append(create_entry("a"));
  EXPECT_GT(second, first);
  ASSERT_TRUE(storage_->clear());
  EXPECT_GT(append(create_entry("a")), second);
}

// --- settings ------------------------------------------------------------------------------------------------

// What the service refused is kept as it was, and is no longer waiting.
TEST_P(StorageContract, ABuriedEntryIsADeadLetterWithItsRefusal) {
  append(create_entry("a"));
  const auto id = append(create_entry("b"));
  const Refusal refusal{Code::condition_failed, "ConditionalCheckFailedException", "why", from_epoch_ms(1'700'000'000'123)};
  write([&](Transaction& transaction) {
    EXPECT_TRUE(transaction.bury(id, refusal));
    EXPECT_EQ(transaction.outbox_size().value(), 1U);
    EXPECT_TRUE(transaction.dead_letter(id).value().has_value());
    EXPECT_TRUE(transaction.bury(999, refusal)) << "an id that is gone is no error";
  });
  EXPECT_EQ(storage_->outbox_size().value(), 1U);
  auto expected = create_entry("b");
  expected.id = id;
  EXPECT_THAT(storage_->dead_letters(0, 10).value(), ElementsAre(DeadLetter{expected, refusal}));
  EXPECT_THAT(storage_->dead_letters(id, 10).value(), IsEmpty());
  EXPECT_EQ(storage_->unsettled(posts(), Key{{"a"}}).value().waiting, 1U);
  EXPECT_EQ(storage_->unsettled(posts(), Key{{"b"}}).value().waiting, 0U);
  EXPECT_EQ(storage_->unsettled(posts(), Key{{"b"}}).value().dead_letters, 1U);
  write([&](Transaction& transaction) {
    EXPECT_TRUE(transaction.drop_dead_letter(id));
    EXPECT_TRUE(transaction.drop_dead_letter(id));
    EXPECT_FALSE(transaction.dead_letter(id).value().has_value());
  });
  EXPECT_THAT(storage_->dead_letters(0, 10).value(), IsEmpty());
}

TEST_P(StorageContract, SettingsAreKeptReplacedAndDropped) {
  EXPECT_EQ(setting("device"), std::nullopt);
  write([](Transaction& transaction) {
    EXPECT_TRUE(transaction.set_setting("device", "one"));
    EXPECT_TRUE(transaction.set_setting("empty", ""));
    EXPECT_EQ(transaction.setting("device").value(), "one");
  });
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.set_setting("device", "two")); });
  EXPECT_EQ(setting("device"), "two");
  EXPECT_EQ(setting("empty"), "");
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.drop_setting("device")); });
  EXPECT_EQ(setting("device"), std::nullopt);
}

// --- transactions --------------------------------------------------------------------------------------------

TEST_P(StorageContract, NothingRemainsOfABodyThatFails) {
  put_newer(post("a", "before"), at_version(1));
  put_newer(post("gone", ""), tombstone(1));
  const auto kept = append(create_entry("a"));
  write([](Transaction& transaction) { EXPECT_TRUE(transaction.set_setting("s", "before")); });
  const auto done = storage_->write([&](Transaction& transaction) -> Result<void> {
    EXPECT_TRUE(transaction.put(post("a", "after"), at_version(2)));
    EXPECT_TRUE(transaction.put(post("b", "new"), {}));
    EXPECT_TRUE(transaction.put_newer({post("gone", "back"), at_version(2)}));
    EXPECT_TRUE(transaction.erase(posts(), post_key("a"), tombstone(3)));
    EXPECT_TRUE(transaction.append(create_entry("b")));
    EXPECT_TRUE(transaction.drop(kept));
    EXPECT_TRUE(transaction.set_setting("s", "after"));
    EXPECT_TRUE(transaction.set_setting("t", "after"));
    return Error{Code::condition_failed, "changed my mind"};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::condition_failed);
  EXPECT_THAT(ids(), ElementsAre("a"));
  EXPECT_EQ(stored("a").record, post("a", "before"));
  EXPECT_EQ(stored("a").metadata, at_version(1));
  EXPECT_EQ(stored("gone").metadata, tombstone(1));
  ASSERT_EQ(entries().size(), 1U);
  EXPECT_EQ(entries().front().id, kept);
  EXPECT_EQ(setting("s"), "before");
  EXPECT_EQ(setting("t"), std::nullopt);
}

TEST_P(StorageContract, NothingRemainsOfABodyThatThrows) {
  put_all({post("a", "before")});
  const auto throwing = [](Transaction& transaction) -> Result<void> {
    EXPECT_TRUE(transaction.put(post("a", "after"), at_version(3)));
    EXPECT_TRUE(transaction.put(post("b", "new"), {}));
    EXPECT_TRUE(transaction.append(create_entry("b")));
    throw std::runtime_error("the application's own");
  };
  EXPECT_THROW(storage_->write(throwing).ignore("it throws"), std::runtime_error);
  EXPECT_EQ((*stored("a").record)["title"], Value("before"));
  EXPECT_THAT(ids(), ElementsAre("a"));
  EXPECT_EQ(storage_->outbox_size().value(), 0U);
  put_all({post("c", "next")});
  EXPECT_THAT(ids(), ElementsAre("a", "c"));
}

TEST_P(StorageContract, AFailedBodyDoesNotHarmTheNext) {
  EXPECT_FALSE(storage_->write([](Transaction&) -> Result<void> { return Error{Code::closed, "no"}; }));
  put_all({post("a", "fine")});
  EXPECT_THAT(ids(), ElementsAre("a"));
  EXPECT_EQ(put_newer(post("t", ""), tombstone(1)), Put::inserted);
}

TEST_P(StorageContract, ALazyCommitIsSeenLikeADurableOneAndUndoneLikeOne) {
  const auto put = [](std::string_view id) {
    return [id](Transaction& transaction) { return transaction.put(post(id, "row"), {}); };
  };
  ASSERT_TRUE(storage_->write(Commit::lazy, put("a")));
  EXPECT_THAT(ids(), ElementsAre("a"));
  ASSERT_TRUE(storage_->write(Commit::durable, put("b")));
  EXPECT_FALSE(storage_->write(Commit::lazy, [&](Transaction& transaction) -> Result<void> {
    EXPECT_TRUE(transaction.put(post("c", "row"), {}));
    return Error{Code::closed, "no"};
  }));
  EXPECT_THAT(ids(), ElementsAre("a", "b"));
}

TEST_P(StorageContract, ReadsInsideATransactionSeeItsWrites) {
  put_all({post("a", "old", 1), post("b", "old", 2)});
  write([](Transaction& transaction) {
    EXPECT_TRUE(transaction.put(post("a", "new", 9), at_version(1)));
    EXPECT_TRUE(transaction.erase(posts(), post_key("b"), tombstone(2)));
    EXPECT_TRUE(transaction.put(post("c", "new", 3), {}));
    EXPECT_EQ(transaction.find(posts(), post_key("a")).value().record, post("a", "new", 9));
    EXPECT_EQ(transaction.find(posts(), post_key("b")).value().metadata, tombstone(2));
    std::vector<std::string> found;
    EXPECT_TRUE(transaction.query(posts(), {.sort = {{"rating"}}},
                                  [&found](Record& row) { found.push_back(*row["id"].as_string()); }));
    EXPECT_THAT(found, ElementsAre("c", "a"));
    const auto entry = transaction.append(create_entry("c")).value();
    EXPECT_EQ(transaction.entries(0, 9).value().size(), 1U);
    EXPECT_EQ(transaction.entries_of(posts(), post_key("c")).value().front().id, entry);
  });
}

TEST_P(StorageContract, PlacesOrderRowsByTheirInsertion) {
  put_all({post("a", "first"), post("b", "second"), post("c", "third")});
  write([](Transaction& transaction) {
    EXPECT_TRUE(transaction.put(post("a", "edited"), {}));
    EXPECT_TRUE(transaction.erase(posts(), post_key("b"), {}));
    EXPECT_TRUE(transaction.put(post("b", "again"), {}));
  });
  std::vector<std::string> found;
  std::vector<Place> places;
  const Query matching{.where = Predicate::compare("title", Op::ne, {"third"}), .sort = {}, .limit = 2};
  ASSERT_TRUE(storage_->query_placed(posts(), matching, [&](Record& row, Place place) {
    found.push_back(*row["id"].as_string());
    places.push_back(place);
  }));
  EXPECT_THAT(found, ElementsAre("a", "b"));
  EXPECT_THAT(places, ElementsAre(stored("a").place, stored("b").place));
  EXPECT_LT(stored("a").place, stored("c").place);
  EXPECT_LT(stored("c").place, stored("b").place);
}

TEST_P(StorageContract, AReaderDuringAWriteSeesTheLastCommittedState) {
  if (!GetParam().reads_beside_writer) GTEST_SKIP() << "readers of this storage wait for the writer";
  put_all({post("a", "old")});
  write([this](Transaction& transaction) {
    EXPECT_TRUE(transaction.put(post("a", "new"), {}));
    EXPECT_TRUE(transaction.put(post("b", "new"), {}));
    EXPECT_TRUE(transaction.append(create_entry("b")));
    EXPECT_THAT(ids(), ElementsAre("a"));
    EXPECT_EQ(stored("a").record, post("a", "old"));
    EXPECT_EQ(storage_->outbox_size().value(), 0U);
  });
  EXPECT_EQ(stored("a").record, post("a", "new"));
  EXPECT_THAT(ids(), ElementsAre("a", "b"));
  EXPECT_EQ(storage_->outbox_size().value(), 1U);
}

TEST_P(StorageContract, ClearRemovesEverything) {
  put_newer(post("a", "row"), at_version(1));
  put_newer(post("t", ""), tombstone(5));
  append(create_entry("a"));
  const auto refused = append(create_entry("r"));
  write([refused](Transaction& transaction) {
    EXPECT_TRUE(transaction.bury(refused, {}));
    EXPECT_TRUE(transaction.set_setting("s", "x"));
    EXPECT_TRUE(transaction.put(order("EU", 1, ""), {}));
  });
  ASSERT_TRUE(storage_->clear());
  EXPECT_THAT(ids(), IsEmpty());
  EXPECT_EQ(stored("a").metadata, Metadata{});
  EXPECT_EQ(stored("t").metadata, Metadata{});
  EXPECT_FALSE(storage_->find(orders(), Key{{"EU", 1}}).value().record);
  EXPECT_EQ(storage_->outbox_size().value(), 0U);
  EXPECT_THAT(storage_->dead_letters(0, 10).value(), IsEmpty());
  EXPECT_EQ(setting("s"), std::nullopt);
  EXPECT_EQ(put_newer(post("t", "anew"), at_version(1)), Put::inserted);
}

TEST(Operations, AreNamedAsTheServiceNamesThem) {
  EXPECT_EQ(name(Operation::create), "create");
  EXPECT_EQ(name(Operation::update), "update");
  EXPECT_EQ(name(Operation::remove), "delete");
}

INSTANTIATE_TEST_SUITE_P(Storages, StorageContract, testing::ValuesIn(storage_factories()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace holdfast::client
