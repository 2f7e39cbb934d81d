#include "codegen/cpp_models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/cpp_text.h"
#include "codegen/testing.h"

namespace holdfast::codegen {
namespace {

using ::testing::HasSubstr;

// V01, G01, G12, G13, G14
TEST(CppModels, AreTheExpectedFilesWordForWord) {
  for (const std::string name : golden::cases) {
    for (const auto& file : golden::files_of(name)) {
      EXPECT_EQ(file.text, graphql::golden::read_text(golden::folder_of(name) / file.name))
          << name << "/" << file.name << ": when the change is meant, run the program write_goldens";
    }
  }
}

TEST(CppModels, TakeTheirNameAndNamespaceFromTheOptions) {
  const auto files = cpp_models(golden::reading_of("post_with_enum"), {.name = "blog", .space = "my::blog"});
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].name, "blog.h");
  EXPECT_EQ(files[1].name, "blog.cc");
  EXPECT_THAT(files[0].text, HasSubstr("namespace my::blog {"));
  EXPECT_THAT(files[1].text, HasSubstr("#include \"blog.h\""));
  EXPECT_THAT(files[1].text, HasSubstr("return ::my::blog::schema().models[0];"));
}

TEST(CppModels, OfAnEmptySchemaHoldOnlyTheSchema) {
  const auto files = cpp_models(schema::Reading{}, {});
  EXPECT_THAT(files[0].text, HasSubstr("const holdfast::Schema& schema();"));
  EXPECT_EQ(files[0].text.find("struct"), std::string::npos);
}

TEST(CppModels, HoldTheRulesOfTheModels) {
  schema::Reading reading;
  ModelSchema note{.name = "Note", .plural_name = "Notes"};
  note.fields = {{.name = "id", .scalar = Scalar::id, .is_required = true}};
  note.primary_key = {"id"};
  note.rules = {{.allow = AuthStrategy::groups, .provider = AuthProvider::oidc, .groups = {"Admin"}, .operations = {"read"}}};
  note.has_public_subscriptions = true;
  reading.schema.models = {note};
  const auto source = cpp_models(reading, {})[1].text;
  EXPECT_THAT(source, HasSubstr(
      "made.rules.push_back(holdfast::RuleSchema{.allow = holdfast::AuthStrategy::groups, "
      ".provider = holdfast::AuthProvider::oidc, .groups = {\"Admin\"}, .operations = {\"read\"}});"));
  EXPECT_THAT(source, HasSubstr("made.has_public_subscriptions = true;"));
}

TEST(CppText, EscapesEverythingThatALiteralCannotHold) {
  EXPECT_EQ(literal("a\"\\\n\xC3\xBC?"
                    "?/"),
            "\"a\\\"\\\\\\012\\303\\274\\077\\077/\"");
}

TEST(CppText, KeepsCommentsFromSwallowingOrHidingCode) {
  EXPECT_EQ(doc_comment("one \\\n\ntwo\xE2\x80\xAE*/\x01", 2), "  /// one \\.\n  ///\n  /// two*/\n");
  EXPECT_EQ(doc_comment("", 2), "");
}

TEST(CppText, PutsUnderscoresBehindNamesThatAreTaken) {
  Scope scope({"model"});
  EXPECT_EQ(scope.add("class"), "class_");
  EXPECT_EQ(scope.add("class_"), "class__");
  EXPECT_EQ(scope.add("model"), "model_");
  EXPECT_EQ(scope.add("title"), "title");
}

}  // namespace
}  // namespace holdfast::codegen
