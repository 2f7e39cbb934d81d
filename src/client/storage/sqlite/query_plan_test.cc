// That SQLite reads an index where the schema has one for the condition.
#include <gmock/gmock.h>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sqlite_storage.h"

namespace holdfast::client {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

Predicate compare(std::string field, Op op, std::vector<Value> operands) {
  return Predicate::compare(std::move(field), op, std::move(operands));
}

/// Book {id, title @index, author @index(sortKeyFields: ["year"]), year, isOut @index, text, shelfId, lentAt @index}, belongs to Shelf {id, room @index};
/// Seat has the key (city, row).
Schema library() {
  ModelSchema book{.name = "Book", .plural_name = "Books"};
  book.fields = {{.name = "id", .scalar = Scalar::id},        {.name = "title"},
                 {.name = "author"},                          {.name = "year", .scalar = Scalar::integer},
                 {.name = "isOut", .scalar = Scalar::boolean}, {.name = "text"},
                 {.name = "shelfId", .scalar = Scalar::id},   {.name = "lentAt", .scalar = Scalar::aws_date_time}};
  book.primary_key = {"id"};
  book.indexes = {{.name = "byTitle", .fields = {"title"}},
                  {.name = "byAuthor", .fields = {"author", "year"}},
                  {.name = "byOut", .fields = {"isOut"}},
                  {.name = "byLentAt", .fields = {"lentAt"}}};
  book.relations = {{.name = "shelf", .target = "Shelf", .keys = {"shelfId"}, .target_keys = {"id"}}};
  ModelSchema shelf{.name = "Shelf", .plural_name = "Shelves"};
  shelf.fields = {{.name = "id", .scalar = Scalar::id}, {.name = "room"}};
  shelf.primary_key = {"id"};
  shelf.indexes = {{.name = "byRoom", .fields = {"room"}}};
  shelf.relations = {{.name = "books", .kind = RelationKind::has_many, .target = "Book", .keys = {"id"}, .target_keys = {"shelfId"}}};
  ModelSchema seat{.name = "Seat", .plural_name = "Seats"};
  seat.fields = {{.name = "city"}, {.name = "row", .scalar = Scalar::integer}};
  seat.primary_key = {"city", "row"};
  Schema schema;
  schema.models = {std::move(book), std::move(shelf), std::move(seat)};
  return schema;
}

class QueryPlan : public testing::Test {
 protected:
  std::vector<std::string> plan(const Query& query, std::size_t model = 0) {
    return storage_->explain(schema_.models[model], query).value();
  }
  std::vector<std::string> plan_of(const Predicate& where) { return plan({.where = where}); }

