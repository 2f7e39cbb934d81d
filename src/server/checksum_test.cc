// The question for a checksum, which stands beside the API.
#include "protocol/checksum.h"

#include <gtest/gtest.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Story;

constexpr const char* note_schema = "type Note @model { id: ID! text: String! size: Int }";

class Checksums : public ::testing::Test {
 protected:
  Checksums() {
    for (const char* id : {"a", "b", "c"}) {
      story.get(R"(mutation M($i: CreateNoteInput!) { createNote(input: $i) { id } })",
                json::write(Object{{"i", Object{{"id", id}, {"text", id}, {"size", id[0] - 'a'}}}}));
    }
    story.get(R"(mutation { deleteNote(input: {id: "c", _version: 1}) { id } })");
  }
  HttpResponse post(std::string body, Headers headers = {{"x-api-key", "da2-right"}}) {
    return story.server->respond(
        {.method = "POST", .target = "/graphql/checksum", .headers = std::move(headers), .body = std::move(body)});
  }
  protocol::ChecksumPart ask(protocol::ChecksumQuestion question) {
    question.fields = protocol::summed_fields(*story.schema.model("Note"));
    const auto read = protocol::read_checksum(post(protocol::write(question)));
    const auto* part = std::get_if<protocol::ChecksumPart>(&read);
    if (!part) ADD_FAILURE() << std::get<protocol::NoChecksum>(read).error.message;
    return part ? *part : protocol::ChecksumPart{};
  }
  protocol::Checksum of(std::initializer_list<const char*> ids) {
    protocol::Checksum sum;
    const auto& note = *story.schema.model("Note");
    for (const char* id : ids) {
      Record row(note);
      row["id"] = id;
      row["text"] = id;
      row["size"] = id[0] - 'a';
      sum.add(row, 1, protocol::summed_fields(note));
    }
    return sum;
  }

  Story story{note_schema, {.api_key = "da2-right"}};
};

TEST_F(Checksums, AreOfLiveRowsWithTheirVersions) {
  const auto part = ask({.model = "Note"});
  EXPECT_EQ(part.checksum, of({"a", "b"}));
  EXPECT_EQ(part.fields, (std::vector<std::string>{"id", "text", "size"}));
  EXPECT_FALSE(part.next_token);
  story.get(R"(mutation { updateNote(input: {id: "a", text: "a", _version: 1}) { id } })");
  EXPECT_NE(ask({.model = "Note"}).checksum, of({"a", "b"}));
}

TEST_F(Checksums, AreOfWhatIsAskedFor) {
  EXPECT_EQ(ask({.model = "Note", .where = Predicate::compare("size", Op::gt, {0})}).checksum, of({"b"}));
  EXPECT_EQ(ask({.model = "Note", .except = {Key{{"b"}}, Key{{"nobody"}}}}).checksum, of({"a"}));
}

TEST_F(Checksums, AreForWhoMayCall) { EXPECT_EQ(post("{}", {}).status, 401); }

TEST_F(Checksums, RefuseQuestionsThatDoNotFit) {
  EXPECT_EQ(post("nonsense").status, 400);
  EXPECT_EQ(post(protocol::write(protocol::ChecksumQuestion{.model = "Nobody"})).status, 422);
  EXPECT_EQ(post(protocol::write(protocol::ChecksumQuestion{.model = "Note", .where = Predicate::compare("no", Op::eq, {1})})).status, 422);
  EXPECT_EQ(post(protocol::write(protocol::ChecksumQuestion{.model = "Note", .next_token = "forged"})).status, 400);
}

TEST_F(Checksums, AreNotInTheApi) {
  const auto fields = story.get("{ __schema { queryType { fields { name } } } }");
  EXPECT_EQ(json::write(fields).find("hecksum"), std::string::npos);
}

}  // namespace
}  // namespace holdfast::server
