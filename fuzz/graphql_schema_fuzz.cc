// Schemas: parsing, printing, building a type system, and reading the modelling dialect.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "fuzz/draw.h"
#include "graphql/parser.h"
#include "graphql/printer.h"
#include "graphql/type_system.h"
#include "schema/schema_reader.h"

namespace holdfast::graphql {
namespace {

void check_language(const std::string& text) {
  auto parsed = parse_schema(text);
  if (const auto* diagnostic = std::get_if<Diagnostic>(&parsed)) {
    static_cast<void>(render(*diagnostic, {{"schema.graphql", text}}));
    return;
  }
  auto& document = std::get<SchemaDocument>(parsed);
  const auto printed = print(document);
  const auto again = parse_schema(printed);
  HOLDFAST_ASSERT(std::holds_alternative<SchemaDocument>(again), "what is printed can be parsed");
  HOLDFAST_ASSERT(print(std::get<SchemaDocument>(again)) == printed, "printing and parsing change nothing");
  static_cast<void>(TypeSystem::build(std::move(document)));
}

void check_dialect(const std::string& text) {
  const std::vector<Source> sources{{"schema.graphql", text}};
  const auto read = schema::read_schema(sources);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&read)) {
    HOLDFAST_ASSERT(!problems->empty(), "a refusal names its reason");
    for (const auto& problem : *problems) static_cast<void>(render(problem, sources));
    return;
  }
  for (const auto& model : std::get<schema::Reading>(read).schema.models) {
    HOLDFAST_ASSERT(!model.primary_key.empty(), "every model has a key");
    for (const auto& key : model.primary_key) HOLDFAST_ASSERT(model.field(key) != nullptr, "a key is made of fields");
  }
}

}  // namespace
}  // namespace holdfast::graphql

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto text = holdfast::fuzz::text_of(bytes, size);
  holdfast::graphql::check_language(text);
  holdfast::graphql::check_dialect(text);
  return 0;
}
