// The table of outcomes, row by row.
#include "protocol/replies.h"

#include <gtest/gtest.h>

#include "base/http_date.h"

namespace holdfast::protocol {
namespace {

HttpResponse ok(std::string body) { return {.status = 200, .body = std::move(body)}; }

ReplyError failure(const Result<HttpResponse>& reply) {
  auto read = read_reply(reply, "updatePost");
  const auto* error = std::get_if<ReplyError>(&read);
  if (!error) ADD_FAILURE() << "the reply was read as a success";
  return error ? *error : ReplyError{};
}

std::string error_body(const std::string& type) {
  return R"({"data":{"updatePost":null},"errors":[{"errorType":")" + type + R"(","message":"why","data":{"id":"p"}}]})";
}

TEST(Replies, GiveTheFieldOfASuccess) {
  for (const auto* body : {R"({"data":{"updatePost":{"id":"p"}}})", R"({"data":{"updatePost":{"id":"p"}},"errors":[]})",
                           R"({"errors":null,"data":{"updatePost":{"id":"p"}},"extensions":{}})"}) {
    const auto read = read_reply(ok(body), "updatePost");
    ASSERT_TRUE(std::holds_alternative<Value>(read)) << body;
    EXPECT_EQ(std::get<Value>(read)["id"], Value("p"));
  }
  EXPECT_TRUE(std::get<Value>(read_reply(ok(R"({"data":{"getPost":null}})"), "getPost")).is_null());
}

// X01
TEST(Replies, ClassifyErrorTypes) {
  const struct {
    const char* type;
    Failure failure;
  } cases[] = {
      {"Unauthorized", Failure::unauthorized},
      {"UnauthorizedException", Failure::unauthorized},
      {"ConflictUnhandled", Failure::conflict},
      {"ConditionalCheckFailedException", Failure::condition_failed},
      {"DynamoDB:ConditionalCheckFailedException", Failure::condition_failed},
      {"DynamoDB:ProvisionedThroughputExceededException", Failure::transient},
      {"ThrottlingException", Failure::transient},
      {"ValidationError", Failure::rejected},
      {"", Failure::rejected},
  };
  for (const auto& [type, expected] : cases) {
    const auto error = failure(ok(error_body(type)));
    EXPECT_EQ(name(error.failure), name(expected)) << type;
    EXPECT_EQ(error.error_type, type);
    EXPECT_EQ(error.message, "why");
    EXPECT_EQ(error.data["id"], Value("p"));
  }
}

TEST(Replies, ClassifyStatuses) {
  const struct {
    int status;
    Failure failure;
  } cases[] = {
      {302, Failure::transient}, {400, Failure::rejected},  {401, Failure::unauthorized}, {403, Failure::unauthorized},
      {404, Failure::rejected},  {408, Failure::transient}, {413, Failure::rejected},     {429, Failure::transient},
      {500, Failure::transient}, {502, Failure::transient}, {503, Failure::transient},    {504, Failure::transient},
  };
  for (const auto& [status, expected] : cases) {
    const auto error = failure(HttpResponse{.status = status, .body = "<html>"});
    EXPECT_EQ(name(error.failure), name(expected)) << status;
    EXPECT_EQ(error.message, "HTTP status " + std::to_string(status));
  }
}

// O33
TEST(Replies, SayWhenTheServiceWantsToBeAskedAgain) {
  const auto after = [](const char* text) {
    return failure(HttpResponse{.status = 429, .headers = {{"Retry-After", text}}}).retry_after;
  };
  EXPECT_EQ(after("7"), Milliseconds(7'000));
  EXPECT_EQ(after("999999999"), std::chrono::hours(1));
  for (const auto* text : {"", "-1", "soon", "1.5", "99999999999999999999"}) {
    EXPECT_EQ(after(text), std::nullopt) << text;
  }
}

// O33: by the service's clock, since the device's may be wrong.
TEST(Replies, MayNameTheTimeToAskAgain) {
  const auto refusal = [](const char* retry_after, Headers more) {
    more.emplace_back("retry-after", retry_after);
    return failure(HttpResponse{.status = 503, .headers = std::move(more)});
  };
  constexpr auto at = "Sat, 21 Nov 2026 22:00:30 GMT";
  const Instant wrong_clock{};
  EXPECT_EQ(wait_asked_for(refusal(at, {{"Date", "Sat, 21 Nov 2026 22:00:00 GMT"}}), wrong_clock), Milliseconds(30'000));
  EXPECT_EQ(wait_asked_for(refusal(at, {{"Date", "Saturday, 21-Nov-26 22:00:00 GMT"}}), wrong_clock), Milliseconds(30'000));
  EXPECT_EQ(wait_asked_for(refusal(at, {{"Date", "Sat, 21 Nov 2026 22:00:40 GMT"}}), wrong_clock), Milliseconds(0));
  EXPECT_EQ(wait_asked_for(refusal(at, {{"Date", "Fri, 20 Nov 2026 22:00:00 GMT"}}), wrong_clock), std::chrono::hours(1));
  const auto clock = *read_http_date("Sat, 21 Nov 2026 22:00:10 GMT");
  EXPECT_EQ(wait_asked_for(refusal(at, {}), clock), Milliseconds(20'000)) << "for want of the service's";
  EXPECT_EQ(wait_asked_for(refusal(at, {}), wrong_clock), std::chrono::hours(1));
  EXPECT_EQ(wait_asked_for(refusal("7", {}), wrong_clock), Milliseconds(7'000));
}

// What one record meets is told from what all meet: it must not make the others wait.
TEST(Replies, TellWhetherTheyConcernAllRequests) {
  EXPECT_TRUE(failure(Error{Code::unavailable, "no line"}).concerns_all);
  EXPECT_FALSE(failure(Error{Code::timed_out, "slow"}).concerns_all);
  for (const auto& [status, expected] : {std::pair{503, true}, {429, true}, {401, true}, {500, false}, {400, false}}) {
    EXPECT_EQ(failure(HttpResponse{.status = status}).concerns_all, expected) << status;
  }
  EXPECT_TRUE(failure(ok(R"({"data":null,"errors":[{"errorType":"ThrottlingException"}]})")).concerns_all);
  EXPECT_FALSE(failure(ok(R"({"data":null,"errors":[{"errorType":"Unauthorized"}]})")).concerns_all);
  EXPECT_FALSE(failure(ok(R"({"data":null,"errors":[{"errorType":"ExecutionTimeout"}]})")).concerns_all);
}

TEST(Replies, ReadTheNameOfAnHttpErrorFromHeaderOrBody) {
  const auto by_header = failure(HttpResponse{.status = 400,
                                              .headers = {{"x-amzn-ErrorType", "ThrottlingException:http://x"}},
                                              .body = R"({"message":"slow down"})"});
  EXPECT_EQ(by_header.failure, Failure::transient);
  EXPECT_EQ(by_header.error_type, "ThrottlingException");
  EXPECT_EQ(by_header.message, "slow down");

  const auto by_body = failure(HttpResponse{.status = 400, .body = R"({"__type":"com.x#UnauthorizedException"})"});
  EXPECT_EQ(by_body.failure, Failure::unauthorized);

  const auto appsync = failure(
      HttpResponse{.status = 401,
                   .body = R"({"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized"}]})"});
  EXPECT_EQ(appsync.failure, Failure::unauthorized);
  EXPECT_EQ(appsync.error_type, "UnauthorizedException");
  EXPECT_EQ(appsync.message, "You are not authorized");
}

TEST(Replies, BelieveAStatusThatSaysLaterMoreThanAName) {
  const auto error = failure(HttpResponse{.status = 503, .headers = {{"x-amzn-errortype", "ConflictUnhandled"}}});
  EXPECT_EQ(error.failure, Failure::transient);
}

TEST(Replies, TreatEveryFaultOfTheTransportAsTransient) {
  for (const auto code : {Code::unavailable, Code::timed_out, Code::malformed}) {
    const auto error = failure(Error{code, "gone"});
    EXPECT_EQ(error.failure, Failure::transient);
    EXPECT_EQ(error.message, "gone");
  }
}

TEST(Replies, AreMalformedWhenTheProtocolDoesNotAllowThem) {
  for (const auto* body : {"", "<html>", "[]", "{}", R"({"data":null})", R"({"data":[]})", R"({"data":{}})",
                           R"({"data":{"updatePost":{}},"errors":"x"})"}) {
    EXPECT_EQ(failure(ok(body)).failure, Failure::malformed) << body;
  }
}

TEST(Replies, AnErrorWithoutAnythingInItIsARejection) {
  const auto error = failure(ok(R"({"data":null,"errors":[null]})"));
  EXPECT_EQ(error.failure, Failure::rejected);
  EXPECT_EQ(error.message, "the service gave no message");
}

}  // namespace
}  // namespace holdfast::protocol
