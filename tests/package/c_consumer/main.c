#include <holdfast/c/holdfast.h>
#include <stdio.h>

int main(int count, char **words) {
  static char schema[65536];
  FILE *file = count == 3 ? fopen(words[2], "rb") : NULL;
  if (!file || fread(schema, 1, sizeof schema - 1, file) == 0) return 2;
  fclose(file);
  hf_error error;
  hf_store *store = NULL;
  uint64_t kept = 0;
  if (hf_open(schema, words[1], HF_DURABILITY_FULL, HF_DELIVERY_INLINE, &store, &error) != HF_OK ||
      hf_save(store, "Note", "{\"text\":\"kept\"}", NULL, NULL, &error) != HF_OK ||
      hf_count(store, "Note", "{\"field\":\"text\",\"op\":\"eq\",\"operands\":[\"kept\"]}", &kept, &error) != HF_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  printf("%d kept\n", (int)kept);
  hf_close(store);
  return kept == 1 ? 0 : 1;
}
