// What the backend costs over loopback HTTP: a get by id, durable updates and creates, sync pages; each beside the same bytes from
// a bare Beast server, or the same rows by hand.
#include <charconv>

#include "base/json.h"
#include "bench/backend.h"
#include "bench/bare_server.h"
#include "bench/load.h"
#include "bench/measure.h"
#include "bench/own_cpu.h"
#include "protocol/documents.h"
#include "sqlite/memory.h"

namespace holdfast::bench {
namespace {

constexpr std::size_t callers = 64;
constexpr std::uint32_t page_rows = 1000;

const ModelSchema& posts() { return *blog::schema().model("Post"); }

std::vector<Record> stored_posts(server::Store& store, std::size_t count) {
  const auto random = system_random();
  std::vector<Record> records;
  for (std::size_t at = 0; at < count; ++at) {
    records.push_back(some_post(*random, at));
    if (!store.put({.record = records.back()})) give_up("the store refused a row");
  }
  return records;
}

std::string get_of(const Record& record) { return protocol::get_request(blog::schema(), posts(), record.key()).body(); }

void compare_get(const std::filesystem::path& folder) {
  constexpr std::size_t gets = 20'000;
  Backend backend(fresh(folder, "get.db"));
  const auto records = stored_posts(backend.store(), 1000);
  std::vector<std::string> requests;
  for (const auto& record : records) requests.push_back(Load::post(get_of(record)));
  const auto answer = backend.server().respond({.method = "POST", .target = "/graphql", .body = get_of(records.front())});
  const BareServer bare(answer.body);
  Load ours(backend.port(), callers);
  Load theirs(bare.port(), callers);
  std::size_t asked = 0;
  const auto next = [&](std::size_t) { return requests[++asked % requests.size()]; };
  run({.question = "get by id over HTTP, 64 callers",
       .limit = "a bare Beast server with the same bytes",
       .operations = gets,
       .ours = [&] { return ours.run(gets, next); },
       .theirs = [&] { return theirs.run(gets, next); }});
}

/// Each caller edits a record of its own, again and again, at the version that it was told last.
class Editors {
 public:
  explicit Editors(std::vector<Record> records) : records_(std::move(records)), versions_(records_.size(), 1) {}

  [[nodiscard]] std::string next(std::size_t at) {
    records_[at]["rating"] = ++edits_;
    protocol::Mutation mutation{.kind = protocol::MutationKind::update};
    mutation.key = records_[at].key();
    mutation.changes = {{*posts().field_index("rating"), records_[at]["rating"]}};
    mutation.version = versions_[at];
    return Load::post(protocol::mutation_request(blog::schema(), posts(), mutation).body());
  }
  void see(std::size_t at, std::string_view body) {
    constexpr std::string_view name = "\"_version\":";
    const auto found = body.find(name);
    if (found == std::string_view::npos) give_up("an update was refused: " + std::string(body));
    std::from_chars(body.data() + found + name.size(), body.data() + body.size(), versions_[at]);
  }

 private:
  std::vector<Record> records_;
  std::vector<std::int64_t> versions_;
  std::int64_t edits_ = 0;
};

/// The rows that `count` updates write, in transactions of as many as there are callers, and nothing else. Its log has the
/// index of all versions that anybody would give it; ours has one of every sixteenth (decision 0042).
class GroupCommit {
 public:
  explicit GroupCommit(const std::string& path) : database_(path, true) {
    database_.run("CREATE TABLE records(model TEXT, key TEXT, version INTEGER, at INTEGER, deleted INTEGER, sequence INTEGER, image TEXT);"
                  "CREATE UNIQUE INDEX records_by_key ON records(model, key);"
                  "CREATE UNIQUE INDEX records_by_change ON records(model, at);"
                  "CREATE TABLE changes(sequence INTEGER PRIMARY KEY, model TEXT, key TEXT, version INTEGER, at INTEGER, image TEXT);"
                  "CREATE UNIQUE INDEX changes_by_version ON changes(model, key, version)");
    const Statement insert(database_, "INSERT INTO records VALUES('Post', ?1, 0, -?2, 0, 0, '')");
    for (std::size_t at = 0; at < callers; ++at) {
      keys_.push_back("[\"7f3c2f2e-52e3-4a34-9a15-0000000000" + std::to_string(10 + at) + "\"]");
      insert.bind(1, keys_.back());
      insert.bind(2, static_cast<std::int64_t>(at) + 1);
      insert.execute();
    }
  }

