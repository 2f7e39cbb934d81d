/* All or nothing, and what is refused inside. */
#include "tests/capi/testing.h"

struct plan {
  hf_store *store;
  int32_t answer;
};

static int32_t write_two(hf_store *transaction, void *context) {
  struct plan *plan = context;
  CHECK_OK(hf_save(transaction, "Post", POST("t1", "1"), NULL, NULL, &error));
  CHECK_OK(hf_save(transaction, "Comment", "{\"id\":\"tc\",\"content\":\"both\",\"postCommentsId\":\"t1\"}", NULL, NULL, &error));
  CHECK(count_of(transaction, "Post") == 1);
  CHECK(count_of(plan->store, "Post") == 0);
  return plan->answer;
}

static int32_t do_the_forbidden(hf_store *transaction, void *context) {
  hf_store *store = context;
  hf_subscription *none = NULL;
  CHECK_FAILS(HF_INVALID_ARGUMENT, "a transaction cannot", hf_stop(transaction, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "a transaction cannot", hf_poll(transaction, NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "a transaction cannot", hf_transaction(transaction, do_the_forbidden, store, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "a transaction cannot", hf_observe_events(transaction, NULL, NULL, &none, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "call it afterwards", hf_stop(store, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "call it afterwards", hf_clear(store, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "call it afterwards", hf_set_online(store, 1, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "call it afterwards", hf_start(store, "{\"endpoint\":\"http://127.0.0.1:1/graphql\"}", NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "use the transaction's handle", hf_save(store, "Post", POST("x", "1"), NULL, NULL, &error));
  hf_close(store);
  hf_close(transaction);
  return HF_OK;
}

static int32_t fail_once_and_go_on(hf_store *transaction, void *context) {
  (void)context;
  CHECK_FAILS(HF_INVALID_ARGUMENT, "rating", hf_save(transaction, "Post", POST("bad", "\"five\""), NULL, NULL, &error));
  CHECK_OK(hf_save(transaction, "Post", POST("good", "5"), NULL, NULL, &error));
  return HF_OK;
}

void test_transactions(void) {
  hf_store *store = opened(HF_DELIVERY_INLINE);
  struct plan undone = {store, HF_NOT_FOUND};
  CHECK_FAILS(HF_NOT_FOUND, "everything is undone", hf_transaction(store, write_two, &undone, &error));
  struct plan own_code = {store, 1234};
  CHECK_FAILS(1234, "everything is undone", hf_transaction(store, write_two, &own_code, &error));
  CHECK(count_of(store, "Post") == 0 && count_of(store, "Comment") == 0);
  struct plan done = {store, HF_OK};
  CHECK_OK(hf_transaction(store, write_two, &done, &error));
  CHECK(count_of(store, "Post") == 1 && count_of(store, "Comment") == 1);
  CHECK_OK(hf_transaction(store, do_the_forbidden, store, &error));
  CHECK_OK(hf_transaction(store, fail_once_and_go_on, NULL, &error));
  CHECK(count_of(store, "Post") == 2);
  hf_close(store);
}
