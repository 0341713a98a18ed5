/* Demand: the greatest mean power of any interval, per window; ratchets look back at former months. */
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "base/civil.h"
#include "energy/rate/inner.h"

struct maxima {
    int64_t milliw[TARIFF_WINDOWS_MAX];    /* of each window; [0] of all hours where the rate does not ask for windows */
    int64_t at_utc_ms[TARIFF_WINDOWS_MAX]; /* when that was, where it is above zero */
    bool any;
};

static bool milliw_of(int64_t wh, int64_t length_ms, int64_t *out)
{
    return muldiv_floor(wh, MS_PER_HOUR * 1000, length_ms, out); /* 1 Wh in 1 h is 1 W is 1,000 mW */
}

static bool by_window(const struct charge *charge)
{
    if (charge->tiers.windows > 1)
        return true;
    for (int s = 0; s < charge->tiers.seasons; s++)
        for (int t = 0; t < charge->tiers.lists[s].count; t++)
            if (charge->tiers.lists[s].tiers[t].rate.windows > 1)
                return true;
    return false;
}

static int window_at(const struct rate_plan *plan, int tou, const struct segment *segment, int64_t utc_ms, int *cell)
{
    const struct track *track = &plan->tracks[tou];
    while (*cell < track->count - 1 && track->cells[*cell].until_utc_ms <= utc_ms)
        (*cell)++;
    return track->cells[*cell].bucket - segment->first_bucket[tou];
}

/* Takes one demand interval's mean power into the maxima. */
static void take(struct maxima *maxima, int window, int64_t milliw, int64_t at_utc_ms)
{
    if (milliw > maxima->milliw[window]) {
        maxima->milliw[window] = milliw;
        maxima->at_utc_ms[window] = at_utc_ms;
    }
    maxima->any = true;
}

struct span_of_time {
    int64_t start_utc_ms, until_utc_ms, wh;
};