  void write(std::size_t count) {
    const Statement begin(database_, "BEGIN IMMEDIATE");
    const Statement commit(database_, "COMMIT");
    const Statement update(database_, "UPDATE records SET version = ?2, at = ?3, sequence = ?3, image = ?4 WHERE model = 'Post' AND key = ?1");
    const Statement insert(database_, "INSERT INTO changes VALUES(?3, 'Post', ?1, ?2, ?3, ?4)");
    const std::string image(230, 'x');  // As long as a post is.
    for (std::size_t done = 0; done < count; done += callers) {
      begin.execute();
      ++version_;
      for (const auto& key : keys_) {
        ++sequence_;
        for (const auto* statement : {&update, &insert}) {
          statement->bind(1, key);
          statement->bind(2, version_);
          statement->bind(3, sequence_);
          statement->bind(4, image);
          statement->execute();
        }
      }
      commit.execute();
    }
  }

 private:
  Database database_;
  std::vector<std::string> keys_;
  std::int64_t version_ = 0;
  std::int64_t sequence_ = 0;
};

void compare_updates(const std::filesystem::path& folder) {
  constexpr std::size_t updates = 9'600;
  Backend backend(fresh(folder, "updates.db"));
  Editors editors(stored_posts(backend.store(), callers));
  Load ours(backend.port(), callers);
  GroupCommit theirs(fresh(folder, "group-commit.db"));
  run({.question = "durable updates over HTTP, 64 in flight",
       .limit = "the same rows by hand, 64 a transaction",
       .operations = updates,
       .ours = [&] {
         return ours.run(updates, [&](std::size_t at) { return editors.next(at); },
                         [&](std::size_t at, std::string_view body) { editors.see(at, body); });
       },
       .theirs = [&] { return seconds_of([&] { theirs.write(updates); }); }});
}

std::string create_of(Random& random, std::size_t number) {
  const auto record = some_post(random, number);
  protocol::Mutation mutation{.kind = protocol::MutationKind::create, .key = record.key()};
  for (const auto* name : {"title", "rating", "status"}) mutation.changes.push_back({*posts().field_index(name), record[name]});
  return Load::post(protocol::mutation_request(blog::schema(), posts(), mutation).body());
}

/// The rows that `count` creates write, as above, with the indexes that a backend searches: by key, in the order of lists,
/// in the order of changes.
class CreateCommit {
 public:
  explicit CreateCommit(const std::string& path) : database_(path, true) {
    database_.run("CREATE TABLE records(model TEXT, key TEXT, version INTEGER, at INTEGER, deleted INTEGER, sequence INTEGER, first INTEGER, image TEXT);"
                  "CREATE UNIQUE INDEX records_by_key ON records(model, key);"
                  "CREATE UNIQUE INDEX records_by_first ON records(model, first);"
                  "CREATE UNIQUE INDEX records_by_change ON records(model, at);"
                  "CREATE TABLE changes(sequence INTEGER PRIMARY KEY, model TEXT, key TEXT, version INTEGER, at INTEGER, image TEXT)");
  }

  void write(std::size_t count) {
    const Statement begin(database_, "BEGIN IMMEDIATE");
    const Statement commit(database_, "COMMIT");
    const Statement record(database_, "INSERT INTO records VALUES('Post', ?1, 1, ?2, 0, ?2, ?2, ?3)");
    const Statement change(database_, "INSERT INTO changes VALUES(?2, 'Post', ?1, 1, ?2, ?3)");
    const std::string image(230, 'x');  // As long as a post is.
    for (std::size_t done = 0; done < count; ++done) {
      if (done % callers == 0) begin.execute();
      const auto key = "[\"" + uuid(*random_) + "\"]";
      ++sequence_;
      for (const auto* statement : {&record, &change}) {
        statement->bind(1, key);
        statement->bind(2, sequence_);
        statement->bind(3, image);
        statement->execute();
      }
      if (done % callers == callers - 1) commit.execute();
    }
  }

