/* The C interface of Holdfast's on-device store, for C programs and for bindings of other languages. Plain C11; the
 * program links the shared library `holdfast_c`, or `holdfast::capi`.
 *
 * TEXTS are UTF-8 and end with a NUL. What goes in is only read, and only during the call. What comes out through a
 * `char **` is yours: free it with hf_free(). What a callback is given is valid until the callback returns.
 *
 * RECORDS AND THE REST ARE JSON:
 *   a record      {"id":"p1","title":"Hello","rating":5}   by the names of the schema; absent fields are null
 *   a key         ["p1"]                                    the parts, in the order of the primary key
 *   a patch       {"rating":6}                              the fields that change, and nothing else
 *   a condition   {"field":"rating","op":"gt","operands":[4]}  {"all":[...]}  {"any":[...]}  {"not":...}  {} for all rows
 *                 op: eq ne lt le gt ge between contains notContains beginsWith in notIn
 *                 {"relation":"post","where":condition}  a related record satisfies it; not for save, update and remove
 *   a query       {"where":condition,"sort":[{"field":"rating","direction":"descending"}],"limit":10,"page":0}
 *                 to sort by a related record's field: {"field":"title","path":["post"]}, relations to one
 *
 * ERRORS: functions return HF_OK or another code, and fill the hf_error they are given, if any. When they fail, what
 * they would have given is NULL or 0, and nothing was written. Bad input is answered, never a crash; a handle that was
 * freed already, or is none, cannot be told.
 *
 * THREADS: an hf_store may be used from any thread, also from several at once; its writes take turns. Callbacks run one at
 * a time, in the order of the commits, with no lock held: on the thread that made the change (HF_DELIVERY_INLINE) or
 * inside hf_poll() (HF_DELIVERY_POLL). They may use the store, and must neither throw nor jump out. An hf_error and an
 * hf_subscription belong to one thread at a time. There is no global state.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define HF_API __attribute__((visibility("default")))
#else
#define HF_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a call. The numbers stay what they are. */
enum {
  HF_OK = 0,
  HF_INVALID_ARGUMENT = 1,  /**< The call itself is wrong: unknown model or field, bad value, missing pointer. */
  HF_NOT_FOUND = 2,         /**< The record that a patch is for is not there. */
  HF_CONDITION_FAILED = 3,  /**< The condition did not hold. */
  HF_CONFLICT = 4,
  HF_UNAUTHORIZED = 5,
  HF_UNAVAILABLE = 6,
  HF_TIMED_OUT = 7,
  HF_REJECTED = 8,
  HF_MALFORMED = 9,         /**< A text is no JSON, or not of the form that is needed. */
  HF_SCHEMA_ERROR = 10,     /**< The database belongs to another schema. */
  HF_STORAGE_FAILED = 11,
  HF_DISK_FULL = 12,
  HF_CORRUPT = 13,
  HF_LIMIT_EXCEEDED = 14,   /**< A documented limit, or memory. */
  HF_CLOSED = 15,
  HF_UNSUPPORTED = 16,
  HF_UNEXPECTED = 17        /**< A mistake in Holdfast: please report the message. */
};

/** What went wrong, for the caller to keep: a code and a sentence that says where, and what to do. */
typedef struct hf_error {
  int32_t code;
  char message[1020]; /**< Cut when it is longer, at a whole letter. Empty for HF_OK. */
} hf_error;

/** An open store; inside the body of a transaction, that transaction. */
typedef struct hf_store hf_store;
/** An observation that goes on until hf_cancel(). */
typedef struct hf_subscription hf_subscription;
/** What a live query shows at one moment. */
typedef struct hf_snapshot hf_snapshot;

/** "0.1.0". */
HF_API const char *hf_version(void);
/** The word for a code: "condition_failed"; "ok"; "unknown" for a number that is none. */
HF_API const char *hf_code_name(int32_t code);
/** Frees a text that a function gave. NULL is allowed. */
HF_API void hf_free(char *text);

/* --- the store --------------------------------------------------------------------------------------------------- */

enum { HF_DELIVERY_INLINE = 0, HF_DELIVERY_POLL = 1 };
enum { HF_DURABILITY_FULL = 0, HF_DURABILITY_NORMAL = 1 };

/** Opens or creates a database. `schema` is the text of the file that `holdfast codegen models --target json` makes.
 * `path` is the SQLite file, whose folder must exist; NULL or empty: in memory. `durability` and `delivery` are of the
 * enums above. Gives `*store`, to be closed with hf_close().
 * Codes: malformed (schema), schema_error, storage_failed, corrupt, disk_full, invalid_argument. */
