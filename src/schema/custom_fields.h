// Custom fields: those that a function or a service of the author's answers, as @function and @http say.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graphql/ast.h"

namespace holdfast::schema {

/// One `@function`. `${env}` still stands in its name.
struct FunctionStep {
  std::string name = {};
  bool is_event = false;  ///< `invocationType: Event`: nobody waits for what it answers.
};

/// An `@http`. `${env}` and `${aws_region}` still stand in its address and its headers.
struct HttpStep {
  std::string method = "GET";
  std::string url = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::vector<std::string> required = {};  ///< Arguments that must come in the query or the body.

  [[nodiscard]] bool has_body() const noexcept { return method == "POST" || method == "PUT" || method == "PATCH"; }
};

/// A field of Query, Mutation, a model or any other type. Exactly one of both is there.
struct CustomField {
  std::string type = {};
  std::string field = {};
  std::vector<FunctionStep> functions = {};  ///< Called one after the other, each with the result of the one before.
  std::optional<HttpStep> http = {};
};

/// In the order of the document, which is sound: of Written.
std::vector<CustomField> custom_fields(const graphql::SchemaDocument& document);

/// Where the host of an address ends: the place of the first '/' behind "://", or the end.
std::size_t path_start(std::string_view url) noexcept;
/// The names behind colons in the path and the query: "https://h/posts/:id?by=:author" has id and author.
std::vector<std::string> url_parameters(std::string_view url);
/// `url` with what `value` gives for each of those names in its place.
std::string with_url_parameters(std::string_view url, const std::function<std::string(std::string_view name)>& value);

}  // namespace holdfast::schema
