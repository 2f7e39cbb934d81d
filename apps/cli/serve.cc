// `holdfast serve`: puts a backend together and keeps it until a signal comes.
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "api/document.h"
#include "apps/cli/functions.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/serve_folder.h"
#include "apps/cli/stderr_log.h"
#include "apps/cli/verbs.h"
#include "base/random.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "server/server.h"
#include "server/store/memory/memory_store.h"
#include "server/store/sqlite/sqlite_store.h"

namespace holdfast::cli {
namespace {

constexpr const char* database_name = "backend.db";

/// SIGINT and SIGTERM, taken where we wait for them and nowhere else. To be made before any thread is.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // Whoever reads our output may leave; the backend stays.
  }
  void wait() const {
    int taken = 0;
    sigwait(&signals_, &taken);
  }

 private:
  sigset_t signals_{};
};

server::ConflictStrategy conflict_named(const std::string& word) {
  if (word == "optimistic") return server::ConflictStrategy::optimistic;
  if (word == "none") return server::ConflictStrategy::none;
  return server::ConflictStrategy::automerge;
}

/// What is served, made before the first thread: the folder with its lock, and the key.
struct Place {
  std::optional<ServeFolder> folder = {};  ///< Nothing when all is in memory and no folder was named.
  std::string api_key = {};
  std::string api_key_origin = {};
};

Result<Place> open_place(const ServeOptions& options, Random& random) {
  Place place;
  if (!options.folder.empty()) {
    HOLDFAST_TRY(folder, ServeFolder::open(options.folder));
    place.folder.emplace(std::move(folder));
  }
  if (!options.api_key.empty()) {
    place.api_key = options.api_key;
    place.api_key_origin = "as given";
  } else if (place.folder) {
    HOLDFAST_TRY(key, place.folder->api_key(random));
    place.api_key = std::move(key);
    place.api_key_origin = "kept in " + place.folder->file("api-key");
  } else {
    place.api_key = new_api_key(random);
    place.api_key_origin = "for this run only";
  }
  return place;
}

Result<std::unique_ptr<server::Store>> open_store(const ServeOptions& options, const Place& place, const Schema& schema,
                                                  Clock& clock) {
  if (options.is_in_memory) return server::memory_store(schema, clock);
  return server::open_sqlite_store(schema, clock, place.folder->file(database_name));
}

std::string address(const ServeOptions& options, std::uint16_t port) {
  const bool is_bare_ipv6 = options.host.find(':') != std::string::npos && options.host.front() != '[';
  return (is_bare_ipv6 ? "[" + options.host + "]" : options.host) + ":" + std::to_string(port);
}

void introduce(const ServeOptions& options, const Place& place, const Schema& schema, const std::string& path) {
  std::cout << "schema     " << schema.models.size() << " models of";
  for (const auto& file : options.schema_paths) std::cout << " " << file;
  std::cout << "\nrecords    " << (options.is_in_memory ? "in memory, gone at the end" : place.folder->file(database_name))
            << "\nconflicts  " << options.conflict << "\napi key    "
            << (options.api_key.empty() ? place.api_key + " (" + place.api_key_origin + ")" : place.api_key_origin)
            << "\nendpoint   http://" << path << "\n"
            << "           HTTP://" << path << " in the configuration of a stock JavaScript client: spelled so, it\n"
            << "           opens ws:// for realtime, where it would insist on TLS otherwise\n";
}

/// What custom fields call, and how many requests may wait for it beside those that need nobody else.
struct Calls {
  Calls(FunctionSettings settings, Log& log) : loop(function_answer_bytes_max), functions(std::move(settings), loop, log) {}
  net::Loop loop;
  PlacedFunctions functions;
};

Result<FunctionSettings> function_settings(const ServeOptions& options) {
  FunctionSettings settings;
  for (const auto& text : options.functions) {
    HOLDFAST_TRY(read, read_function(text));
    read.second.limit = std::chrono::seconds(options.function_seconds);
    if (!settings.places.insert(read).second) {
      return Error{Code::invalid_argument, "The function " + read.first + " is given twice: keep one."};
    }
  }
  return settings;
}

}  // namespace

int serve(const ServeOptions& options) {
  const StopSignals signals;
  const auto files = read_schema_files(options.schema_paths);
  if (!files) return 1;
  const auto& schema = files->reading.schema;
  const auto random = system_random();
  const auto place = open_place(options, *random);
  if (!place) return complain(place.error().message);

  auto functions = function_settings(options);
  if (!functions) return complain(functions.error().message);

  // From below to above, and destroyed the other way round: who stands on whom.
  StderrLog log(log_level_named(options.log_level));
  net::Loop loop;
  auto store = open_store(options, *place, schema, loop);
  if (!store) return complain(store.error().message);
  server::ServerOptions server_options;
  server_options.api_key = place->api_key;
  server_options.conflict = conflict_named(options.conflict);
  server_options.environment = options.environment;
  const auto called_at_once = functions->running_max + server_options.http_calls_max;
  auto custom_fields = schema::custom_fields(files->reading.written.document);
  const bool calls_others = !custom_fields.empty() || !functions->places.empty();
  Calls calls(*std::move(functions), log);
  const bool is_versioned = server_options.conflict != server::ConflictStrategy::none;
  auto document = api::document(files->reading, {.is_versioned = is_versioned, .modes = files->modes});
  auto backend = server::Server::make({schema, std::move(document), **store, loop, *random, log, std::move(custom_fields),
                                       &calls.functions, &calls.loop},
                                      server_options);
  if (!backend) return complain(backend.error().message);
  net::ListenOptions listen;
  listen.host = options.host;
  listen.port = options.port;
  // However slow they are, those who are called leave threads for everybody else.
  if (calls_others) listen.threads += static_cast<unsigned>(called_at_once);
  auto listener = net::HttpServer::listen(**backend, log, listen);
  if (!listener) return complain(listener.error().message);

  const auto path = address(options, (*listener)->port()) + server_options.path;
  introduce(options, *place, schema, path);
  std::cout << "ready http://" << path << std::endl;
  signals.wait();
  (*listener)->stop();
  return 0;
}

}  // namespace holdfast::cli
