// What @model(...) says: timestamps, and the names of a model's operations.
#include <algorithm>
#include <array>
#include <map>

#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::AstValue;
using graphql::Location;

enum class Empty : std::uint8_t { off, wrong };

/// One argument of @model: absent, null (all off), or an object with names. `empty` says what "" means as a name.
class Configuration {
 public:
  Configuration(Draft& draft, const graphql::TypeDefinition* type, std::string_view argument, Empty empty)
      : draft_(draft), empty_(empty), names_all_(draft.dialect == Dialect::v1 && argument != "timestamps") {
    const auto* model = type == nullptr ? nullptr : graphql::directive(type->directives, "model");
    value_ = model == nullptr ? nullptr : graphql::argument(model->arguments, argument);
  }

  [[nodiscard]] bool is_off() const { return value_ != nullptr && value_->kind == AstValue::Kind::null; }
  [[nodiscard]] const AstValue* member(std::string_view name) const {
    return value_ == nullptr ? nullptr : graphql::argument(value_->fields, name);
  }

  /// The written name, the default when nothing is written, or nothing when switched off.
  [[nodiscard]] std::string name(std::string_view member_name, std::string fallback) const {
    if (is_off()) return {};
    const auto* value = member(member_name);
    // In the older dialect whoever names some operations leaves out the others.
    if (value == nullptr) return value_ != nullptr && names_all_ ? std::string() : fallback;
    return is_nothing(*value) ? std::string() : text(*value);
  }
  /// The same for a list of names; one name may stand alone.
  [[nodiscard]] std::vector<std::string> names(std::string_view member_name, std::string fallback) const {
    const auto* value = member(member_name);
    const bool is_null = value != nullptr && value->kind == AstValue::Kind::null;
    if (is_off()) return {};
    if (names_all_ && (value == nullptr || is_null)) {
      return has_names() ? std::vector<std::string>() : std::vector{std::move(fallback)};
    }
    if (is_null) return {};
    if (value == nullptr) return {std::move(fallback)};
    if (value->kind != AstValue::Kind::list) return {text(*value)};
    if (value->items.empty() && !names_all_) return {std::move(fallback)};
    std::vector<std::string> all;
    for (const auto& item : value->items) all.push_back(text(item));
    return all;
  }

 private:
  [[nodiscard]] bool is_nothing(const AstValue& value) const {
    if (value.kind == AstValue::Kind::null) return true;
    return empty_ == Empty::off && value.kind == AstValue::Kind::string && value.text.empty();
  }
  /// Whether a member holds names at all: null and `level` do not.
  [[nodiscard]] bool has_names() const {
    return value_ != nullptr && std::any_of(value_->fields.begin(), value_->fields.end(), [](const auto& one) {
             return one.name != "level" && one.value.kind != AstValue::Kind::null;
           });
  }
  [[nodiscard]] std::string text(const AstValue& value) const {
    const auto name = value.kind == AstValue::Kind::null ? std::string() : value.text;
    // What is neither a string nor null was reported with the other arguments.
    const bool is_text = value.kind == AstValue::Kind::string || value.kind == AstValue::Kind::null;
    if (is_text && !is_graphql_name(name)) {
      draft_.problem(value.at, "A name in @model must be a string that GraphQL takes as a name.",
                     "Use letters, digits and _.");
    }
    return name;
  }

  Draft& draft_;
  Empty empty_;
  const AstValue* value_ = nullptr;
  bool names_all_ = false;  ///< The older dialect: what is not named is left out.
};

void add_timestamp(Draft& draft, ModelSchema& model, const std::string& name) {
  if (name.empty()) return;
  if (const auto* field = model.field(name)) {
    if (!field->is_list) return;
    const auto* written = draft.type(model.name)->field(name);
    return draft.problem(written->at, "Field \"" + name + "\" is a list, but the service writes one moment into it.",
                         "Write `" + name + ": AWSDateTime`, or rename the timestamp in @model(timestamps: ...).");
  }
  FieldSchema field{
      .name = name, .scalar = Scalar::aws_date_time, .is_required = true, .is_read_only = true, .is_implied = true};
  model.fields.push_back(std::move(field));
}

