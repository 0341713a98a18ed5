/*
 * What the harnesses share that read files: a folder of their own (in memory where the machine has /dev/shm), a file that holds the input, and
 * damage to files as an input says. Damage flips, cuts, zeroes, deletes, exchanges and adds; it never writes bytes that the input chose, so that no
 * input can forge a checksum.
 */
#ifndef TESTS_FUZZ_FILES_H
#define TESTS_FUZZ_FILES_H

#include <stdbool.h>
#include "tests/fuzz/fuzz.h"

/* An input, byte by byte; 0 behind its end. */
struct script {
    const uint8_t *at, *end;
};
uint8_t script_byte(struct script *script);
unsigned script_two(struct script *script); /* two bytes */

/* A fresh, empty folder; the one of before is gone. Static. */
const char *fresh_folder(void);

/* A descriptor's path of a file in memory with these bytes; close *out_fd. */
void file_of(const uint8_t *data, size_t size, int *out_fd, char path[64]);

/* Reads a whole file; NULL: there is none. free() it. */
unsigned char *read_whole(const char *path, size_t *out_len);

/* One act of damage to one of these files, which need not be there. */
void damage_one(struct script *script, char paths[][256], int count);

#endif
