// Schemas that are wrong: where, why, and what to do.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "graphql/testing.h"
#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

std::vector<graphql::Diagnostic> problems(const std::vector<graphql::Source>& sources,
                                          const ReadOptions& options = {}) {
  auto result = read_schema(sources, options);
  const auto* found = std::get_if<1>(&result);
  return found == nullptr ? std::vector<graphql::Diagnostic>{} : *found;
}

std::string rendered(const std::string& text, const ReadOptions& options = {}) {
  std::string all;
  for (const auto& problem : problems({{"s", text}}, options)) {
    all += std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column) + " " + problem.message + " | " +
           problem.remedy + "\n";
  }
  return all;
}

TEST(SchemaProblems, ShowTheLineAndTheRemedy) {
  const std::vector<graphql::Source> sources = {{"blog.graphql", "type Post @model {\n  id: ID!\n  rating: Imt!\n}\n"}};
  const auto found = problems(sources);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(graphql::render(found[0], sources),
            "blog.graphql:3:11: error: Unknown type \"Imt\".\n"
            "    rating: Imt!\n"
            "            ^\n"
            "  hint: Did you mean \"Int\"?\n");
}

TEST(SchemaProblems, AreCollectedInOneRunInSourceOrder) {
  const auto found = problems({{"a", "type A @model {\n  x: Strin\n  y: Int\n  y: Int\n}\ntype A { z: Int }"},
                               {"b", "type B @modell { id: ID! }"}});
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].message, "Unknown type \"Strin\".");
  EXPECT_EQ(found[1].message, "Field \"A.y\" can only be defined once.");
  EXPECT_EQ(found[1].at, (graphql::Location{4, 3, 0}));
  EXPECT_EQ(found[2].message, "There can be only one type named \"A\".");
  EXPECT_EQ(found[3].message, "Unknown directive \"@modell\".");
  EXPECT_EQ(found[3].at, (graphql::Location{1, 8, 1}));
  EXPECT_EQ(found[3].remedy, "Did you mean \"@model\"?");
}

TEST(SchemaProblems, OfSyntaxAreReportedForEverySource) {
  const auto found = problems({{"a", "type A {"}, {"b", "type B @model { id: ID! }"}, {"c", "enum E { }"}});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].message, "Syntax Error: Expected Name, found <EOF>.");
  EXPECT_EQ(found[1].at, (graphql::Location{1, 10, 2}));
}

struct Wrong {
  const char* schema;
  const char* problem;  ///< As rendered() writes it.
};

