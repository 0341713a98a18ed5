/* The plain scanner against the parser that knows all: what it takes, the other one reads the same, to the last byte. */
#include <string.h>
#include "tests/fuzz/fuzz.h"
#include "wire/reading_json.h"
#include "wire/reading_scan.h"

static void hold(const struct parsed_reading *parsed, void *arg)
{
    must(memcmp(parsed, arg, sizeof *parsed) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parsed_reading scanned;
    memset(&scanned, 0, sizeof scanned);
    if (reading_scan((const char *)data, size, &scanned))
        readings_parse_whole((const char *)data, size, hold, &scanned);
    return 0;
}
