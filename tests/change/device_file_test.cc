// What schema::compare says of a change, and what becomes of the file of a device that was written before it: the two
// agree. What compare calls kept is taken over whatever is stored; before anything that it calls lost, the device asks,
// when there is something to lose.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "client/storage/sqlite/sqlite_storage.h"
#include "schema/compare.h"
#include "schema/schema_reader.h"

namespace holdfast {
namespace {

/// The schema of a model Post with these fields beside its key.
Schema parsed(const std::string& fields) {
  const auto text = "type Post @model(timestamps: null) { id: ID! " + fields + " } type Tag @model { id: ID! name: String } "
                    "type Label @model { id: ID! name: String } "
                    "enum Mood { GOOD BAD } enum Temper { GOOD BAD CALM } type Place { town: String }";
  auto result = schema::read_schema({{"schema.graphql", text}});
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&result)) {
    ADD_FAILURE() << problems->front().message << "\n" << text;
    return {};
  }
  return std::get<schema::Reading>(std::move(result)).schema;
}

/// Kept: every pair of types is compared.
const Schema& read(const std::string& fields) {
  static std::map<std::string, Schema> known;
  const auto found = known.find(fields);
  return found != known.end() ? found->second : known.emplace(fields, parsed(fields)).first->second;
}

bool is_kept(const std::vector<schema::Change>& changes) {
  return std::all_of(changes.begin(), changes.end(), [](const auto& change) { return change.is_data_kept; });
}

/// A file that lasts as long as this, in memory.
class DeviceFile {
 public:
  DeviceFile() {
    static int count = 0;
    path_ = "file:/holdfast-change-" + std::to_string(++count) + "?vfs=memdb";
  }

  /// One row, whose field `x` has this value where there is one.
  void leave(const Schema& schema, const Value& stored) {
    auto storage = open(schema);
    ASSERT_TRUE(storage) << storage.error().message;
    Record post(schema.models.at(0));
    post["id"] = "p";
    if (schema.models[0].field("x") != nullptr) post["x"] = stored;
    ASSERT_TRUE((*storage)->write([&](client::Transaction& transaction) { return transaction.put(post, {.version = 1}); }));
    left_ = std::move(*storage);
  }
  Result<std::unique_ptr<client::Storage>> open(const Schema& schema) {
    return client::open_sqlite_storage(schema, {.path = path_, .syncs_every_commit = false});
  }

 private:
  std::string path_;
  std::unique_ptr<client::Storage> left_;  // Databases in memory go with their last connection.
};

enum class File : bool { refused, taken_over };

struct Case {
  const char* was;
  const char* is;
  Value stored = {};     ///< Of the field `x` under the old schema; nothing is stored where there is none.
  Value read_back = {};  ///< Of the field `x` under the new one.
  bool is_kept = true;   ///< What compare says.
  File file = File::taken_over;
};

class Change : public testing::TestWithParam<Case> {};

TEST_P(Change, IsTakenOverWhenItKeepsWhatIsStored) {
  const auto& one = GetParam();
  const auto& was = read(one.was);
  const auto& is = read(one.is);
  const auto changes = schema::compare(was, is);
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(is_kept(changes), one.is_kept);

  DeviceFile file;
  file.leave(was, one.stored);
  const auto storage = file.open(is);
  ASSERT_EQ(storage.has_value(), one.file == File::taken_over) << (storage ? "" : storage.error().message);
  if (!storage) {
    EXPECT_EQ(storage.error().code, Code::schema_error);
    return;
  }
  const auto found = (*storage)->find(is.models.at(0), Key{{"p"}});
  ASSERT_TRUE(found && found->record);
  if (!is.models[0].field("x")) return;
  EXPECT_EQ((*found->record)["x"], one.read_back);
}

const Value no_value = nullptr;
const Value place = Object{{"town", "Ulm"}};

INSTANTIATE_TEST_SUITE_P(
    KeptData, Change,
    testing::Values(Case{"", "x: Int", no_value, no_value}, Case{"", "x: [Mood!]", no_value, no_value},
                    Case{"", "x: Place", no_value, no_value}, Case{"x: Int", "x: Float", 7, 7.0},
                    Case{"x: AWSTimestamp", "x: Float", 7, 7.0}, Case{"x: Int", "x: AWSTimestamp", 7, 7},
                    Case{"x: [Int]", "x: [Float]", List{7}, List{7}}, Case{"x: ID", "x: String", "a", "a"},
                    Case{"x: AWSDate", "x: String", "2030-01-01", "2030-01-01"}, Case{"x: Mood", "x: String", "GOOD", "GOOD"},
                    Case{"x: Mood", "x: Temper", "GOOD", "GOOD"}, Case{"x: Mood!", "x: Temper!", "GOOD", "GOOD"},
                    Case{"x: Int!", "x: Int", 7, 7}, Case{"x: [String!]!", "x: [String]", List{"a"}, List{"a"}},
                    Case{"x: Place!", "x: Place", place, place},
                    Case{"x: String", "x: String @index(name: \"byX\")", "a", "a"},
                    Case{"x: String @index(name: \"byX\")", "x: String", "a", "a"},
                    Case{"x: ID", "x: ID tag: Tag @hasOne(fields: [\"x\"])", "a", "a"},
                    Case{"x: ID tag: Tag @hasOne(fields: [\"x\"])", "x: ID", "a", "a"}));

