// Parses and prints documents for graphql.test.js: one JSON object a line in, one a line out, in order.
//   in:  {"kind": "schema" or "document", "text": …}
//   out: {"printed": …} or {"error": …, "line": …, "column": …}
#include <iostream>
#include <string>
#include <variant>

#include "base/json.h"
#include "graphql/parser.h"
#include "graphql/printer.h"

namespace holdfast {
namespace {

template <class Tree>
Value told(const std::variant<Tree, graphql::Diagnostic>& parsed) {
  if (const auto* wrong = std::get_if<graphql::Diagnostic>(&parsed)) {
    return Object{{"error", wrong->message},
                  {"line", static_cast<int>(wrong->at.line)},
                  {"column", static_cast<int>(wrong->at.column)}};
  }
  return Object{{"printed", graphql::print(std::get<Tree>(parsed))}};
}

int run() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto request = json::parse(line);
    const auto* object = request ? request->as_object() : nullptr;
    const auto* text = object == nullptr ? nullptr : object->at("text").as_string();
    if (text == nullptr) {
      std::cerr << "not a request: " << line << "\n";
      return 1;
    }
    const bool is_schema = object->at("kind") == Value("schema");
    std::cout << json::write(is_schema ? told(graphql::parse_schema(*text)) : told(graphql::parse_document(*text))) << "\n";
  }
  return 0;
}

}  // namespace
}  // namespace holdfast

int main() { return holdfast::run(); }
