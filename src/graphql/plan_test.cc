// What is planned once for all runs of an operation. That a plan changes no answer: execute_test.cc.
#include "graphql/plan.h"

#include <gtest/gtest.h>

#include "graphql/schema_test_types.h"

namespace holdfast::graphql {
namespace {

constexpr std::string_view sdl = R"(
  type Query { post: Post node: Node }
  interface Node { id: ID! }
  type Post implements Node { id: ID! title: String blog: Blog }
  type Blog { name: String }
)";

class PlanOperation : public ::testing::Test {
 protected:
  /// The names of the planned fields; those of a level that is not planned are a question mark.
  std::string planned(std::string_view text, std::size_t steps_max = 100) {
    document_ = testing::read_document(text);
    const auto plan = plan_operation(types_, document_, document_.operations.front(), scalars_, steps_max);
    return plan == nullptr ? "?" : names(*plan);
  }
  static std::string names(const Plan& plan) {
    std::string text;
    for (const auto& field : plan.fields) {
      text += (text.empty() ? "" : " ") + std::string(field.group.response_name);
      if (field.inside) text += "{" + names(*field.inside) + "}";
      else if (field.named != nullptr && is_composite(*field.named)) text += "{?}";
    }
    return text;
  }

  const TypeSystem types_ = testing::build_types(sdl);
  const testing::PlainScalars scalars_;
  Document document_;
};

TEST_F(PlanOperation, HasAllLevelsMergedAndWithTheirFragments) {
  EXPECT_EQ(planned("{ post { x: id ...F } post { blog { name } } } fragment F on Post { title blog { __typename } }"),
            "post{x title blog{__typename name}}");
  EXPECT_EQ(planned("{ post { id @skip(if: true) title @include(if: true) } }"), "post{title}");
}

TEST_F(PlanOperation, LeavesToTheRunWhatVariablesDecide) {
  EXPECT_EQ(planned("query($b: Boolean!) { post { id blog { name @skip(if: $b) } } }"), "post{id blog{?}}");
  EXPECT_EQ(planned("query($b: Boolean!) { post @include(if: $b) { id } }"), "?");
}

TEST_F(PlanOperation, LeavesToTheRunWhatObjectsDecide) { EXPECT_EQ(planned("{ node { id } post { id } }"), "node{?} post{id}"); }

TEST_F(PlanOperation, HasNoMoreSelectionsThanAllowed) {
  EXPECT_EQ(planned("{ post { id blog { name } title } }", 5), "post{id blog{?} title}");
  EXPECT_EQ(planned("{ post { id } }", 1), "?");
}

TEST_F(PlanOperation, KnowsHowFieldsAreWritten) {
  document_ = testing::read_document("{ x: post { id } }");
  const auto plan = plan_operation(types_, document_, document_.operations.front(), scalars_, 100);
  ASSERT_NE(plan, nullptr);
  EXPECT_EQ(plan->fields.front().key, ",\"x\":");
  EXPECT_EQ(plan->fields.front().inside->fields.front().leaf, Leaf::id);
  EXPECT_GT(weight_of(*plan), weight_of(*plan->fields.front().inside));
}

}  // namespace
}  // namespace holdfast::graphql
