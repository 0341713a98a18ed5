#include "api/caller.h"

#include <stdlib.h>
#include <string.h>
#include "base/instant.h"

#define CUSTOMER_METERS_MAX 1000

enum err sight_of_point(struct server *server, const struct caller *caller, const struct point_record *point, int64_t now_utc_ms, struct fault *fault,
                        struct sight *out)
{
    enum err err = zones_get(server->zones, point->tz, fault, &out->zone);
    if (err != OK)
        return fault_set(fault, ERR_FATAL, "the zone \"%s\" of a meter is not in the time zone database", point->tz);
    out->point = *point;
    int32_t today = zone_local_day(out->zone, now_utc_ms);
    err = records_account_at(server->records, point->meter_no, today, fault, &out->account);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    out->has_account = err == OK;
    out->from_day = INT32_MIN;
    out->until_day = INT32_MAX;
    out->from_utc_ms = INT64_MIN;
    out->until_utc_ms = INT64_MAX;
    if (caller->role != ROLE_CUSTOMER)
        return OK;
    if (!out->has_account || strcmp(out->account.customer_id, caller->login.customer_id) != 0)
        return ERR_NOT_FOUND;
    out->from_day = out->account.from_day;
    out->from_utc_ms = zone_midnight_utc_ms(out->zone, out->from_day);
    if (out->account.until_day != RECORDS_NO_DAY) {
        out->until_day = out->account.until_day;
        out->until_utc_ms = zone_midnight_utc_ms(out->zone, out->until_day);
    }
    return OK;
}

bool sight_of(struct exchange *x, const char *meter_id, struct sight *out)
{
    struct point_record point;
    struct fault fault = {0};
    enum err err = records_point_by_id(x->server->records, meter_id, &fault, &point);
    if (err == OK)
        err = sight_of_point(x->server, &x->caller, &point, x->now_utc_ms, &fault, out);
    if (err == OK)
        return true;
    if (err == ERR_INVALID) /* the name cannot be one */
        err = ERR_NOT_FOUND;
    problem_store(x, err, &fault);
    return false;
}

enum err caller_meters(struct server *server, const struct caller *caller, int64_t now_utc_ms, size_t max, struct fault *fault,
                       int64_t *out_meter_nos, size_t *out_count)
{
    *out_count = 0;
    if (caller->role != ROLE_CUSTOMER)
        return OK;
    if (max > CUSTOMER_METERS_MAX)
        max = CUSTOMER_METERS_MAX;
    struct point_record *points = calloc(max, sizeof *points);
    if (points == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    struct point_filter filter = {
        .customer_id = caller->login.customer_id,
        .on_day = (int32_t)(instant_floor(now_utc_ms, MS_PER_DAY) / MS_PER_DAY),
    };
    size_t count = 0;
    enum err err = records_point_list(server->records, &filter, max, fault, points, &count);
    for (size_t i = 0; err == OK && i < count; i++) {
        struct sight sight;
        enum err seen = sight_of_point(server, caller, &points[i], now_utc_ms, fault, &sight);
        if (seen == OK)
            out_meter_nos[(*out_count)++] = points[i].meter_no;
        else if (seen != ERR_NOT_FOUND)
            err = seen;
    }
    free(points);
    return err;
}
