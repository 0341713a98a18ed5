/*
 * Which devices hung at a meter, one after the other: those that were entered, and those that the meter announced itself by an event `exchange`,
 * whatever the order in which either was heard. A device that was entered and announced stands there once, from the earlier of both instants.
 */
#ifndef API_DEVICE_LINE_H
#define API_DEVICE_LINE_H

#include <stddef.h>
#include "store/facts.h"
#include "store/records.h"

#define DEVICE_LINE_MAX 64 /* the newest */

/* By installation; the last one hangs there now (installed_until_utc_ms INT64_MAX). device_no 0: announced only. */
enum err device_line(struct records *records, struct facts *facts, int64_t meter_no, struct fault *fault, struct device_record out[DEVICE_LINE_MAX],
                     size_t *out_count);

/* Adds what one exchange announced to a line; for device_line, which takes them in the order of time. */
void device_line_announce(struct device_record *line, size_t *count, const struct device_record *announced);

#endif
