/* GET /meters/{meter_id}/readings. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "api/caller.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/reading_json.h"

struct page {
    struct buf *out;
    size_t count, limit;
    struct reading_cursor last;
};

static int write_reading(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    struct page *page = arg;
    if (page->count++ == page->limit)
        return 1;
    page->last = *at;
    out_object(page->out, NULL);
    reading_fields_write(page->out, &row->reading);
    out_text(page->out, "verdict", verdict_name(row->verdict));
    out_text(page->out, "quality", quality_name(row->quality));
    out_instant(page->out, "received", row->received_utc_ms);
    out_end_object(page->out);
    return 0;
}

struct range {
    int64_t from_utc_ms, until_utc_ms;
    int order;
};

/* False, and 400 was replied. What is not the caller's to see is cut off. */
static bool read_range(struct exchange *x, const struct sight *sight, struct range *out)
{
    struct fault fault = {0};
    const char *order = param_get(&x->query, "order");
    out->from_utc_ms = INT64_MIN;
    out->until_utc_ms = INT64_MAX;
    out->order = order != NULL && strcmp(order, "asc") == 0 ? 1 : -1;
    enum err err = OK;
    if (order != NULL && strcmp(order, "asc") != 0 && strcmp(order, "desc") != 0)
        err = param_fault(&fault, "order", "asc or desc is expected.");
    if (err == OK)
        err = param_instant(&x->query, "from", sight->zone, &fault, &out->from_utc_ms);
    if (err == OK)
        err = param_instant(&x->query, "to", sight->zone, &fault, &out->until_utc_ms);
    if (err == OK && out->from_utc_ms > out->until_utc_ms)
        err = param_fault(&fault, "to", "It lies before \"from\".");
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    if (out->from_utc_ms < sight->from_utc_ms)
        out->from_utc_ms = sight->from_utc_ms;
    if (out->until_utc_ms > sight->until_utc_ms)
        out->until_utc_ms = sight->until_utc_ms;
    return true;
}

static bool read_cursor(struct exchange *x, struct reading_cursor *out, bool *out_given)
{
    const char *skip;
    struct fault fault = {0};
    if (!page_cursor(x, &out->ts_utc_ms, &skip))
        return false;
    *out_given = skip != NULL;
    if (skip != NULL && (!text_to_int64(skip, &out->skip) || out->skip < 0)) {
        param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
        problem_input(x, &fault);
        return false;
    }
    return true;
}

void readings_list(struct exchange *x)
{
    struct sight sight;
    struct range range;
    struct reading_cursor after = {0};
    struct fault fault = {0};
    bool resumes;
    struct page page = {.out = x->out};
    if (!sight_of(x, x->arg, &sight) || !page_limit(x, &page.limit) || !read_range(x, &sight, &range) || !read_cursor(x, &after, &resumes))
        return;
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    out_object(x->out, NULL);
    out_text(x->out, "meter_id", sight.point.meter_id);
    out_text(x->out, "tz", sight.point.tz);
    out_array(x->out, "items");
    enum err err = range.from_utc_ms >= range.until_utc_ms
                       ? OK
                       : facts_readings(facts, sight.point.meter_no, range.from_utc_ms, range.until_utc_ms, range.order, (int)page.limit + 1,
                                        resumes ? &after : NULL, write_reading, &page, &fault);
    if (err == OK) {
        char next[64];
        snprintf(next, sizeof next, "%" PRId64 ".%" PRId64, page.last.ts_utc_ms, page.last.skip);
        page_end(x, page.count > page.limit ? next : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    ledger_done(x, facts);
}
