// @default and @validate through the API; the oracle is the published transformers' resolvers.
#include <gmock/gmock.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Story;

constexpr const char* schema_text = R"(
  type Player @model {
    id: ID!
    name: String @default(value: "nobody") @validate(type: minLength, value: "2") @validate(type: maxLength, value: "6")
    code: String @validate(type: matches, value: "[A-Z]+[0-9]*", errorMessage: "no code")
    tag: String @validate(type: startsWith, value: "t-") @validate(type: endsWith, value: "!")
    score: Int @default(value: "7") @validate(type: gte, value: "0") @validate(type: lt, value: "100")
    share: Float @validate(type: gt, value: "0.5") @validate(type: lte, value: "1")
  })";

class InputRules : public ::testing::Test {
 protected:
  Value write(const std::string& operation, const std::string& input) {
    return story_.ask("mutation M($input: " + operation + "PlayerInput!) { answer: " + (operation == "Create" ? "create" : "update") +
                          "Player(input: $input) { id name score _version } }",
                      R"({"input": )" + input + "}");
  }
  Value created(const std::string& input) { return write("Create", input)["data"]["answer"]; }
  std::string refusal_of(const std::string& operation, const std::string& input) {
    const auto answer = write(operation, input);
    EXPECT_TRUE(answer["data"]["answer"].is_null());
    const auto* errors = answer["errors"].as_list();
    if (errors == nullptr || errors->empty()) return "none";
    EXPECT_TRUE(errors->front()["errorType"].is_null());
    return *errors->front()["message"].as_string();
  }

  Story story_{schema_text};
};

TEST_F(InputRules, FillWhatACreateLeavesOutOrNulls) {
  EXPECT_EQ(created(R"({"id": "1"})")["name"], "nobody");
  EXPECT_EQ(created(R"({"id": "2", "score": null})")["score"], 7);
  const auto given = created(R"({"id": "3", "name": "Ann", "score": 0})");
  EXPECT_EQ(given["name"], "Ann");
  EXPECT_EQ(given["score"], 0);
}

TEST_F(InputRules, DoNotFillUpdates) {
  created(R"({"id": "1", "score": 5})");
  const auto answer = write("Update", R"({"id": "1", "score": null, "_version": 1})");
  EXPECT_TRUE(answer["data"]["answer"]["score"].is_null());
  EXPECT_EQ(answer["data"]["answer"]["_version"], 2);
}

TEST_F(InputRules, AnswerARepeatedCreateWithTheRecord) {
  EXPECT_EQ(created(R"({"id": "1"})")["_version"], 1);
  EXPECT_EQ(created(R"({"id": "1"})")["_version"], 1);
}

TEST_F(InputRules, RefuseInTheWordsOfTheRule) {
  const std::vector<std::pair<std::string, std::string>> broken = {
      {R"("name": "A")", "Field name of type Player must have a minimum length of 2"},
      {R"("name": "Annette")", "Field name of type Player must have a maximum length of 6"},
      {R"("code": "AB1x")", "no code"},
      {R"("tag": "x!")", "Field tag of type Player must start with t-"},
      {R"("tag": "t-x")", "Field tag of type Player must end with !"},
      {R"("score": -1)", "Field score of type Player must be greater than or equal to 0"},
      {R"("score": 100)", "Field score of type Player must be less than 100"},
      {R"("share": 0.5)", "Field share of type Player must be greater than 0.5"},
      {R"("share": 2)", "Field share of type Player must be less than or equal to 1"},
  };
  for (const auto& [members, message] : broken) EXPECT_EQ(refusal_of("Create", "{" + members + "}"), message);
  EXPECT_EQ(created(R"({"id": "1", "name": "Ann", "code": "AB1", "tag": "t-!", "score": 99, "share": 1})")["_version"], 1);
  EXPECT_EQ(refusal_of("Update", R"({"id": "1", "score": 100, "_version": 1})"),
            "Field score of type Player must be less than 100");
}

// "😀" is one character of two units in UTF-16, which is how the service counts.
TEST_F(InputRules, CountAsTheServiceDoes) {
  EXPECT_EQ(created(R"({"id": "1", "name": "😀"})")["_version"], 1);
  EXPECT_EQ(refusal_of("Create", R"({"name": "😀😀😀ä"})"), "Field name of type Player must have a maximum length of 6");
}

TEST_F(InputRules, LetRecordsBeDeletedThatBreakThem) {
  created(R"({"id": "1"})");
  const auto answer = story_.ask(R"(mutation { deletePlayer(input: {id: "1", _version: 1}) { _deleted } })");
  EXPECT_EQ(answer["data"]["deletePlayer"]["_deleted"], true);
}

}  // namespace
}  // namespace holdfast::server
