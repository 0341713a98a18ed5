#include "wire/urdb_schedule.h"
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "wire/json_out.h"

enum err urdb_refuse(const struct urdb *urdb, const char *path, const char *words)
{
    return fault_at(urdb->fault, ERR_INVALID, path, "%s", words);
}

enum err urdb_read_schedule(struct urdb *urdb, const char *stem, struct schedule *out)
{
    static const char *const days[] = {"weekday", "weekend"};
    for (int d = 0; d < 2; d++) {
        char key[64], path[96];
        snprintf(key, sizeof key, "%s%sschedule", stem, days[d]);
        snprintf(path, sizeof path, "/%s", key);
        json_t *months = json_object_get(urdb->rate, key);
        if (!months)
            return out->given ? urdb_refuse(urdb, path, "one schedule without the other") : OK;
        if (json_array_size(months) != 12)
            return urdb_refuse(urdb, path, "12 months are expected");
        out->given = true;
        for (int m = 0; m < 12; m++)
            for (int h = 0; h < 24; h++) {
                json_t *period = json_array_get(json_array_get(months, (size_t)m), (size_t)h);
                if (!json_is_integer(period) || json_integer_value(period) < 0 || json_integer_value(period) >= PERIODS_MAX)
                    return urdb_refuse(urdb, path, "24 numbers of periods for each month are expected");
                out->period[d][m][h] = (int)json_integer_value(period);
            }
    }
    return OK;
}

static bool same_month(const struct urdb *urdb, int a, int b)
{
    for (int d = 0; d < 2; d++)
        if (memcmp(urdb->energy.period[d][a], urdb->energy.period[d][b], sizeof urdb->energy.period[d][a]) != 0 ||
            memcmp(urdb->demand.period[d][a], urdb->demand.period[d][b], sizeof urdb->demand.period[d][a]) != 0)
            return false;
    return urdb->flat[a] == urdb->flat[b];
}

void urdb_find_seasons(struct urdb *urdb)
{
    for (int m = 0; m < 12; m++) {
        if (m == 0 || !same_month(urdb, m, m - 1))
            urdb->season_first[urdb->season_count++] = m;
        urdb->season_of[m] = urdb->season_count - 1;
    }
    if (urdb->season_count > 1 && same_month(urdb, 11, 0)) {
        int last = --urdb->season_count;
        urdb->season_first[0] = urdb->season_first[last];
        for (int m = 0; m < 12; m++)
            if (urdb->season_of[m] == last)
                urdb->season_of[m] = 0;
    }
}

static int last_month_of(const struct urdb *urdb, int season)
{
    int month = urdb->season_first[season];
    for (int i = 1; i < 12 && urdb->season_of[(month + 1) % 12] == season; i++)
        month = (month + 1) % 12;
    return month;
}

void urdb_seasons_out(struct urdb *urdb)
{
    struct buf *out = urdb->out;
    if (urdb->season_count < 2)
        return;
    out_array(out, "seasons");
    for (int s = 0; s < urdb->season_count; s++) {
        char id[16], day[16];
        int last = last_month_of(urdb, s);
        out_object(out, NULL);
        snprintf(id, sizeof id, "s%d", s + 1);
        out_text(out, "id", id);
        snprintf(day, sizeof day, "%02d-01", urdb->season_first[s] + 1);
        out_text(out, "from", day);
        snprintf(day, sizeof day, "%02d-%02d", last + 1, civil_month_length(2024, last + 1));
        out_text(out, "to", day);
        out_end_object(out);
    }
    out_end_array(out);
}

void urdb_tou_out(struct urdb *urdb, const char *key, const struct schedule *schedule, char letter)
{
    static const char *const days[] = {"weekday", "weekend"};
    struct buf *out = urdb->out;
    char id[16], time[16];
    out_object(out, key);
    snprintf(id, sizeof id, "%c%d", letter, schedule->period[0][0][0]);
    out_text(out, "default", id);
    out_array(out, "windows");
    for (int s = 0; s < urdb->season_count; s++)
        for (int d = 0; d < 2; d++) {
            const int *hours = schedule->period[d][urdb->season_first[s]];
            for (int from = 0, to; from < 24; from = to) {
                for (to = from; to < 24 && hours[to] == hours[from]; to++)
                    ;
                out_object(out, NULL);
                snprintf(id, sizeof id, "%c%d", letter, hours[from]);
                out_text(out, "id", id);
                out_text(out, "days", days[d]);
                if (urdb->season_count > 1) {
                    snprintf(id, sizeof id, "s%d", s + 1);
                    out_text(out, "season", id);
                }
                snprintf(time, sizeof time, "%02d:00", from);
                out_text(out, "from", time);
                snprintf(time, sizeof time, "%02d:00", to);
                out_text(out, "to", time);
                out_end_object(out);
            }
        }
    out_end_array(out);
    out_end_object(out);
}

bool urdb_used_in(const struct urdb *urdb, const struct schedule *schedule, int season, int period)
{
    for (int m = 0; m < 12; m++)
        for (int d = 0; d < 2; d++)
            for (int h = 0; h < 24; h++)
                if ((season < 0 || urdb->season_of[m] == season) && schedule->period[d][m][h] == period)
                    return true;
    return false;
}
