#include <algorithm>
#include <limits>
#include <utility>

#include "base/json.h"
#include "capi/answer.h"
#include "capi/forms.h"
#include "model/schema_json.h"

namespace holdfast::capi {
namespace {

Error malformed(std::string message) { return {Code::malformed, std::move(message)}; }
Error unfit(std::string message) { return {Code::invalid_argument, std::move(message)}; }

Result<Value> parsed(const char* text, const char* what) {
  HOLDFAST_TRY(present, need(text, what));
  auto value = json::parse(text);
  if (!value) return malformed(std::string(what) + ": " + value.error().message);
  return value;
}

Result<Value> parsed_object(const char* text, const char* what) {
  HOLDFAST_TRY(value, parsed(text, what));
  if (!value.as_object())
    return malformed(std::string(what) + " needs an object, not a " + std::string(kind_name(value.kind())));
  return std::move(value);
}

/// The index of the field, or what to write instead.
Result<std::size_t> field_index(const ModelSchema& model, const std::string& name) {
  if (const auto index = model.field_index(name)) return *index;
  const auto* relation = model.relation(name);
  if (!relation) return unfit(model.name + " has no field " + name);
  if (relation->kind == RelationKind::has_many) {
    return unfit(model.name + "." + name + " is a relation: its records refer to this one, save them instead");
  }
  return unfit(model.name + "." + name + " is a relation: set the field " + relation->keys.front());
}

Result<std::vector<std::string>> sort_path(const Value& json) {
  std::vector<std::string> path;
  if (json.is_null()) return path;
  const auto* names = json.as_list();
  for (const auto& name : names ? *names : List{nullptr}) {
    const auto* text = name.as_string();
    if (!text) return malformed("path in query.sort needs a list of names of relations");
    path.push_back(*text);
  }
  return path;
}

Result<void> take_sort(const Value& json, Query& query) {
  const auto* list = json.as_list();
  if (!list) return malformed("query.sort needs a list");
  for (const auto& one : *list) {
    const auto* field = one["field"].as_string();
    const auto& direction = one["direction"];
    const bool is_descending = direction == Value("descending");
    if (!field || !(is_descending || direction.is_null() || direction == Value("ascending"))) {
      return malformed(R"(query.sort needs {"field":…,"direction":"ascending" or "descending"})");
    }
    HOLDFAST_TRY(path, sort_path(one["path"]));
    query.sort.push_back({*field, is_descending ? Direction::descending : Direction::ascending, std::move(path)});
  }
  return {};
}

Result<std::uint64_t> whole_number(const Member& member, const char* what) {
  const auto* number = member.value.as_integer();
  if (number && *number >= 0) return static_cast<std::uint64_t>(*number);
  return malformed(std::string(what) + "." + member.name + " needs a whole number that is not negative");
}

Result<std::string> text(const Member& member, const char* what) {
  if (const auto* text = member.value.as_string()) return *text;
  return malformed(std::string(what) + "." + member.name + " needs a string");
}

/// One mode, or a list of them.
Result<void> take_modes(const Member& member, AuthForm& auth) {
  const auto* list = member.value.as_list();
  for (const auto& one : list ? *list : List{member.value}) {
    HOLDFAST_TRY(word, text({member.name, one}, "options"));
    auth.modes.push_back(std::move(word));
  }
  return {};
}

/// By the names that bindings of Flutter and others have for it.
Result<void> take_strategy(const std::string& word, SyncOptions& options) {
  if (word != "default" && word != "multiauth") {
    return unfit("options.authModeStrategy is neither default nor multiauth");
  }
  options.auth_strategy = word == "default" ? AuthStrategyFunction() : multi_auth;
  return {};
}

Result<void> take_option(const Member& member, SyncOptions& options, AuthForm& auth) {
  if (member.name == "auth") return take_modes(member, auth);
  for (const auto& [name, place] : {std::pair("endpoint", &options.endpoint), std::pair("apiKey", &auth.api_key),
                                    std::pair("region", &auth.region), std::pair("user", &options.user),
                                    std::pair("caFile", &options.ca_file)}) {
    if (member.name != name) continue;
    HOLDFAST_TRY(words, text(member, "options"));
    *place = std::move(words);
    return {};
  }
  if (member.name == "leaving") {
    const bool is_at_once = member.value == Value("atOnce");
    if (!is_at_once && member.value != Value("atBaseSync")) {
      return unfit(R"(options.leaving is "atOnce" or "atBaseSync")");
    }
    options.leaving = is_at_once ? Leaving::at_once : Leaving::at_base_sync;
    return {};
  }
  if (member.name == "authModeStrategy") {
    HOLDFAST_TRY(word, text(member, "options"));
    return take_strategy(word, options);
  }
  HOLDFAST_TRY(number, whole_number(member, "options"));
  if (number > std::numeric_limits<std::int32_t>::max()) return unfit("options." + member.name + " is too large");
  if (member.name == "pageRows")
    options.page_rows = static_cast<std::uint32_t>(number);
  else if (member.name == "recordsMax")
    options.records_max = static_cast<std::uint32_t>(number);
  else if (member.name == "fullSyncIntervalMinutes")
    options.full_sync_interval = std::chrono::minutes(number);
  else if (member.name == "requestTimeoutMs")
    options.request_timeout = Milliseconds(number);
  else if (member.name == "retryDelayMinMs")
    options.retry_delay_min = Milliseconds(number);
  else if (member.name == "retryDelayMaxMs")
    options.retry_delay_max = Milliseconds(number);
  else
    return unfit("options." + member.name + " is no option");
  return {};
}

Result<Predicate> predicate_of(const Value& json) {
  auto predicate = predicate_from_json(json);
  if (!predicate) return malformed("condition: " + predicate.error().message);
  return predicate;
}

}  // namespace

Result<Schema> read_schema(const char* text) {
  HOLDFAST_TRY(json, parsed(text, "schema"));
  return schema_from_json(json);
}

Result<const ModelSchema*> read_model(const Schema& schema, const char* name) {
  HOLDFAST_TRY(present, need(name, "model"));
  if (const auto* model = schema.model(name)) return model;
  return unfit("the schema has no model of the name given");  // Which may be any bytes.
}

Result<Record> read_record(const ModelSchema& model, const char* text) {
  HOLDFAST_TRY(json, parsed_object(text, "record"));
  Record record(model);
  for (auto& member : *json.as_object()) {
    HOLDFAST_TRY(index, field_index(model, member.name));
    record.values[index] = std::move(member.value);
  }
  return record;
}

Result<Key> read_key(const ModelSchema& model, const char* text) {
  HOLDFAST_TRY(json, parsed(text, "key"));
  const auto* parts = json.as_list();
  if (!parts) return malformed("key needs a list of the key's parts");
  if (parts->size() != model.primary_key.size()) {
    return unfit("the key of " + model.name + " has " + std::to_string(model.primary_key.size()) + " parts");
  }
  for (const auto& part : *parts) {
    if (part.is_null() || part.as_list() || part.as_object())
      return unfit("a part of a key is a text, a number or a boolean");
  }
  return Key{*parts};
}

Result<Patch> read_patch(const ModelSchema& model, const Key& key, const char* text) {
  HOLDFAST_TRY(json, parsed_object(text, "patch"));
  Patch patch;
  for (auto& member : *json.as_object()) {
    HOLDFAST_TRY(index, field_index(model, member.name));
    const auto part = std::find(model.primary_key.begin(), model.primary_key.end(), member.name);
    if (part == model.primary_key.end()) {
      patch.push_back({index, std::move(member.value)});
    } else if (member.value != key.parts[static_cast<std::size_t>(part - model.primary_key.begin())]) {
      return unfit(model.name + "." + member.name + " is part of the key, which never changes");
    }
  }
  std::sort(patch.begin(), patch.end(), [](const auto& left, const auto& right) { return left.field < right.field; });
  return patch;
}

Result<Predicate> read_condition(const ModelSchema& model, const char* text) {
  if (!text) return Predicate{};
  HOLDFAST_TRY(json, parsed_object(text, "condition"));
  HOLDFAST_TRY(condition, predicate_of(json));
  HOLDFAST_TRY(checked, check(condition, model));
  return std::move(condition);
}

Result<Predicate> read_where(const Schema& schema, const ModelSchema& model, const char* text) {
  if (!text) return Predicate{};
  HOLDFAST_TRY(json, parsed_object(text, "condition"));
  HOLDFAST_TRY(where, predicate_of(json));
  HOLDFAST_TRY(checked, check(where, model, schema));
  return std::move(where);
}

Result<Query> read_query(const Schema& schema, const ModelSchema& model, const char* text) {
  Query query;
  if (!text) return query;
  HOLDFAST_TRY(json, parsed_object(text, "query"));
  for (const auto& member : *json.as_object()) {
    if (member.name == "where") {
      HOLDFAST_TRY(where, predicate_of(member.value));
      query.where = std::move(where);
    } else if (member.name == "sort") {
      HOLDFAST_TRY(sorted, take_sort(member.value, query));
    } else if (member.name == "limit" || member.name == "page") {
      HOLDFAST_TRY(number, whole_number(member, "query"));
      (member.name == "limit" ? query.limit : query.page) = number;
    } else {
      return malformed("query." + member.name + " is not known: where, sort, limit and page are");
    }
  }
  HOLDFAST_TRY(checked, check(query, model, schema));
  return query;
}

Result<Predicate> read_choice(const char* text) {
  if (!text) return Predicate{};
  HOLDFAST_TRY(json, parsed_object(text, "condition"));
  return predicate_of(json);
}

Result<SyncOptions> read_sync_options(const char* text, AuthForm& auth) {
  HOLDFAST_TRY(json, parsed_object(text, "options"));
  SyncOptions options;
  for (const auto& member : *json.as_object()) {
    HOLDFAST_TRY(taken, take_option(member, options, auth));
  }
  return options;
}

}  // namespace holdfast::capi
