// Sync expressions, as the application gives them.
#include <stdexcept>

#include "client/device_testing.h"

namespace holdfast::device_testing {
namespace {

Predicate rating_below(int most) { return Predicate::compare("rating", Op::lt, {most}); }

class SelectionTest : public DeviceTest {
 protected:
  void start_with(std::vector<SyncExpression> expressions) {
    auto made = options();
    made.expressions = std::move(expressions);
    ASSERT_TRUE(device->start(std::move(made)));
  }
  /// Read each time the expression is asked.
  SyncExpression below(const int& limit) {
    return {"Post", [this, &limit](const SyncExpression::Answer& answer) {
              ++asked_expressions;
              answer(rating_below(limit));
            }};
  }
  SyncExpression of_post(std::function<void(SyncExpression::Answer)> ask) { return {"Post", std::move(ask)}; }
  void answer_posts(List items) {
    answer_page("syncPosts", std::move(items));
    answer_page("syncComments");
  }
  Value rated(const char* id, int rating) {
    return item(record(post, {{"id", id}, {"title", id}, {"rating", rating}}), 1);
  }

  int most = 5;
  int asked_expressions = 0;
};

// S34
TEST_F(SelectionTest, AnExpressionIsAskedOnceAStart) {
  start_with({below(most)});
  subscribe();
  EXPECT_THAT(asked(), HasSubstr(R"("filter":{"and":[{"rating":{"lt":5}}]})"));
  answer_posts({rated("a", 1), rated("b", 9)});
  EXPECT_EQ(rows(post).size(), 1U);
  EXPECT_EQ(asked_expressions, 1);
  device->stop();
  most = 3;
  start_with({below(most)});
  EXPECT_EQ(asked_expressions, 2);
  subscribe();
  EXPECT_THAT(asked(), HasSubstr(R"({"lt":3})"));
}

// S35: sync waits for an answer that comes later.
TEST_F(SelectionTest, AnExpressionMayBeAnsweredLater) {
  SyncExpression::Answer later;
  start_with({of_post([&](SyncExpression::Answer answer) { later = std::move(answer); })});
  EXPECT_TRUE(transport->sockets.empty());
  later(rating_below(5));
  later(rating_below(9));
  subscribe();
  EXPECT_THAT(asked(), HasSubstr(R"({"lt":5})"));
}

TEST_F(SelectionTest, AnAnswerThatComesAfterTheStopIsIgnored) {
  SyncExpression::Answer later;
  start_with({of_post([&](SyncExpression::Answer answer) { later = std::move(answer); })});
  device->stop();
  later(rating_below(5));
  EXPECT_TRUE(transport->sockets.empty());
  start_with({of_post([&](SyncExpression::Answer answer) { later = std::move(answer); })});
  device.reset();
  later(rating_below(5));
}

// S35
TEST_F(SelectionTest, AllIsNoFilter) {
  start_with({of_post([](const SyncExpression::Answer& answer) { answer(Predicate{}); })});
  subscribe();
  EXPECT_THAT(asked(), HasSubstr(R"("filter":null)"));
}

// S36
TEST_F(SelectionTest, ASecondExpressionOfAModelIsIgnoredAndReported) {
  const int other = 9;
  start_with({below(most), below(other)});
  subscribe();
  EXPECT_THAT(asked(), HasSubstr(R"({"lt":5})"));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_THAT(errors[0].error.message, HasSubstr("two sync expressions"));
}

TEST_F(SelectionTest, AnExpressionThatFailsLeavesItsModelAloneAndIsReported) {
  const std::vector<std::function<void(SyncExpression::Answer)>> failures{
      [](const SyncExpression::Answer& answer) { answer(Error{Code::unavailable, "no settings"}); },
      [](const SyncExpression::Answer&) { throw std::runtime_error("no settings"); },
      [](const SyncExpression::Answer& answer) { answer(Predicate::compare("nonsense", Op::eq, {1})); },
      [](const SyncExpression::Answer& answer) { answer(Predicate::related("comments", {})); }};
  for (const auto& failure : failures) {
    errors.clear();
    start_with({of_post(failure)});
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].model, "Post");
    EXPECT_EQ(errors[0].operation, "sync");
    subscribe();
    EXPECT_THAT(asked(), HasSubstr("syncComments")) << "the others go on";
    device->stop();
    transport->exchanges.clear();
  }
}

TEST_F(SelectionTest, AnExpressionOfAnUnknownModelIsReported) {
  start_with({{"Nonsense", [](const SyncExpression::Answer& answer) { answer(Predicate{}); }}});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(transport->sockets.size(), 1U);
}

TEST_F(SelectionTest, ReselectFetchesWhatIsKeptNowAndEvictsTheRest) {
  start_with({below(most)});
  subscribe();
  answer_posts({rated("a", 1), rated("b", 4)});
  std::vector<std::string> removed;
  const auto subscription = device->observe(post, {}, [&](const RecordChange& change) {
    if (change.type == ChangeType::removed) removed.push_back(change.record.key().text());
  });
  ASSERT_TRUE(device->reselect());
  EXPECT_EQ(transport->sockets.size(), 1U) << "the same answer: nothing happens";
  most = 3;
  ASSERT_TRUE(device->reselect());
  subscribe();
  answer_posts({rated("a", 1)});
  EXPECT_THAT(removed, ElementsAre(key("b").text()));
  EXPECT_EQ(rows(post).size(), 1U);
}

TEST_F(SelectionTest, ReselectNeedsAStoreThatSyncs) {
  const auto refused = device->reselect();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace holdfast::device_testing
