// A backend whose schema has changed: the records stay, old documents work where they can, and what cannot work says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "server/store/sqlite/sqlite_store.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Ground;
using testing::Story;
using testing::text;
using ::testing::HasSubstr;

/// A database that is served under one schema after the other.
class SchemaChange : public ::testing::Test {
 protected:
  SchemaChange() {
    std::string pattern = std::filesystem::temp_directory_path() / "holdfast_schema_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    folder_ = pattern;
  }
  ~SchemaChange() override {
    story_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// Closes what is open and serves the database under this schema.
  Story& serve(const std::string& schema) {
    story_.reset();
    story_ = std::make_unique<Story>(schema, ServerOptions(), Ground{.make_store = [this](const Schema& of, Clock& clock) {
                                       return open_sqlite_store(of, clock, folder_ / "backend.db").value();
                                     }});
    return *story_;
  }
  /// Why a server of this schema does not start.
  std::string complaint(const std::string& schema) {
    story_.reset();
    const auto reading = testing::reading_of(schema);
    testing::HandClock clock;
    testing::CountedRandom random;
    const auto store = open_sqlite_store(reading.schema, clock, folder_ / "backend.db").value();
    const auto made = Server::make({reading.schema, api::document(reading, {.is_versioned = true}), *store, clock, random, silent_log()},
                                   ServerOptions());
    if (made) return "";
    EXPECT_EQ(made.error().code, Code::schema_error);
    return made.error().message;
  }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Story> story_;
};

const std::string create = R"(mutation { createPost(input: {id: "1", title: "a", rating: 3}) { id } })";
const std::string sync = "{ syncPosts { items { id title rating _version } nextToken startedAt } }";

TEST_F(SchemaChange, AnAddedFieldIsNullAndCanBeWritten) {
  serve("type Post @model { id: ID! title: String rating: Int }").get(create);
  auto& story = serve("type Post @model { id: ID! title: String rating: Int note: String tags: [String] }");
  EXPECT_EQ(text(story.get(R"({ getPost(id: "1") { title note tags } })")), R"({"title":"a","note":null,"tags":null})");
  EXPECT_EQ(story.get(sync)["items"].as_list()->size(), 1U) << "a document of the older schema";
  story.get(R"(mutation { updatePost(input: {id: "1", note: "n", _version: 1}) { id } })");
  EXPECT_EQ(text(story.get(R"({ getPost(id: "1") { title rating note _version } })")),
            R"({"title":"a","rating":3,"note":"n","_version":2})");
}

TEST_F(SchemaChange, AnOldClientsEditLeavesTheNewFieldsAlone) {
  serve("type Post @model { id: ID! title: String rating: Int }").get(create);
  auto& story = serve("type Post @model { id: ID! title: String rating: Int note: String }");
  story.get(R"(mutation { updatePost(input: {id: "1", note: "n", _version: 1}) { id } })");
  story.get(R"(mutation ($input: UpdatePostInput!, $condition: ModelPostConditionInput) {
                 updatePost(input: $input, condition: $condition) { id title rating _version _lastChangedAt _deleted } })",
            R"({"input":{"id":"1","rating":9,"_version":1},"condition":null})");
  EXPECT_EQ(text(story.get(R"({ getPost(id: "1") { rating note _version } })")), R"({"rating":9,"note":"n","_version":3})")
      << "merged with an ancestor that was written under the older schema";
}

TEST_F(SchemaChange, ARemovedFieldIsRefusedByNameAndTheRestStays) {
  serve("type Post @model { id: ID! title: String rating: Int }").get(create);
  auto& story = serve("type Post @model { id: ID! title: String }");
  EXPECT_EQ(story.get(R"({ getPost(id: "1") { title } })")["title"], Value("a"));
  EXPECT_THAT(text(story.ask(sync)), HasSubstr("rating"));
  const auto refused = story.ask("mutation ($input: UpdatePostInput!) { updatePost(input: $input) { id } }",
                                 R"({"input":{"id":"1","rating":9,"_version":1}})");
  EXPECT_THAT(text(refused["errors"]), HasSubstr("rating"));
}

TEST_F(SchemaChange, ARemovedFieldIsThereAgainWhenTheSchemaHasItAgain) {
  serve("type Post @model { id: ID! title: String rating: Int }").get(create);
  auto& narrow = serve("type Post @model { id: ID! title: String }");
  EXPECT_EQ(text(narrow.get(R"(mutation { updatePost(input: {id: "1", title: "b", _version: 1}) { title _version } })")),
            R"({"title":"b","_version":2})");
  narrow.get(R"(mutation { updatePost(input: {id: "1", title: null, _version: 2}) { title } })");
  auto& story = serve("type Post @model { id: ID! title: String rating: Int }");
  EXPECT_EQ(text(story.get(R"({ getPost(id: "1") { title rating _version } })")), R"({"title":null,"rating":3,"_version":3})");
  story.get(R"(mutation { updatePost(input: {id: "1", rating: null, _version: 3}) { id } })");
  EXPECT_TRUE(serve("type Post @model { id: ID! title: String rating: Int }").get(R"({ getPost(id: "1") { rating } })")["rating"].is_null());
}

TEST_F(SchemaChange, ARecordThatIsMadeAnewHasNothingOfARemovedField) {
  serve("type Post @model { id: ID! title: String rating: Int }").get(create);
  auto& narrow = serve("type Post @model { id: ID! title: String }");
  narrow.get(R"(mutation { deletePost(input: {id: "1", _version: 1}) { id } })");
  narrow.get(R"(mutation { createPost(input: {id: "1", title: "new"}) { id } })");
  auto& story = serve("type Post @model { id: ID! title: String rating: Int }");
  EXPECT_EQ(text(story.get(R"({ getPost(id: "1") { title rating } })")), R"({"title":"new","rating":null})");
}

