// Our documents against those that the published JS clients were recorded to send for the blog schema.
#include "protocol/documents.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <vector>

#include "base/json.h"
#include "protocol/blog_schema.h"

namespace holdfast::protocol {
namespace {

struct Recorded {
  std::string query;
  Value variables;
};

/// Beside the project, or beside the folder of a worktree.
std::ifstream open_recording() {
  for (const std::string above : {"..", "../.."}) {
    std::ifstream file(above + "/shared/golden/wire/documents.jsonl");
    if (file) return file;
  }
  return {};
}

std::vector<Recorded> recorded_documents() {
  std::vector<Recorded> documents;
  auto file = open_recording();
  for (std::string line; std::getline(file, line);) {
    const auto row = json::parse(line);
    if (!row || (*row)["client"] != Value("datastore")) continue;
    documents.push_back({*(*row)["query"].as_string(), (*row)["exampleVariables"]});
  }
  return documents;
}

/// The document's root field: the first name of its second line.
std::string root_field(const std::string& query) {
  const auto start = query.find('\n') + 3;
  return query.substr(start, query.find_first_of("( ", start) - start);
}

const ModelSchema& model(std::string_view name) { return *blog_schema().model(name); }

Key some_key(const ModelSchema& of) { return {std::vector<Value>(of.primary_key.size(), Value("k"))}; }

/// Every document that we write for the schema, by root field.
std::map<std::string, std::string> written_documents() {
  const auto& schema = blog_schema();
  std::map<std::string, std::string> documents;
  for (const auto& of : schema.models) {
    const auto key = some_key(of);
    documents[sync_field(of)] = sync_request(schema, of, {}).query;
    documents[get_field(of)] = get_request(schema, of, key).query;
    for (const auto kind : {MutationKind::create, MutationKind::update, MutationKind::remove}) {
      documents[mutation_field(of, kind)] = mutation_request(schema, of, {.kind = kind, .key = key}).query;
    }
    for (const auto what : {Subscribed::on_create, Subscribed::on_update, Subscribed::on_delete}) {
      documents[subscription_field(of, what)] = subscription_request(schema, of, what).query;
    }
  }
  return documents;
}

/// The mutation that must have led to a recorded input.
Mutation mutation_of(const ModelSchema& of, MutationKind kind, const Object& input) {
  Mutation mutation{.kind = kind, .key = {}, .changes = {}};
  for (const auto& name : of.primary_key) mutation.key.parts.push_back(input.at(name));
  for (std::size_t at = 0; at < of.fields.size(); ++at) {
    if (const auto* value = input.find(of.fields[at].name)) mutation.changes.push_back({at, *value});
  }
  if (const auto* version = input.at("_version").as_integer()) mutation.version = *version;
  return mutation;
}

class RecordedDocuments : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_FALSE(recorded_.empty())
        << "the recording shared/golden/wire/documents.jsonl is neither in .. nor in ../.. of the working directory";
  }
  const std::vector<Recorded> recorded_ = recorded_documents();
};

TEST_F(RecordedDocuments, EqualOursLetterByLetter) {
  const auto written = written_documents();
  std::size_t compared = 0;
  for (const auto& document : recorded_) {
    // Selective sync: the test below.
    if (document.query.starts_with("subscription operation(")) continue;
    const auto found = written.find(root_field(document.query));
    ASSERT_NE(found, written.end()) << document.query;
    EXPECT_EQ(found->second, document.query);
    ++compared;
  }
  EXPECT_GE(compared, 50U);
}

TEST_F(RecordedDocuments, CarryTheVariablesThatOursCarry) {
  const auto& schema = blog_schema();
  std::size_t compared = 0;
  for (const auto& document : recorded_) {
    for (const auto& of : schema.models) {
      for (const auto kind : {MutationKind::create, MutationKind::update, MutationKind::remove}) {
        if (root_field(document.query) != mutation_field(of, kind)) continue;
        const auto& input = *document.variables["input"].as_object();
        const auto request = mutation_request(schema, of, mutation_of(of, kind, input));
        EXPECT_EQ(json::write(request.variables), json::write(document.variables));
        ++compared;
      }
    }
  }
  EXPECT_GE(compared, 10U);
}

