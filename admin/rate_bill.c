/* From what was read to a bill. */
#include <stdlib.h>
#include <string.h>
#include "admin/rate_run.h"
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"

static const struct tariff_version *version_for(const struct rating *rating, int32_t day)
{
    if (rating->version_no > 0)
        return &rating->tariff->versions[rating->version_no - 1];
    const struct tariff_version *version = tariff_version_known(rating->tariff, day, rating->known_utc_ms);
    return version ? version : &rating->tariff->versions[rating->tariff->version_count - 1];
}

enum print_days rating_print_days(const struct rating *rating, int32_t until_day)
{
    return version_for(rating, until_day - 1)->print_days;
}

/* An instant must be a local midnight: cycles are made of days. */
static enum err date_or_midnight(const struct rating *rating, const char *text, struct fault *fault, int32_t *out)
{
    int64_t utc_ms;
    if (civil_parse(text, out))
        return OK;
    if (!instant_parse(text, strlen(text), &utc_ms) || !rating->zone)
        return fault_set(fault, ERR_INVALID, "'%.40s': a date YYYY-MM-DD is expected", text);
    *out = zone_local_day(rating->zone, utc_ms);
    if (zone_midnight_utc_ms(rating->zone, *out) != utc_ms)
        return fault_set(fault, ERR_INVALID, "'%.40s' is not a midnight in %s: a cycle is made of whole days", text, zone_name(rating->zone));
    return OK;
}

enum err rating_cycle(const struct rating *rating, const struct args *args, struct fault *fault, int32_t *out_from_day, int32_t *out_until_day)
{
    const char *from_text = arg(args, "from"), *to_text = arg(args, "to");
    int32_t from = 0, to = 0;
    if (!from_text != !to_text)
        return fault_set(fault, ERR_INVALID, "--from and --to go together");
    if (from_text) {
        enum err err = date_or_midnight(rating, from_text, fault, &from);
        if (err == OK)
            err = date_or_midnight(rating, to_text, fault, &to);
        if (err != OK)
            return err;
    } else if (rating->by_quantities && rating->request.has_dates) {
        from = rating->request.from_print_day;
        to = rating->request.to_print_day;
    } else if (rating->by_quantities) {
        const struct tariff_version *version =
            &rating->tariff->versions[rating->version_no > 0 ? rating->version_no - 1 : rating->tariff->version_count - 1];
        *out_from_day = version->from_day;
        *out_until_day = version->from_day + (rating->request.days > 0 ? rating->request.days : 30);
        return OK;
    } else {
        return fault_set(fault, ERR_INVALID, "--from DATE --to DATE are expected");
    }
    print_days_to_cycle(version_for(rating, to)->print_days, from, to, out_from_day, out_until_day);
    if (rating->by_quantities && rating->request.days > 0 && rating->request.days != *out_until_day - *out_from_day)
        return fault_set(fault, ERR_INVALID, "the dates cover %d days, but \"days\" says %d", *out_until_day - *out_from_day, rating->request.days);
    return *out_until_day > *out_from_day ? OK : fault_set(fault, ERR_INVALID, "the cycle ends before it begins");
}

/* Intervals of the cycle with missing ones where nothing is known, so that lines can say so. */
static struct rate_interval *with_gaps(const struct rating *rating, int64_t from_utc_ms, int64_t until_utc_ms, int *out_count, bool *out_complete)
{
    struct rate_interval *out = malloc((2 * (size_t)rating->interval_count + 2) * sizeof *out);
    int64_t at = from_utc_ms;
    int count = 0;
    *out_complete = true;
    for (int i = 0; out && i <= rating->interval_count; i++) {
        bool last = i == rating->interval_count;
        int64_t start = last ? until_utc_ms : rating->intervals[i].start_utc_ms;
        if (!last && (start + rating->intervals[i].length_ms <= from_utc_ms || start >= until_utc_ms))
            continue;
        if (start > at) {
            int64_t gap = start - at < INT32_MAX ? start - at : INT32_MAX / 1000 * 1000;
            out[count++] = (struct rate_interval){.start_utc_ms = at, .length_ms = (int32_t)gap, .quality = QUALITY_MISSING};
            *out_complete = false;
        }
        if (last)
            break;
        out[count++] = rating->intervals[i];
        *out_complete = *out_complete && rating->intervals[i].quality != QUALITY_MISSING;
        at = start + rating->intervals[i].length_ms;
    }
    *out_count = count;
    return out;
}

static void name_bill(const struct rating *rating, struct bill *bill)
{
    char date[CIVIL_TEXT_SIZE];
    civil_format(bill->from_day, date);
    snprintf(bill->bill_id, sizeof bill->bill_id, "%.64s.%s", rating->tariff->tariff_id, date);
    text_copy(bill->account_id, sizeof bill->account_id, rating->party.account_id);
    text_copy(bill->meter_id, sizeof bill->meter_id, rating->party.meter_id[0] ? rating->party.meter_id : "none");
    bill->state = BILL_DRAFT;
    bill->as_of_utc_ms = rating->zone ? zone_midnight_utc_ms(rating->zone, bill->until_day) : bill->until_day * MS_PER_DAY;
}

/* Whoever asks for an explanation hears what the lines are made of, by local days. */
static enum err listen(struct rating *rating, struct rate_input *input, struct fault *fault)
{
    bill_explained_destroy(rating->explained);
    rating->explained = NULL;
    if (!rating->explain || rating->by_quantities)
        return OK;
    rating->explained = bill_explained_create(rating->zone, &(struct explain_ask){.line = -1});
    if (!rating->explained)
        return fault_set(fault, ERR_FATAL, "no memory");
    input->trace = bill_explained_trace(rating->explained);
    return OK;
}

enum err rating_bill(struct rating *rating, int32_t from_day, int32_t until_day, struct fault *fault, struct bill *out)
{
    const struct rate_terms terms = {.tariff = rating->tariff,
                                     .zone = rating->zone,
                                     .from_day = from_day,
                                     .until_day = until_day,
                                     .cycle_days = rating->party.cycle_days,
                                     .known_utc_ms = rating->known_utc_ms,
                                     .version_no = rating->version_no};
    struct rate_input input = {.account = &rating->party.account,
                               .opening = &rating->party.opening,
                               .series = rating->series.series,
                               .series_count = rating->series.count,
                               .explain = rating->explain,
                               .provisional = rating->provisional};
    struct rate_interval *intervals = NULL;
    struct rate_state *closing = calloc(1, sizeof *closing);
    struct rate_plan *plan = NULL;
    bool complete = true;
    enum err err = closing ? rate_plan_create(&terms, fault, &plan) : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = listen(rating, &input, fault);
    if (err == OK && rating->by_quantities) {
        input.quantities = &rating->request.quantities;
        input.item_count = rating->request.item_count;
        memcpy(input.items, rating->request.items, sizeof input.items);
    } else if (err == OK) {
        intervals = with_gaps(rating, zone_midnight_utc_ms(rating->zone, from_day), zone_midnight_utc_ms(rating->zone, until_day),
                              &input.interval_count, &complete);
        input.intervals = intervals;
        err = intervals ? OK : fault_set(fault, ERR_FATAL, "no memory");
    }
    bill_clear(out);
    if (err == OK)
        err = rate(plan, &input, fault, out, closing);
    if (err == OK && rating->explained)
        err = bill_explained_heard(rating->explained, fault);
    if (err == OK) {
        name_bill(rating, out);
        out->complete = complete;
        rating->party.opening = *closing;
    }
    rate_plan_destroy(plan);
    free(intervals);
    free(closing);
    return err;
}
