/* Save, update, get, query, count, remove. */
#include "tests/capi/testing.h"

static void note_row(void *context, const char *record) {
  char *rows = context;
  const char *id = strstr(record, "\"id\":\"");
  CHECK(id != NULL && strlen(rows) < 60);
  strncat(rows, id + 6, 2);
}

static void test_writes(hf_store *store) {
  char *text = NULL;
  CHECK_OK(hf_save(store, "Post", POST("p1", "5"), NULL, &text, &error));
  CHECK(strstr(text, "\"rating\":5") && strstr(text, "\"createdAt\":null"));
  hf_free(text);
  CHECK_OK(hf_save(store, "Post", "{\"title\":\"named by the store\",\"rating\":1}", NULL, &text, &error));
  CHECK(strlen(text) > 50 && strstr(text, "\"status\":null"));
  hf_free(text);
  CHECK_OK(hf_update(store, "Post", "[\"p1\"]", "{\"id\":\"p1\",\"rating\":6}", NULL, &text, &error));
  CHECK(strstr(text, "\"rating\":6") && strstr(text, "\"title\":\"a post\""));
  hf_free(text);
  CHECK_OK(hf_get(store, "Post", "[\"p1\"]", &text, &error));
  CHECK(strstr(text, "\"rating\":6"));
  hf_free(text);
  CHECK_OK(hf_get(store, "Post", "[\"nobody\"]", &text, &error));
  CHECK(text == NULL);
  CHECK_OK(hf_save(store, "Seat", "{\"city\":\"Ghent\",\"row\":7}", NULL, NULL, &error));
  CHECK_OK(hf_get(store, "Seat", "[\"Ghent\",7]", &text, &error));
  CHECK(strstr(text, "\"note\":null"));
  hf_free(text);
}

static void test_conditions(hf_store *store) {
  const char *poor = "{\"field\":\"rating\",\"op\":\"lt\",\"operands\":[3]}";
  CHECK_FAILS(HF_CONDITION_FAILED, "does not satisfy", hf_update(store, "Post", "[\"p1\"]", "{\"rating\":0}", poor, NULL, &error));
  CHECK_FAILS(HF_CONDITION_FAILED, "does not satisfy", hf_remove(store, "Post", "[\"p1\"]", poor, NULL, &error));
  CHECK_FAILS(HF_NOT_FOUND, "[\"gone\"]", hf_update(store, "Post", "[\"gone\"]", "{\"rating\":0}", NULL, NULL, &error));
}

static void test_reads(hf_store *store) {
  char rows[64] = "";
  CHECK_OK(hf_save(store, "Post", POST("p2", "9"), NULL, NULL, &error));
  CHECK_OK(hf_save(store, "Post", POST("p3", "7"), NULL, NULL, &error));
  const char *best = "{\"where\":{\"field\":\"rating\",\"op\":\"gt\",\"operands\":[4]},"
                     "\"sort\":[{\"field\":\"rating\",\"direction\":\"descending\"}],\"limit\":2}";
  CHECK_OK(hf_query(store, "Post", best, note_row, rows, &error));
  CHECK(strcmp(rows, "p2p3") == 0);
  uint64_t count = 0;
  CHECK_OK(hf_count(store, "Post", "{\"any\":[{\"field\":\"id\",\"op\":\"eq\",\"operands\":[\"p1\"]},"
                                   "{\"not\":{\"field\":\"rating\",\"op\":\"le\",\"operands\":[8]}}]}", &count, &error));
  CHECK(count == 2);
  char *text = NULL;
  CHECK_OK(hf_metadata(store, "Post", "[\"p1\"]", &text, &error));
  CHECK(strcmp(text, "{\"version\":0,\"lastChangedAt\":0,\"isDeleted\":false}") == 0);
  hf_free(text);
}

static void test_relations(hf_store *store) {
  const char *of_good_posts = "{\"relation\":\"post\",\"where\":{\"field\":\"rating\",\"op\":\"gt\",\"operands\":[8]}}";
  uint64_t count = 99;
  CHECK_OK(hf_save(store, "Comment", "{\"content\":\"of the best\",\"postCommentsId\":\"p2\"}", NULL, NULL, &error));
  CHECK_OK(hf_save(store, "Comment", "{\"content\":\"of another\",\"postCommentsId\":\"p3\"}", NULL, NULL, &error));
  CHECK_OK(hf_count(store, "Comment", of_good_posts, &count, &error));
  CHECK(count == 1);
  CHECK_FAILS(HF_INVALID_ARGUMENT, "post", hf_remove(store, "Comment", "[\"c\"]", of_good_posts, NULL, &error));
  CHECK_OK(hf_remove_where(store, "Comment", of_good_posts, &count, &error));
  CHECK(count == 1 && count_of(store, "Comment") == 1);
}

static void test_removals(hf_store *store) {
  CHECK_OK(hf_save(store, "Comment", "{\"id\":\"c1\",\"content\":\"below p1\",\"postCommentsId\":\"p1\"}", NULL, NULL, &error));
  int32_t was_there = -1;
  CHECK_OK(hf_remove(store, "Post", "[\"p1\"]", NULL, &was_there, &error));
  CHECK(was_there == 1 && count_of(store, "Comment") == 1);
  CHECK_OK(hf_remove(store, "Post", "[\"p1\"]", NULL, &was_there, &error));
  CHECK(was_there == 0);
  uint64_t count = 0;
  CHECK_OK(hf_remove_where(store, "Post", "{\"field\":\"rating\",\"op\":\"ge\",\"operands\":[9]}", &count, &error));
  CHECK(count == 1);
  CHECK_OK(hf_remove_where(store, "Post", "{}", NULL, &error));
  CHECK(count_of(store, "Post") == 0);
}

void test_records(void) {
  hf_store *store = opened(HF_DELIVERY_INLINE);
  test_writes(store);
  test_conditions(store);
  test_reads(store);
  test_relations(store);
  test_removals(store);
  uint64_t pending = 99;
  CHECK_OK(hf_pending_count(store, &pending, &error));
  CHECK(pending <= 12);
  CHECK_OK(hf_save(store, "Post", "{\"id\":\"waiting\",\"title\":\"t\",\"rating\":1}", NULL, NULL, &error));
  int32_t state = -1;
  CHECK_OK(hf_sync_state(store, "Post", "[\"waiting\"]", &state, &error));
  CHECK(state == HF_PENDING);
  CHECK_OK(hf_sync_state(store, "Post", "[\"unknown\"]", &state, &error));
  CHECK(state == HF_CLEAN);
  char *letters = NULL;
  CHECK_OK(hf_dead_letters(store, 0, 10, &letters, &error));
  CHECK(strcmp(letters, "[]") == 0);
  hf_free(letters);
  CHECK_OK(hf_clear(store, &error));
  CHECK_OK(hf_pending_count(store, &pending, &error));
  CHECK(pending == 0 && count_of(store, "Seat") == 0);
  hf_close(store);
}
