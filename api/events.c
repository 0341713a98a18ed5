/* GET /meters/{meter_id}/events: what the meter told besides readings, newest first, as it was received. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "api/caller.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "wire/json_out.h"

#define DOCUMENT_MAX 8192 /* bytes; a page of larger ones would not fit an answer */

struct page {
    struct buf *out;
    size_t count, limit;
    int64_t last_ts_utc_ms, last_id;
};

static int write_event(const struct event_row *row, void *arg)
{
    struct page *page = arg;
    if (page->count++ == page->limit)
        return 1;
    page->last_ts_utc_ms = row->ts_utc_ms;
    page->last_id = row->event_id;
    out_object(page->out, NULL);
    out_text(page->out, "event", row->event);
    out_instant(page->out, "ts", row->ts_utc_ms);
    out_instant(page->out, "received", row->received_utc_ms);
    if (row->document != NULL && strlen(row->document) <= DOCUMENT_MAX)
        out_raw(page->out, "document", row->document);
    else
        out_null(page->out, "document");
    out_end_object(page->out);
    return 0;
}

/* False, and 400 was replied. What is not the caller's to see is cut off. */
static bool read_range(struct exchange *x, const struct sight *sight, struct newest_filter *out)
{
    struct fault fault = {0};
    out->meter_no = sight->point.meter_no;
    out->from_utc_ms = INT64_MIN;
    out->until_utc_ms = INT64_MAX;
    enum err err = param_instant(&x->query, "from", sight->zone, &fault, &out->from_utc_ms);
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

/* False, and 400 was replied. */
static bool read_cursor(struct exchange *x, int64_t *out_ts_utc_ms, int64_t *out_id)
{
    struct fault fault = {0};
    const char *id;
    *out_ts_utc_ms = *out_id = INT64_MAX;
    if (!page_cursor(x, out_ts_utc_ms, &id))
        return false;
    if (id == NULL || (text_to_int64(id, out_id) && *out_id >= 0))
        return true;
    param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
    problem_input(x, &fault);
    return false;
}

void events_list(struct exchange *x)
{
    struct sight sight;
    struct newest_filter newest = {.verdict = VERDICT_ACCEPTED};
    struct fault fault = {0};
    struct page page = {.out = x->out};
    int64_t after_ts_utc_ms, after_id;
    if (!sight_of(x, x->arg, &sight) || !page_limit(x, &page.limit) || !read_range(x, &sight, &newest) ||
        !read_cursor(x, &after_ts_utc_ms, &after_id))
        return;
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    newest.limit = (int)page.limit + 1;
    out_object(x->out, NULL);
    out_text(x->out, "meter_id", sight.point.meter_id);
    out_text(x->out, "tz", sight.point.tz);
    out_array(x->out, "items");
    enum err err = facts_newest_events(facts, &newest, after_ts_utc_ms, after_id, write_event, &page, &fault);
    if (err == OK) {
        char next[64];
        snprintf(next, sizeof next, "%" PRId64 ".%" PRId64, page.last_ts_utc_ms, page.last_id);
        page_end(x, page.count > page.limit ? next : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    ledger_done(x, facts);
}