// What is wrong, where, and what to do.
const std::vector<Wrong> wrong_schemas = {
    {"type A @model { b: B }\nscalar B",
     "1:20 Unknown scalar \"B\": records hold only the scalars of AppSync. | Use String, or AWSJSON for structured "
     "content.\n"},
    {"type A @model", "1:6 Type A must define one or more fields. | Add a field, such as `id: ID!`.\n"},
    {"type A @model { id: ID! bs: [B] @hasMany } type B { x: Int }",
     "1:33 Object type B must be annotated with @model. | Add @model to B, or remove @hasMany to store it inside the "
     "record.\n"},
    {"type A @model { id: ID! bs: [Int] @hasMany }",
     "1:35 Object type Int must be annotated with @model. | Relate to a model, or remove @hasMany.\n"},
    {"type A @model { k: String @primaryKey }",
     "1:27 The primary key on type 'A' must reference non-null fields. | Write ! behind the types of k.\n"},
    {"type A @model { id: ID! b: B @belongsTo } type B @model { id: ID! }",
     "1:30 B must have a relationship with A in order to use @belongsTo. | Add a field with @hasMany or @hasOne to "
     "B, or write @hasOne here.\n"},
    {"type A @model { id: ID! bs: [B] @connection(name: \"X\") } type B @model { id: ID! }",
     "1:33 Found one half of connection \"X\" at A.bs but no related field on type B | Add a field of type A with "
     "@connection(name: "
     "\"X\") to B, or leave the name out.\n"},
    {"type A @model { id: ID! bs: [B] @connection(keyName: \"byA\", fields: [\"id\"]) } type B @model { id: ID! aID: "
     "ID }",
     "1:33 Key byA does not exist for model B | Add @key(name: \"byA\", fields: [...]) to B.\n"},
    {"type A @model { id: ID! bs: [B] @hasMany(indexName: \"byA\", fields: [\"id\"]) } type B @model { id: ID! aID: "
     "ID }",
     "1:33 Index byA does not exist for model B | Add @index(name: \"byA\") to the foreign key field of B.\n"},
    {"type A @model { id: ID! b: B @hasMany } type B @model { id: ID! }",
     "1:30 @hasMany must be used with a list. Use @hasOne for non-list types. | Write the type as [B].\n"},
    {"type A @model { id: ID! _version: Int }",
     "1:25 Field \"_version\" is added to every model by the service. | Remove it.\n"},
    {"extend type A { x: Int }",
     "1:13 Cannot extend type \"A\" because it is not defined. | Define the type, or leave out the word extend.\n"},
    {"type A @model { id: ID! e: E } type E { e: E! }",
     "1:41 Type \"E\" can never be written: its non-null fields need each other without end. | Write `e: E`, without "
     "!, or make it a list.\n"},
    {"type A @model { id: ID! e: E } type E { a: A }",
     "1:41 Field \"E.a\" refers to the model \"A\", but E is stored inside records. | Store the model's id as `ID`, "
     "or add @model to E.\n"},
    {"type A @model { id: ID! e: [[Int]] }",
     "1:28 Field \"e\" is a list of lists, which records cannot hold. | Use AWSJSON, or a list of an object type.\n"},
    {"type A @model { id: ID! i: I } input I { x: Int }",
     "1:28 The type of a field must be an output type, but \"I\" is an input. | Define it with the word type.\n"},
    {"enum E type A @model { id: ID! e: E }",
     "1:6 Enum type E must define one or more values. | Add a value, or remove the enum.\n"},
    {"type A @model(queries: 1) { id: ID! }",
     "1:24 Expected value of type \"ModelQueryMap\", found 1. | Write it as { ... } or null.\n"},
    {"type A @model(queries: {get: \"1x\"}) { id: ID! }",
     "1:30 A name in @model must be a string that GraphQL takes as a name. | Use letters, digits and _.\n"},
    {"type A @model { id: ID! k: ID @index(name: 1) }",
     "1:44 String cannot represent a non string value: 1 | Write it in quotes.\n"},
    {"type A @model { id: ID! b: B @hasOne(fields: [1]) } type B @model { id: ID! }", nullptr},
    {"type A @model { id: ID! k: ID @index(name: \"byK\", queryField: \"1k\") }",
     "1:31 The queryField of index 'byK' is no name that GraphQL takes. | Use letters, digits and _.\n"},
    {"type A @model @model { id: ID! }",
     "1:15 The directive \"@model\" can only be used once at this location. | Remove one of the two.\n"},
    {"type ID @model { id: Int }", "1:6 \"ID\" is a built-in scalar and cannot be defined again. | Rename the type.\n"},
    {"type A @model { id: ID! as: [A] @manyToMany(relationName: \"AA\") bs: [A] @manyToMany(relationName: \"AA\") }",
     "1:73 @manyToMany relation 'AA' relates A to itself. | Write a model between, with two @belongsTo.\n"},
};

