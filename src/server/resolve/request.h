// What one request brings along to every resolver, and what resolvers give back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graphql/execute.h"
#include "server/auth/decide.h"
#include "server/resolve/backend.h"

namespace holdfast::server {

/// One field to answer. Lives as long as the call.
struct Asked {
  const Backend& backend;
  const Caller& caller;
  const Decision& decision;
  const Route& route;
  const graphql::FieldCall& call;
  std::uint64_t request = 0;  ///< Of Origin: what this field writes bears it.
};

/// The GraphQL outcome; an Error is the store's failure, after which the whole request has failed.
using Answer = Result<graphql::Outcome>;
using Answers = Result<std::vector<graphql::Outcome>>;

/// The `limit` argument, that of the route without one, at most page_rows_max. Code: invalid_argument if it is below 1.
Result<std::uint32_t> limit_of(const Asked& asked);
/// What tokens of this field are good for: caller, field, `partition`, and all arguments but limit and nextToken.
std::string token_scope(const Asked& asked, std::string_view partition);
/// The content of the `nextToken` argument; empty when there is none. Code: invalid_argument for a bad one.
Result<Object> token_of(const Asked& asked, const std::string& scope);
/// The connection object of a page.
graphql::RowsPage connection(const Asked& asked, Images images, const Object& next, const std::string& scope);

graphql::FieldError bad_request(const Error& error);
/// What a field gives that was not done, or not to its end, when the time of the request was over.
graphql::FieldError out_of_time(const Backend& backend);

}  // namespace holdfast::server
