// Definitions: the types of a document while it is made, each name once.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "graphql/ast.h"

namespace holdfast::api {

/// The first of a name stays: what the author wrote comes first, and is kept as written.
class Definitions {
 public:
  void add(graphql::TypeDefinition type) {
    if (names_.insert(type.name).second) types_.push_back(std::move(type));
  }
  void add(std::vector<graphql::TypeDefinition> types) {
    for (auto& type : types) add(std::move(type));
  }
  std::vector<graphql::TypeDefinition> take() { return std::move(types_); }

 private:
  std::vector<graphql::TypeDefinition> types_;
  std::set<std::string> names_;
};

}  // namespace holdfast::api
