// HTTP answers of the GraphQL endpoint (spec/protocol.md section 1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/transport.h"
#include "graphql/validate.h"
#include "holdfast/value.h"

namespace holdfast::server {

/// A JSON answer that browsers may read from any origin.
HttpResponse json_answer(int status, std::string body);
/// An AWS-style error: the type in the header and in the body.
HttpResponse error_answer(int status, std::string_view error_type, std::string_view message);

/// How a GraphQL answer is written. json is AppSync's way, and what clients get who do not ask for the other.
enum class Media : std::uint8_t { json, graphql_response };
/// What the Accept header wants most; of equals graphql_response, which only clients name who know it.
Media media_of(const Headers& headers);
/// 200: the result of an operation that was run.
HttpResponse result_answer(Media media, std::string body);
/// Documents and variables that are not for this API. json: 200 with `{"data":null,"errors":[…]}`, without types, as
/// AppSync; graphql_response: 400 without data.
HttpResponse invalid_answer(Media media, const std::vector<graphql::RequestError>& errors);
/// Documents that cannot be read or are beyond a limit. json: 400 with BadRequestException, as AppSync;
/// graphql_response: as invalid_answer.
HttpResponse unreadable_answer(Media media, const graphql::RequestError& error);
/// 401: the credentials are missing or wrong.
HttpResponse unauthorized_answer();
/// 405; `methods` are those that may be used.
HttpResponse not_allowed_answer(std::string_view message, std::string methods);
HttpResponse preflight_answer();

/// The path of a request's target.
std::string_view path_of(std::string_view target);

}  // namespace holdfast::server
