/*
 * Times as files write them: epochs, ISO dates with or without an offset, day/month/year. Pure.
 */
#ifndef BASE_STAMP_H
#define BASE_STAMP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/zone.h"

enum stamp_format { STAMP_AUTO, STAMP_EPOCH_S, STAMP_EPOCH_MS, STAMP_ISO, STAMP_DMY, STAMP_MDY };

struct stamp {
    bool is_utc;
    int64_t utc_ms;    /* is_utc */
    int32_t local_day; /* else the wall clock */
    int64_t ms_of_day; /* 0 … 86,400,000 (24:00) */
};

/* "auto", "epoch_s", "epoch_ms", "iso", "dmy", "mdy" */
bool stamp_format_parse(const char *name, enum stamp_format *out);

/* False when the text is no time of this format. Auto: 11 or more digits are ms, fewer are s;
 * a/b/yyyy is day first. */
bool stamp_parse(const char *text, enum stamp_format format, struct stamp *out);

/*
 * The instant. A wall time that exists twice is the earlier one, unless that is not after
 * `after_utc_ms` (the row before; INT64_MIN: none), then the later.
 */
int64_t stamp_instant(const struct stamp *stamp, const struct zone *zone, int64_t after_utc_ms);

#endif
