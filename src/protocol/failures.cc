#include "protocol/failures.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/http_date.h"
#include "base/json.h"

namespace holdfast::protocol {
namespace {

struct Meaning {
  std::string_view word;
  Failure failure;
  bool concerns_all = false;
};

/// A service that says "come back in a year" is not believed.
constexpr std::int64_t retry_after_seconds_max = 3600;

// Words of the service, without a prefix such as `DynamoDB:` or a namespace such as `com.amazonaws#`.
constexpr std::array<Meaning, 15> meanings{{
    {"Unauthorized", Failure::unauthorized},
    {"UnauthorizedException", Failure::unauthorized},
    {"NotAuthorizedException", Failure::unauthorized},
    {"ConflictUnhandled", Failure::conflict},
    {"ConditionalCheckFailedException", Failure::condition_failed},
    {"ThrottlingException", Failure::transient, true},
    {"ThrottledException", Failure::transient, true},
    {"TooManyRequestsException", Failure::transient, true},
    {"RequestThrottledException", Failure::transient, true},
    {"LimitExceededException", Failure::transient, true},
    {"RequestLimitExceeded", Failure::transient, true},
    {"ProvisionedThroughputExceededException", Failure::transient, true},
    {"RequestTimeout", Failure::transient},
    {"TimeoutError", Failure::transient},
    {"ExecutionTimeout", Failure::transient},
}};

constexpr Meaning refused_for_good{"", Failure::rejected};

const Meaning& meaning_of(std::string_view word) {
  const auto found = std::find_if(meanings.begin(), meanings.end(), [&](const auto& row) { return row.word == word; });
  return found == meanings.end() ? refused_for_good : *found;
}

/// What an HTTP status alone means. A redirect comes from a gateway before the service, never from the service
/// itself, so that waiting is right and giving up is not.
Failure failure_of_status(int status) {
  if (status == 401 || status == 403) return Failure::unauthorized;
  const bool is_passing = status < 400 || status == 408 || status == 429 || status >= 500;
  return is_passing ? Failure::transient : Failure::rejected;
}

Milliseconds bounded(Milliseconds wait) {
  return std::clamp(wait, Milliseconds(0), Milliseconds(std::chrono::seconds(retry_after_seconds_max)));
}

/// Seconds, as gateways and AWS send it, or a date. How far off that is the answer's own Date tells: the device's clock
/// may be wrong, and is asked only when the answer has none.
void read_retry_after(const Headers& headers, ReplyError& error) {
  const auto* text = header(headers, "retry-after");
  if (!text || text->empty()) return;
  std::int64_t seconds = 0;
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, seconds);
  if (read.ec == std::errc() && read.ptr == end && seconds >= 0) {
    error.retry_after = std::chrono::seconds(std::min(seconds, retry_after_seconds_max));
    return;
  }
  const auto at = read_http_date(*text);
  const auto now = at ? date_of(headers) : std::nullopt;
  if (now) error.retry_after = bounded(*at - *now);
  if (at && !now) error.retry_at = at;
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
  const bool has_no_user = !reply && reply.error().code == Code::unauthorized;  // Said by client/auth.
  if (has_no_user) {
    return ReplyError{.failure = Failure::unauthorized, .message = reply.error().message, .concerns_all = true};
  }
  if (!reply) return ReplyError{.failure = Failure::transient, .message = reply.error().message,
                                .concerns_all = reply.error().code != Code::timed_out};
  if (reply->status >= 200 && reply->status < 300) return std::nullopt;
  auto error = read_error_body(*reply);
  const auto by_status = failure_of_status(reply->status);
  const auto& by_name = meaning_of(error.error_type);
  // A status that says "later" or "not you" is believed; only the rest needs the name to tell it apart.
  const bool is_told_by_name = by_status == Failure::rejected;
  error.failure = is_told_by_name ? by_name.failure : by_status;
  // 500 alone may come of what this request asks for.
  error.concerns_all = is_told_by_name ? by_name.concerns_all : reply->status != 500;
  read_retry_after(reply->headers, error);
  return error;
}

ReplyError graphql_failure(const Value& error) {
  ReplyError failed;
  failed.error_type = text_of(error["errorType"]);
  failed.message = first_text({text_of(error["message"]), "the service gave no message"});
  failed.data = error["data"];
  const auto colon = failed.error_type.rfind(':');
  const auto word = colon == std::string::npos ? failed.error_type : failed.error_type.substr(colon + 1);
  const auto& meaning = meaning_of(word);
  failed.failure = meaning.failure;
  failed.concerns_all = meaning.concerns_all;
  return failed;
}

Milliseconds wait_asked_for(const ReplyError& error, Instant now) {
  if (error.retry_at) return bounded(*error.retry_at - now);
  return error.retry_after.value_or(Milliseconds(0));
}

bool refuses_credentials(const Result<HttpResponse>& reply) {
  const auto failed = reply ? http_failure(reply) : std::nullopt;
  return failed && failed->failure == Failure::unauthorized;
}

bool forbids(const Result<HttpResponse>& reply) {
  // Looked for first: a page of a thousand records is not read twice.
  if (!reply || reply->body.find("uthorized") == std::string::npos || http_failure(reply)) return false;
  const auto body = json::parse(reply->body);
  if (!body) return false;
  const auto* errors = (*body)["errors"].as_list();
  if (!errors || errors->empty() || graphql_failure(errors->front()).failure != Failure::unauthorized) return false;
  const auto* data = (*body)["data"].as_object();
  return !data || std::all_of(data->begin(), data->end(), [](const auto& member) { return member.value.is_null(); });
}

}  // namespace holdfast::protocol
