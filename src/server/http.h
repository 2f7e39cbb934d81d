// HTTP answers of the GraphQL endpoint (spec/protocol.md section 1).
#pragma once

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
/// 200 with `{"data":null,"errors":[...]}`, without types, as AppSync answers documents that are not for this API.
HttpResponse invalid_answer(const std::vector<graphql::RequestError>& errors);
/// 401: the credentials are missing or wrong.
HttpResponse unauthorized_answer();
HttpResponse preflight_answer();

/// The path of a request's target.
std::string_view path_of(std::string_view target);

}  // namespace holdfast::server
