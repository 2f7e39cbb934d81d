// Databases of earlier layouts, kept as files: each must open, and be read, upgraded and synced.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "client/storage/sqlite/layout.h"
#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "schema/schema_reader.h"
#include "tests/change/hand_device.h"

namespace holdfast {
namespace {

using client::testing::key;
using client::testing::queued;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Schema read_schema(const std::string& path, const std::string& more = {}) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf() << more;
  auto result = schema::read_schema({{path, text.str()}});
  auto* reading = std::get_if<schema::Reading>(&result);
  EXPECT_TRUE(reading) << path;
  return reading ? std::move(reading->schema) : Schema();
}

/// The layout's number is the parameter.
class EarlierLayout : public ::testing::TestWithParam<int> {
 protected:
  EarlierLayout() : schema(read_schema(file(".graphql"))), path(folder.file("device.db")) {
    std::filesystem::copy_file(file(".db"), path);
  }

  [[nodiscard]] static std::string file(const std::string& ending) {
    return "tests/change/testdata/layout-" + std::to_string(GetParam()) + ending;
  }
  std::unique_ptr<client::Storage> open(const Schema& with, UpgradePolicy policy = {}) {
    auto storage = client::open_sqlite_storage(with, {.path = path, .upgrade = std::move(policy)});
    EXPECT_TRUE(storage) << storage.error().message;
    return storage ? std::move(*storage) : nullptr;
  }
  Record row(client::Storage& storage, const char* model, const Key& of) {
    const auto stored = storage.find(*schema.model(model), of);
    EXPECT_TRUE(stored && stored->record) << model;
    return stored && stored->record ? *stored->record : Record(*schema.model(model));
  }
  /// The fields that have a value.
  static Object fields(const Record& record) {
    Object out;
    for (std::size_t at = 0; at < record.values.size(); ++at) {
      if (!record.values[at].is_null()) out.append(record.model->fields[at].name, record.values[at]);
    }
    return out;
  }

  client::ScratchFolder folder;
  Schema schema;
  std::string path;
};

// L19: our own layouts, as Swift has its own. Which layout a file has stands in its header, so nothing is done twice.
TEST_P(EarlierLayout, IsReadWithEverythingInIt) {
  const auto storage = open(schema);
  ASSERT_TRUE(storage);
  const Object full{{"id", "p1"},           {"title", "first"},
                    {"rating", 4},          {"score", 2.5},
                    {"isDraft", true},      {"tags", List{"a", "b"}},
                    {"mood", "GOOD"},       {"place", Object{{"town", "Ulm"}, {"lat", 48.4}}},
                    {"published", "2030-01-01"}, {"seen", 1'700'000'000}};
  EXPECT_EQ(fields(row(*storage, "Post", key("p1"))), full);
  EXPECT_EQ(row(*storage, "Post", key("p2"))["title"], Value("edited here"));
  EXPECT_EQ(row(*storage, "Comment", key("c1"))["postCommentsId"], Value("p2"));
  EXPECT_EQ(row(*storage, "Stock", Key{{"w", 7}})["count"], Value(12));
  EXPECT_EQ(storage->find(*schema.model("Post"), key("p1"))->metadata.version, 3);
  EXPECT_TRUE(storage->find(*schema.model("Post"), key("p3"))->metadata.is_deleted);
  EXPECT_EQ(storage->find(*schema.model("Post"), key("p4"))->metadata.version, 6);
  const auto letters = storage->dead_letters(0, 10);
  ASSERT_TRUE(letters);
  ASSERT_EQ(letters->size(), GetParam() < 3 ? 0U : 1U);
  for (const auto& letter : *letters) EXPECT_EQ(letter.refusal.message, "no such rating");
  EXPECT_THAT(queued(*storage),
              ElementsAre(R"(update ["p2"] {"title":"edited here"} sent)", StartsWith(R"(update ["p2"] {"rating":5})"),
                          R"(create ["c1"] {"content":"new","postCommentsId":"p2"})", R"(delete ["p4"] {})"));
}

TEST_P(EarlierLayout, IsUpgradedToAnotherSchemaToo) {
  auto next = schema;
  auto& post = next.models.at(0);
  post.fields.erase(post.fields.begin() + static_cast<std::ptrdiff_t>(*post.field_index("tags")));
  post.fields.at(*post.field_index("rating")).scalar = Scalar::floating;
  post.fields.push_back({.name = "nick", .is_required = true});
  std::vector<SchemaLoss> losses;
  const auto storage = open(next, {.on_loss = [&](const std::vector<SchemaLoss>& found) {
                                     losses = found;
                                     return UpgradeDecision::drop_what_is_lost;
                                   },
                                   .fill_row = [](const Object& was, Record& to) {
                                     if (to.model->name == "Post") to["nick"] = was.at("title");
                                   }});
  ASSERT_TRUE(storage);
  ASSERT_EQ(losses.size(), 1U);
  EXPECT_THAT(losses[0].text(), HasSubstr("Post.tags is removed, which 1 row does not survive"));
  const auto stored = storage->find(post, key("p1"));
  ASSERT_TRUE(stored && stored->record);
  EXPECT_EQ((*stored->record)["rating"], Value(4.0));
  EXPECT_EQ((*stored->record)["nick"], Value("first"));
  EXPECT_EQ(queued(*storage).size(), 4U);
  const auto letters = storage->dead_letters(0, 10);
  ASSERT_TRUE(letters);
  ASSERT_EQ(letters->size(), GetParam() < 3 ? 0U : 1U);
  for (const auto& letter : *letters) {
    const auto changes = client::testing::patch(post, {{"title", "refused"}, {"rating", 99}});
    EXPECT_EQ(letter.entry.changes, changes) << "carried as what waits is";
  }
}

TEST_P(EarlierLayout, IsSynced) {
  HandDevice device(schema, path);
  device.sync({}, [](const Value&) -> HttpResponse { return {.status = 503}; });
  for (const auto* field : {"syncPosts", "syncComments", "syncStocks"}) {
    ASSERT_EQ(device.asked(field).size(), 1U);
    EXPECT_EQ(device.asked(field)[0]["lastSync"], Value(std::int64_t{1'799'999'000'000})) << "a delta";
  }
  ASSERT_EQ(device.asked("updatePost").size(), 1U);
  EXPECT_EQ(device.asked("updatePost")[0]["input"],
            Value(Object{{"id", "p2"}, {"title", "edited here"}, {"_version", 7}}));
  ASSERT_EQ(device.asked("deletePost").size(), 1U);
  EXPECT_EQ(*device->pending_count(), 4U);
}

std::string layout_name(const ::testing::TestParamInfo<int>& info) { return "Layout" + std::to_string(info.param); }
INSTANTIATE_TEST_SUITE_P(Kept, EarlierLayout, ::testing::Range(1, static_cast<int>(client::layout_version) + 1), layout_name);

}  // namespace
}  // namespace holdfast
