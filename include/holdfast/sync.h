// Syncing: how to reach a backend, and what the engine reports.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "holdfast/auth.h"
#include "holdfast/record.h"
#include "holdfast/sync_expression.h"

namespace holdfast {

/// The service refused a change because it holds another version.
struct Conflict {
  Record local;             ///< What this device wanted: its row with the unsent edits.
  Record remote;            ///< What the service holds.
  bool is_delete = false;   ///< The refused change was a deletion.
  int attempts = 1;         ///< How often this change was refused, this time included.
};

/// The answer to a conflict: the service's record wins, or the local change is sent once more on top of it, or
/// this record is sent instead, or the local change is given up for whatever the service holds by now, which is asked for.
struct ApplyRemote {};
struct RetryLocal {};
struct Discard {};
using ConflictAnswer = std::variant<ApplyRemote, RetryLocal, Record, Discard>;

/// Called on the thread that runs the engine, with no lock held that a query needs; must not throw and must not
/// call back into the store. After ten attempts the service's record wins.
using ConflictHandler = std::function<ConflictAnswer(const Conflict&)>;

/// A change that the service will never take, or a part of sync that failed. The engine goes on.
struct SyncError {
  Error error;
  std::string operation;         ///< "create", "update", "delete", "sync", "subscribe", "authorize".
  std::string model;             ///< Empty when it concerns no single model.
  std::string error_type;        ///< The service's word ("ConflictUnhandled"); empty when it gave none.
  std::optional<Record> local;   ///< The local record concerned.
  std::string recovery = {};     ///< A sentence for people: what the application can do about it.
  std::int64_t dead_letter = 0;  ///< Of the change that was refused for good, among the dead letters; 0: of none.
};

/// A change that the service refused for good. The local row is back at the service's state; the change stays here, over
/// restarts, until the application retries or drops it, or clears the store.
struct DeadLetter {
  std::int64_t id = 0;           ///< Never used twice.
  std::string operation;         ///< "create", "update", "delete".
  Record record;                 ///< The key and the fields that were to change; the others are null.
  Patch changes = {};            ///< The same as a patch, which tells a field to be emptied from one left alone.
  Error error;                   ///< Why it was refused.
  std::string error_type;        ///< The service's word; empty when it gave none.
  Instant refused_at{};          ///< By this device's clock.
};

/// How far the changes of one record have come.
enum class SyncState : std::uint8_t {
  clean,      ///< The backend has them all.
  pending,    ///< Some wait to be sent.
  in_flight,  ///< Some wait, and one of them is on its way: the backend may have it.
  rejected,   ///< None waits, but some were refused for good: see DataStore::dead_letters().
};
std::string_view name(SyncState state) noexcept;  ///< "clean", "pending", "in_flight", "rejected"

/// What became of the changes of one record, once none waits.
struct Receipt {
  SyncState state = SyncState::clean;       ///< `clean`: the backend has stored them durably. Or `rejected`.
  Metadata metadata{};                      ///< What the backend said of the record last.
  std::optional<SyncError> error = {};      ///< The refusal, when this process has just heard it.
};

struct SyncOptions {
  std::string endpoint;                         ///< `http(s)://host[:port]/graphql`; realtime is this + `/realtime`.
  std::string ca_file = {};                     ///< PEM certificates of authorities to trust in `https://` and `wss://` beside
                                                ///< those of the system. Read by start().
  Auth auth = Anonymous{};                      ///< The API's default mode.
  std::vector<Auth> more_auth = {};             ///< Of other modes, which `auth_strategy` may choose.
  AuthStrategyFunction auth_strategy = {};      ///< Absent: `auth` alone. `multi_auth`: by the rules of the models.
  std::string user = {};                        ///< Whose rows and changes these are, in a word of the application's, such
                                                ///< as the token's `sub`; empty: not told apart. See sign_out().
  std::uint32_t page_rows = 1000;               ///< Rows asked for in one sync page; 1 … 1000.
  std::uint32_t records_max = 10'000'000;       ///< Rows hydrated of one model in one base sync; then reported.
  std::chrono::minutes full_sync_interval{1440};
  Milliseconds request_timeout{30'000};
  Milliseconds retry_delay_min{100};
  Milliseconds retry_delay_max{60'000};
  std::vector<SyncExpression> expressions = {};  ///< What of which model this device keeps; at most one a model.
  Leaving leaving = Leaving::at_once;           ///< Of rows that others change so that they leave an expression.
  ConflictHandler on_conflict = {};             ///< Absent: the service's record wins.
  std::function<void(const SyncError&)> on_error = {};
};

// --- events, in the order they occur -------------------------------------------------------------------------

struct NetworkStatus { bool is_active = false; };  ///< The connection came or went.
struct SubscriptionsEstablished {};  ///< Every model is subscribed to.
struct SyncQueriesStarted { std::vector<std::string> models; };  ///< These are fetched now.
struct ModelSynced {  ///< A model has been fetched.
  std::string model;
  bool is_full_sync = false;
  std::uint64_t inserted = 0, updated = 0, removed = 0;
  bool is_truncated = false;  ///< SyncOptions::records_max was reached: the service has more.
};
/// A page of a model has been applied, and more are to come: for a progress bar. The service does not say how many.
struct SyncProgress {
  std::string model;
  bool is_full_sync = false;
  std::uint64_t records = 0;                        ///< Of this model so far, those before an interruption included.
  std::size_t models_done = 0, models_total = 0;    ///< Of this sync.
};
struct SyncQueriesReady {};  ///< Every model has been fetched, or was reported to the error handler and left for later.
struct Ready {};  ///< And the outbox may be sent: sync is running.
struct OutboxStatus { bool is_empty = true; };  ///< Whether something waits to be sent.
struct OutboxEnqueued { std::string model; Key key; };  ///< A change waits.
struct OutboxProcessed { std::string model; Key key; Metadata metadata; };  ///< A change was acknowledged.
struct OutboxFailed { SyncError error; };  ///< A change will never be taken.

/// What verify() found of one model.
struct VerifiedModel {
  enum class Outcome : std::uint8_t {
    same,      ///< Device and service hold the same rows.
    repaired,  ///< They did not; the model was fetched again, and now they do.
    differs,   ///< They do not, also after the model was fetched again.
    skipped,   ///< Not compared; `why` says why.
  };
  std::string model;
  Outcome outcome = Outcome::skipped;
  std::uint64_t local_rows = 0, remote_rows = 0;  ///< When they were first compared; without rows with unsent changes.
  std::string why = {};
};
std::string_view name(VerifiedModel::Outcome outcome) noexcept;  ///< "same", "repaired", "differs", "skipped"

struct Verified { std::vector<VerifiedModel> models; };  ///< verify() has come to its end.

using SyncEvent = std::variant<NetworkStatus, SubscriptionsEstablished, SyncQueriesStarted, ModelSynced,
                               SyncQueriesReady, Ready, OutboxStatus, OutboxEnqueued, OutboxProcessed, OutboxFailed,
                               SyncProgress, Verified>;

/// "networkStatus", "subscriptionsEstablished", … : the names of Amplify's Hub channel `datastore`; "syncProgress" and "verified" are ours.
std::string_view name(const SyncEvent& event) noexcept;

}  // namespace holdfast
