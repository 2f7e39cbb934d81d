// What a change of the schema does to stored records, and to clients that are not updated.
#include "schema/compare.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "schema/place.h"
#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

Reading read(const std::string& text) {
  auto result = read_schema({{"schema.graphql", text}});
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&result)) {
    ADD_FAILURE() << problems->front().message << "\n" << text;
    return {};
  }
  return std::get<Reading>(std::move(result));
}

/// "kept|lost, work|may fail|fail: sentence", one a line.
std::string verdicts(const std::vector<Change>& changes) {
  std::string text;
  for (const auto& change : changes) {
    text += std::string(change.is_data_kept ? "kept" : "lost") + ", " + std::string(name(change.old_clients)) + ": " +
            change.sentence + "\n";
  }
  return text;
}

struct Case {
  const char* was;
  const char* is;
  const char* verdicts;
};

void expect(const std::vector<Case>& cases) {
  for (const auto& one : cases) {
    const auto changes = compare(read(one.was).schema, read(one.is).schema);
    EXPECT_EQ(verdicts(changes), one.verdicts) << one.was << "\n-> " << one.is;
    for (const auto& change : changes) {
      EXPECT_FALSE(change.reason.empty()) << change.sentence;
      EXPECT_EQ(change.remedy.empty(), change.is_data_kept) << change.sentence;
      EXPECT_EQ(change.old_clients_reason.empty(), change.old_clients == OldClients::work) << change.sentence;
    }
  }
}

/// A model with one field beside its key.
std::string post(const std::string& field) { return "type Post @model { id: ID! " + field + " } enum Mood { GOOD BAD }"; }

struct FieldCase {
  const char* was;
  const char* is;
  const char* verdicts;
};

void expect_of_fields(const std::vector<FieldCase>& cases) {
  for (const auto& one : cases) {
    const auto was = post(one.was);
    const auto is = post(one.is);
    expect({{was.c_str(), is.c_str(), one.verdicts}});
  }
}

TEST(Compare, EqualSchemasHaveNoChanges) {
  const auto schema = read("\"old words\" type Post @model { id: ID! title: String rating: Int }").schema;
  const auto again = read("\"new words\" type Post @model { rating: Int \"!\" title: String id: ID! }").schema;
  EXPECT_TRUE(compare(schema, schema).empty());
  EXPECT_TRUE(compare(schema, again).empty()) << "descriptions and order are no change";
}

TEST(Compare, ModelsComeAndGo) {
  expect({{"type Post @model { id: ID! }", "type Post @model { id: ID! } type Tag @model { id: ID! }",
           "kept, work: The model Tag is added\n"},
          {"type Post @model { id: ID! } type Tag @model { id: ID! }", "type Post @model { id: ID! }",
           "lost, fail: The model Tag is removed\n"},
          {"type Post @model { id: ID! }", "type Article @model { id: ID! }",
           "lost, fail: The model Post is removed\nkept, work: The model Article is added\n"},
          {"type Post @model { id: ID! }", "type Tag @model { id: ID! in: Post } type Post { id: ID! }",
           "lost, fail: The model Post is removed\nkept, work: The model Tag is added\n"
           "kept, work: The type Post is added\n"}});
}

TEST(Compare, FieldsComeAndGo) {
  expect_of_fields({
      {"", "title: String", "kept, work: Post.title: String is added\n"},
      {"", "title: String!", "lost, fail: Post.title: String! is added\n"},
      {"", "title: String! @default(value: \"x\")", "lost, fail: Post.title: String! is added\n"},
      {"", "tags: [String!]", "kept, work: Post.tags: [String!] is added\n"},
      {"", "tags: [String]!", "lost, fail: Post.tags: [String]! is added\n"},
      {"title: String", "", "lost, fail: Post.title is removed\n"},
      {"title: String!", "", "lost, fail: Post.title is removed\n"},
      {"title: String", "name: String", "lost, fail: Post.title is removed\nkept, work: Post.name: String is added\n"},
  });
}

TEST(Compare, AFieldsNullabilityMayOnlyLoosen) {
  expect_of_fields({
      {"title: String", "title: String!",
       "lost, may fail: Post.title is required now: String becomes String!\n"},
      {"title: String!", "title: String", "kept, may fail: Post.title may be null now: String! becomes String\n"},
      {"tags: [String]", "tags: [String!]",
       "lost, may fail: Post.tags is required now: [String] becomes [String!]\n"},
      {"tags: [String]", "tags: [String]!",
       "lost, may fail: Post.tags is required now: [String] becomes [String]!\n"},
      {"tags: [String!]!", "tags: [String]",
       "kept, may fail: Post.tags may be null now: [String!]! becomes [String]\n"},
      {"tags: [String!]", "tags: [String]!",
       "lost, may fail: Post.tags is required now: [String!] becomes [String]!\n"},
  });
}

