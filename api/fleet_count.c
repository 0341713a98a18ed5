#include "api/fleet_count.h"

#include <stdlib.h>
#include <string.h>
#include "api/quality_day.h"
#include "base/instant.h"
#include "base/text.h"

#define PAGE 1000
#define SILENT_INTERVALS 6
#define SILENT_AT_LEAST_MS MS_PER_HOUR
#define UNDECLARED_INTERVAL_S 3600

/* What is needed of one meter while days are added up. */
struct member {
    int64_t meter_no;
    const struct zone *zone;
    bool in_service;
    int64_t since_utc_ms, known_until_utc_ms;
    int32_t today;
    bool known[2]; /* today, yesterday */
    struct energy_sum sums[2];
};

struct members {
    struct member *all;
    size_t count, room;
};

static int take_number(const char *name, int64_t value, void *arg)
{
    struct fleet_numbers *numbers = arg;
    if (strcmp(name, "readings.received") == 0)
        numbers->received = value;
    else if (strcmp(name, "readings.accepted") == 0)
        numbers->accepted = value;
    else if (strcmp(name, "readings.repeated") == 0)
        numbers->repeated = value;
    else if (text_starts_with(name, "readings.refused."))
        numbers->refused += value;
    else if (strcmp(name, "heartbeat_utc_ms") == 0)
        numbers->heartbeat_utc_ms = value;
    else if (strcmp(name, "lag_ms") == 0) {
        numbers->has_lag = true;
        numbers->lag_ms = value;
    }
    return 0;
}

enum err fleet_numbers_read(struct facts *facts, struct fault *fault, struct fleet_numbers *out)
{
    struct fleet_numbers numbers = {0};
    enum err err = facts_numbers(facts, take_number, &numbers, fault);
    if (err == OK)
        *out = numbers;
    return err;
}

static enum err count_last(const struct point_record *point, struct facts *facts, struct fault *fault, struct fleet_count *count)
{
    struct reading_row row;
    struct status_row status;
    enum err err = facts_status(facts, point->meter_no, &status, fault);
    if (err == OK && status.online)
        count->online++;
    else if (err == OK)
        count->offline++;
    else if (err != ERR_NOT_FOUND)
        return err;
    err = facts_last_reading(facts, point->meter_no, &row, fault);
    if (err == ERR_NOT_FOUND) {
        count->never_read++;
        return OK;
    }
    if (err != OK)
        return err;
    int64_t interval_s = point->reading_interval_s > 0 ? point->reading_interval_s : UNDECLARED_INTERVAL_S;
    int64_t silent_ms = interval_s * MS_PER_S * SILENT_INTERVALS;
    if (silent_ms < SILENT_AT_LEAST_MS)
        silent_ms = SILENT_AT_LEAST_MS;
    if (point->state != POINT_INACTIVE && row.received_utc_ms < count->as_of_utc_ms - silent_ms)
        count->silent++;
    return OK;
}

static enum err add_member(struct server *server, const struct point_record *point, int64_t now_utc_ms, struct members *members, struct fault *fault)
{
    const struct zone *zone;
    if (members->count == members->room) {
        size_t room = members->room == 0 ? PAGE : 2 * members->room;
        struct member *all = realloc(members->all, room * sizeof *all);
        if (all == NULL)
            return fault_set(fault, ERR_RETRY, "memory is out");
        members->all = all;
        members->room = room;
    }
    if (zones_get(server->zones, point->tz, fault, &zone) != OK)
        return ERR_FATAL;
    struct member member = {.meter_no = point->meter_no,
                            .zone = zone,
                            .in_service = point->state != POINT_INACTIVE,
                            .since_utc_ms = point->created_utc_ms,
                            .known_until_utc_ms = quality_known_until(point->reading_interval_s, now_utc_ms),
                            .today = zone_local_day(zone, now_utc_ms)};
    members->all[members->count++] = member;
    return OK;
}

static int by_number(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    return (a->meter_no > b->meter_no) - (a->meter_no < b->meter_no);
}

