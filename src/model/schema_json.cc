#include "model/schema_json.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/schema_check.h"

namespace holdfast {
namespace {

constexpr std::array<std::string_view, 3> kind_words{"scalar", "enum", "embedded"};
constexpr std::array<std::string_view, 3> relation_words{"belongsTo", "hasOne", "hasMany"};
constexpr std::array<std::string_view, 5> strategy_words{"owner", "groups", "private", "public", "custom"};
constexpr std::array<std::string_view, 6> provider_words{"apiKey",       "userPools", "iam",
                                                         "identityPool", "oidc",      "function"};

// --- what is in it: one description, walked by the writer and by the reader -------------------------------------
//
// Each names every member of its struct, so that one that is added does not compile until it has a place here.

template <class Thing, class Type>
concept A = std::same_as<std::remove_const_t<Thing>, Type>;

template <class Walk, A<FieldSchema> Thing>
void describe(Walk& walk, Thing& field) {
  auto& [name, kind, scalar, type_name, is_list, is_required, is_list_required, is_read_only, is_hidden, is_implied,
         description] = field;
  static_cast<void>(description);
  walk.text("name", name);
  walk.type(kind, scalar, type_name);
  walk.flag("isList", is_list);
  walk.flag("isRequired", is_required);
  walk.flag("isListRequired", is_list_required);
  walk.flag("isReadOnly", is_read_only);
  walk.flag("isHidden", is_hidden);
  walk.flag("isImplied", is_implied);
}

template <class Walk, A<RelationSchema> Thing>
void describe(Walk& walk, Thing& relation) {
  auto& [name, kind, target, keys, target_keys, is_required, description] = relation;
  static_cast<void>(description);
  walk.text("name", name);
  walk.word("kind", kind, relation_words);
  walk.text("target", target);
  walk.texts("keys", keys);
  walk.texts("targetKeys", target_keys);
  walk.flag("isRequired", is_required);
}

template <class Walk, A<IndexSchema> Thing>
void describe(Walk& walk, Thing& index) {
  auto& [name, fields, query_field, is_partition_nullable] = index;
  walk.text("name", name);
  walk.texts("fields", fields);
  walk.optional_text("queryField", query_field);
  walk.flag("isPartitionNullable", is_partition_nullable);
}

template <class Walk, A<OperationNames> Thing>
void describe(Walk& walk, Thing& names) {
  auto& [get, list, sync, create, update, remove, on_create, on_update, on_delete] = names;
  walk.text("get", get);
  walk.text("list", list);
  walk.text("sync", sync);
  walk.text("create", create);
  walk.text("update", update);
  walk.text("remove", remove);
  walk.texts("onCreate", on_create);
  walk.texts("onUpdate", on_update);
  walk.texts("onDelete", on_delete);
}

template <class Walk, A<RuleSchema> Thing>
void describe(Walk& walk, Thing& rule) {
  auto& [allow, provider, owner_field, identity_claim, group_claim, groups, operations] = rule;
  walk.word("allow", allow, strategy_words);
  walk.word("provider", provider, provider_words);
  walk.text("ownerField", owner_field);
  walk.text("identityClaim", identity_claim);
  walk.text("groupClaim", group_claim);
  walk.texts("groups", groups);
  walk.texts("operations", operations);
}

template <class Walk, A<ModelSchema> Thing>
void describe(Walk& walk, Thing& model) {
  auto& [name, plural_name, fields, relations, primary_key, has_custom_primary_key, is_join, indexes, operations,
         created_at, updated_at, rules, has_public_subscriptions, description] = model;
  static_cast<void>(description);
  walk.text("name", name);
  walk.text("pluralName", plural_name);
  walk.all("fields", fields);
  walk.all("relations", relations);
  walk.texts("primaryKey", primary_key);
  walk.flag("hasCustomPrimaryKey", has_custom_primary_key);
  walk.flag("isJoin", is_join);
  walk.all("indexes", indexes);
  walk.one("operations", operations);
  walk.text("createdAt", created_at, "createdAt");
  walk.text("updatedAt", updated_at, "updatedAt");
  walk.all("rules", rules);
  walk.flag("hasPublicSubscriptions", has_public_subscriptions);
}

template <class Walk, A<EnumSchema> Thing>
void describe(Walk& walk, Thing& type) {
  auto& [name, values, description] = type;
  static_cast<void>(description);
  walk.text("name", name);
  walk.texts("values", values);
}

template <class Walk, A<EmbeddedSchema> Thing>
void describe(Walk& walk, Thing& type) {
  auto& [name, fields, repeats, description] = type;
  static_cast<void>(description);
  walk.text("name", name);
  walk.all("fields", fields);
  walk.number("repeats", repeats);
}

template <class Walk, A<Schema> Thing>
void describe(Walk& walk, Thing& schema) {
  auto& [models, enums, embedded, version] = schema;
  walk.all("models", models);
  walk.all("enums", enums);
  walk.all("embedded", embedded);
  walk.text("version", version);
}

// --- the two walks -------------------------------------------------------------------------------------------------

class Writer {
 public:
  void text(const char* member, const std::string& value, std::string_view fallback = {}) {
    if (value != fallback) out_.append(member, value);
  }
  void optional_text(const char* member, const std::optional<std::string>& value) {
    if (value) out_.append(member, *value);
  }
  void texts(const char* member, const std::vector<std::string>& values) {
    if (!values.empty()) out_.append(member, List(values.begin(), values.end()));
  }
  void flag(const char* member, bool value) {
    if (value) out_.append(member, true);
  }
  void number(const char* member, std::size_t value) {
    if (value != 0) out_.append(member, static_cast<std::int64_t>(value));
  }
  template <class Word, std::size_t size>
  void word(const char* member, Word value, const std::array<std::string_view, size>& words) {
    out_.append(member, words.at(static_cast<std::size_t>(value)));
  }
  void type(FieldKind kind, Scalar scalar, const std::string& type_name) {
    if (kind != FieldKind::scalar) word("kind", kind, kind_words);
    out_.append("type", kind == FieldKind::scalar ? graphql_name(scalar) : std::string_view(type_name));
  }
  template <class Thing>
  void one(const char* member, const Thing& thing) {
    Writer inside;
    describe(inside, thing);
    out_.append(member, std::move(inside.out_));
  }
  template <class Thing>
  void all(const char* member, const std::vector<Thing>& things) {
    List list;
    for (const auto& thing : things) {
      Writer inside;
      describe(inside, thing);
      list.push_back(std::move(inside.out_));
    }
    if (!list.empty()) out_.append(member, std::move(list));
  }
  Object take() { return std::move(out_); }

