// What a device's local verbs cost, against SQLite by hand on the same tables: save() and query().

#include <filesystem>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "bench/by_hand.h"
#include "bench/measure.h"
#include "blog.h"
#include "holdfast/datastore.h"

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

double save_ours(const std::string& path, Durability durability, const std::vector<blog::Post>& rows) {
  { auto creates_the_tables = opened(path, durability); }  // As for the other side: a file that is on the disk.
  auto store = opened(path, durability);
  return seconds_of([&] {
    for (const auto& row : rows) store.save(row).value();
  });
}

// One transaction a save: the row, and its outbox entry with the same text.
double save_by_hand(const std::string& path, Durability durability, const std::vector<blog::Post>& rows) {
  { auto creates_the_tables = opened(path, durability); }
  Database database(path, durability == Durability::full);
  const Statement begin(database, "BEGIN IMMEDIATE");
  const Statement commit(database, "COMMIT");
  const Statement find(database, "SELECT 1 FROM \"Post\" WHERE id = ?1");
  const Statement row(database,
                      "INSERT INTO \"Post\" (id, title, rating, status, createdAt, updatedAt, _version, _lastChangedAt) "
                      "VALUES (?1, ?2, ?3, ?4, NULL, NULL, 0, 0)");
  const Statement entry(database,
                        "INSERT INTO holdfast_outbox (model, key, operation, changes, condition, was_sent) "
                        "VALUES ('Post', ?1, 'create', ?2, '{}', 0)");
  std::string key;
  std::string changes;
  return seconds_of([&] {
    for (const auto& post : rows) {
      begin.execute();
      find.bind(1, post.id);
      if (find.step()) give_up("a row twice");
      find.reset();
      row.bind(1, post.id);
      row.bind(2, post.title);
      row.bind(3, std::int64_t{post.rating});
      row.bind(4, std::string_view("ACTIVE"));
      row.execute();
      key = "[\"" + post.id + "\"]";
      changes = "{\"id\":\"" + post.id + "\",\"title\":\"" + post.title + "\",\"rating\":" + std::to_string(post.rating) +
                ",\"status\":\"ACTIVE\"}";
      entry.bind(1, key);
      entry.bind(2, changes);
      entry.execute();
      commit.execute();
    }
  });
}

void compare_saves(const fs::path& folder, Durability durability, std::size_t count, int turns) {
  const auto rows = posts(count);
  const std::string level = durability == Durability::full ? "synchronous=FULL" : "synchronous=NORMAL";
  run({.question = "`save()` with its outbox entry, " + level,
       .limit = "the same rows by hand, one transaction each",
       .operations = static_cast<double>(count),
       .turns = turns,
       .ours = [&] { return save_ours(scratch(folder, "ours.db"), durability, rows); },
       .theirs = [&] { return save_by_hand(scratch(folder, "theirs.db"), durability, rows); }});
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

}  // namespace
}  // namespace holdfast::bench

int main(int argc, char** argv) {
  using namespace holdfast::bench;
  if (argc != 2) give_up("usage: device_bench FOLDER");
  const std::filesystem::path folder = argv[1];
  // Many short turns where the disk is the limit: its own speed wanders within seconds.
  compare_saves(folder, holdfast::Durability::full, 500, 40);
  compare_saves(folder, holdfast::Durability::normal, 20'000, 10);
  compare_queries(folder, 100'000);
}