/* The first interval that starts at or after an instant. */
static int first_from(const struct rate_input *input, int64_t utc_ms)
{
    int low = 0, high = input->interval_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (input->intervals[middle].start_utc_ms < utc_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The maxima of intervals whose start lies in [from, until). */
static bool measure(struct work *work, const struct segment *segment, const struct charge *charge, int64_t from, int64_t until, struct maxima *out)
{
    int64_t step = (int64_t)charge->interval_s * MS_PER_S;
    bool windows = by_window(charge);
    int cell = 0;
    struct span_of_time span = {0};
    for (int i = first_from(work->input, from), end = work->input->interval_count; i <= end; i++) {
        const struct rate_interval *at =
            i < work->input->interval_count && work->input->intervals[i].start_utc_ms < until ? &work->input->intervals[i] : NULL;
        if (!at)
            end = i; /* what is pending is taken, and that is all */
        if (at && span.until_utc_ms == at->start_utc_ms && at->length_ms < step &&
            instant_floor(at->start_utc_ms, step) == instant_floor(span.start_utc_ms, step)) {
            span.until_utc_ms += at->length_ms;
            span.wh += at->import_wh;
            continue;
        }
        int64_t milliw;
        if (span.until_utc_ms > span.start_utc_ms) {
            int64_t length = span.until_utc_ms - span.start_utc_ms;
            if (!milliw_of(span.wh, length < step ? step : length, &milliw))
                return too_large(work, charge->rule);
            take(out, windows ? window_at(work->plan, charge->tou, segment, span.start_utc_ms, &cell) : 0, milliw, span.start_utc_ms);
        }
        span = at ? (struct span_of_time){at->start_utc_ms, at->start_utc_ms + at->length_ms, at->import_wh} : (struct span_of_time){0};
    }
    return true;
}

/* What a printed bill says, by the most exact name: "demand.peak", "demand", "peak", or one number for all. */
static const struct rate_named *demand_given(const struct rate_list *list, const struct charge *charge, const char *window)
{
    char name[NAME_SIZE * 2];
    const struct rate_named *row = NULL;
    snprintf(name, sizeof name, "%s.%s", charge->id, window);
    if (window[0])
        row = named(list, name);
    if (!row)
        row = named(list, charge->id);
    if (!row && window[0])
        row = named(list, window);
    return row ? row : named(list, "");
}

static bool round_demand(const struct charge *charge, int64_t *milliw)
{
    int64_t units, unit = KW_MILLIW;
    if (!charge->kw_round.given)
        return true;
    for (int i = 0; i < charge->kw_round.digits; i++)
        unit /= 10;
    if (!fraction_round(fraction_of(*milliw, KW_MILLIW), charge->kw_round.digits, charge->kw_round.mode, &units))
        return false;
    return !__builtin_mul_overflow(units, unit, milliw);
}

static bool ratchet(struct work *work, const struct charge *charge, const char *window, int64_t *milliw)
{
    for (int r = 0; r < charge->ratchet_count; r++) {
        const struct ratchet *rule = &charge->ratchets[r];
        int64_t peak = 0, floor;
        for (int i = 0; i < work->state.demand_count; i++) {
            const struct demand_record *past = &work->state.demands[i];
            bool counts = rule->months == 0 || (rule->months >> (past->month % 12 + 1) & 1);
            bool near = past->month < work->month && work->month - past->month <= rule->lookback;
            bool same = (!past->charge[0] || strcmp(past->charge, charge->id) == 0) && (!past->window[0] || strcmp(past->window, window) == 0);
            if (counts && near && same && past->milliw > peak)
                peak = past->milliw;
        }
        if (!muldiv_floor(peak, rule->share_nano, NANO, &floor))
            return too_large(work, charge->rule);
        if (floor < rule->minimum_milliw)
            floor = rule->minimum_milliw;
        if (*milliw < floor)
            *milliw = floor;
    }
    return true;
}

static bool remember(struct work *work, const struct charge *charge, const char *window, int64_t milliw)
{
    struct rate_state *state = &work->state;
    int kept = 0;
    if (charge->ratchet_count == 0)
        return true;
    for (int i = 0; i < state->demand_count; i++) { /* two years are more than any ratchet looks back */
        const struct demand_record *past = &state->demands[i];
        bool replaced = past->month == work->month && strcmp(past->charge, charge->id) == 0 && strcmp(past->window, window) == 0;
        if (replaced && past->milliw > milliw)
            milliw = past->milliw;
        if (!replaced && work->month - past->month <= 24)
            state->demands[kept++] = *past;
    }
    state->demand_count = kept;
    if (kept == DEMANDS_MAX)
        return wrong(work, charge->rule, "more than %d demands are remembered", DEMANDS_MAX);
    struct demand_record *row = &state->demands[state->demand_count++];
    *row = (struct demand_record){.month = work->month, .milliw = milliw};
    snprintf(row->charge, sizeof row->charge, "%.32s", charge->id);
    snprintf(row->window, sizeof row->window, "%.32s", window);
    return true;
}

static bool keep(struct work *work, int segment_no, int charge_no, int window, int64_t milliw, int64_t at_utc_ms)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    const char *name = by_window(charge) ? segment->version->tous[charge->tou].window_ids[window] : "";
    int64_t billing = milliw;
    if (work->demand_count == DEMANDS_MAX)
        return too_large(work, charge->rule);
    if (!ratchet(work, charge, name, &billing) || !round_demand(charge, &billing) || !remember(work, charge, name, milliw))
        return too_large(work, charge->rule);
    work->demands[work->demand_count++] = (struct demand_result){charge_no, segment_no, window, billing, milliw, at_utc_ms};
    return true;
}

/* The greatest of a window's daily maxima so far, greatest first. */
struct top {
    int count;
    int64_t milliw[31];
};

static void keep_top(struct top *top, int most, int64_t milliw)
{
    int at = top->count < most ? top->count++ : most;
    for (; at > 0 && top->milliw[at - 1] < milliw; at--)
        if (at < most)
            top->milliw[at] = top->milliw[at - 1];
    if (at < most)
        top->milliw[at] = milliw;
}

static bool mean_of(const struct top *top, int most, int64_t *out)
{
    struct fraction sum = fraction_of(0, 1);
    for (int i = 0; i < top->count; i++)
        sum = fraction_add(sum, fraction_of(top->milliw[i], most));
    return fraction_round(sum, 0, ROUND_HALF_AWAY, out);
}

/* The sum of every day's maximum where demand is charged by the day, or the mean of the greatest days'. */
static bool measure_days(struct work *work, const struct segment *segment, const struct charge *charge, struct maxima *out)
{
    struct top tops[TARIFF_WINDOWS_MAX];
    memset(tops, 0, sizeof tops);
    for (int32_t day = segment->from_day; day < segment->until_day; day++) {
        struct maxima daily = {0};
        int64_t from = zone_midnight_utc_ms(work->plan->terms.zone, day), until = zone_midnight_utc_ms(work->plan->terms.zone, day + 1);
        if (!measure(work, segment, charge, from, until, &daily))
            return false;
        for (int w = 0; w < TARIFF_WINDOWS_MAX; w++) {
            if (charge->top_days > 0)
                keep_top(&tops[w], charge->top_days, daily.milliw[w]);
            else if (__builtin_add_overflow(out->milliw[w], daily.milliw[w], &out->milliw[w]))
                return too_large(work, charge->rule);
        }
        out->any = out->any || daily.any;
    }
    for (int w = 0; charge->top_days > 0 && w < TARIFF_WINDOWS_MAX; w++)
        if (!mean_of(&tops[w], charge->top_days, &out->milliw[w]))
            return too_large(work, charge->rule);
    return true;
}

static bool demand_of_charge(struct work *work, int segment_no, int charge_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    const struct tou *tou = &segment->version->tous[charge->tou];
    struct maxima maxima = {0};
    int windows = by_window(charge) ? tou->window_count : 1;
    if (charge->coincident_count > 0)
        return true;
    if (!work->input->quantities) {
        bool by_day = charge->daily || charge->top_days > 0;
        bool good = by_day ? measure_days(work, segment, charge, &maxima)
                           : measure(work, segment, charge, segment->from_utc_ms, segment->until_utc_ms, &maxima);
        if (!good)
            return false;
        for (int w = 0; w < windows; w++)
            if (window_reachable(segment, charge->tou, w) &&
                !keep(work, segment_no, charge_no, w, maxima.milliw[w], by_day || maxima.milliw[w] == 0 ? INT64_MIN : maxima.at_utc_ms[w]))
                return false;
        return true;
    }
    for (int w = 0; w < windows; w++) {
        const struct rate_named *row = demand_given(&work->input->quantities->demand_milliw, charge, by_window(charge) ? tou->window_ids[w] : "");
        if (!row && !by_window(charge))
            return wrong(work, charge->rule, "the demand in kW is needed (\"kw\")");
        if (row && window_reachable(segment, charge->tou, w) && !keep(work, segment_no, charge_no, w, row->value, INT64_MIN))
            return false;
    }
    return true;
}

bool measure_demands(struct work *work)
{
    for (int s = 0; s < work->plan->segment_count; s++) {
        const struct tariff_version *version = work->plan->segments[s].version;
        for (int c = 0; c < version->charge_count; c++)
            if (version->charges[c].kind == CHARGE_DEMAND && applies(work, &version->charges[c].when) && !demand_of_charge(work, s, c))
                return false;
    }
    return true;
}

bool demand_of(const struct work *work, int segment_no, const char *charge_id, int64_t *out_milliw)
{
    bool found = false;
    const struct tariff_version *version = work->plan->segments[segment_no].version;
    for (int i = 0; i < work->demand_count; i++) {
        const struct demand_result *result = &work->demands[i];
        if (result->segment != segment_no || (charge_id[0] && strcmp(version->charges[result->charge].id, charge_id) != 0))
            continue;
        if (!found || result->milliw > *out_milliw)
            *out_milliw = result->milliw;
        found = true;
    }
    return found;
}

static struct fraction kw(int64_t milliw)
{
    return fraction_of(milliw, KW_MILLIW);
}

/* The demand at one announced instant. *known is false where it lies elsewhere, or is not given. */
static bool demand_at(struct work *work, const struct segment *segment, const struct charge *charge, const struct coincident *event, int64_t *milliw,
                      bool *known)
{
    char at[INSTANT_TEXT_SIZE];
    *known = false;
    if (work->input->quantities) {
        instant_format(event->at_utc_ms, at);
        const struct rate_named *row = named(&work->input->quantities->coincident_milliw, at);
        *known = row != NULL;
        *milliw = row ? row->value : 0;
        return true;
    }
    struct maxima maxima = {0};
    struct charge one = *charge;
    one.tiers = (struct tiers){0};
    *known = event->at_utc_ms >= segment->from_utc_ms && event->at_utc_ms < segment->until_utc_ms;
    if (*known && !measure(work, segment, &one, event->at_utc_ms, event->at_utc_ms + charge->interval_s * MS_PER_S, &maxima))
        return false;
    *milliw = maxima.milliw[0];
    return true;
}

static bool coincident_lines(struct work *work, int segment_no, int charge_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    for (int i = 0, next; i < charge->coincident_count; i = next) {
        const struct coincident *event = &charge->coincident[i];
        int64_t greatest = 0;
        bool any = false;
        for (next = i; next < charge->coincident_count && charge->coincident[next].event == event->event; next++) {
            int64_t milliw;
            bool known;
            if (!demand_at(work, segment, charge, &charge->coincident[next], &milliw, &known))
                return false;
            any = any || known;
            if (known && milliw > greatest)
                greatest = milliw;
        }
        char at[INSTANT_TEXT_SIZE];
        instant_format(event->at_utc_ms, at);
        struct line_of line = {.segment = segment_no,
                               .charge = charge_no,
                               .suffix = at,
                               .quantity = kw(greatest),
                               .quantity_digits = 6,
                               .unit = "kW",
                               .price = nano_fraction(event->rate_nano),
                               .quality = quality_of_segment(work, segment)};
        line.net = fraction_mul(line.quantity, line.price);
        if (any && !add_line(work, &line))
            return false;
    }
    return true;
}

/* Money already billed for this demand is taken off, not below zero. */
static struct fraction less_already(const struct work *work, const struct charge *charge, const char *window, struct fraction net)
{
    const struct rate_named *row = work->input->quantities ? demand_given(&work->input->quantities->already_nano, charge, window) : NULL;
    if (!row)
        return net;
    net = fraction_sub(net, nano_fraction(row->value));
    return !net.bad && net.num < 0 ? fraction_of(0, 1) : net;
}

/* What is due for entering a tier at all. */
static bool flat_line(struct work *work, const struct line_of *of, int64_t nano)
{
    struct line_of line = *of;
    line.suffix = "flat";
    line.source = (struct energy_source){0};
    line.quantity = fraction_of(1, 1);
    line.unit = "tier";
    line.price = line.net = nano_fraction(nano);
    return add_line(work, &line);
}

static bool demand_lines(struct work *work, int segment_no, int charge_no, const struct demand_result *result)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    const struct tier_list *list = tiers_at(&charge->tiers, segment->season, result->window);
    const char *window = by_window(charge) ? segment->version->tous[charge->tou].window_ids[result->window] : "";
    struct fraction months = charge->whole || charge->daily ? fraction_of(1, 1) : months_of(work, segment);
    struct tier_split split;
    if (!split_tiers(work, segment_no, charge, list, fraction_of(result->milliw, 1), &split))
        return false;
    for (int t = 0; t < split.count; t++) {
        int64_t rate = price_at(&list->tiers[t].rate, segment->season, result->window);
        if (!split.entered[t] || (by_window(charge) && rate == 0 && list->count == 1))
            continue;
        struct line_of line = {.segment = segment_no,
                               .charge = charge_no,
                               .window = window,
                               .tier = list->count > 1 ? t + 1 : 0,
                               .quantity_digits = 6,
                               .unit = charge->daily ? "kW day" : "kW",
                               .price = nano_fraction(rate),
                               .quality = quality_of_segment(work, segment),
                               .source = {.from = FROM_DEMAND, .tou = charge->tou, .window = result->window}};
        line.quantity = fraction_mul(fraction_div(split.part[t], fraction_of(KW_MILLIW, 1)), months);
        line.net = less_already(work, charge, window, fraction_mul(line.quantity, line.price));
        if (!add_line(work, &line))
            return false;
        if (list->tiers[t].flat_nano != 0 && !flat_line(work, &line, list->tiers[t].flat_nano))
            return false;
    }
    return true;
}

bool rate_demand(struct work *work, int segment_no, int charge_no)
{
    const struct charge *charge = &work->plan->segments[segment_no].version->charges[charge_no];
    if (charge->coincident_count > 0)
        return coincident_lines(work, segment_no, charge_no);
    for (int i = 0; i < work->demand_count; i++)
        if (work->demands[i].segment == segment_no && work->demands[i].charge == charge_no &&
            !demand_lines(work, segment_no, charge_no, &work->demands[i]))
            return false;
    return true;
}
