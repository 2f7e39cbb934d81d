/* Posts from C.
 *
 *   example_c SCHEMA_JSON [DATABASE]
 *
 * SCHEMA_JSON is what `holdfast codegen models --target json` makes of a schema with a model Post. */
#include <holdfast/c/holdfast.h>

#include <stdio.h>
#include <stdlib.h>

static int failed(const char *what, const hf_error *error) {
  fprintf(stderr, "%s: %s: %s\n", what, hf_code_name(error->code), error->message);
  return 1;
}

// [c.callbacks]
static void on_change(void *context, int32_t type, int32_t origin, const char *record) {
  static const char *const words[] = {"inserted", "updated", "removed"};
  int *count = context;
  ++*count;
  printf("%s %s: %s\n", words[type], origin == HF_REMOTE ? "from afar" : "here", record);
}

static void on_row(void *context, const char *record) {
  (void)context;
  printf("row %s\n", record);
}

static void on_best(void *context, const hf_snapshot *snapshot) {
  (void)context;
  printf("live query: %zu rows\n", hf_snapshot_size(snapshot));
  for (size_t at = 0; at < hf_snapshot_size(snapshot); ++at) {
    char *record = hf_snapshot_record(snapshot, at);
    if (record) printf("  %s\n", record);
    hf_free(record);
  }
}
// [/c.callbacks]

// [c.body]
static int32_t save_two(hf_store *transaction, void *context) {
  hf_error *error = context;
  int32_t code = hf_save(transaction, "Post", "{\"id\":\"p2\",\"title\":\"Two\",\"rating\":2,\"status\":\"ACTIVE\"}", NULL,
                         NULL, error);
  if (code != HF_OK) return code;  // Whatever is not HF_OK undoes everything.
  return hf_save(transaction, "Post", "{\"id\":\"p3\",\"title\":\"Three\",\"rating\":9,\"status\":\"ACTIVE\"}", NULL, NULL,
                 error);
}
// [/c.body]

static int work(hf_store *store) {
  hf_error error;
  int changes = 0;
  // [c.observe]
  hf_subscription *watch = NULL, *best = NULL;
  if (hf_observe(store, "Post", NULL, on_change, &changes, &watch, &error) != HF_OK) return failed("observe", &error);
  const char *top = "{\"where\":{\"field\":\"rating\",\"op\":\"gt\",\"operands\":[4]},"
                    "\"sort\":[{\"field\":\"rating\",\"direction\":\"descending\"}],\"limit\":10}";
  if (hf_observe_query(store, "Post", top, on_best, NULL, &best, &error) != HF_OK) return failed("observe", &error);
  // [/c.observe]
  // [c.save]
  char *saved = NULL;
  const char *post = "{\"id\":\"p1\",\"title\":\"One\",\"rating\":5,\"status\":\"ACTIVE\"}";
  if (hf_save(store, "Post", post, NULL, &saved, &error) != HF_OK) return failed("save", &error);
  printf("saved %s\n", saved);  // As stored: had it no id, it would have one now.
  hf_free(saved);
  if (hf_update(store, "Post", "[\"p1\"]", "{\"rating\":6}", NULL, NULL, &error) != HF_OK) return failed("update", &error);
  // [/c.save]
  // [c.transaction]
  if (hf_transaction(store, save_two, &error, &error) != HF_OK) return failed("transaction", &error);
  // [/c.transaction]
  // [c.query]
  if (hf_query(store, "Post", top, on_row, NULL, &error) != HF_OK) return failed("query", &error);
  // [/c.query]
  // [c.refused]
  const char *if_poor = "{\"field\":\"rating\",\"op\":\"lt\",\"operands\":[3]}";
  if (hf_update(store, "Post", "[\"p1\"]", "{\"title\":\"Poor\"}", if_poor, NULL, &error) == HF_CONDITION_FAILED) {
    printf("refused: %s\n", error.message);
  }
  // [/c.refused]
  // [c.cancel]
  hf_cancel(best);
  hf_cancel(watch);  // Nothing is called from here on: `changes` may go.
  // [/c.cancel]
  printf("%d changes\n", changes);
  return 0;
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  char *text = file ? calloc(1, 1 << 20) : NULL;
  if (text && fread(text, 1, (1 << 20) - 1, file) == 0) *text = '\0';
  if (file) fclose(file);
  return text;
}

int main(int count, char **words) {
  char *schema = count > 1 ? read_file(words[1]) : NULL;
  if (!schema) {
    fprintf(stderr, "usage: example_c SCHEMA_JSON [DATABASE]\n");
    return 2;
  }
  // [c.open]
  hf_error error;
  hf_store *store = NULL;
  const char *path = count > 2 ? words[2] : NULL;  // NULL: in memory.
  if (hf_open(schema, path, HF_DURABILITY_FULL, HF_DELIVERY_INLINE, &store, &error) != HF_OK) {
    fprintf(stderr, "%s: %s\n", hf_code_name(error.code), error.message);
    free(schema);
    return 1;
  }
  free(schema);  // The store has read it.
  // [/c.open]
  int code = work(store);
  hf_close(store);
  return code;
}
