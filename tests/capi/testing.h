/* What the tests in C share: a store in memory of schema.graphql, and checks that name their line. */
#pragma once

#include <holdfast/c/holdfast.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                     \
  do {                                                                       \
    if (!(condition)) {                                                      \
      fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                               \
    }                                                                        \
  } while (0)

/** The call gives the code, in the error and as its result, and the message has the part. */
#define CHECK_FAILS(expected, part, call)                                                                     \
  do {                                                                                                        \
    hf_error error = {-1, ""};                                                                                \
    const int32_t code = (call);                                                                              \
    if (code != (expected) || error.code != code || !strstr(error.message, (part))) {                         \
      fprintf(stderr, "%s:%d: %s: %s: %s\n", __FILE__, __LINE__, #call, hf_code_name(code), error.message);   \
      exit(1);                                                                                                \
    }                                                                                                         \
  } while (0)

#define CHECK_OK(call) CHECK_FAILS(HF_OK, "", call)

#define POST(id, rating) "{\"id\":\"" id "\",\"title\":\"a post\",\"rating\":" rating ",\"status\":\"ACTIVE\"}"

/** The text of the schema, as JSON. */
extern const char *schema_text;

/** A new store in memory. */
hf_store *opened(int32_t delivery);
/** How many rows the model has. */
uint64_t count_of(hf_store *store, const char *model);

void test_authorization(void);
void test_records(void);
void test_transactions(void);
void test_observing(void);
void test_bad_input(void);
