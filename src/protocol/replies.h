// What an HTTP reply to a sync request means: the one table of outcomes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/transport.h"
#include "holdfast/value.h"
#include "protocol/documents.h"
#include "protocol/records.h"

namespace holdfast::protocol {

/// What a failed exchange means for the sender.
enum class Failure : std::uint8_t {
  transient,         ///< Network, time-out, 408, 429, 5xx, throttling: try again without limit.
  unauthorized,      ///< 401, 403, errorType Unauthorized…: the credentials are refused.
  conflict,          ///< ConflictUnhandled.
  condition_failed,  ///< ConditionalCheckFailedException (with or without its prefix).
  rejected,          ///< Any other GraphQL error, any other 4xx: the same request will fail again.
  malformed,         ///< The reply is not what the protocol allows.
};
std::string_view name(Failure failure) noexcept;

struct ReplyError {
  Failure failure = Failure::transient;
  std::string error_type = {};  ///< The service's word; empty when it gave none.
  std::string message = {};
  Value data = {};              ///< The record that the error carried; null when none.
  bool concerns_all = false;    ///< No reply, throttling, a gateway: says nothing of this request, others fare alike.
  std::optional<Milliseconds> retry_after = {};  ///< The service's own word on when to come back, an hour at most.
  std::optional<Instant> retry_at = {};          ///< The same, of a service that did not say what time it is.
};

/// How long the service wants to be left alone, from 0 to an hour. `now` is this device's, for want of the service's.
Milliseconds wait_asked_for(const ReplyError& error, Instant now);

/// Whether the service does not take the credentials of the request: by the status, or the name of the error.
bool refuses_credentials(const Result<HttpResponse>& reply);
/// Whether it takes them and does not let the caller do this: an answer of errors of which the first says so, without data.
bool forbids(const Result<HttpResponse>& reply);

/// The value of `data.<field>`, or what went wrong. Null is a value here: a `get` gives it for an unknown key; after
/// a mutation it is malformed, which read_record says.
std::variant<Value, ReplyError> read_reply(const Result<HttpResponse>& reply, std::string_view field);

/// One page of a sync query. Items that could not be read are counted, never fatal: the rest is applied.
struct SyncedPage {
  std::vector<Received> items;
  std::optional<std::string> next_token;
  std::int64_t started_at = 0;
  std::size_t unreadable_count = 0;
  std::string first_problem = {};
};
/// Reads the page straight from the reply's text (simdjson): the hot path of hydration. A page that came with
/// errors for some of its items is still a page, unless the errors mean that asking again helps.
std::variant<SyncedPage, ReplyError> read_sync_page(const ModelSchema& model, const Result<HttpResponse>& reply);

}  // namespace holdfast::protocol
