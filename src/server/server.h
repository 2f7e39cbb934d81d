// Server: the backend. Composes API, resolvers, store, publishing and realtime; knows no socket.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/transport.h"
#include "graphql/ast.h"
#include "holdfast/schema.h"
#include "protocol/filter_limits.h"
#include "server/auth/authenticate.h"
#include "server/auth/decide.h"
#include "schema/custom_fields.h"
#include "schema/input_rules.h"
#include "schema/page_limits.h"
#include "server/functions/functions.h"
#include "server/limits.h"
#include "server/metrics/metrics.h"
#include "server/store/store.h"

namespace holdfast::server {

enum class ConflictStrategy : std::uint8_t { automerge, optimistic, none, custom };

/// How the conflicts of a model are settled.
struct ConflictRule {
  ConflictStrategy strategy = ConflictStrategy::automerge;  ///< none is for a whole project only.
  std::string function = {};                                ///< custom only: the name of the function that settles.
  friend bool operator==(const ConflictRule&, const ConflictRule&) = default;
};

using SubscriptionFilterLimits = protocol::FilterLimits;

/// How long the backend remembers.
struct Retention {
  Milliseconds deltas = std::chrono::days(90);      ///< How far delta queries and Automerge's ancestors reach back.
  Milliseconds tombstones = std::chrono::days(90);  ///< For how long deletions are told; no less than `deltas`.
};

struct ServerOptions {
  std::string api_key = {};                    ///< The key named "default". Without any key everybody may call.
  std::vector<ApiKey> api_keys = {};           ///< Further ones.
  ConflictStrategy conflict = ConflictStrategy::automerge;
  std::string conflict_function = {};  ///< With ConflictStrategy::custom: the name of the function that settles.
  std::map<std::string, ConflictRule, std::less<>> model_conflicts = {};  ///< By model: other rules than the above.
  Milliseconds conflict_time_max{30'000};  ///< A custom handler is asked again no later than this after the first time.
  std::int64_t journal_rows_max = 10'000;      ///< Conflicts kept in the journal, the oldest go; 0: none.
  std::set<std::string, std::less<>> unjournaled_models = {};             ///< Models whose conflicts are not kept.
  std::string path = "/graphql";               ///< Realtime is this + "/realtime".
  std::uint32_t page_rows_max = 1000;
  Milliseconds delta_retention = Retention().deltas;  ///< Of models without one of their own. AppSync: 30 minutes.
  Milliseconds tombstone_retention = Retention().tombstones;  ///< The same. AppSync: 30 days.
  std::map<std::string, Retention, std::less<>> model_retention = {};  ///< By model: others than the above.
  Milliseconds keep_alive_interval{30'000};
  Milliseconds connection_timeout{300'000};    ///< Told to clients in connection_ack.
  RequestLimits limits = {};
  /// What the subscriptions of one connection may take, by the size of their `start` frames; those beyond are refused
  /// with OperationDisabled, which clients take quietly. A DataStore app of 1000 models stays below a quarter of it.
  std::size_t subscription_bytes_max = std::size_t{64} << 20U;
  SubscriptionFilterLimits filter_limits = {};
  bool merges_lists_three_way = false;  ///< Automerge of lists: by what was added and removed, instead of appending.
  std::string environment = {};                ///< `${env}` of @function and @http; empty: as a project without one.
  std::string region = "us-east-1";            ///< `${aws_region}` of @http; what conflict handlers are told.
  std::size_t http_calls_max = 16;             ///< Services that @http fields wait for at once; further ones fail.
};

/// What the server stands on; what is referred to outlives it. `api` is api::document() of `schema`, with versions
/// unless the conflict strategy is none.
struct ServerPorts {
  const Schema& schema;
  graphql::SchemaDocument api;
  Store& store;
  Clock& clock;
  Random& random;
  Log& log;
  std::vector<schema::CustomField> custom_fields = {};  ///< schema::custom_fields() of the schema.
  std::vector<schema::InputRules> input_rules = {};     ///< schema::input_rules() of the schema.
  std::vector<schema::PageLimit> page_limits = {};      ///< schema::page_limits() of the schema.
  Functions* functions = nullptr;  ///< What custom fields and conflict handlers call; null: none are configured.
  Transport* http = nullptr;       ///< For @http; null: they are not served.
  const Decider& decider = accepted_may_all();
  Metrics* metrics = nullptr;  ///< Where to count; null when nobody reads it.
};

/// Thread-safe: respond() and sessions run on many threads at once.
/// respond(): POST path, or GET path?query= → GraphQL; OPTIONS → CORS preflight; GET path → a hint; else 404/405.
/// accept(): AppSync realtime at path + "/realtime".
class Server final : public HttpService {
 public:
  /// Codes: schema_error when the API cannot be built of the schema, or the stored records do not fit it;
  /// invalid_argument for conflict rules that cannot hold; those of Store.
  static Result<std::unique_ptr<Server>> make(ServerPorts ports, ServerOptions options);
  ~Server() override;

  [[nodiscard]] HttpResponse respond(const HttpRequest& request) override;
  [[nodiscard]] HttpResponse unreadable(int status, std::string sentence) override;
  /// Queries whose answers are small are answered at once; whatever writes, calls somebody or may take long is work.
  [[nodiscard]] Begun begin(HttpRequest request) override;
  /// Mutations, in one durable step of the store.
  [[nodiscard]] std::vector<Result<void>> finish(std::span<JointWork* const> works) override;
  [[nodiscard]] std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest& upgrade,
                                                                  std::shared_ptr<SocketPeer> peer) override;

  class Parts;

 private:
  explicit Server(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;  ///< Shared with sessions, which the network may close after the server is gone.
};

}  // namespace holdfast::server
