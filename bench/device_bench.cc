// What a device's local verbs cost, against SQLite by hand on the same tables: save(), save_all(), get() and query().

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "bench/by_hand.h"
#include "bench/measure.h"
#include "blog.h"
#include "holdfast/datastore.h"
#include "indexed.h"

namespace holdfast::bench {
namespace {

namespace fs = std::filesystem;

std::string scratch(const fs::path& folder, const std::string& name) {
  for (const auto* suffix : {"", "-wal", "-shm"}) fs::remove(folder / (name + suffix));
  return (folder / name).string();
}

std::vector<blog::Post> posts(std::size_t count) {
  const auto random = system_random();
  std::vector<blog::Post> out;
  for (std::size_t at = 0; at < count; ++at) {
    out.push_back({.id = uuid(*random), .title = "A title of ordinary length, number " + std::to_string(at),
                   .rating = static_cast<std::int32_t>(at % 1000), .status = blog::PostStatus::ACTIVE});
  }
  return out;
}

DataStore opened(const std::string& path, Durability durability) {
  return DataStore::open(blog::schema(), {.path = path, .durability = durability}).value();
}

/// The row of a save and its outbox entry with the same text.
class SaveByHand {
 public:
  explicit SaveByHand(const Database& database)
      : find_(database, "SELECT 1 FROM \"Post\" WHERE id = ?1"),
        row_(database,
             "INSERT INTO \"Post\" (id, title, rating, status, createdAt, updatedAt, _version, _lastChangedAt) "
             "VALUES (?1, ?2, ?3, ?4, NULL, NULL, 0, 0)"),
        entry_(database,
               "INSERT INTO holdfast_outbox (model, key, operation, changes, condition, was_sent) "
               "VALUES ('Post', ?1, 'create', ?2, '{}', 0)") {}

  void save(const blog::Post& post) {
    find_.bind(1, post.id);
    if (find_.step()) give_up("a row twice");
    find_.reset();
    row_.bind(1, post.id);
    row_.bind(2, post.title);
    row_.bind(3, std::int64_t{post.rating});
    row_.bind(4, std::string_view("ACTIVE"));
    row_.execute();
    key_ = "[\"" + post.id + "\"]";
    changes_ = "{\"id\":\"" + post.id + "\",\"title\":\"" + post.title + "\",\"rating\":" + std::to_string(post.rating) +
               ",\"status\":\"ACTIVE\"}";
    entry_.bind(1, key_);
    entry_.bind(2, changes_);
    entry_.execute();
  }

 private:
  Statement find_;
  Statement row_;
  Statement entry_;
  std::string key_;
  std::string changes_;
};

/// Two files with the same tables, one written by the store and one by hand.
struct Pair {
  Pair(const fs::path& folder, Durability durability)
      : store(reopened(scratch(folder, "ours.db"), durability)),
        database(reopened_path(scratch(folder, "theirs.db"), durability), durability == Durability::full),
        begin(database, "BEGIN IMMEDIATE"),
        commit(database, "COMMIT"),
        hand(database) {}

  /// Opened once before, for both sides: files that are on the disk, with their tables.
  static std::string reopened_path(const std::string& path, Durability durability) {
    auto creates_the_tables = opened(path, durability);
    return path;
  }
  static DataStore reopened(const std::string& path, Durability durability) {
    return opened(reopened_path(path, durability), durability);
  }

  void save_by_hand(std::span<const blog::Post> rows) {
    begin.execute();
    for (const auto& row : rows) hand.save(row);
    commit.execute();
  }

  DataStore store;
  Database database;
  Statement begin;
  Statement commit;
  SaveByHand hand;
};

/// The next rows of many, a turn's worth at a time, for one side.
class Rows {
 public:
  Rows(const std::vector<blog::Post>& rows, std::size_t a_turn) : left_(rows), a_turn_(a_turn) {}
  std::span<const blog::Post> next() {
    const auto turn = left_.first(a_turn_);
    left_ = left_.subspan(a_turn_);
    return turn;
  }

