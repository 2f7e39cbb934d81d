// Text to syntax tree, and diagnostics that show the place.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graphql/ast.h"

namespace holdfast::graphql {

struct Source {
  std::string name;  ///< For messages: a file's name, or "request".
  std::string text;
};

/// Something wrong at a place, and what to do about it.
struct Diagnostic {
  Location at = {};
  std::string message = {};  ///< One sentence without the place.
  std::string remedy = {};   ///< What to do; may be empty.
};

/// "file:line:column: error: message", the line, a caret under the column, and "  hint: remedy" when there is one.
/// `severity` stands in the place of "error".
std::string render(const Diagnostic& diagnostic, const std::vector<Source>& sources,
                   std::string_view severity = "error");

/// Nesting of selections, values and types beyond this is refused.
inline constexpr int depth_max = 200;

/// A request's document: operations and fragments. The syntax error's message follows graphql-js
/// ("Syntax Error: Expected Name, found \"}\"."). Texts of more than `tokens_max` tokens are refused.
std::variant<Document, Diagnostic> parse_document(std::string_view text,
                                                  std::size_t tokens_max = std::numeric_limits<std::size_t>::max());

/// The whole type-system language: every definition and extension, descriptions, block strings, repeatable
/// directives, interfaces implementing interfaces. `source` is put into every location.
std::variant<SchemaDocument, Diagnostic> parse_schema(std::string_view text, std::uint32_t source = 0);

}  // namespace holdfast::graphql
