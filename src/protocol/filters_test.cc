// Predicates as GraphQL variables.
#include "protocol/filters.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "protocol/blog_schema.h"
#include "protocol/documents.h"

namespace holdfast::protocol {
namespace {

Predicate test(std::string field, Op op, std::vector<Value> operands) {
  return Predicate::compare(std::move(field), op, std::move(operands));
}
const Predicate rating_below_ten = test("rating", Op::lt, {10});

std::string filter(const Predicate& predicate) { return json::write(filter_variables(predicate)); }
std::string condition(const Predicate& predicate) {
  return json::write(condition_variables(*blog_schema().model("Post"), predicate));
}

// P29
TEST(Filters, PutASingleTestInAGroup) { EXPECT_EQ(filter(rating_below_ten), R"({"and":[{"rating":{"lt":10}}]})"); }

// P28, P29
TEST(Filters, WriteTheRecordedExampleOfSelectiveSync) {
  const auto predicate =
      Predicate::all_of({test("title", Op::begins_with, {"x"}),
                         Predicate::any_of({test("rating", Op::gt, {5}), test("status", Op::eq, {"ARCHIVED"})})});
  EXPECT_EQ(filter(predicate),
            R"({"and":[{"title":{"beginsWith":"x"}},{"or":[{"rating":{"gt":5}},{"status":{"eq":"ARCHIVED"}}]}]})");
}

// P28
TEST(Filters, FlattenGroupsOfOne) {
  EXPECT_EQ(filter(Predicate::all_of({Predicate::any_of({rating_below_ten})})), R"({"and":[{"rating":{"lt":10}}]})");
  EXPECT_EQ(filter(Predicate::negation(rating_below_ten)), R"({"not":{"rating":{"lt":10}}})");
}

// P28
TEST(Filters, NameEveryOperator) {
  const struct {
    Op op;
    std::vector<Value> operands;
    const char* text;
  } cases[] = {
      {Op::eq, {nullptr}, R"({"eq":null})"},
      {Op::ne, {1}, R"({"ne":1})"},
      {Op::le, {1}, R"({"le":1})"},
      {Op::gt, {1}, R"({"gt":1})"},
      {Op::ge, {1}, R"({"ge":1})"},
      {Op::between, {1, 2}, R"({"between":[1,2]})"},
      {Op::contains, {"x"}, R"({"contains":"x"})"},
      {Op::not_contains, {"x"}, R"({"notContains":"x"})"},
      {Op::in, {1, 2, 3}, R"({"in":[1,2,3]})"},
      {Op::not_in, {}, R"({"notIn":[]})"},
  };
  for (const auto& [op, operands, text] : cases) {
    EXPECT_EQ(filter(test("f", op, operands)), std::string(R"({"and":[{"f":)") + text + "}]}");
  }
}

TEST(Filters, CompareTheSizeBelowItsOwnName) {
  auto predicate = test("title", Op::ge, {3});
  predicate.subject = Predicate::Subject::size;
  EXPECT_EQ(filter(predicate), R"({"and":[{"title":{"size":{"ge":3}}}]})");
}

TEST(Filters, AreNullForWhatIsAlwaysTrueAndEmptyForWhatNeverIs) {
  EXPECT_EQ(filter({}), "null");
  EXPECT_EQ(filter(Predicate::all_of({})), "null");
  EXPECT_EQ(filter(Predicate::any_of({rating_below_ten, {}})), "null");
  EXPECT_EQ(filter(Predicate::all_of({rating_below_ten, {}})), R"({"and":[{"rating":{"lt":10}}]})");
  EXPECT_EQ(filter(Predicate::any_of({})), R"({"or":[]})");
  EXPECT_EQ(filter(Predicate::negation({})), R"({"or":[]})");
}

TEST(Conditions, LeaveTestsOnTheKeyOut) {
  const auto on_key = test("id", Op::eq, {"p"});
  EXPECT_EQ(condition(on_key), "null");
  EXPECT_EQ(condition(Predicate::all_of({on_key, Predicate::negation(on_key)})), "null");
  EXPECT_EQ(condition(Predicate::all_of({on_key, rating_below_ten})), R"({"and":[{"rating":{"lt":10}}]})");
  EXPECT_EQ(filter(on_key), R"({"and":[{"id":{"eq":"p"}}]})");
}

}  // namespace
}  // namespace holdfast::protocol
