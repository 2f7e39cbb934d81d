#include "model/schema_json.h"

#include <gmock/gmock.h>

#include "base/json.h"
#include "model/testing.h"

namespace holdfast {
namespace {

using ::testing::HasSubstr;

std::string failure(const char* text) {
  const auto read = schema_from_json(json::parse(text).value());
  return read ? "read" : std::string(name(read.error().code)) + ": " + read.error().message;
}

/// A model with a key, and room for one more member.
std::string model_with(const char* member) {
  return R"({"models":[{"name":"Post","fields":[{"name":"id","type":"ID"}],"primaryKey":["id"])" + std::string(member) +
         "}]}";
}

TEST(SchemaJson, IsReadAsItWasWritten) {
  const auto schema = testing::blog_schema();
  const auto text = json::write(to_json(schema));
  EXPECT_EQ(schema_from_json(json::parse(text).value()).value(), schema);
  EXPECT_THAT(text, Not(HasSubstr("isJoin")));  // Members with their default are left out.
}

TEST(SchemaJson, RefusesWhatIsNoSchema) {
  EXPECT_EQ(failure("[]"), "malformed: schema needs an object");
  EXPECT_EQ(failure("{}"), "malformed: schema: models is empty: a store needs one");
  EXPECT_EQ(failure(R"({"models":{}})"), "malformed: schema.models needs a list");
  EXPECT_EQ(failure(R"({"models":[1]})"), "malformed: schema.models[0] needs an object");
  EXPECT_EQ(failure(R"({"models":[{"name":1}]})"), "malformed: schema.models[0].name needs a string");
  EXPECT_EQ(failure(R"({"models":[{"name":"P","isJoin":1}]})"),
            "malformed: schema.models[0].isJoin needs true or false");
  EXPECT_THAT(failure(R"({"novelty":1})"), HasSubstr("schema.novelty is not known here"));
  EXPECT_THAT(failure(R"({"models":[{"name":"P","fields":[{"name":"id","type":"Id"}]}]})"),
              HasSubstr("is no scalar type"));
}

TEST(SchemaJson, RefusesWhatDoesNotHangTogether) {
  EXPECT_EQ(failure(model_with("").c_str()), "read");
  EXPECT_THAT(failure(R"({"models":[{"name":"a b"}]})"), HasSubstr("without a name"));
  EXPECT_THAT(failure(R"({"models":[{"name":"P","fields":[{"name":"id","type":"ID"}]}]})"),
              HasSubstr("P.primaryKey names no field"));
  EXPECT_THAT(failure(model_with(R"(,"indexes":[{"name":"i","fields":["x"]}])").c_str()),
              HasSubstr("names the field x"));
  EXPECT_THAT(failure(model_with(R"(,"relations":[{"name":"r","kind":"hasMany","target":"Q"}])").c_str()),
              HasSubstr("relates to Q, which is not there"));
  EXPECT_THAT(
      failure(model_with(R"(,"relations":[{"name":"r","kind":"hasMany","target":"Post","keys":["id"]}])").c_str()),
      HasSubstr("different length"));
  EXPECT_THAT(failure(model_with(R"(,"relations":[{"name":"r","kind":"any","target":"Post"}])").c_str()),
              HasSubstr("no word that is known"));
  EXPECT_THAT(
      failure(R"({"models":[{"name":"P","fields":[{"name":"id","kind":"enum","type":"E"}],"primaryKey":["id"]}]})"),
      HasSubstr("has the type E, which is not there"));
  EXPECT_THAT(failure(R"({"models":[{"name":"P","fields":[{"name":"id","type":"ID"},{"name":"id","type":"ID"}]}]})"),
              HasSubstr("two of the name id"));
}

}  // namespace
}  // namespace holdfast
