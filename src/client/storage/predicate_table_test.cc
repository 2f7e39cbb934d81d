// Which rows a condition selects and in which order rows are sorted, by table, for each storage of the program and for
// the evaluator. Every row of the table is tried as it is, negated, and doubly negated.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include "client/storage/storage_contract.h"

namespace holdfast::client {
namespace {

FieldSchema field(std::string name, Scalar type, bool is_list = false) {
  return {.name = std::move(name), .scalar = type, .is_list = is_list};
}

const Schema& schema() {
  static const Schema made = [] {
    ModelSchema item{.name = "Item", .plural_name = "Items"};
    item.fields = {field("id", Scalar::id), field("text", Scalar::string), field("flag", Scalar::boolean),
                   field("count", Scalar::integer), field("ratio", Scalar::floating),
                   {.name = "mood", .kind = FieldKind::enumeration, .type_name = "Mood"},
                   field("tags", Scalar::string, true), field("sizes", Scalar::integer, true),
                   field("day", Scalar::aws_date), field("at", Scalar::aws_date_time), field("hour", Scalar::aws_time),
                   field("stamp", Scalar::aws_timestamp), field("ownerId", Scalar::id)};
    item.primary_key = {"id"};
    // Of each scalar once without and once with an index: the same rows, found in another way.
    item.indexes = {{.name = "byText", .fields = {"text"}}, {.name = "byCount", .fields = {"count"}},
                    {.name = "byRatio", .fields = {"ratio"}}};
    Schema out;
    out.models = {std::move(item)};
    out.enums = {{.name = "Mood", .values = {"CALM", "GLAD", "WILD"}}};
    out.version = "1";
    return out;
  }();
  return made;
}

/// a, b and c ascend in every field; n has nothing but its id.
std::vector<Record> rows() {
  std::vector<Record> made(4, Record(schema().models[0]));
  const std::vector<std::vector<Value>> values{
      {"n"},
      {"b", "banana", true, 2, 2.5, "GLAD", List{"red", "round"}, List{2, 3}, "2026-02-01", "2026-02-01T10:00:00Z", "10:00", 2000, "o1"},
      {"a", "Apple", false, 1, 1.5, "CALM", List{"reddish"}, List{1}, "2026-01-01", "2026-01-01T10:00:00Z", "09:00", -1, "o2"},
      {"c", "c_50% 'OR 1=1;--", true, 3, 3.5, "WILD", List{}, List{}, "2026-03-01", "2026-03-01T10:00:00Z", "11:00", 3000, "o1"}};
  for (std::size_t at = 0; at < made.size(); ++at) std::copy(values[at].begin(), values[at].end(), made[at].values.begin());
  return made;
}

Predicate is(std::string name, Op op, std::vector<Value> operands) {
  return Predicate::compare(std::move(name), op, std::move(operands));
}
Predicate both(Predicate left, Predicate right) { return Predicate::all_of({std::move(left), std::move(right)}); }
Predicate either(Predicate left, Predicate right) { return Predicate::any_of({std::move(left), std::move(right)}); }
Predicate none_of(Predicate child) { return Predicate::negation(std::move(child)); }

struct Selection {
  std::string name;
  Predicate where;
  std::string ids;  ///< In alphabetical order.
};

/// Opened and filled once for all tests, which only read.
Storage& filled(const StorageFactory& factory) {
  static std::map<std::string, std::unique_ptr<Storage>> storages;
  auto& storage = storages[factory.name];
  if (storage) return *storage;
  storage = factory.open(schema());
  EXPECT_TRUE(storage->write([](Transaction& transaction) -> Result<void> {
    for (const auto& row : rows()) {
      HOLDFAST_TRY(put, transaction.put(row, {}));
    }
    return {};
  }));
  return *storage;
}

template <class Row>
class OnStorage : public ::testing::TestWithParam<std::tuple<StorageFactory, Row>> {
 protected:
  std::string found(const Query& query) {
    const auto fits = check(query, schema().models[0], schema());
    EXPECT_TRUE(fits) << (fits ? "" : fits.error().message);
    std::string ids;
    EXPECT_TRUE(storage().query(schema().models[0], query, [&ids](Record& row) { ids += *row["id"].as_string(); }));
    return ids;
  }
  std::string selected(const Predicate& where) { return found({.where = where, .sort = {{"id"}}}); }
  static std::string evaluated(const Predicate& where) {
    std::string ids;
    for (const auto& row : rows()) ids += evaluate(where, row) ? *row["id"].as_string() : "";
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  const Row& row() { return std::get<1>(this->GetParam()); }
  Storage& storage() { return filled(std::get<0>(this->GetParam())); }
};

std::string all_but(const std::string& ids) {
  std::string rest;
  for (const char id : std::string("abcn")) rest += ids.find(id) == std::string::npos ? std::string(1, id) : "";
  return rest;
}

class Selecting : public OnStorage<Selection> {};

TEST_P(Selecting, GivesTheRowsOfTheTable) {
  const auto& [name, where, ids] = row();
  EXPECT_EQ(selected(where), ids);
  EXPECT_EQ(evaluated(where), ids);
  EXPECT_EQ(selected(none_of(where)), all_but(ids));
  EXPECT_EQ(evaluated(none_of(where)), all_but(ids));
  EXPECT_EQ(selected(none_of(none_of(where))), ids);
  EXPECT_EQ(selected(none_of(none_of(none_of(where)))), all_but(ids));
}

// D07, D10, P20: what a condition selects is what a removal by it takes, which reads the same rows in a transaction.
TEST_P(Selecting, IsTheSameInsideATransaction) {
  std::string ids;
  ASSERT_TRUE(storage().write([&](Transaction& transaction) {
    return transaction.query(schema().models[0], {.where = row().where, .sort = {{"id"}}},
                             [&ids](Record& found) { ids += *found["id"].as_string(); });
  }));
  EXPECT_EQ(ids, row().ids);
}

const std::vector<Selection> selections{
    {"P04_Q13_Q19_eq_of_a_string", is("text", Op::eq, {"Apple"}), "a"},
    {"P04_ne_of_a_string", is("text", Op::ne, {"Apple"}), "bcn"},
    {"P04_gt_of_a_string", is("text", Op::gt, {"Apple"}), "bc"},
    {"P04_ge_of_a_string", is("text", Op::ge, {"banana"}), "bc"},
    {"P04_lt_of_a_string", is("text", Op::lt, {"banana"}), "a"},
    {"P04_le_of_a_string", is("text", Op::le, {"banana"}), "ab"},
    {"P04_Q13_Q19_eq_of_an_integer", is("count", Op::eq, {2}), "b"},
    {"P04_ne_of_an_integer", is("count", Op::ne, {2}), "acn"},
    {"P04_gt_of_an_integer", is("count", Op::gt, {2}), "c"},
    {"P04_ge_of_an_integer", is("count", Op::ge, {2}), "bc"},
    {"P04_lt_of_an_integer", is("count", Op::lt, {2}), "a"},
    {"P04_le_of_an_integer", is("count", Op::le, {2}), "ab"},
    {"P04_Q13_Q19_eq_of_a_float", is("ratio", Op::eq, {2.5}), "b"},
    {"P04_ne_of_a_float", is("ratio", Op::ne, {2.5}), "acn"},
    {"P04_gt_of_a_float", is("ratio", Op::gt, {2.5}), "c"},
    {"P04_ge_of_a_float", is("ratio", Op::ge, {2.5}), "bc"},
    {"P04_lt_of_a_float", is("ratio", Op::lt, {2.5}), "a"},
    {"P04_le_of_a_float", is("ratio", Op::le, {2.5}), "ab"},
    {"P04_Q23_eq_of_a_boolean", is("flag", Op::eq, {true}), "bc"},
    {"P04_Q23_eq_false", is("flag", Op::eq, {false}), "a"},
    {"P04_ne_of_a_boolean", is("flag", Op::ne, {true}), "an"},
    {"Q13_Q23_of_an_enum", is("mood", Op::eq, {"GLAD"}), "b"},
    {"Q13_Q23_of_enums", is("mood", Op::in, {"GLAD", "WILD"}), "bc"},
    {"Q13_Q23_of_a_date", is("day", Op::gt, {"2026-01-15"}), "bc"},
    {"Q13_Q23_of_a_date_time", is("at", Op::between, {"2026-01-01T10:00:00Z", "2026-02-01T10:00:00Z"}), "ab"},
    {"Q13_Q23_of_a_time", is("hour", Op::le, {"10:00"}), "ab"},
    {"Q13_Q23_of_a_timestamp", is("stamp", Op::lt, {0}), "a"},
    {"Q24_of_a_foreign_key", is("ownerId", Op::eq, {"o1"}), "bc"},
    {"Q24_of_another_foreign_key", is("ownerId", Op::ne, {"o1"}), "an"},
    {"P06_begins_with", is("text", Op::begins_with, {"ban"}), "b"},
    {"P06_P20_begins_with_in_another_case", is("text", Op::begins_with, {"apple"}), ""},
    {"P06_begins_with_nothing", is("text", Op::begins_with, {""}), "abc"},
    {"P07_between_its_ends", is("count", Op::between, {1, 3}), "abc"},
    {"P07_between_the_same", is("count", Op::between, {2, 2}), "b"},
    {"P07_between_inside", is("ratio", Op::between, {1.6, 3.4}), "b"},
    {"P07_between_none", is("count", Op::between, {7, 9}), ""},
    // Upstream refuses this; in SQL and at the service it is a range that nothing is in.
    {"P02_P07_between_ends_in_the_wrong_order", is("count", Op::between, {3, 1}), ""},
    {"P07_between_strings", is("text", Op::between, {"A", "b~"}), "ab"},
    {"P08_P32_contains", is("text", Op::contains, {"nan"}), "b"},
    {"P08_P19_P32_not_contains", is("text", Op::not_contains, {"nan"}), "acn"},
    // defect-2: the tag "reddish" contains the text, and is another tag.
    {"P08_P32_list_contains", is("tags", Op::contains, {"red"}), "b"},
    {"P08_Q23_list_of_numbers_contains", is("sizes", Op::contains, {3}), "b"},
    {"P08_list_not_contains", is("tags", Op::not_contains, {"red"}), "acn"},
    {"P20_contains_in_another_case", is("text", Op::contains, {"NAN"}), ""},
    {"P20_contains_a_percent_sign", is("text", Op::contains, {"50%"}), "c"},
    {"P20_contains_an_underscore", is("text", Op::contains, {"_"}), "c"},
    {"P20_not_contains_a_percent_sign", is("text", Op::not_contains, {"%"}), "abn"},
    {"P20_begins_with_an_underscore", is("text", Op::begins_with, {"_"}), ""},
    {"P20_begins_with_a_wild_card", is("text", Op::begins_with, {"%"}), ""},
    {"P09_in_strings", is("text", Op::in, {"Apple", "none"}), "a"},
    {"P09_not_in_strings", is("text", Op::not_in, {"Apple", "none"}), "bcn"},
    {"P09_in_integers", is("count", Op::in, {1, 3}), "ac"},
    {"P09_not_in_integers", is("count", Op::not_in, {1, 3}), "bn"},
    {"P09_in_nothing", is("count", Op::in, {}), ""},
    {"P09_not_in_nothing", is("count", Op::not_in, {}), "abcn"},
    {"P09_in_with_null", is("count", Op::in, {1, nullptr}), "an"},
    {"P10_and", both(is("count", Op::ge, {2}), is("count", Op::le, {2})), "b"},
    {"P10_and_that_excludes", both(is("count", Op::eq, {1}), is("count", Op::eq, {2})), ""},
    {"P10_or", either(is("count", Op::eq, {1}), is("count", Op::eq, {3})), "ac"},
    {"P10_or_with_a_branch_of_nothing", either(is("count", Op::eq, {1}), is("count", Op::eq, {9})), "a"},
    {"P10_or_of_nothing", either(is("count", Op::eq, {8}), is("count", Op::eq, {9})), ""},
    {"P11_and_in_or", either(both(is("count", Op::gt, {1}), is("flag", Op::eq, {true})), is("text", Op::eq, {"Apple"})), "abc"},
    {"P11_or_in_and", both(either(is("count", Op::eq, {1}), is("count", Op::eq, {2})), is("flag", Op::eq, {true})), "b"},
    {"P11_not_in_and_in_or", either(both(is("count", Op::gt, {1}), none_of(is("count", Op::eq, {2}))), is("text", Op::eq, {nullptr})), "cn"},
    {"P12_not", none_of(is("count", Op::eq, {1})), "bcn"},
    {"P12_not_twice", none_of(none_of(is("count", Op::eq, {1}))), "a"},
    {"P12_not_of_a_group", none_of(either(is("count", Op::eq, {1}), is("count", Op::eq, {2}))), "cn"},
    // defect-1: Swift's SQL loses the negation of a group of one.
    {"P12_P31_not_of_a_group_of_one", none_of(Predicate::any_of({is("count", Op::eq, {1})})), "bcn"},
    {"P31_group_in_group_in_group", Predicate::all_of({Predicate::any_of({Predicate::all_of({is("count", Op::eq, {1})})})}), "a"},
    {"P31_the_same_twice", both(is("count", Op::eq, {1}), is("count", Op::eq, {1})), "a"},
    {"P13_always", Predicate{}, "abcn"},
    {"P13_always_in_or", either(Predicate{}, is("count", Op::eq, {1})), "abcn"},
    {"D08_never", Predicate::any_of({}), ""},
    {"P15_Q26_Q27_eq_null", is("text", Op::eq, {nullptr}), "n"},
    {"P15_Q26_Q27_ne_null", is("text", Op::ne, {nullptr}), "abc"},
    {"P15_Q26_eq_null_of_a_number", is("count", Op::eq, {nullptr}), "n"},
    {"P15_eq_null_of_a_boolean", is("flag", Op::eq, {nullptr}), "n"},
    {"P15_eq_null_of_a_list", is("tags", Op::eq, {nullptr}), "n"},
    {"Q27_exists_and_a_value", both(is("count", Op::ne, {nullptr}), is("count", Op::ne, {2})), "ac"},
    {"Q27_exists_not_or_a_value", either(is("count", Op::eq, {nullptr}), is("count", Op::eq, {2})), "bn"},
    {"P16_ne_of_a_value_takes_null", is("flag", Op::ne, {false}), "bcn"},
    {"P17_gt_null", is("count", Op::gt, {nullptr}), ""},
    {"P17_ge_null", is("count", Op::ge, {nullptr}), ""},
    {"P17_lt_null", is("count", Op::lt, {nullptr}), ""},
    {"P17_le_null", is("text", Op::le, {nullptr}), ""},
    // defect-18: one of upstream's evaluators takes null for 0 here, another throws; their SQL does neither.
    {"P18_P34_lt_leaves_null_out", is("count", Op::lt, {9}), "abc"},
    {"P18_P34_ge_leaves_null_out", is("count", Op::ge, {0}), "abc"},
    {"P19_contains_leaves_null_out", is("text", Op::contains, {""}), "abc"},
    {"P19_between_leaves_null_out", is("count", Op::between, {-9, 9}), "abc"},
    {"Q15_ST21_sql_in_a_value", is("text", Op::eq, {"c_50% 'OR 1=1;--"}), "c"},
    {"Q15_sql_that_would_take_all", is("text", Op::eq, {"' OR '1'='1"}), ""},
    {"Q15_sql_in_contains", is("text", Op::contains, {"'OR 1=1;--"}), "c"},
    {"Q25_no_match", is("text", Op::eq, {"none"}), ""},
};

INSTANTIATE_TEST_SUITE_P(Table, Selecting,
                         ::testing::Combine(::testing::ValuesIn(storage_factories()), ::testing::ValuesIn(selections)),
                         [](const auto& tested) { return std::get<1>(tested.param).name + "_" + std::get<0>(tested.param).name; });

// --- sorting -------------------------------------------------------------------------------------------------

struct Order {
  std::string name;
  std::string by;
  std::string ascending = "nabc";
  std::string descending = "cban";
};

class Sorting : public OnStorage<Order> {};

TEST_P(Sorting, PutsNullsFirstAscendingAndLastDescending) {
  EXPECT_EQ(found({.sort = {{row().by}}}), row().ascending);
  EXPECT_EQ(found({.sort = {{row().by, Direction::descending}}}), row().descending);
}

const std::vector<Order> orders{
    {"Q20_by_a_string", "text"},
    {"Q20_by_an_integer", "count"},
    {"Q20_by_a_float", "ratio"},
    {"P05_Q20_Q21_by_a_boolean_and_insertion", "flag", "nabc", "bcan"},
    {"Q20_by_an_enum", "mood"},
    {"Q20_by_a_date", "day"},
    {"Q20_by_a_date_time", "at"},
    {"Q20_by_a_time", "hour"},
    {"Q20_by_a_timestamp", "stamp"},
    {"Q20_Q21_by_a_foreign_key_and_insertion", "ownerId", "nbca", "abcn"},
};

INSTANTIATE_TEST_SUITE_P(Table, Sorting,
                         ::testing::Combine(::testing::ValuesIn(storage_factories()), ::testing::ValuesIn(orders)),
                         [](const auto& tested) { return std::get<1>(tested.param).name + "_" + std::get<0>(tested.param).name; });

}  // namespace
}  // namespace holdfast::client