 private:
  std::span<const blog::Post> left_;
  std::size_t a_turn_;
};

/// Many short turns, side by side on two open files: the disk's own speed wanders within seconds.
void compare_saves(const fs::path& folder, Durability durability, std::size_t a_turn, int turns) {
  const auto rows = posts(a_turn * static_cast<std::size_t>(turns + 1));
  Rows for_us(rows, a_turn);
  Rows for_them(rows, a_turn);
  Pair pair(folder, durability);
  run({.question = std::string("`save()` with its outbox entry, synchronous=") +
                   (durability == Durability::full ? "FULL" : "NORMAL"),
       .limit = "the same rows by hand, one transaction each",
       .operations = static_cast<double>(a_turn),
       .turns = turns,
       .ours = [&] { return seconds_of([&] { for (const auto& row : for_us.next()) pair.store.save(row).value(); }); },
       .theirs = [&] {
         return seconds_of([&] { for (const auto& row : for_them.next()) pair.save_by_hand({&row, 1}); });
       }});
}

void compare_batches(const fs::path& folder, std::size_t batch, int turns) {
  const auto rows = posts(batch * static_cast<std::size_t>(turns + 1));
  Rows for_us(rows, batch);
  Rows for_them(rows, batch);
  Pair pair(folder, Durability::full);
  run({.question = "`save_all()` of " + std::to_string(batch) + " with their outbox entries, synchronous=FULL",
       .limit = "the same rows by hand, as many a transaction",
       .operations = static_cast<double>(batch),
       .turns = turns,
       .ours = [&] { return seconds_of([&] { pair.store.save_all(for_us.next()).value(); }); },
       .theirs = [&] { return seconds_of([&] { pair.save_by_hand(for_them.next()); }); }});
}

std::optional<std::string> optional_text(const Statement& statement, int column) {
  if (statement.is_null(column)) return std::nullopt;
  return std::string(statement.text(column));
}

void compare_queries(const fs::path& folder, std::size_t count) {
  const auto path = scratch(folder, "query.db");
  auto store = opened(path, Durability::normal);
  for (const auto& row : posts(count)) store.save(row).value();
  Database database(path, false);
  const Statement select(database, "SELECT id, title, rating, status, createdAt, updatedAt FROM \"Post\" ORDER BY _place");
  run({.question = "query of " + std::to_string(count) + " rows into structs",
       .limit = "stepping the same statement into the same structs",
       .operations = static_cast<double>(count),
       .turns = 16,
       .ours = [&] {
         return seconds_of([&] {
           if (store.query<blog::Post>().value().size() != count) give_up("rows are missing");
         });
       },
       .theirs = [&] {
         return seconds_of([&] {
           std::vector<blog::Post> rows;
           while (select.step()) {
             auto& row = rows.emplace_back();
             row.id = select.text(0);
             row.title = select.text(1);
             row.rating = static_cast<std::int32_t>(select.integer(2));
             from_string(select.text(3), row.status);
             row.createdAt = optional_text(select, 4);
             row.updatedAt = optional_text(select, 5);
           }
           select.reset();
           if (rows.size() != count) give_up("rows are missing");
         });
       }});
}

indexed::Article article(const Statement& row) {
  return {.id = std::string(row.text(0)), .title = std::string(row.text(1)), .topic = std::string(row.text(2)),
          .rating = static_cast<std::int32_t>(row.integer(3)), .createdAt = optional_text(row, 4),
          .updatedAt = optional_text(row, 5)};
}

constexpr std::size_t topics = 1'000;

std::string topic(std::size_t number) { return "topic " + std::to_string(number % topics); }

/// `count` articles, evenly on the topics.
std::vector<indexed::Article> articles(std::size_t count) {
  const auto random = system_random();
  std::vector<indexed::Article> out;
  for (std::size_t at = 0; at < count; ++at) {
    out.push_back({.id = uuid(*random), .title = "A title of ordinary length, number " + std::to_string(at),
                   .topic = topic(at), .rating = static_cast<std::int32_t>(at % 10)});
  }
  return out;
}

void compare_gets(DataStore& store, const Database& database, const std::vector<indexed::Article>& rows) {
  const Statement select(database, "SELECT id, title, topic, rating, createdAt, updatedAt FROM \"Article\" WHERE id = ?1");
  constexpr std::size_t step = 7919;  // A prime: neighbours in time are none in the table.
  const auto id = [&](std::size_t at) -> const std::string& { return rows[at * step % rows.size()].id; };
  run({.question = "`get()` by id",
       .limit = "stepping a kept statement into the same struct",
       .operations = static_cast<double>(rows.size()),
       .turns = 16,
       .ours = [&] {
         return seconds_of([&] {
           for (std::size_t at = 0; at < rows.size(); ++at) {
             if (!store.get<indexed::Article>(id(at)).value()) give_up("a row is missing");
           }
         });
       },
       .theirs = [&] {
         return seconds_of([&] {
           for (std::size_t at = 0; at < rows.size(); ++at) {
             select.bind(1, id(at));
             std::optional<indexed::Article> found;
             if (select.step()) found = article(select);
             select.reset();
             if (!found) give_up("a row is missing");
           }
         });
       }});
}

void compare_indexed(DataStore& store, const Database& database, std::size_t rows_a_topic) {
  using fields = indexed::Article::fields;
  const Statement select(database,
                         "SELECT id, title, topic, rating, createdAt, updatedAt FROM \"Article\" WHERE topic = ?1 "
                         "ORDER BY _place");
  run({.question = "query by an indexed field, " + std::to_string(rows_a_topic) + " rows each",
       .limit = "stepping a kept statement into the same structs",
       .operations = topics,
       .turns = 16,
       .ours = [&] {
         return seconds_of([&] {
           for (std::size_t at = 0; at < topics; ++at) {
             const auto found = store.query<indexed::Article>(fields::topic == topic(at)).value();
             if (found.size() != rows_a_topic) give_up("rows are missing");
           }
         });
       },
       .theirs = [&] {
         return seconds_of([&] {
           for (std::size_t at = 0; at < topics; ++at) {
             const auto wanted = topic(at);
             select.bind(1, wanted);
             std::vector<indexed::Article> found;
             while (select.step()) found.push_back(article(select));
             select.reset();
             if (found.size() != rows_a_topic) give_up("rows are missing");
           }
         });
       }});
}

void compare_reads(const fs::path& folder, std::size_t count) {
  const auto path = scratch(folder, "reads.db");
  auto store = DataStore::open(indexed::schema(), {.path = path, .durability = Durability::normal}).value();
  const auto rows = articles(count);
  store.save_all(rows).value();
  const Database database(path, false);
  compare_gets(store, database, rows);
  compare_indexed(store, database, count / topics);
}

using QueryOfNumber = std::function<Where<blog::Post>(std::int32_t)>;

/// Saves under so many live queries, of which the first matches every row.
double save_watched(const std::string& path, std::int32_t queries, const QueryOfNumber& query,
                    const std::vector<blog::Post>& rows) {
  auto store = opened(path, Durability::normal);
  std::size_t snapshots = 0;
  std::vector<Subscription> watching;
  for (std::int32_t number = 0; number < queries; ++number) {
    const auto count = [&snapshots](const Snapshot<blog::Post>&) { ++snapshots; };
    watching.push_back(store.observe_query<blog::Post>(query(number), {}, count).value());
  }
  snapshots = 0;
  const auto seconds = seconds_of([&] {
    for (const auto& row : rows) store.save(row).value();
  });
  if (snapshots != rows.size()) give_up("a save did not show in exactly one query");
  return seconds;
}

void compare_watched_saves(const fs::path& folder, const std::string& kind, const QueryOfNumber& query) {
  constexpr std::int32_t queries = 1000;
  auto rows = posts(2000);
  for (auto& row : rows) row.rating = 0;
  run({.question = "`save()` with " + std::to_string(queries) + " live queries of which one matches, " + kind,
       .limit = "the same with that one",
       .operations = static_cast<double>(rows.size()),
       .turns = 10,
       .ours = [&] { return save_watched(scratch(folder, "many.db"), queries, query, rows); },
       .theirs = [&] { return save_watched(scratch(folder, "one.db"), 1, query, rows); }});
}

/// Saves of comments under so many observers, each of which asks the post of what changes; half of them are told.
double save_observed(const std::string& path, std::int32_t observers, std::size_t saves) {
  auto store = opened(path, Durability::normal);
  const auto post = store.save(blog::Post{.title = "first", .rating = 5, .status = blog::PostStatus::ACTIVE}).value();
  std::size_t told = 0;
  std::vector<Subscription> watching;
  for (std::int32_t number = 0; number < observers; ++number) {
    const auto where = blog::Comment::fields::post.has(blog::Post::fields::rating > (number % 2 == 0 ? 4 : 5));
    watching.push_back(store.observe<blog::Comment>([&told](const Change<blog::Comment>&) { ++told; }, where));
  }
  const auto seconds = seconds_of([&] {
    for (std::size_t at = 0; at < saves; ++at) store.save(blog::Comment{.content = "c", .post = post}).value();
  });
  if (told != saves * ((static_cast<std::size_t>(observers) + 1) / 2)) give_up("an observer was not told, or told too much");
  return seconds;
}

void compare_observers(const fs::path& folder) {
  constexpr std::int32_t observers = 1000;
  constexpr std::size_t saves = 50;
  run({.question = "asking one of 1000 observers through a relation, in a `save()`",
       .limit = "a `save()` with one such observer",
       .operations = static_cast<double>(saves),
       .turns = 10,
       .ours = [&] { return save_observed(scratch(folder, "asked.db"), observers, saves) / observers; },
       .theirs = [&] { return save_observed(scratch(folder, "alone.db"), 1, saves); }});
}

void compare_live_queries(const fs::path& folder) {
  using fields = blog::Post::fields;
  compare_watched_saves(folder, "told apart by `==`", [](std::int32_t number) { return fields::rating == number; });
  compare_watched_saves(folder, "told apart by ranges",
                        [](std::int32_t number) { return fields::rating.between(number, number); });
}

}  // namespace
}  // namespace holdfast::bench

int main(int argc, char** argv) {
  using namespace holdfast::bench;
  if (argc != 2 && argc != 3) give_up("usage: device_bench FOLDER [saves | batches | queries | reads | live | observers]");
  const std::filesystem::path folder = argv[1];
  const auto wants = [&](std::string_view question) { return argc == 2 || question == argv[2]; };
  if (wants("saves")) {
    compare_saves(folder, holdfast::Durability::full, 20, 400);
    compare_saves(folder, holdfast::Durability::normal, 1'000, 100);
  }
  if (wants("batches")) compare_batches(folder, 1'000, 100);
  if (wants("queries")) compare_queries(folder, 100'000);
  if (wants("reads")) compare_reads(folder, 20'000);
  if (wants("live")) compare_live_queries(folder);
  if (wants("observers")) compare_observers(folder);
}
