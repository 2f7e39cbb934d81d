// Generated models in a store on a file: values, keys, references, names.
#include <gtest/gtest.h>

#include "client/storage/sqlite/scratch_folder.h"
#include "holdfast/datastore.h"
#include "sqlite/connection.h"
#include "src/codegen/testdata/connection_by_name/models.h"
#include "src/codegen/testdata/everything/models.h"

namespace holdfast {
namespace {

using namespace everything;

class GeneratedStore : public ::testing::Test {
 protected:
  [[nodiscard]] StoreOptions on_file() const {
    return {.path = folder.file("everything.db"), .durability = Durability::normal, .delivery = {}, .executor = {}};
  }
  static Everything minimal() {
    Everything all{.id = "1"};
    all.rDateTime = "2026-01-31T09:30:00.5+01:00";
    all.rHome.name = "home";
    return all;
  }

  const client::ScratchFolder folder;
  DataStore store = DataStore::open(everything::schema(), on_file()).value();
};

// V01, V09, V11, ST22: a struct a type, each with its name; what is not given is null and comes back so.
TEST_F(GeneratedStore, WhatIsNotGivenComesBackAsNull) {
  const auto saved = store.save(minimal()).value();
  EXPECT_EQ(saved, minimal());
  EXPECT_EQ(store.get<Everything>("1").value(), minimal());
  EXPECT_EQ(saved.aString, std::nullopt);
  EXPECT_EQ(saved.strings, std::nullopt);
  EXPECT_EQ(saved.createdAt, std::nullopt);
}

// T13, T14, ST03, ST21: what is given comes back as it was given, the texts of dates and times too.
TEST_F(GeneratedStore, EveryKindOfValueComesBackAsItWas) {
  auto all = minimal();
  all.aString = "'; DROP TABLE Everything;--";
  all.aTimestamp = -1;
  all.aJson = R"({"a": [1, null]})";
  all.strings = {"a", std::nullopt, ""};
  all.numbers = {std::nullopt, 3};
  all.booleans = {true, false};
  all.moods = {Mood::default_, Mood::mood};
  all.mood = Mood::NULL_;
  all.home = Place{.name = "Rom", .at = {.x = 0.1, .y = -2}, .tags = {{"t"}}, .mood = Mood::CALM};
  all.places = {*all.home, Place{.name = "Oslo"}};
  EXPECT_EQ(store.save(all).value(), all);
  EXPECT_EQ(store.get<Everything>("1").value(), all);
  EXPECT_EQ(store.query<Everything>(Everything::fields::aString == *all.aString).value().size(), 1U);
}

// V10, ST06
TEST_F(GeneratedStore, AnEditMayTakeAValueAway) {
  auto all = minimal();
  all.anInt = 4;
  const auto saved = store.save(all).value();
  EXPECT_EQ(store.save(Everything::copy_of(saved, [](Everything& draft) { draft.anInt.reset(); })).value().anInt, std::nullopt);
  EXPECT_EQ(store.get<Everything>("1").value()->anInt, std::nullopt);
}

// V12, ST04: two edits, one save.
TEST_F(GeneratedStore, EditsOfEditsAreSavedAsOne) {
  const auto saved = store.save(minimal()).value();
  const auto first = Everything::copy_of(saved, [](Everything& draft) { draft.anInt = 4; });
  ASSERT_TRUE(store.save(copy_of(first, [](Everything& draft) { draft.aString = "x"; })));
  const auto stored = store.get<Everything>("1").value().value();
  EXPECT_EQ(stored.anInt, 4);
  EXPECT_EQ(stored.aString, "x");
}

// V08: an edit that changes the key is one of the record that it was made from.
TEST_F(GeneratedStore, AnEditNeverReachesAnotherRecord) {
  const auto saved = store.save(minimal()).value();
  auto other = minimal();
  other.id = "2";
  ASSERT_TRUE(store.save(other));
  ASSERT_TRUE(store.save(Everything::copy_of(saved, [](Everything& draft) { draft.id = "2", draft.anInt = 9; })));
  EXPECT_EQ(store.get<Everything>("1").value()->anInt, 9);
  EXPECT_EQ(store.get<Everything>("2").value(), other);
}

// V16, V17, V45
TEST_F(GeneratedStore, WrongValuesAreRefusedBeforeTheyAreWritten) {
  auto wrong = minimal();
  wrong.rDateTime = "yesterday";
  EXPECT_EQ(store.save(wrong).error().code, Code::invalid_argument);
  wrong = minimal();
  wrong.rFloat = std::numeric_limits<double>::infinity();
  EXPECT_EQ(store.save(wrong).error().code, Code::invalid_argument);
  wrong = minimal();
  wrong.aJson = "{a: 1}";
  EXPECT_EQ(store.save(wrong).error().code, Code::invalid_argument);
  EXPECT_EQ(store.count<Everything>().value(), 0U);
}

// V38, V44, T16: == compares every field by its value; difference() names those that differ.
TEST_F(GeneratedStore, InstancesAreEqualWhenEveryFieldIs) {
  const auto one = minimal();
  const auto differs = [&one](auto change) {
    const auto edit = Everything::copy_of(one, change);
    return !(edit.value == one) && edit.changes.size() == 1;
  };
  EXPECT_EQ(one, minimal());
  EXPECT_TRUE(differs([](auto& draft) { draft.aString = ""; })) << "null is not empty";
  EXPECT_TRUE(differs([](auto& draft) { draft.anInt = 0; }));
  EXPECT_TRUE(differs([](auto& draft) { draft.rFloat = 0.1; }));
  EXPECT_TRUE(differs([](auto& draft) { draft.rBoolean = true; }));
  EXPECT_TRUE(differs([](auto& draft) { draft.rMood = Mood::CALM; }));
  EXPECT_TRUE(differs([](auto& draft) { draft.rDateTime = "2026-01-31T09:30:00.6+01:00"; }));
  EXPECT_TRUE(differs([](auto& draft) { draft.rHome.at.x = 1; }));
  EXPECT_TRUE(differs([](auto& draft) { draft.places.emplace(); })) << "null is not []";
  EXPECT_TRUE(differs([](auto& draft) { draft.strings.emplace(1); })) << "[null] is neither";
  EXPECT_TRUE(differs([](auto& draft) { draft.rStrings = {"a"}; }));
}

// Q01, Q02, Q03, V39, D03
TEST_F(GeneratedStore, OneRecordIsFoundByItsWholeKey) {
  const auto north = store.save(Library{.city = "Oslo", .branch = "North", .floor = 2}).value();
  ASSERT_TRUE(store.save(Library{.city = "Oslo", .branch = "North", .floor = 3}));
  EXPECT_EQ(store.get<Library>("Oslo", "North", 2).value(), north);
  EXPECT_EQ(store.get<Library>("Oslo", "South", 2).value(), std::nullopt);
  EXPECT_EQ(store.query<Library>().value().size(), 2U);
  EXPECT_EQ(store.get<Library>("Oslo").error().message, "the key of Library has 3 parts");
  EXPECT_TRUE(store.remove(north).value());
  EXPECT_EQ(store.count<Library>().value(), 1U);
}

// Q24, V40, ST10, ST14: a relation is its foreign key, whatever it has.
TEST_F(GeneratedStore, ARelationIsKeptAndFoundByItsKey) {
  const Library north{.city = "Oslo", .branch = "North", .floor = 2};
  const Library south{.city = "Oslo", .branch = "South", .floor = 1};
  for (const auto& library : {north, south}) ASSERT_TRUE(store.save(library));
  ASSERT_TRUE(store.save(Seal{.id = "s"}));
  const auto book = store.save(Book{.id = "b", .title = "t", .library = north, .seal = Seal{.id = "s"}}).value();
  ASSERT_TRUE(store.save(Book{.id = "c", .title = "u", .seal = Seal{.id = "s"}}));
  EXPECT_EQ(store.query<Book>(Book::fields::library == north).value(), std::vector<Book>{book});
  EXPECT_EQ(store.count<Book>(Book::fields::library != north).value(), 1U);
  const auto edit = Book::copy_of(book, [&](Book& draft) { draft.library = south; });
  ASSERT_EQ(edit.changes.size(), 2U) << "the parts of the foreign key that differ, and no object";
  EXPECT_EQ(edit.changes[0].value, Value("South"));
  const auto moved = store.save(edit).value();
  EXPECT_EQ(moved.library, Ref<Library>(south));
  const Reader reader{.id = "r"};
  ASSERT_TRUE(store.save(reader));
  ASSERT_TRUE(store.save(Note{.id = "n", .readerId = "r"}));
  EXPECT_EQ(store.count<Note>(Note::fields::reader == reader).value(), 1U);
}

// ST20
TEST_F(GeneratedStore, NamesThatMeanSomethingInCppAndSqlAreNames) {
  const auto odd = store.save(struct_{.class_ = "c", .model_ = 1, .int_ = 3}).value();
  EXPECT_EQ(store.query<struct_>(struct_::fields::class_ == "c" && struct_::fields::int_ > 2).value(), std::vector<struct_>{odd});
}

// ST48
TEST_F(GeneratedStore, RecordsOfTwoModelsMayHaveTheSameKey) {
  ASSERT_TRUE(store.save(Shelf{.id = "1"}));
  ASSERT_TRUE(store.save(Box{.id = "1"}));
  EXPECT_TRUE(store.remove(Shelf{.id = "1"}).value());
  EXPECT_EQ(store.count<Box>().value(), 1U);
}

// D14
TEST_F(GeneratedStore, ARowThatCannotBeReadIsNotRemovedSilently) {
  auto all = minimal();
  all.strings.emplace();
  ASSERT_TRUE(store.save(all));
  auto file = sqlite::Connection::open({.path = folder.file("everything.db")}).value();
  ASSERT_TRUE(file.run("UPDATE Everything SET strings = '[1,'"));
  EXPECT_EQ(store.remove(all).error().code, Code::corrupt);
  EXPECT_EQ(store.remove_all<Everything>().error().code, Code::corrupt);
}

}  // namespace
}  // namespace holdfast
