// Index reads, for every kind of store.
#include <algorithm>
#include <atomic>
#include <thread>

#include "server/store/store_contract.h"

namespace holdfast::server {
namespace {

/// What `read_index` must give, said with a plain sort over everything.
std::vector<std::string> expected_of(std::vector<Image> images, const Store::IndexOptions& options,
                                     const std::vector<Value>& partition) {
  const auto values_of = [&](const Image& image) {
    std::vector<Value> values;
    for (const auto& name : options.fields) values.push_back(image.record[name]);
    return values;
  };
  const auto is_out = [&](const Image& image) {
    const auto values = values_of(image);
    const std::vector<Value> sort(values.begin() + static_cast<std::ptrdiff_t>(partition.size()), values.end());
    const bool has_null = std::any_of(values.begin(), values.end(), [](const auto& value) { return value.is_null(); });
    const bool is_shown = image.metadata.is_deleted ? options.with_tombstones : evaluate(options.where, image.record);
    return has_null || !is_shown || compare_leading(values, partition) != 0 || options.range.is_before_begin(sort) ||
           options.range.is_past_end(sort);
  };
  images.erase(std::remove_if(images.begin(), images.end(), is_out), images.end());
  // They come in order of first writing, which is the order of ties.
  std::stable_sort(images.begin(), images.end(), [&](const auto& left, const auto& right) {
    return compare_leading(values_of(left), values_of(right)) < 0;
  });
  if (options.range.is_descending) std::reverse(images.begin(), images.end());
  return ids_of(images);
}

}  // namespace

IndexContract::IndexContract() {
  for (int at = 0; at < 60; ++at) {
    Record record = post("p" + std::to_string(at), std::string(1, static_cast<char>('a' + at % 3)) + "\xC3\xA9", at % 4);
    record["blog"] = at % 5 == 0 ? "b2" : "b1";
    record["score"] = at % 7 * 0.1;
    if (at % 11 == 0) record["rating"] = Value();
    put(record, 0);
    if (at % 13 == 0) put(record, 1, true);
  }
}

std::vector<std::string> IndexContract::read(Store::IndexOptions options, const std::vector<Value>& partition) {
  std::vector<std::string> ids;
  Store::Partition at{partition, {}};
  for (int pages = 0; pages < 1000; ++pages) {
    auto page = store_->read_index(posts_, options, {at});
    if (!page) {
      ADD_FAILURE() << page.error().message;
      return ids;
    }
    EXPECT_LE(page->front().images.size(), std::max(options.limit, 1U));
    for (auto& id : ids_of(page->front().images)) ids.push_back(std::move(id));
    at.after = page->front().next;
    if (at.after.empty()) return ids;
  }
  ADD_FAILURE() << "the read has no end";
  return ids;
}

void IndexContract::expect_as_sorted(Store::IndexOptions options, const std::vector<Value>& partition) {
  const auto images = all();
  for (const bool is_descending : {false, true}) {
    options.range.is_descending = is_descending;
    for (const std::uint32_t limit : {0U, 1U, 2U, 7U, 1000U}) {
      options.limit = limit;
      EXPECT_EQ(read(options, partition), expected_of(images, options, partition))
          << "limit " << limit << (is_descending ? " descending" : "");
    }
  }
}

namespace {

const IndexFields by_rating{"blog", "rating"};
const IndexFields by_title{"blog", "title", "rating"};

TEST_P(IndexContract, TellsTheIndexesOfAModel) {
  EXPECT_EQ(indexes_of(schema_, posts_), (std::vector<IndexFields>{by_rating, by_title, {"blog", "score"}, {"blog"}}));
}

TEST_P(IndexContract, ReadsAPartitionInOrderOfItsSortFields) {
  expect_as_sorted({.fields = by_rating}, {"b1"});
  expect_as_sorted({.fields = by_title}, {"b2"});
  expect_as_sorted({.fields = by_title}, {"b1", "a\xC3\xA9"});
  expect_as_sorted({.fields = {"blog", "score"}}, {"b1"});
  expect_as_sorted({.fields = {"blog"}}, {"b1"});
  expect_as_sorted({.fields = by_rating}, {"nobody's"});
}

TEST_P(IndexContract, ReadsARangeOfTheSortFields) {
  for (const bool is_exclusive : {false, true}) {
    expect_as_sorted({.fields = by_rating, .range = {.from = {{1}, is_exclusive}}}, {"b1"});
    expect_as_sorted({.fields = by_rating, .range = {.to = {{2}, is_exclusive}}}, {"b1"});
    expect_as_sorted({.fields = by_rating, .range = {.from = {{1}}, .to = {{2}, is_exclusive}}}, {"b1"});
    expect_as_sorted({.fields = by_title, .range = {.from = {{"b"}, is_exclusive}, .to = {{"c"}, true}}}, {"b1"});
    expect_as_sorted({.fields = by_title, .range = {.from = {{"b\xC3\xA9", 1}, is_exclusive}}}, {"b1"});
    expect_as_sorted({.fields = by_title, .range = {.to = {{"b\xC3\xA9", 1}, is_exclusive}}}, {"b1"});
    expect_as_sorted({.fields = {"blog", "score"}, .range = {.from = {{0.30000000000000004}, is_exclusive}}}, {"b1"});
  }
  expect_as_sorted({.fields = by_rating, .range = {.from = {{3}}, .to = {{1}}}}, {"b1"});
}

TEST_P(IndexContract, ShowsTombstonesOnlyWhenAskedAndLiveOnesThatSatisfyThePredicate) {
  expect_as_sorted({.fields = by_rating, .with_tombstones = true}, {"b1"});
  const auto where = Predicate::compare("title", Op::begins_with, {Value("a")});
  expect_as_sorted({.fields = by_rating, .where = where, .with_tombstones = true}, {"b1"});
  expect_as_sorted({.fields = by_rating, .where = where}, {"b1"});
}

TEST_P(IndexContract, ReadsManyPartitionsAtOnceEachToItsOwnLimit) {
  const Store::IndexOptions options{.fields = by_rating, .limit = 3};
  const auto first = store_->read_index(posts_, options, {{{"b2"}, {}}, {{"none"}, {}}, {{"b1"}, {}}, {{"b2"}, {}}}).value();
  ASSERT_EQ(first.size(), 4U);
  EXPECT_EQ(first[0].images.size(), 3U);
  EXPECT_TRUE(first[1].images.empty());
  EXPECT_EQ(first[1].next, "");
  EXPECT_EQ(first[2].images.size(), 3U);
  EXPECT_EQ(ids_of(first[3].images), ids_of(first[0].images));
  const auto second = store_->read_index(posts_, options, {{{"b2"}, first[0].next}, {{"b1"}, first[2].next}}).value();
  const auto whole = expected_of(all(), options, {"b1"});
  EXPECT_EQ(ids_of(second[1].images), std::vector<std::string>(whole.begin() + 3, whole.begin() + 6));
}

TEST_P(IndexContract, MovesARecordWhenItsFieldsChange) {
  put(post("new", "t", 2), 0);
  EXPECT_EQ(read({.fields = {"blog"}}, {"b3"}), std::vector<std::string>{});
  Record record = post("new", "t", 2);
  record["blog"] = "b3";
  put(record, 1);
  EXPECT_EQ(read({.fields = by_rating}, {"b3"}), std::vector<std::string>{"new"});
  record["rating"] = Value();
  put(record, 2);
  EXPECT_EQ(read({.fields = by_rating}, {"b3"}), std::vector<std::string>{});
  EXPECT_EQ(read({.fields = {"blog"}}, {"b3"}), std::vector<std::string>{"new"});
}

TEST_P(IndexContract, GoesOnAfterTheLastRecordOfAPageEvenWhenThatOneMoved) {
  Store::IndexOptions options{.fields = by_rating, .limit = 5};
  const auto whole = expected_of(all(), options, {"b1"});
  const auto pages = store_->read_index(posts_, options, {{{"b1"}, {}}}).value();
  const auto& first = pages.front();
  Record moved = first.images.back().record;
  moved["rating"] = 99;
  put(moved, first.images.back().metadata.version);
  options.limit = 1000;
  const auto rest = store_->read_index(posts_, options, {{{"b1"}, first.next}}).value();
  std::vector<std::string> expected(whole.begin() + 5, whole.end());
  expected.push_back(ids_of({first.images.back()}).front());
  EXPECT_EQ(ids_of(rest.front().images), expected);
}

TEST_P(IndexContract, LooksAtABoundedNumberOfRowsForAPage) {
  std::vector<std::thread> writers;  // So that a store on a disk writes many with one sync.
  std::atomic<std::uint32_t> next = 0;
  for (int writer = 0; writer < 16; ++writer) {
    writers.emplace_back([&] {
      for (auto at = next++; at <= Store::looked_at_max; at = next++) {
        Record record = post("q" + std::to_string(at));
        record["blog"] = "long";
        put(record, 0);
      }
    });
  }
  for (auto& writer : writers) writer.join();
  const auto last = listed({.limit = 5000}).back().record["id"];
  const auto where = Predicate::compare("id", Op::eq, {last});
  const auto pages = store_->read_index(posts_, {.fields = {"blog"}, .where = where}, {{{"long"}, {}}}).value();
  EXPECT_TRUE(pages.front().images.empty());
  EXPECT_EQ(read({.fields = {"blog"}, .where = where}, {"long"}).size(), 1U);
  EXPECT_TRUE(store_->list(posts_, {.where = where}).value().images.empty());
  EXPECT_EQ(listed({.where = where}).size(), 1U);
}

TEST_P(IndexContract, RefusesAnAfterThatIsNoPagesEnd) {
  for (const auto* after : {"x", "[]", "[1]", "[1,2,3]", "{}", "[1,\"2\"]"}) {
    EXPECT_EQ(store_->read_index(posts_, {.fields = by_rating}, {{{"b1"}, after}}).error().code, Code::invalid_argument) << after;
  }
}

TEST_P(IndexContract, IsThereForRecordsOfAnEarlierOpening) {
  if (!place_->keeps_its_content()) GTEST_SKIP() << "this kind forgets";
  const auto before = read({.fields = by_title}, {"b1"});
  reopen();
  EXPECT_EQ(read({.fields = by_title}, {"b1"}), before);
}

}  // namespace
}  // namespace holdfast::server