INSTANTIATE_TEST_SUITE_P(
    LostData, Change,
    testing::Values(Case{"", "x: Int!", no_value, {}, false, File::refused},
                    Case{"", "x: [Int]!", no_value, {}, false, File::refused},
                    Case{"x: Int", "", 7, {}, false, File::refused},
                    Case{"x: Int", "y: Int", 7, {}, false, File::refused},
                    Case{"x: Float", "x: Int", 7.5, {}, false, File::refused},
                    Case{"x: Int", "x: String", 7, {}, false, File::refused},
                    Case{"x: String", "x: [String]", "a", {}, false, File::refused},
                    Case{"x: Place", "x: AWSJSON", place, {}, false, File::refused},
                    Case{"x: ID!", "x: ID! @primaryKey", "a", {}, false, File::refused},
                    Case{"x: Int", "x: Int!", no_value, {}, false, File::refused},
                    Case{"x: [Int]", "x: [Int!]", List{1, no_value}, {}, false, File::refused},
                    Case{"x: String", "x: AWSEmail", "a", {}, false, File::refused},
                    Case{"x: String", "x: Mood", "a", {}, false, File::refused},
                    Case{"x: Temper", "x: Mood", "CALM", {}, false, File::refused},
                    Case{"x: ID tag: Tag @hasOne(fields: [\"x\"])", "x: ID tag: Label @hasOne(fields: [\"x\"])", "a", {}, false,
                         File::refused}));

// The same changes, and nothing that they could lose.
INSTANTIATE_TEST_SUITE_P(
    NothingToLose, Change,
    testing::Values(Case{"x: Int", "", no_value, {}, false}, Case{"x: Float", "x: Int", 7.0, 7, false},
                    Case{"x: Int", "x: String", no_value, no_value, false}, Case{"x: Int", "x: Int!", 7, 7, false},
                    Case{"x: [Int]", "x: [Int!]", List{1}, List{1}, false},
                    Case{"x: String", "x: AWSEmail", "a@b.org", "a@b.org", false},
                    Case{"x: String", "x: Mood", "GOOD", "GOOD", false}, Case{"x: Temper", "x: Mood", "BAD", "BAD", false},
                    Case{"x: ID tag: Tag @hasOne(fields: [\"x\"])", "x: ID tag: Label @hasOne(fields: [\"x\"])", no_value,
                         no_value, false}));

// --- every type to every type --------------------------------------------------------------------------------

struct Sample {
  const char* type;
  Value value;  ///< One that no narrower type takes.
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = {
      {"ID", "an id"}, {"String", "a text"}, {"Int", 7}, {"Float", 7.5}, {"Boolean", true}, {"AWSDate", "2030-01-01"},
      {"AWSTime", "10:00:00.000Z"}, {"AWSDateTime", "2030-01-01T10:00:00.000Z"}, {"AWSTimestamp", std::int64_t{1} << 40},
      {"AWSEmail", "a@b.org"}, {"AWSJSON", "{\"a\":1}"}, {"AWSURL", "https://example.org/"}, {"AWSPhone", "+491234567"},
      {"AWSIPAddress", "10.0.0.1"}, {"Mood", "BAD"}, {"Temper", "CALM"}, {"Place", place}};
  return all;
}

/// Kept by compare: taken over. Lost by compare: refused, unless this value happens to fit, and then it is read back.
void expect_agreement(const std::string& was_type, const std::string& is_type, const Value& stored) {
  const auto& was = read("x: " + was_type);
  const auto& is = read("x: " + is_type);
  const auto what = was_type + " to " + is_type;
  DeviceFile file;
  file.leave(was, stored);
  const auto storage = file.open(is);
  if (is_kept(schema::compare(was, is))) {
    ASSERT_TRUE(storage) << what << ": " << storage.error().message;
  }
  if (!storage) return;
  const auto found = (*storage)->find(is.models.at(0), Key{{"p"}});
  ASSERT_TRUE(found && found->record) << what;
  EXPECT_TRUE(numbers_equal((*found->record)["x"], stored)) << what;
  EXPECT_TRUE(validate(is, *found->record)) << what;
}

TEST(EveryChangeOfType, IsTakenOverWhereCompareSaysSoAndNeverLosesAValueUnasked) {
  for (const auto& was : samples()) {
    for (const auto& is : samples()) expect_agreement(was.type, is.type, was.value);
  }
}

TEST(EveryChangeOfType, HoldsForListsAndRequiredValuesToo) {
  const auto shaped = [](const std::string& type, int shape) {
    constexpr const char* marks[][2] = {{"", ""}, {"", "!"}, {"[", "]"}, {"[", "!]"}, {"[", "]!"}, {"[", "!]!"}};
    return marks[shape][0] + type + marks[shape][1];
  };
  const std::vector<Sample> some = {{"Int", 7}, {"Float", 7.5}, {"Mood", "BAD"}, {"Place", place}};
  for (const auto& was : some) {
    for (int before = 0; before < 6; ++before) {
      for (int after = 0; after < 6; ++after) {
        const auto stored = before < 2 ? was.value : Value(List{was.value});
        expect_agreement(shaped(was.type, before), shaped(was.type, after), stored);
        const bool may_be_null = before % 2 == 0 && before < 4;
        if (may_be_null) expect_agreement(shaped(was.type, before), shaped(was.type, after), no_value);
      }
    }
  }
}

}  // namespace
}  // namespace holdfast
