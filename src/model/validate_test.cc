#include <gtest/gtest.h>

#include <limits>

#include "model/testing.h"

namespace holdfast {
namespace {

std::string verdict_on(const Schema& schema, const Record& record) {
  const auto valid = validate(schema, record);
  return valid ? "valid" : valid.error().message;
}

std::string verdict(std::initializer_list<std::pair<std::string_view, Value>> values) {
  const auto schema = testing::blog_schema();
  return verdict_on(schema, testing::record(*schema.model("Post"), values));
}

// V13, V14, V17
TEST(Validation, AcceptsWhatTheSchemaAllows) {
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}}), "valid");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"score", 3}, {"status", "ACTIVE"}, {"tags", List{"a", nullptr}},
                     {"place", Object{{"city", "Rom"}, {"lat", 1.5}}}}),
            "valid");
}

// V13, V14, V15, V17, V26
TEST(Validation, NamesTheFieldAndWhatItNeeds) {
  EXPECT_EQ(verdict({{"id", "1"}}), "Post.title: is required");
  EXPECT_EQ(verdict({{"title", "a"}}), "Post.id: is part of the key and required");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", 3}}), "Post.title: needs a value of type String, not the integer 3");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"rating", std::string(99, 'x')}}),
            "Post.rating: needs a value of type Int, not this string of 101 bytes");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"status", "GONE"}}), "Post.status: \"GONE\" is not a value of PostStatus");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"place", Object{{"lat", 1.0}}}}), "Post.place.city: is required");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"place", Object{{"city", 3}}}}),
            "Post.place.city: needs a value of type String, not the integer 3");
  EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"place", Object{{"city", "a"}, {"x", 1}}}}),
            "Post.place: Place has no field \"x\"");
}

