// AuthWriter: marks the types and fields of an API document with the modes in which they may be called.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/basis.h"

namespace holdfast::api {

using Modes = std::set<schema::AuthMode>;

/// The directives that AppSync reads. Invariant: nothing is marked twice with one mode.
class AuthWriter {
 public:
  AuthWriter(const Basis& basis, graphql::SchemaDocument& document);

  [[nodiscard]] schema::AuthMode default_mode() const noexcept { return default_; }
  /// Null when the API has none of the name.
  [[nodiscard]] graphql::TypeDefinition* type(std::string_view name);
  [[nodiscard]] graphql::FieldDefinition* field(std::string_view type_name, std::string_view name);

  /// What must be written for callers in `modes`: nothing for the default mode alone, else all of them.
  [[nodiscard]] Modes marks(const Modes& modes) const;
  /// The same, with the default mode whenever another one is there.
  [[nodiscard]] Modes marks_with_default(const Modes& modes) const;

  static void mark(std::vector<graphql::Directive>& directives, const Modes& marks);
  void mark_type(std::string_view name, const Modes& marks);
  void mark_field(std::string_view type_name, std::string_view name, const Modes& marks);
  /// The field of a root type, and the type that it returns unless that is a list.
  void mark_operation(std::string_view root, std::string_view name, const Modes& marks);
  /// The plain types that the fields of `type` hold, and those that they hold. A type that is met again gets the
  /// default mode beside any other: the published transformer does not remember with which modes it was met.
  void mark_nested(const graphql::TypeDefinition& type, const Modes& modes);
  /// The same types; all that are met get the default mode beside any other.
  void mark_nested_with_default(const graphql::TypeDefinition& type, const Modes& modes);
  /// The same types, each with exactly these marks.
  void mark_all_nested(const graphql::TypeDefinition& type, const Modes& marks);

 private:
  template <class Enter>
  void walk_nested(const graphql::TypeDefinition& type, Enter enter);
  [[nodiscard]] const graphql::TypeDefinition* plain_type(const graphql::FieldDefinition& field);

  const Basis& basis_;
  graphql::SchemaDocument& document_;
  schema::AuthMode default_;
  std::map<std::string, std::size_t, std::less<>> type_at_ = {};
  std::map<std::string, Modes> nested_ = {};  ///< Types met by mark_nested, with the marks it gave them.
};

}  // namespace holdfast::api
