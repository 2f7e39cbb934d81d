/* What no careful caller passes: every function answers it. */
#include "tests/capi/testing.h"

static void ignore_row(void *context, const char *record) { (void)context, (void)record; }
static void ignore_change(void *context, int32_t type, int32_t origin, const char *record) {
  (void)context, (void)type, (void)origin, (void)record;
}
static void ignore_snapshot(void *context, const hf_snapshot *snapshot) { (void)context, (void)snapshot; }
static void ignore_event(void *context, const char *event) { (void)context, (void)event; }
static int32_t ignore_transaction(hf_store *transaction, void *context) {
  (void)transaction, (void)context;
  return HF_OK;
}

static void test_open(void) {
  hf_store *store = (hf_store *)&store;
  CHECK_FAILS(HF_INVALID_ARGUMENT, "schema is NULL", hf_open(NULL, NULL, 0, 0, &store, &error));
  CHECK(store == NULL);
  CHECK_FAILS(HF_INVALID_ARGUMENT, "where to put the store", hf_open(schema_text, NULL, 0, 0, NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "schema: ", hf_open("type Post @model { id: ID! }", NULL, 0, 0, &store, &error));
  CHECK_FAILS(HF_MALFORMED, "schema needs an object", hf_open("[]", NULL, 0, 0, &store, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "durability", hf_open(schema_text, NULL, 7, 0, &store, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "delivery", hf_open(schema_text, NULL, 0, -1, &store, &error));
  CHECK_FAILS(HF_STORAGE_FAILED, "", hf_open(schema_text, "/nowhere/at/all/blog.db", 0, 0, &store, &error));
  CHECK(hf_open(NULL, NULL, 0, 0, &store, NULL) == HF_INVALID_ARGUMENT);
}

static void test_null_store(void) {
  char *text = NULL;
  uint64_t count = 0;
  hf_subscription *watch = NULL;
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_save(NULL, "Post", "{}", NULL, &text, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_update(NULL, "Post", "[]", "{}", NULL, &text, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_get(NULL, "Post", "[]", &text, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_query(NULL, "Post", NULL, ignore_row, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_count(NULL, "Post", NULL, &count, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_remove(NULL, "Post", "[]", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_remove_where(NULL, "Post", "{}", &count, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_transaction(NULL, ignore_transaction, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_observe(NULL, "Post", NULL, ignore_change, NULL, &watch, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_observe_query(NULL, "Post", NULL, ignore_snapshot, NULL, &watch, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_observe_events(NULL, ignore_event, NULL, &watch, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_poll(NULL, &count, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_start(NULL, "{}", NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_stop(NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_clear(NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_set_online(NULL, 1, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_pending_count(NULL, &count, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_metadata(NULL, "Post", "[]", &text, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_dead_letters(NULL, 0, 10, &text, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_retry_dead_letter(NULL, 1, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_drop_dead_letter(NULL, 1, &error));
  hf_close(NULL);
  hf_cancel(NULL);
  hf_free(NULL);
  CHECK(hf_snapshot_size(NULL) == 0 && hf_snapshot_is_synced(NULL) == 0 && hf_snapshot_record(NULL, 0) == NULL);
}

static void test_null_parts(hf_store *store) {
  hf_subscription *watch = NULL;
  CHECK_FAILS(HF_INVALID_ARGUMENT, "model is NULL", hf_save(store, NULL, "{}", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "record is NULL", hf_save(store, "Post", NULL, NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "key is NULL", hf_update(store, "Post", NULL, "{}", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "patch is NULL", hf_update(store, "Post", "[\"p\"]", NULL, NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "where to put the record", hf_get(store, "Post", "[\"p\"]", NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "on_row is NULL", hf_query(store, "Post", NULL, NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "count is NULL", hf_count(store, "Post", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "where is NULL", hf_remove_where(store, "Post", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "body is NULL", hf_transaction(store, NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "on_change is NULL", hf_observe(store, "Post", NULL, NULL, NULL, &watch, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "subscription", hf_observe(store, "Post", NULL, ignore_change, NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "on_snapshot is NULL", hf_observe_query(store, "Post", NULL, NULL, NULL, &watch, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "subscription", hf_observe_query(store, "Post", NULL, ignore_snapshot, NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "on_event is NULL", hf_observe_events(store, NULL, NULL, &watch, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "options is NULL", hf_start(store, NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "count is NULL", hf_pending_count(store, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "where to put the metadata", hf_metadata(store, "Post", "[\"p\"]", NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "where to put the state", hf_sync_state(store, "Post", "[\"p\"]", NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "where to put the dead letters", hf_dead_letters(store, 0, 10, NULL, &error));
  CHECK_FAILS(HF_NOT_FOUND, "no dead letter 1", hf_retry_dead_letter(store, 1, &error));
  CHECK_FAILS(HF_NOT_FOUND, "no dead letter 1", hf_drop_dead_letter(store, 1, &error));
}

static void test_records_of_wrong_form(hf_store *store) {
  CHECK_FAILS(HF_INVALID_ARGUMENT, "no model", hf_save(store, "Pots\xff", "{}", NULL, NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "record: ", hf_save(store, "Post", "{\"id\":", NULL, NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "record: ", hf_save(store, "Post", "{\"title\":\"\xff\"}", NULL, NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "needs an object", hf_save(store, "Post", "[1]", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "no field titel", hf_save(store, "Post", "{\"titel\":\"x\"}", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "set the field postCommentsId", hf_save(store, "Comment", "{\"post\":{}}", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "save them instead", hf_save(store, "Post", "{\"comments\":[]}", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "Post.title: is required", hf_save(store, "Post", "{\"rating\":1}", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "not a value of PostStatus",
              hf_save(store, "Post", "{\"title\":\"x\",\"rating\":1,\"status\":\"LOUD\"}", NULL, NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "key: ", hf_remove(store, "Post", "p1", NULL, NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "needs a list", hf_remove(store, "Post", "\"p1\"", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "has 1 parts", hf_remove(store, "Post", "[]", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "part of a key", hf_remove(store, "Post", "[null]", NULL, NULL, &error));
  CHECK_OK(hf_save(store, "Post", POST("b1", "5"), NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "never changes", hf_update(store, "Post", "[\"b1\"]", "{\"id\":\"b2\"}", NULL, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "rating", hf_update(store, "Post", "[\"b1\"]", "{\"rating\":\"x\"}", NULL, NULL, &error));
}

static void test_conditions_and_options_of_wrong_form(hf_store *store) {
  uint64_t count = 0;
  hf_subscription *watch = NULL;
  const char *unknown = "{\"field\":\"stars\",\"op\":\"gt\",\"operands\":[4]}";
  CHECK_FAILS(HF_INVALID_ARGUMENT, "stars", hf_count(store, "Post", unknown, &count, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "stars", hf_observe(store, "Post", unknown, ignore_change, NULL, &watch, &error));
  CHECK(watch == NULL);
  CHECK_FAILS(HF_MALFORMED, "condition: ", hf_count(store, "Post", "{\"field\":\"rating\"}", &count, &error));
  CHECK_FAILS(HF_MALFORMED, "needs an object", hf_count(store, "Post", "7", &count, &error));
  CHECK_FAILS(HF_MALFORMED, "query.order is not known", hf_query(store, "Post", "{\"order\":1}", ignore_row, NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "query.limit", hf_query(store, "Post", "{\"limit\":-1}", ignore_row, NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "query.sort", hf_query(store, "Post", "{\"sort\":[\"rating\"]}", ignore_row, NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "path in query.sort",
              hf_query(store, "Comment", "{\"sort\":[{\"field\":\"title\",\"path\":\"post\"}]}", ignore_row, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "page", hf_query(store, "Post", "{\"page\":1}", ignore_row, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "", hf_start(store, "{}", NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "options.speed is no option", hf_start(store, "{\"speed\":1}", NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "options.apiKey", hf_start(store, "{\"apiKey\":1}", NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "too large", hf_start(store, "{\"pageRows\":99999999999}", NULL, &error));
}

static void test_messages_are_cut_at_a_letter(hf_store *store) {
  char record[4096] = "{\"";
  for (int at = 0; at < 1500; ++at) strcat(record, "\xc3\xa9");
  strcat(record, "\":1}");
  hf_error error;
  CHECK(hf_save(store, "Post", record, NULL, NULL, &error) == HF_INVALID_ARGUMENT);
  const size_t size = strlen(error.message);
  CHECK(size == 1018 || size == 1019);
  CHECK((unsigned char)error.message[size - 1] == 0xa9);
}

void test_bad_input(void) {
  test_open();
  test_null_store();
  hf_store *store = opened(HF_DELIVERY_INLINE);
  test_null_parts(store);
  test_records_of_wrong_form(store);
  test_conditions_and_options_of_wrong_form(store);
  test_messages_are_cut_at_a_letter(store);
  CHECK(count_of(store, "Post") == 1);
  hf_close(store);
  CHECK(strcmp(hf_code_name(HF_CONDITION_FAILED), "condition_failed") == 0);
  CHECK(strcmp(hf_code_name(HF_OK), "ok") == 0 && strcmp(hf_code_name(-5), "unknown") == 0);
  CHECK(strncmp(hf_version(), "0.", 2) == 0);
}
