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

}  // namespace
}  // namespace holdfast