HF_API int32_t hf_open(const char *schema, const char *path, int32_t durability, int32_t delivery, hf_store **store,
                       hf_error *error);
/** Stops sync, ends every observation and frees the store. Not inside a callback or a transaction, and not while another
 * thread uses the store. NULL is allowed. */
HF_API void hf_close(hf_store *store);

/* --- records: these take a store, or the transaction that a body is given ----------------------------------------- */

/** Inserts the record, or updates the row with its key by the fields that differ. An absent or empty `id` is filled with
 * a UUID. With a `condition` (NULL: none), the row must exist and satisfy it. Gives the record as stored when `saved` is
 * not NULL. Codes: malformed, invalid_argument, condition_failed, storage_failed, disk_full. */
HF_API int32_t hf_save(hf_store *store, const char *model, const char *record, const char *condition, char **saved,
                       hf_error *error);
/** Changes some fields of the row with this key; only they are sent. Codes: as hf_save(); not_found. */
HF_API int32_t hf_update(hf_store *store, const char *model, const char *key, const char *patch, const char *condition,
                         char **saved, hf_error *error);
/** Gives the record with this key, or NULL with HF_OK when there is none. */
HF_API int32_t hf_get(hf_store *store, const char *model, const char *key, char **record, hf_error *error);
/** Called for each row, in order. It must not use the store. */
typedef void (*hf_on_row)(void *context, const char *record);
/** Reads one consistent moment. `query` may be NULL: every row. */
HF_API int32_t hf_query(hf_store *store, const char *model, const char *query, hf_on_row on_row, void *context,
                        hf_error *error);
/** How many rows satisfy `where`; NULL: all. */
HF_API int32_t hf_count(hf_store *store, const char *model, const char *where, uint64_t *count, hf_error *error);
/** Removes the row with this key and what belongs to it. `was_there`, if not NULL, becomes 1 or 0. */
HF_API int32_t hf_remove(hf_store *store, const char *model, const char *key, const char *condition, int32_t *was_there,
                         hf_error *error);
/** Removes every row that satisfies `where`, in one transaction. All of them is `{}`; NULL is refused, so that a
 * forgotten condition does not empty a model. */
HF_API int32_t hf_remove_where(hf_store *store, const char *model, const char *where, uint64_t *count, hf_error *error);

/** The body of a transaction. What it writes through `transaction` is committed when it returns HF_OK and undone
 * otherwise. The handle is valid inside the body and on its thread. */
typedef int32_t (*hf_body)(hf_store *transaction, void *context);
/** Runs the body once, on this thread, while other writers wait. Returns the body's code, or why it could not commit. In
 * the body the store itself shows the state before; to write through it, hf_start(), hf_stop() and hf_clear() are
 * refused there with invalid_argument. */
HF_API int32_t hf_transaction(hf_store *store, hf_body body, void *context, hf_error *error);

/* --- observing: from here on, a store and not a transaction -------------------------------------------------------- */

enum { HF_INSERTED = 0, HF_UPDATED = 1, HF_REMOVED = 2 };
enum { HF_LOCAL = 0, HF_REMOTE = 1 };

/** A committed change. `record` is the row after it; for HF_REMOVED, as it was. `origin`: this device, or the service. */
typedef void (*hf_on_change)(void *context, int32_t type, int32_t origin, const char *record);
/** Calls back after every change of a row that satisfies `where`; NULL: any. */
HF_API int32_t hf_observe(hf_store *store, const char *model, const char *where, hf_on_change on_change, void *context,
                          hf_subscription **subscription, hf_error *error);

/** The whole result of a live query. The snapshot is valid until the callback returns. */
typedef void (*hf_on_snapshot)(void *context, const hf_snapshot *snapshot);
/** Calls back with the result, at once and after every commit that changes it. `query`: as for hf_query(). */
HF_API int32_t hf_observe_query(hf_store *store, const char *model, const char *query, hf_on_snapshot on_snapshot,
                                void *context, hf_subscription **subscription, hf_error *error);
HF_API size_t hf_snapshot_size(const hf_snapshot *snapshot);
/** Whether the model has been synced since hf_start(); 1 as well when it was never started. */
HF_API int32_t hf_snapshot_is_synced(const hf_snapshot *snapshot);
/** The record at `index`, to be freed with hf_free(); NULL at and beyond the end. Costs the record, not the result. */
HF_API char *hf_snapshot_record(const hf_snapshot *snapshot, size_t index);

