// Pages of sync queries, straight from text.
#include <gtest/gtest.h>

#include "base/json.h"
#include "protocol/blog_schema.h"
#include "protocol/replies.h"

namespace holdfast::protocol {
namespace {

const ModelSchema& item_model() { return *blog_schema().model("Item"); }

std::string page_body(const std::string& items, const std::string& rest = R"("nextToken":null,"startedAt":5)") {
  return R"({"data":{"syncItems":{"items":)" + items + "," + rest + "}}}";
}

std::variant<SyncedPage, ReplyError> read(std::string body, const ModelSchema& model = item_model()) {
  return read_sync_page(model, HttpResponse{.body = std::move(body)});
}

SyncedPage page(std::string body, const ModelSchema& model = item_model()) {
  auto read_page = read(std::move(body), model);
  if (auto* error = std::get_if<ReplyError>(&read_page)) {
    ADD_FAILURE() << error->message;
    return {};
  }
  return std::move(std::get<SyncedPage>(read_page));
}

TEST(SyncPages, ReadItemsTokenAndStart) {
  const auto read_page = page(page_body(
      R"([{"id":"a","n":1,"bucket":"x","_version":2,"_lastChangedAt":7,"_deleted":null},
          {"id":"b","n":2,"bucket":"y","_version":1,"_lastChangedAt":8,"_deleted":true}])",
      R"("nextToken":"t","startedAt":1795246200123)"));
  ASSERT_EQ(read_page.items.size(), 2U);
  EXPECT_EQ(read_page.items[0].record["bucket"], Value("x"));
  EXPECT_EQ(read_page.items[0].metadata, (Metadata{2, from_epoch_ms(7), false}));
  EXPECT_TRUE(read_page.items[1].metadata.is_deleted);
  EXPECT_EQ(read_page.next_token, "t");
  EXPECT_EQ(read_page.started_at, 1795246200123);
  EXPECT_EQ(read_page.unreadable_count, 0U);
}

TEST(SyncPages, ReadMembersInAnyOrderAndSkipUnknownOnes) {
  const auto read_page = page(page_body(
      R"([{"_version":2,"x":{"y":[1]},"bucket":"b","n":1,"id":"a"},{"n":3,"id":"c","__typename":"Item","bucket":"d"}])",
      R"("startedAt":5,"nextToken":null)"));
  ASSERT_EQ(read_page.items.size(), 2U);
  EXPECT_EQ(read_page.items[0].record["id"], Value("a"));
  EXPECT_EQ(read_page.items[0].metadata.version, 2);
  EXPECT_EQ(read_page.items[1].record["n"], Value(3));
  EXPECT_FALSE(read_page.next_token);
}

TEST(SyncPages, AgreeWithReadRecord) {
  auto model = *blog_schema().model("Post");
  model.fields[*model.field_index("blogID")].is_hidden = true;
  const std::string text =
      R"({"id":"p","title":"h\u00e9llo \"q\"\n","status":"DRAFT","rating":5,"score":4,"featured":true,"tags":["x"],)"
      R"("altTitles":["one",null],"epoch":1709210096,"metadata":"{\"k\":[1]}","author":{"name":"Ann","aliases":[],)"
      R"("home":{"lat":1.5,"lon":-2.25}},"reactions":[{"kind":"wow","count":null}],"_version":1,"_lastChangedAt":2,)"
      R"("_deleted":null,"blog":{"id":"b","_deleted":null}})";
  auto body = page_body("[" + text + "]");
  body.replace(body.find("syncItems"), 9, "syncPosts");
  const auto read_page = page(body, model);
  const auto expected = read_record(model, *json::parse(text));
  ASSERT_TRUE(expected);
  ASSERT_EQ(read_page.items.size(), 1U) << read_page.first_problem;
  EXPECT_EQ(read_page.items[0].record, expected->record);
  EXPECT_EQ(read_page.items[0].metadata, expected->metadata);
  EXPECT_EQ(read_page.items[0].record["blogID"], Value("b"));
}

TEST(SyncPages, CountUnreadableItemsAndKeepTheRest) {
  const auto read_page = page(page_body(
      R"([null,{"id":"a","n":"x"},{"n":1},{"id":"b","n":1,"_version":"1"},{"id":"c","n":1,"_deleted":1},{"id":"d","n":4}])"));
  ASSERT_EQ(read_page.items.size(), 1U);
  EXPECT_EQ(read_page.items[0].record["id"], Value("d"));
  EXPECT_EQ(read_page.unreadable_count, 5U);
  EXPECT_NE(read_page.first_problem.find("Item"), std::string::npos) << read_page.first_problem;
}

TEST(SyncPages, KeepWhatCameBesideErrorsOfSingleItems) {
  auto body = page_body(R"([null,{"id":"a","n":1}])");
  body.insert(body.size() - 1, R"(,"errors":[{"message":"Cannot return null"}])");
  const auto read_page = page(body);
  EXPECT_EQ(read_page.items.size(), 1U);
  EXPECT_EQ(read_page.unreadable_count, 1U);
  EXPECT_EQ(read_page.first_problem, "Cannot return null");
}

// S12
TEST(SyncPages, FailWithTheErrorWhenNothingOrNotAllCame) {
  const struct {
    const char* body;
    Failure failure;
  } cases[] = {
      {R"({"data":null,"errors":[{"message":"m","errorType":"Unauthorized"}]})", Failure::unauthorized},
      {R"({"data":{"syncItems":null},"errors":[{"message":"m"}]})", Failure::rejected},
      {R"({"data":{"syncItems":{"items":[],"nextToken":null,"startedAt":1}},"errors":[{"errorType":"ThrottlingException"}]})",
       Failure::transient},
  };
  for (const auto& [body, expected] : cases) {
    const auto read_page = read(body);
    ASSERT_TRUE(std::holds_alternative<ReplyError>(read_page)) << body;
    EXPECT_EQ(name(std::get<ReplyError>(read_page).failure), name(expected)) << body;
  }
}

TEST(SyncPages, AreMalformedWithoutTheirParts) {
  for (const auto& body :
       {std::string(), std::string("{"), std::string("[]"), std::string("{}"), std::string(R"({"data":null})"),
        std::string(R"({"data":{"syncItems":null}})"), page_body("null"), page_body("[]", R"("nextToken":null)"),
        page_body("[]", R"("nextToken":null,"startedAt":"5")"), page_body("[]", R"("nextToken":5,"startedAt":5)"),
        page_body(std::string(5000, '[') + std::string(5000, ']'))}) {
    const auto read_page = read(body);
    ASSERT_TRUE(std::holds_alternative<ReplyError>(read_page)) << body;
    EXPECT_EQ(name(std::get<ReplyError>(read_page).failure), "malformed") << body;
  }
}

TEST(SyncPages, PassOnWhatFailedBelow) {
  const auto lost = read_sync_page(item_model(), Error{Code::unavailable, "gone"});
  EXPECT_EQ(std::get<ReplyError>(lost).failure, Failure::transient);
  const auto refused = read_sync_page(item_model(), HttpResponse{.status = 401});
  EXPECT_EQ(std::get<ReplyError>(refused).failure, Failure::unauthorized);
}

}  // namespace
}  // namespace holdfast::protocol
