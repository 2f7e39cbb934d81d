#include "client/sync/sync_order.h"

#include <set>

namespace holdfast::sync {
namespace {

/// Depth first; recursion is as deep as the schema has models at most.
void visit(const Schema& schema, const ModelSchema& model, std::set<const ModelSchema*>& seen,
           std::vector<const ModelSchema*>& order) {
  if (!seen.insert(&model).second) return;
  for (const auto& relation : model.relations) {
    if (!holds_foreign_key(model, relation)) continue;
    if (const auto* parent = schema.model(relation.target)) visit(schema, *parent, seen, order);
  }
  if (!model.operations.sync.empty()) order.push_back(&model);
}

}  // namespace

bool holds_foreign_key(const ModelSchema& model, const RelationSchema& relation) {
  return relation.kind == RelationKind::belongs_to ||
         (relation.kind == RelationKind::has_one && relation.keys != model.primary_key);
}

std::vector<const ModelSchema*> sync_order(const Schema& schema) {
  std::set<const ModelSchema*> seen;
  std::vector<const ModelSchema*> order;
  for (const auto& model : schema.models) visit(schema, model, seen, order);
  return order;
}

}  // namespace holdfast::sync
