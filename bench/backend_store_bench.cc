// What a delta query costs as the table grows: the same changes, in a small table and in a large one.

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "bench/measure.h"
#include "server/store/sqlite/sqlite_store.h"
#include "sqlite/connection.h"

namespace holdfast::bench {
namespace {

constexpr std::int64_t small_rows = 10'000;
constexpr std::int64_t large_rows = 1'000'000;
constexpr std::int64_t changed_rows = 1'000;
constexpr int queries = 20;

class StillClock final : public Clock {
 public:
  Instant wall() override { return from_epoch_ms(10'000'000'000); }
  Tick ticks() override { return {}; }
  void wake_at(Tick, std::function<void()>) override {}
};

Schema posts() {
  ModelSchema post;
  post.name = "Post";
  post.primary_key = {"id"};
  for (const auto* name : {"id", "title", "content"}) post.fields.emplace_back().name = name;
  Schema schema;
  schema.models = {post};
  return schema;
}

template <class T>
T need(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

/// A store with `rows` posts, written at the milliseconds 1 to `rows`: by hand, because puts would take minutes.
class Table {
 public:
  Table(const std::filesystem::path& folder, std::int64_t rows) : rows_(rows) {
    const std::string path = folder / ("delta_" + std::to_string(rows) + ".db");
    need(server::open_sqlite_store(schema_, clock_, path)).reset();
    auto connection = need(sqlite::Connection::open({.path = path}));
    const auto filled = connection.run(
        "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(rows) +
        ") INSERT INTO records(model, key, version, last_changed_at, is_deleted, sequence, first_sequence, image) "
        "SELECT 'Post', '[\"' || i || '\"]', 1, i, 0, i, i, json_object('id', '' || i, 'title', 'Post number ' || i, "
        "'content', printf('%.*c', 200, 'x')) FROM n; "
        "INSERT INTO changes(sequence, model, key, version, last_changed_at, is_deleted, image) "
        "SELECT sequence, model, key, version, last_changed_at, is_deleted, image FROM records; COMMIT");
    if (!filled) std::fprintf(stderr, "%s\n", filled.error().message.c_str());
    store_ = need(server::open_sqlite_store(schema_, clock_, path));
  }

  double delta_queries() {
    return seconds_of([this] {
      for (int query = 0; query < queries; ++query) {
        const auto since = from_epoch_ms(rows_ - changed_rows + 1);
        const auto page = need(store_->changed_since(schema_.models[0], since, changed_rows, ""));
        if (std::ssize(page.images) != changed_rows) std::exit(1);
      }
    });
  }

 private:
  std::int64_t rows_;
  Schema schema_ = posts();
  StillClock clock_;
  std::unique_ptr<server::Store> store_;
};

}  // namespace

int measure(const std::filesystem::path& folder) {
  Table small(folder, small_rows);
  Table large(folder, large_rows);
  run({.question = "delta queries of 1000 changes in a table of 1000000 rows, changes",
       .limit = "the same in a table of 10000 rows",
       .operations = static_cast<double>(queries * changed_rows),
       .ours = [&] { return large.delta_queries(); },
       .theirs = [&] { return small.delta_queries(); }});
  return 0;
}

}  // namespace holdfast::bench

int main(int count, char** words) {
  if (count == 2) return holdfast::bench::measure(words[1]);
  std::fprintf(stderr, "usage: backend_store_bench FOLDER\n");
  return 1;
}
