#include "server/resolve/routes.h"

#include <utility>

#include "schema/subscribed_writes.h"

namespace holdfast::server {
namespace {

std::vector<std::string> without_first(const std::vector<std::string>& names) {
  return names.empty() ? names : std::vector<std::string>(names.begin() + 1, names.end());
}

PublishedKind published_by(schema::Write write) {
  switch (write) {
    case schema::Write::create: return PublishedKind::created;
    case schema::Write::update: return PublishedKind::updated;
    default: return PublishedKind::deleted;
  }
}

std::optional<api::SortKeyArgument> narrowing_of(const graphql::TypeSystem& api, const ModelSchema& model,
                                                 const RelationSchema& relation, const ModelSchema& target) {
  const auto* type = api.type(model.name);
  const auto* field = type == nullptr ? nullptr : type->field(relation.name);
  if (field == nullptr) return std::nullopt;
  for (auto& possible : api::possible_sort_keys(target, relation)) {
    const auto* argument = field->argument(possible.name);
    if (argument != nullptr && argument->type.innermost() == possible.type) return std::move(possible);
  }
  return std::nullopt;
}

}  // namespace

Routes::Routes(const Schema& schema, const graphql::TypeSystem& api, const CustomFields& custom,
               const std::vector<schema::PageLimit>& page_limits) {
  for (const auto& model : schema.models) {
    add_queries(model);
    add_mutations(model);
    add_relations(schema, api, model);
  }
  for (const auto& limit : page_limits) {
    auto& fields = routes_[limit.type];
    if (const auto route = fields.find(limit.field); route != fields.end()) route->second.page_rows = limit.rows;
  }
  add_subscriptions(schema, api, custom);
  note_served(api, custom);
}

void Routes::add_queries(const ModelSchema& model) {
  add("Query", model.operations.get, {.kind = Route::Kind::get, .model = &model});
  Route list{.kind = Route::Kind::list, .model = &model};
  if (model.has_custom_primary_key) {
    list.partition = {model.primary_key.front()};
    list.sort = without_first(model.primary_key);
    list.narrowing = api::primary_sort_key(model);
  }
  add("Query", model.operations.list, std::move(list));
  add("Query", model.operations.sync, {.kind = Route::Kind::sync, .model = &model});
  for (const auto& index : model.indexes) {
    if (!index.query_field) continue;
    add("Query", *index.query_field,
        {.kind = Route::Kind::index,
         .model = &model,
         .partition = {index.fields.front()},
         .sort = without_first(index.fields),
         .narrowing = api::index_sort_key(model, index)});
  }
}

void Routes::add_mutations(const ModelSchema& model) {
  add("Mutation", model.operations.create, {.kind = Route::Kind::create, .model = &model});
  add("Mutation", model.operations.update, {.kind = Route::Kind::update, .model = &model});
  add("Mutation", model.operations.remove, {.kind = Route::Kind::remove, .model = &model});
}

void Routes::add_subscriptions(const Schema& schema, const graphql::TypeSystem& api, const CustomFields& custom) {
  const auto* root = api.root(graphql::OperationType::subscription);
  if (root == nullptr) return;
  const auto* mutations = api.root(graphql::OperationType::mutation);
  const auto answered_type = [&](std::string_view name) -> const graphql::TypeRef* {
    const bool is_answered = mutations != nullptr && custom.find(mutations->name, name) != nullptr;
    return is_answered ? &mutations->field(name)->type : nullptr;
  };
  for (const auto& field : root->fields) {
    auto subscribed = schema::subscribed_writes(schema, field, answered_type);
    if (!subscribed) continue;
    Route route{.kind = Route::Kind::subscription, .model = subscribed->model};
    route.answered = std::move(subscribed->answered);
    for (const auto write : subscribed->writes) route.published.push_back(published_by(write));
    add(root->name, field.name, std::move(route));
  }
}

void Routes::add_relations(const Schema& schema, const graphql::TypeSystem& api, const ModelSchema& model) {
  for (const auto& relation : model.relations) {
    const auto* target = schema.model(relation.target);
    Route route{.kind = Route::Kind::relation, .model = target, .relation = &relation};
    if (relation.kind == RelationKind::has_many) {
      route.partition = relation.target_keys;
      route.narrowing = narrowing_of(api, model, relation, *target);
      if (route.narrowing) route.sort = route.narrowing->fields;
    }
    add(model.name, relation.name, std::move(route));
  }
}

void Routes::add(std::string type, std::string field, Route route) {
  if (!field.empty()) routes_[std::move(type)].emplace(std::move(field), std::move(route));
}

void Routes::note_served(const graphql::TypeSystem& api, const CustomFields& custom) {
  for (const auto& [name, type] : api.types()) {
    using graphql::OperationType;
    const bool is_root = &type == api.root(OperationType::query) || &type == api.root(OperationType::mutation) ||
                         &type == api.root(OperationType::subscription);
    for (const auto& field : type.fields) {
      if (is_root || find(name, field.name) || custom.find(name, field.name)) served_.insert(&field);
    }
  }
}

const Route* Routes::find(std::string_view type, std::string_view field) const {
  const auto fields = routes_.find(type);
  if (fields == routes_.end()) return nullptr;
  const auto route = fields->second.find(field);
  return route == fields->second.end() ? nullptr : &route->second;
}

}  // namespace holdfast::server
