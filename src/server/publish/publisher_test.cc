#include "server/publish/publisher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <utility>
#include <vector>

namespace holdfast::server {
namespace {

ModelSchema model_named(const std::string& name) {
  ModelSchema model;
  model.name = name;
  model.primary_key = {"id"};
  model.fields.resize(2);
  model.fields[0].name = "id";
  model.fields[1].name = "rating";
  model.fields[1].scalar = Scalar::integer;
  return model;
}

const ModelSchema& posts() {
  static const ModelSchema model = model_named("Post");
  return model;
}

ChangeEntry change_of(const ModelSchema& model, std::int64_t sequence, std::int64_t rating = 0) {
  ChangeEntry change;
  change.sequence = sequence;
  change.image.record = Record(model);
  change.image.record["id"] = "a";
  change.image.record["rating"] = rating;
  change.image.metadata.version = sequence;
  return change;
}

/// Which sequences a listener heard.
struct Heard {
  std::vector<std::int64_t> sequences;
  Publisher::Listener listener() {
    return [this](const ChangeEntry& change) { sequences.push_back(change.sequence); };
  }
};

TEST(Publisher, TellsEachKindOfChangeToWhoAskedForIt) {
  Publisher publisher;
  Heard created, updated, deleted;
  const auto on_create = publisher.listen({&posts(), PublishedKind::created}, created.listener());
  const auto on_update = publisher.listen({&posts(), PublishedKind::updated}, updated.listener());
  const auto on_delete = publisher.listen({&posts(), PublishedKind::deleted}, deleted.listener());
  ChangeEntry change = change_of(posts(), 1);
  change.is_new = true;
  publisher.publish(change);
  publisher.publish(change_of(posts(), 2));
  change = change_of(posts(), 3);
  change.image.metadata.is_deleted = true;
  publisher.publish(change);
  change.is_new = true;  // A tombstone over a tombstone is a deletion still.
  publisher.publish(change);
  EXPECT_EQ(created.sequences, std::vector<std::int64_t>{1});
  EXPECT_EQ(updated.sequences, std::vector<std::int64_t>{2});
  EXPECT_EQ(deleted.sequences, (std::vector<std::int64_t>{3, 3}));
}

TEST(Publisher, KeepsModelsApart) {
  Publisher publisher;
  const ModelSchema comments = model_named("Comment");
  Heard heard;
  const auto on_update = publisher.listen({&posts(), PublishedKind::updated}, heard.listener());
  publisher.publish(change_of(comments, 1));
  publisher.publish(change_of(posts(), 2));
  EXPECT_EQ(heard.sequences, std::vector<std::int64_t>{2});
}

TEST(Publisher, TellsOnlyWhatSatisfiesTheFilter) {
  Publisher publisher;
  Heard heard;
  const auto above = std::make_shared<const Predicate>(Predicate::compare("rating", Op::gt, {Value(4)}));
  const auto on_update = publisher.listen({&posts(), PublishedKind::updated, above}, heard.listener());
  for (std::int64_t rating = 3; rating <= 6; ++rating) publisher.publish(change_of(posts(), rating, rating));
  EXPECT_EQ(heard.sequences, (std::vector<std::int64_t>{5, 6}));
}

TEST(Publisher, TellsEveryListenerInTheOrderOfTheChanges) {
  Publisher publisher;
  Heard first, second;
  const auto one = publisher.listen({&posts(), PublishedKind::updated}, first.listener());
  const auto two = publisher.listen({&posts(), PublishedKind::updated}, second.listener());
  const std::vector<std::int64_t> sequences = {1, 2, 3, 4};
  for (const std::int64_t sequence : sequences) publisher.publish(change_of(posts(), sequence));
  EXPECT_EQ(first.sequences, sequences);
  EXPECT_EQ(second.sequences, sequences);
}

TEST(Publisher, EndsARegistrationWithItsOwner) {
  Publisher publisher;
  Heard kept, ended, replaced;
  const Publisher::Interest updates = {&posts(), PublishedKind::updated};
  auto keeper = publisher.listen(updates, kept.listener());
  auto owner = publisher.listen(updates, replaced.listener());
  {
    auto moved_from = publisher.listen(updates, ended.listener());
    publisher.publish(change_of(posts(), 1));
    const auto moved_to = std::move(moved_from);
    publisher.publish(change_of(posts(), 2));
  }
  publisher.publish(change_of(posts(), 3));
  owner = std::move(keeper);  // Ends what it held, goes on with what it takes.
  publisher.publish(change_of(posts(), 4));
  owner = Publisher::Registration();
  publisher.publish(change_of(posts(), 5));
  EXPECT_EQ(ended.sequences, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(replaced.sequences, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(kept.sequences, (std::vector<std::int64_t>{1, 2, 3, 4}));
}

TEST(Publisher, WaitsForARunningDeliveryWhenARegistrationEnds) {
  Publisher publisher;
  std::promise<void> is_running, is_ending;
  std::atomic<bool> has_returned = false;
  auto registration = publisher.listen({&posts(), PublishedKind::updated}, [&](const ChangeEntry&) {
    is_running.set_value();
    is_ending.get_future().wait();
    for (int turn = 0; turn < 1000; ++turn) std::this_thread::yield();  // Time for an end that does not wait.
    has_returned = true;
  });
  std::thread committer([&] { publisher.publish(change_of(posts(), 1)); });
  is_running.get_future().wait();
  is_ending.set_value();
  registration = Publisher::Registration();
  EXPECT_TRUE(has_returned) << "the registration ended while its listener was running";
  committer.join();
}

TEST(Publisher, TakesRegistrationsWhileOthersPublish) {
  Publisher publisher;
  std::atomic<int> heard = 0;
  std::thread committer([&] {
    for (std::int64_t sequence = 1; sequence <= 500; ++sequence) publisher.publish(change_of(posts(), sequence));
  });
  for (int i = 0; i < 500; ++i) {
    const auto brief = publisher.listen({&posts(), PublishedKind::updated}, [&](const ChangeEntry&) { ++heard; });
  }
  committer.join();
  EXPECT_LE(heard, 500);
}

}  // namespace
}  // namespace holdfast::server
