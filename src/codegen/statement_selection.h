// What a statement selects: one operation for each field of a root type. Private to the room.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/ast.h"
#include "holdfast/result.h"

namespace holdfast::codegen {

struct SelectionOptions {
  int depth = 2;
  bool has_typename = true;
  bool has_storage_fragment = false;  ///< `S3Object` is selected by a fragment of its own.
};

/// Makes the operations of one API. `api` outlives it.
class StatementSelector {
 public:
  StatementSelector(const graphql::SchemaDocument& api, const SelectionOptions& options);

  /// One operation for each field, in order; none when the API has no such root. Code: limit_exceeded.
  Result<std::vector<graphql::Operation>> operations(graphql::OperationType type);
  /// The fragments that operations so far spread, in the order of their first use.
  [[nodiscard]] const std::vector<graphql::Fragment>& fragments() const noexcept { return fragments_; }

 private:
  using Selections = std::vector<graphql::Selection>;

  graphql::Operation operation(graphql::OperationType type, const graphql::FieldDefinition& field);
  bool select(const graphql::FieldDefinition& field, int depth, Selections& into);
  void select_members(const graphql::TypeDefinition& type, int depth, graphql::Selection& selection);
  void select_possible_types(const graphql::TypeDefinition& type, int depth, graphql::Selection& selection);
  Selections select_fragment(const graphql::TypeDefinition& type, int depth, const Selections& already);
  void spread_storage(const graphql::TypeDefinition& type, int depth, graphql::Selection& selection);
  [[nodiscard]] const graphql::TypeDefinition* composite(std::string_view name) const;
  [[nodiscard]] const graphql::TypeDefinition* root(graphql::OperationType type) const;

  const graphql::SchemaDocument& api_;
  SelectionOptions options_;
  std::map<std::string_view, const graphql::TypeDefinition*> composites_;  ///< Objects, interfaces and unions.
  std::vector<graphql::Fragment> fragments_;
  std::size_t fields_ = 0;  ///< Selected so far, by all operations.
  bool is_beyond_ = false;  ///< A bound was reached; what was selected is of no use.
};

}  // namespace holdfast::codegen