 private:
  Object out_;
};

/// Keeps the first thing that is wrong, and reads on.
class Reader {
 public:
  Reader(const Value& json, std::string path, std::optional<Error>& failed)
      : json_(json), path_(std::move(path)), failed_(failed) {
    if (!json_.as_object()) fail(path_, "needs an object");
  }
  /// A member that nobody asked for was written by something newer, and may matter.
  void finish() {
    const auto* object = json_.as_object();
    if (!object || object->size() == taken_.size()) return;
    for (const auto& member : *object) {
      if (std::find(taken_.begin(), taken_.end(), member.name) == taken_.end()) {
        return fail(path_ + "." + member.name, "is not known here; make the file with this version of holdfast");
      }
    }
  }

  void text(const char* member, std::string& value, std::string_view fallback = {}) {
    value = fallback;
    const auto* found = take(member);
    if (!found) return;
    if (const auto* text = found->as_string())
      value = *text;
    else
      fail(path_ + "." + member, "needs a string");
  }
  void optional_text(const char* member, std::optional<std::string>& value) {
    if (json_.as_object() && json_.as_object()->find(member)) text(member, value.emplace());
  }
  void texts(const char* member, std::vector<std::string>& values) {
    each(member, [&](const Value& one, const std::string& path) {
      if (const auto* text = one.as_string())
        values.push_back(*text);
      else
        fail(path, "needs a string");
    });
  }
  void flag(const char* member, bool& value) {
    const auto* found = take(member);
    if (!found) return;
    if (const auto* flag = found->as_boolean())
      value = *flag;
    else
      fail(path_ + "." + member, "needs true or false");
  }
  void number(const char* member, std::size_t& value) {
    const auto* found = take(member);
    if (!found) return;
    const auto* number = found->as_integer();
    if (number && *number >= 0)
      value = static_cast<std::size_t>(*number);
    else
      fail(path_ + "." + member, "needs a whole number, 0 or more");
  }
  template <class Word, std::size_t size>
  void word(const char* member, Word& value, const std::array<std::string_view, size>& words) {
    std::string text;
    this->text(member, text);
    const auto* const found = std::find(words.begin(), words.end(), text);
    if (found == words.end()) return fail(path_ + "." + member, "is no word that is known here");
    value = static_cast<Word>(found - words.begin());
  }
  void type(FieldKind& kind, Scalar& scalar, std::string& type_name) {
    if (json_.as_object() && json_.as_object()->find("kind")) word("kind", kind, kind_words);
    std::string name;
    text("type", name);
    if (kind != FieldKind::scalar) return void(type_name = std::move(name));
    if (const auto known = scalar_named(name))
      scalar = *known;
    else
      fail(path_ + ".type", "is no scalar type");
  }
  template <class Thing>
  void one(const char* member, Thing& thing) {
    const auto* found = take(member);
    if (found) read(*found, path_ + "." + member, thing);
  }
  template <class Thing>
  void all(const char* member, std::vector<Thing>& things) {
    each(member, [&](const Value& one, const std::string& path) { read(one, path, things.emplace_back()); });
  }

 private:
  const Value* take(const char* member) {
    const auto* object = json_.as_object();
    const auto* found = object ? object->find(member) : nullptr;
    if (found) taken_.emplace_back(member);
    return found;
  }
  template <class F>
  void each(const char* member, F&& use) {
    const auto* found = take(member);
    if (!found) return;
    const auto* list = found->as_list();
    if (!list) return fail(path_ + "." + member, "needs a list");
    for (std::size_t at = 0; at < list->size() && !failed_; ++at) {
      use((*list)[at], path_ + "." + member + "[" + std::to_string(at) + "]");
    }
  }
  template <class Thing>
  void read(const Value& json, std::string path, Thing& thing) {
    Reader inside(json, std::move(path), failed_);
    describe(inside, thing);
    inside.finish();
  }
  void fail(const std::string& path, std::string_view what) {
    if (!failed_) failed_ = Error{Code::malformed, path + " " + std::string(what)};
  }

  const Value& json_;
  const std::string path_;
  std::optional<Error>& failed_;
  std::vector<std::string_view> taken_;
};

}  // namespace

Value to_json(const Schema& schema) {
  Writer writer;
  describe(writer, schema);
  return writer.take();
}

Result<Schema> schema_from_json(const Value& json) {
  std::optional<Error> failed;
  Schema schema;
  Reader reader(json, "schema", failed);
  describe(reader, schema);
  reader.finish();
  if (failed) return std::move(*failed);
  HOLDFAST_TRY(checked, check(schema));
  return schema;
}

}  // namespace holdfast
