// A GraphQL request as HTTP brings it: the JSON body of a POST, or the query parameters of a GET.
#pragma once

#include <string>
#include <variant>

#include "base/transport.h"
#include "holdfast/value.h"

namespace holdfast::server {

struct GraphqlRequest {
  std::string query;
  std::string operation_name;  ///< Empty when none is named.
  Value variables;             ///< An object or null.
};

/// Whether a GET asks something: it has a query parameter `query`.
bool has_query(const HttpRequest& request);

/// The parameters of a POST or GET, or what is wrong with them: 400 with MalformedHttpRequestException.
std::variant<GraphqlRequest, HttpResponse> read_request(const HttpRequest& request);

}  // namespace holdfast::server
