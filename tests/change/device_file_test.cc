// What schema::compare says of a change, and what becomes of the file of a device that was written before it.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "schema/compare.h"
#include "schema/schema_reader.h"

namespace holdfast {
namespace {

/// The schema of a model Post with these fields beside its key.
Schema read(const std::string& fields) {
  const auto text = "type Post @model(timestamps: null) { id: ID! " + fields + " } type Tag @model { id: ID! name: String } "
                    "enum Mood { GOOD BAD } type Place { town: String }";
  auto result = schema::read_schema({{"schema.graphql", text}});
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&result)) {
    ADD_FAILURE() << problems->front().message << "\n" << text;
    return {};
  }
  return std::get<schema::Reading>(std::move(result)).schema;
}

enum class File : bool { refused, taken_over };

struct Case {
  const char* was;
  const char* is;
  Value stored = {};     ///< Of the field `x` under the old schema; nothing is stored where there is none.
  Value read_back = {};  ///< Of the field `x` under the new one.
  bool is_kept = true;   ///< What compare says.
  File file = File::taken_over;
};

class DeviceFile : public testing::TestWithParam<Case> {
 protected:
  void leave(const Schema& schema, const Value& stored) {
    const auto storage = open(schema);
    ASSERT_TRUE(storage) << storage.error().message;
    Record post(schema.models.at(0));
    post["id"] = "p";
    if (schema.models[0].field("x") != nullptr) post["x"] = stored;
    ASSERT_TRUE((*storage)->write([&](client::Transaction& transaction) { return transaction.put(post, {.version = 1}); }));
  }
  Result<std::unique_ptr<client::Storage>> open(const Schema& schema) {
    return client::open_sqlite_storage(schema, {.path = folder_.file("device.db"), .syncs_every_commit = false});
  }

  client::ScratchFolder folder_;
};

TEST_P(DeviceFile, IsTakenOverWhenTheChangeKeepsItsData) {
  const auto& one = GetParam();
  const auto was = read(one.was);
  const auto is = read(one.is);
  const auto changes = schema::compare(was, is);
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(std::all_of(changes.begin(), changes.end(), [](const auto& change) { return change.is_data_kept; }), one.is_kept);

  leave(was, one.stored);
  const auto storage = open(is);
  ASSERT_EQ(storage.has_value(), one.file == File::taken_over);
  if (!storage) {
    EXPECT_EQ(storage.error().code, Code::schema_error);
    return;
  }
  const auto found = (*storage)->find(is.models.at(0), Key{{"p"}});
  ASSERT_TRUE(found && found->record);
  EXPECT_EQ((*found->record)["x"], one.read_back);
}

const Value no_value = nullptr;
const Value place = Object{{"town", "Ulm"}};

INSTANTIATE_TEST_SUITE_P(
    KeptData, DeviceFile,
    testing::Values(Case{"", "x: Int", no_value, no_value}, Case{"", "x: [Mood!]", no_value, no_value},
                    Case{"", "x: Place", no_value, no_value}, Case{"x: Int", "x: Float", 7, 7.0},
                    Case{"x: AWSTimestamp", "x: Float", 7, 7.0}, Case{"x: Int", "x: AWSTimestamp", 7, 7},
                    Case{"x: [Int]", "x: [Float]", List{7}, List{7}}, Case{"x: ID", "x: String", "a", "a"},
                    Case{"x: AWSDate", "x: String", "2030-01-01", "2030-01-01"}, Case{"x: Mood", "x: String", "GOOD", "GOOD"},
                    Case{"x: Int!", "x: Int", 7, 7}, Case{"x: [String!]!", "x: [String]", List{"a"}, List{"a"}},
                    Case{"x: Place!", "x: Place", place, place},
                    Case{"x: String", "x: String @index(name: \"byX\")", "a", "a"},
                    Case{"x: String @index(name: \"byX\")", "x: String", "a", "a"},
                    Case{"x: ID", "x: ID tag: Tag @hasOne(fields: [\"x\"])", "a", "a"}));

INSTANTIATE_TEST_SUITE_P(
    LostData, DeviceFile,
    testing::Values(Case{"", "x: Int!", no_value, {}, false, File::refused},
                    Case{"", "x: [Int]!", no_value, {}, false, File::refused},
                    Case{"x: Int", "", 7, {}, false, File::refused},
                    Case{"x: Int", "y: Int", 7, {}, false, File::refused},
                    Case{"x: Float", "x: Int", 7.5, {}, false, File::refused},
                    Case{"x: Int", "x: String", 7, {}, false, File::refused},
                    Case{"x: String", "x: [String]", "a", {}, false, File::refused},
                    Case{"x: Place", "x: AWSJSON", place, {}, false, File::refused},
                    Case{"x: ID!", "x: ID! @primaryKey", "a", {}, false, File::refused},
                    // These are seen only when a value is read that does not fit.
                    Case{"x: Int", "x: Int!", no_value, no_value, false},
                    Case{"x: String", "x: AWSEmail", "a", "a", false},
                    Case{"x: String", "x: Mood", "a", "a", false}));

}  // namespace
}  // namespace holdfast
