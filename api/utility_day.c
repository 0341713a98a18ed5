#include "api/utility_day.h"

enum err utility_today(struct exchange *x, struct fault *fault, int32_t *out)
{
    char tz[RECORD_SETTING_SIZE];
    const struct zone *zone;
    enum err err = records_setting_get(x->server->records, "default_tz", x->now_utc_ms, fault, tz);
    if (err == OK)
        err = zones_get(x->server->zones, tz, fault, &zone);
    if (err == OK)
        *out = zone_local_day(zone, x->now_utc_ms);
    return err;
}
