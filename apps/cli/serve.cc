// `holdfast serve`: puts a backend together and keeps it until a signal comes.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "api/document.h"
#include "apps/cli/functions.h"
#include "apps/cli/inherited_socket.h"
#include "apps/cli/process_limits.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/serve_admin.h"
#include "apps/cli/serve_checks.h"
#include "apps/cli/serve_folder.h"
#include "apps/cli/serve_warnings.h"
#include "apps/cli/stderr_log.h"
#include "apps/cli/verbs.h"
#include "base/random.h"
#include "codegen/client_config.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "server/server.h"
#include "server/store/memory/memory_store.h"
#include "server/store/sqlite/sqlite_store.h"
#include "sqlite/memory.h"

namespace holdfast::cli {
namespace {

constexpr int called_wrongly = 2;

/// SIGINT, SIGTERM and SIGHUP, taken where we wait for them and nowhere else. To be made before any thread is.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // Whoever reads our output may leave; the backend stays.
  }
  /// Returns with the first that stops; the next one ends the process at once. SIGHUP stops unless `reload` took it.
  void wait(const std::function<bool()>& reload) const {
    int taken = 0;
    do sigwait(&signals_, &taken);
    while (taken == SIGHUP && reload());
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

Result<std::unique_ptr<server::Store>> open_store(const ServeSettings& settings, const Place& place,
                                                  const Schema& schema, Clock& clock) {
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
  std::cout << "\nrecords    "
            << (settings.is_in_memory ? "in memory, gone at the end" : place.folder->file(database_name))
            << "\nconflicts  " << effective_text(config, "conflict") << "\napi key    "
            << (settings.server.api_key.empty() ? place.api_key + " (" + place.api_key_origin + ")"
                                                : place.api_key_origin)
            << "\nendpoint   " << endpoint << "\n";
  const auto spelled = codegen::plain_http_spelling(endpoint);
  if (spelled == endpoint) return;
  std::cout
      << "           " << spelled << " in the configuration of a stock JavaScript client: spelled so, it\n"
      << "           opens ws:// for realtime, where it would insist on TLS otherwise (holdfast pull writes it)\n";
}

/// What has to be given. An exit code.
int lacks(const std::string& what, const std::string& flag) {
  complain("nothing says " + what + ": give " + flag + ", or set it in holdfast.toml (holdfast serve --help)");
  return called_wrongly;
}

/// What custom fields call, and how many requests may wait for it beside those that need nobody else.
struct Calls {
  Calls(FunctionSettings settings, Log& log)
      : loop(function_answer_bytes_max), functions(std::move(settings), loop, log) {}
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

/// New connections get the certificate that the files hold now. False when there is no TLS.
bool reload_tls(const net::ListenOptions& listen, net::HttpServer& listener, Log& log) {
  if (listen.tls_certificate.empty()) return false;
  const auto reloaded = listener.reload_tls();
  if (reloaded) log.write(LogLevel::info, "serve", "tls_reloaded", {});
  else log.write(LogLevel::error, "serve", "tls_not_reloaded", {{"reason", reloaded.error().message}});
  return true;
}

/// What serve() has read and opened before the first thread.
struct Ready {
  const Config& config;
  const SchemaFiles& files;
  const Place& place;
  Random& random;
  FunctionSettings functions;
  int inherited_socket = -1;  ///< -1: it opens one.
};

/// Says who listens where: to clients that are configured from the folder, and on standard output.
Result<void> announce(const Ready& ready, const net::HttpServer& api, const ServedAdmin* admin) {
  const auto& settings = ready.config.settings;
  const std::string scheme = settings.listen.tls_certificate.empty() ? "http://" : "https://";
  const auto listened = scheme + address(settings.listen.host, api.port()) + settings.server.path;
  const auto endpoint = settings.public_url.empty() ? listened : settings.public_url;
  if (ready.place.folder) {
    auto noted = ready.place.folder->note_served({endpoint, settings.server.api_key.empty()});
    if (!noted) return noted;
  }
  introduce(ready.config, ready.place, ready.files.reading.schema, endpoint);
  if (admin != nullptr) std::cout << "admin      http://" << address(settings.admin.host, admin->port()) << "\n";
  std::cout << "ready " << listened << std::endl;
  return {};
}

/// Until the end of what runs, or of the time for it: first requests, then the functions that nobody waits for.
void drain(net::HttpServer& api, PlacedFunctions& functions, Milliseconds patience, Log& log) {
  std::cout << "draining; a second signal ends at once" << std::endl;
  const auto until = std::chrono::steady_clock::now() + patience;
  bool has_ended = api.drain();
  if (has_ended) {
    api.stop();
    const auto left = std::chrono::ceil<Milliseconds>(until - std::chrono::steady_clock::now());
    has_ended = functions.wait_for_started(std::max(left, Milliseconds(0)));
  }
  if (has_ended) return;
  log.write(LogLevel::warning, "serve", "drain_cut", {});
  std::_Exit(0);  // What still runs would be waited for; the store bears that as it bears a crash.
}

server::ServerPorts ports_of(const Ready& ready, server::Store& store, Clock& clock, Calls& calls, Log& log,
                             server::Metrics& metrics) {
  const auto& reading = ready.files.reading;
  const bool is_versioned = ready.config.settings.server.conflict != server::ConflictStrategy::none;
  return {.schema = reading.schema,
          .api = api::document(reading, {.is_versioned = is_versioned, .modes = ready.files.modes}),
          .store = store,
          .clock = clock,
          .random = ready.random,
          .log = log,
          .custom_fields = schema::custom_fields(reading.written.document),
          .input_rules = schema::input_rules(reading.written.document),
          .page_limits = schema::page_limits(reading.written.document),
          .functions = &calls.functions,
          .http = &calls.loop,
          .metrics = &metrics};
}

net::ListenOptions listen_options(const Ready& ready) {
  auto listen = ready.config.settings.listen;
  listen.inherited_socket = ready.inherited_socket;
  // However slow they are, those who are called leave threads for everybody else.
  const bool calls_others =
      !schema::custom_fields(ready.files.reading.written.document).empty() || !ready.functions.places.empty();
  const auto functions_max = ready.functions.running_max;
  const auto services_max = ready.config.settings.server.http_calls_max;
  if (calls_others) listen.workers += static_cast<unsigned>(functions_max + services_max);
  // Starts of subscriptions wait for their turn, where requests beyond the limit fail: those leave half to these.
  listen.socket_workers = static_cast<unsigned>(std::max<std::size_t>(std::min(functions_max, services_max) / 2, 1));
  return listen;
}

/// From below to above, and destroyed the other way round: who stands on whom.
int serve_until_signal(const Ready& ready, const StopSignals& signals) {
  const auto& settings = ready.config.settings;
  StderrLog log(settings.log_level);
  server::Metrics metrics;
  metrics.stopwatch = [] { return std::chrono::steady_clock::now().time_since_epoch(); };
  net::Loop loop;
  log_notices(ready.files, log);
  log_ending_keys(ready.config, loop.wall(), log);
  auto store = open_store(settings, ready.place, ready.files.reading.schema, loop);
  if (!store) return complain(store.error().message);
  Calls calls(ready.functions, log);
  auto options = settings.server;
  options.api_key = ready.place.api_key;
  auto backend = server::Server::make(ports_of(ready, **store, loop, calls, log, metrics), options);
  if (!backend) return complain(backend.error().message);
  auto listener = net::HttpServer::listen(**backend, log, listen_options(ready));
  if (!listener) return complain(listener.error().message);
  std::unique_ptr<ServedAdmin> admin;
  if (settings.admin.is_on) {
    auto opened = ServedAdmin::open({ready.config, **store, metrics, **listener, log});
    if (!opened) return complain(opened.error().message);
    admin = *std::move(opened);
  }
  if (auto announced = announce(ready, **listener, admin.get()); !announced) return complain(announced.error().message);
  signals.wait([&] {
    if (!reload_tls(settings.listen, **listener, log)) return false;
    log_ending_keys(ready.config, loop.wall(), log);
    return true;
  });
  if (admin) admin->note_stopping();
  drain(**listener, calls.functions, settings.listen.drain_time, log);
  return 0;
}

}  // namespace

int serve(const Told& told) {
  const StopSignals signals;
  raise_open_files();
  keep_freed_memory();
  sqlite::stop_counting_memory();
  const auto config = load_config(told);
  if (!config) return 1;
  const auto& settings = config->settings;
  if (settings.schema_paths.empty()) return lacks("which schema to serve", "--schema FILE");
  if (settings.folder.empty() && !settings.is_in_memory) {
    return lacks("where to keep records", "--data DIR or --memory");
  }
  const auto files = read_schema_files(settings.schema_paths, {}, Notices::left_out);  // They become log lines.
  if (!files) return 1;
  auto functions = function_settings(settings);
  if (!functions) return complain(functions.error().message);
  if (const int code = check_settings(*config, files->reading.schema, *functions); code != 0) return code;
  const auto socket = inherited_socket();
  if (!socket) return complain(socket.error().message);
  const auto random = system_random();
  const auto place = open_place(settings, *random);
  if (!place) return complain(place.error().message);
  return serve_until_signal({*config, *files, *place, *random, *std::move(functions), *socket}, signals);
}

}  // namespace holdfast::cli
