// What of a sync expression is sent to the service.
#include "protocol/service_filter.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "model/testing.h"

namespace holdfast::protocol {
namespace {

const Schema schema = holdfast::testing::blog_schema();
const ModelSchema& post = *schema.model("Post");

Predicate test(std::string field, Op op, std::vector<Value> operands) {
  return Predicate::compare(std::move(field), op, std::move(operands));
}
Predicate size(std::string field, Op op, Value operand) {
  auto sized = test(std::move(field), op, {std::move(operand)});
  sized.subject = Predicate::Subject::size;
  return sized;
}
const Predicate rating_above_five = test("rating", Op::gt, {5});
const Predicate without_rating = test("rating", Op::eq, {nullptr});

std::string queried(const Predicate& predicate) { return json::write(sync_filter(post, predicate)); }
std::string subscribed(const Predicate& predicate) { return json::write(subscription_filter(post, predicate)); }

// S34, S37
TEST(ServiceFilter, SaysTheRecordedExampleToBoth) {
  const auto predicate =
      Predicate::all_of({test("title", Op::begins_with, {"x"}),
                         Predicate::any_of({rating_above_five, test("status", Op::eq, {"INACTIVE"})})});
  const auto* said = R"({"and":[{"title":{"beginsWith":"x"}},{"or":[{"rating":{"gt":5}},{"status":{"eq":"INACTIVE"}}]}]})";
  EXPECT_EQ(queried(predicate), said);
  EXPECT_EQ(subscribed(predicate), said);
  EXPECT_EQ(queried(Predicate{}), "null");
}

// S38
TEST(ServiceFilter, LeavesOutOfAGroupWhatTheServiceCannotSay) {
  EXPECT_EQ(queried(Predicate::all_of({rating_above_five, without_rating})), R"({"and":[{"rating":{"gt":5}}]})");
  EXPECT_EQ(queried(without_rating), "null") << "whether a value is null or missing is not the same to the service";
  EXPECT_EQ(queried(Predicate::any_of({rating_above_five, without_rating})), "null") << "half an alternative is narrower";
  EXPECT_EQ(queried(Predicate::negation(Predicate::all_of({rating_above_five, without_rating}))), "null");
}

// S38: inputs lack the operators of other types, and subscriptions `not` and sizes.
TEST(ServiceFilter, KnowsTheOperatorsOfEachInput) {
  EXPECT_EQ(queried(Predicate::negation(rating_above_five)), R"({"not":{"rating":{"gt":5}}})");
  EXPECT_EQ(subscribed(Predicate::negation(rating_above_five)), "null");
  EXPECT_EQ(queried(size("title", Op::gt, 3)), R"({"and":[{"title":{"size":{"gt":3}}}]})");
  EXPECT_EQ(subscribed(size("title", Op::gt, 3)), "null");
  EXPECT_EQ(queried(test("status", Op::begins_with, {"A"})), "null");
  EXPECT_EQ(subscribed(test("status", Op::begins_with, {"A"})), R"({"and":[{"status":{"beginsWith":"A"}}]})");
  EXPECT_EQ(queried(test("place", Op::eq, {Object{}})), "null");
  EXPECT_EQ(queried(test("tags", Op::contains, {"x"})), R"({"and":[{"tags":{"contains":"x"}}]})");
}

// S38
TEST(ServiceFilter, SpellsMembershipOutWhereThereIsNoWordForIt) {
  EXPECT_EQ(subscribed(test("rating", Op::in, {1, 2})), R"({"and":[{"rating":{"in":[1,2]}}]})");
  EXPECT_EQ(queried(test("rating", Op::in, {1, 2})), R"({"or":[{"rating":{"eq":1}},{"rating":{"eq":2}}]})");
  EXPECT_EQ(queried(test("rating", Op::not_in, {1, 2})), R"({"and":[{"rating":{"ne":1}},{"rating":{"ne":2}}]})");
}

// S38, C16
TEST(ServiceFilter, IsNotSentWithASubscriptionBeyondTheLimits) {
  const auto same_field_twice = Predicate::all_of({rating_above_five, test("rating", Op::lt, {9})});
  EXPECT_EQ(subscribed(same_field_twice), "null");
  EXPECT_EQ(queried(same_field_twice), R"({"and":[{"rating":{"gt":5}},{"rating":{"lt":9}}]})");
  std::vector<Predicate> eleven;
  for (int at = 0; at < 11; ++at) eleven.push_back(test("rating", Op::eq, {at}));
  EXPECT_EQ(subscribed(Predicate::any_of(eleven)), "null");
}

}  // namespace
}  // namespace holdfast::protocol
