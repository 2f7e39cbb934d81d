// Schemas that were put to the published transformer, one mistake or oddity each, and what is said of them here.
//
// testdata/transformer/rejected.json   it rejects, and so do we: "published" is the first line of its text, "says" ours
//                     accepted.json    it accepts, and so do we; "notices" is what we say all the same
//                     stricter.json    it accepts what nothing could run, or we cannot hold: "because" says why
// `dialect` and `conflict` are settings of a row; absent for v2 and automerge.
#include <gtest/gtest.h>

#include <set>

#include "graphql/testing.h"
#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

using graphql::golden::text_at;

const std::filesystem::path folder = "src/schema/testdata/transformer";

ReadOptions options_of(const Value& row) {
  ReadOptions options{.dialect = Dialect::v2};
  if (const auto* dialect = row["dialect"].as_string()) options.dialect = *dialect == "v1" ? Dialect::v1 : Dialect::v2;
  if (const auto* conflict = row["conflict"].as_string()) options.has_conflict_detection = *conflict != "none";
  return options;
}

std::string rendered(const std::vector<graphql::Diagnostic>& all) {
  std::string text;
  for (const auto& one : all) {
    text += std::to_string(one.at.line) + ":" + std::to_string(one.at.column) + " " + one.message;
    text += one.remedy.empty() ? "\n" : " | " + one.remedy + "\n";
  }
  return text;
}

struct Outcome {
  bool is_accepted = false;
  std::string text = {};  ///< Its problems, or its notices.
};

Outcome outcome(const Value& row) {
  auto read = read_schema({{"s", text_at(row, "schema")}}, options_of(row));
  if (const auto* problems = std::get_if<1>(&read)) return {false, rendered(*problems)};
  return {true, rendered(std::get<0>(read).notices)};
}

template <class Check>
void each_row(const char* file, std::size_t rows_min, Check&& check) {
  const auto rows = graphql::golden::read_json(folder / file);
  std::set<std::string> names;
  for (const auto& row : *rows.as_list()) {
    EXPECT_TRUE(names.insert(text_at(row, "name")).second) << "two rows of one name: " << text_at(row, "name");
    check(row);
  }
  EXPECT_GE(names.size(), rows_min);
}

TEST(Transformer, RejectsWhatWeReject) {
  each_row("rejected.json", 200, [](const Value& row) {
    const auto found = outcome(row);
    EXPECT_FALSE(found.is_accepted) << text_at(row, "name") << ": " << text_at(row, "published");
    EXPECT_EQ(found.text, text_at(row, "says")) << text_at(row, "name");
  });
}

TEST(Transformer, AcceptsWhatWeAccept) {
  each_row("accepted.json", 80, [](const Value& row) {
    const auto found = outcome(row);
    EXPECT_TRUE(found.is_accepted) << text_at(row, "name") << "\n" << found.text;
    const auto* notices = row["notices"].as_string();
    EXPECT_EQ(found.text, notices == nullptr ? "" : *notices) << text_at(row, "name");
  });
}

TEST(Transformer, AcceptsSomeThatWeRejectForAReason) {
  each_row("stricter.json", 40, [](const Value& row) {
    const auto found = outcome(row);
    EXPECT_FALSE(found.is_accepted) << text_at(row, "name") << ": " << text_at(row, "because");
    EXPECT_EQ(found.text, text_at(row, "says")) << text_at(row, "name");
  });
}

// Every row that is wrong says what to do.
TEST(Transformer, LeavesNobodyWithoutARemedy) {
  for (const char* file : {"rejected.json", "stricter.json"}) {
    each_row(file, 1, [](const Value& row) {
      auto read = read_schema({{"s", text_at(row, "schema")}}, options_of(row));
      const auto* problems = std::get_if<1>(&read);
      ASSERT_NE(problems, nullptr) << text_at(row, "name");
      for (const auto& problem : *problems)
        EXPECT_FALSE(problem.remedy.empty()) << text_at(row, "name") << ": " << problem.message;
    });
  }
}

}  // namespace
}  // namespace holdfast::schema
