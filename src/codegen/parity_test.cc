// docs/parity.md: what each directive does here, found out by running it: a schema with the directive is read, turned
// into an API and into models, and compared with the same schema without it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "api/document.h"
#include "base/json.h"
#include "codegen/introspection.h"
#include "codegen/javascript.h"
#include "graphql/printer.h"
#include "graphql/testing.h"
#include "schema/schema_reader.h"

namespace holdfast::codegen {
namespace {

constexpr const char* table_path = "docs/parity.md";

/// `without` is the same schema but for the directive.
struct Probe {
  const char* directive;
  schema::Dialect dialect;
  std::string without;
  std::string with;
};

std::vector<Probe> probes() {
  using enum schema::Dialect;
  const std::string other = " type B @model { id: ID! aId: ID }";
  const std::string root = "type A @model { id: ID! } ";
  return {
      {"@model", v2, "type N { x: Int } type Query { n: N }", "type N @model { x: Int } type Query { n: N }"},
      {"@model(queries, mutations, subscriptions, timestamps)", v2, "type A @model { id: ID! }",
       "type A @model(queries: {get: \"one\"}, mutations: {delete: null}, subscriptions: {level: off}, timestamps: null) "
       "{ id: ID! }"},
      {"@primaryKey", v2, "type A @model { id: ID! k: ID! s: Int! }",
       "type A @model { id: ID! k: ID! @primaryKey(sortKeyFields: [\"s\"]) s: Int! }"},
      {"@index", v2, "type A @model { id: ID! k: String }", "type A @model { id: ID! k: String @index(queryField: \"q\") }"},
      {"@hasOne", v2, "type A @model { id: ID! }" + other, "type A @model { id: ID! b: B @hasOne }" + other},
      {"@hasMany", v2, "type A @model { id: ID! }" + other, "type A @model { id: ID! bs: [B] @hasMany }" + other},
      {"@hasMany(references)", v2, "type A @model { id: ID! }" + other,
       "type A @model { id: ID! bs: [B] @hasMany(references: [\"aId\"]) } "
       "type B @model { id: ID! aId: ID a: A @belongsTo(references: [\"aId\"]) }"},
      {"@belongsTo", v2, "type A @model { id: ID! bs: [B] @hasMany } type B @model { id: ID! }",
       "type A @model { id: ID! bs: [B] @hasMany } type B @model { id: ID! a: A @belongsTo }"},
      {"@manyToMany", v2, "type A @model { id: ID! } type B @model { id: ID! }",
       "type A @model { id: ID! bs: [B] @manyToMany(relationName: \"AB\") } "
       "type B @model { id: ID! as: [A] @manyToMany(relationName: \"AB\") }"},
      {"@auth", v2, root, "type A @model @auth(rules: [{allow: owner}]) { id: ID! }"},
      {"@auth on a field", v2, "type A @model { id: ID! x: Int }",
       "type A @model @auth(rules: [{allow: private}]) { id: ID! x: Int @auth(rules: [{allow: owner}]) }"},
      {"@default", v2, "type A @model { id: ID! n: Int }", "type A @model { id: ID! n: Int @default(value: \"1\") }"},
      {"@validate", v2, "type A @model { id: ID! n: String }",
       "type A @model { id: ID! n: String @validate(type: minLength, value: \"2\") }"},
      {"@mapsTo", v2, root, "type A @model @mapsTo(name: \"Old\") { id: ID! }"},
      {"@refersTo", v2, root, "type A @model @refersTo(name: \"Old\") { id: ID! }"},
      {"@searchable", v2, root, "type A @model @searchable { id: ID! }"},
      {"@function", v2, root, root + "type Query { f: Int @function(name: \"f\") }"},
      {"@http", v2, root, root + "type Query { f: Int @http(url: \"https://example.com/x\") }"},
      {"@predictions", v2, root, root + "type Query { f: String @predictions(actions: [identifyText]) }"},
      {"@aws_subscribe of a model's mutations", v2, root,
       root + "type Subscription { s(x: Int): A @aws_subscribe(mutations: [\"createA\", \"updateA\"]) }"},
      {"@aws_subscribe of mutations that a function answers", v2, root + "type Mutation { m: A @function(name: \"f\") }",
       root + "type Mutation { m: A @function(name: \"f\") } type Subscription { s: A @aws_subscribe(mutations: [\"m\"]) }"},
      {"@function on a subscription", v2, root + "type Subscription { s: A @aws_subscribe(mutations: [\"createA\"]) }",
       root + "type Subscription { s: A @aws_subscribe(mutations: [\"createA\"]) @function(name: \"g\") }"},
      {"@aws_api_key and the like", v2, root + "type N { x: Int }", root + "type N @aws_api_key { x: Int }"},
      {"@deprecated", v2, "type A @model { id: ID! x: Int }", "type A @model { id: ID! x: Int @deprecated(reason: \"y\") }"},
      {"custom queries, mutations", v2, root, root + "type Query { f(x: Int): A }"},
      {"interfaces, unions, inputs", v2, root,
       root + "interface I { x: Int } type N implements I { x: Int } union U = A | N input P { x: Int } type Query { u(p: P): U }"},
      {"globalAuthRule", v2, root, root + "input AMPLIFY { globalAuthRule: AuthRule = { allow: public } }"},
      {"@key (v1)", v1, root, "type A @model @key(name: \"byX\", fields: [\"x\"], queryField: \"q\") { id: ID! x: ID! }"},
      {"@connection (v1)", v1, "type A @model { id: ID! } type B @model { id: ID! }",
       "type A @model { id: ID! bs: [B] @connection(name: \"N\") } type B @model { id: ID! a: A @connection(name: \"N\") }"},
      {"@versioned (v1)", v1, root, "type A @model @versioned { id: ID! }"},
  };
}

struct Made {
  std::string api;
  std::string models;
  std::vector<std::string> notices;
};

/// The first problem, when the schema is not read.
std::variant<Made, std::string> made(const std::string& text, schema::Dialect dialect) {
  const auto read = schema::read_schema({{"s", text}}, {.dialect = dialect});
  if (const auto* problems = std::get_if<1>(&read)) return problems->front().message;
  const auto& reading = std::get<0>(read);
  Made out;
  out.api = graphql::print(api::document(reading, {}));
  const auto clients = metadata(reading, Audience::introspection);
  if (const auto* told = std::get_if<Metadata>(&clients)) out.models = json::write(introspection(*told));
  for (const auto& file : cpp_models(reading, {})) out.models += file.text;
  for (const auto& notice : reading.notices) out.notices.push_back(notice.message);
  return out;
}

std::string row(const Probe& probe) {
  const auto with = made(probe.with, probe.dialect);
  const auto without = made(probe.without, probe.dialect);
  const auto* base = std::get_if<Made>(&without);
  EXPECT_NE(base, nullptr) << probe.directive << ": " << std::get<1>(without);
  std::string out = "| " + std::string(probe.directive) + " | ";
  if (const auto* problem = std::get_if<std::string>(&with)) return out + "no: " + *problem + " | | | |\n";
  const auto& here = std::get<Made>(with);
  if (base == nullptr) return out;
  out += "yes | ";
  out += here.api == base->api ? "the same | " : "yes | ";
  out += here.models == base->models ? "the same | " : "yes | ";
  const std::set<std::string> known(base->notices.begin(), base->notices.end());
  std::string unserved;
  for (const auto& notice : here.notices) unserved += known.contains(notice) ? "" : (unserved.empty() ? "" : " ") + notice;
  return out + (unserved.empty() ? "yes" : "**no**: " + unserved) + " |\n";
}

std::string table() {
  std::string out =
      "# What each directive does\n\n"
      "Made by `src/codegen/parity_test.cc`, which reads one schema with the directive and one without and compares what\n"
      "becomes of them; `HOLDFAST_WRITE_PARITY=1 build/dev/bin/codegen_test --gtest_filter='Parity.*'` writes it anew.\n"
      "*The same*: the directive changes nothing there, as with the published tools. *Served*: whether `holdfast serve` does\n"
      "what it says; where not, what `holdfast check` says instead.\n\n"
      "| directive | parsed | API | models | served |\n|---|---|---|---|---|\n";
  for (const auto& probe : probes()) out += row(probe);
  return out;
}

TEST(Parity, TableIsWhatTheReadersAndWritersDo) {
  const auto made_now = table();
  if (std::getenv("HOLDFAST_WRITE_PARITY") != nullptr) std::ofstream(table_path) << made_now;
  EXPECT_EQ(graphql::golden::read_text(table_path), made_now) << "regenerate it, see its first lines";
}

}  // namespace
}  // namespace holdfast::codegen
