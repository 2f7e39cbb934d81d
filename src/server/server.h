// Server: the backend. Composes API, resolvers, store, publishing and realtime; knows no socket.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/transport.h"
#include "graphql/ast.h"
#include "holdfast/schema.h"
#include "server/auth/authenticate.h"
#include "server/auth/decide.h"
#include "server/metrics/metrics.h"
#include "server/store/store.h"

namespace holdfast::server {

enum class ConflictStrategy : std::uint8_t { automerge, optimistic, none };

struct ServerOptions {
  std::string api_key = {};                    ///< The key named "default". Without any key everybody may call.
  std::vector<ApiKey> api_keys = {};           ///< Further ones.
  ConflictStrategy conflict = ConflictStrategy::automerge;
  std::string path = "/graphql";               ///< Realtime is this + "/realtime".
  std::uint32_t page_rows_max = 1000;
  std::chrono::days delta_retention{90};
  Milliseconds keep_alive_interval{30'000};
  Milliseconds connection_timeout{300'000};    ///< Told to clients in connection_ack.
  bool merges_lists_three_way = false;         ///< Automerge of lists: by what was added and removed, instead of appending.
};

/// What the server stands on; what is referred to outlives it. `api` is api::document() of `schema`, with versions unless the conflict
/// strategy is none.
struct ServerPorts {
  const Schema& schema;
  graphql::SchemaDocument api;
  Store& store;
  Clock& clock;
  Random& random;
  Log& log;
  const Decider& decider = accepted_may_all();
  Metrics* metrics = nullptr;  ///< Where to count; null when nobody reads it.
};

/// Thread-safe: respond() and sessions run on many threads at once.
/// respond(): POST path → GraphQL; OPTIONS → CORS preflight; GET path → a hint; anything else 404/405.
/// accept(): AppSync realtime at path + "/realtime".
class Server final : public HttpService {
 public:
  /// Code: schema_error when the API cannot be built of the schema.
  static Result<std::unique_ptr<Server>> make(ServerPorts ports, ServerOptions options);
  ~Server() override;

  [[nodiscard]] HttpResponse respond(const HttpRequest& request) override;
  [[nodiscard]] std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest& upgrade,
                                                                  std::shared_ptr<SocketPeer> peer) override;

  class Parts;

 private:
  explicit Server(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;  ///< Shared with sessions, which the network may close after the server is gone.
};

}  // namespace holdfast::server