// Every list has arguments of its own, and a key's fields become further ones.
const std::vector<Wrong> doubled_arguments = {
    {"type A @model { limit: ID! @primaryKey }",
     "1:17 Query.listAS would have two arguments \"limit\": every list has one, and the key of A gives it another. | "
     "Rename the field \"limit\", or leave the query out: @model(queries: { list: null }).\n"},
    {"type A @model { id: ID! @primaryKey(sortKeyFields: [\"next\", \"token\"]) next: ID! token: ID! }",
     "1:71 Query.listAS would have two arguments \"nextToken\": every list has one, and the key of A gives it another. | "
     "Rename the field \"next\", or leave the query out: @model(queries: { list: null }).\n"},
    {"type A @model @key(fields: [\"filter\"]) { filter: ID! }",
     "1:42 Query.listAs would have two arguments \"filter\": every list has one, and the key of A gives it another. | "
     "Rename the field \"filter\", or leave the query out: @model(queries: { list: null }).\n"},
    {"type A @model { id: ID! sortDirection: ID @index(name: \"byIt\", queryField: \"q\") }",
     "1:25 Query.q would have two arguments \"sortDirection\": every list has one, and the key of A gives it another. | "
     "Rename the field \"sortDirection\", or leave the query out: queryField: null.\n"},
    {"type A @model { id: ID! bs: [B] @hasMany(indexName: \"byA\", fields: [\"id\"]) }\n"
     "type B @model { id: ID! a: ID @index(name: \"byA\", sortKeyFields: [\"limit\"], queryField: null) limit: Int }",
     "2:95 A.bs would have two arguments \"limit\": every list has one, and the key of B gives it another. | "
     "Rename the field \"limit\", or relate by a key that does not sort by it.\n"},
    {"type A @model(queries: { list: null }) { limit: ID! @primaryKey filter: ID @index(name: \"byF\", queryField: null) }", ""},
    {"type A @model { id: ID! limit: Int filter: Int nextToken: Int sortDirection: Int }", ""},
};
TEST(SchemaProblems, ArgumentsThatALookupWouldHaveTwiceAreSaidAtTheirField) {
  for (const auto& one : doubled_arguments) EXPECT_EQ(rendered(one.schema), one.problem) << one.schema;
}

TEST(SchemaProblems, NamePlaceReasonAndRemedy) {
  for (const auto& one : wrong_schemas) {
    const auto found = rendered(one.schema);
    if (one.problem == nullptr) {
      EXPECT_NE(found, "") << one.schema;
    } else {
      EXPECT_EQ(found, one.problem) << one.schema;
    }
  }
}

TEST(SchemaProblems, AreFoundWithoutHarmInEveryDamagedSchema) {
  for (const auto& folder : std::filesystem::directory_iterator(graphql::golden::recorded() / "transformer")) {
    if (!folder.is_directory()) continue;
    const auto whole = graphql::golden::read_text(folder.path() / "schema.graphql");
    for (std::size_t at = 0; at < whole.size(); at += 29) {
      rendered(whole.substr(0, at) + "}");
      rendered(whole.substr(0, at) + whole.substr(std::min(at + 5, whole.size())));
    }
  }
}

TEST(SchemaProblems, SayHowToSettleOnOneDialect) {
  const auto found = rendered(R"(type A @model { id: ID! bs: [B] @hasMany }
type B @model @key(name: "byA", fields: ["aID"]) { id: ID! aID: ID })");
  EXPECT_EQ(
      found,
      "2:15 @key cannot be mixed with @hasMany: one belongs to the older dialect, the other to the current one. | "
      "Write the relations and keys of the whole schema either with @hasOne, @hasMany, @belongsTo, @manyToMany, "
      "@primaryKey and @index, or with @connection and @key.\n");
}

/// The modes of a recorded case: `auth` of it, the default one first.
std::vector<AuthMode> modes_of(const Value& recorded) {
  std::vector<AuthMode> modes;
  for (const auto& text : *recorded["auth"].as_list()) {
    for (int at = 0; at <= static_cast<int>(AuthMode::lambda); ++at) {
      if (word(static_cast<AuthMode>(at)) == *text.as_string()) modes.push_back(static_cast<AuthMode>(at));
    }
  }
  return modes;
}

