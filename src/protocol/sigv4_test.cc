#include "protocol/sigv4.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/json.h"
#include "protocol/signers.h"

namespace holdfast::protocol {
namespace {

/// What testdata/sigv4.mjs had the published signers make.
List published() {
  std::ifstream file("src/protocol/testdata/sigv4.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto cases = json::parse(text);
  return cases && cases->as_list() ? *cases->as_list() : List{};
}

std::string text_of(const Value& value) { return value.as_string() ? *value.as_string() : ""; }

Object signed_as(const Value& one) {
  const Credentials keys = IamKeys{text_of(one["region"]), &sigv4,
                                   {.access_key_id = text_of(one["credentials"]["accessKeyId"]),
                                    .secret_access_key = text_of(one["credentials"]["secretAccessKey"]),
                                    .session_token = text_of(one["credentials"]["sessionToken"])}};
  const auto endpoint = text_of(one["endpoint"]);
  const auto now = from_epoch_ms(*one["at"].as_integer());
  if (text_of(one["kind"]) == "connect") return connect_authorization(keys, endpoint, now);
  if (text_of(one["kind"]) == "start") return start_authorization(keys, endpoint, now, text_of(one["body"]));
  HttpRequest request{.target = endpoint, .body = text_of(one["body"])};
  for (const auto& [name, value] : *one["headers"].as_object()) request.headers.emplace_back(name, text_of(value));
  sign(keys, request, now);
  Object headers;
  for (const auto& [name, value] : request.headers) headers.append(name, value);
  return headers;
}

TEST(SigV4, SignsAsThePublishedSignersDo) {
  const auto cases = published();
  ASSERT_EQ(cases.size(), 6u);
  for (const auto& one : cases) {
    SCOPED_TRACE(text_of(one["name"]));
    const auto made = signed_as(one);
    const auto& expected = *one["expected"].as_object();
    EXPECT_EQ(made.size(), expected.size());
    for (const auto& [name, value] : expected) EXPECT_EQ(json::write(made.at(name)), json::write(value)) << name;
  }
}

}  // namespace
}  // namespace holdfast::protocol
