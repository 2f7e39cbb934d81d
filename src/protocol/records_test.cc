// Records to JSON and back.
#include "protocol/records.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "protocol/blog_schema.h"

namespace holdfast::protocol {
namespace {

const ModelSchema& model(std::string_view name) { return *blog_schema().model(name); }

Result<Received> read(const ModelSchema& of, const char* text) { return read_record(of, *json::parse(text)); }

TEST(Records, ReadFieldsMetadataAndLeaveTheRestNull) {
  const auto received = read(model("Post"), R"({"id":"p","title":"t","score":2,"tags":["a",null],"rating":7.0,
    "author":{"name":"Ann"},"unknown":1,"_version":3,"_lastChangedAt":1000,"_deleted":true})");
  ASSERT_TRUE(received) << received.error().message;
  EXPECT_EQ(received->record["title"], Value("t"));
  EXPECT_EQ(received->record["rating"], Value(7));
  EXPECT_EQ(received->record["tags"], Value(List{"a", nullptr}));
  EXPECT_EQ(received->record["author"]["name"], Value("Ann"));
  EXPECT_TRUE(received->record["content"].is_null());
  EXPECT_EQ(received->metadata, (Metadata{3, from_epoch_ms(1000), true}));
}

TEST(Records, ReadAnAbsentVersionAsNeverSeen) {
  const auto received = read(model("Item"), R"({"id":"i","n":1,"bucket":"b","_deleted":null})");
  ASSERT_TRUE(received);
  EXPECT_EQ(received->metadata, Metadata{});
}

TEST(Records, TakeHiddenForeignKeysFromTheStub) {
  auto part = model("Part");
  part.fields[*part.field_index("productPartsSku")].is_hidden = true;
  part.fields[*part.field_index("productPartsWarehouse")].is_hidden = true;
  const auto received = read(part, R"({"partNo":"p","product":{"sku":"s","warehouse":"w","_deleted":null}})");
  ASSERT_TRUE(received);
  EXPECT_EQ(received->record["productPartsSku"], Value("s"));
  EXPECT_EQ(received->record["productPartsWarehouse"], Value("w"));
  EXPECT_TRUE(read(part, R"({"partNo":"p","product":null})")->record["productPartsSku"].is_null());
}

TEST(Records, NameTheFieldThatIsMalformed) {
  const struct {
    const char* text;
    const char* field;
  } cases[] = {
      {"null", "null"},
      {R"({"title":"t"})", "'id'"},
      {R"({"id":null})", "'id'"},
      {R"({"id":"p","rating":"x"})", "'rating'"},
      {R"({"id":"p","rating":1.5})", "'rating'"},
      {R"({"id":"p","tags":"x"})", "'tags'"},
      {R"({"id":"p","tags":[1]})", "[String]"},
      {R"({"id":"p","author":[]})", "AuthorInfo"},
      {R"({"id":"p","metadata":{}})", "AWSJSON"},
      {R"({"id":"p","_version":"1"})", "'_version'"},
      {R"({"id":"p","_lastChangedAt":true})", "'_lastChangedAt'"},
      {R"({"id":"p","_deleted":1})", "'_deleted'"},
  };
  for (const auto& [text, field] : cases) {
    const auto received = read(model("Post"), text);
    ASSERT_FALSE(received) << text;
    EXPECT_EQ(received.error().code, Code::malformed);
    EXPECT_NE(received.error().message.find(field), std::string::npos) << received.error().message;
  }
}

TEST(Records, WriteEveryVisibleFieldAndTheMetadata) {
  auto item = model("Item");
  item.fields[*item.field_index("bucket")].is_hidden = true;
  Record record(item);
  record["id"] = "i";
  record["n"] = 4;
  EXPECT_EQ(json::write(write_record(record, {2, from_epoch_ms(9), false})),
            R"({"id":"i","n":4,"createdAt":null,"updatedAt":null,"_version":2,"_lastChangedAt":9,"_deleted":null})");
  EXPECT_EQ(write_record(record, {3, from_epoch_ms(9), true}).at("_deleted"), Value(true));
}

TEST(Records, ReadBackWhatTheyWrite) {
  Record record(model("Comment"));
  record["id"] = "c";
  record["content"] = "h\xC3\xA9llo \"quoted\"\n";
  record["postID"] = "p";
  const Metadata metadata{7, from_epoch_ms(1'795'246'200'123), true};
  const auto received = read_record(model("Comment"), write_record(record, metadata));
  ASSERT_TRUE(received);
  EXPECT_EQ(received->record, record);
  EXPECT_EQ(received->metadata, metadata);
}

}  // namespace
}  // namespace holdfast::protocol
