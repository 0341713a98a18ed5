#include "meter/device.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "daemon/files.h"

enum { RATE_MAX_W = 100000, INTERVAL_MIN_MS = 100, INTERVAL_MAX_MS = 86400000, STATE_MAX = 4096 };

void device_begin(struct device *device, const struct spool_reading *last, const char *boot, int64_t now_ms)
{
    device->register_wms = last != NULL ? last->register_wms : 0;
    device->seq = 0;
    text_copy(device->boot, sizeof device->boot, boot);
    device->at_ms = device->due_ms = now_ms;
}

void device_advance(struct device *device, int64_t now_ms)
{
    if (now_ms > device->at_ms)
        device->register_wms += device->rate_w * (now_ms - device->at_ms);
    device->at_ms = now_ms;
}

void device_set_rate(struct device *device, int64_t rate_w, int64_t now_ms)
{
    device_advance(device, now_ms);
    device->rate_w = rate_w < 0 ? 0 : rate_w > RATE_MAX_W ? RATE_MAX_W : rate_w;
}

void device_read(struct device *device, int64_t now_ms, int64_t now_utc_ms, struct spool_reading *out)
{
    device_advance(device, now_ms);
    *out =
        (struct spool_reading){.ts_utc_ms = now_utc_ms, .register_wms = device->register_wms, .seq = device->seq, .power_w = (int32_t)device->rate_w};
    /* A line with some resistance: one percent lower for every 4 kW. */
    out->voltage_mv = (int32_t)((int64_t)device->nominal_mv * (1000000 - device->rate_w * 10 / 4) / 1000000 / 100 * 100);
    text_copy(out->boot, sizeof out->boot, device->boot);
}

void device_taken(struct device *device, int64_t now_ms)
{
    device->seq++;
    device->due_ms += device->interval_ms;
    if (device->due_ms <= now_ms) /* late by more than an interval: do not catch up with a burst */
        device->due_ms = now_ms + device->interval_ms;
}

static void state_path(const char *dir, char *out, size_t size)
{
    if ((size_t)snprintf(out, size, "%s/state", dir) >= size)
        out[0] = '\0';
}

enum err device_state_load(struct device *device, const char *dir, struct fault *fault)
{
    char path[4200], line[64];
    struct buf text;
    state_path(dir, path, sizeof path);
    buf_init(&text, STATE_MAX);
    enum err err = file_read(path, fault, &text);
    for (const char *at = text.data; err == OK && *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n') {
        int64_t n;
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        char *value = strchr(line, '=');
        if (value == NULL)
            continue;
        *value++ = '\0';
        if (!text_to_int64(value, &n))
            continue;
        if (strcmp(line, "rate_w") == 0 && n >= 0 && n <= RATE_MAX_W)
            device->rate_w = n, device->rate_was_set = true;
        else if (strcmp(line, "interval_ms") == 0 && n >= INTERVAL_MIN_MS && n <= INTERVAL_MAX_MS)
            device->interval_ms = n, device->interval_was_set = true;
    }
    buf_finish(&text);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err device_state_save(const struct device *device, const char *dir, struct fault *fault)
{
    char path[4200], text[96];
    state_path(dir, path, sizeof path);
    int len = 0;
    if (device->rate_was_set)
        len += snprintf(text, sizeof text, "rate_w=%" PRId64 "\n", device->rate_w);
    if (device->interval_was_set)
        len += snprintf(text + len, sizeof text - (size_t)len, "interval_ms=%" PRId64 "\n", device->interval_ms);
    return file_write_atomic(path, text, (size_t)len, 0600, fault);
}
