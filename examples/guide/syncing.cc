#include <condition_variable>
#include <mutex>

#include "api/document.h"
#include "base/random.h"
#include "examples/guide/guide.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "server/server.h"
#include "server/store/memory/memory_store.h"

namespace guide {
namespace {

constexpr auto patience = std::chrono::seconds(60);

/// Comes on one thread while another waits for it; then it may come again.
class Moment {
 public:
  void come() {
    const std::lock_guard lock(mutex_);
    has_come_ = true;
    came_.notify_all();
  }
  bool comes() {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, patience, [this] { return std::exchange(has_come_, false); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  bool has_come_ = false;
};

/// A backend in this process: what `holdfast serve --memory` runs.
class Syncing : public Guide {
 protected:
  Syncing()
      : random_(holdfast::system_random()),
        records_(holdfast::server::memory_store(blog::schema(), loop_)),
        server_(holdfast::server::Server::make({blog::schema(), holdfast::api::document(blog::schema()), *records_, loop_,
                                                *random_, holdfast::silent_log()}, {}).value()),
        http_(holdfast::net::HttpServer::listen(*server_, holdfast::silent_log(), {.threads = 1}).value()),
        endpoint("http://127.0.0.1:" + std::to_string(http_->port()) + "/graphql") {}
  ~Syncing() override { store.stop(); }

 private:
  holdfast::net::Loop loop_;
  std::unique_ptr<holdfast::Random> random_;
  std::unique_ptr<holdfast::server::Store> records_;
  std::unique_ptr<holdfast::server::Server> server_;
  std::unique_ptr<holdfast::net::HttpServer> http_;

 protected:
  const std::string endpoint;
};

TEST_F(Syncing, WhatWasWrittenOfflineReachesAnotherDevice) {
  Moment ready;
  Moment arrived;
  // [syncing.start]
  const auto events = store.on_event([&ready](const holdfast::SyncEvent& event) {
    if (std::holds_alternative<holdfast::Ready>(event)) ready.come();
  });
  store.save(Post{.title = "Written offline", .rating = 5, .status = PostStatus::PUBLISHED}).value();

  const auto started = store.start({.endpoint = endpoint, .auth = holdfast::api_key("da2-guide")});
  if (!started) FAIL() << started.error().message;
  // [/syncing.start]
  EXPECT_TRUE(ready.comes());

  auto other = holdfast::DataStore::open(blog::schema()).value();
  const auto watch = other.observe<Post>([&arrived](const auto& change) {
    if (change.element.title == "Written offline" && change.origin == holdfast::Origin::remote) arrived.come();
  });
  ASSERT_TRUE(other.start({.endpoint = endpoint, .auth = holdfast::api_key("da2-guide")}));
  EXPECT_TRUE(arrived.comes());
}

TEST_F(Syncing, TheOutboxEmpties) {
  Moment empty;
  // [syncing.outbox]
  const auto events = store.on_event([&empty](const holdfast::SyncEvent& event) {
    if (const auto* status = std::get_if<holdfast::OutboxStatus>(&event); status && status->is_empty) empty.come();
  });
  const auto post = store.save(Post{.title = "Hello", .rating = 5, .status = PostStatus::PUBLISHED}).value();
  EXPECT_EQ(store.pending_count().value(), 1U);  // Not acknowledged yet: kept in the database until it is.
  // [/syncing.outbox]
  ASSERT_TRUE(store.start({.endpoint = endpoint, .auth = holdfast::api_key("da2-guide")}));
  // The first empty outbox may be told before the post is queued for sending; the last one is what counts.
  while (store.pending_count().value() != 0) ASSERT_TRUE(empty.comes());
  // [syncing.metadata]
  const holdfast::Metadata known = store.metadata(post).value();
  EXPECT_EQ(known.version, 1);  // 0 as long as the service has not acknowledged the record.
  // [/syncing.metadata]
}

TEST_F(Syncing, WhatBecameOfAChange) {
  Moment durable;
  auto post = store.save(Post{.title = "Hello", .rating = 5, .status = PostStatus::PUBLISHED}).value();
  ASSERT_TRUE(store.start({.endpoint = endpoint, .auth = holdfast::api_key("da2-guide")}));
  // [syncing.receipt]
  const auto receipt = store.on_receipt(post, [&durable](const holdfast::Receipt& told) {
    if (told.state == holdfast::SyncState::clean) durable.come();  // The backend has it, and will not forget it.
  });
  // [/syncing.receipt]
  EXPECT_TRUE(durable.comes());
  // [syncing.dead_letters]
  for (const auto& letter : store.dead_letters().value()) {
    std::fprintf(stderr, "%s of a %s was refused: %s\n", letter.operation.c_str(), letter.record.model->name.c_str(),
                 letter.error.message.c_str());
    const bool is_worth_it = letter.error.code == holdfast::Code::conflict;
    const auto done = is_worth_it ? store.retry_dead_letter(letter.id) : store.drop_dead_letter(letter.id);
    if (!done) std::fprintf(stderr, "it stays on the list: %s\n", done.error().message.c_str());
  }
  // [/syncing.dead_letters]
  EXPECT_EQ(store.sync_state(post).value(), holdfast::SyncState::clean);
}

TEST_F(Syncing, OnlyAPartIsKept) {
  Moment ready;
  Moment left;
  auto other = holdfast::DataStore::open(blog::schema()).value();
  const auto poor = other.save(Post{.title = "Poor", .rating = 1, .status = PostStatus::PUBLISHED}).value();
  const auto good = other.save(Post{.title = "Good", .rating = 5, .status = PostStatus::PUBLISHED}).value();
  Moment sent;
  const auto outbox = other.on_event([&](const holdfast::SyncEvent& event) {
    if (std::holds_alternative<holdfast::OutboxProcessed>(event)) sent.come();
  });
  ASSERT_TRUE(other.start({.endpoint = endpoint, .auth = holdfast::api_key("da2-guide")}));
  while (other.pending_count().value() != 0) ASSERT_TRUE(sent.comes());

  const auto events = store.on_event([&ready](const holdfast::SyncEvent& event) {
    if (std::holds_alternative<holdfast::SyncQueriesReady>(event)) ready.come();
  });
  // [syncing.keep]
  int least = 3;
  holdfast::SyncOptions options;
  options.endpoint = endpoint;
  options.auth = holdfast::api_key("da2-guide");
  options.expressions = {holdfast::sync_only<Post>(
      [&least]() -> holdfast::Result<holdfast::Where<Post>> { return Post::fields::rating >= least; })};
  const auto started = store.start(options);
  // [/syncing.keep]
  ASSERT_TRUE(started);
  ASSERT_TRUE(ready.comes());
  ASSERT_EQ(store.query<Post>().value().size(), 1U);
  EXPECT_EQ(store.query<Post>().value()[0].title, "Good");

  const auto watch = store.observe<Post>([&left](const auto& change) {
    if (change.type == holdfast::ChangeType::removed) left.come();
  });
  ASSERT_TRUE(other.save(Post::copy_of(good, [](auto& draft) { draft.rating = 2; })));
  EXPECT_TRUE(left.comes());
  EXPECT_EQ(store.count<Post>().value(), 0U);
  // [syncing.reselect]
  least = 1;
  const auto asked = store.reselect();  // Asks the expressions again: what is kept now comes, what is not any more leaves.
  // [/syncing.reselect]
  ASSERT_TRUE(asked);
  ASSERT_TRUE(ready.comes());
  EXPECT_EQ(store.count<Post>().value(), 2U);
}

TEST_F(Syncing, OptionsThatApplicationsSet) {
  // [syncing.options]
  holdfast::SyncOptions options;
  options.endpoint = endpoint;
  options.auth = holdfast::api_key("da2-guide");
  options.on_conflict = [](const holdfast::Conflict& conflict) -> holdfast::ConflictAnswer {
    if (conflict.is_delete) return holdfast::ApplyRemote{};  // Somebody edited what we removed: theirs stays.
    return holdfast::RetryLocal{};
  };
  options.on_error = [](const holdfast::SyncError& failed) {
    std::fprintf(stderr, "%s of %s: %s\n%s\n", failed.operation.c_str(), failed.model.c_str(),
                 failed.error.message.c_str(), failed.recovery.c_str());
  };
  const auto started = store.start(options);
  // [/syncing.options]
  ASSERT_TRUE(started);
  // [syncing.stop]
  store.set_online(false);  // The application knows that there is no network: connections are closed.
  store.set_online(true);
  store.stop();             // Unsent changes stay in the outbox.
  store.clear().value();    // Forgets every row, unsent change and sync state.
  // [/syncing.stop]
  EXPECT_EQ(store.count<Post>().value(), 0U);
}

}  // namespace
}  // namespace guide
