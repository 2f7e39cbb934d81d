#include "model/type_change.h"

#include <gtest/gtest.h>

#include "model/testing.h"

namespace holdfast {
namespace {

using testing::scalar;

constexpr Scalar all_scalars[] = {
    Scalar::id,       Scalar::string,        Scalar::integer,   Scalar::floating, Scalar::boolean,   Scalar::aws_date,
    Scalar::aws_time, Scalar::aws_date_time, Scalar::aws_timestamp, Scalar::aws_email, Scalar::aws_json, Scalar::aws_url,
    Scalar::aws_phone, Scalar::aws_ip_address};

FieldSchema list_of(FieldSchema field, bool is_list_required = false) {
  field = testing::list_of(std::move(field));
  field.is_list_required = is_list_required;
  return field;
}

FieldSchema of_type(FieldKind kind, std::string type, bool is_required = false) {
  FieldSchema field{.name = "x", .kind = kind, .type_name = std::move(type)};
  field.is_required = is_required;
  return field;
}

class TypeChange : public ::testing::Test {
 protected:
  TypeChange() {
    was.enums = {{.name = "Mood", .values = {"GOOD", "BAD"}}};
    was.embedded = {{.name = "Place", .fields = {scalar("town", Scalar::string), scalar("lat", Scalar::floating)}}};
    was.embedded[0].fields.push_back(of_type(FieldKind::embedded, "Place"));  // Contains itself, as types may.
    is = was;
  }
  [[nodiscard]] SchemaPair schemas() const { return {was, is}; }
  /// The fate and what became of the value.
  std::pair<Fate, Value> converted(const FieldSchema& from, const FieldSchema& to, Value value) {
    const auto fate = convert(schemas(), from, to, value);
    return {fate, std::move(value)};
  }

