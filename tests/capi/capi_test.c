/* The C interface, from C. Usage: capi_test SCHEMA_JSON */
#include "tests/capi/testing.h"

const char *schema_text;

hf_store *opened(int32_t delivery) {
  hf_store *store = NULL;
  hf_error error;
  CHECK(hf_open(schema_text, NULL, HF_DURABILITY_FULL, delivery, &store, &error) == HF_OK);
  CHECK(store != NULL);
  return store;
}

uint64_t count_of(hf_store *store, const char *model) {
  uint64_t count = 99;
  CHECK(hf_count(store, model, NULL, &count, NULL) == HF_OK);
  return count;
}

static char *read_text(const char *path) {
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL);
  char *text = calloc(1, 1 << 20);
  CHECK(text != NULL);
  CHECK(fread(text, 1, (1 << 20) - 1, file) > 0);
  fclose(file);
  return text;
}

int main(int count, char **words) {
  CHECK(count == 2);
  char *text = read_text(words[1]);
  schema_text = text;
  test_records();
  test_transactions();
  test_observing();
  test_authorization();
  test_bad_input();
  free(text);
  printf("the C interface holds\n");
  return 0;
}
