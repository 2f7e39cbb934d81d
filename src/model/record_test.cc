#include "holdfast/record.h"

#include <gtest/gtest.h>

#include "model/keyed.h"
#include "model/scalars.h"
#include "model/testing.h"

namespace holdfast {
namespace {

// V42, V43, defect-17: parts keep their kinds, and no text of one can look like another.
TEST(Keys, HaveOneTextAndComeBackFromIt) {
  const Key key{{"Br\"no", 7}};
  EXPECT_EQ(key.text(), R"(["Br\"no",7])");
  EXPECT_EQ(*Key::from_text(key.text()), key);
  EXPECT_FALSE(Key::from_text("{}"));
  EXPECT_NE((Key{{"a#b", "c"}}).text(), (Key{{"a", "b#c"}}).text());
  EXPECT_NE((Key{{"7"}}).text(), Key{{7}}.text());
}

TEST(Records, OfAKeyHaveNothingElse) {
  const auto schema = testing::blog_schema();
  const auto record = keyed_record(schema.models[0], Key{{"p1"}});
  EXPECT_EQ(record, testing::record(schema.models[0], {{"id", "p1"}}));
}

TEST(Fields, NameTheirTypesAsSchemasDo) {
  FieldSchema field{.name = "x", .scalar = Scalar::aws_date, .is_required = true};
  EXPECT_EQ(type_text(field), "AWSDate!");
  field.is_list = true;
  EXPECT_EQ(type_text(field), "[AWSDate!]");
  field.is_list_required = true;
  field.is_required = false;
  EXPECT_EQ(type_text(field), "[AWSDate]!");
  field.kind = FieldKind::enumeration;
  field.type_name = "Mood";
  field.is_list = false;
  EXPECT_EQ(type_text(field), "Mood");
}

TEST(Records, KnowTheirKeyAndTheirDifference) {
  const auto schema = testing::blog_schema();
  const auto& seat = *schema.model("Seat");
  const auto original = testing::record(seat, {{"city", "Rom"}, {"row", 1}, {"note", "a"}});
  auto changed = original;
  changed["note"] = nullptr;
  changed["row"] = 2;
  EXPECT_EQ(original.key().text(), R"(["Rom",1])");
  EXPECT_EQ(difference(original, changed), (Patch{{2, nullptr}}));
  auto patched = original;
  apply_patch(difference(original, changed), patched);
  EXPECT_TRUE(patched["note"].is_null());
}

TEST(Patches, CombineWithTheLaterOneWinning) {
  EXPECT_EQ(combined({{1, "a"}, {3, "b"}}, {{0, "z"}, {3, "c"}}), (Patch{{0, "z"}, {1, "a"}, {3, "c"}}));
}

}  // namespace
}  // namespace holdfast
