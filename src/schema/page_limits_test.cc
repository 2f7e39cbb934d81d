#include "schema/page_limits.h"

#include <gmock/gmock.h>

#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

using ::testing::ElementsAre;

std::vector<PageLimit> limits_in(const std::string& text) {
  const auto read = read_schema({{"schema.graphql", text}});
  const auto* reading = std::get_if<Reading>(&read);
  EXPECT_NE(reading, nullptr);
  return reading == nullptr ? std::vector<PageLimit>() : page_limits(reading->written.document);
}

TEST(PageLimits, AreThoseOfRelationsToMany) {
  EXPECT_THAT(limits_in(R"(
    type Blog @model { id: ID! posts: [Post] @hasMany(limit: 5) notes: [Note] @hasMany none: [Note2] @hasMany(limit: 0) }
    type Post @model { id: ID! tags: [Tag] @manyToMany(relationName: "PostTags", limit: 7) }
    type Tag @model { id: ID! posts: [Post] @manyToMany(relationName: "PostTags") }
    type Note @model { id: ID! }
    type Note2 @model { id: ID! below: [Note3] @hasMany(limit: -1) }
    type Note3 @model { id: ID! })"),
              ElementsAre(PageLimit{"Blog", "posts", 5}, PageLimit{"Post", "tags", 7}));
  EXPECT_THAT(limits_in(R"(
    type Post @model { id: ID! comments: [Comment] @connection(name: "C", limit: 3) }
    type Comment @model { id: ID! post: Post @connection(name: "C") })"),
              ElementsAre(PageLimit{"Post", "comments", 3}));
}

}  // namespace
}  // namespace holdfast::schema
