// An annotated schema drawn from a fuzzer's bytes: every directive of the dialect, in places and with arguments that
// are right more often than not.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "fuzz/draw.h"

namespace holdfast::fuzz {

class DrawnSchema {
 public:
  DrawnSchema(const std::uint8_t* bytes, std::size_t size) : draw_(bytes, size) {}

  std::string text() {
    is_v1_ = draw_.one_in(4);
    std::string out;
    for (std::size_t left = 1 + draw_.below(5); left > 0; --left) out += object(type_name(), true);
    for (std::size_t left = draw_.below(6); left > 0; --left) out += other();
    return out;
  }

 private:
  template <std::size_t Count>
  std::string of(const std::array<const char*, Count>& all) {
    return all[draw_.below(Count)];
  }
  std::string type_name() { return of(std::array{"Post", "Note", "Tag", "User", "Posts", "blog_post", "HTTPLog"}); }
  std::string plain_name() { return of(std::array{"Place", "Town", "Mood", "Pet", "Named", "Wish", "Post"}); }
  std::string field_name() { return of(std::array{"id", "a", "b", "c", "d", "postId", "owner", "createdAt", "notes", "Up"}); }
  std::string scalar() {
    return of(std::array{"ID", "String", "Int", "Float", "Boolean", "AWSDate", "AWSDateTime", "AWSTimestamp", "AWSJSON",
                         "AWSEmail", "AWSPhone", "AWSURL", "AWSTime", "AWSIPAddress"});
  }
  std::string some_type() {
    const auto kind = draw_.below(8);
    return kind == 0 ? plain_name() : kind == 1 ? type_name() : kind == 2 ? "Mood" : scalar();
  }
  std::string wrapped(const std::string& type) {
    switch (draw_.below(8)) {
      case 0: return "[" + type + "]";
      case 1: return "[" + type + "!]";
      case 2: return "[" + type + "!]!";
      case 3: return type + "!";
      case 4: return type + "!";
      case 5: return draw_.one_in(8) ? "[[" + type + "]]" : type;
      default: return type;
    }
  }

  std::string quoted(const std::string& text) { return '"' + text + '"'; }
  std::string field_list() {
    std::string out = "[";
    for (std::size_t left = draw_.below(4); left > 0; --left) out += quoted(field_name()) + " ";
    return out + "]";
  }
  /// `(name: value …)` of some of the parts; nothing when none is taken.
  std::string arguments(std::initializer_list<std::string> parts) {
    std::string out;
    for (const auto& part : parts) {
      if (!draw_.one_in(3)) out += part + " ";
    }
    return out.empty() ? out : "(" + out + ")";
  }
  std::string name_or_null() { return draw_.one_in(4) ? "null" : quoted(of(std::array{"one", "two", "", "by name", "x_y", "getPost"})); }

  std::string rule() {
    std::string out = "{allow: " + of(std::array{"owner", "groups", "private", "public", "custom", "nobody"});
    if (draw_.one_in(2)) out += " provider: " + of(std::array{"apiKey", "userPools", "iam", "identityPool", "oidc", "function"});
    if (draw_.one_in(3)) out += " operations: " + of(std::array{"[]", "[read]", "[create, update]", "[delete]", "[get, list, sync, listen]", "read", "[all]"});
    if (draw_.one_in(3)) out += " ownerField: " + quoted(field_name());
    if (draw_.one_in(4)) out += " identityClaim: " + name_or_null();
    if (draw_.one_in(4)) out += " groups: " + of(std::array{"[\"A\"]", "[\"A\", \"B\"]", "\"A\"", "[]"});
    if (draw_.one_in(4)) out += " groupsField: " + quoted(field_name());
    if (draw_.one_in(5)) out += " groupClaim: \"custom\"";
    return out + "}";
  }
  std::string auth() {
    std::string out = "@auth(rules: [";
    for (std::size_t left = draw_.below(4); left > 0; --left) out += rule();
    return out + "])";
  }
  std::string operations(std::initializer_list<const char*> names) {
    if (draw_.one_in(4)) return "null";
    std::string out = "{";
    for (const auto* name : names) {
      if (draw_.one_in(2)) out += std::string(name) + ": " + name_or_null() + " ";
    }
    return out + "}";
  }
  std::string model() {
    const std::string level = draw_.one_in(5) ? "{level: " + of(std::array{"off", "public", "on", "none"}) + "}"
                                              : operations({"onCreate", "onUpdate", "onDelete"});
    return "@model" + arguments({"queries: " + operations({"get", "list"}),
                                 "mutations: " + operations({"create", "update", "delete"}), "subscriptions: " + level,
                                 "timestamps: " + operations({"createdAt", "updatedAt"})});
  }
  std::string key() {
    std::string out = "@key(fields: [" + quoted(field_name()) + (draw_.one_in(2) ? " " + quoted(field_name()) : "") + "]";
    if (draw_.one_in(2)) out += " name: " + name_or_null();
    if (draw_.one_in(2)) out += " queryField: " + name_or_null();
    return out + ")";
  }
  std::string of_type(bool is_model) {
    std::string out = is_model && !draw_.one_in(12) ? model() : "";
    if (is_v1_ && draw_.one_in(2)) out += " " + key();
    if (is_v1_ && draw_.one_in(4)) out += " @versioned";
    if (draw_.one_in(3)) out += " " + auth();
    if (draw_.one_in(8)) out += " @mapsTo(name: " + quoted(type_name()) + ")";
    if (draw_.one_in(8)) out += " @refersTo(name: " + quoted(type_name()) + ")";
    if (draw_.one_in(10)) out += " @searchable" + arguments({"queries: " + operations({"search"})});
    if (draw_.one_in(10)) out += " @aws_api_key @aws_cognito_user_pools" + arguments({"cognito_groups: [\"A\"]"});
    return out;
  }

