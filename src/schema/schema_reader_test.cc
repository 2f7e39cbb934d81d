#include "schema/schema_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/json.h"
#include "graphql/testing.h"

namespace holdfast::schema {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Texts = std::vector<std::string>;

Reading read(const std::vector<graphql::Source>& sources) {
  auto result = read_schema(sources);
  if (const auto* problems = std::get_if<1>(&result)) {
    for (const auto& problem : *problems) ADD_FAILURE() << graphql::render(problem, sources);
    return {};
  }
  return std::get<Reading>(std::move(result));
}

Schema read_text(const std::string& text) { return read({{"schema.graphql", text}}).schema; }

const ModelSchema& model(const Schema& schema, std::string_view name) {
  static const ModelSchema none;
  const auto* found = schema.model(name);
  if (found == nullptr) ADD_FAILURE() << "no model " << name;
  return found == nullptr ? none : *found;
}

Texts field_names(const ModelSchema& model) {
  Texts names;
  for (const auto& field : model.fields) names.push_back(field.name);
  return names;
}

FieldSchema field(const ModelSchema& model, std::string_view name) {
  const auto* found = model.field(name);
  if (found == nullptr) ADD_FAILURE() << "no field " << name;
  return found == nullptr ? FieldSchema{} : *found;
}

/// "belongs_to Post (commentPostId) = (id)".
std::string text_of(const RelationSchema& relation) {
  static constexpr std::array<const char*, 3> words = {"belongs_to ", "has_one ", "has_many "};
  const auto joined = [](const Texts& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
    return "(" + text + ")";
  };
  return words.at(static_cast<std::size_t>(relation.kind)) + relation.target + " " + joined(relation.keys) + " = " +
         joined(relation.target_keys) + (relation.is_required ? " required" : "");
}

std::string relation(const Schema& schema, std::string_view model_name, std::string_view name) {
  const auto* found = model(schema, model_name).relation(name);
  return found == nullptr ? "none" : text_of(*found);
}

// --- the schemas of the main job -----------------------------------------------------------------------------

TEST(SchemaReader, ReadsAModelWithAnEnum) {
  const auto schema = read_text(R"(
enum PostStatus { ACTIVE INACTIVE }
"An article."
type Post @model {
  id: ID!
  title: String!
  rating: Int
  "Where it stands."
  status: PostStatus!
  tags: [String!]
})");
  ASSERT_EQ(schema.models.size(), 1u);
  const auto& post = schema.models.front();
  EXPECT_EQ(post.plural_name, "Posts");
  EXPECT_EQ(post.description, "An article.");
  EXPECT_THAT(field_names(post), ElementsAre("id", "title", "rating", "status", "tags", "createdAt", "updatedAt"));
  EXPECT_EQ(field(post, "title"), (FieldSchema{.name = "title", .is_required = true}));
  EXPECT_EQ(field(post, "status"), (FieldSchema{.name = "status",
                                                .kind = FieldKind::enumeration,
                                                .type_name = "PostStatus",
                                                .is_required = true,
                                                .description = "Where it stands."}));
  EXPECT_EQ(field(post, "tags"), (FieldSchema{.name = "tags", .is_list = true, .is_required = true}));
  EXPECT_EQ(field(post, "createdAt"), (FieldSchema{.name = "createdAt",
                                                   .scalar = Scalar::aws_date_time,
                                                   .is_required = true,
                                                   .is_read_only = true,
                                                   .is_implied = true}));
  EXPECT_THAT(post.primary_key, ElementsAre("id"));
  EXPECT_FALSE(post.has_custom_primary_key);
  EXPECT_THAT(schema.enums.at(0).values, ElementsAre("ACTIVE", "INACTIVE"));
  EXPECT_EQ(post.operations.sync, "syncPosts");
  EXPECT_EQ(post.operations.remove, "deletePost");
  EXPECT_THAT(post.operations.on_delete, ElementsAre("onDeletePost"));
}

TEST(SchemaReader, ReadsConnectionsByName) {
  const auto schema = read_text(R"(
type Post @model { id: ID! title: String! comments: [Comment] @connection(name: "PostComments") }
type Comment @model { id: ID! content: String! post: Post @connection(name: "PostComments") })");
  EXPECT_EQ(relation(schema, "Post", "comments"), "has_many Comment (id) = (commentPostId)");
  EXPECT_EQ(relation(schema, "Comment", "post"), "belongs_to Post (commentPostId) = (id)");
  const auto& comment = model(schema, "Comment");
  EXPECT_THAT(field_names(comment), ElementsAre("id", "content", "commentPostId", "createdAt", "updatedAt"));
  EXPECT_EQ(field(comment, "commentPostId"),
            (FieldSchema{.name = "commentPostId", .scalar = Scalar::id, .is_hidden = true, .is_implied = true}));
}

TEST(SchemaReader, ReadsAJoinModelOfConnectionsByFieldsAndKeys) {
  const auto schema = read_text(R"(
type Post @model { id: ID! title: String! editors: [PostEditor] @connection(keyName: "byPost", fields: ["id"]) }
type PostEditor @model(queries: null)
  @key(name: "byPost", fields: ["postID", "editorID"])
  @key(name: "byEditor", fields: ["editorID", "postID"], queryField: "postsOfEditor") {
  id: ID!
  postID: ID!
  editorID: ID!
  post: Post! @connection(fields: ["postID"])
  editor: User! @connection(fields: ["editorID"])
}
type User @model { id: ID! username: String! posts: [PostEditor] @connection(keyName: "byEditor", fields: ["id"]) })");
  EXPECT_EQ(relation(schema, "Post", "editors"), "has_many PostEditor (id) = (postID)");
  EXPECT_EQ(relation(schema, "User", "posts"), "has_many PostEditor (id) = (editorID)");
  EXPECT_EQ(relation(schema, "PostEditor", "post"), "belongs_to Post (postID) = (id) required");
  EXPECT_EQ(relation(schema, "PostEditor", "editor"), "belongs_to User (editorID) = (id) required");
  const auto& join = model(schema, "PostEditor");
  EXPECT_THAT(field_names(join), ElementsAre("id", "postID", "editorID", "createdAt", "updatedAt"));
  EXPECT_EQ(join.indexes.at(1), (IndexSchema{.name = "byEditor",
                                             .fields = {"editorID", "postID"},
                                             .query_field = "postsOfEditor",
                                             .is_partition_nullable = true}));
  EXPECT_EQ(join.indexes.at(0).query_field, std::nullopt);
  EXPECT_EQ(join.operations.list, "");
  EXPECT_EQ(join.operations.sync, "syncPostEditors");
  EXPECT_EQ(join.operations.create, "createPostEditor");
}

TEST(SchemaReader, ReadsRelationsOfTheCurrentDialect) {
  const auto schema = read_text(R"(
type Post @model { id: ID! comments: [Comment] @hasMany editors: [User] @manyToMany(relationName: "PostEditor") }
type Comment @model { id: ID! post: Post @belongsTo }
type User @model { id: ID! username: String! posts: [Post] @manyToMany(relationName: "PostEditor") })");
  EXPECT_EQ(relation(schema, "Post", "comments"), "has_many Comment (id) = (postCommentsId)");
  EXPECT_EQ(relation(schema, "Comment", "post"), "belongs_to Post (postCommentsId) = (id)");
  EXPECT_EQ(relation(schema, "Post", "editors"), "has_many PostEditor (id) = (postId)");
  EXPECT_EQ(relation(schema, "User", "posts"), "has_many PostEditor (id) = (userId)");
  EXPECT_EQ(relation(schema, "PostEditor", "post"), "belongs_to Post (postId) = (id) required");
  EXPECT_FALSE(field(model(schema, "Comment"), "postCommentsId").is_hidden);
  const auto& join = model(schema, "PostEditor");
  EXPECT_EQ(&join, &schema.models.back());
  EXPECT_TRUE(join.is_join);
  EXPECT_THAT(field_names(join), ElementsAre("id", "postId", "userId", "createdAt", "updatedAt"));
  EXPECT_TRUE(field(join, "postId").is_required);
  EXPECT_EQ(join.indexes.at(0),
            (IndexSchema{.name = "byPost", .fields = {"postId"}, .query_field = "postEditorsByPostId"}));
}

// --- relations -----------------------------------------------------------------------------------------------

TEST(SchemaReader, GivesAHasOneAndTheBelongsToFacingItAKeyEach) {
  const auto schema = read_text(R"(
type Driver @model { id: ID! licence: Licence @hasOne lead: Driver @hasOne }
type Licence @model { id: ID! driver: Driver! @belongsTo })");
  EXPECT_EQ(relation(schema, "Driver", "licence"), "has_one Licence (driverLicenceId) = (id)");
  EXPECT_EQ(relation(schema, "Licence", "driver"), "belongs_to Driver (licenceDriverId) = (id) required");
  EXPECT_TRUE(field(model(schema, "Licence"), "licenceDriverId").is_required);
  EXPECT_FALSE(field(model(schema, "Driver"), "driverLicenceId").is_required);
  EXPECT_EQ(relation(schema, "Driver", "lead"), "has_one Driver (driverLeadId) = (id)");
}

TEST(SchemaReader, MakesTheKeyOfAHasManyRequiredWhenItsListIs) {
  const auto schema = read_text(R"(
type Post @model { id: ID! comments: [Comment] @hasMany likes: [Like]! @hasMany }
type Comment @model { id: ID! post: Post! @belongsTo }
type Like @model { id: ID! post: Post @belongsTo })");
  EXPECT_FALSE(field(model(schema, "Comment"), "postCommentsId").is_required);
  EXPECT_TRUE(field(model(schema, "Like"), "postLikesId").is_required);
}

TEST(SchemaReader, CarriesEveryPartOfACompositeKey) {
  const auto schema = read_text(R"(
type Library @model {
  city: ID! @primaryKey(sortKeyFields: ["branch", "floor"])
  branch: String!
  floor: Int!
  books: [Book] @hasMany
  readers: [Reader] @manyToMany(relationName: "enrolment_list")
}
type Book @model { id: ID! library: Library @belongsTo }
type Reader @model { id: ID! libraries: [Library] @manyToMany(relationName: "enrolment_list") })");
  EXPECT_EQ(relation(schema, "Library", "books"),
            "has_many Book (city,branch,floor) = (libraryBooksCity,libraryBooksBranch,libraryBooksFloor)");
  EXPECT_EQ(relation(schema, "Book", "library"),
            "belongs_to Library (libraryBooksCity,libraryBooksBranch,libraryBooksFloor) = (city,branch,floor)");
  EXPECT_EQ(field(model(schema, "Book"), "libraryBooksFloor").scalar, Scalar::integer);
  EXPECT_TRUE(model(schema, "Library").has_custom_primary_key);
  const auto& join = model(schema, "Enrolment_list");
  EXPECT_THAT(field_names(join),
              ElementsAre("id", "libraryCity", "librarybranch", "libraryfloor", "readerId", "createdAt", "updatedAt"));
  EXPECT_EQ(join.indexes.at(0).query_field, "enrolment_listsByLibraryCityAndLibrarybranchAndLibraryfloor");
}

TEST(SchemaReader, UsesWrittenKeysWhereFieldsOrReferencesNameThem) {
  const auto schema = read_text(R"(
type Post @model { id: ID! comments: [Comment] @hasMany(indexName: "byPost", fields: ["id"]) notes: [Note] @hasMany(references: ["postId"]) cover: Cover @hasOne(references: "postId") }
type Comment @model { id: ID! postID: ID! @index(name: "byPost", sortKeyFields: ["content"]) content: String! post: Post @belongsTo(fields: ["postID"]) }
type Note @model { id: ID! postId: ID post: Post @belongsTo(references: ["postId"]) }
type Cover @model { id: ID! postId: ID post: Post @belongsTo(references: ["postId"]) })");
  EXPECT_EQ(relation(schema, "Post", "comments"), "has_many Comment (id) = (postID)");
  EXPECT_EQ(relation(schema, "Comment", "post"), "belongs_to Post (postID) = (id)");
  EXPECT_EQ(relation(schema, "Post", "notes"), "has_many Note (id) = (postId)");
  EXPECT_EQ(relation(schema, "Note", "post"), "belongs_to Post (postId) = (id)");
  EXPECT_EQ(relation(schema, "Post", "cover"), "has_one Cover (id) = (postId)");
  EXPECT_THAT(field_names(model(schema, "Note")), ElementsAre("id", "postId", "createdAt", "updatedAt"));
}

TEST(SchemaReader, ReadsOneSidedConnections) {
  const auto schema = read_text(R"(
type Shop @model { id: ID! goods: [Good] @connection city: City! @connection }
type Good @model { id: ID! name: String }
type City @model { id: ID! })");
  EXPECT_EQ(relation(schema, "Shop", "goods"), "has_many Good (id) = (shopGoodsId)");
  EXPECT_EQ(relation(schema, "Shop", "city"), "has_one City (shopCityId) = (id) required");
  EXPECT_TRUE(field(model(schema, "Good"), "shopGoodsId").is_hidden);
  EXPECT_TRUE(field(model(schema, "Shop"), "shopCityId").is_required);
}

// --- names, options ------------------------------------------------------------------------------------------

TEST(SchemaReader, FollowsTheOptionsOfModel) {
  const auto schema = read_text(R"(
type Song @model(queries: {get: "song", list: null} mutations: {create: "addSong", delete: null}
  subscriptions: {onUpdate: ["edited", "touched"]} timestamps: {createdAt: "born"}) { id: ID! }
type Silent @model(subscriptions: null, timestamps: null, mutations: null, queries: null) { id: ID! }
type Off @model(subscriptions: {level: off}) { id: ID! createdAt: AWSDateTime })");
  const auto& song = model(schema, "Song");
  EXPECT_EQ(song.operations, (OperationNames{.get = "song",
                                             .sync = "syncSongs",
                                             .create = "addSong",
                                             .update = "updateSong",
                                             .on_create = {"onCreateSong"},
                                             .on_update = {"edited", "touched"}}));
  EXPECT_THAT(field_names(song), ElementsAre("id", "born", "updatedAt"));
  EXPECT_EQ(song.created_at, "born");
  EXPECT_EQ(model(schema, "Silent").operations, OperationNames{});
  EXPECT_EQ(model(schema, "Silent").created_at, "");
  EXPECT_THAT(field_names(model(schema, "Silent")), ElementsAre("id"));
  EXPECT_THAT(model(schema, "Off").operations.on_create, IsEmpty());
  EXPECT_FALSE(field(model(schema, "Off"), "createdAt").is_read_only);
  EXPECT_FALSE(field(model(schema, "Off"), "createdAt").is_implied);
}

TEST(SchemaReader, ShortensSubscriptionNamesBeyondFiftyCharacters) {
  const auto schema = read_text("type AVeryLongNameOfAModelThatDoesNotFitIntoTheLimit @model { id: ID! }");
  const auto name = schema.models.at(0).operations.on_create.at(0);
  EXPECT_EQ(name.size(), 50u);
  EXPECT_TRUE(name.starts_with("onCreateAVeryLongNameOfAModelThatDoesNotFitIn")) << name;
}

TEST(SchemaReader, AddsAnIdAndKeepsEmbeddedTypesThatModelsReach) {
  const auto schema = read_text(R"(
type Contact @model { name: String home: Address }
type Address { street: String! geo: [Geo!] }
type Geo { lat: Float! }
type Unused { x: Int })");
  const auto& contact = model(schema, "Contact");
  EXPECT_THAT(field_names(contact), ElementsAre("id", "name", "home", "createdAt", "updatedAt"));
  EXPECT_TRUE(field(contact, "id").is_implied);
  ASSERT_EQ(schema.embedded.size(), 2u);
  EXPECT_EQ(schema.embedded_type("Geo")->fields.at(0).scalar, Scalar::floating);
  EXPECT_EQ(schema.embedded_type("Unused"), nullptr);
}

TEST(SchemaReader, LetsTypesStandInThemselvesAsOftenAsDevicesCanSelect) {
  const auto schema = read_text(R"(
type Outline @model { root: Section rule: Rule place: Place }
type Section { title: String parts: [Section!] place: Place }
type Rule { and: Join! first: Rule second: Rule third: Rule }
type Join { word: String left: [Rule] }
type Place { city: String })");
  EXPECT_EQ(schema.embedded_type("Section")->repeats, 4u);  // 8 would be too much to select of Rule and Join.
  EXPECT_EQ(schema.embedded_type("Rule")->repeats, 4u);
  EXPECT_EQ(schema.embedded_type("Join")->repeats, 4u);
  EXPECT_EQ(schema.embedded_type("Place")->repeats, 0u);
  EXPECT_EQ(read_text("type A @model { n: N } type N { n: N v: Int }").embedded_type("N")->repeats, 8u);
}

TEST(SchemaReader, ReadsSeveralSourcesAsOneSchema) {
  const auto reading = read({{"a", "type A @model { b: [B] @hasMany }"},
                             {"b", "type B @model { x: E } enum E { Y }"},
                             {"c", "extend type B { z: Int }"}});
  EXPECT_EQ(relation(reading.schema, "A", "b"), "has_many B (id) = (aBId)");
  EXPECT_THAT(field_names(model(reading.schema, "B")), ElementsAre("id", "x", "z", "aBId", "createdAt", "updatedAt"));
}

TEST(SchemaReader, NoticesWhatIsNotDoneOnceAKind) {
  const auto reading = read({{"a",
                              "type A @model @mapsTo(name: \"Old\") @searchable { id: ID! } "
                              "type B @model @searchable { id: ID! }"}});
  ASSERT_EQ(reading.notices.size(), 2u);
  EXPECT_EQ(reading.notices[0].message,
            "@mapsTo has no effect: the store keeps no tables of earlier names, and the API is the same without it.");
  EXPECT_EQ(reading.notices[0].at, (graphql::Location{1, 15, 0}));
  EXPECT_EQ(reading.notices[1].message, "@searchable gives the API its search query, but asking it gives an error.");
  EXPECT_EQ(reading.notices[1].remedy, "Use the list query with a filter, or an @index.");
}

TEST(SchemaReader, ChangesTheVersionWithTheStructureOnly) {
  const auto version = [](const std::string& text) { return read_text(text).version; };
  const auto before = version("type A @model { id: ID! b: Int c: E } enum E { X }");
  EXPECT_EQ(before.size(), 32u);
  EXPECT_EQ(before,
            version("\"described\" type A @model(queries: null) { id: ID! \"too\" b: Int c: E }\n enum E { X Y }"));
  EXPECT_NE(before, version("type A @model { id: ID! b: Int! c: E } enum E { X }"));
  EXPECT_NE(before, version("type A @model { id: ID! b: Float c: E } enum E { X }"));
  EXPECT_NE(before, version("type A @model { id: ID! b: Int c: E d: Int } enum E { X }"));
}

TEST(Plural, IsThatOfNpmsPluralize) {
  const auto words = graphql::golden::read_json("src/schema/testdata/plurals.json");
  for (const auto& [word, many] : *words.as_object()) EXPECT_EQ(plural(word), *many.as_string()) << word;
}

}  // namespace
}  // namespace holdfast::schema
