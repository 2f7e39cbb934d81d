// The backend as `holdfast serve` composes it, inside the benchmark's process, and records to fill it with.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "api/document.h"
#include "base/random.h"
#include "bench/by_hand.h"
#include "blog.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "server/server.h"
#include "server/store/sqlite/sqlite_store.h"

namespace holdfast::bench {

class Backend {
 public:
  explicit Backend(const std::string& file, const server::ServerOptions& options = {})
      : random_(system_random()),
        store_(server::open_sqlite_store(blog::schema(), loop_, file).value()),
        server_(server::Server::make({blog::schema(), api_of(options), *store_, loop_, *random_, silent_log()}, options).value()),
        http_(net::HttpServer::listen(*server_, silent_log(), {}).value()) {}

  [[nodiscard]] std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port()) + "/graphql"; }
  [[nodiscard]] std::uint16_t port() const { return http_->port(); }
  [[nodiscard]] server::Store& store() { return *store_; }
  [[nodiscard]] server::Server& server() { return *server_; }

 private:
  static graphql::SchemaDocument api_of(const server::ServerOptions& options) {
    return api::document(blog::schema(), {.is_versioned = options.conflict != server::ConflictStrategy::none});
  }

  net::Loop loop_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<server::Store> store_;
  std::unique_ptr<server::Server> server_;
  std::unique_ptr<net::HttpServer> http_;
};

/// A path in `folder` where no database is.
inline std::string fresh(const std::filesystem::path& folder, const std::string& name) {
  for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(folder / (name + suffix));
  return (folder / name).string();
}

inline Record some_post(Random& random, std::size_t number) {
  Record record(*blog::schema().model("Post"));
  record["id"] = uuid(random);
  record["title"] = "A title of ordinary length, number " + std::to_string(number);
  record["rating"] = static_cast<std::int64_t>(number % 1000);
  record["status"] = "ACTIVE";
  record["createdAt"] = "2026-11-21T07:30:00.123Z";
  record["updatedAt"] = "2026-11-21T07:30:00.123Z";
  return record;
}

/// By many threads: the store commits them in groups, and each commit waits for the disk.
inline void fill(server::Store& store, std::size_t count) {
  constexpr std::size_t writers = 128;
  std::vector<std::thread> threads;
  for (std::size_t writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&store, count, writer] {
      const auto random = system_random();
      for (std::size_t at = writer; at < count; at += writers) {
        if (!store.put({.record = some_post(*random, at)})) give_up("the store refused a row");
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace holdfast::bench