// S37
TEST_F(RecordedDocuments, OfSelectiveSyncEqualOursLetterByLetter) {
  const auto& post = model("Post");
  std::size_t compared = 0;
  for (const auto what : {Subscribed::on_create, Subscribed::on_update, Subscribed::on_delete}) {
    for (const auto& document : recorded_) {
      const auto& filter = document.variables["filter"];
      const bool is_selective = document.query.starts_with("subscription operation($filter");
      if (!is_selective || root_field(document.query) != subscription_field(post, what)) continue;
      const auto request = subscription_request(blog_schema(), post, what, filter);
      EXPECT_EQ(request.query, document.query);
      EXPECT_EQ(json::write(request.variables), json::write(document.variables));
      ++compared;
    }
  }
  EXPECT_EQ(compared, 3U);
}

TEST(Documents, SyncCarriesAllFourVariablesAlways) {
  const auto base = sync_request(blog_schema(), model("Item"), {});
  EXPECT_EQ(json::write(base.variables), R"({"limit":1000,"nextToken":null,"lastSync":0,"filter":null})");
  const SyncPage next{.limit = 10, .next_token = "t", .last_sync = 5, .filter = filter_variables(Predicate::compare("n", Op::gt, {1}))};
  EXPECT_EQ(json::write(sync_request(blog_schema(), model("Item"), next).variables),
            R"({"limit":10,"nextToken":"t","lastSync":5,"filter":{"and":[{"n":{"gt":1}}]}})");
}

TEST(Documents, GetNamesEveryFieldOfACompositeKey) {
  const auto request = get_request(blog_schema(), model("Product"), {{"s", "w"}});
  EXPECT_TRUE(
      request.query.starts_with("query operation($sku: ID!, $warehouse: String!) {\n"
                                "  getProduct(sku: $sku, warehouse: $warehouse) {\n"))
      << request.query;
  EXPECT_EQ(json::write(request.variables), R"({"sku":"s","warehouse":"w"})");
}

TEST(Documents, ACreateHasNeitherVersionNorConditionNorReadOnlyFields) {
  const auto& item = model("Item");
  const Mutation mutation{.kind = MutationKind::create,
                          .key = {{"i"}},
                          .changes = {{*item.field_index("id"), "i"},
                                      {*item.field_index("n"), 1},
                                      {*item.field_index("createdAt"), "2026-11-21T07:30:00.000Z"}},
                          .version = 3,
                          .condition = Predicate::compare("n", Op::gt, {1})};
  EXPECT_EQ(json::write(mutation_request(blog_schema(), item, mutation).variables), R"({"input":{"id":"i","n":1}})");
}

TEST(Documents, AnUpdateWithoutAKnownVersionLeavesItOut) {
  const auto& item = model("Item");
  const Mutation mutation{.kind = MutationKind::update, .key = {{"i"}}, .changes = {{*item.field_index("n"), nullptr}}};
  EXPECT_EQ(json::write(mutation_request(blog_schema(), item, mutation).variables),
            R"({"input":{"id":"i","n":null},"condition":null})");
}

TEST(Documents, AConditionIsSentWithoutItsTestsOnTheKey) {
  const auto& item = model("Item");
  Mutation mutation{.kind = MutationKind::remove, .key = {{"i"}}, .changes = {}, .version = 2};
  mutation.condition =
      Predicate::all_of({Predicate::compare("id", Op::eq, {"i"}), Predicate::compare("n", Op::gt, {1})});
  EXPECT_EQ(json::write(mutation_request(blog_schema(), item, mutation).variables),
            R"({"input":{"id":"i","_version":2},"condition":{"and":[{"n":{"gt":1}}]}})");
}

