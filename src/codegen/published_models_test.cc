// Our models for JavaScript clients and for introspection, against what the published generator makes: of every
// recorded schema beside the repository, and of those in testdata/published, which tests/parity/record.js records.
#include <gtest/gtest.h>

#include <iterator>
#include <set>
#include <sstream>

#include "base/json.h"
#include "codegen/introspection.h"
#include "codegen/javascript.h"
#include "graphql/testing.h"
#include "schema/schema_reader.h"

namespace holdfast::codegen {
namespace {

using graphql::golden::read_json;
using graphql::golden::read_text;

namespace fs = std::filesystem;

struct Case {
  std::string name;
  std::string schema;
  schema::Dialect dialect = schema::Dialect::v2;
  Value schema_js = {};      ///< Null when nothing is recorded; a string when the generator refused.
  Value introspection = {};  ///< The same.
  std::string typings = {};
};

schema::Dialect dialect_of(const Value& word) {
  return word == Value("v1") ? schema::Dialect::v1 : schema::Dialect::v2;
}

Value read_if_there(const fs::path& path) { return fs::exists(path) ? read_json(path) : Value(); }

std::vector<fs::path> folders_in(const fs::path& parent) {
  std::set<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(parent)) {
    if (entry.is_directory()) folders.insert(entry.path());
  }
  return {folders.begin(), folders.end()};
}

std::vector<Case> golden_cases() {
  std::vector<Case> cases;
  for (const auto& folder : folders_in(graphql::golden::recorded() / "transformer")) {
    cases.push_back({.name = folder.filename().string(),
                     .schema = read_text(folder / "schema.graphql"),
                     .dialect = dialect_of(read_json(folder / "case.json")["transformer"]),
                     .schema_js = read_json(folder / "schema-js.json"),
                     .introspection = read_if_there(folder / "introspection.json"),
                     .typings = read_text(folder / "index.d.ts.txt")});
  }
  return cases;
}

std::vector<Case> recorded_cases() {
  std::vector<Case> cases;
  for (const auto& folder : folders_in("src/codegen/testdata/published")) {
    const auto expected = read_json(folder / "expected.json");
    const auto* typings = expected["typings"].as_string();
    cases.push_back({.name = folder.filename().string(),
                     .schema = read_text(folder / "schema.graphql"),
                     .dialect = dialect_of(expected["dialect"]),
                     .schema_js = expected["schema"],
                     .introspection = expected["introspection"],
                     .typings = typings == nullptr ? "" : *typings});
  }
  return cases;
}

using Made = std::variant<Metadata, std::vector<graphql::Diagnostic>>;

Made metadata_of(const std::string& text, Audience audience, schema::Dialect dialect = schema::Dialect::v2) {
  const std::vector<graphql::Source> sources = {{"schema.graphql", text}};
  auto read = schema::read_schema(sources, {.dialect = dialect});
  if (auto* problems = std::get_if<1>(&read)) return std::move(*problems);
  return metadata(std::get<schema::Reading>(read), audience);
}

Metadata sound(Made made) {
  if (const auto* problems = std::get_if<1>(&made)) throw std::runtime_error(problems->front().message);
  return std::get<Metadata>(std::move(made));
}

std::string text_of(const Value& value) { return json::write(value); }

/// The path of the first difference with both values; empty when there is none. Lists in order, members in any.
std::string difference(const Value& ours, const Value& theirs, const std::string& path) {
  const auto *our_object = ours.as_object(), *their_object = theirs.as_object();
  if (our_object != nullptr && their_object != nullptr) {
    for (const auto& [name, value] : *their_object) {
      const auto* member = our_object->find(name);
      if (member == nullptr) return path + "." + name + ": missing, should be " + text_of(value);
      if (auto found = difference(*member, value, path + "." + name); !found.empty()) return found;
    }
    for (const auto& [name, value] : *our_object) {
      if (their_object->find(name) == nullptr) return path + "." + name + ": too much: " + text_of(value);
    }
    return {};
  }
  const auto *our_list = ours.as_list(), *their_list = theirs.as_list();
  if (our_list != nullptr && their_list != nullptr && our_list->size() == their_list->size()) {
    for (std::size_t at = 0; at < our_list->size(); ++at) {
      auto found = difference((*our_list)[at], (*their_list)[at], path + "[" + std::to_string(at) + "]");
      if (!found.empty()) return found;
    }
    return {};
  }
  return numbers_equal(ours, theirs) ? "" : path + ": " + text_of(ours) + ", should be " + text_of(theirs);
}

/// Blank lines and indentation do not matter.
std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

std::string text_named(const std::vector<GeneratedFile>& files, const std::string& name) {
  for (const auto& file : files) {
    if (file.name == name) return file.text;
  }
  return "(no file " + name + ")";
}

std::vector<Case> all_cases() {
  auto cases = golden_cases();
  for (auto& one : recorded_cases()) cases.push_back(std::move(one));
  return cases;
}

bool is_refused(const Made& made) { return std::holds_alternative<std::vector<graphql::Diagnostic>>(made); }

// G01, G02, G03, G04, G05, G06, G07, G08, G09, G12, G13, G14, G19, G22: the recorded schemas have each of them
TEST(PublishedModels, HaveTheSameSchemaObject) {
  for (const auto& one : all_cases()) {
    const auto made = metadata_of(one.schema, Audience::datastore, one.dialect);
    if (const auto* refusal = one.schema_js.as_string()) {
      EXPECT_TRUE(is_refused(made)) << one.name << ": the generator refuses it: " << *refusal;
    } else {
      EXPECT_EQ(difference(schema_js(sound(made)), one.schema_js, one.name), "");
    }
  }
}

// G01, G02, G14, G18
TEST(PublishedModels, HaveTheSameIntrospection) {
  for (const auto& one : all_cases()) {
    if (one.introspection.is_null()) continue;
    const auto made = metadata_of(one.schema, Audience::introspection, one.dialect);
    if (const auto* refusal = one.introspection.as_string()) {
      EXPECT_TRUE(is_refused(made)) << one.name << ": the generator refuses it: " << *refusal;
    } else {
      EXPECT_EQ(difference(introspection(sound(made)), one.introspection, one.name), "");
    }
  }
}

// G01, G11, G12
TEST(PublishedModels, HaveTheSameTypings) {
  for (const auto& one : all_cases()) {
    if (one.typings.empty()) continue;
    const auto files = javascript_models(sound(metadata_of(one.schema, Audience::datastore, one.dialect)));
    EXPECT_EQ(words(text_named(files, "index.d.ts")), words(one.typings)) << one.name;
  }
}

}  // namespace
}  // namespace holdfast::codegen