  std::string relation() {
    if (is_v1_) {
      return "@connection" + arguments({"name: " + name_or_null(), "fields: " + field_list(), "keyName: " + name_or_null(),
                                        "limit: 5", "keyField: " + quoted(field_name())});
    }
    const auto some = arguments({"fields: " + field_list(), "references: " + field_list(), "indexName: " + name_or_null()});
    switch (draw_.below(8)) {
      case 0: return "@manyToMany(relationName: " + name_or_null() + ")";
      case 1: return "@hasOne" + some;
      case 2: return "@belongsTo" + some;
      case 3: return "@hasMany" + some;
      case 4: return "@hasOne";
      case 5: return "@belongsTo";
      case 6: return "@manyToMany(relationName: \"Links\")";
      default: return "@hasMany";
    }
  }
  std::string of_field() {
    switch (draw_.below(18)) {
      case 0: return "@primaryKey" + arguments({"sortKeyFields: " + field_list()});
      case 1: return "@index" + arguments({"name: " + name_or_null(), "sortKeyFields: " + field_list(), "queryField: " + name_or_null()});
      case 2: return "@default(value: " + quoted(of(std::array{"1", "x", "true", "GOOD", "", "2020-01-01", "1.5e400"})) + ")";
      case 3: return auth();
      case 4: return "@validate(type: " + of(std::array{"minLength", "gt", "matches", "none"}) + " value: " + quoted(of(std::array{"1", "[a", "-3"})) + ")";
      case 5: return "@refersTo(name: " + quoted(field_name()) + ")";
      case 6: return "@function(name: \"f-${env}\")" + std::string(draw_.one_in(2) ? " @function(name: \"g\")" : "");
      case 7: return "@http(url: \"https://example.com/:id\")";
      case 8: return "@predictions(actions: [identifyText])";
      case 9: return "@deprecated(reason: \"old\")";
      case 10: return "@aws_subscribe(mutations: [\"createPost\"])";
      case 11: return relation();
      default: return {};
    }
  }
  std::string field() {
    const auto name = field_name();
    if (draw_.one_in(4)) {
      const bool is_many = draw_.one_in(2);
      const auto target = type_name();
      return "  " + name + ": " + (is_many ? "[" + target + "]" : target) + " " + relation() + "\n";
    }
    return "  " + name + (draw_.one_in(16) ? "(x: Int = 3)" : "") + ": " + wrapped(some_type()) + " " + of_field() + "\n";
  }
  std::string fields() {
    std::string out = "{\n";
    if (!draw_.one_in(4)) out += "  id: ID!" + std::string(draw_.one_in(6) ? " @primaryKey" : "") + "\n";
    for (std::size_t left = draw_.below(7); left > 0; --left) out += field();
    return out + "}\n";
  }
  std::string object(const std::string& name, bool is_model) {
    return std::string(draw_.one_in(8) ? "extend " : "") + "type " + name + (draw_.one_in(8) ? " implements Named " : " ") +
           of_type(is_model) + " " + fields();
  }
  std::string other() {
    switch (draw_.below(9)) {
      case 0: return "enum Mood { GOOD BAD" + std::string(draw_.one_in(3) ? " good" : "") + " }\n";
      case 1: return "union Pet = " + type_name() + " | Place\n";
      case 2: return "interface Named " + fields();
      case 3: return "input Wish { a: " + wrapped(scalar()) + " b: Wish }\n";
      case 4: return "type Query " + fields();
      case 5: return "type Mutation { " + field_name() + "(input: Wish): " + plain_name() + " " + of_field() + " }\n";
      case 6: return "type Subscription { heard: " + type_name() + " @aws_subscribe(mutations: [\"createPost\"]) }\n";
      case 7: return "input AMPLIFY { globalAuthRule: AuthRule = {allow: public} }\n";
      default: return object(plain_name(), false);
    }
  }

  Draw draw_;
  bool is_v1_ = false;
};

}  // namespace holdfast::fuzz
