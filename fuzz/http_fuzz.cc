// HTTP: any request gets an answer that is JSON, and no request harms the backend. The first byte says how the rest is
// taken: as a body, as a document, as the variables of one of our own documents, or as a target.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/json.h"
#include "fuzz/backend.h"
#include "fuzz/draw.h"

namespace holdfast::fuzz {
namespace {

constexpr std::array<const char*, 6> documents{
    "mutation ($input: CreatePostInput!) { createPost(input: $input) { id title home { lat tags } _version } }",
    "mutation ($input: UpdatePostInput!, $condition: ModelPostConditionInput) "
    "{ updatePost(input: $input, condition: $condition) { id title rating _version } }",
    "mutation ($input: DeletePostInput!) { deletePost(input: $input) { id _deleted comments { items { text } } } }",
    "query ($filter: ModelPostFilterInput, $limit: Int, $nextToken: String) { listPosts(filter: $filter, limit: $limit, "
    "nextToken: $nextToken) { items { id comments(limit: 1) { items { id post { id } } nextToken } } nextToken } }",
    "query ($filter: ModelPostFilterInput, $limit: Int, $nextToken: String, $lastSync: AWSTimestamp) { syncPosts(filter: "
    "$filter, limit: $limit, nextToken: $nextToken, lastSync: $lastSync) { items { id _version } nextToken startedAt } }",
    "query ($id: ID!, $yes: Boolean = true) { getPost(id: $id) @include(if: $yes) { id mood at tags } }",
};

std::string body_of(const std::string& document, const std::string& variables) {
  std::string body = R"({"query":)";
  json::write_string(document, body);
  return body + R"(,"variables":)" + variables + "}";
}

HttpRequest request_of(const std::string& input) {
  // A digit is its own number: '0' is 48.
  const auto kind = input.empty() ? 0U : (static_cast<unsigned char>(input.front()) + 2U) % 10U;
  const auto rest = input.substr(input.empty() ? 0 : 1);
  if (kind == 0) return {.target = "/graphql", .body = rest};
  if (kind == 1) return {.target = "/graphql", .body = body_of(rest, "{}")};
  if (kind == 2) return {.method = "GET", .target = "/graphql?" + rest};
  if (kind == 3) return {.target = "/graphql", .headers = {{"accept", rest}}, .body = R"({"query":"{ __typename }"})"};
  return {.target = "/graphql", .body = body_of(documents.at(kind - 4), rest)};
}

void check(const std::string& input) {
  Backend backend;
  const auto reply = backend.service->respond(request_of(input));
  HOLDFAST_ASSERT(reply.status == 200 || (reply.status >= 400 && reply.status < 500), "what is asked wrong is told so");
  const auto body = json::parse(reply.body);
  HOLDFAST_ASSERT(body && body->as_object() != nullptr, "every answer is a JSON object");
  HOLDFAST_ASSERT(reply.status == 200 || !(*body)["errors"].is_null(), "a refusal says why");
  const auto after = backend.say(R"({"query":"{ listComments { items { id } } }"})");
  HOLDFAST_ASSERT(after.body == R"({"data":{"listComments":{"items":[{"id":"1"},{"id":"2"},{"id":"3"}]}}})",
                  "the backend goes on, and comments that nobody touched are there");
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  holdfast::fuzz::check(holdfast::fuzz::text_of(bytes, size));
  return 0;
}