static int keep_day(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    const struct members *members = arg;
    struct member key = {.meter_no = meter_no};
    struct member *member = bsearch(&key, members->all, members->count, sizeof key, by_number);
    if (member == NULL || (local_day != member->today && local_day != member->today - 1))
        return 0;
    int at = member->today - local_day;
    member->known[at] = true;
    member->sums[at] = *sum;
    return 0;
}

/* By the rule of /quality, so that both tell the same. */
static void add_day(const struct member *member, int at, struct fleet_day *total)
{
    const struct energy_sum *sum = member->known[at] ? &member->sums[at] : NULL;
    struct quality_day day;
    quality_day_count(member->zone, member->today - at, member->in_service, member->since_utc_ms, member->known_until_utc_ms, sum, &day);
    total->expected += day.expected;
    total->present += quality_day_present(&day);
    total->import_wh += sum != NULL ? sum->wh : 0;
}

static enum err count_points(struct server *server, struct facts *facts, struct members *members, struct fault *fault, struct fleet_count *count)
{
    struct point_record *page = calloc(PAGE, sizeof *page);
    struct point_filter filter = {0};
    char after[RECORD_ID_SIZE];
    size_t got = PAGE;
    enum err err = page != NULL ? OK : fault_set(fault, ERR_RETRY, "memory is out");
    while (err == OK && got == PAGE) {
        err = records_point_list(server->records, &filter, PAGE, fault, page, &got);
        for (size_t i = 0; err == OK && i < got; i++) {
            count->total++;
            count->by_state[page[i].state]++;
            err = count_last(&page[i], facts, fault, count);
            if (err == OK)
                err = add_member(server, &page[i], count->as_of_utc_ms, members, fault);
        }
        if (err == OK && got > 0) {
            text_copy(after, sizeof after, page[got - 1].meter_id);
            filter.after = after;
        }
    }
    free(page);
    return err;
}

static enum err count_days(struct facts *facts, struct members *members, struct fault *fault, struct fleet_count *count)
{
    int32_t utc_day = (int32_t)(instant_floor(count->as_of_utc_ms, MS_PER_DAY) / MS_PER_DAY);
    if (members->count == 0)
        return OK;
    qsort(members->all, members->count, sizeof members->all[0], by_number);
    enum err err = facts_day_sums(facts, 0, OBIS_IMPORT, utc_day - 2, utc_day + 2, keep_day, members, fault);
    for (size_t i = 0; err == OK && i < members->count; i++) {
        add_day(&members->all[i], 0, &count->today);
        add_day(&members->all[i], 1, &count->yesterday);
    }
    return err;
}

static int take_alert(const struct alert_row *row, void *arg)
{
    struct fleet_count *count = arg;
    for (int i = 0; i < alert_kind_count && i < FLEET_KINDS; i++)
        if (alert_kind_table[i].kind == row->alert.kind) {
            if (row->alert.state == ALERT_ACTIVE)
                count->kinds[i].active++;
            else
                count->kinds[i].acknowledged++;
        }
    return 0;
}

static int take_mark(const struct mark *mark, void *arg)
{
    (void)mark;
    (*(int64_t *)arg)++;
    return 0;
}

enum err fleet_count_all(struct server *server, struct facts *facts, int64_t now_utc_ms, struct fault *fault, struct fleet_count *out)
{
    struct fleet_count count = {.as_of_utc_ms = now_utc_ms};
    struct members members = {0};
    enum err err = count_points(server, facts, &members, fault, &count);
    if (err == OK)
        err = count_days(facts, &members, fault, &count);
    if (err == OK)
        err = facts_alerts(facts, 0, 0, -2, 0, NULL, FLEET_ALERTS_MAX, take_alert, &count, fault);
    if (err == OK)
        err = facts_marks(facts, FLEET_MARKS_MAX, take_mark, &count.marked, fault);
    if (err == OK)
        err = fleet_numbers_read(facts, fault, &count.numbers);
    free(members.all);
    if (err == OK)
        *out = count;
    return err;
}
