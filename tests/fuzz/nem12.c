/* NEM12 files. */
#include <string.h>
#include "tests/fuzz/fuzz.h"
#include "wire/nem12.h"

static void whole(const struct nem12_day *day, void *arg)
{
    (void)arg;
    must(day->count * day->interval_s == 86400);
    must(strlen(day->nmi) > 0);
    for (int i = 0; i < day->count; i++) {
        must(day->intervals[i].wh >= 0 && day->intervals[i].value_micro >= 0);
        must(day->intervals[i].quality && strchr("AEFSN", day->intervals[i].quality));
        must(day->unit_wh != 0 || day->intervals[i].wh == 0);
    }
    must(nem12_channel(day) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nem12 nem12 = {0};
    struct fault fault = {0};
    const char *text = (const char *)data, *end = text + size;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t len = (size_t)((stop ? stop : end) - text);
        if (nem12_line(&nem12, text, len, whole, NULL, &fault) != OK) {
            must(fault.text[0]);
            return 0;
        }
        text += len + (stop != NULL);
    }
    if (nem12_end(&nem12, &fault) != OK)
        must(fault.text[0]);
    return 0;
}
