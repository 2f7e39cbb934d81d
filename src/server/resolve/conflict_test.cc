#include "server/resolve/conflict.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.h"

namespace holdfast::server {
namespace {

constexpr const char* cases_path = "../shared/spec/conflict-cases.json";

bool is_metadata(std::string_view name) { return name.starts_with('_') || name == "condition"; }

/// A model with every field that occurs in the objects, of the kinds that their values have.
ModelSchema model_of(const std::vector<const Value*>& objects) {
  ModelSchema model;
  model.name = "Case";
  model.primary_key = {"id"};
  for (const Value* value : objects) {
    if (value->as_object() == nullptr) continue;
    for (const auto& [name, content] : *value->as_object()) {
      if (is_metadata(name)) continue;
      if (model.field(name) == nullptr) model.fields.emplace_back().name = name;
      FieldSchema& field = model.fields[*model.field_index(name)];
      if (content.as_integer() != nullptr) field.scalar = Scalar::integer;
      if (content.as_object() != nullptr) field.kind = FieldKind::embedded;
      if (content.as_list() != nullptr) field.is_list = true;
    }
  }
  return model;
}

Record record_of(const ModelSchema& model, const Value& object) {
  Record record(model);
  for (const FieldSchema& field : model.fields) record[field.name] = object[field.name];
  return record;
}

Patch patch_of(const ModelSchema& model, const Value& incoming) {
  Patch patch;
  for (std::size_t i = 0; i < model.fields.size(); ++i) {
    const Value* value = incoming.as_object()->find(model.fields[i].name);
    if (value != nullptr && !model.is_key(model.fields[i].name)) patch.push_back({i, *value});
  }
  return patch;
}

std::string shown(const Record& record) {
  Object object;
  for (std::size_t i = 0; i < record.values.size(); ++i) object.set(record.model->fields[i].name, record.values[i]);
  return json::write(Value(std::move(object)));
}

void replay(const Value& test) {
  const Value& stored = test["stored"];
  const Value& incoming = test["incoming"];
  const Value& expected = test["expect"]["record"];
  const ModelSchema model = model_of({&stored, &test["base"], &incoming, &expected});
  // At equal versions the stored record itself is the base.
  const Value& base = incoming["_version"] == stored["_version"] ? stored : test["base"];
  const auto base_record = base.is_null() ? std::optional<Record>() : std::optional<Record>(record_of(model, base));
  const bool is_three_way = test["switch"] == Value("merge.lists=three_way");
  const Record merged = auto_merged(record_of(model, stored), base_record, patch_of(model, incoming), is_three_way);
  EXPECT_EQ(merged, record_of(model, expected)) << shown(merged) << " is not " << json::write(expected);
}

TEST(Conflict, MergesEveryCaseOfTheSpecification) {
  std::ifstream file(cases_path);
  ASSERT_TRUE(file) << cases_path << " is missing: the cases of the specification lie beside the source folder";
  std::ostringstream text;
  text << file.rdbuf();
  const auto parsed = json::parse(text.str());
  ASSERT_TRUE(parsed) << parsed.error().message;
  const List* cases = (*parsed)["cases"].as_list();
  ASSERT_NE(cases, nullptr);
  int replayed = 0;
  for (const Value& test : *cases) {
    const bool is_merge = test["strategy"] == Value("AUTOMERGE") && test["operation"] == Value("update");
    if (!is_merge || test["expect"]["record"].is_null()) continue;
    SCOPED_TRACE(*test["name"].as_string());
    replay(test);
    ++replayed;
  }
  EXPECT_GE(replayed, 17) << "cases were lost";
}

/// Merges the field `f` of three JSON texts; an empty `base` is an unknown one.
std::string merged(std::string_view stored, std::string_view base, std::string_view incoming, bool is_three_way) {
  ModelSchema model;
  model.name = "Case";
  model.primary_key = {"id"};
  model.fields.resize(2);
  model.fields[0].name = "id";
  model.fields[1].name = "f";
  Record stored_record(model);
  stored_record["f"] = json::parse(stored).value();
  std::optional<Record> base_record;
  if (!base.empty()) {
    base_record.emplace(model);
    (*base_record)["f"] = json::parse(base).value();
  }
  const Patch patch = {{1, json::parse(incoming).value()}};
  return json::write(auto_merged(stored_record, base_record, patch, is_three_way)["f"]);
}

TEST(Conflict, MergesListsThreeWay) {
  const auto three_way = [](auto... texts) { return merged(texts..., true); };
  EXPECT_EQ(three_way("[1,2,3]", "[1,2]", "[2,4]"), "[2,3,4]") << "removed by the client, added by both sides";
  EXPECT_EQ(three_way("[1,5,6]", "[1]", "[1,5,7]"), "[1,5,6,7]") << "the same element added by both stays one";
  EXPECT_EQ(three_way("[1,3]", "[1,1]", "[1,4]"), "[1,3,4]") << "one of two removed by both";
  EXPECT_EQ(three_way("[1]", "", "[1,2]"), "[1,2]") << "nothing is known to be removed";
  EXPECT_EQ(three_way("[2]", "null", "[1]"), "[2,1]");
  EXPECT_EQ(three_way("[3,1,1]", "[3]", "[1,1,1,2]"), "[1,1,1,2]");
  EXPECT_EQ(three_way(R"([{"a":1,"b":2},3])", R"([{"a":1,"b":2}])", R"([{"b":2,"a":1},4])"), R"([{"a":1,"b":2},3,4])")
      << "the order of members means nothing";
}

TEST(Conflict, KeepsTheStoredValueAgainstAnotherKindOfValue) {
  EXPECT_EQ(merged("[1]", "[2]", "null", false), "[1]");
  EXPECT_EQ(merged(R"({"a":1})", R"({"a":2})", "null", false), R"({"a":1})");
}

TEST(Conflict, LeavesAbsentMembersOfAnEmbeddedValueAlone) {
  EXPECT_EQ(merged(R"({"a":1,"b":5})", R"({"a":1,"b":2})", R"({"a":3})", false), R"({"a":3,"b":5})");
}

TEST(Conflict, MergesListsInsideEmbeddedValues) {
  EXPECT_EQ(merged(R"({"l":[1,2]})", R"({"l":[1]})", R"({"l":[3]})", false), R"({"l":[1,2,3]})");
  EXPECT_EQ(merged(R"({"l":[1,2]})", R"({"l":[1]})", R"({"l":[3]})", true), R"({"l":[2,3]})");
}

TEST(Conflict, ComparesNumbersByValue) {
  EXPECT_EQ(merged("2", "1", "1.0", false), "2") << "the client did not change it";
  EXPECT_EQ(merged("1", "1.0", "3", false), "3") << "nobody else changed it";
}

}  // namespace
}  // namespace holdfast::server
