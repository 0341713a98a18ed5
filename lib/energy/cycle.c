#include "energy/cycle.h"
#include <stdbool.h>
#include "base/civil.h"

/* The day-of-month calendar's last beginning at or before a day. */
static int32_t month_begin(int day_of_month, int32_t local_day, int months_later)
{
    struct civil date = civil_from_day(local_day);
    if (date.mday < day_of_month)
        months_later--;
    int month = date.year * 12 + date.month - 1 + months_later;
    return civil_to_day((struct civil){month / 12, month % 12 + 1, day_of_month});
}

void cycle_containing(const struct cycle_group *group, int32_t local_day, int32_t *out_from_day, int32_t *out_until_day)
{
    int mday = group->day_of_month < 1 ? 1 : group->day_of_month > 28 ? 28 : group->day_of_month;
    int32_t from = month_begin(mday, local_day, 0);
    int32_t until = month_begin(mday, local_day, 1);
    int next = 0; /* the first read date after the day */
    while (next < group->date_count && group->dates_day[next] <= local_day)
        next++;
    bool between = next > 0 && next < group->date_count;
    if (next > 0 && (between || group->dates_day[next - 1] > from))
        from = group->dates_day[next - 1];
    if (next < group->date_count && (between || group->dates_day[next] < until))
        until = group->dates_day[next];
    *out_from_day = from;
    *out_until_day = until;
}
