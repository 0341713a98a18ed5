/* Quantities as a printed bill says them → buckets. */
#include <stdio.h>
#include <string.h>
#include "energy/rate/inner.h"

#define NAMES_SIZE 160

static void list_windows(const struct tou *tou, char out[NAMES_SIZE])
{
    size_t len = 0;
    out[0] = '\0';
    for (int w = 0; w < tou->window_count && len < NAMES_SIZE - 1; w++)
        len += (size_t)snprintf(out + len, NAMES_SIZE - len, "%s%s", w ? ", " : "", tou->window_ids[w]);
}

static bool is_somewhere(const struct tariff_version *version, const char *name)
{
    for (int t = 0; t < version->tou_count; t++)
        if (name[0] && tou_find_window(&version->tous[t], name) >= 0)
            return true;
    return false;
}

/*
 * The window of a name in one of the version's ways to cut time; -1: none. Where there is one window only it takes all: a number without a name, and
 * the windows of another way.
 */
static int window_named(const struct tariff_version *version, int tou_no, const char *name)
{
    const struct tou *tou = &version->tous[tou_no];
    int window = name[0] ? tou_find_window(tou, name) : -1;
    if (window >= 0)
        return window;
    return tou->window_count == 1 && (!name[0] || is_somewhere(version, name)) ? 0 : -1;
}

static bool check_names(struct work *work, const struct rate_list *list, const char *what)
{
    const struct rate_plan *plan = work->plan;
    for (int i = 0; i < list->count; i++) {
        bool found = false;
        char names[NAMES_SIZE];
        for (int s = 0; s < plan->segment_count && !found; s++)
            found =
                window_named(plan->segments[s].version, 0, list->rows[i].name) >= 0 || is_somewhere(plan->segments[s].version, list->rows[i].name);
        if (found)
            continue;
        list_windows(&last_version(work)->tous[0], names);
        if (list->rows[i].name[0])
            return wrong(work, "", "%s: tariff %s has no window \"%s\", but %s", what, plan->terms.tariff->tariff_id, list->rows[i].name,
                         names[0] ? names : "one price for all hours (give one number)");
        return wrong(work, "", "%s: a number for each window is expected: %s", what, names);
    }
    return true;
}

static int overlap(const struct segment *segment, int32_t from_day, int32_t until_day)
{
    int32_t from = segment->from_day > from_day ? segment->from_day : from_day;
    int32_t until = segment->until_day < until_day ? segment->until_day : until_day;
    return until > from ? until - from : 0;
}

/* One window's energy over the parts that have it, by their days, in one way to cut time. */
static bool spread_in(struct work *work, int tou_no, const struct rate_named *row, int32_t from_day, int32_t until_day, bool export)
{
    const struct rate_plan *plan = work->plan;
    int days = 0, before = 0;
    for (int s = 0; s < plan->segment_count; s++) {
        const struct segment *segment = &plan->segments[s];
        int window = tou_no < segment->version->tou_count ? window_named(segment->version, tou_no, row->name) : -1;
        if (window >= 0 && window_reachable(segment, tou_no, window))
            days += overlap(segment, from_day, until_day);
    }
    if (days == 0)
        return tou_no > 0 || row->value == 0 || is_somewhere(last_version(work), row->name)
                   ? true
                   : wrong(work, "", "window \"%s\" does not occur in these days", row->name);
    for (int s = 0; s < plan->segment_count; s++) {
        const struct segment *segment = &plan->segments[s];
        int window = tou_no < segment->version->tou_count ? window_named(segment->version, tou_no, row->name) : -1;
        int part = overlap(segment, from_day, until_day);
        if (window < 0 || !window_reachable(segment, tou_no, window) || part == 0)
            continue;
        if (part < days && segment->version->tariff_change == CHANGE_INTERVAL)
            return wrong(work, "", "the tariff changes within these days and asks for intervals: give parts with their own kWh");
        struct bucket *bucket = bucket_of(work, segment, tou_no, window);
        int64_t *sum = export ? &bucket->export_wh : &bucket->import_wh;
        if (__builtin_add_overflow(*sum, spread_by_days(row->value, before, before + part, days), sum))
            return too_large(work, "");
        bucket->counts[QUALITY_MEASURED]++;
        before += part;
    }
    return true;
}

static bool spread_named(struct work *work, const struct rate_named *row, int32_t from_day, int32_t until_day, bool export)
{
    int64_t *total = export ? &work->export_wh : &work->import_wh;
    for (int t = 0; t < TARIFF_TOUS_MAX; t++)
        if (!spread_in(work, t, row, from_day, until_day, export))
            return false;
    return !__builtin_add_overflow(*total, row->value, total) ? true : too_large(work, "");
}

static int64_t import_in(const struct work *work, const struct segment *segment, int tou_no)
{
    int64_t sum = 0;
    for (int w = 0; w < segment->version->tous[tou_no].window_count; w++)
        sum += bucket_of(work, segment, tou_no, w)->import_wh;
    return sum;
}

/* An energy charge with windows of its own must have got all of the energy, or its line would be short of it. */
static bool check_own_windows(struct work *work)
{
    for (int s = 0; s < work->plan->segment_count; s++) {
        const struct segment *segment = &work->plan->segments[s];
        for (int c = 0; c < segment->version->charge_count; c++) {
            const struct charge *charge = &segment->version->charges[c];
            char names[NAMES_SIZE];
            if (charge->kind != CHARGE_ENERGY || charge->tou == 0 || import_in(work, segment, charge->tou) == import_in(work, segment, 0))
                continue;
            list_windows(&segment->version->tous[charge->tou], names);
            return wrong(work, charge->rule, "this charge has windows of its own: kwh are expected by %s, or as intervals", names);
        }
    }
    return true;
}

/* Windows in the order of time, where tiers fill so. */
static bool order_given(struct work *work)
{
    if (work->plan->by_order && work->input->quantities->order.count == 0 && last_version(work)->tous[0].window_count > 1)
        return wrong(work, "", "tiers fill in the order of time: \"order\" must name the windows in theirs");
    return true;
}

bool gather_quantities(struct work *work)
{
    const struct rate_quantities *given = work->input->quantities;
    const struct rate_terms *terms = &work->plan->terms;
    if (!check_names(work, &given->import_wh, "kwh") || !check_names(work, &given->export_wh, "export_kwh") || !order_given(work))
        return false;
    for (int i = 0; i < given->import_wh.count; i++)
        if (!spread_named(work, &given->import_wh.rows[i], terms->from_day, terms->until_day, false))
            return false;
    for (int i = 0; i < given->export_wh.count; i++)
        if (!spread_named(work, &given->export_wh.rows[i], terms->from_day, terms->until_day, true))
            return false;
    for (int p = 0; p < given->part_count; p++) {
        const struct rate_part *part = &given->parts[p];
        if (!check_names(work, &part->import_wh, "parts"))
            return false;
        for (int i = 0; i < part->import_wh.count; i++)
            if (!spread_named(work, &part->import_wh.rows[i], part->from_day, part->until_day, false))
                return false;
    }
    for (int s = 0; s < work->plan->segment_count; s++) {
        int64_t net = 0;
        for (int w = 0; w < work->plan->segments[s].version->tous[0].window_count; w++) {
            const struct bucket *bucket = bucket_of(work, &work->plan->segments[s], 0, w);
            net += bucket->import_wh - bucket->export_wh;
        }
        work->daily_net_wh[s] = net > 0 ? net : 0;
    }
    return check_own_windows(work);
}