// What the published transformer rejects is rejected here, with its message where that is sensible.
TEST(SchemaProblems, AreThoseOfThePublishedTransformer) {
  const auto cases = graphql::golden::read_json(graphql::golden::recorded() / "transformer/errors.json");
  for (const auto& one : *cases.as_list()) {
    const auto name = graphql::golden::text_at(one, "name");
    const auto found =
        rendered(graphql::golden::text_at(one, "schema"), {.dialect = Dialect::v2, .modes = modes_of(one)});
    auto expected = graphql::golden::text_at(one["error"], "message");
    const std::string heading = "Schema validation failed.\n\n";
    if (expected.starts_with(heading)) expected.erase(0, heading.size());
    expected = expected.substr(0, expected.find('\n'));
    // The alphabet of the published text is written with long dashes; places and links are said in other ways.
    for (const char* end : {" Only A", " See https", " Visit https"}) expected = expected.substr(0, expected.find(end));
    const auto place = expected.find(" at location 23");
    if (place != std::string::npos) expected.erase(place, std::string_view(" at location 23").size());
    EXPECT_NE(found.find(expected), std::string::npos) << name << "\n" << expected << "\n" << found;
  }
}

TEST(SchemaProblems, AreNotFoundWhereThePublishedTransformerAccepts) {
  const auto cases = graphql::golden::read_json(graphql::golden::recorded() / "transformer/accepted.json");
  for (const auto& one : *cases.as_list()) {
    EXPECT_EQ(rendered(graphql::golden::text_at(one, "schema")), "") << graphql::golden::text_at(one, "name");
  }
}

