/*
 * What the files of the conformance suite share: a fresh ledger of the backend under test for each case, and short ways to write to it.
 */
#ifndef TESTS_FACTS_CONTRACT_H
#define TESTS_FACTS_CONTRACT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "store/facts.h"

#define T0 INT64_C(1795348800000)

extern struct facts *facts; /* of the case under way */
extern struct fault fault;  /* of the last call */

void begin(void);
void commit(void);
/* Ends the test with the fault's words unless err is OK. */
void well(enum err err, const struct fault *words);
#define WELL(call)                                                                                                                                   \
    do {                                                                                                                                             \
        fault = (struct fault){0};                                                                                                                   \
        well((call), &fault);                                                                                                                        \
    } while (0)

int contract_setup(void **state);
int contract_teardown(void **state);
#define CASE(test) cmocka_unit_test_setup_teardown(test, contract_setup, contract_teardown)

/* A register reading of meter 1 at T0 + offset. */
struct reading_row reading_at(int64_t offset_ms, int64_t energy_wh);
bool put(const struct reading_row *row); /* in the open batch; was it a repetition? */

/* Everything a listing told, as text: append in a callback, compare at the end. */
struct told {
    int count, stop_after; /* 0: never */
    char text[131072];
};
int tell(struct told *told, const char *format, ...) __attribute__((format(printf, 2, 3))); /* what the callback returns */

int tell_reading(const struct reading_row *row, const struct reading_cursor *at, void *arg); /* into a struct told; of meter 1 */
int tell_read(const struct read *read, void *arg);

extern const struct CMUnitTest derived_tests[], told_tests[], newest_tests[], sealed_tests[];
extern const size_t derived_test_count, told_test_count, newest_test_count, sealed_test_count;

#endif
