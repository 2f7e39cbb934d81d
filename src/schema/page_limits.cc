#include "schema/page_limits.h"

#include <charconv>

namespace holdfast::schema {
namespace {

/// 0 for none.
std::uint32_t limit_of(const graphql::FieldDefinition& field) {
  for (const char* name : {"hasMany", "manyToMany", "connection"}) {
    const auto* directive = graphql::directive(field.directives, name);
    const auto* limit = directive == nullptr ? nullptr : graphql::argument(directive->arguments, "limit");
    if (limit == nullptr) continue;
    std::uint32_t rows = 0;  // It stays for what is null or below.
    std::from_chars(limit->text.data(), limit->text.data() + limit->text.size(), rows);
    return rows;
  }
  return 0;
}

}  // namespace

std::vector<PageLimit> page_limits(const graphql::SchemaDocument& document) {
  std::vector<PageLimit> all;
  for (const auto& type : document.types) {
    for (const auto& field : type.fields) {
      if (const auto rows = limit_of(field); rows > 0) all.push_back({type.name, field.name, rows});
    }
  }
  return all;
}

}  // namespace holdfast::schema
