#include "api/service_types.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "graphql/parser.h"
#include "holdfast/result.h"

namespace holdfast::api {
namespace {

constexpr std::string_view sdl = R"(
"A day: 2026-11-21, with an offset from UTC if wanted." scalar AWSDate
"A time of day: 12:30:45.123, with an offset from UTC if wanted." scalar AWSTime
"An instant: 2026-11-21T12:30:45.123Z." scalar AWSDateTime
"Seconds since 1970-01-01T00:00Z." scalar AWSTimestamp
"An email address." scalar AWSEmail
"JSON, written as a string." scalar AWSJSON
"A URL." scalar AWSURL
"A phone number." scalar AWSPhone
"An IPv4 or IPv6 address, or a range of them." scalar AWSIPAddress

"Sends the results of these mutations to subscribers." directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
"Sends the result to these subscriptions." directive @aws_publish(subscriptions: [String]) on FIELD_DEFINITION
"Lets in callers with an API key." directive @aws_api_key on OBJECT | FIELD_DEFINITION
"Lets in callers with AWS credentials." directive @aws_iam on OBJECT | FIELD_DEFINITION
"Lets in callers with an OpenID Connect token." directive @aws_oidc on OBJECT | FIELD_DEFINITION
"Lets in callers whom a function vouches for." directive @aws_lambda on OBJECT | FIELD_DEFINITION
"Lets in callers of a user pool."
directive @aws_cognito_user_pools(cognito_groups: [String]) on OBJECT | FIELD_DEFINITION
"Lets in callers of a user pool, where that is the default."
directive @aws_auth(cognito_groups: [String]) on FIELD_DEFINITION
)";

graphql::SchemaDocument parsed() {
  auto document = graphql::parse_schema(sdl);
  HOLDFAST_ASSERT(std::holds_alternative<graphql::SchemaDocument>(document), "the service's definitions must parse");
  return std::get<graphql::SchemaDocument>(std::move(document));
}

template <class Definition>
void add_missing(const std::vector<Definition>& known, std::vector<Definition>& definitions) {
  for (const auto& one : known) {
    const bool is_defined = std::any_of(definitions.begin(), definitions.end(),
                                        [&](const Definition& other) { return other.name == one.name; });
    if (!is_defined) definitions.push_back(one);
  }
}

}  // namespace

graphql::SchemaDocument with_service_types(graphql::SchemaDocument document) {
  static const auto known = parsed();
  add_missing(known.types, document.types);
  add_missing(known.directives, document.directives);
  return document;
}

}  // namespace holdfast::api