  const ScratchFolder folder_;
  const Schema schema_ = library();
  std::unique_ptr<Storage> storage_ =
      open_sqlite_storage(schema_, {.path = folder_.file("library.db"), .syncs_every_commit = false}).value();
};

// Q17, Q18, Q19
TEST_F(QueryPlan, AnIndexedFieldIsSearchedByItsIndex) {
  const auto by_title = Contains(HasSubstr("SEARCH m USING INDEX Book.byTitle"));
  EXPECT_THAT(plan_of(compare("title", Op::eq, {"Emma"})), by_title);
  EXPECT_THAT(plan_of(compare("title", Op::eq, {nullptr})), by_title);
  EXPECT_THAT(plan_of(compare("title", Op::in, {"Emma", "Ulysses"})), by_title);
  EXPECT_THAT(plan_of(compare("title", Op::lt, {"E"})), by_title);
  EXPECT_THAT(plan_of(compare("title", Op::ge, {"E"})), by_title);
  EXPECT_THAT(plan_of(compare("title", Op::between, {"E", "U"})), by_title);
  EXPECT_THAT(plan_of(compare("title", Op::begins_with, {"Em"})), by_title);
  EXPECT_THAT(plan_of(compare("isOut", Op::eq, {true})), Contains(HasSubstr("Book.byOut")));
}

TEST_F(QueryPlan, AFieldWithoutAnIndexIsScanned) {
  EXPECT_THAT(plan_of(compare("text", Op::eq, {"x"})), Contains(HasSubstr("SCAN")));
  EXPECT_THAT(plan_of(compare("title", Op::contains, {"x"})), Contains(HasSubstr("SCAN")));
}

TEST_F(QueryPlan, AnIndexOfSeveralFieldsServesTheirConditionAndOrder) {
  const auto author = compare("author", Op::eq, {"Austen"});
  const auto late = compare("year", Op::gt, {1813});
  EXPECT_THAT(plan_of(Predicate::all_of({author, late})), Contains(HasSubstr("Book.byAuthor (author=? AND year>?)")));
  const auto sorted = plan({.where = author, .sort = {{.field = "year"}}, .limit = 10});
  EXPECT_THAT(sorted, Contains(HasSubstr("Book.byAuthor")));
  EXPECT_THAT(sorted, Each(Not(HasSubstr("TEMP B-TREE"))));
}

// T15
TEST_F(QueryPlan, AnIndexOfTimesServesTheirOrderByInstant) {
  const auto by_time = Contains(HasSubstr("SEARCH m USING INDEX Book.byLentAt"));
  EXPECT_THAT(plan_of(compare("lentAt", Op::gt, {"2026-01-31T10:00:00+01:00"})), by_time);
  EXPECT_THAT(plan_of(compare("lentAt", Op::eq, {"2026-01-31T10:00:00+01:00"})), by_time);
  EXPECT_THAT(plan_of(compare("lentAt", Op::eq, {nullptr})), by_time);
  const auto last = plan({.sort = {{.field = "lentAt", .direction = Direction::descending}}, .limit = 20});
  EXPECT_THAT(last, AllOf(Contains(HasSubstr("USING INDEX Book.byLentAt")), Each(Not(HasSubstr("TEMP B-TREE FOR ORDER BY")))));
}

// Q16
TEST_F(QueryPlan, ARecordToSortByIsFoundByItsKey) {
  const auto by_room = plan({.sort = {{.field = "room", .path = {"shelf"}}}});
  EXPECT_THAT(by_room, Contains(HasSubstr("SEARCH s1 USING INDEX sqlite_autoindex_Shelf_1 (id=?)")));
}

TEST_F(QueryPlan, APageOfAnOpenRangeIsReadInOrderUntilItIsFull) {
  const auto page = plan({.where = compare("title", Op::gt, {"E"}), .limit = 10});
  EXPECT_THAT(page, Each(Not(HasSubstr("TEMP B-TREE"))));
}

TEST_F(QueryPlan, IndexesServeEachSideOfAnOr) {
  const auto either = plan_of(Predicate::any_of({compare("title", Op::eq, {"Emma"}), compare("author", Op::eq, {"Joyce"})}));
  EXPECT_THAT(either, Contains(HasSubstr("Book.byTitle")));
  EXPECT_THAT(either, Contains(HasSubstr("Book.byAuthor")));
}

TEST_F(QueryPlan, KeysAndForeignKeysAreIndexed) {
  EXPECT_THAT(plan_of(compare("id", Op::eq, {"b"})), Contains(HasSubstr("SEARCH m USING INDEX")));
  EXPECT_THAT(plan_of(compare("shelfId", Op::eq, {"s"})), Contains(HasSubstr("Book.shelf")));
  EXPECT_THAT(plan({.where = compare("city", Op::eq, {"Rome"})}, 2), Contains(HasSubstr("(city=?)")));
}

// Q18
TEST_F(QueryPlan, IndexesLeadThroughARelation) {
  const auto in_study = Predicate::related("shelf", compare("room", Op::eq, {"study"}));
  EXPECT_THAT(plan_of(in_study), AllOf(Contains(HasSubstr("SEARCH m USING INDEX Book.shelf (shelfId=?)")),
                                       Contains(HasSubstr("SEARCH m1 USING INDEX Shelf.byRoom (room=?)"))));
  const auto with_emma = Predicate::related("books", compare("title", Op::eq, {"Emma"}));
  EXPECT_THAT(plan({.where = with_emma}, 1), AllOf(Contains(HasSubstr("SEARCH m USING INDEX sqlite_autoindex_Shelf_1 (id=?)")),
                                                   Contains(HasSubstr("SEARCH m1 USING INDEX Book.byTitle (title=?)"))));
  const auto beside_emma = Predicate::related("shelf", with_emma);
  EXPECT_THAT(plan_of(beside_emma), AllOf(Contains(HasSubstr("SEARCH m USING INDEX Book.shelf")),
                                          Contains(HasSubstr("SEARCH m2 USING INDEX Book.byTitle"))));
}

TEST_F(QueryPlan, WhatIsRelatedToFewRowsIsLookedUpRowByRow) {
  const auto emma_in_study = Predicate::all_of({compare("title", Op::eq, {"Emma"}),
                                                Predicate::related("shelf", compare("room", Op::begins_with, {"s"}))});
  EXPECT_THAT(plan_of(emma_in_study), AllOf(Contains(HasSubstr("SEARCH m USING INDEX Book.byTitle (title=?)")),
                                            Contains(HasSubstr("SEARCH m1 USING INDEX sqlite_autoindex_Shelf_1 (id=?)"))));
  const auto shelf_with_text = Predicate::all_of({compare("id", Op::eq, {"s1"}),
                                                  Predicate::related("books", compare("text", Op::contains, {"x"}))});
  EXPECT_THAT(plan({.where = shelf_with_text}, 1), Contains(HasSubstr("SEARCH m1 USING INDEX Book.shelf (shelfId=?)")));
}

TEST_F(QueryPlan, RelationsAreFollowedBySqliteAsDeepAsItsParserGoes) {
  auto through = compare("title", Op::eq, {"Emma"});
  for (int level = 0; level < 2; ++level) through = Predicate::related("shelf", Predicate::related("books", std::move(through)));
  EXPECT_THAT(plan_of(through), Each(Not(HasSubstr("OUTSIDE"))));
  for (int level = 0; level < 30; ++level) through = Predicate::related("shelf", Predicate::related("books", std::move(through)));
  EXPECT_THAT(plan_of(through), Contains(HasSubstr("FILTER OUTSIDE SQLITE")));
}

TEST_F(QueryPlan, SaysWhenSqliteDoesNotFilter) {
  auto deep = compare("title", Op::eq, {"x"});
  for (int level = 0; level < 60; ++level) deep = Predicate::negation(std::move(deep));
  EXPECT_THAT(plan_of(deep), Contains(HasSubstr("FILTER OUTSIDE SQLITE")));
}

}  // namespace
}  // namespace holdfast::client