TEST_F(SchemaChange, AnAddedRequiredFieldIsAnErrorWhereTheDataLacksIt) {
  serve("type Post @model { id: ID! title: String rating: Int }").get(create);
  auto& story = serve("type Post @model { id: ID! title: String rating: Int kind: String! }");
  story.get(R"(mutation { createPost(input: {id: "2", kind: "k"}) { id } })");
  // As AppSync: the record is null and the error names the field; the others of the page arrive.
  const auto page = story.ask("{ syncPosts { items { id kind } } }");
  EXPECT_EQ(text(page["data"]), R"({"syncPosts":{"items":[null,{"id":"2","kind":"k"}]}})");
  EXPECT_THAT(text(page["errors"]), HasSubstr("Cannot return null for non-nullable type: 'String' within parent 'Post' (/syncPosts/items[0]/kind)"));
  EXPECT_EQ(story.get(sync)["items"].as_list()->size(), 2U) << "an old client does not ask for it";
  EXPECT_EQ(story.get(R"(mutation { updatePost(input: {id: "1", kind: "late", _version: 1}) { kind } })")["kind"], Value("late"));
  const auto missing = story.ask("mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }", R"({"input":{"id":"3"}})");
  EXPECT_THAT(text(missing["errors"]), HasSubstr("kind")) << "an old client cannot create without it";
}

TEST_F(SchemaChange, AnEnumMayGainValuesAndTheLostOnesAreErrors) {
  serve("enum State { NEW DONE } type Post @model { id: ID! state: State }")
      .get(R"(mutation { createPost(input: {id: "1", state: DONE}) { id } })");
  auto& wider = serve("enum State { NEW DONE LATE } type Post @model { id: ID! state: State }");
  EXPECT_EQ(wider.get(R"({ getPost(id: "1") { state } })")["state"], Value("DONE"));
  wider.get(R"(mutation { updatePost(input: {id: "1", state: LATE, _version: 1}) { id } })");
  auto& narrower = serve("enum State { NEW DONE } type Post @model { id: ID! title: String state: State }");
  EXPECT_THAT(text(narrower.ask(R"({ getPost(id: "1") { id state } })")["errors"]), HasSubstr("LATE"));
  EXPECT_EQ(narrower.get(R"(mutation { updatePost(input: {id: "1", title: "t", _version: 2}) { title } })")["title"], Value("t"));
  EXPECT_EQ(narrower.get(R"(mutation { updatePost(input: {id: "1", state: NEW, _version: 3}) { state } })")["state"], Value("NEW"));
}

TEST_F(SchemaChange, ModelsMayComeAndGoAndComeBack) {
  serve("type Post @model { id: ID! title: String rating: Int }").get(create);
  auto& other = serve("type Note @model { id: ID! text: String }");
  EXPECT_THAT(text(other.ask(sync)["errors"]), HasSubstr("syncPosts"));
  other.get(R"(mutation { createNote(input: {id: "1", text: "n"}) { id } })");
  auto& both = serve("type Note @model { id: ID! text: String } type Post @model { id: ID! title: String rating: Int }");
  EXPECT_EQ(text(both.get(R"({ getPost(id: "1") { title rating _version } })")), R"({"title":"a","rating":3,"_version":1})");
  EXPECT_EQ(both.get(R"({ getNote(id: "1") { text } })")["text"], Value("n"));
}

TEST_F(SchemaChange, AnIndexMayBeAddedAndRenamed) {
  const std::string plain = "type Post @model { id: ID! title: String! rating: Int }";
  const auto indexed = [](const std::string& name) {
    return "type Post @model { id: ID! title: String! @index(name: \"" + name + "\", queryField: \"" + name + "\") rating: Int }";
  };
  serve(plain).get(create);
  for (const auto* name : {"byTitle", "postsWithTitle"}) {
    auto& story = serve(indexed(name));
    EXPECT_EQ(text(story.get("{ " + std::string(name) + R"((title: "a") { items { id rating } } })")),
              R"({"items":[{"id":"1","rating":3}]})");
  }
}

TEST_F(SchemaChange, AnotherPrimaryKeyIsRefusedAtTheStart) {
  serve("type Post @model { id: ID! title: String rating: Int }").get(create);
  EXPECT_THAT(complaint("type Post @model { id: ID! title: String! @primaryKey rating: Int }"),
              HasSubstr("model Post: its stored records have another primary key than the schema's (title)"));
  EXPECT_THAT(complaint("type Post @model { id: ID! @primaryKey(sortKeyFields: [\"title\"]) title: String! rating: Int }"),
              HasSubstr("(id, title)"));
  EXPECT_EQ(complaint("type Post @model { id: ID! @primaryKey title: String rating: Int }"), "") << "the same one, spelled out";
}

TEST_F(SchemaChange, AFieldOfAnotherTypeIsAnErrorOfThatFieldUntilItIsWrittenAnew) {
  serve("type Post @model { id: ID! title: String rating: Int }").get(create);
  auto& story = serve("type Post @model { id: ID! title: Int rating: Int }");
  const auto reply = story.ask(R"({ getPost(id: "1") { id title rating } })");
  EXPECT_EQ(text(reply["data"]), R"({"getPost":{"id":"1","title":null,"rating":3}})");
  EXPECT_THAT(text(reply["errors"]), HasSubstr("title"));
  EXPECT_EQ(story.get(R"(mutation { updatePost(input: {id: "1", title: 5, _version: 1}) { title } })")["title"], Value(5));
}

}  // namespace
}  // namespace holdfast::server