 private:
  Database database_;
  std::unique_ptr<Random> random_ = system_random();
  std::int64_t sequence_ = 0;
};

void compare_creates(const std::filesystem::path& folder) {
  constexpr std::size_t creates = 9'600;
  Backend backend(fresh(folder, "creates.db"));
  Load ours(backend.port(), callers);
  CreateCommit theirs(fresh(folder, "create-commit.db"));
  const auto random = system_random();
  std::size_t number = 0;
  const auto see = [](std::size_t, std::string_view body) {
    if (body.find("\"_version\":1") == std::string_view::npos) give_up("a create was refused: " + std::string(body));
  };
  run({.question = "durable creates over HTTP, 64 in flight",
       .limit = "the same rows by hand, 64 a transaction",
       .operations = creates,
       .ours = [&] { return ours.run(creates, [&](std::size_t) { return create_of(*random, ++number); }, see); },
       .theirs = [&] { return seconds_of([&] { theirs.write(creates); }); }});
}

/// Bodies of the requests for all pages, in order.
std::vector<std::string> page_requests(server::Server& server) {
  std::vector<std::string> bodies;
  protocol::SyncPage page{.limit = page_rows};
  do {
    bodies.push_back(protocol::sync_request(blog::schema(), posts(), page).body());
    const auto answer = json::parse(server.respond({.method = "POST", .target = "/graphql", .body = bodies.back()}).body).value();
    const auto* token = answer["data"]["syncPosts"]["nextToken"].as_string();
    page.next_token = token ? std::optional(*token) : std::nullopt;
  } while (page.next_token);
  return bodies;
}

/// Reads the rows of the backend's own file, and prints the same pages as the answers have them.
class PagesByHand {
 public:
  explicit PagesByHand(const std::string& path) : database_(path, true) {
    database_.run("PRAGMA cache_size=-8192");  // As the backend's readers: all rows are in memory.
    const Statement sequences(database_, "SELECT first_sequence FROM records WHERE model = 'Post' ORDER BY first_sequence");
    for (std::size_t row = 0; sequences.step(); ++row) {
      if (row % page_rows == 0) begins_.push_back(sequences.integer(0));
    }
  }

  /// Where each page begins is known, as it is to those who ask the backend. Gives how many bytes there are.
  [[nodiscard]] std::size_t print_all() const {
    const Statement rows(database_, "SELECT image, version, last_changed_at, is_deleted FROM records "
                                    "WHERE model = 'Post' AND first_sequence >= ?1 ORDER BY first_sequence");
    std::size_t size = 0;
    for (const auto begin : begins_) {
      rows.bind(1, begin);
      size += printed(rows).size();
      rows.reset();
    }
    return size;
  }

 private:
  static std::string printed(const Statement& rows) {
    std::string page;
    for (std::size_t row = 0; row < page_rows && rows.step(); ++row) {
      const auto image = rows.text(0);
      page.append(image.substr(0, image.size() - 1));
      page.append(",\"_version\":").append(std::to_string(rows.integer(1)));
      page.append(",\"_lastChangedAt\":").append(std::to_string(rows.integer(2)));
      page.append(",\"_deleted\":").append(rows.integer(3) != 0 ? "true" : "null").append("},");
    }
    return page;
  }

  Database database_;
  std::vector<std::int64_t> begins_;  ///< first_sequence of the first row of each page.
};

void compare_pages(const std::filesystem::path& folder) {
  constexpr std::size_t records = 20'000;
  constexpr std::size_t rounds = 20;  // A turn of one takes 10 ms: that is the scheduler's figure.
  const auto path = fresh(folder, "pages.db");
  OwnCpu caller;  // The kernel puts two that never sleep together on one now and then, for milliseconds.
  Backend backend(path);
  caller.take();
  fill(backend.store(), records);
  std::vector<std::string> requests;
  for (const auto& body : page_requests(backend.server())) requests.push_back(Load::post(body));
  Load ours(backend.port(), 1);
  const PagesByHand theirs(path);
  std::size_t asked = 0;
  run({.question = "sync pages of 1000 records over HTTP, one caller, records a second",
       .limit = "reading and printing the same rows by hand",
       .operations = records * rounds,
       .ours = [&] { return ours.run(requests.size() * rounds, [&](std::size_t) { return requests[asked++ % requests.size()]; }); },
       .theirs = [&] {
         return seconds_of([&] {
           for (std::size_t round = 0; round < rounds; ++round) {
             if (theirs.print_all() == 0) give_up("no rows");
           }
         });
       }});
}

}  // namespace
}  // namespace holdfast::bench

int main(int argc, char** argv) {
  using namespace holdfast::bench;
  holdfast::sqlite::stop_counting_memory();  // As `holdfast serve` does.
  if (argc < 2 || argc > 3) give_up("usage: backend_bench FOLDER [get|updates|creates|pages]");
  const std::string only = argc == 3 ? argv[2] : "";
  if (only.empty() || only == "get") compare_get(argv[1]);
  if (only.empty() || only == "updates") compare_updates(argv[1]);
  if (only.empty() || only == "creates") compare_creates(argv[1]);
  if (only.empty() || only == "pages") compare_pages(argv[1]);
}
