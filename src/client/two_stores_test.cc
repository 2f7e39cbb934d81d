// Two stores on one file, as in two processes: observers and live queries of one hear of the other's writes.
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/typed_testing.h"
#include "holdfast/datastore.h"

namespace holdfast::client {
namespace {

using testing::Post;

/// What callbacks on other threads have brought, waited for with a bound.
template <class T>
class Heard {
 public:
  void add(T one) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(one));
    changed_.notify_all();
  }
  /// All so far, once `is_enough` of them.
  template <class Enough>
  std::vector<T> wait_until(const Enough& is_enough) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(30), [&] { return is_enough(all_); })) << all_.size();
    return all_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<T> all_;
};

class TwoStores : public ::testing::Test {
 protected:
  DataStore open() { return DataStore::open(testing::typed_schema(), {.path = folder_.file("blog.db")}).value(); }

  ScratchFolder folder_;
};

TEST_F(TwoStores, AnObserverHearsWhatTheOtherSaved) {
  auto one = open();
  auto other = open();
  Heard<std::string> heard;
  const auto watch = other.observe<Post>([&heard](const Change<Post>& change) {
    heard.add(std::string(name(change.type)) + " " + change.element.title);
  });
  const auto saved = one.save(Post{.title = "a"}).value();
  heard.wait_until([](const auto& all) { return all.size() == 1; });
  ASSERT_TRUE(one.save(Post{.id = saved.id, .title = "b"}));
  heard.wait_until([](const auto& all) { return all.size() == 2; });
  ASSERT_TRUE(one.remove(saved));
  const auto all = heard.wait_until([](const auto& lines) { return lines.size() == 3; });
  EXPECT_EQ(all, (std::vector<std::string>{"inserted a", "updated b", "removed b"}));
}

TEST_F(TwoStores, ALiveQueryEqualsAFreshOneWhoeverWrites) {
  auto one = open();
  auto other = open();
  Heard<std::vector<Post>> shown;
  const QueryOptions<Post> by_title{.sort = {ascending(Post::fields::title)}, .limit = 5};
  const auto watch = other.observe_query<Post>(Post::fields::rating > 2, by_title, [&shown](const Snapshot<Post>& snapshot) {
    shown.add({snapshot.items.begin(), snapshot.items.end()});
  });
  ASSERT_TRUE(watch);
  std::vector<Post> posts;
  for (int at = 0; at < 40; ++at) {
    auto& writer = at % 3 == 0 ? other : one;
    posts.push_back(writer.save(Post{.title = "t" + std::to_string(at * 7 % 40), .rating = at % 6}).value());
    if (at % 4 == 3) {
      ASSERT_TRUE(writer.remove(posts[static_cast<std::size_t>(at / 2)]));
    }
    if (at % 5 == 4) {
      auto& post = posts[static_cast<std::size_t>(at - 2)];
      post.title += "!";
      ASSERT_TRUE((at % 2 == 0 ? one : other).save(post));
    }
  }
  const auto fresh = one.query<Post>(Post::fields::rating > 2, by_title).value();
  shown.wait_until([&fresh](const auto& all) { return !all.empty() && all.back() == fresh; });
  ASSERT_TRUE(one.clear());
  shown.wait_until([](const auto& all) { return all.back().empty(); });
}

}  // namespace
}  // namespace holdfast::client
