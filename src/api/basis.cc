#include "api/basis.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "api/build.h"

namespace holdfast::api {
namespace {

Member generated(const ModelSchema& model, const FieldSchema& field) {
  Member member{.name = field.name, .type = type_of(field), .stored = &field};
  // Timestamps that the service keeps are always there.
  if (field.is_read_only && model.is_timestamp(field.name)) member.type.is_non_null = true;
  return member;
}

}  // namespace

bool is_implied_owner(const ModelSchema& model, const Member& member) noexcept {
  return member.stored != nullptr && member.stored->is_read_only && !model.is_timestamp(member.name);
}

Basis::Basis(const schema::Reading& reading, const Options& of)
    : schema(reading.schema), written(reading.written), options(of) {
  for (const auto& type : written.document.types) types_.emplace(type.name, &type);
}

const graphql::TypeDefinition* Basis::type(std::string_view name) const noexcept {
  const auto found = types_.find(name);
  return found == types_.end() ? nullptr : found->second;
}

bool Basis::is_enum(std::string_view name) const noexcept {
  const auto* named = type(name);
  return named != nullptr && named->kind == graphql::TypeKind::enumeration;
}

std::vector<Member> Basis::members(const ModelSchema& model) const {
  std::vector<Member> members;
  const auto* own = type(model.name);
  const auto is_written = [&](const FieldSchema& field) { return own != nullptr && own->field(field.name) != nullptr; };
  for (const auto& field : model.fields) {
    // A generated id stands in front.
    if (!is_written(field) && field.name == "id" && !field.is_hidden) members.push_back(generated(model, field));
  }
  if (own != nullptr) {
    for (const auto& field : own->fields) {
      if (model.relation(field.name) != nullptr) continue;
      members.push_back({field.name, field.type, model.field(field.name), &field});
    }
  }
  for (const auto& field : model.fields) {
    if (!is_written(field) && field.name != "id" && !field.is_hidden) members.push_back(generated(model, field));
  }
  return members;
}

graphql::TypeRef Basis::input_type(graphql::TypeRef type) const {
  if (type.is_list()) {
    type.element.front() = input_type(std::move(type.element.front()));
  } else if (!scalar_named(type.name) && !is_enum(type.name)) {
    type.name = upper_first(std::move(type.name)) + "Input";
  }
  return type;
}

std::string Basis::family(const graphql::TypeRef& type) const {
  const auto& name = type.innermost();
  if (const auto scalar = scalar_named(name)) return operator_family(*scalar);
  return is_enum(name) ? name : std::string();
}

std::string Basis::stem(const ModelSchema& model) const {
  return is_v1() ? related_stem(model) : "Model" + upper_first(model.name);
}

std::string related_stem(const ModelSchema& model) { return "Model" + model.name; }

std::string subscription_filter_name(const ModelSchema& model) {
  return "ModelSubscription" + upper_first(model.name) + "FilterInput";
}

std::vector<graphql::Directive> shown(const std::vector<graphql::Directive>& directives) {
  std::vector<graphql::Directive> all;
  std::copy_if(directives.begin(), directives.end(), std::back_inserter(all), [](const graphql::Directive& one) {
    return one.name.starts_with("aws_") || one.name == "deprecated" || one.name == "specifiedBy";
  });
  return all;
}

}  // namespace holdfast::api