TEST(Compare, TypesMayOnlyWiden) {
  expect_of_fields({
      {"x: Int", "x: Float", "kept, may fail: Post.x: Int becomes Float\n"},
      {"x: [Int!]", "x: [Float!]", "kept, may fail: Post.x: [Int!] becomes [Float!]\n"},
      {"x: Int", "x: AWSTimestamp", "kept, may fail: Post.x: Int becomes AWSTimestamp\n"},
      {"x: AWSTimestamp", "x: Float", "kept, may fail: Post.x: AWSTimestamp becomes Float\n"},
      {"x: ID", "x: String", "kept, work: Post.x: ID becomes String\n"},
      {"x: String", "x: ID", "kept, work: Post.x: String becomes ID\n"},
      {"x: AWSDate", "x: String", "kept, may fail: Post.x: AWSDate becomes String\n"},
      {"x: AWSJSON", "x: String", "kept, may fail: Post.x: AWSJSON becomes String\n"},
      {"x: Mood", "x: String", "kept, may fail: Post.x: Mood becomes String\n"},
      {"x: Float", "x: Int", "lost, fail: Post.x: Float becomes Int\n"},
      {"x: Int", "x: String", "lost, fail: Post.x: Int becomes String\n"},
      {"x: AWSTimestamp", "x: Int", "lost, fail: Post.x: AWSTimestamp becomes Int\n"},
      {"x: Boolean", "x: Int", "lost, fail: Post.x: Boolean becomes Int\n"},
      {"x: String", "x: AWSEmail", "lost, fail: Post.x: String becomes AWSEmail\n"},
      {"x: AWSDate", "x: AWSDateTime", "lost, fail: Post.x: AWSDate becomes AWSDateTime\n"},
      {"x: String", "x: Mood", "lost, fail: Post.x: String becomes Mood\n"},
      {"x: Mood", "x: Int", "lost, fail: Post.x: Mood becomes Int\n"},
      {"x: String", "x: [String]", "lost, fail: Post.x: String becomes [String]\n"},
      {"x: [String!]!", "x: String!", "lost, fail: Post.x: [String!]! becomes String!\n"},
      {"x: Int", "x: Float!",
       "kept, may fail: Post.x: Int becomes Float!\nlost, may fail: Post.x is required now: Int becomes Float!\n"},
  });
}

TEST(Compare, AnEnumMayBeReplacedByOneThatHasItsValues) {
  const char* was = "type Post @model { id: ID! mood: Mood } enum Mood { GOOD BAD }";
  expect({{was, "type Post @model { id: ID! mood: Feel } enum Feel { BAD GOOD }",
           "kept, work: Post.mood: Mood becomes Feel\nkept, work: The enum Mood is removed\n"
           "kept, work: The enum Feel is added\n"},
          {was, "type Post @model { id: ID! mood: Feel } enum Feel { BAD GOOD SO }",
           "kept, may fail: Post.mood: Mood becomes Feel\nkept, work: The enum Mood is removed\n"
           "kept, work: The enum Feel is added\n"},
          {was, "type Post @model { id: ID! mood: Feel } enum Feel { GOOD }",
           "lost, fail: Post.mood: Mood becomes Feel\nkept, work: The enum Mood is removed\n"
           "kept, work: The enum Feel is added\n"},
          {was, "type Post @model { id: ID! mood: Mood } type Mood { name: String }",
           "lost, fail: Post.mood: Mood becomes Mood\nkept, work: The type Mood is added\n"
           "kept, work: The enum Mood is removed\n"}});
}

TEST(Compare, EnumValuesMayOnlyBeAdded) {
  const char* was = "type Post @model { id: ID! mood: Mood } enum Mood { GOOD BAD }";
  expect({{was, "type Post @model { id: ID! mood: Mood } enum Mood { GOOD BAD SO }",
           "kept, may fail: The value SO of Mood is added\n"},
          {was, "type Post @model { id: ID! mood: Mood } enum Mood { BAD }",
           "lost, may fail: The value GOOD of Mood is removed\n"},
          {was, "type Post @model { id: ID! mood: Mood } enum Mood { BAD GOOD }", ""},
          {"type Post @model { id: ID! } enum Mood { GOOD BAD }", "type Post @model { id: ID! } enum Mood { BAD }",
           "kept, may fail: The value GOOD of Mood is removed\n"}});
}

