#include "holdfast/schema.h"

#include <algorithm>
#include <array>

namespace holdfast {
namespace {

constexpr std::array<std::string_view, 14> scalar_names{
    "ID",      "String",  "Int",         "Float",        "Boolean",  "AWSDate", "AWSTime",
    "AWSDateTime", "AWSTimestamp", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone", "AWSIPAddress"};

template <class Named>
const Named* named(const std::vector<Named>& all, std::string_view name) noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [name](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string_view graphql_name(Scalar scalar) noexcept { return scalar_names.at(static_cast<std::size_t>(scalar)); }

std::optional<Scalar> scalar_named(std::string_view graphql_name) noexcept {
  const auto* const found = std::find(scalar_names.begin(), scalar_names.end(), graphql_name);
  if (found == scalar_names.end()) return std::nullopt;
  return static_cast<Scalar>(found - scalar_names.begin());
}

const FieldSchema* ModelSchema::field(std::string_view field_name) const noexcept { return named(fields, field_name); }

std::optional<std::size_t> ModelSchema::field_index(std::string_view field_name) const noexcept {
  const auto* found = field(field_name);
  if (!found) return std::nullopt;
  return static_cast<std::size_t>(found - fields.data());
}

const RelationSchema* ModelSchema::relation(std::string_view relation_name) const noexcept {
  return named(relations, relation_name);
}

bool ModelSchema::is_key(std::string_view field_name) const noexcept {
  return std::find(primary_key.begin(), primary_key.end(), field_name) != primary_key.end();
}

bool ModelSchema::is_timestamp(std::string_view field_name) const noexcept {
  return !field_name.empty() && (field_name == created_at || field_name == updated_at);
}

const ModelSchema* Schema::model(std::string_view name) const noexcept { return named(models, name); }
const EnumSchema* Schema::enumeration(std::string_view name) const noexcept { return named(enums, name); }
const EmbeddedSchema* Schema::embedded_type(std::string_view name) const noexcept { return named(embedded, name); }

}  // namespace holdfast
