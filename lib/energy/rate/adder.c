/* Adders: a price that a table dates by month (Brazil's flags), in proportion to the days of the cycle that fall in each. */
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "energy/rate/inner.h"

static void month_text(int month, char out[16])
{
    snprintf(out, 16, "%04d-%02d", month / 12, month % 12 + 1);
}

bool price_of_month(struct work *work, const struct month_price *rows, int count, int month, const char *what, const char *rule, int64_t *out_nano)
{
    const struct month_price *last = NULL;
    char text[16], other[16];
    if (month_price_find(rows, count, month, out_nano))
        return true;
    for (int i = 0; i < count; i++)
        if (rows[i].month < month && (!last || rows[i].month > last->month))
            last = &rows[i];
    month_text(month, text);
    if (!last || !work->input->provisional)
        return wrong(work, rule, "%s has no value for %s", what, text);
    month_text(last->month, other);
    snprintf(work->bill->tariff_note, sizeof work->bill->tariff_note, "%.40s of %.7s is not known yet: %.7s is used", what, text, other);
    *out_nano = last->nano;
    return true;
}

bool adder_price_in(struct work *work, const struct charge *charge, int month, int64_t *out_nano)
{
    return price_of_month(work, charge->months, charge->month_count, month, charge->id, charge->rule, out_nano);
}

/* Days per level as a printed bill says them: "flag.yellow" → 11. */
static bool mean_given(struct work *work, const struct charge *charge, struct fraction *out_nano, bool *found)
{
    const struct rate_list *list = &work->input->quantities->adder_days;
    size_t len = strlen(charge->id);
    struct fraction sum = fraction_of(0, 1);
    int64_t days = 0;
    *found = false;
    for (int i = 0; i < list->count; i++) {
        const char *name = list->rows[i].name;
        int64_t nano = 0;
        const struct named_amount *level = NULL;
        if (strncmp(name, charge->id, len) == 0 && name[len] == '.')
            name += len + 1;
        else if (strchr(name, '.') && !decimal_parse(name, strlen(name), 9, &nano))
            continue; /* of another adder */
        for (int l = 0; l < charge->level_count; l++)
            if (strcmp(charge->levels[l].name, name) == 0)
                level = &charge->levels[l];
        if (!level && !decimal_parse(name, strlen(name), 9, &nano))
            return wrong(work, charge->rule, "the adder has no level \"%s\"", name);
        sum = fraction_add(sum, fraction_mul(fraction_of(level ? level->nano : nano, 1), fraction_of(list->rows[i].value, 1)));
        days += list->rows[i].value;
        *found = true;
    }
    if (*found && days <= 0)
        return wrong(work, charge->rule, "the days of the adder must add up to more than none");
    if (*found)
        *out_nano = fraction_div(sum, fraction_of(days, 1));
    return true;
}

/* The mean price over the days of a segment. */
bool adder_mean(struct work *work, const struct segment *segment, const struct charge *charge, struct fraction *out_nano)
{
    struct fraction sum = fraction_of(0, 1);
    int64_t nano;
    if (work->input->quantities) {
        bool found;
        if (!mean_given(work, charge, out_nano, &found) || found)
            return found;
    }
    if (!charge->by_days) {
        if (!adder_price_in(work, charge, work->month, &nano))
            return false;
        *out_nano = fraction_of(nano, 1);
        return true;
    }
    for (int32_t day = segment->from_day; day < segment->until_day;) {
        struct civil date = civil_from_day(day);
        int32_t end = day + civil_month_length(date.year, date.month) - date.mday + 1;
        if (end > segment->until_day)
            end = segment->until_day;
        if (!adder_price_in(work, charge, month_of_day(day), &nano))
            return false;
        sum = fraction_add(sum, fraction_mul(fraction_of(nano, 1), fraction_of(end - day, 1)));
        day = end;
    }
    *out_nano = fraction_div(sum, fraction_of(days_of(segment), 1));
    return true;
}

/* The whole cycle's kWh, of which this part bears its share of the days: when it was used says nothing. */
static struct fraction quantity_of(struct work *work, const struct segment *segment, const struct charge *charge)
{
    struct fraction wh = fraction_of(0, 1);
    for (int s = 0; s < work->plan->segment_count; s++)
        wh = fraction_add(wh, wh_of_charge(work, &work->plan->segments[s], charge->quantity_of));
    wh = fraction_sub(wh, fraction_of(charge->free_wh, 1));
    if (!wh.bad && charge->free_wh > 0 && wh.num < 0)
        wh = fraction_of(0, 1);
    int days = work->plan->terms.until_day - work->plan->terms.from_day;
    return fraction_mul(wh, fraction_of(days_of(segment), days));
}

bool rate_adder(struct work *work, int segment_no, int charge_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    struct fraction mean;
    if (!adder_mean(work, segment, charge, &mean))
        return false;
    struct line_of line = {.segment = segment_no,
                           .charge = charge_no,
                           .quantity_digits = 3,
                           .unit = "kWh",
                           .quantity = fraction_div(quantity_of(work, segment, charge), fraction_of(1000, 1)),
                           .price = fraction_div(mean, fraction_of(NANO, 1)),
                           .quality = quality_of_segment(work, segment),
                           .source = {.from = FROM_CYCLE, .of = charge->quantity_of}};
    line.net = fraction_mul(line.quantity, line.price);
    return add_line(work, &line);
}
