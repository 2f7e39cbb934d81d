// Syntax tree to text, character by character as graphql-js 16 prints it.
#pragma once

#include <string>

#include "graphql/ast.h"

namespace holdfast::graphql {

std::string print(const Document& document);
/// Definitions separated by an empty line, in document order.
std::string print(const SchemaDocument& document);
std::string print(const TypeDefinition& type);
std::string print(const AstValue& value);

}  // namespace holdfast::graphql
