// `holdfast serve`: puts a backend together and keeps it until a signal comes.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "api/document.h"
#include "apps/cli/functions.h"
#include "apps/cli/inherited_socket.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/serve_folder.h"
#include "apps/cli/stderr_log.h"
#include "apps/cli/verbs.h"
#include "base/random.h"
#include "codegen/client_config.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "server/server.h"
#include "server/store/memory/memory_store.h"
#include "server/store/sqlite/sqlite_store.h"

namespace holdfast::cli {
namespace {

constexpr const char* database_name = "backend.db";
constexpr int called_wrongly = 2;

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
  /// Returns with the first; the next one ends the process at once.
  void wait() const {
    int taken = 0;
    sigwait(&signals_, &taken);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  }

 private:
  sigset_t signals_{};
};

/// What is served, made before the first thread: the folder with its lock, and the key.
struct Place {
  std::optional<ServeFolder> folder = {};  ///< Nothing when all is in memory and no folder was named.
  std::string api_key = {};
  std::string api_key_origin = {};
};

Result<Place> open_place(const ServeSettings& settings, Random& random) {
  Place place;
  if (!settings.folder.empty()) {
    HOLDFAST_TRY(folder, ServeFolder::open(settings.folder));
    place.folder.emplace(std::move(folder));
  }
  if (!settings.server.api_key.empty()) {
    place.api_key = settings.server.api_key;
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

Result<std::unique_ptr<server::Store>> open_store(const ServeSettings& settings, const Place& place, const Schema& schema,
                                                  Clock& clock) {
  if (settings.is_in_memory) return server::memory_store(schema, clock);
  return server::open_sqlite_store(schema, clock, place.folder->file(database_name));
}

std::string address(const std::string& host, std::uint16_t port) {
  const bool is_bare_ipv6 = host.find(':') != std::string::npos && host.front() != '[';
  return (is_bare_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

void introduce(const Config& config, const Place& place, const Schema& schema, const std::string& endpoint) {
  const auto& settings = config.settings;
  if (!config.file.empty()) std::cout << "settings   " << config.file << "\n";
  std::cout << "schema     " << schema.models.size() << " models of";
  for (const auto& file : settings.schema_paths) std::cout << " " << file;
  std::cout << "\nrecords    " << (settings.is_in_memory ? "in memory, gone at the end" : place.folder->file(database_name))
            << "\nconflicts  " << effective_text(config, "conflict") << "\napi key    "
            << (settings.server.api_key.empty() ? place.api_key + " (" + place.api_key_origin + ")" : place.api_key_origin)
            << "\nendpoint   " << endpoint << "\n";
  const auto spelled = codegen::plain_http_spelling(endpoint);
  if (spelled == endpoint) return;
  std::cout << "           " << spelled << " in the configuration of a stock JavaScript client: spelled so, it\n"
            << "           opens ws:// for realtime, where it would insist on TLS otherwise (holdfast pull writes it)\n";
}

/// What has to be given. An exit code.
int lacks(const std::string& what, const std::string& flag) {
  complain("nothing says " + what + ": give " + flag + ", or set it in holdfast.toml (holdfast serve --help)");
  return called_wrongly;
}

/// What custom fields call, and how many requests may wait for it beside those that need nobody else.
struct Calls {
  Calls(FunctionSettings settings, Log& log) : loop(function_answer_bytes_max), functions(std::move(settings), loop, log) {}
  net::Loop loop;
  PlacedFunctions functions;
};

Result<FunctionSettings> function_settings(const ServeSettings& served) {
  auto settings = served.functions;
  for (const auto& [name, place] : settings.places) {
    HOLDFAST_TRY(checked, check_place(name, place));
  }
  for (const auto& text : served.function_texts) {
    HOLDFAST_TRY(read, read_function(text));
    read.second.limit = std::chrono::seconds(served.function_seconds);
    if (!settings.places.insert(read).second) {
      return Error{Code::invalid_argument, "The function " + read.first + " is given twice: keep one."};
    }
  }
  return settings;
}

}  // namespace

int serve(const Told& told) {
  const StopSignals signals;
  const auto config = load_config(told);
  if (!config) return 1;
  const auto& settings = config->settings;
  if (settings.schema_paths.empty()) return lacks("which schema to serve", "--schema FILE");
  if (settings.folder.empty() && !settings.is_in_memory) return lacks("where to keep records", "--data DIR or --memory");
  const auto files = read_schema_files(settings.schema_paths);
  if (!files) return 1;
  const auto& schema = files->reading.schema;
  const auto random = system_random();
  const auto place = open_place(settings, *random);
  if (!place) return complain(place.error().message);

  auto functions = function_settings(settings);
  if (!functions) return complain(functions.error().message);

  // From below to above, and destroyed the other way round: who stands on whom.
  StderrLog log(settings.log_level);
  net::Loop loop;
  auto store = open_store(settings, *place, schema, loop);
  if (!store) return complain(store.error().message);
  auto options = settings.server;
  options.api_key = place->api_key;
  const auto called_at_once = functions->running_max + options.http_calls_max;
  auto custom_fields = schema::custom_fields(files->reading.written.document);
  const bool calls_others = !custom_fields.empty() || !functions->places.empty();
  Calls calls(*std::move(functions), log);
  const bool is_versioned = options.conflict != server::ConflictStrategy::none;
  auto document = api::document(files->reading, {.is_versioned = is_versioned, .modes = files->modes});
  auto backend = server::Server::make({.schema = schema,
                                       .api = std::move(document),
                                       .store = **store,
                                       .clock = loop,
                                       .random = *random,
                                       .log = log,
                                       .custom_fields = std::move(custom_fields),
                                       .functions = &calls.functions,
                                       .http = &calls.loop},
                                      options);
  if (!backend) return complain(backend.error().message);
  auto listen = settings.listen;
  listen.inherited_socket = inherited_socket();
  // However slow they are, those who are called leave threads for everybody else.
  if (calls_others) (listen.workers > 0 ? listen.workers : listen.threads) += static_cast<unsigned>(called_at_once);
  auto listener = net::HttpServer::listen(**backend, log, listen);
  if (!listener) return complain(listener.error().message);

  const auto listened = "http://" + address(settings.listen.host, (*listener)->port()) + options.path;
  const auto endpoint = settings.public_url.empty() ? listened : settings.public_url;
  if (place->folder) {
    auto noted = place->folder->note_served({endpoint, settings.server.api_key.empty()});
    if (!noted) return complain(noted.error().message);
  }
  introduce(*config, *place, schema, endpoint);
  std::cout << "ready " << listened << std::endl;
  signals.wait();
  std::cout << "draining; a second signal ends at once" << std::endl;
  if (!(*listener)->drain()) {
    log.write(LogLevel::warning, "serve", "drain_cut", {});
    std::_Exit(0);  // What still runs would be waited for; the store bears that as it bears a crash.
  }
  (*listener)->stop();
  return 0;
}

}  // namespace holdfast::cli
