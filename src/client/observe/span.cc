#include "client/observe/span.h"

namespace holdfast::observe {
namespace {

void add_targets(const Predicate& where, const ModelSchema& model, const Schema& schema, std::set<std::string>& names) {
  const auto* described = &model;
  if (where.kind == Predicate::Kind::related) {
    described = schema.model(model.relation(where.field)->target);
    names.insert(described->name);
  }
  for (const auto& child : where.children) add_targets(child, *described, schema, names);
}

void add_targets(const SortKey& key, const ModelSchema& model, const Schema& schema, std::set<std::string>& names) {
  const auto* at = &model;
  for (const auto& relation : key.path) {
    at = schema.model(at->relation(relation)->target);
    names.insert(at->name);
  }
}

}  // namespace

std::set<std::string> span_of(const Query& query, const ModelSchema& model, const Schema& schema) {
  std::set<std::string> names;
  add_targets(query.where, model, schema, names);
  for (const auto& key : query.sort) add_targets(key, model, schema, names);
  if (!names.empty()) names.insert(model.name);
  return names;
}

}  // namespace holdfast::observe
