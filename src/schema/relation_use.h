// A relation field of the current dialect as it was written. Private to relations.cc and references.cc.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "schema/draft.h"

namespace holdfast::schema {

struct RelationUse {
  ModelSchema& model;
  ModelSchema& target;
  const graphql::FieldDefinition& field;
  const graphql::Directive& directive;

  [[nodiscard]] std::string place() const { return model.name + "." + field.name; }
  [[nodiscard]] RelationSchema relation(RelationKind kind) const {
    return {.name = field.name,
            .kind = kind,
            .target = target.name,
            .is_required = field.type.is_non_null,
            .description = field.description};
  }
};

/// The fields of the target that relate back to us by one of `directives`.
std::vector<const graphql::FieldDefinition*> all_facing(const Draft& draft, const RelationUse& use,
                                                        std::initializer_list<std::string_view> directives);

/// `references` name foreign keys on the side that belongs (`child`); both sides must list the same.
bool check_references(Draft& draft, const RelationUse& use, const ModelSchema& child,
                      const std::vector<std::string>& names);

}  // namespace holdfast::schema
