// Operations as text, laid out as people expect generated statements to be. Private to the room.
#pragma once

#include <string>

#include "graphql/ast.h"

namespace holdfast::codegen {

/// Lines are broken at arguments and variables, one to a line, when all of them would go beyond 80 columns. Every
/// line is indented by so many spaces; the last one ends with a line feed.
std::string statement_text(const graphql::Operation& operation, std::size_t indent);
std::string statement_text(const graphql::Fragment& fragment, std::size_t indent);

}  // namespace holdfast::codegen
