#include <gtest/gtest.h>

#include "api/golden_cases.h"
#include "base/json.h"
#include "model/schema_json.h"

namespace holdfast {
namespace {

/// The JSON form leaves descriptions out.
void forget_descriptions(Schema& schema) {
  for (auto& type : schema.enums) type.description.clear();
  for (auto& type : schema.embedded) {
    type.description.clear();
    for (auto& field : type.fields) field.description.clear();
  }
  for (auto& model : schema.models) {
    model.description.clear();
    for (auto& field : model.fields) field.description.clear();
    for (auto& relation : model.relations) relation.description.clear();
  }
}

TEST(GoldenSchemas, ComeOutOfTheirJsonAsTheyWentIn) {
  for (const auto& golden : api::testing::golden_cases()) {
    SCOPED_TRACE(golden.name);
    auto schema = api::testing::reading_of(golden).schema;
    if (schema.models.empty()) continue;  // No store can be made of it.
    forget_descriptions(schema);
    const auto read = schema_from_json(json::parse(json::write(to_json(schema))).value());
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, schema);
  }
}

}  // namespace
}  // namespace holdfast
