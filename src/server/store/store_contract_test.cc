#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "server/store/store_contract.h"

namespace holdfast::server {
namespace {

FieldSchema field(std::string name, Scalar scalar) {
  FieldSchema made;
  made.name = std::move(name);
  made.scalar = scalar;
  return made;
}

Schema posts_and_comments() {
  ModelSchema post;
  post.name = "Post";
  post.primary_key = {"id"};
  post.fields = {field("id", Scalar::id), field("title", Scalar::string), field("rating", Scalar::integer),
                 field("score", Scalar::floating), field("blog", Scalar::id), field("tags", Scalar::string)};
  post.fields.back().is_list = true;
  post.indexes = {{.name = "byRating", .fields = {"blog", "rating"}},
                  {.name = "byTitle", .fields = {"blog", "title", "rating"}},
                  {.name = "byScore", .fields = {"blog", "score"}}};
  ModelSchema comment;
  comment.name = "Comment";
  comment.primary_key = {"id"};
  comment.fields = {field("id", Scalar::id), field("content", Scalar::string)};
  ModelSchema blog;
  blog.name = "Blog";
  blog.primary_key = {"id"};
  blog.fields = {field("id", Scalar::id)};
  blog.relations = {
      {.name = "posts", .kind = RelationKind::has_many, .target = "Post", .keys = {"id"}, .target_keys = {"blog"}}};
  Schema schema;
  schema.models = {post, comment, blog};
  return schema;
}

Predicate rating_above(std::int64_t limit) { return Predicate::compare("rating", Op::gt, {Value(limit)}); }

}  // namespace

Key key_of(const std::string& id) { return Key{{Value(id)}}; }

std::vector<std::string> ids_of(const std::vector<Image>& images) {
  std::vector<std::string> ids;
  for (const Image& image : images) ids.push_back(*image.record["id"].as_string());
  return ids;
}

std::vector<std::string> ids_of(const Images& images) {
  return ids_of(std::vector<Image>(images.begin(), images.end()));
}

StoreContract::StoreContract()
    : schema_(posts_and_comments()),
      posts_(schema_.models[0]),
      comments_(schema_.models[1]),
      place_(GetParam().make_place()) {
  auto opened = place_->open(schema_, clock_);
  if (!opened) throw std::runtime_error(opened.error().message);  // Fails the test before its body.
  store_ = *std::move(opened);
}

void StoreContract::reopen() {
  store_.reset();
  auto opened = place_->open(schema_, clock_);
  ASSERT_TRUE(opened) << opened.error().message;
  store_ = *std::move(opened);
}

Record StoreContract::post(const std::string& id, const std::string& title, std::int64_t rating) const {
  Record record(posts_);
  record["id"] = id;
  record["title"] = title;
  record["rating"] = rating;
  return record;
}

PutOutcome StoreContract::put(Record record, std::int64_t expected_version, bool is_deleted, std::string mutation_id) {
  auto outcome = store_->put({std::move(record), expected_version, is_deleted, std::move(mutation_id)});
  if (outcome) return *std::move(outcome);
  ADD_FAILURE() << outcome.error().message;
  return PutOutcome{PutOutcome::Kind::changed_meanwhile, {}};
}

Image StoreContract::create(const std::string& id, const std::string& title, std::int64_t rating) {
  PutOutcome outcome = put(post(id, title, rating), 0);
  EXPECT_EQ(outcome.kind, PutOutcome::Kind::written);
  return outcome.image;
}

std::vector<Image> StoreContract::listed(Store::ListOptions options) {
  std::vector<Image> all;
  for (int pages = 0; pages < 1000; ++pages) {
    auto page = store_->list(posts_, options);
    if (!page) {
      ADD_FAILURE() << page.error().message;
      return all;
    }
    EXPECT_LE(page->images.size(), std::max(options.limit, 1U));
    all.insert(all.end(), page->images.begin(), page->images.end());
    if (page->next.empty()) return all;
    options.after = page->next;
  }
  ADD_FAILURE() << "the list has no end";
  return all;
}

// Conditional puts.

TEST_P(StoreContract, WritesANewKeyAsVersionOne) {
  const PutOutcome outcome = put(post("a", "first"), 0);
  EXPECT_EQ(outcome.kind, PutOutcome::Kind::written);
  EXPECT_EQ(outcome.image.record, post("a", "first"));
  EXPECT_EQ(outcome.image.metadata, (Metadata{1, clock_.now, false}));
  EXPECT_EQ(store_->get(posts_, key_of("a")).value(), outcome.image);
}

TEST_P(StoreContract, KeepsEveryKindOfValue) {
  Record record = post("quote \" and \xC3\xBC", "line\nbreak", -9'007'199'254'740'993);
  record["tags"] = List{Value("x"), Value(nullptr), Value("")};
  std::int64_t version = 0;
  for (const Value& score : {Value(0.1), Value(2.0), Value(2), Value(nullptr)}) {
    record["score"] = score;
    put(record, version++);
    EXPECT_EQ(store_->get(posts_, record.key()).value()->record, record);
  }
}

TEST_P(StoreContract, CountsVersionsUp) {
  create("a");
  EXPECT_EQ(put(post("a", "second"), 1).image.metadata.version, 2);
  EXPECT_EQ(put(post("a", "third"), 2).image.metadata.version, 3);
  EXPECT_EQ(store_->get(posts_, key_of("a")).value()->record, post("a", "third"));
}

TEST_P(StoreContract, RefusesANewKeyThatExists) {
  const Image standing = create("a", "mine");
  const PutOutcome outcome = put(post("a", "yours"), 0);
  EXPECT_EQ(outcome.kind, PutOutcome::Kind::changed_meanwhile);
  EXPECT_EQ(outcome.image, standing);
  EXPECT_EQ(store_->get(posts_, key_of("a")).value(), standing);
}

TEST_P(StoreContract, RefusesAnotherVersionThanTheStandingOne) {
  create("a");
  const Image standing = put(post("a", "second"), 1).image;
  for (const std::int64_t wrong : {1, 3}) {
    const PutOutcome outcome = put(post("a", "other"), wrong);
    EXPECT_EQ(outcome.kind, PutOutcome::Kind::changed_meanwhile);
    EXPECT_EQ(outcome.image, standing);
  }
}

TEST_P(StoreContract, SaysVersionZeroWhenTheExpectedRecordNeverExisted) {
  const PutOutcome outcome = put(post("a"), 1);
  EXPECT_EQ(outcome.kind, PutOutcome::Kind::changed_meanwhile);
  EXPECT_EQ(outcome.image.metadata.version, 0);
  EXPECT_FALSE(store_->get(posts_, key_of("a")).value().has_value());
}

TEST_P(StoreContract, KeepsTheFieldsOfATombstone) {
  create("a", "kept");
  const PutOutcome outcome = put(post("a", "kept"), 1, true);
  EXPECT_EQ(outcome.kind, PutOutcome::Kind::written);
  EXPECT_TRUE(outcome.image.metadata.is_deleted);
  const auto tombstone = store_->get(posts_, key_of("a")).value();
  EXPECT_EQ(tombstone, outcome.image);
  EXPECT_EQ(tombstone->record, post("a", "kept"));
  EXPECT_EQ(tombstone->metadata.version, 2);
}

TEST_P(StoreContract, RefusesAPutForAnUnknownKeyOnATombstone) {
  create("a");
  put(post("a"), 1, true);
  EXPECT_EQ(put(post("a"), 0).kind, PutOutcome::Kind::changed_meanwhile);
}

TEST_P(StoreContract, ResurrectsATombstoneAtItsVersion) {
  create("a");
  put(post("a"), 1, true);
  const PutOutcome outcome = put(post("a", "again"), 2);
  EXPECT_EQ(outcome.kind, PutOutcome::Kind::written);
  EXPECT_EQ(outcome.image.metadata.version, 3);
  EXPECT_FALSE(outcome.image.metadata.is_deleted);
}

TEST_P(StoreContract, KeepsModelsApart) {
  create("a", "post");
  Record comment(comments_);
  comment["id"] = "a";
  comment["content"] = "comment";
  EXPECT_EQ(put(comment, 0).kind, PutOutcome::Kind::written);
  EXPECT_EQ(store_->get(comments_, key_of("a")).value()->record, comment);
  EXPECT_EQ(store_->get(posts_, key_of("a")).value()->record, post("a", "post"));
  EXPECT_EQ(ids_of(listed({})), std::vector<std::string>{"a"});
}

// Reads by key and version.

TEST_P(StoreContract, GivesNothingForAnUnknownKey) {
  EXPECT_FALSE(store_->get(posts_, key_of("a")).value().has_value());
  EXPECT_FALSE(store_->image_at(posts_, key_of("a"), 1).value().has_value());
}

TEST_P(StoreContract, GivesImagesParallelToTheKeys) {
  create("a");
  create("b");
  put(post("b"), 1, true);
  const auto images = store_->get_all(posts_, {key_of("b"), key_of("x"), key_of("a"), key_of("b")}).value();
  ASSERT_EQ(images.size(), 4U);
  EXPECT_TRUE(images[0]->metadata.is_deleted);
  EXPECT_FALSE(images[1].has_value());
  EXPECT_EQ(images[2]->record, post("a"));
  EXPECT_EQ(images[3], images[0]);
  EXPECT_TRUE(store_->get_all(posts_, {}).value().empty());
}

TEST_P(StoreContract, HasTheRecordAtEveryVersion) {
  std::vector<Image> images = {create("a", "1")};
  images.push_back(put(post("a", "2"), 1).image);
  images.push_back(put(post("a", "2"), 2, true).image);
  images.push_back(put(post("a", "4"), 3).image);
  for (const Image& image : images) {
    EXPECT_EQ(store_->image_at(posts_, key_of("a"), image.metadata.version).value(), image);
  }
  EXPECT_FALSE(store_->image_at(posts_, key_of("a"), 0).value().has_value());
  EXPECT_FALSE(store_->image_at(posts_, key_of("a"), 5).value().has_value());
}

// Mutation ids.

TEST_P(StoreContract, AnswersARepeatedMutationWithTheCurrentImage) {
  put(post("a", "first"), 0, false, "m1");
  const Image now = put(post("a", "second"), 1).image;
  const PutOutcome outcome = put(post("a", "first"), 0, false, "m1");
  EXPECT_EQ(outcome.kind, PutOutcome::Kind::repeated);
  EXPECT_EQ(outcome.image, now);
  EXPECT_EQ(store_->get(posts_, key_of("a")).value(), now);
}

TEST_P(StoreContract, FindsAMutationThatWasWritten) {
  EXPECT_FALSE(store_->find_mutation("m1").value().has_value());
  put(post("a", "first"), 0, false, "m1");
  const Image now = put(post("a", "second"), 1, false, "m2").image;
  EXPECT_EQ(store_->find_mutation("m1").value(), now);
  EXPECT_EQ(store_->find_mutation("m2").value(), now);
  EXPECT_EQ(store_->find_mutation("m1").value()->record.model, &posts_);
  EXPECT_FALSE(store_->find_mutation("").value().has_value());
}

TEST_P(StoreContract, ForgetsTheIdOfARefusedMutation) {
  put(post("a"), 4, false, "m1");
  EXPECT_FALSE(store_->find_mutation("m1").value().has_value());
  EXPECT_EQ(put(post("a"), 0, false, "m1").kind, PutOutcome::Kind::written);
}

TEST_P(StoreContract, TakesManyMutationsWithoutAnId) {
  create("a");
  EXPECT_EQ(put(post("a"), 1).kind, PutOutcome::Kind::written);
  EXPECT_EQ(put(post("a"), 2).kind, PutOutcome::Kind::written);
}

// Time.

TEST_P(StoreContract, StampsStrictlyIncreasingWhileTheClockStandsOrGoesBack) {
  const Instant first = create("a").metadata.last_changed_at;
  const Instant second = create("b").metadata.last_changed_at;
  clock_.now -= std::chrono::hours(1);
  const Instant third = put(post("a"), 1).image.metadata.last_changed_at;
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  clock_.now += std::chrono::hours(2);
  EXPECT_EQ(create("c").metadata.last_changed_at, clock_.now);
}

TEST_P(StoreContract, GivesAHorizonThatNoLaterWriteFallsBehind) {
  for (int round = 0; round < 20; ++round) {
    create("before" + std::to_string(round));
    const Instant horizon = store_->read_horizon().value();
    clock_.now += std::chrono::seconds(round % 3 == 0 ? -90 : 45);
    const Image later = create("after" + std::to_string(round));
    EXPECT_GE(later.metadata.last_changed_at, horizon);
    const auto changes = store_->changed_since(posts_, horizon, 10, "").value();
    EXPECT_EQ(ids_of(changes.images), std::vector<std::string>{"after" + std::to_string(round)});
  }
}

TEST_P(StoreContract, MovesTheHorizonWithTheClockWhenNothingIsWritten) {
  create("a");
  clock_.now += std::chrono::hours(24);
  const Instant horizon = store_->read_horizon().value();
  EXPECT_LE(horizon, clock_.now);
  EXPECT_GE(horizon, clock_.now - std::chrono::minutes(1));
}

// Lists.

TEST_P(StoreContract, ListsInOrderOfFirstWriting) {
  for (const char* id : {"c", "a", "b"}) create(id);
  put(post("c", "changed"), 1);
  EXPECT_EQ(ids_of(listed({})), (std::vector<std::string>{"c", "a", "b"}));
  EXPECT_EQ(listed({}).front().record, post("c", "changed"));
}

TEST_P(StoreContract, ListsTombstonesOnlyWhenAskedAndThenWhateverTheirFields) {
  create("a", "t", 1);
  create("b", "t", 9);
  create("c", "t", 1);
  put(post("c", "t", 1), 1, true);
  EXPECT_EQ(ids_of(listed({})), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(ids_of(listed({.with_tombstones = true})), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(ids_of(listed({.where = rating_above(5), .with_tombstones = true})), (std::vector<std::string>{"b", "c"}));
}

TEST_P(StoreContract, ListsWhatSatisfiesThePredicatePageByPage) {
  std::vector<std::string> expected;
  for (int i = 0; i < 40; ++i) {
    create(std::to_string(i), "t", i % 4);
    if (i % 4 > 1) expected.push_back(std::to_string(i));
  }
  for (const std::uint32_t limit : {0U, 1U, 3U, 20U, 1000U}) {
    EXPECT_EQ(ids_of(listed({.where = rating_above(1), .limit = limit})), expected) << "limit " << limit;
  }
}

TEST_P(StoreContract, RefusesAnAfterThatIsNoPagesEnd) {
  EXPECT_EQ(store_->list(posts_, {.after = "x"}).error().code, Code::invalid_argument);
  EXPECT_EQ(store_->changed_since(posts_, {}, 1, "-1").error().code, Code::invalid_argument);
}

// Changes.

TEST_P(StoreContract, GivesTheLatestImageOfEveryChangedRecordOnceInOrderOfItsLastChange) {
  create("old");
  clock_.now += std::chrono::seconds(1);
  const Instant since = create("a").metadata.last_changed_at;
  create("b");
  put(post("a", "second"), 1);
  create("c");
  put(post("b"), 1, true);
  const auto page = store_->changed_since(posts_, since, 10, "").value();
  EXPECT_EQ(ids_of(page.images), (std::vector<std::string>{"a", "c", "b"}));
  EXPECT_EQ(page.next, "");
  EXPECT_EQ(page.images[0].record, post("a", "second"));
  EXPECT_TRUE(page.images[2].metadata.is_deleted);
}

TEST_P(StoreContract, GivesEveryChangeOnceWhateverTheSizeOfThePages) {
  std::vector<std::string> expected;
  for (int i = 0; i < 9; ++i) expected.push_back(ids_of({create(std::to_string(i))}).front());
  for (const std::uint32_t limit : {0U, 1U, 4U, 9U}) {
    std::vector<std::string> seen;
    std::string after;
    do {
      const auto page = store_->changed_since(posts_, {}, limit, after).value();
      for (const std::string& id : ids_of(page.images)) seen.push_back(id);
      after = page.next;
    } while (!after.empty() && seen.size() <= expected.size());
    EXPECT_EQ(seen, expected) << "limit " << limit;
  }
}

TEST_P(StoreContract, CountsAChangeAtSinceItself) {
  const Instant at = create("a").metadata.last_changed_at;
  EXPECT_EQ(store_->changed_since(posts_, at, 10, "").value().images.size(), 1U);
  EXPECT_EQ(store_->changed_since(posts_, at + Milliseconds(1), 10, "").value().images.size(), 0U);
}

TEST_P(StoreContract, MissesNothingWhileRecordsChangeBetweenPages) {
  std::set<std::string> expected;
  for (int i = 0; i < 30; ++i) expected.insert(ids_of({create(std::to_string(i))}).front());
  std::set<std::string> seen;
  std::string after;
  int turn = 0;
  do {
    const auto page = store_->changed_since(posts_, {}, 4, after).value();
    EXPECT_LE(page.images.size(), 4U);
    for (const std::string& id : ids_of(page.images)) seen.insert(id);
    after = page.next;
    if (turn < 7) {  // One already read, one still to come, one new: each moves or appears behind the last page.
      put(post(std::to_string(turn), "again"), 1);
      put(post(std::to_string(29 - turn), "again"), 1);
      create("new" + std::to_string(turn));
    }
    ASSERT_LT(++turn, 100);
  } while (!after.empty());
  for (const std::string& id : expected) EXPECT_TRUE(seen.contains(id)) << id;
}

TEST_P(StoreContract, ListMissesNothingWhileRecordsChangeBetweenPages) {
  std::vector<std::string> expected;
  for (int i = 0; i < 10; ++i) expected.push_back(ids_of({create(std::to_string(i))}).front());
  std::vector<std::string> seen;
  Store::ListOptions options{.limit = 3};
  do {
    const auto page = store_->list(posts_, options).value();
    for (const std::string& id : ids_of(page.images)) seen.push_back(id);
    options.after = page.next;
    put(post("0", "again"), store_->get(posts_, key_of("0")).value()->metadata.version);
  } while (!options.after.empty());
  EXPECT_EQ(seen, expected);
}

// The listener.

TEST_P(StoreContract, TellsTheListenerOfEveryWriteBeforePutReturns) {
  std::vector<ChangeEntry> heard;
  store_->on_commit([&](const ChangeEntry& change) { heard.push_back(change); });
  const Image created = create("a");
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].image, created);
  EXPECT_TRUE(heard[0].is_new);
  put(post("a"), 0);
  EXPECT_EQ(heard.size(), 1U) << "a refused put is no commit";
  put(post("a", "second"), 1);
  put(post("a", "second"), 2, true);
  put(post("a", "third"), 3, false, "m1");
  put(post("a", "third"), 3, false, "m1");
  ASSERT_EQ(heard.size(), 4U);
  EXPECT_FALSE(heard[1].is_new);
  EXPECT_FALSE(heard[2].is_new);
  EXPECT_TRUE(heard[2].image.metadata.is_deleted);
  EXPECT_TRUE(heard[3].is_new) << "a resurrected tombstone";
  for (std::size_t i = 1; i < heard.size(); ++i) EXPECT_LT(heard[i - 1].sequence, heard[i].sequence);
}

TEST_P(StoreContract, OrdersConcurrentWritesAlikeForListenerTimeAndSequence) {
  constexpr int threads = 4;
  constexpr int puts = 25;
  std::vector<ChangeEntry> heard;  // Without a lock of its own: the store serialises the listener.
  store_->on_commit([&](const ChangeEntry& change) { heard.push_back(change); });
  std::atomic<int> contested_wins = 0;
  std::vector<std::thread> writers;
  for (int t = 0; t < threads; ++t) {
    writers.emplace_back([&, t] {
      for (int i = 0; i < puts; ++i) {
        const Instant horizon = store_->read_horizon().value();
        const Image own = put(post(std::to_string(t) + "-" + std::to_string(i)), 0).image;
        EXPECT_GE(own.metadata.last_changed_at, horizon);
        EXPECT_EQ(store_->get(posts_, own.record.key()).value(), own) << "a reader sees what was acknowledged";
        if (put(post("contested"), i).kind == PutOutcome::Kind::written) ++contested_wins;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  ASSERT_EQ(heard.size(), static_cast<std::size_t>(threads * puts + contested_wins));
  for (std::size_t i = 1; i < heard.size(); ++i) {
    EXPECT_LT(heard[i - 1].sequence, heard[i].sequence);
    EXPECT_LT(heard[i - 1].image.metadata.last_changed_at, heard[i].image.metadata.last_changed_at);
  }
  EXPECT_EQ(store_->get(posts_, key_of("contested")).value()->metadata.version, contested_wins);
  EXPECT_EQ(listed({.limit = 7}).size(), static_cast<std::size_t>(threads * puts + 1));
}

// Settings.

TEST_P(StoreContract, RemembersSettings) {
  EXPECT_FALSE(store_->setting("api_key").value().has_value());
  EXPECT_TRUE(store_->set_setting("api_key", "k1"));
  EXPECT_TRUE(store_->set_setting("secret", ""));
  EXPECT_TRUE(store_->set_setting("api_key", "k2"));
  EXPECT_EQ(store_->setting("api_key").value(), "k2");
  EXPECT_EQ(store_->setting("secret").value(), "");
}

// Opened again.

TEST_P(StoreContract, KeepsItsContentAndItsOrderWhenOpenedAgain) {
  if (!place_->keeps_its_content()) GTEST_SKIP() << "this kind forgets";
  put(post("a"), 0, false, "m1");
  const Image last = put(post("a", "second"), 1).image;
  EXPECT_TRUE(store_->set_setting("api_key", "k"));
  const Instant horizon = store_->read_horizon().value();
  clock_.now -= std::chrono::hours(1);
  reopen();
  EXPECT_EQ(store_->get(posts_, key_of("a")).value(), last);
  EXPECT_EQ(store_->image_at(posts_, key_of("a"), 1).value()->record, post("a"));
  EXPECT_EQ(store_->find_mutation("m1").value(), last);
  EXPECT_EQ(store_->setting("api_key").value(), "k");
  const Instant next = create("b").metadata.last_changed_at;
  EXPECT_GT(next, last.metadata.last_changed_at);
  EXPECT_GE(next, horizon);
  EXPECT_EQ(ids_of(store_->changed_since(posts_, {}, 10, "").value().images), (std::vector<std::string>{"a", "b"}));
}

TEST_P(StoreContract, KeepsTheHorizonOfAnIdleStoreWhenOpenedAgain) {
  if (!place_->keeps_its_content()) GTEST_SKIP() << "this kind forgets";
  create("a");
  clock_.now += std::chrono::hours(1);
  const Instant horizon = store_->read_horizon().value();
  clock_.now -= std::chrono::hours(1);
  reopen();
  EXPECT_GE(create("b").metadata.last_changed_at, horizon);
}

}  // namespace holdfast::server
