// Basis: what an API is made from, and how the members of a model's records appear in it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/document.h"
#include "graphql/ast.h"
#include "holdfast/schema.h"
#include "schema/schema_reader.h"

namespace holdfast::api {

/// A field of a model that is no relation, as the object type shows it.
struct Member {
  std::string name = {};
  graphql::TypeRef type = {};
  const FieldSchema* stored = nullptr;                ///< Null for what records cannot hold: unions, interfaces.
  const graphql::FieldDefinition* written = nullptr;  ///< Null for what was generated.
};

/// Whether rules made the field. It is shown, but neither written nor searched by.
bool is_implied_owner(const ModelSchema& model, const Member& member) noexcept;

/// Refers to the reading and the options; they outlive it.
class Basis {
 public:
  Basis(const schema::Reading& reading, const Options& options);

  [[nodiscard]] bool is_v1() const noexcept { return written.dialect == schema::Dialect::v1; }
  /// As written; null when nobody wrote it.
  [[nodiscard]] const graphql::TypeDefinition* type(std::string_view name) const noexcept;
  [[nodiscard]] bool is_model(std::string_view name) const noexcept { return schema.model(name) != nullptr; }
  /// In the order of the object type. Without fields that only inputs have.
  [[nodiscard]] std::vector<Member> members(const ModelSchema& model) const;
  /// The type that takes values of `type` in an input: scalars and enums themselves, TInput for a type t or T.
  [[nodiscard]] graphql::TypeRef input_type(graphql::TypeRef type) const;
  /// "String", "ID", "Int", "Float", "Boolean"; the enum's own name; empty for anything else.
  [[nodiscard]] std::string family(const graphql::TypeRef& type) const;
  /// "ModelPost", which the names of a model's connection, filter and condition begin with.
  [[nodiscard]] std::string stem(const ModelSchema& model) const;
  [[nodiscard]] bool is_enum(std::string_view name) const noexcept;

  const Schema& schema;
  const schema::Written& written;
  const Options& options;

 private:
  std::map<std::string_view, const graphql::TypeDefinition*> types_;
};

/// The same for indexes and relations, which the original names apart: they keep a small initial.
std::string related_stem(const ModelSchema& model);
std::string subscription_filter_name(const ModelSchema& model);

/// The directives that the API shows: those of AppSync and of GraphQL itself. The others have done their work.
std::vector<graphql::Directive> shown(const std::vector<graphql::Directive>& directives);

}  // namespace holdfast::api