// V45
TEST(Validation, RefusesNumbersThatAreNone) {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  for (const auto number : {infinity, -infinity, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(verdict({{"id", "1"}, {"title", "a"}, {"score", number}}),
              "Post.score: needs a value of type Float, not a number that is not finite");
  }
}

/// What may stand in one field `x` of a model Thing, whose other fields do not matter.
struct Rule {
  std::string name;
  FieldSchema field;
  Value value;
  std::string verdict = "valid";
};

FieldSchema x(Scalar type, bool is_required = false) { return testing::scalar("x", type, is_required); }
FieldSchema list(FieldSchema field, bool is_list_required = false) {
  field.is_list = true;
  field.is_list_required = is_list_required;
  return field;
}
FieldSchema place(bool is_required = false) {
  auto field = x(Scalar::string, is_required);
  field.kind = FieldKind::embedded;
  field.type_name = "Place";
  return field;
}

class ValidationRules : public ::testing::TestWithParam<Rule> {};

TEST_P(ValidationRules, Hold) {
  auto schema = testing::blog_schema();
  ModelSchema thing{.name = "Thing", .plural_name = "Things"};
  thing.fields = {testing::scalar("id", Scalar::id, true), GetParam().field};
  thing.primary_key = {"id"};
  schema.models.push_back(std::move(thing));
  const auto record = testing::record(schema.models.back(), {{"id", "1"}, {"x", GetParam().value}});
  EXPECT_EQ(verdict_on(schema, record), GetParam().verdict);
}

const List ips{"127.0.0.1", "::1"};
const std::vector<Rule> rules{
    {"V15_more_than_an_Int", x(Scalar::integer), std::int64_t{2147483648},
     "Thing.x: needs an Int, which is -2147483648 to 2147483647, not the integer 2147483648"},
    {"V15_less_than_an_Int", list(x(Scalar::integer)), List{1, std::int64_t{-2147483649}},
     "Thing.x: needs an Int, which is -2147483648 to 2147483647, not the integer -2147483649"},
    {"V15_the_largest_Int", x(Scalar::integer), 2147483647},
    {"V15_a_large_timestamp", x(Scalar::aws_timestamp), std::int64_t{4102444800000}},
    {"V16_text_for_a_date_time", x(Scalar::aws_date_time), "not-a-date",
     "Thing.x: needs an AWSDateTime such as 2026-01-31T09:30:00Z, with Z or an offset such as +01:00, not the string "
     "\"not-a-date\""},
    {"V16_date_time", x(Scalar::aws_date_time), "2026-01-31T09:30:00Z"},
    {"V16_text_that_the_service_set_itself", testing::read_only(x(Scalar::aws_date_time)), "what the service wrote"},
    {"T02_timestamp", x(Scalar::aws_timestamp), 1'700'000'000},
    {"T02_timestamp_before_1970", x(Scalar::aws_timestamp), -1},
    {"T02_timestamp_as_text", x(Scalar::aws_timestamp), "1700000000",
     "Thing.x: needs a value of type AWSTimestamp, not the string \"1700000000\""},
    {"V18_null_for_a_required_list", list(x(Scalar::string), true), nullptr, "Thing.x: is required"},
    {"V18_null_for_a_list", list(x(Scalar::string, true)), nullptr},
    {"V18_empty_list_for_a_required_one", list(x(Scalar::string, true), true), List{}},
    {"V19_null_among_required_elements", list(x(Scalar::string, true)), List{"a", nullptr},
     "Thing.x: needs a list of String values, not a list of string, null"},
    {"V20_null_among_elements", list(x(Scalar::string)), List{"a", nullptr}},
    {"V21_wrong_elements", list(x(Scalar::string)), List{1, 2}, "Thing.x: needs a list of String values, not a list of integer"},
    {"V21_wrong_elements_and_null", list(x(Scalar::integer)), List{1, nullptr, "a"},
     "Thing.x: needs a list of Int values, not a list of integer, null, string"},
    {"V22_addresses", list(x(Scalar::aws_ip_address)), ips},
    {"V22_one_wrong_among_addresses", list(x(Scalar::aws_ip_address)), List{"127.0.0.1", "1.1.1"},
     "Thing.x: needs an AWSIPAddress of version 4 or 6, such as 127.0.0.1 or ::1, not the string \"1.1.1\""},
    {"V22_a_wrong_address", x(Scalar::aws_ip_address), "1.1.1",
     "Thing.x: needs an AWSIPAddress of version 4 or 6, such as 127.0.0.1 or ::1, not the string \"1.1.1\""},
    {"V23_address_of_mail", x(Scalar::aws_email), "john@doe.com"},
    {"V23_no_addresses_of_mail", list(x(Scalar::aws_email)), List{}},
    {"V23_a_wrong_address_of_mail", list(x(Scalar::aws_email)), List{"john"},
     "Thing.x: needs an AWSEmail such as somebody@example.com, not the string \"john\""},
    {"V24_text_for_an_object", place(), "Rom", "Thing.x: needs a value of type Place object, not the string \"Rom\""},
    {"V24_a_number_for_an_object", place(), 3, "Thing.x: needs a value of type Place object, not the integer 3"},
    {"V25_null_for_an_object", place(), nullptr},
    {"V25_null_for_a_required_object", place(true), nullptr, "Thing.x: is required"},
    {"V26_wrong_member_of_an_object", place(), Object{{"city", "Rom"}, {"lat", "north"}},
     "Thing.x.lat: needs a value of type Float, not the string \"north\""},
    {"V27_objects", list(place(true)), List{Object{{"city", "Rom"}}, Object{{"city", "Oslo"}}}},
    {"V27_no_list_of_objects", list(place()), Object{{"city", "Rom"}},
     "Thing.x: needs a list of Place object values, not an object"},
    {"V27_wrong_element_among_objects", list(place()), List{Object{{"city", "Rom"}}, "Oslo"},
     "Thing.x: needs a list of Place object values, not a list of object, string"},
    {"V27_wrong_member_of_one_object", list(place()), List{Object{{"city", 3}}},
     "Thing.x.city: needs a value of type String, not the integer 3"},
    {"V27_null_among_required_objects", list(place(true)), List{nullptr},
     "Thing.x: needs a list of Place object values, not a list of null"},
};

INSTANTIATE_TEST_SUITE_P(Table, ValidationRules, ::testing::ValuesIn(rules),
                         [](const auto& tested) { return tested.param.name; });

// V32, V33: a composite key is checked as one field is.
TEST(Validation, NeedsEveryPartOfAKey) {
  const auto schema = testing::blog_schema();
  const auto& seat = *schema.model("Seat");
  EXPECT_EQ(verdict_on(schema, testing::record(seat, {{"city", "Rom"}, {"row", 0}})), "valid");
  EXPECT_EQ(verdict_on(schema, testing::record(seat, {{"city", ""}, {"row", 0}})), "Seat.city: is part of the key and required");
  EXPECT_EQ(verdict_on(schema, testing::record(seat, {{"city", "Rom"}})), "Seat.row: is part of the key and required");
  EXPECT_EQ(verdict_on(schema, testing::record(seat, {{"city", 3}, {"row", 0}})),
            "Seat.city: needs a value of type String, not the integer 3");
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