void name_operations_of(Draft& draft, ModelSchema& model, const graphql::TypeDefinition* type) {
  const auto name = upper_first(model.name);
  const auto listening = [&](const char* word) {
    // The older dialect cut no name.
    return draft.dialect == Dialect::v1 ? word + name : subscription_name(word, model.name);
  };
  const auto many = upper_first(model.plural_name);
  auto& out = model.operations;
  const Configuration queries(draft, type, "queries", Empty::off);
  out.get = queries.name("get", "get" + name);
  out.list = queries.name("list", "list" + (draft.dialect == Dialect::v1 ? name + "s" : many));
  // The older dialect syncs also what cannot be queried otherwise.
  out.sync = queries.is_off() && draft.dialect == Dialect::v2 ? "" : "sync" + many;
  const Configuration mutations(draft, type, "mutations", Empty::off);
  out.create = mutations.name("create", "create" + name);
  out.update = mutations.name("update", "update" + name);
  out.remove = mutations.name("delete", "delete" + name);
  const Configuration subscriptions(draft, type, "subscriptions", Empty::wrong);
  const auto* level = subscriptions.member("level");
  if (level != nullptr && level->text == "off") return;
  if (!out.create.empty()) out.on_create = subscriptions.names("onCreate", listening("onCreate"));
  if (!out.update.empty()) out.on_update = subscriptions.names("onUpdate", listening("onUpdate"));
  if (!out.remove.empty()) out.on_delete = subscriptions.names("onDelete", listening("onDelete"));
}

/// The fields of one root type, by name, with who has them.
class RootType {
 public:
  RootType(Draft& draft, std::string_view name) : draft_(draft), name_(name) {
    const auto* written = draft.type(name);
    if (written == nullptr) return;
    for (const auto& field : written->fields) taken_[field.name] = "the field written in type " + name_;
  }

  void take(const std::string& field, const std::string& model, const Location& at) {
    if (field.empty()) return;
    const auto [found, is_new] = taken_.try_emplace(field, "model " + model);
    if (is_new) return;
    draft_.problem(at, "Object type extension '" + name_ + "' cannot redeclare field " + field,
                   "It belongs to " + found->second + " already; rename one of the two.");
  }

 private:
  Draft& draft_;
  std::string name_;
  std::map<std::string, std::string> taken_;
};

/// The search query of @searchable: its default name, the written one, or none.
std::string search_query(Draft& draft, const ModelSchema& model) {
  const auto* type = draft.type(model.name);
  const auto* searchable = type == nullptr ? nullptr : graphql::directive(type->directives, "searchable");
  if (searchable == nullptr) return {};
  const auto* queries = graphql::argument(searchable->arguments, "queries");
  const auto fallback = "search" + upper_first(model.plural_name);
  if (queries == nullptr) return fallback;
  if (queries->kind == AstValue::Kind::null) {
    draft.problem(queries->at, "The queries of @searchable cannot be null.",
                  "Leave the argument out, or write { search: null } for no search query.");
    return {};
  }
  const auto* search = graphql::argument(queries->fields, "search");
  if (search == nullptr) return fallback;
  if (search->kind != AstValue::Kind::string || search->text.empty() || is_graphql_name(search->text))
    return search->text;
  draft.problem(search->at, "A name in @searchable must be a string that GraphQL takes as a name.",
                "Use letters, digits and _.");
  return {};
}

Location place_of(const Draft& draft, const ModelSchema& model) {
  if (const auto* type = draft.type(model.name)) return type->at;
  for (const auto& relation : model.relations) {
    for (const auto& [name, sides] : draft.joins) {
      if (sides.front().model == relation.target) return sides.front().directive->at;
    }
  }
  return {};
}

}  // namespace

void add_timestamps(Draft& draft) {
  for (auto& model : draft.schema.models) {
    const Configuration timestamps(draft, draft.type(model.name), "timestamps", Empty::wrong);
    model.created_at = timestamps.name("createdAt", "createdAt");
    model.updated_at = timestamps.name("updatedAt", "updatedAt");
    add_timestamp(draft, model, model.created_at);
    add_timestamp(draft, model, model.updated_at);
  }
}

void name_operations(Draft& draft) {
  for (auto& model : draft.schema.models) name_operations_of(draft, model, draft.type(model.name));
}

void check_operation_names(Draft& draft) {
  RootType queries(draft, "Query");
  RootType mutations(draft, "Mutation");
  RootType subscriptions(draft, "Subscription");
  for (const auto& model : draft.schema.models) {
    const auto at = place_of(draft, model);
    const auto& names = model.operations;
    for (const auto* name : {&names.get, &names.list, &names.sync}) queries.take(*name, model.name, at);
    for (const auto& index : model.indexes) queries.take(index.query_field.value_or(""), model.name, at);
    queries.take(search_query(draft, model), model.name, at);
    for (const auto* name : {&names.create, &names.update, &names.remove}) mutations.take(*name, model.name, at);
    for (const auto* all : {&names.on_create, &names.on_update, &names.on_delete}) {
      for (const auto& name : *all) subscriptions.take(name, model.name, at);
    }
  }
}

}  // namespace holdfast::schema
