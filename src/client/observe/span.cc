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

}  // namespace

std::set<std::string> span_of(const Predicate& where, const ModelSchema& model, const Schema& schema) {
  std::set<std::string> names;
  add_targets(where, model, schema, names);
  if (!names.empty()) names.insert(model.name);
  return names;
}

}  // namespace holdfast::observe