std::string many(std::size_t count, const std::function<std::string(std::string)>& part) {
  std::string text;
  for (std::size_t number = 0; number < count; ++number) text += part(std::to_string(number));
  return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

TEST(SchemaProblems, AreWhatIsLargerThanAnyServiceTakes) {
  const auto fields = many(2001, [](auto number) { return " f" + number + ": Int"; });
  EXPECT_EQ(first_line(rendered("type M @model {" + fields + " }")).substr(7),
            " Type \"M\" has more than 2000 members. | Move some of them to a type of their own.");
  const auto keys = many(501, [](auto number) { return " @key(name: \"k" + number + "\", fields: [\"id\"])"; });
  EXPECT_NE(rendered("type M @model" + keys + " { id: ID! }").find("More than 500 directives in one place."), std::string::npos);
  const auto groups = many(2001, [](auto number) { return "\"g" + number + "\" "; });
  EXPECT_EQ(rendered("type M @model @auth(rules: [{allow: groups, groups: [" + groups + "]}]) { id: ID! }"),
            "1:15 @auth takes more than 2000 values. | Say it with fewer; groups, for example, can be kept in a field "
            "(groupsField).\n");
}

TEST(SchemaProblems, AreTypesThatNestTooDeeply) {
  const auto chain = many(300, [](auto number) {
    return "type T" + number + " { t: T" + std::to_string(std::stoi(number) + 1) + " }\n";
  });
  const auto found = rendered("type M @model { t: T0 }\n" + chain + "type T300 { a: Int }");
  EXPECT_NE(found.find("Types nest deeper than 200 levels."), std::string::npos) << found;
}

TEST(SchemaProblems, AreTypesThatHoldMoreThanADeviceSelects) {
  const std::string problem =
      "1:6 Records of \"M\" hold types within types: more than 10000 fields, or 40 levels. | Make one of these types a "
      "model, or use AWSJSON.\n";
  const auto doubled = many(14, [](auto number) {
    const auto next = "T" + std::to_string(std::stoi(number) + 1);
    return "type T" + number + " { a: " + next + " b: " + next + " }\n";
  });
  EXPECT_EQ(rendered("type M @model { t: T0 }\n" + doubled + "type T14 { a: Int }"), problem);
  const auto chain = many(40, [](auto number) {
    return "type T" + number + " { t: T" + std::to_string(std::stoi(number) + 1) + " }\n";
  });
  EXPECT_EQ(rendered("type M @model { t: T0 }\n" + chain + "type T40 { a: Int }"), problem);
  EXPECT_EQ(rendered("type M @model { t: T1 }\n" + chain + "type T40 { a: Int }"), "");
}

/// Problems or notices of a schema, the dialect left open.
std::string said_of(const std::string& text) {
  auto read = read_schema({{"s", text}}, {});
  const auto* wrong = std::get_if<1>(&read);
  std::string all;
  for (const auto& one : wrong != nullptr ? *wrong : std::get<0>(read).notices) all += one.message + " | " + one.remedy + "\n";
  return all;
}

// What no row of testdata/transformer says: remedies of mixed dialects, bounds, and answers of models.
TEST(SchemaProblems, SayWhatToDoInRarerPlaces) {
  const std::vector<std::pair<std::string, std::string>> rarer = {
      {"type A @model @key(name: \"k\", fields: [\"x\"]) { id: ID! x: ID b: B @hasOne } type B @model { id: ID! }",
       "current dialect, the other to the older one. | Write @connection and @key here too, or replace them in the whole "
       "schema by @hasMany, @belongsTo, @hasOne, @primaryKey and @index."},
      {"type A @model @key(name: \"k\", fields: [\"x\"]) { id: ID! x: ID @default(value: \"1\") }",
       "Remove it, or write the whole schema in the current dialect."},
      {"type A @model { id: ID! b: B @hasOne } type B @model @versioned { id: ID! }", "Remove it: every model is versioned."},
      {"type A @model { id: ID! b: B @connection } type B @model @key(fields: [\"p\", \"q\"]) { p: ID! q: ID! }",
       "@connection on A.b keeps one ID, by which no B is found: its key is p and q. | Write the key fields yourself, and "
       "@connection(fields: [...])."},
      {"type A @model { id: ID! } type Query { q: String @generation(aiModel: \"m\", systemPrompt: \"s\", "
       "inferenceConfiguration: {temperature: 2}) }",
       "valid range: Minimum value of 0. Maximum value of 1. Provided: 2"},
      {"type A @model @auth(rules: [{allow: owner}]) { id: ID! owner: String }",
       "To forbid it, write @auth on the field itself, without update."},
      {"type M @model { t: T0 }\n" + many(300, [](auto number) {
         return "type T" + number + " { t: T" + std::to_string(std::stoi(number) + 1) + " }\n";
       }) + "type T300 { a: Int }",
       "Make one of them a model, or use AWSJSON."},
      {"type M @model" + many(501, [](auto number) { return " @key(name: \"k" + number + "\", fields: [\"id\"])"; }) +
           " { id: ID! }",
       "Remove some of them."},
      {"type M @model { id: ID! } type Query {" + many(2001, [](auto number) { return " q" + number + ": Int"; }) + " }",
       "Serve a part of them from an API of their own."},
      {"type A @model { a: ID! @primaryKey(sortKeyFields: [\"n\"]) n: N! } type N { x: Int }",
       "The primary key's sort key on type 'A.n' cannot be a non-scalar."},
      {"type A @model { id: ID! } type Query { q: String @generation(aiModel: \"m\", systemPrompt: \"s\", "
       "inferenceConfiguration: {temperature: true}) }",
       "Write it as a value of Float."},
      {graphql::golden::read_text("src/codegen/testdata/published/conversation/schema.graphql"),
       "@conversation is not called: the field stands in the API, but asking for it gives an error."},
      {"type A @model { id: ID! b: [B] @hasMany(limit: 1.5) } type B @model { id: ID! }", "Write a whole number"},
  };
  for (const auto& [schema, expected] : rarer) {
    const auto said = said_of(schema);
    EXPECT_NE(said.find(expected), std::string::npos) << schema.substr(0, 200) << "\n" << said.substr(0, 600);
  }
}

TEST(SchemaProblems, OfManyUnknownTypesTheFirstHundredAreTold) {
  const auto fields = many(150, [](auto number) { return " f" + number + ": Strin"; });
  const auto found = problems({{"s", "type M @model {" + fields + " }"}});
  EXPECT_EQ(found.size(), 100u);
  EXPECT_EQ(found.front().remedy, "Did you mean \"String\"?");
}

}  // namespace
}  // namespace holdfast::schema