TEST(Documents, UseTheNamesThatTheSchemaGivesItsOperations) {
  auto renamed = model("Item");
  renamed.operations.create = "makeItem";
  renamed.operations.on_update = {"itemChanged", "another"};
  EXPECT_EQ(mutation_field(renamed, MutationKind::create), "makeItem");
  EXPECT_EQ(subscription_field(renamed, Subscribed::on_update), "itemChanged");
  EXPECT_EQ(mutation_field(renamed, MutationKind::remove), "deleteItem");
}

/// A tree whose nodes hold a node, and a wrapper around one when `has_wrapper`.
Schema tree(std::size_t repeats, bool has_wrapper = false) {
  Schema schema;
  const FieldSchema next{.name = "next", .kind = FieldKind::embedded, .type_name = has_wrapper ? "Wrap" : "Node"};
  schema.embedded = {{.name = "Node", .fields = {{.name = "text"}, next}, .repeats = repeats}};
  if (has_wrapper) {
    schema.embedded.push_back({.name = "Wrap",
                               .fields = {{.name = "node", .kind = FieldKind::embedded, .type_name = "Node"}},
                               .repeats = repeats});
  }
  schema.models.push_back({.name = "Tree",
                           .fields = {{.name = "id", .scalar = Scalar::id},
                                      {.name = "root", .kind = FieldKind::embedded, .type_name = "Node"}},
                           .primary_key = {"id"}});
  return schema;
}

std::string selection_of(const Schema& schema) { return selection(schema, schema.models.front()); }

TEST(Documents, CutAnEmbeddedTypeWhereItStandsInItselfTooOften) {
  EXPECT_EQ(selection_of(tree(0)), "id\nroot {\n  text\n}\n_version\n_lastChangedAt\n_deleted\n");
  EXPECT_EQ(selection_of(tree(2)),
            "id\nroot {\n  text\n  next {\n    text\n    next {\n      text\n    }\n  }\n}\n"
            "_version\n_lastChangedAt\n_deleted\n");
}

TEST(Documents, LeaveOutAnObjectOfWhichNothingIsLeft) {
  EXPECT_EQ(selection_of(tree(1, true)),
            "id\nroot {\n  text\n  next {\n    node {\n      text\n    }\n  }\n}\n"
            "_version\n_lastChangedAt\n_deleted\n");
}

TEST(Documents, HiddenForeignKeysAreReadFromTheStubOnly) {
  auto schema = blog_schema();
  auto& post = schema.models[1];
  post.fields[*post.field_index("blogID")].is_hidden = true;
  const auto selected = selection(schema, post);
  EXPECT_EQ(selected.find("blogID"), std::string::npos);
  EXPECT_NE(selected.find("blog {\n  id\n  _deleted\n}\n"), std::string::npos);
}

// A08: the reader of schemas adds the field for owner rules, and none for groups.
TEST(Documents, SelectAnOwnerThatARuleImpliesAndNeverSendIt) {
  auto schema = blog_schema();
  auto& model = schema.models[0];
  model.fields.push_back({.name = "owner", .is_read_only = true, .is_implied = true});
  EXPECT_NE(selection(schema, model).find("\nowner\n"), std::string::npos);
  Mutation mutation;
  mutation.key = Key{{"k"}};
  mutation.changes = {{model.fields.size() - 1, Value("ann")}};
  EXPECT_EQ(mutation_request(schema, model, mutation).variables.at("input")["owner"], Value());
}

TEST(Requests, HaveABodyOfQueryAndVariables) {
  EXPECT_EQ((Request{"query {\n}\n", Object{{"a", 1}}}).body(), R"({"query":"query {\n}\n","variables":{"a":1}})");
}

}  // namespace
}  // namespace holdfast::protocol
