/*
 * What the fuzz harnesses share. Each reads one surface that strangers write to; `must` states what holds for every input, not only that nothing
 * crashes.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define must(what)                                                                                                                                   \
    do {                                                                                                                                             \
        if (!(what)) {                                                                                                                               \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what);                                                                \
            abort();                                                                                                                                 \
        }                                                                                                                                            \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
