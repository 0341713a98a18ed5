/*
 * The meter itself: its register, which integrates the rate exactly, and the numbers of its
 * readings. The state machine is pure; what it must remember over a restart is in the spool
 * (register) and in DIR/state (rate, interval).
 */
#ifndef METER_DEVICE_H
#define METER_DEVICE_H

#include "base/err.h"
#include "meter/spool.h"

#define DEVICE_WMS_PER_WH 3600000

struct device {
    int64_t register_wms; /* W·ms */
    int64_t rate_w;
    int64_t interval_ms;
    int64_t seq; /* of the next reading */
    char boot[SPOOL_BOOT_SIZE];
    int32_t nominal_mv;
    int64_t at_ms;                       /* monotonic: integrated up to here */
    int64_t due_ms;                      /* monotonic: the next reading */
    bool rate_was_set, interval_was_set; /* by a person or a command: to be remembered, before the settings */
};

/* Begins a new boot at seq 0; goes on with the register of `last` (NULL: from 0). */
void device_begin(struct device *device, const struct spool_reading *last, const char *boot, int64_t now_ms);

/* Integrates up to now. */
void device_advance(struct device *device, int64_t now_ms);

/* From now on this rate (0 … 100,000 W; what is outside is cut). */
void device_set_rate(struct device *device, int64_t rate_w, int64_t now_ms);

/* The reading of this instant. The seq moves on only with device_taken, once the reading is kept.
 */
void device_read(struct device *device, int64_t now_ms, int64_t now_utc_ms, struct spool_reading *out);
void device_taken(struct device *device, int64_t now_ms);

/* DIR/state, two lines; what is not there keeps its value. */
enum err device_state_load(struct device *device, const char *dir, struct fault *fault);
enum err device_state_save(const struct device *device, const char *dir, struct fault *fault);

#endif
