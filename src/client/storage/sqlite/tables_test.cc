// How models become tables and queries become statements.
#include "client/storage/sqlite/tables.h"

#include <gmock/gmock.h>

#include "client/storage/sqlite/sql_writer.h"
#include "model/testing.h"

namespace holdfast::client {
namespace {

using holdfast::testing::list_of;
using holdfast::testing::scalar;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ModelSchema order() {
  ModelSchema model{.name = "Order", .plural_name = "Orders"};
  model.fields = {scalar("group", Scalar::string, true), scalar("number", Scalar::integer, true),
                  scalar("select", Scalar::string, true), scalar("price", Scalar::floating),
                  scalar("paid", Scalar::boolean), list_of(scalar("tags", Scalar::string)),
                  scalar("customerId", Scalar::id)};
  model.primary_key = {"group", "number"};
  return model;
}

// ST20, ST36, ST37: any name is sql_name. Only the key is NOT NULL: a record that the service sends is never refused.
TEST(ModelTables, HaveAColumnForEveryFieldAndAKeyOfSeveral) {
  const auto table = model_table(order()).value();
  EXPECT_EQ(table.create,
            R"(CREATE TABLE "Order" ("_place" INTEGER PRIMARY KEY, "group" TEXT NOT NULL, "number" INTEGER NOT NULL, )"
            R"("select" TEXT, "price" REAL, "paid" BOOLEAN_INTEGER, "tags" JSON_TEXT, "customerId" TEXT, )"
            R"("_version" INTEGER NOT NULL, "_lastChangedAt" INTEGER NOT NULL, UNIQUE ("group", "number")))");
}

// ST37
TEST(ModelTables, HaveAKeyOfOneFieldWhateverItsName) {
  for (const auto* name : {"id", "isbn"}) {
    ModelSchema model{.name = "Book", .plural_name = "Books"};
    model.fields = {scalar(name, Scalar::id, true)};
    model.primary_key = {name};
    EXPECT_THAT(model_table(model)->create, HasSubstr("UNIQUE (\"" + std::string(name) + "\"))"));
  }
}

// ST38: the key needs no index of its own, and a foreign key none where an index or the key begins with it.
TEST(ModelTables, HaveTheIndexesOfTheSchemaAndOfForeignKeys) {
  auto model = order();
  EXPECT_THAT(model_table(model)->create_indexes, IsEmpty());
  model.indexes = {{.name = "byPrice", .fields = {"price", "paid"}}, {.name = "", .fields = {"select"}}};
  model.relations = {{.name = "customer", .target = "Customer", .keys = {"customerId"}, .target_keys = {"id"}}};
  EXPECT_THAT(model_table(model)->create_indexes,
              ElementsAre(R"(CREATE INDEX "Order.byPrice" ON "Order" ("price", "paid"))",
                          R"(CREATE INDEX "Order.select" ON "Order" ("select"))",
                          R"(CREATE INDEX "Order.customer" ON "Order" ("customerId"))"));
  model.indexes = {{.name = "byCustomer", .fields = {"customerId", "price"}}};
  EXPECT_THAT(model_table(model)->create_indexes,
              ElementsAre(R"(CREATE INDEX "Order.byCustomer" ON "Order" ("customerId", "price"))"));
}

// ST39
TEST(ModelTables, AreFoundAndErasedByEveryPartOfTheKey) {
  const auto table = model_table(order()).value();
  EXPECT_THAT(table.find, HasSubstr(R"( FROM "Order" WHERE "group" = ? AND "number" = ?)"));
  EXPECT_EQ(table.erase, R"(DELETE FROM "Order" WHERE "group" = ? AND "number" = ?)");
  EXPECT_THAT(table.insert, HasSubstr(R"(ON CONFLICT ("group", "number") DO NOTHING)"));
  EXPECT_THAT(table.put, HasSubstr(R"(DO UPDATE SET "select" = excluded."select", )"));
  EXPECT_THAT(table.put, Not(HasSubstr(R"("group" = excluded)")));
}

// Q30, P31
TEST(Statements, AreLimitedOnlyWhenTheQueryIs) {
  const auto model = order();
  const auto table = model_table(model).value();
  EXPECT_THAT(select_statement(table, {}).text, Not(HasSubstr("LIMIT")));
  const auto limited = select_statement(table, {.where = {}, .sort = {}, .limit = 10});
  EXPECT_THAT(limited.text, HasSubstr(R"(ORDER BY m."_place" LIMIT ? OFFSET ?)"));
  ASSERT_EQ(limited.parameters.size(), 2U);
  EXPECT_EQ(limited.parameters[0].value, Value(10));
  EXPECT_EQ(limited.parameters[1].value, Value(0));
  const auto where = Predicate::compare("price", Op::gt, {4});
  const auto paged = select_statement(table, {.where = where, .sort = {{"price", Direction::descending}}, .limit = 10, .page = 3});
  EXPECT_THAT(paged.text, HasSubstr(R"( WHERE (m."price" > ?) ORDER BY m."price" DESC, m."_place" LIMIT ? OFFSET ?)"));
  EXPECT_EQ(paged.parameters.back().value, Value(30));
}

}  // namespace
}  // namespace holdfast::client
