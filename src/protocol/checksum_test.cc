#include "protocol/checksum.h"

#include <gtest/gtest.h>

#include "model/testing.h"

namespace holdfast::protocol {
namespace {

const Schema schema = holdfast::testing::blog_schema();
const ModelSchema& post = *schema.model("Post");

Record row(const char* id, Value score, Value tags = {}) {
  Record record(post);
  record["id"] = id;
  record["title"] = "t";
  record["score"] = std::move(score);
  record["tags"] = std::move(tags);
  return record;
}

Checksum of(const std::vector<std::pair<Record, std::int64_t>>& rows) {
  Checksum sum;
  for (const auto& [record, version] : rows) sum.add(record, version, summed_fields(post));
  return sum;
}

TEST(Checksum, DependsOnNoOrderAndIsTheSumOfItsParts) {
  const auto a = row("a", 1);
  const auto b = row("b", 2);
  EXPECT_EQ(of({{a, 1}, {b, 2}}), of({{b, 2}, {a, 1}}));
  auto parts = of({{a, 1}});
  parts.add(of({{b, 2}}));
  EXPECT_EQ(parts, of({{a, 1}, {b, 2}}));
}

TEST(Checksum, TellsKeysVersionsValuesAndCountsApart) {
  const auto a = row("a", 1);
  EXPECT_NE(of({{a, 1}}), of({{a, 2}}));
  EXPECT_NE(of({{a, 1}}), of({{row("b", 1), 1}}));
  EXPECT_NE(of({{a, 1}}), of({{row("a", 2), 1}}));
  EXPECT_NE(of({{a, 1}}), of({{row("a", nullptr), 1}}));
  EXPECT_NE(of({{a, 1}, {a, 1}}).sum, 0U) << "equal mistakes do not cancel";
  EXPECT_NE(of({{row("a", 1, List{"x", "y"}), 1}}), of({{row("a", 1, List{"xy"}), 1}}));
}

TEST(Checksum, DoesNotTellIntegersFromTheSameDoubles) {
  EXPECT_EQ(of({{row("a", 2), 1}}), of({{row("a", 2.0), 1}}));
  EXPECT_EQ(of({{row("a", 0), 1}}), of({{row("a", -0.0), 1}}));
  EXPECT_NE(of({{row("a", 2), 1}}), of({{row("a", 2.5), 1}}));
}

// What the service sets, and what is written in several ways, would differ where nothing is wrong.
TEST(Checksum, SumsWhatIsWrittenInOneWay) {
  EXPECT_EQ(summed_fields(post), (std::vector<std::string>{"id", "title", "rating", "score", "status", "tags", "done"}));
}

TEST(ChecksumForms, AreReadAsTheyAreWritten) {
  const ChecksumQuestion question{.model = "Post", .where = Predicate::compare("rating", Op::gt, {4}), .fields = {"id"},
                                  .except = {Key{{"a"}}}, .next_token = "t"};
  const auto read = read_checksum_question(write(question)).value();
  EXPECT_EQ(read.model, "Post");
  EXPECT_EQ(read.where, question.where);
  EXPECT_EQ(read.fields, question.fields);
  EXPECT_EQ(read.except, question.except);
  EXPECT_EQ(read.next_token, "t");
  const HttpResponse answer{.status = 200, .body = write(ChecksumPart{.checksum = {3, 0xfedcba9876543210U}, .fields = {"id"}})};
  const auto part = std::get<ChecksumPart>(read_checksum(answer));
  EXPECT_EQ(part.checksum, (Checksum{3, 0xfedcba9876543210U}));
  EXPECT_FALSE(part.next_token);
  for (const char* text : {"", "[]", "{}", R"({"model":1})", R"({"model":"Post","fields":[1],"except":[]})",
                           R"({"model":"Post","fields":[],"except":[1]})", R"({"model":"Post","where":7,"fields":[],"except":[]})"}) {
    EXPECT_FALSE(read_checksum_question(text)) << text;
  }
}

TEST(ChecksumForms, TellAnotherServiceFromOneThatFails) {
  const auto none = [](int status, std::string body = "{}") {
    return std::get<NoChecksum>(read_checksum(HttpResponse{.status = status, .body = std::move(body)}));
  };
  EXPECT_TRUE(none(404).is_unknown);
  EXPECT_TRUE(none(200, "<html>").is_unknown);
  EXPECT_TRUE(none(200, R"({"count":1,"sum":"zz","fields":[]})").is_unknown);
  EXPECT_TRUE(none(503).may_retry);
  EXPECT_FALSE(none(401).may_retry || none(401).is_unknown);
  EXPECT_TRUE(std::get<NoChecksum>(read_checksum(Error{Code::unavailable, "no line"})).may_retry);
}

}  // namespace
}  // namespace holdfast::protocol