TEST(Compare, EmbeddedTypesAreComparedFieldByFieldWhereRecordsHoldThem) {
  const char* was = "type Post @model { id: ID! at: [Place] } type Place { town: Town! } type Town { name: String! zip: String }";
  expect({{was, "type Post @model { id: ID! at: [Place] } type Place { town: Town! } type Town { name: String }",
           "kept, may fail: Town.name may be null now: String! becomes String\nlost, fail: Town.zip is removed\n"},
          {was, "type Post @model { id: ID! at: [Place] } type Place { town: Town!, street: String } "
                "type Town { name: String! zip: String! }",
           "kept, work: Place.street: String is added\n"
           "lost, may fail: Town.zip is required now: String becomes String!\n"},
          {was, "type Post @model { id: ID! at: [Spot] } type Spot { town: Town! } type Town { name: String! zip: String }",
           "lost, fail: Post.at: [Place] becomes [Spot]\nkept, work: The type Place is removed\n"
           "kept, work: The type Spot is added\n"}});
}

TEST(Compare, TypesThatNoRecordHoldsLoseNothing) {
  Schema was;
  was.embedded = {{.name = "Loose", .fields = {{.name = "a"}}}};
  Schema is;
  is.embedded = {{.name = "Loose", .fields = {{.name = "b", .is_required = true}}}};
  EXPECT_EQ(verdicts(compare(was, is)), "kept, fail: Loose.a is removed\nkept, fail: Loose.b: String! is added\n");
}

TEST(Compare, AnotherPrimaryKeyLosesRecords) {
  const char* was = "type Post @model { id: ID! slug: ID! }";
  expect({{was, "type Post @model { id: ID! slug: ID! @primaryKey }",
           "lost, fail: The primary key of Post: id becomes slug\n"},
          {"type Post @model { slug: ID! @primaryKey at: Int! }",
           "type Post @model { slug: ID! @primaryKey(sortKeyFields: [\"at\"]) at: Int! }",
           "lost, fail: The primary key of Post: slug becomes slug and at\n"},
          {was, "type Post @model { id: ID! @primaryKey slug: ID! }",
           "kept, work: The primary key of Post is declared now\n"},
          {"type Post @model { id: ID! @primaryKey slug: ID! }", was,
           "kept, may fail: The primary key of Post is declared no more\n"}});
}

TEST(Compare, IndexesTouchNoRecord) {
  const char* plain = "type Post @model { id: ID! title: String at: Int }";
  const char* indexed = "type Post @model { id: ID! title: String @index(name: \"byTitle\") at: Int }";
  expect({{plain, indexed, "kept, work: The index byTitle of Post is added\n"},
          {indexed, plain, "kept, may fail: The index byTitle of Post is removed\n"},
          {indexed, "type Post @model { id: ID! title: String @index(name: \"byTitle\", queryField: \"find\") at: Int }",
           "kept, may fail: The index byTitle of Post: title with the query postsByTitle becomes title with the query "
           "find\n"},
          {"type Post @model { id: ID! title: String @index(name: \"byTitle\", queryField: null) at: Int }", indexed,
           "kept, work: The index byTitle of Post: title becomes title with the query postsByTitle\n"},
          {indexed, "type Post @model { id: ID! title: String @index(name: \"byTitle\", queryField: \"postsByTitle\", "
                    "sortKeyFields: [\"at\"]) at: Int }",
           "kept, may fail: The index byTitle of Post: title with the query postsByTitle becomes title and at with the "
           "query postsByTitle\n"}});
}

TEST(Compare, ARelationIsAsGoodAsItsKeys) {
  const std::string user = " type User @model { id: ID! } type Team @model { id: ID! }";
  const std::string fields = "type Post @model { id: ID! userId: ID otherId: ID ";
  const auto with = [&](const std::string& relation) { return fields + relation + "}" + user; };
  const auto owner = with("owner: User @hasOne(fields: [\"userId\"])");
  const auto none = with("");
  const auto other = with("owner: User @hasOne(fields: [\"otherId\"])");
  const auto team = with("owner: Team @hasOne(fields: [\"userId\"])");
  const auto required = with("owner: User! @hasOne(fields: [\"userId\"])");
  expect({{none.c_str(), owner.c_str(), "kept, work: The relation Post.owner (@hasOne User by userId) is added\n"},
          {owner.c_str(), none.c_str(), "kept, fail: The relation Post.owner is removed\n"},
          {owner.c_str(), other.c_str(),
           "lost, may fail: The relation Post.owner: @hasOne User by userId becomes @hasOne User by otherId\n"},
          {owner.c_str(), team.c_str(),
           "lost, fail: The relation Post.owner: @hasOne User by userId becomes @hasOne Team by userId\n"},
          {owner.c_str(), required.c_str(), "lost, may fail: The relation Post.owner is required now\n"},
          {required.c_str(), owner.c_str(), "kept, may fail: The relation Post.owner may be null now\n"}});
}

