// What syncing costs over a loopback backend: hydrating a device, sending what was written offline, and the time from a
// save on one device to the observer on another.

#include <simdjson.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "base/json.h"
#include "bench/backend.h"
#include "bench/measure.h"
#include "holdfast/datastore.h"
#include "protocol/documents.h"

namespace holdfast::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t page_rows = 1000;

// Waits for what callbacks of other threads announce.
class Signal {
 public:
  void set() {
    { const std::lock_guard lock(mutex_); is_set_ = true; }
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::minutes(2), [this] { return is_set_; })) give_up("nothing happened in two minutes");
    is_set_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_set_ = false;
};

// Seconds from start() to `ready` on an empty device; `then` is called when it is.
double hydrate(const fs::path& folder, const std::string& endpoint, std::size_t count, const std::function<void()>& then) {
  auto store = DataStore::open(blog::schema(), {.path = fresh(folder, "hydrated.db")}).value();
  Signal ready;
  const auto events = store.on_event([&](const SyncEvent& event) {
    if (std::holds_alternative<Ready>(event)) ready.set();
  });
  const auto seconds = seconds_of([&] {
    store.start({.endpoint = endpoint, .page_rows = page_rows}).value();
    ready.wait();
  });
  then();
  const auto rows = store.count<blog::Post>().value();
  if (rows != count) give_up("the device hydrated " + std::to_string(rows) + " rows");
  return seconds;
}

// Of this process, in MiB: "VmRSS" is what it holds of memory now, "VmHWM" the most it held.
double memory_mib(const std::string& line_name) {
  std::ifstream status("/proc/self/status");
  for (std::string name; status >> name;) {
    double kib = 0;
    if (name == line_name + ":" && status >> kib) return kib / 1024;
    std::getline(status, name);
  }
  give_up("/proc/self/status has no " + line_name);
}

// A device in a process of its own, forked before this one has threads or memory that would count.
class DeviceProcess {
 public:
  DeviceProcess() {
    if (pipe(asked_.data()) != 0 || pipe(told_.data()) != 0) give_up("no pipes");
    pid_ = fork();
    if (pid_ < 0) give_up("no process");
  }
  ~DeviceProcess() {
    if (!is_child()) waitpid(pid_, nullptr, 0);
  }
  DeviceProcess(const DeviceProcess&) = delete;
  DeviceProcess& operator=(const DeviceProcess&) = delete;

  [[nodiscard]] bool is_child() const { return pid_ == 0; }

  // The child's part: waits for an endpoint, hydrates, tells how much more memory that took than an open store.
  void serve(const fs::path& folder, std::size_t count) const {
    std::array<char, 256> endpoint{};
    if (read(asked_[0], endpoint.data(), endpoint.size() - 1) <= 0) return;
    { auto opened = DataStore::open(blog::schema(), {.path = fresh(folder, "hydrated.db")}).value(); }
    const double idle = memory_mib("VmRSS");
    double more = 0;
    hydrate(folder, endpoint.data(), count, [&] { more = memory_mib("VmHWM") - idle; });
    if (write(told_[1], &more, sizeof more) != sizeof more) give_up("nobody listens");
  }
  double hydrate_at(const std::string& endpoint) const {
    double more = 0;
    if (write(asked_[1], endpoint.data(), endpoint.size()) < 0) give_up("no device");
    if (read(told_[0], &more, sizeof more) != sizeof more) give_up("the device ended early");
    return more;
  }

 private:
  std::array<int, 2> asked_{};
  std::array<int, 2> told_{};
  pid_t pid_ = -1;
};

// The answers a hydrating device gets, taken straight from the backend.
std::vector<std::string> pages_of(server::Server& server) {
  std::vector<std::string> pages;
  protocol::SyncPage page{.limit = page_rows};
  const auto& schema = blog::schema();
  const auto& model = *schema.model("Post");
  do {
    HttpRequest request{.method = "POST", .target = "/graphql", .headers = {},
                        .body = protocol::sync_request(schema, model, page).body()};
    auto response = server.respond(request);
    const auto body = json::parse(response.body).value();
    const auto* token = body["data"]["syncPosts"]["nextToken"].as_string();
    page.next_token = token ? std::optional(*token) : std::nullopt;
    pages.push_back(std::move(response.body));
  } while (page.next_token);
  return pages;
}