/** What sync reports: {"event":"ready"}, {"event":"outboxStatus","isEmpty":true}, {"event":"modelSynced","model":"Post",
 * ...}. The names are those of Amplify's Hub channel. */
typedef void (*hf_on_event)(void *context, const char *event);
HF_API int32_t hf_observe_events(hf_store *store, hf_on_event on_event, void *context, hf_subscription **subscription,
                                 hf_error *error);

/** Ends the observation and frees it: when this returns, the callback is not running on another thread and will not be
 * called again, so its context may go. May be called inside the callback itself, and after hf_close(). NULL is allowed. */
HF_API void hf_cancel(hf_subscription *subscription);

/** HF_DELIVERY_POLL: runs the callbacks that wait, on this thread. `count`, if not NULL, becomes how many ran. */
HF_API int32_t hf_poll(hf_store *store, uint64_t *count, hf_error *error);

/* --- sync ---------------------------------------------------------------------------------------------------------- */

/** What sync calls back, besides events. Members may be NULL. They and `context` are used until hf_stop() or hf_close(). */
enum { HF_APPLY_REMOTE = 0, HF_RETRY_LOCAL = 1, HF_DISCARD = 2 };
/** Where the answer to hf_sync_callbacks.select goes; hf_choose() takes it. */
typedef struct hf_choice hf_choice;
/** A question for credentials, to be answered by one of the functions below, which frees it. */
typedef struct hf_credentials_request hf_credentials_request;
typedef struct hf_sync_callbacks {
  void *context;
  /** A change that the service will never take, or a part of sync that failed; sync goes on. {"operation":"update",
   * "model":"Post","code":8,"message":"...","errorType":"ConflictUnhandled","recovery":"...","deadLetter":7,"record":{...}};
   * "deadLetter" is the change's id for hf_retry_dead_letter(), 0 for none. Called where the others are. */
  void (*on_error)(void *context, const char *error);
  /** The service refused a change because it holds another version: {"model":"Post","local":{...},"remote":{...},
   * "isDelete":false,"attempts":1}. HF_APPLY_REMOTE lets the service's record win, as does NULL, which makes the change a
   * dead letter; HF_RETRY_LOCAL sends it once more; HF_DISCARD asks for the service's newest record and takes it. After
   * ten attempts the service's wins. Called on the store's own thread; must not use the store. */
  int32_t (*on_conflict)(void *context, const char *conflict);
  /** What of the model this device keeps: a sync expression. Called by hf_start() and hf_reselect(), once for every model of
   * the schema, on the thread that calls them; each choice is to be answered by hf_choose() exactly once, at once or later, on
   * any thread. Sync begins when all are answered. NULL: everything is kept. */
  void (*select)(void *context, const char *model, hf_choice *choice);
  /** Credentials of a mode are needed: "userPool", "oidc", "lambda" or "iam". To be answered once, now or later, on any
   * thread. What is given is kept until it expires or is refused; a lambda's token serves what waits for it. Called where the
   * others are; must not block. */
  void (*on_credentials)(void *context, const char *mode, hf_credentials_request *request);
} hf_sync_callbacks;

/** Answers and frees the choice: rows that satisfy `condition`, which is on the row alone, are kept; NULL: all; {"any":[]}: none.
 * A condition that cannot be read, or does not fit the model, is told to on_error, and the model is left alone: its rows stay,
 * nothing of it is fetched. May be called after hf_close(). Codes: malformed, invalid_argument. */
HF_API int32_t hf_choose(hf_choice *choice, const char *condition, hf_error *error);

/** Starts syncing, now and after every loss of the network, until hf_stop(). `options` is
 *   {"endpoint":"https://host/graphql","apiKey":"da2-...","pageRows":1000,"recordsMax":10000000,
 *    "fullSyncIntervalMinutes":1440,"requestTimeoutMs":30000,"retryDelayMinMs":100,"retryDelayMaxMs":60000,
 *    "leaving":"atOnce","auth":["userPool","apiKey"],"region":"eu-central-1","authModeStrategy":"multiauth","user":"ann",
 *    "caFile":"authority.pem"}
 * of which only "endpoint" is needed. "leaving" is "atOnce" or "atBaseSync": how soon a row leaves that somebody else has
 * changed so that it is not selected any more; the second is less traffic. "auth" has the mode of the API first, then
 * others; it is "apiKey" when only that is given, else "none". "region" is for "iam". "authModeStrategy" is "default" (the
 * first mode alone) or "multiauth" (by the rules of the models). "user" is a word for whose data it is; see hf_sign_out().
 * "caFile" is a PEM file of authorities to trust over TLS beside the system's; it is read now.
 * `callbacks` is copied and may be NULL. Returns at once; when the store syncs
 * already, nothing happens. Codes: malformed, invalid_argument, unsupported ("caFile" in a build without TLS). */