  Schema was, is;
  const FieldSchema mood = of_type(FieldKind::enumeration, "Mood");
  const FieldSchema place = of_type(FieldKind::embedded, "Place");
};

TEST_F(TypeChange, AScalarHoldsItselfAndWhatItIsWiderThan) {
  for (const auto narrower : all_scalars) {
    EXPECT_TRUE(holds_every(narrower, narrower));
    const bool is_text = narrower != Scalar::integer && narrower != Scalar::floating && narrower != Scalar::boolean &&
                         narrower != Scalar::aws_timestamp;
    EXPECT_EQ(holds_every(Scalar::string, narrower), is_text) << graphql_name(narrower);
    EXPECT_EQ(holds_every(Scalar::id, narrower), is_text) << graphql_name(narrower);
  }
  EXPECT_TRUE(holds_every(Scalar::floating, Scalar::integer));
  EXPECT_TRUE(holds_every(Scalar::aws_timestamp, Scalar::integer));
  EXPECT_FALSE(holds_every(Scalar::integer, Scalar::aws_timestamp));
  EXPECT_FALSE(holds_every(Scalar::aws_email, Scalar::string));
}

TEST_F(TypeChange, NumbersFitWhenTheyAreWholeAndSmallEnough) {
  const auto whole = scalar("x", Scalar::integer);
  const auto number = scalar("x", Scalar::floating);
  const auto time = scalar("x", Scalar::aws_timestamp);
  EXPECT_EQ(converted(number, whole, 7.0), std::pair(Fate::kept, Value(7)));
  EXPECT_EQ(converted(number, whole, 7.5), std::pair(Fate::lost, Value()));
  EXPECT_EQ(converted(number, time, 1e300), std::pair(Fate::lost, Value()));
  EXPECT_EQ(converted(time, whole, std::int64_t{1} << 40), std::pair(Fate::lost, Value()));
  EXPECT_EQ(converted(whole, time, 7), std::pair(Fate::kept, Value(7)));
  EXPECT_EQ(converted(whole, scalar("x", Scalar::string), 7), std::pair(Fate::lost, Value()));
}

TEST_F(TypeChange, TextsFitWhenTheyHaveTheNewForm) {
  const auto text = scalar("x", Scalar::string);
  EXPECT_EQ(converted(text, scalar("x", Scalar::aws_email), "a@b.org").first, Fate::kept);
  EXPECT_EQ(converted(text, scalar("x", Scalar::aws_email), "a").first, Fate::lost);
  EXPECT_EQ(converted(text, mood, "GOOD").first, Fate::kept);
  EXPECT_EQ(converted(text, mood, "GREAT"), std::pair(Fate::lost, Value()));
  EXPECT_EQ(converted(mood, text, "GOOD").first, Fate::kept);
  EXPECT_EQ(converted(text, place, "Ulm").first, Fate::lost);
}

TEST_F(TypeChange, ANullIsLostOnlyWhereItBecameForbidden) {
  const auto open = scalar("x", Scalar::string);
  const auto required = scalar("x", Scalar::string, true);
  EXPECT_EQ(converted(open, required, {}).first, Fate::lost);
  EXPECT_EQ(converted(required, required, {}).first, Fate::kept) << "the service may leave it out";
  EXPECT_EQ(converted(open, testing::read_only(required), {}).first, Fate::kept);
  EXPECT_EQ(converted(list_of(open), list_of(open, true), {}).first, Fate::lost);
}

TEST_F(TypeChange, ListsAreTrimmed) {
  const auto numbers = list_of(scalar("x", Scalar::floating));
  EXPECT_EQ(converted(numbers, list_of(scalar("x", Scalar::integer)), List{1.0, 2.5}), std::pair(Fate::trimmed, Value(List{1, {}})));
  EXPECT_EQ(converted(numbers, list_of(scalar("x", Scalar::integer, true)), List{1.0, 2.5, {}}),
            std::pair(Fate::trimmed, Value(List{1})));
  EXPECT_EQ(converted(scalar("x", Scalar::string), list_of(scalar("x", Scalar::string)), "a"), std::pair(Fate::lost, Value()));
}

TEST_F(TypeChange, ObjectsAreConvertedByTheirMembers) {
  is.embedded[0].fields[1].scalar = Scalar::integer;
  EXPECT_EQ(fit(schemas(), place, place), Fit::lossy);
  EXPECT_EQ(converted(place, place, Object{{"town", "Ulm"}, {"lat", 48.0}}),
            std::pair(Fate::kept, Value(Object{{"town", "Ulm"}, {"lat", 48}})));
  EXPECT_EQ(converted(place, place, Object{{"town", "Ulm"}, {"lat", 48.4}}),
            std::pair(Fate::trimmed, Value(Object{{"town", "Ulm"}, {"lat", nullptr}})));
  is.embedded[0].fields.erase(is.embedded[0].fields.begin());
  EXPECT_EQ(converted(place, place, Object{{"town", "Ulm"}}), std::pair(Fate::trimmed, Value(Object{})));
  is.embedded[0].fields.push_back(scalar("country", Scalar::string, true));
  EXPECT_EQ(converted(place, place, Object{{"lat", 1}}), std::pair(Fate::lost, Value()));
}

TEST_F(TypeChange, TypesAreComparedToTheirDepth) {
  EXPECT_EQ(fit(schemas(), place, place), Fit::same);
  is.enums[0].values.push_back("GREAT");
  EXPECT_EQ(fit(schemas(), mood, mood), Fit::widened);
  EXPECT_EQ(fit({is, was}, mood, mood), Fit::lossy);
  is.embedded[0].fields.push_back(scalar("country", Scalar::string));
  EXPECT_EQ(fit(schemas(), place, place), Fit::widened);
  EXPECT_EQ(fit(schemas(), {place}, {place, mood}), Fit::widened);
  EXPECT_EQ(fit(schemas(), {place, mood}, {place}), Fit::lossy);
  EXPECT_EQ(fit(schemas(), {mood}, {mood, scalar("y", Scalar::id, true)}), Fit::lossy);
  auto hidden = mood;
  hidden.is_hidden = true;
  EXPECT_EQ(fit({was, was}, hidden, mood), Fit::widened);
}

}  // namespace
}  // namespace holdfast
