#include "client/storage/sqlite/structure.h"

#include <gtest/gtest.h>

#include "model/testing.h"

namespace holdfast::client {
namespace {

TEST(Structure, ReadsBackAsItWasWritten) {
  auto schema = testing::blog_schema();
  schema.models[0].fields[2].is_required = true;
  schema.models[0].fields[5].is_required = schema.models[0].fields[5].is_list_required = true;
  schema.models[1].fields[4].is_hidden = true;
  schema.models[1].indexes = {{.name = "byPost", .fields = {"postId", "content"}}, {.name = "", .fields = {"content"}}};
  const auto text = structure_text(schema);
  const auto read = schema_of_structure(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(structure_text(*read), text);
  ASSERT_EQ(read->models.size(), schema.models.size());
  for (std::size_t model = 0; model < schema.models.size(); ++model) {
    auto fields = schema.models[model].fields;
    for (auto& field : fields) field.is_implied = false;  // Who wrote it makes no difference in a file.
    EXPECT_EQ(read->models[model].fields, fields);
    EXPECT_EQ(read->models[model].relations, schema.models[model].relations);
    EXPECT_EQ(read->models[model].indexes, schema.models[model].indexes);
    EXPECT_EQ(read->models[model].primary_key, schema.models[model].primary_key);
  }
  EXPECT_EQ(read->enums, schema.enums);
  EXPECT_EQ(read->embedded, schema.embedded);
}

TEST(Structure, WhatIsNoStructureIsMalformed) {
  for (const auto* text : {"", "[]", "{}", R"({"models":[{}],"enums":[],"embedded":[]})",
                           R"({"models":[{"name":"A","fields":[],"relations":[],"primaryKey":["id"]}],"enums":[],"embedded":[]})",
                           R"({"models":[{"name":"A","fields":[{"name":"id"}],"relations":[],"primaryKey":["id"]}]})"}) {
    const auto read = schema_of_structure(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Code::malformed);
  }
}

}  // namespace
}  // namespace holdfast::client