HF_API int32_t hf_start(hf_store *store, const char *options, const hf_sync_callbacks *callbacks, hf_error *error);
/** Calls `select` again. What is not kept any more leaves the device, but for rows with unsent changes, which leave with the last
 * of these; what is kept now is fetched. Code: invalid_argument (not started). */
HF_API int32_t hf_reselect(hf_store *store, hf_error *error);
/** Compares what this device holds with what the backend holds, by counts and hashes, and fetches again what differs. What was found
 * comes as an event: {"event":"verified","models":[{"model":"Post","outcome":"same","localRows":3,"remoteRows":3,"why":""}]};
 * outcome: same, repaired, differs, skipped. Needs Holdfast's backend. Code: invalid_argument (not started). */
HF_API int32_t hf_verify(hf_store *store, hf_error *error);
/** Stops syncing; unsent changes are kept. When it returns, no callback is running on another thread. */
HF_API int32_t hf_stop(hf_store *store, hf_error *error);
/** Stops, and removes every row, unsent change and sync state of this device. */
HF_API int32_t hf_clear(hf_store *store, hf_error *error);
/** Stops, and forgets the credentials. `clears` not 0: as hf_clear(). 0: rows and unsent changes stay; hf_start() with
 * another "user" fails as long as such changes are there, and afterwards fetches everything anew. */
HF_API int32_t hf_sign_out(hf_store *store, int32_t clears, hf_error *error);
/** Answers a question for "userPool", "oidc" or "lambda". `id_token`, a JWT that names user and groups, may be NULL: `token` is
 * one then. `expires_at` is in ms since 1970; 0: what a JWT says of itself, else when it is refused. Code: invalid_argument,
 * which leaves the request as it is, as in the next two. */
HF_API int32_t hf_give_token(hf_credentials_request *request, const char *token, const char *id_token, int64_t expires_at,
                             hf_error *error);
/** Answers a question for "iam". `session_token` may be NULL, `expires_at` 0. */
HF_API int32_t hf_give_keys(hf_credentials_request *request, const char *access_key_id, const char *secret_access_key,
                            const char *session_token, int64_t expires_at, hf_error *error);
/** Answers that there are none: nobody is signed in (not 0; other modes are tried), or it is not known now (0; changes wait, and
 * it is asked again). `message` may be NULL, and must hold no secret. */
HF_API int32_t hf_give_none(hf_credentials_request *request, int32_t is_signed_out, const char *message, hf_error *error);
/** What the program knows of the network; 0 closes the connections until it is called with 1. */
HF_API int32_t hf_set_online(hf_store *store, int32_t is_online, hf_error *error);
/** How many changes the service has not acknowledged. */
HF_API int32_t hf_pending_count(hf_store *store, uint64_t *count, hf_error *error);
/** What the service last said of a record: {"version":3,"lastChangedAt":1700000000000,"isDeleted":false}; version 0 when it
 * has never acknowledged it. */
HF_API int32_t hf_metadata(hf_store *store, const char *model, const char *key, char **metadata, hf_error *error);

/** How far the changes of one record have come. */
enum {
  HF_CLEAN = 0,      /**< The backend has them all. */
  HF_PENDING = 1,    /**< Some wait to be sent. */
  HF_IN_FLIGHT = 2,  /**< Some wait, and one of them is on its way. */
  HF_STATE_REJECTED = 3  /**< None waits, but some are dead letters. */
};
HF_API int32_t hf_sync_state(hf_store *store, const char *model, const char *key, int32_t *state, hf_error *error);
/** Changes that the service refused for good, oldest first: at most `limit` with an id greater than `after`, as a JSON list of
 * {"id":7,"operation":"update","model":"Post","key":["p1"],"changes":{...},"code":8,"message":"...","errorType":"...",
 * "refusedAt":1700000000000}. They stay until they are retried or dropped, or hf_clear(). */
HF_API int32_t hf_dead_letters(hf_store *store, int64_t after, uint64_t limit, char **letters, hf_error *error);
/** Makes the change once more, on the row as it is now, and takes it off the list; both or neither. Codes: not_found, and as
 * for hf_save(). */
HF_API int32_t hf_retry_dead_letter(hf_store *store, int64_t id, hf_error *error);
/** Gives the change up. Code: not_found. */
HF_API int32_t hf_drop_dead_letter(hf_store *store, int64_t id, hf_error *error);

#ifdef __cplusplus
}
#endif
