// Documents: what is kept of them, and how much.
#include "server/documents.h"

#include <gtest/gtest.h>

#include "server/document_limits.h"
#include "server/resolve/aws_scalars.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

class KeptDocuments : public ::testing::Test {
 protected:
  std::shared_ptr<const Prepared> prepare(const std::string& text, Strictness strictness = Strictness::strict) {
    auto found = documents_.prepare(text, strictness);
    auto* prepared = std::get_if<std::shared_ptr<const Prepared>>(&found);
    return prepared == nullptr ? nullptr : *prepared;
  }
  static std::string numbered(int number) { return "{ a" + std::to_string(number) + ": x }"; }

  graphql::TypeSystem types_ = std::get<graphql::TypeSystem>(
      graphql::TypeSystem::build(std::get<graphql::SchemaDocument>(graphql::parse_schema("type Query { x: Int y(of: Int): Int }"))));
  RequestLimits limits_{.documents_bytes_max = 20'000};
  Metrics metrics_;
  AwsScalars scalars_;
  Documents documents_{types_, scalars_, limits_, metrics_};
};

TEST_F(KeptDocuments, AreParsedOnce) {
  const auto first = prepare("{ x }");
  EXPECT_EQ(prepare("{ x }"), first);
  EXPECT_NE(prepare("{ x } "), first) << "by its text, letter for letter";
  EXPECT_NE(prepare("{ x }", Strictness::lenient), first);
}

TEST_F(KeptDocuments, TakeNoMoreThanTheirBytes) {
  for (int number = 0; number < 1'000; ++number) {
    ASSERT_NE(prepare(numbered(number)), nullptr);
    ASSERT_LE(documents_.kept_bytes(), limits_.documents_bytes_max);
  }
  EXPECT_GT(documents_.kept_bytes(), limits_.documents_bytes_max / 2);
  const auto last = prepare(numbered(999));
  prepare(numbered(0));
  EXPECT_EQ(prepare(numbered(999)), last) << "what was used last stays";
}

TEST_F(KeptDocuments, CountTheParsedFormAndNotOnlyTheText) {
  const std::string fields(2'000, ' ');
  prepare("{ x " + fields + "}");
  const auto text_alone = documents_.kept_bytes();
  EXPECT_GT(text_alone, fields.size());
  std::string many = "{";
  for (int number = 0; number < 20; ++number) many += " y(of: 1)";
  const auto prepared = prepare(many + "}");
  EXPECT_GT(documents_.kept_bytes() - text_alone, 20 * (sizeof(graphql::Selection) + sizeof(graphql::AstField)));
}

TEST_F(KeptDocuments, AreNotPushedOutByOneThatIsTooLarge) {
  const auto kept = prepare("{ x }");
  std::string many = "{";
  for (int number = 0; number < 200; ++number) many += " y(of: 1)";
  EXPECT_NE(prepare(many + "}"), nullptr);
  EXPECT_EQ(prepare("{ x }"), kept);
}

TEST_F(KeptDocuments, AreNeverThoseThatWereRefused) {
  prepare("{ x }");
  const auto before = documents_.kept_bytes();
  for (int number = 0; number < 100; ++number) {
    const auto name = std::to_string(number);
    EXPECT_EQ(prepare("{ a" + name + " }"), nullptr);             // Not of this API.
    EXPECT_EQ(prepare("{ a" + name), nullptr);                    // Not GraphQL.
    EXPECT_EQ(prepare(std::string(300'000, ' ') + name), nullptr);  // Beyond a limit.
  }
  EXPECT_EQ(documents_.kept_bytes(), before);
}

}  // namespace
}  // namespace holdfast::server
