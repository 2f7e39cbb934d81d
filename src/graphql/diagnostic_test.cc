#include <gtest/gtest.h>

#include "graphql/parser.h"

namespace holdfast::graphql {
namespace {

TEST(Diagnostic, ShowsTheLineWithACaretAndTheHint) {
  const std::vector<Source> sources = {{"a.graphql", "type A {\n  b: Strin\n}\n"}};
  const Diagnostic wrong{.at = {2, 6, 0}, .message = "Unknown type \"Strin\".", .remedy = "Write String."};
  EXPECT_EQ(render(wrong, sources),
            "a.graphql:2:6: error: Unknown type \"Strin\".\n"
            "    b: Strin\n"
            "       ^\n"
            "  hint: Write String.\n");
}

TEST(Diagnostic, PutsTheCaretUnderTheColumnBehindTabsAndWideCharacters) {
  const std::vector<Source> sources = {{"a", ""}, {"b", "\xEF\xBB\xBFx\r\n\t\"\xC3\xA9\" y"}};
  EXPECT_EQ(render({.at = {2, 7, 1}, .message = "No."}, sources), "b:2:7: error: No.\n  \t\"\xC3\xA9\" y\n  \t    ^\n");
}

TEST(Diagnostic, SaysWhatItCanWhenThePlaceIsUnknown) {
  EXPECT_EQ(render({.message = "No."}, {}), "error: No.\n");
  EXPECT_EQ(render({.at = {9, 4, 0}, .message = "No."}, {{"a", "one line"}}), "a:9:4: error: No.\n  \n  ^\n");
  EXPECT_EQ(render({.at = {1, 1, 7}, .message = "No."}, {{"a", "x"}}), "1:1: error: No.\n");
}

}  // namespace
}  // namespace holdfast::graphql
