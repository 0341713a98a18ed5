#include "ingestor/stages/stored_day.h"

static int keep_day(const struct day_row *row, void *arg)
{
    *(struct day_row *)arg = *row;
    return 1;
}

enum err stored_day_load(struct facts *facts, const struct point *point, int32_t channel, int32_t local_day, struct fault *fault, struct day_row *out,
                         bool *out_found)
{
    struct day_row row = {.meter_no = point->meter_no, .channel = channel}, found = {.meter_no = 0};
    day_init(&row.day, local_day, zone_midnight_utc_ms(point->zone, local_day), zone_midnight_utc_ms(point->zone, local_day + 1));
    enum err err = facts_days(facts, row.meter_no, channel, local_day, local_day + 1, keep_day, &found, fault);
    if (err != OK)
        return err;
    bool fits = found.meter_no && found.day.start_utc_ms == row.day.start_utc_ms && found.day.slot_count == row.day.slot_count;
    if (fits)
        row.day = found.day;
    *out = row;
    if (out_found)
        *out_found = fits;
    return OK;
}

enum err stored_day_put(struct facts *facts, const struct day_row *row, struct fault *fault)
{
    return day_is_empty(&row->day) ? facts_remove_day(facts, row->meter_no, row->channel, row->day.local_day, fault)
                                   : facts_put_day(facts, row, fault);
}
