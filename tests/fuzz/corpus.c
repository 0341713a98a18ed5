/*
 * Runs a harness over its seeds without a fuzzer, for the normal suites: each seed as it is, cut at places all over it, and with single bits flipped,
 * the same ones at every run. Usage: PROGRAM FOLDER.
 */
#include <dirent.h>
#include <string.h>
#include "tests/fuzz/fuzz.h"

#define SEED_MAX 65536
#define CUTS 24
#define FLIPS 48

/* The harness gets memory of exactly that size, so that a sanitizer sees a step beyond. */
static void run(const uint8_t *bytes, size_t len)
{
    uint8_t *own = malloc(len > 0 ? len : 1);
    must(own);
    if (len > 0)
        memcpy(own, bytes, len);
    LLVMFuzzerTestOneInput(own, len);
    free(own);
}

static void run_seed(const char *path)
{
    static uint8_t bytes[SEED_MAX];
    FILE *file = fopen(path, "rb");
    uint32_t random = 1;
    must(file);
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    run(bytes, len);
    for (size_t i = 0; i < CUTS; i++)
        run(bytes, len * i / CUTS);
    for (int i = 0; i < FLIPS && len > 0; i++) {
        random = random * 1664525 + 1013904223;
        size_t at = (random >> 8) % len;
        uint8_t bit = (uint8_t)(1u << (random & 7));
        bytes[at] ^= bit;
        run(bytes, len);
        bytes[at] ^= bit;
    }
}

int main(int argc, char *argv[])
{
    struct dirent **entries;
    char path[4096];
    int seeds = 0, count = argc == 2 ? scandir(argv[1], &entries, NULL, alphasort) : -1;
    if (count < 0) {
        fprintf(stderr, "usage: %s FOLDER-OF-SEEDS\n", argv[0]);
        return 2;
    }
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            run_seed(path);
            seeds++;
        }
        free(entries[i]);
    }
    free(entries);
    printf("%d seeds\n", seeds);
    return seeds > 0 ? 0 : 1;
}
