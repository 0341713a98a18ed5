#include "energy/tariff.h"
#include <string.h>
#include "base/civil.h"

const struct tariff_version *tariff_version_known(const struct tariff *tariff, int32_t local_day, int64_t known_utc_ms)
{
    const struct tariff_version *found = NULL;
    for (int i = 0; i < tariff->version_count; i++) {
        const struct tariff_version *version = &tariff->versions[i];
        if (version->from_day <= local_day && local_day < version->until_day && version->known_utc_ms <= known_utc_ms)
            found = version;
    }
    return found;
}

const struct tariff_version *tariff_version_on(const struct tariff *tariff, int32_t local_day)
{
    return tariff_version_known(tariff, local_day, INT64_MAX);
}

int tariff_season_on(const struct tariff_version *version, int32_t local_day)
{
    struct civil date = civil_from_day(local_day);
    int md = date.month * 100 + date.mday;
    for (int i = 0; i < version->season_count; i++) {
        const struct season *season = &version->seasons[i];
        bool over_new_year = season->from_md > season->until_md;
        bool after = md >= season->from_md, before = md <= season->until_md;
        if (over_new_year ? after || before : after && before)
            return i;
    }
    return -1;
}

static bool is_holiday(const struct calendar *calendar, int32_t local_day)
{
    struct civil date = civil_from_day(local_day);
    int md = date.month * 100 + date.mday;
    for (int i = 0; i < calendar->fixed_count; i++)
        if (calendar->fixed_md[i] == md)
            return true;
    for (int i = 0; i < calendar->date_count; i++)
        if (calendar->dates_day[i] == local_day)
            return true;
    if (calendar->easter_count == 0)
        return false;
    int32_t easter = civil_easter(date.year);
    for (int i = 0; i < calendar->easter_count; i++)
        if (easter + calendar->easter_offset[i] == local_day)
            return true;
    return false;
}

unsigned tariff_day_bits(const struct calendar *calendar, int32_t local_day)
{
    if (calendar->holiday_bit >= 0 && is_holiday(calendar, local_day))
        return 1u << calendar->holiday_bit;
    return 1u << civil_weekday(local_day);
}

int64_t price_at(const struct price_table *table, int season, int window)
{
    int s = table->seasons > 1 ? season : 0, w = table->windows > 1 ? window : 0;
    return table->nano[s * table->windows + w];
}

const struct tier_list *tiers_at(const struct tiers *tiers, int season, int window)
{
    int s = tiers->seasons > 1 ? season : 0, w = tiers->windows > 1 ? window : 0;
    return &tiers->lists[s * tiers->windows + w];
}

int tou_find_window(const struct tou *tou, const char *id)
{
    for (int i = 0; i < tou->window_count; i++)
        if (strcmp(tou->window_ids[i], id) == 0)
            return i;
    return -1;
}

int month_of_day(int32_t local_day)
{
    struct civil date = civil_from_day(local_day);
    return date.year * 12 + date.month - 1;
}

bool month_price_find(const struct month_price *rows, int count, int month, int64_t *out_nano)
{
    for (int i = 0; i < count; i++) {
        if (rows[i].month == month) {
            *out_nano = rows[i].nano;
            return true;
        }
    }
    return false;
}
