/* Credentials asked for and given in C. No service is needed: a store asks before it connects. */
#include "tests/capi/testing.h"

#define ENDPOINT "\"endpoint\":\"http://127.0.0.1:1/graphql\""

struct asked {
  char mode[16];
  hf_credentials_request *request;
  int count;
};

static void on_credentials(void *context, const char *mode, hf_credentials_request *request) {
  struct asked *asked = context;
  snprintf(asked->mode, sizeof asked->mode, "%s", mode);
  asked->request = request;
  ++asked->count;
}

static void expect_question(hf_store *store, struct asked *asked, const char *mode) {
  CHECK_OK(hf_poll(store, NULL, &error));
  CHECK(asked->request != NULL);
  CHECK(strcmp(asked->mode, mode) == 0);
}

static void test_wrong_options(hf_store *store, const hf_sync_callbacks *callbacks) {
  CHECK_FAILS(HF_INVALID_ARGUMENT, "on_credentials", hf_start(store, "{" ENDPOINT ",\"auth\":\"oidc\"}", NULL, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "none of", hf_start(store, "{" ENDPOINT ",\"auth\":\"magic\"}", callbacks, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "options.apiKey", hf_start(store, "{" ENDPOINT ",\"auth\":[\"apiKey\"]}", callbacks, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "options.region", hf_start(store, "{" ENDPOINT ",\"auth\":\"iam\"}", callbacks, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "no-such-file.pem", hf_start(store, "{" ENDPOINT ",\"caFile\":\"no-such-file.pem\"}", NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "options.caFile", hf_start(store, "{" ENDPOINT ",\"caFile\":1}", NULL, &error));
  CHECK_FAILS(HF_MALFORMED, "options.auth", hf_start(store, "{" ENDPOINT ",\"auth\":[1]}", callbacks, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "authModeStrategy",
              hf_start(store, "{" ENDPOINT ",\"authModeStrategy\":\"some\"}", callbacks, &error));
}

static void test_wrong_answers(hf_credentials_request *token) {
  CHECK_FAILS(HF_INVALID_ARGUMENT, "token is NULL", hf_give_token(token, NULL, NULL, 0, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "hf_give_token", hf_give_keys(token, "A", "s", NULL, 0, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "secret_access_key is NULL", hf_give_keys(token, "A", NULL, NULL, 0, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "request is NULL", hf_give_token(NULL, "t", NULL, 0, &error));
  CHECK_FAILS(HF_INVALID_ARGUMENT, "request is NULL", hf_give_none(NULL, 1, NULL, &error));
}

/* A09: the names by which Flutter chooses a strategy. */
void test_authorization(void) {
  struct asked asked = {"", NULL, 0};
  const hf_sync_callbacks callbacks = {.context = &asked, .on_credentials = on_credentials};
  hf_store *store = opened(HF_DELIVERY_POLL);
  test_wrong_options(store, &callbacks);

  CHECK_OK(hf_start(store, "{" ENDPOINT ",\"auth\":[\"userPool\",\"apiKey\"],\"apiKey\":\"k\",\"authModeStrategy\":\"multiauth\","
                    "\"user\":\"ann\"}", &callbacks, &error));
  expect_question(store, &asked, "userPool");
  test_wrong_answers(asked.request);
  CHECK_OK(hf_give_token(asked.request, "token", NULL, 4102444800000, &error));
  CHECK_OK(hf_save(store, "Post", POST("p1", "1"), NULL, NULL, &error));
  CHECK_OK(hf_sign_out(store, 0, &error));
  CHECK(count_of(store, "Post") == 1);
  CHECK_FAILS(HF_INVALID_ARGUMENT, "another user", hf_start(store, "{" ENDPOINT ",\"user\":\"bob\"}", NULL, &error));

  asked.request = NULL;
  CHECK_OK(hf_start(store, "{" ENDPOINT ",\"auth\":\"iam\",\"region\":\"eu-west-1\",\"authModeStrategy\":\"default\",\"user\":\"ann\"}",
                    &callbacks, &error));
  expect_question(store, &asked, "iam");
  CHECK_OK(hf_give_keys(asked.request, "A", "secret", NULL, 0, &error));
  CHECK_OK(hf_sign_out(store, 1, &error));
  CHECK(count_of(store, "Post") == 0);

  asked.request = NULL;
  CHECK_OK(hf_start(store, "{" ENDPOINT ",\"auth\":\"lambda\"}", &callbacks, &error));
  expect_question(store, &asked, "lambda");
  CHECK_OK(hf_give_none(asked.request, 1, "signed out", &error));
  CHECK(asked.count == 3);
  hf_close(store);
  CHECK_FAILS(HF_INVALID_ARGUMENT, "store is NULL", hf_sign_out(NULL, 1, &error));
}
