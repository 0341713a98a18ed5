#include "api/device_line.h"
#include <string.h>
#include "base/text.h"
#include "wire/message_json.h"

#define EVENTS_MAX 10000

/* Room for one more at `at`; where there is none the oldest goes. */
static struct device_record *make_room(struct device_record *line, size_t *count, size_t at)
{
    if (*count == DEVICE_LINE_MAX) {
        if (at == 0)
            return NULL; /* older than all that are kept */
        memmove(&line[0], &line[1], (--*count) * sizeof *line);
        at--;
    }
    memmove(&line[at + 1], &line[at], (*count - at) * sizeof *line);
    ++*count;
    return &line[at];
}

static bool same_device(const struct device_record *a, const struct device_record *b)
{
    return strcmp(a->serial, b->serial) == 0;
}

void device_line_announce(struct device_record *line, size_t *count, const struct device_record *announced)
{
    size_t after = 0; /* those that were there before it */
    while (after < *count && line[after].installed_from_utc_ms <= announced->installed_from_utc_ms)
        after++;
    struct device_record *here = after > 0 && same_device(&line[after - 1], announced) ? &line[after - 1] : NULL;
    struct device_record *later = after < *count && same_device(&line[after], announced) ? &line[after] : NULL;
    if (here == NULL && later != NULL) { /* entered by somebody who came to it later */
        here = later;
        here->installed_from_utc_ms = announced->installed_from_utc_ms;
    }
    if (here == NULL) {
        here = make_room(line, count, after);
        if (here == NULL)
            return;
        *here = *announced;
    }
    if (announced->register_max_wh > 0)
        here->register_max_wh = announced->register_max_wh;
}

struct announcing {
    struct device_record *line;
    size_t *count;
    int64_t meter_no;
};

static int announce(const struct event_row *row, void *arg)
{
    struct announcing *announcing = arg;
    struct exchange_message message = {0};
    struct device_record device = {.meter_no = announcing->meter_no, .installed_from_utc_ms = row->ts_utc_ms};
    if (strcmp(row->event, "exchange") != 0)
        return 0;
    exchange_parse(row->document, strlen(row->document), &message); /* its serials alone will do */
    if (message.new_serial[0] == '\0' || !text_copy(device.serial, sizeof device.serial, message.new_serial))
        return 0;
    device.register_max_wh = message.new_register_max_wh;
    device_line_announce(announcing->line, announcing->count, &device);
    return 0;
}

enum err device_line(struct records *records, struct facts *facts, int64_t meter_no, struct fault *fault, struct device_record out[DEVICE_LINE_MAX],
                     size_t *out_count)
{
    struct announcing announcing = {out, out_count, meter_no};
    enum err err = records_device_list(records, meter_no, DEVICE_LINE_MAX, fault, out, out_count);
    if (err == OK)
        err = facts_events(facts, meter_no, INT64_MIN, INT64_MAX, EVENTS_MAX, announce, &announcing, fault);
    for (size_t i = 0; err == OK && i < *out_count; i++)
        out[i].installed_until_utc_ms = i + 1 < *out_count ? out[i + 1].installed_from_utc_ms : INT64_MAX;
    return err;
}