TEST(Compare, GeneratedForeignKeysAreFieldsLikeOthers) {
  const char* was = "type Post @model { id: ID! notes: [Note] @hasMany } type Note @model { id: ID! }";
  expect({{was, "type Post @model { id: ID! } type Note @model { id: ID! }",
           "kept, fail: The relation Post.notes is removed\nlost, fail: Note.postNotesId is removed\n"},
          {"type Post @model { id: ID! } type Note @model { id: ID! }", was,
           "kept, work: The relation Post.notes (@hasMany [Note] by postNotesId) is added\n"
           "kept, work: Note.postNotesId: ID is added\n"},
          {"type Post @model { id: ID! one: Note @hasOne } type Note @model { id: ID! }",
           "type Post @model { id: ID! one: Note! @hasOne } type Note @model { id: ID! }",
           "lost, may fail: Post.postOneId is required now: ID becomes ID!\n"}});
}

TEST(Compare, AJoinModelIsAModel) {
  const char* was = "type Post @model { id: ID! } type Tag @model { id: ID! }";
  const char* is = "type Post @model { id: ID! tags: [Tag] @manyToMany(relationName: \"PostTags\") } "
                   "type Tag @model { id: ID! posts: [Post] @manyToMany(relationName: \"PostTags\") }";
  expect({{was, is,
           "kept, work: The relation Post.tags (@hasMany [PostTags] by postId) is added\n"
           "kept, work: The relation Tag.posts (@hasMany [PostTags] by tagId) is added\n"
           "kept, work: The model PostTags is added\n"}});
  EXPECT_EQ(verdicts(compare(read(is).schema, read(was).schema)),
            "kept, fail: The relation Post.tags is removed\nkept, fail: The relation Tag.posts is removed\n"
            "lost, fail: The model PostTags is removed\n");
}

TEST(Compare, OperationsAreOfTheApiOnly) {
  const char* was = "type Post @model { id: ID! }";
  expect({{was, "type Post @model(queries: {get: \"one\"}) { id: ID! }",
           "kept, fail: The operation getPost of Post becomes one\n"},
          {was, "type Post @model(mutations: {delete: null}) { id: ID! }",
           "kept, fail: The operation deletePost of Post is removed\n"
           "kept, fail: The operation onDeletePost of Post is removed\n"},
          {"type Post @model(subscriptions: null) { id: ID! }", "type Post @model(subscriptions: {onCreate: \"a\"}) { id: ID! }",
           "kept, work: The operation a of Post is added\n"
           "kept, work: The operation onUpdatePost of Post is added\n"
           "kept, work: The operation onDeletePost of Post is added\n"}});
}

TEST(Compare, TimestampsUnderAnotherNameLoseTheirValues) {
  expect({{"type Post @model { id: ID! }", "type Post @model(timestamps: {createdAt: \"born\"}) { id: ID! }",
           "lost, fail: Post.createdAt is removed\nkept, work: Post.born: AWSDateTime! is added\n"},
          {"type Post @model { id: ID! }", "type Post @model { id: ID! createdAt: AWSDateTime }",
           "kept, may fail: Post.createdAt may be null now: AWSDateTime! becomes AWSDateTime\n"
           "kept, work: Post.createdAt is readable and writable in the API now; it was read only\n"}});
}

std::string place(const Reading& reading, const char* type, const char* member) {
  const auto at = place_of(reading.written, type, member);
  return at ? std::to_string(at->line) + ":" + std::to_string(at->column) : "nowhere";
}

TEST(Place, IsWhereTheMemberOrElseTheTypeIsWritten) {
  const auto reading = read("enum Mood {\n  GOOD\n}\ntype Post @model {\n  id: ID!\n"
                            "  title: String @index(name: \"byTitle\")\n"
                            "  tags: [Tag] @manyToMany(relationName: \"postTags\")\n}\n"
                            "type Tag @model {\n  posts: [Post] @manyToMany(relationName: \"postTags\")\n}\n");
  EXPECT_EQ(place(reading, "Post", ""), "4:6");
  EXPECT_EQ(place(reading, "Post", "title"), "6:3");
  EXPECT_EQ(place(reading, "Post", "byTitle"), "6:17");
  EXPECT_EQ(place(reading, "Post", "createdAt"), "4:6");
  EXPECT_EQ(place(reading, "Mood", "GOOD"), "2:3");
  EXPECT_EQ(place(reading, "PostTags", "postId"), "7:15");
  EXPECT_EQ(place(reading, "Nothing", ""), "nowhere");
}

}  // namespace
}  // namespace holdfast::schema
