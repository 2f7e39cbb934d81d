// What the tests of validation and execution share: type systems and documents from text, plain scalars.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "graphql/execute.h"
#include "graphql/parser.h"
#include "graphql/type_system.h"

namespace holdfast::graphql::testing {

inline SchemaDocument read_schema(std::string_view sdl) {
  auto parsed = parse_schema(sdl);
  if (const auto* problem = std::get_if<Diagnostic>(&parsed)) throw std::runtime_error(problem->message);
  return std::get<SchemaDocument>(std::move(parsed));
}

inline TypeSystem build_types(std::string_view sdl) {
  auto built = TypeSystem::build(read_schema(sdl));
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&built)) {
    throw std::runtime_error(problems->front().message);
  }
  return std::get<TypeSystem>(std::move(built));
}

inline Document read_document(std::string_view text) {
  auto parsed = parse_document(text);
  if (const auto* problem = std::get_if<Diagnostic>(&parsed)) throw std::runtime_error(problem->message);
  return std::get<Document>(std::move(parsed));
}

/// Takes every value as it is, but refuses the text "bad".
class PlainScalars : public Scalars {
 public:
  [[nodiscard]] Result<Value> read(const TypeDefinition&, const Value& input) const override { return check(input); }
  [[nodiscard]] Result<Value> write(const TypeDefinition&, const Value& result) const override { return check(result); }

 private:
  static Result<Value> check(const Value& value) {
    if (value == Value("bad")) return Error{Code::invalid_argument, "It is bad."};
    return value;
  }
};

}  // namespace holdfast::graphql::testing
