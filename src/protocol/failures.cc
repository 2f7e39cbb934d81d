#include "protocol/failures.h"

#include <algorithm>
#include <array>

#include "base/json.h"

namespace holdfast::protocol {
namespace {

struct Meaning {
  std::string_view word;
  Failure failure;
};

// Words of the service, without a prefix such as `DynamoDB:` or a namespace such as `com.amazonaws#`.
constexpr std::array<Meaning, 15> meanings{{
    {"Unauthorized", Failure::unauthorized},
    {"UnauthorizedException", Failure::unauthorized},
    {"NotAuthorizedException", Failure::unauthorized},
    {"ConflictUnhandled", Failure::conflict},
    {"ConditionalCheckFailedException", Failure::condition_failed},
    {"ThrottlingException", Failure::transient},
    {"ThrottledException", Failure::transient},
    {"TooManyRequestsException", Failure::transient},
    {"RequestThrottledException", Failure::transient},
    {"LimitExceededException", Failure::transient},
    {"RequestLimitExceeded", Failure::transient},
    {"ProvisionedThroughputExceededException", Failure::transient},
    {"RequestTimeout", Failure::transient},
    {"TimeoutError", Failure::transient},
    {"ExecutionTimeout", Failure::transient},
}};

std::optional<Failure> failure_named(std::string_view word) {
  const auto found = std::find_if(meanings.begin(), meanings.end(), [&](const auto& row) { return row.word == word; });
  return found == meanings.end() ? std::nullopt : std::optional(found->failure);
}

/// What an HTTP status alone means. A redirect comes from a gateway before the service, never from the service
/// itself, so that waiting is right and giving up is not.
Failure failure_of_status(int status) {
  if (status == 401 || status == 403) return Failure::unauthorized;
  const bool is_passing = status < 400 || status == 408 || status == 429 || status >= 500;
  return is_passing ? Failure::transient : Failure::rejected;
}

/// "com.amazonaws#ThrottlingException:http://..." -> "ThrottlingException".
std::string bare_error_name(std::string_view name) {
  name = name.substr(0, name.find_first_of(":,"));
  const auto mark = name.rfind('#');
  return std::string(mark == std::string_view::npos ? name : name.substr(mark + 1));
}

std::string text_of(const Value& value) { return value.as_string() ? *value.as_string() : std::string(); }

std::string first_text(std::initializer_list<std::string> candidates) {
  for (const auto& candidate : candidates) {
    if (!candidate.empty()) return candidate;
  }
  return {};
}

/// Reads an error body: the AWS shape first, then the `errors` that AppSync puts there as well.
ReplyError read_error_body(const HttpResponse& response) {
  const auto parsed = json::parse(response.body);
  const Value body = parsed ? *parsed : Value();
  const auto* errors = body["errors"].as_list();
  const Value first = errors && !errors->empty() ? errors->front() : Value();
  const auto* named = header(response.headers, "x-amzn-errortype");
  ReplyError error;
  error.error_type = bare_error_name(first_text(
      {named ? *named : std::string(), text_of(body["code"]), text_of(body["__type"]), text_of(first["errorType"])}));
  error.message = first_text({text_of(body["message"]), text_of(body["Message"]), text_of(first["message"]),
                              "HTTP status " + std::to_string(response.status)});
  return error;
}

}  // namespace

ReplyError malformed_reply(std::string_view why) {
  return {.failure = Failure::malformed, .message = "the reply is malformed: " + std::string(why)};
}

std::optional<ReplyError> http_failure(const Result<HttpResponse>& reply) {
  if (!reply) return ReplyError{.failure = Failure::transient, .message = reply.error().message};
  if (reply->status >= 200 && reply->status < 300) return std::nullopt;
  auto error = read_error_body(*reply);
  const auto by_status = failure_of_status(reply->status);
  const auto by_name = failure_named(error.error_type);
  // A status that says "later" or "not you" is believed; only the rest needs the name to tell it apart.
  error.failure = by_status == Failure::rejected ? by_name.value_or(Failure::rejected) : by_status;
  return error;
}

ReplyError graphql_failure(const Value& error) {
  ReplyError failed;
  failed.error_type = text_of(error["errorType"]);
  failed.message = first_text({text_of(error["message"]), "the service gave no message"});
  failed.data = error["data"];
  const auto colon = failed.error_type.rfind(':');
  const auto word = colon == std::string::npos ? failed.error_type : failed.error_type.substr(colon + 1);
  failed.failure = failure_named(word).value_or(Failure::rejected);
  return failed;
}

}  // namespace holdfast::protocol
