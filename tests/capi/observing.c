/* Observers, live queries, events, delivery by poll, ends of subscriptions. */
#include "tests/capi/testing.h"

struct heard {
  int count;
  int32_t type;
  int32_t origin;
  size_t rows;
  int32_t is_synced;
  hf_subscription *subscription;
};

static void on_change(void *context, int32_t type, int32_t origin, const char *record) {
  struct heard *heard = context;
  ++heard->count;
  heard->type = type;
  heard->origin = origin;
  CHECK(strstr(record, "\"id\":\"") != NULL);
}

static void on_change_once(void *context, int32_t type, int32_t origin, const char *record) {
  struct heard *heard = context;
  on_change(context, type, origin, record);
  hf_cancel(heard->subscription);
}

static void on_snapshot(void *context, const hf_snapshot *snapshot) {
  struct heard *heard = context;
  ++heard->count;
  heard->rows = hf_snapshot_size(snapshot);
  heard->is_synced = hf_snapshot_is_synced(snapshot);
  for (size_t at = 0; at < heard->rows; ++at) {
    char *record = hf_snapshot_record(snapshot, at);
    CHECK(record != NULL && strstr(record, "\"rating\":") != NULL);
    hf_free(record);
  }
  CHECK(hf_snapshot_record(snapshot, heard->rows) == NULL);
}

static void on_event(void *context, const char *event) {
  struct heard *heard = context;
  ++heard->count;
  CHECK(strncmp(event, "{\"event\":\"", 10) == 0);
}

static void test_changes(void) {
  hf_store *store = opened(HF_DELIVERY_INLINE);
  struct heard all = {0}, good = {0}, first = {0};
  hf_subscription *watch_all = NULL, *watch_good = NULL;
  const char *is_good = "{\"field\":\"rating\",\"op\":\"gt\",\"operands\":[4]}";
  CHECK_OK(hf_observe(store, "Post", NULL, on_change, &all, &watch_all, &error));
  CHECK_OK(hf_observe(store, "Post", is_good, on_change, &good, &watch_good, &error));
  CHECK_OK(hf_observe(store, "Post", NULL, on_change_once, &first, &first.subscription, &error));
  CHECK_OK(hf_save(store, "Post", POST("o1", "1"), NULL, NULL, &error));
  CHECK(all.count == 1 && all.type == HF_INSERTED && all.origin == HF_LOCAL && good.count == 0);
  CHECK_OK(hf_update(store, "Post", "[\"o1\"]", "{\"rating\":5}", NULL, NULL, &error));
  CHECK(all.count == 2 && all.type == HF_UPDATED && good.count == 1);
  CHECK_OK(hf_remove(store, "Post", "[\"o1\"]", NULL, NULL, &error));
  CHECK(all.count == 3 && all.type == HF_REMOVED && good.count == 2);
  CHECK(first.count == 1);
  hf_cancel(watch_all);
  CHECK_OK(hf_save(store, "Post", POST("o2", "9"), NULL, NULL, &error));
  CHECK(all.count == 3 && good.count == 3);
  hf_close(store);
  hf_cancel(watch_good);  // A subscription may outlive its store.
}

static void test_live_query(void) {
  hf_store *store = opened(HF_DELIVERY_POLL);
  struct heard heard = {0};
  hf_subscription *watch = NULL;
  uint64_t ran = 99;
  const char *query = "{\"where\":{\"field\":\"rating\",\"op\":\"gt\",\"operands\":[4]},\"limit\":2}";
  CHECK_OK(hf_observe_query(store, "Post", query, on_snapshot, &heard, &watch, &error));
  CHECK(heard.count == 0);
  CHECK_OK(hf_poll(store, &ran, &error));
  CHECK(ran == 1 && heard.count == 1 && heard.rows == 0 && heard.is_synced == 1);
  CHECK_OK(hf_save(store, "Post", POST("q1", "5"), NULL, NULL, &error));
  CHECK_OK(hf_save(store, "Post", POST("q2", "6"), NULL, NULL, &error));
  CHECK_OK(hf_save(store, "Post", POST("q3", "7"), NULL, NULL, &error));
  CHECK_OK(hf_poll(store, NULL, &error));
  CHECK(heard.count == 2 && heard.rows == 2);  // A burst is one snapshot.
  hf_cancel(watch);
  CHECK_OK(hf_save(store, "Post", POST("q0", "8"), NULL, NULL, &error));
  CHECK_OK(hf_poll(store, &ran, &error));
  CHECK(ran == 0 && heard.count == 2);
  hf_close(store);
}

static void test_events(void) {
  hf_store *store = opened(HF_DELIVERY_POLL);
  struct heard heard = {0};
  hf_subscription *watch = NULL;
  CHECK_OK(hf_observe_events(store, on_event, &heard, &watch, &error));
  CHECK_OK(hf_set_online(store, 0, &error));
  // Nobody answers at that port: it says that there is no network, and goes on trying until it is stopped.
  CHECK_OK(hf_start(store, "{\"endpoint\":\"http://127.0.0.1:1/graphql\",\"apiKey\":\"da2-c\",\"pageRows\":10}", NULL, &error));
  CHECK_OK(hf_save(store, "Post", POST("e1", "5"), NULL, NULL, &error));
  CHECK_OK(hf_stop(store, &error));
  CHECK_OK(hf_poll(store, NULL, &error));
  CHECK(heard.count > 0);
  hf_cancel(watch);
  hf_close(store);
}

void test_observing(void) {
  test_changes();
  test_live_query();
  test_events();
}
