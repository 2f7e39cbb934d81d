#include <gtest/gtest.h>

#include <limits>

#include "model/testing.h"

namespace holdfast {
namespace {

std::string verdict(std::initializer_list<std::pair<std::string_view, Value>> values) {
  const auto schema = testing::blog_schema();
  const auto valid = validate(schema, testing::record(*schema.model("Post"), values));
  return valid ? "valid" : valid.error().message;
}

TEST(Validation, AcceptsWhatTheSchemaAllows) {
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}}), "valid");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"score", 3}, {"status", "ACTIVE"}, {"tags", List{"a", nullptr}},
                     {"place", Object{{"city", "Rom"}, {"lat", 1.5}}}}),
            "valid");
}

TEST(Validation, NamesTheFieldAndWhatItNeeds) {
  EXPECT_EQ(verdict({{"id", "1"}}), "Post.title: is required");
  EXPECT_EQ(verdict({{"title", "a"}}), "Post.id: is part of the key and required");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", 3}}), "Post.title: needs a value of type String, not a integer");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"status", "GONE"}}), "Post.status: \"GONE\" is not a value of PostStatus");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"place", Object{{"lat", 1.0}}}}), "Post.place.city: is required");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"place", Object{{"city", "a"}, {"x", 1}}}}),
            "Post.place: Place has no field \"x\"");
  EXPECT_NE(verdict({{"id", "1"}, {"title", "a"}, {"score", std::numeric_limits<double>::infinity()}}), "valid");
}

Value nested(int levels) {
  return levels == 0 ? Value() : Value(Object{{"city", "a"}, {"inner", nested(levels - 1)}});
}

TEST(Validation, RefusesATypeInItselfDeeperThanDevicesSelect) {
  auto schema = testing::blog_schema();
  auto& place = schema.embedded.front();
  place.fields.push_back({.name = "inner", .kind = FieldKind::embedded, .type_name = place.name});
  place.repeats = 2;
  const auto verdict_at = [&](int levels) {
    const auto record = testing::record(*schema.model("Post"), {{"id", "1"}, {"title", "a"}, {"place", nested(levels)}});
    const auto valid = validate(schema, record);
    return valid ? "valid" : valid.error().message;
  };
  EXPECT_EQ(verdict_at(3), "valid");
  EXPECT_EQ(verdict_at(4),
            "Post.place.inner.inner.inner: a Place stands inside itself more than 2 times, deeper than devices read it "
            "back; keep deep trees as models that relate to themselves");
}

}  // namespace
}  // namespace holdfast
