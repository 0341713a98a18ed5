#include "meter/incident.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"

static bool at_once(enum incident_kind kind)
{
    return kind == INCIDENT_EXCHANGE || kind == INCIDENT_RESET;
}

static bool silent(enum incident_kind kind)
{
    return kind == INCIDENT_SILENCE || kind == INCIDENT_OUTAGE;
}

enum err incidents_add(struct incidents *incidents, const struct incident *incident, struct fault *fault)
{
    const struct incident *last = incidents->count > 0 ? &incidents->items[incidents->count - 1] : NULL;
    if (last != NULL && (incident->from_utc_ms < last->until_utc_ms || incident->from_utc_ms <= last->from_utc_ms))
        return fault_set(fault, ERR_INVALID, "a meter's incidents stand in the order of time and do not overlap");
    struct incident *items = realloc(incidents->items, (incidents->count + 1) * sizeof *items);
    if (items == NULL)
        return fault_set(fault, ERR_FATAL, "no memory for the incidents");
    items[incidents->count++] = *incident;
    incidents->items = items;
    return OK;
}

void incidents_finish(struct incidents *incidents)
{
    free(incidents->items);
    *incidents = (struct incidents){0};
}

/* What is shown less what was counted, once all that began before `ts` is over. */
static int64_t offset_at(const struct incidents *incidents, size_t before)
{
    int64_t offset_wh = 0;
    for (size_t i = 0; i < before; i++) {
        const struct incident *it = &incidents->items[i];
        if (it->kind == INCIDENT_OUTAGE)
            offset_wh -= it->true_until_wh - it->true_from_wh;
        else if (at_once(it->kind))
            offset_wh = it->value_wh - it->true_from_wh;
    }
    return offset_wh;
}

int64_t incidents_register(const struct incidents *incidents, int64_t ts_utc_ms, int64_t true_wh)
{
    size_t begun = 0;
    while (begun < incidents->count && incidents->items[begun].from_utc_ms <= ts_utc_ms)
        begun++;
    if (begun == 0)
        return true_wh;
    const struct incident *now = &incidents->items[begun - 1];
    if (ts_utc_ms < now->until_utc_ms && now->kind == INCIDENT_TRANSIENT)
        return now->value_wh;
    if (ts_utc_ms < now->until_utc_ms && (now->kind == INCIDENT_FROZEN || now->kind == INCIDENT_OUTAGE))
        return now->true_from_wh + offset_at(incidents, begun - 1);
    return true_wh + offset_at(incidents, begun);
}

bool incidents_are_silent(const struct incidents *incidents, int64_t ts_utc_ms)
{
    for (size_t i = 0; i < incidents->count; i++)
        if (silent(incidents->items[i].kind) && ts_utc_ms >= incidents->items[i].from_utc_ms && ts_utc_ms < incidents->items[i].until_utc_ms)
            return true;
    return false;
}

/* The first step at or behind the instant, within 0 … count. */
static int64_t step_at(int64_t ts_utc_ms, int64_t first_utc_ms, int64_t step_ms, int64_t count)
{
    int64_t n = ts_utc_ms <= first_utc_ms ? 0 : (ts_utc_ms - first_utc_ms + step_ms - 1) / step_ms;
    return n < count ? n : count;
}

int64_t incidents_silent_steps(const struct incidents *incidents, int64_t first_utc_ms, int64_t step_ms, int64_t count)
{
    int64_t steps = 0;
    for (size_t i = 0; i < incidents->count; i++) {
        const struct incident *it = &incidents->items[i];
        if (silent(it->kind))
            steps += step_at(it->until_utc_ms, first_utc_ms, step_ms, count) - step_at(it->from_utc_ms, first_utc_ms, step_ms, count);
    }
    return steps;
}

/* ---- events: an exchange has one, an outage two; each is told at the first reading behind it ---- */

/* Event number 2i is the beginning of incident i, 2i + 1 its end. */
static int64_t event_at(const struct incidents *incidents, size_t event)
{
    const struct incident *it = &incidents->items[event / 2];
    return event % 2 == 0 ? it->from_utc_ms : it->until_utc_ms;
}

void incidents_tell_from(struct incidents *incidents, int64_t ts_utc_ms)
{
    incidents->told = 0;
    while (incidents->told < 2 * incidents->count && event_at(incidents, incidents->told) < ts_utc_ms)
        incidents->told++;
}

/* Devices before this incident. */
static int exchanges_before(const struct incidents *incidents, size_t index)
{
    int count = 0;
    for (size_t i = 0; i < index; i++)
        count += incidents->items[i].kind == INCIDENT_EXCHANGE;
    return count;
}

static void write_serial(struct buf *out, size_t number, int device)
{
    buf_printf(out, "\"SIM%010zu", number);
    if (device > 0)
        buf_printf(out, "-%d", device + 1);
    buf_str(out, "\"");
}

static void write_exchange(const struct incidents *incidents, size_t index, size_t number, const char *ts, struct buf *out)
{
    const struct incident *it = &incidents->items[index];
    int device = exchanges_before(incidents, index);
    buf_printf(out, "{\"event\":\"exchange\",\"ts\":\"%s\",\"old\":{\"serial\":", ts);
    write_serial(out, number, device);
    buf_printf(out, ",\"final_wh\":%" PRId64 "},\"new\":{\"serial\":", it->true_from_wh + offset_at(incidents, index));
    write_serial(out, number, device + 1);
    buf_printf(out, ",\"start_wh\":%" PRId64 "}}", it->value_wh);
}

bool incidents_event(struct incidents *incidents, size_t number, int64_t ts_utc_ms, struct buf *out)
{
    while (incidents->told < 2 * incidents->count && event_at(incidents, incidents->told) <= ts_utc_ms) {
        size_t event = incidents->told++, index = event / 2;
        bool begins = event % 2 == 0;
        char ts[INSTANT_TEXT_SIZE];
        instant_format(event_at(incidents, event), ts);
        buf_reset(out);
        if (incidents->items[index].kind == INCIDENT_OUTAGE)
            buf_printf(out, "{\"event\":\"%s\",\"ts\":\"%s\"}", begins ? "power_fail" : "power_restored", ts);
        else if (incidents->items[index].kind == INCIDENT_EXCHANGE && begins)
            write_exchange(incidents, index, number, ts, out);
        else
            continue;
        return true;
    }
    return false;
}
