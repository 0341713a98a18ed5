/*
 * Registers that do not simply go up: one that turns over behind its maximum, and one that is
 * exchanged for another. What is shown is a function of what was truly counted, so that it survives
 * a restart.
 */
#include "meter/defect.h"

#include <inttypes.h>

#include "base/instant.h"
#include "meter/household_day.h"

enum { LEAD_MIN_WH = 20, LEAD_MAX_WH = 99, START_MAX_WH = 999 };

/* The number of the device that hangs there; 0 is the first. */
static int64_t device_of(const struct defect_plan *plan, int64_t true_wh)
{
    return plan->defects & DEFECT_EXCHANGE ? true_wh / plan->exchange_wh : 0;
}

/* What a device shows when it is hung up: the first one 0, or nearly its maximum where it is to
 * turn over. */
static int64_t start_of(const struct defect_meter *meter, int64_t device)
{
    uint64_t bits = household_hash(meter->key, device, 0xe8);
    if (meter->plan->defects & DEFECT_ROLLOVER)
        return meter->plan->register_max_wh + 1 - household_pick(bits, LEAD_MIN_WH, LEAD_MAX_WH);
    return device == 0 ? 0 : household_pick(bits, 0, START_MAX_WH);
}

static int64_t shown_by(const struct defect_meter *meter, int64_t device, int64_t true_wh)
{
    const struct defect_plan *plan = meter->plan;
    int64_t wh = start_of(meter, device) + true_wh - device * plan->exchange_wh;
    return plan->defects & DEFECT_ROLLOVER ? wh % (plan->register_max_wh + 1) : wh;
}

int64_t defect_register(const struct defect_meter *meter, int64_t true_wh)
{
    return shown_by(meter, device_of(meter->plan, true_wh), true_wh);
}

static void write_event(const struct defect_meter *meter, int64_t ts_utc_ms, int64_t old_device, int64_t old_final_wh, int64_t new_device,
                        int64_t new_start_wh, struct buf *out)
{
    char ts[INSTANT_TEXT_SIZE];
    unsigned serial = (unsigned)(meter->key & 0xffffff);
    if (meter->plan->defects & DEFECT_SKEW)
        ts_utc_ms += meter->plan->skew_s * MS_PER_S;
    instant_format(ts_utc_ms, ts);
    buf_printf(out,
               "{\"event\":\"exchange\",\"ts\":\"%s\",\"old\":{\"serial\":\"SIM%06x-%" PRId64 "\",\"final_wh\":%" PRId64
               "},\"new\":{\"serial\":\"SIM%06x-%" PRId64 "\",\"start_wh\":%" PRId64,
               ts, serial, old_device, old_final_wh, serial, new_device, new_start_wh);
    if (meter->plan->defects & DEFECT_ROLLOVER)
        buf_printf(out, ",\"register_max_wh\":%" PRId64, meter->plan->register_max_wh);
    buf_str(out, "}}");
}

bool defect_event(struct defect_meter *meter, int64_t ts_utc_ms, int64_t true_wh, struct buf *out)
{
    const struct defect_plan *plan = meter->plan;
    int64_t before_wh = meter->last_true_wh, device = device_of(plan, true_wh);
    if (true_wh < before_wh) /* history that is sent again: it was told of */
        return false;
    meter->last_true_wh = true_wh;
    if (before_wh >= 0 && device > device_of(plan, before_wh)) {
        int64_t old = device_of(plan, before_wh);
        write_event(meter, ts_utc_ms - 1, old, shown_by(meter, old, device * plan->exchange_wh), device, start_of(meter, device), out);
        meter->told_max = true;
        return true;
    }
    if ((plan->defects & DEFECT_ROLLOVER) == 0 || meter->told_max)
        return false;
    /* Behind the first reading, whose register is a fact then, the next one's maximum is told. */
    int64_t shown_wh = defect_register(meter, true_wh);
    meter->told_max = true;
    write_event(meter, ts_utc_ms + 1, device, shown_wh, device, shown_wh, out);
    return true;
}
