/* Sync and its callbacks against a real backend. Usage: capi_sync_test SCHEMA ENDPOINT KEY [keep]. It says in lines what it has
 * done; syncing_test.py runs the backend, plays the other client and sets the bound in time. */
#include <threads.h>

#include "tests/capi/testing.h"

struct heard {
  mtx_t lock; /* guards the rest; `changed` is told of every callback */
  cnd_t changed;
  int ready, verified, errors, conflicts;
  int32_t decision;
  const char *kept; /* what of Post is kept; NULL: all */
  char error[1024], conflict[1024];
};

static struct heard heard;
static hf_store *store;

static void wake(void) {
  mtx_unlock(&heard.lock);
  cnd_broadcast(&heard.changed);
}

static void on_event(void *context, const char *event) {
  (void)context;
  mtx_lock(&heard.lock);
  heard.ready += strcmp(event, "{\"event\":\"ready\"}") == 0;
  heard.verified += strstr(event, "{\"model\":\"Post\",\"outcome\":\"same\",\"localRows\":2,\"remoteRows\":2,") != NULL;
  wake();
}

static void on_change(void *context, int32_t type, int32_t origin, const char *record) {
  (void)context, (void)type, (void)origin, (void)record;
  mtx_lock(&heard.lock);
  wake();
}

static void on_error(void *context, const char *error) {
  CHECK(context == &heard);
  mtx_lock(&heard.lock);
  ++heard.errors;
  snprintf(heard.error, sizeof heard.error, "%s", error);
  wake();
}

static int32_t on_conflict(void *context, const char *conflict) {
  CHECK(context == &heard);
  mtx_lock(&heard.lock);
  ++heard.conflicts;
  snprintf(heard.conflict, sizeof heard.conflict, "%s", conflict);
  const int32_t decision = heard.decision;
  wake();
  return decision;
}

static int is_ready(void) { return heard.ready > 0; }
static int is_verified(void) { return heard.verified > 0; }
static int has_failed(void) { return heard.errors > 0; }
static int has_both(void) {
  uint64_t posts = 0;
  CHECK_OK(hf_count(store, "Post", NULL, &posts, &error));
  return posts == 2;
}
static int has_sent_all(void) {
  uint64_t pending = 1;
  CHECK_OK(hf_pending_count(store, &pending, &error));
  return pending == 0;
}

/** The callbacks take the lock too: none comes between the look and the wait. */
static void wait_until(int (*is_so)(void)) {
  mtx_lock(&heard.lock);
  while (!is_so()) cnd_wait(&heard.changed, &heard.lock);
  mtx_unlock(&heard.lock);
}

static void say(const char *line) {
  printf("%s\n", line);
  fflush(stdout);
}

static void select_rows(void *context, const char *model, hf_choice *choice) {
  CHECK(context == &heard);
  hf_choose(choice, strcmp(model, "Post") == 0 ? heard.kept : NULL, NULL);
}

static uint64_t posts_kept(void) {
  uint64_t posts = 0;
  CHECK_OK(hf_count(store, "Post", NULL, &posts, &error));
  return posts;
}
static int has_none(void) { return posts_kept() == 0; }
static int has_one(void) { return posts_kept() == 1; }

/** Only what is selected comes; it leaves when it is not selected any more. */
static void keep_a_part(const char *options, const hf_sync_callbacks *callbacks) {
  heard.kept = "{\"field\":\"rating\",\"op\":\"lt\",\"operands\":[5]}";
  CHECK_OK(hf_start(store, options, callbacks, &error));
  wait_until(is_ready);
  CHECK(has_one());
  say("kept");
  wait_until(has_none); /* The other client has changed it. */
  heard.kept = NULL;
  CHECK_OK(hf_reselect(store, &error));
  wait_until(has_both);
  CHECK_OK(hf_verify(store, &error));
  wait_until(is_verified);
  heard.kept = "{";
  CHECK_OK(hf_reselect(store, &error));
  wait_until(has_failed);
  CHECK(strstr(heard.error, "sync expression of Post") != NULL);
  CHECK(has_both());
}

static void expect_post(const char *part) {
  char *record = NULL;
  CHECK_OK(hf_get(store, "Post", "[\"s1\"]", &record, &error));
  CHECK(record != NULL && strstr(record, part) != NULL);
  hf_free(record);
}

/** Another client's update comes to the backend before this one's. */
static void update_late(const char *patch, int32_t decision, const char *local, const char *ends_as) {
  const int before = heard.conflicts;
  mtx_lock(&heard.lock);
  heard.decision = decision;
  mtx_unlock(&heard.lock);
  CHECK_OK(hf_update(store, "Post", "[\"s1\"]", patch, NULL, NULL, &error));
  wait_until(has_sent_all);
  mtx_lock(&heard.lock);
  CHECK(heard.conflicts == before + 1);
  CHECK(strstr(heard.conflict, "\"model\":\"Post\"") && strstr(heard.conflict, local));
  CHECK(strstr(heard.conflict, "\"attempts\":1") && strstr(heard.conflict, "\"isDelete\":false"));
  mtx_unlock(&heard.lock);
  expect_post(ends_as);
}

int main(int count, char **words) {
  CHECK(count == 4 || count == 5);
  static char schema[1 << 20], options[512];
  FILE *file = fopen(words[1], "rb");
  CHECK(file != NULL && fread(schema, 1, sizeof schema - 1, file) > 0);
  fclose(file);
  CHECK(mtx_init(&heard.lock, mtx_plain) == thrd_success && cnd_init(&heard.changed) == thrd_success);
  CHECK_OK(hf_open(schema, NULL, HF_DURABILITY_FULL, HF_DELIVERY_INLINE, &store, &error));
  hf_subscription *events = NULL, *changes = NULL;
  CHECK_OK(hf_observe_events(store, on_event, NULL, &events, &error));
  CHECK_OK(hf_observe(store, "Post", NULL, on_change, NULL, &changes, &error));
  snprintf(options, sizeof options, "{\"endpoint\":\"%s\",\"apiKey\":\"%s\"}", words[2], words[3]);
  const hf_sync_callbacks callbacks = {.context = &heard, .on_error = on_error, .on_conflict = on_conflict,
                                       .select = select_rows};
  if (count == 4) CHECK_OK(hf_start(store, options, &callbacks, &error));
  if (count == 5) {
    keep_a_part(options, &callbacks);
    say("done");
  } else if (strcmp(words[3], "wrong") == 0) {
    wait_until(has_failed);
    CHECK_OK(hf_stop(store, &error));
    say(heard.error);
  } else {
    wait_until(is_ready);
    CHECK_OK(hf_save(store, "Post", POST("s1", "1"), NULL, NULL, &error));
    wait_until(has_sent_all);
    say("saved");
    wait_until(has_both);
    say("heard");
    update_late("{\"rating\":7}", HF_APPLY_REMOTE, "\"rating\":7", "\"title\":\"rival 1\"");
    expect_post("\"rating\":1");
    update_late("{\"rating\":8}", HF_RETRY_LOCAL, "\"rating\":8", "\"title\":\"rival 2\"");
    expect_post("\"rating\":8");
    CHECK(heard.errors == 0);
    say("settled");
  }
  hf_close(store);
  hf_cancel(events);
  hf_cancel(changes);
  return 0;
}