// Parse the same pages with simdjson and upsert them with hand-written SQL, one transaction a page.
double hydrate_by_hand(const fs::path& folder, const std::vector<std::string>& pages) {
  const auto path = fresh(folder, "by-hand.db");
  { auto creates_the_tables = DataStore::open(blog::schema(), {.path = path}).value(); }
  Database database(path, true);
  const Statement begin(database, "BEGIN IMMEDIATE");
  const Statement commit(database, "COMMIT");
  const Statement upsert(database,
                         "INSERT INTO \"Post\" (id, title, rating, status, createdAt, updatedAt, _version, _lastChangedAt) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
                         "rating = excluded.rating, status = excluded.status, createdAt = excluded.createdAt, "
                         "updatedAt = excluded.updatedAt, _version = excluded._version, "
                         "_lastChangedAt = excluded._lastChangedAt WHERE excluded._version > _version");
  simdjson::ondemand::parser parser;
  return seconds_of([&] {
    for (const auto& page : pages) {
      const simdjson::padded_string padded(page);
      auto document = parser.iterate(padded).value();
      begin.execute();
      for (auto item : document["data"]["syncPosts"]["items"]) {
        upsert.bind(1, item["id"].get_string().value());
        upsert.bind(2, item["title"].get_string().value());
        upsert.bind(3, item["rating"].get_int64().value());
        upsert.bind(4, item["status"].get_string().value());
        upsert.bind(5, item["createdAt"].get_string().value());
        upsert.bind(6, item["updatedAt"].get_string().value());
        upsert.bind(7, item["_version"].get_int64().value());
        upsert.bind(8, item["_lastChangedAt"].get_int64().value());
        upsert.execute();
      }
      commit.execute();
    }
  });
}

void compare_hydrating(const fs::path& folder, std::size_t count, const DeviceProcess& device) {
  Backend backend(fresh(folder, "backend.db"));
  fill(backend.store(), count);
  const auto pages = pages_of(backend.server());
  run({.question = "hydrating " + std::to_string(count) + " records over loopback, backend included",
       .limit = "parsing the same pages and upserting them by hand",
       .operations = static_cast<double>(count),
       .turns = 5,
       .ours = [&] { return hydrate(folder, backend.endpoint(), count, [] {}); },
       .theirs = [&] { return hydrate_by_hand(folder, pages); }});
  std::printf("| memory while hydrating %zu records, above an idle process | %.1f MiB | aim: at most 16 MiB | | |\n", count,
              device.hydrate_at(backend.endpoint()));
}

DataStore online(const fs::path& folder, const std::string& name, const std::string& endpoint) {
  auto store = DataStore::open(blog::schema(), {.path = fresh(folder, name)}).value();
  Signal ready;
  const auto events = store.on_event([&](const SyncEvent& event) {
    if (std::holds_alternative<Ready>(event)) ready.set();
  });
  store.start({.endpoint = endpoint}).value();
  ready.wait();
  return store;
}

void measure_latency(const fs::path& folder, int count) {
  Backend backend(fresh(folder, "latency.db"));
  auto writer = online(folder, "writer.db", backend.endpoint());
  auto reader = online(folder, "reader.db", backend.endpoint());
  Signal seen;
  const auto watch = reader.observe<blog::Post>([&](const Change<blog::Post>&) { seen.set(); });
  std::vector<double> milliseconds;
  for (int at = 0; at < count; ++at) {
    milliseconds.push_back(1000 * seconds_of([&] {
      writer.save(blog::Post{.title = "post " + std::to_string(at), .rating = at, .status = blog::PostStatus::ACTIVE}).value();
      seen.wait();
    }));
  }
  std::printf("| from a save on one device to the observer on the other, %d times | p50 %.2f ms | aim: p50 under 3 ms | p99 %.2f ms | |\n",
              count, quantile(milliseconds, 0.5), quantile(milliseconds, 0.99));
}

// Seconds from start() on a device with `count` queued writes until the backend has acknowledged all of them.
double upload(const fs::path& folder, int count) {
  Backend backend(fresh(folder, "upload-backend.db"));
  auto store = DataStore::open(blog::schema(), {.path = fresh(folder, "upload.db")}).value();
  std::vector<blog::Post> posts;
  for (int at = 0; at < count; ++at) {
    posts.push_back({.title = "post " + std::to_string(at), .rating = at, .status = blog::PostStatus::ACTIVE});
  }
  store.save_all(posts).value();
  Signal empty;
  const auto events = store.on_event([&](const SyncEvent& event) {
    if (const auto* status = std::get_if<OutboxStatus>(&event); status && status->is_empty) empty.set();
  });
  return seconds_of([&] {
    store.start({.endpoint = backend.endpoint()}).value();
    // The word may be older than what it says: the count decides.
    while (store.pending_count().value() != 0) empty.wait();
  });
}

void measure_upload(const fs::path& folder, int count) {
  std::vector<double> seconds;
  for (int turn = 0; turn < 5; ++turn) seconds.push_back(upload(folder, count));
  std::printf("| %d writes queued offline, from start() to the last acknowledgement, backend included | %.2f s | aim: under 1 s"
              " | slowest of 5 %.2f s | |\n",
              count, quantile(seconds, 0.5), quantile(seconds, 1.0));
}

}  // namespace
}  // namespace holdfast::bench

int main(int argc, char** argv) {
  using namespace holdfast::bench;
  if (argc != 2) give_up("usage: sync_bench FOLDER");
  const std::filesystem::path folder = argv[1];
  constexpr std::size_t records = 100'000;
  const DeviceProcess device;
  if (device.is_child()) return device.serve(folder, records), 0;
  compare_hydrating(folder, records, device);
  measure_upload(folder, 2'000);
  measure_latency(folder, 2'000);
}
