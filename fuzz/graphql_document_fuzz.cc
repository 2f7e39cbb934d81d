// Documents: what is parsed is printed and parsed to the same, and validation survives it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "fuzz/draw.h"
#include "graphql/parser.h"
#include "graphql/printer.h"
#include "graphql/validate.h"

namespace holdfast::graphql {
namespace {

constexpr const char* sdl = R"(
  directive @mark(at: Int = 1, note: String) repeatable on FIELD | QUERY | FRAGMENT_SPREAD | INLINE_FRAGMENT
  enum Mood { HAPPY SAD }
  interface Node { id: ID! }
  type Dog implements Node { id: ID! name(upper: Boolean, in: Filter): String mood: Mood! friends(first: Int! = 3): [Pet!] }
  type Cat implements Node { id: ID! lives: Int name(upper: Boolean, in: Filter): String owner: Dog }
  union Pet = Dog | Cat
  input Filter { text: String limit: Int! = 2 moods: [Mood!] and: [Filter!] must: ID! }
  type Query { node(id: ID!): Node pet(filter: Filter): Pet pets(ids: [ID!]!, mood: Mood): [Pet] dog: Dog }
  type Mutation { rename(id: ID!, to: String!): Dog }
  type Subscription { renamed(filter: Filter): Dog }
)";

TypeSystem fixed_types() {
  auto parsed = parse_schema(sdl);
  auto built = TypeSystem::build(std::move(std::get<SchemaDocument>(parsed)));
  HOLDFAST_ASSERT(std::holds_alternative<TypeSystem>(built), "the fuzzer's schema is good");
  return std::move(std::get<TypeSystem>(built));
}

void check(const std::string& text) {
  static const auto types = fixed_types();
  const auto parsed = parse_document(text);
  if (const auto* diagnostic = std::get_if<Diagnostic>(&parsed)) {
    static_cast<void>(render(*diagnostic, {{"request", text}}));
    return;
  }
  const auto& document = std::get<Document>(parsed);
  const auto printed = print(document);
  const auto again = parse_document(printed);
  HOLDFAST_ASSERT(std::holds_alternative<Document>(again), "what is printed can be parsed");
  HOLDFAST_ASSERT(print(std::get<Document>(again)) == printed, "printing and parsing change nothing");
  const auto violations = validate(types, document);
  HOLDFAST_ASSERT(validate(types, std::get<Document>(again)).size() == violations.size(),
                  "layout does not matter to validation");
}

}  // namespace
}  // namespace holdfast::graphql

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  holdfast::graphql::check(holdfast::fuzz::text_of(bytes, size));
  return 0;
}
