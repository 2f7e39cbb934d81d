#include <atomic>
#include <deque>
#include <thread>

#include "examples/guide/guide.h"

namespace guide {
namespace {

using Threading = Guide;

TEST_F(Threading, AnyThreadMayCall) {
  // [threading.any]
  std::thread writer([this] { store.save(Post{.title = "From a thread", .rating = 5}).value(); });
  const auto posts = store.query<Post>().value();  // Waits for no writer: a consistent moment before or after.
  writer.join();
  // [/threading.any]
  EXPECT_LE(posts.size(), 1U);
  EXPECT_EQ(store.count<Post>().value(), 1U);
}

TEST_F(Threading, Polled) {
  // [threading.poll]
  holdfast::StoreOptions options;
  options.delivery = holdfast::Delivery::by_poll;
  auto polled = holdfast::DataStore::open(blog::schema(), options).value();
  int seen = 0;
  const auto watch = polled.observe<Post>([&seen](const auto&) { ++seen; });

  polled.save(Post{.title = "Hello", .rating = 5}).value();
  EXPECT_EQ(seen, 0);  // It waits,
  polled.poll();
  EXPECT_EQ(seen, 1);  // and is delivered here, on this thread.
  // [/threading.poll]
}

TEST_F(Threading, OnAnExecutor) {
  // [threading.executor]
  std::deque<std::function<void()>> tasks;  // Stands for the queue of your loop, which has a lock of its own.
  holdfast::StoreOptions options;
  options.delivery = holdfast::Delivery::on_executor;
  options.executor = [&tasks](std::function<void()> task) { tasks.push_back(std::move(task)); };
  // [/threading.executor]
  auto store_on_loop = holdfast::DataStore::open(blog::schema(), options).value();
  int seen = 0;
  const auto watch = store_on_loop.observe<Post>([&seen](const auto&) { ++seen; });
  store_on_loop.save(Post{.title = "Hello", .rating = 5}).value();
  EXPECT_EQ(seen, 0);
  while (!tasks.empty()) {
    tasks.front()();
    tasks.pop_front();
  }
  EXPECT_EQ(seen, 1);
}

TEST_F(Threading, ATransactionReadsWhatItWillWriteOver) {
  const auto post = saved("Counted", 0);
  // [threading.transaction]
  const auto increment = [&]() -> holdfast::Result<void> {
    return store.transaction([&](holdfast::Transaction& transaction) -> holdfast::Result<void> {
      HOLDFAST_TRY(current, transaction.get<Post>(post.id));
      if (!current) return holdfast::Error{holdfast::Code::not_found, "the post is gone"};
      HOLDFAST_TRY(stored, transaction.save(Post::copy_of(*current, [](Post& draft) { ++draft.rating; })));
      return {};
    });
  };
  std::thread first([&] { increment().value(); });
  std::thread second([&] { increment().value(); });
  first.join();
  second.join();
  // [/threading.transaction]
  EXPECT_EQ(store.get<Post>(post.id).value()->rating, 2);
}

}  // namespace
}  // namespace guide
