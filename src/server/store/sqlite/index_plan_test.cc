// How SQLite answers index reads: by the index alone, without sorting.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "server/store/sqlite/index_read.h"
#include "server/store/sqlite/indexes.h"
#include "server/store/sqlite/layout.h"

namespace holdfast::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Schema notes(std::vector<IndexFields> indexes) {
  ModelSchema model;
  model.name = "Note";
  model.primary_key = {"id"};
  for (const auto* name : {"id", "a", "b", "c"}) model.fields.emplace_back().name = name;
  for (auto& fields : indexes) model.indexes.push_back({.name = "by", .fields = std::move(fields)});
  Schema schema;
  schema.models = {model};
  return schema;
}

class IndexPlan : public testing::Test {
 protected:
  IndexPlan() { EXPECT_TRUE(prepare_layout(connection, true)); }

  std::vector<std::string> rows(const std::string& sql, int column) {
    auto statement = connection.prepare(sql).value();
    std::vector<std::string> rows;
    while (statement.step().value()) rows.emplace_back(statement.column_text(column));
    return rows;
  }
  std::vector<std::string> plan(const IndexStatement& statement, const Schema& schema) {
    return rows("EXPLAIN QUERY PLAN " + statement.sql(schema.models[0], schema.models[0].indexes[0].fields), 3);
  }
  std::vector<std::string> index_names() {
    return rows("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'by.%' ORDER BY name", 0);
  }

  sqlite::Connection connection = sqlite::Connection::open({.path = "file:plan?vfs=memdb"}).value();
};

TEST_F(IndexPlan, SearchesTheIndexToTheBoundAndNeverSorts) {
  const auto schema = notes({{"a", "b", "c"}});
  ASSERT_TRUE(prepare_indexes(connection, schema));
  for (const bool is_descending : {false, true}) {
    const std::string beyond = is_descending ? "<" : ">";
    const auto plan_of = [&](std::size_t equal, bool is_bounded) {
      return plan({.equal = equal, .is_bounded = is_bounded, .is_descending = is_descending}, schema);
    };
    const std::string search = "SEARCH records USING INDEX by.Note.a.b.c (";
    EXPECT_THAT(plan_of(1, false), ElementsAre(HasSubstr(search + "<expr>=?")));
    EXPECT_THAT(plan_of(1, true), ElementsAre(HasSubstr(search + "<expr>=? AND <expr>" + beyond + "?")));
    EXPECT_THAT(plan_of(2, true), ElementsAre(HasSubstr(search + "<expr>=? AND <expr>=? AND <expr>" + beyond + "?")));
    EXPECT_THAT(plan_of(3, true),
                ElementsAre(HasSubstr("<expr>=? AND <expr>=? AND <expr>=? AND first_sequence" + beyond + "?")));
  }
}

TEST_F(IndexPlan, IndexesFollowTheSchema) {
  ASSERT_TRUE(prepare_indexes(connection, notes({{"a", "b"}, {"c"}, {"c"}})));
  EXPECT_THAT(index_names(), ElementsAre("by.Note.a.b", "by.Note.c"));
  ASSERT_TRUE(prepare_indexes(connection, notes({{"a", "b"}, {"b"}})));
  EXPECT_THAT(index_names(), ElementsAre("by.Note.a.b", "by.Note.b"));
  ASSERT_TRUE(prepare_indexes(connection, notes({})));
  EXPECT_THAT(index_names(), ElementsAre());
}

}  // namespace
}  // namespace holdfast::server
