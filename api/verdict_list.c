#include "api/verdict_list.h"

#include <string.h>
#include "api/caller.h"
#include "base/instant.h"
#include "wire/json_out.h"
#include "wire/rest_text.h"

#define METERS_MAX 200
#define ITEM_MAX 16384   /* a payload of 1,024 bytes, escaped, with the rest */
#define LOOKED_MAX 20000 /* rows of a list that are looked at for one page, where not all of them are wanted */

struct listing {
    struct exchange *x;
    const struct verdict_asked *asked;
    struct gather *gather;
    struct buf item, text;
    struct point_record point; /* of the last meter_no seen */
    struct fault *fault;
    enum err err;
    /* of the list under way */
    int looked, wanted;
};

static const struct verdict_row *row_of(enum verdict verdict)
{
    static const struct verdict_row unknown = {.name = "unknown_verdict", .meaning = "a verdict of a later version"};
    int index = verdict_index(verdict);
    return index < 0 ? &unknown : &verdict_table[index];
}

/* ---- which rows ---- */

static bool is_wanted(const struct listing *listing, int64_t meter_no)
{
    return !listing->asked->by_district || district_holds(&listing->asked->district, meter_no);
}

/* How many rows to ask the store for. */
static int rows_asked(const struct listing *listing)
{
    return listing->asked->by_district || listing->asked->check ? LOOKED_MAX : listing->asked->newest.limit;
}

/* After each row: is this list at its end for this page? */
static int seen(struct listing *listing, bool wanted, int64_t number, const char *key)
{
    listing->looked++;
    listing->wanted += wanted;
    if (listing->wanted >= listing->asked->newest.limit)
        return 1;
    if (listing->looked < LOOKED_MAX)
        return 0;
    gather_end(listing->gather, number, key);
    return 1;
}

static void begin_list(struct listing *listing)
{
    listing->looked = listing->wanted = 0;
}

/* ---- items ---- */

static void write_text(struct listing *listing, const char *key, const char *bytes, size_t len)
{
    buf_reset(&listing->text);
    rest_text_append(&listing->text, bytes, len);
    out_text(&listing->item, key, len > 0 ? listing->text.data : NULL);
}

static void begin_item(struct listing *listing, const char *place, int64_t at_utc_ms, const char *verdict, const char *meaning)
{
    buf_reset(&listing->item);
    out_object(&listing->item, NULL);
    out_text(&listing->item, "place", place);
    out_instant(&listing->item, "at", at_utc_ms);
    out_text(&listing->item, "verdict", verdict);
    out_text(&listing->item, "meaning", meaning);
}

static void end_item(struct listing *listing, int64_t at_utc_ms, const char *key)
{
    out_end_object(&listing->item);
    if (listing->item.overflow || listing->text.overflow)
        listing->gather->failed = true;
    else
        gather_add(listing->gather, at_utc_ms, key, listing->item.data);
}

/* The meter of a name that was sent with a refusal; a name that is nobody's has none. */
static enum err find_named(struct listing *listing, const char *meter_id)
{
    if (listing->point.meter_no != 0 && strcmp(listing->point.meter_id, meter_id) == 0)
        return OK;
    enum err err = records_point_by_id(listing->x->server->records, meter_id, listing->fault, &listing->point);
    if (err != ERR_NOT_FOUND)
        return err;
    memset(&listing->point, 0, sizeof listing->point);
    return OK;
}

static int take_refusal(const struct refusal *row, void *arg)
{
    struct listing *listing = arg;
    struct buf *item = &listing->item;
    char key[VERDICT_KEY_SIZE];
    verdict_key_refusal(row->refusal_id, key);
    if (!is_wanted(listing, row->meter_no))
        return seen(listing, false, row->received_utc_ms, key);
    begin_item(listing, "door", row->received_utc_ms, row_of(row->verdict)->name, row_of(row->verdict)->meaning);
    listing->err = find_named(listing, row->meter_id);
    if (listing->err != OK)
        return 1;
    write_text(listing, "meter_id", row->meter_id, strlen(row->meter_id));
    out_text(item, "tz", listing->point.meter_no != 0 && strcmp(listing->point.meter_id, row->meter_id) == 0 ? listing->point.tz : NULL);
    write_text(listing, "detail", row->detail, strlen(row->detail));
    if (row->has_ts)
        out_instant(item, "ts", row->ts_utc_ms);
    else
        out_null(item, "ts");
    if (row->has_seq)
        out_int(item, "seq", row->seq);
    else
        out_null(item, "seq");
    write_text(listing, "payload", row->payload, row->payload != NULL ? row->payload_len : 0);
    end_item(listing, row->received_utc_ms, key);
    return seen(listing, true, row->received_utc_ms, key);
}

/* Its name; a meter that records do not know (they come from an older copy) has none. */
static enum err name_meter(struct listing *listing, int64_t meter_no)
{
    if (listing->point.meter_no == meter_no)
        return OK;
    enum err err = records_point_by_no(listing->x->server->records, meter_no, listing->fault, &listing->point);
    if (err != ERR_NOT_FOUND)
        return err;
    memset(&listing->point, 0, sizeof listing->point);
    return OK;
}

static int take_judgement(const struct judgement *row, void *arg)
{
    struct listing *listing = arg;
    struct buf *item = &listing->item;
    char key[VERDICT_KEY_SIZE], code[OBIS_TEXT_SIZE];
    verdict_key_judgement(row, key);
    if (!is_wanted(listing, row->meter_no))
        return seen(listing, false, row->ts_utc_ms, key);
    listing->err = name_meter(listing, row->meter_no);
    if (listing->err != OK)
        return 1;
    obis_format(row->channel, code);
    begin_item(listing, "neighbours", row->ts_utc_ms, row_of(row->verdict)->name, row_of(row->verdict)->meaning);
    out_text(item, "meter_id", listing->point.meter_no == row->meter_no ? listing->point.meter_id : NULL);
    out_text(item, "tz", listing->point.meter_no == row->meter_no ? listing->point.tz : NULL);
    out_instant(item, "ts", row->ts_utc_ms);
    out_text(item, "channel", code);
    out_text(item, "kind", row->kind == FACT_INTERVAL ? "interval" : "register");
    if (row->kind == FACT_INTERVAL)
        out_int(item, "interval_s", row->length_s);
    else
        out_null(item, "interval_s");
    out_int(item, "value_wh", row->value_wh);
    out_bool(item, "counts", row_of(row->verdict)->energy);
    end_item(listing, row->ts_utc_ms, key);
    return seen(listing, true, row->ts_utc_ms, key);
}

static void write_finding(struct listing *listing, const struct check_day_row *row, int check)
{
    const struct check_result *result = &row->results[check];
    struct buf *item = &listing->item;
    int64_t at_utc_ms = row->local_day * MS_PER_DAY;
    char key[VERDICT_KEY_SIZE];
    verdict_key_check(row->meter_no, check, key);
    begin_item(listing, "over_time", at_utc_ms, check_table[check].name, check_table[check].what);
    out_text(item, "meter_id", listing->point.meter_no == row->meter_no ? listing->point.meter_id : NULL);
    out_text(item, "tz", listing->point.meter_no == row->meter_no ? listing->point.tz : NULL);
    out_day(item, "day", row->local_day);
    out_instant(item, "from", result->from_utc_ms);
    out_instant(item, "to", result->until_utc_ms);
    out_int(item, "value", result->value);
    out_int(item, "threshold", result->threshold);
    out_text(item, "unit", check_table[check].unit);
    out_text(item, "source", check_table[check].source);
    end_item(listing, at_utc_ms, key);
}

/* A day may hold several findings: those up to the last one seen were told already. */
static int take_found(const struct check_day_row *row, void *arg)
{
    struct listing *listing = arg;
    const struct verdict_after *after = &listing->asked->after;
    int64_t at_utc_ms = row->local_day * MS_PER_DAY;
    bool begun = after->page.text != NULL && after->kind == LIST_OVER_TIME && after->page.number == at_utc_ms && after->meter_no == row->meter_no;
    bool wanted = is_wanted(listing, row->meter_no), any = false;
    char key[VERDICT_KEY_SIZE];
    listing->err = wanted ? name_meter(listing, row->meter_no) : OK;
    if (listing->err != OK)
        return 1;
    for (int i = CHECK_COUNT - 1; i >= 0 && wanted; i--) {
        if (row->results[i].outcome != CHECK_FOUND || (listing->asked->check && listing->asked->check != &check_table[i]) ||
            (begun && i >= after->check))
            continue;
        write_finding(listing, row, i);
        any = true;
    }
    verdict_key_check(row->meter_no, 0, key);
    return seen(listing, any, at_utc_ms, key);
}

/* ---- lists ---- */

static enum err list_refusals(struct facts *facts, struct listing *listing)
{
    const struct verdict_after *after = &listing->asked->after;
    struct newest_filter newest = listing->asked->newest;
    int64_t after_ms = INT64_MAX, after_id = INT64_MAX;
    newest.limit = rows_asked(listing);
    if (after->page.text != NULL) {
        after_ms = after->page.number;
        after_id = after->kind == LIST_DOOR ? after->refusal_id : after->kind == LIST_OVER_TIME ? 0 : INT64_MAX;
    }
    begin_list(listing);
    enum err err = facts_newest_refusals(facts, &newest, after_ms, after_id, take_refusal, listing, listing->fault);
    return err == OK ? listing->err : err;
}

static enum err list_judgements(struct facts *facts, struct listing *listing, const struct newest_filter *newest)
{
    const struct verdict_after *after = &listing->asked->after;
    struct newest_filter before = *newest;
    bool goes_on = after->page.text != NULL && after->kind == LIST_NEIGHBOURS;
    before.limit = rows_asked(listing);
    if (after->page.text != NULL && !goes_on && before.until_utc_ms > after->page.number)
        before.until_utc_ms = after->page.number;
    begin_list(listing);
    enum err err = facts_newest_judgements(facts, &before, goes_on ? &after->judgement : NULL, take_judgement, listing, listing->fault);
    return err == OK ? listing->err : err;
}

static enum err list_found(struct facts *facts, struct listing *listing, int64_t meter_no, int32_t from_day, int32_t until_day)
{
    const struct verdict_after *after = &listing->asked->after;
    int64_t before_day = INT32_MAX, before_meter_no = 0;
    if (after->page.text != NULL) {
        before_day = instant_floor(after->page.number, MS_PER_DAY) / MS_PER_DAY + (after->kind != LIST_OVER_TIME);
        before_meter_no = after->kind == LIST_OVER_TIME ? after->meter_no + 1 : 0; /* that day of that meter may hold more */
    }
    if (before_day < from_day)
        return OK;
    if (before_day >= until_day) {
        before_day = until_day;
        before_meter_no = 0;
    }
    begin_list(listing);
    enum err err = facts_found_checks(facts, meter_no, from_day, (int32_t)before_day, before_meter_no, rows_asked(listing) + 1, take_found, listing,
                                      listing->fault);
    return err == OK ? listing->err : err;
}

static enum err list_own_meter(struct facts *facts, struct listing *listing, int64_t meter_no)
{
    const struct verdict_asked *asked = listing->asked;
    struct newest_filter newest = asked->newest;
    struct point_record point;
    struct sight sight;
    enum err err = records_point_by_no(listing->x->server->records, meter_no, listing->fault, &point);
    if (err == OK)
        err = sight_of_point(listing->x->server, &listing->x->caller, &point, listing->x->now_utc_ms, listing->fault, &sight);
    if (err != OK)
        return err;
    newest.meter_no = meter_no;
    newest.from_utc_ms = newest.from_utc_ms < sight.from_utc_ms ? sight.from_utc_ms : newest.from_utc_ms;
    newest.until_utc_ms = newest.until_utc_ms > sight.until_utc_ms ? sight.until_utc_ms : newest.until_utc_ms;
    if (asked->neighbours)
        err = list_judgements(facts, listing, &newest);
    if (err == OK && asked->over_time)
        err = list_found(facts, listing, meter_no, asked->from_day < sight.from_day ? sight.from_day : asked->from_day,
                         asked->until_day > sight.until_day ? sight.until_day : asked->until_day);
    return err;
}

/* A customer's meters, one by one, each within its account. */
static enum err list_own(struct facts *facts, struct listing *listing)
{
    int64_t meter_nos[METERS_MAX];
    size_t count = 0;
    struct exchange *x = listing->x;
    enum err err = caller_meters(x->server, &x->caller, x->now_utc_ms, METERS_MAX, listing->fault, meter_nos, &count);
    for (size_t i = 0; err == OK && i < count; i++)
        if (is_wanted(listing, meter_nos[i]))
            err = list_own_meter(facts, listing, meter_nos[i]);
    return err;
}

static enum err list_all(struct facts *facts, struct listing *listing)
{
    const struct verdict_asked *asked = listing->asked;
    enum err err = asked->door ? list_refusals(facts, listing) : OK;
    if (err == OK && asked->neighbours)
        err = list_judgements(facts, listing, &asked->newest);
    if (err == OK && asked->over_time)
        err = list_found(facts, listing, asked->newest.meter_no, asked->from_day, asked->until_day);
    return err;
}

enum err verdict_list(struct exchange *x, struct facts *facts, const struct verdict_asked *asked, struct gather *gather, struct fault *fault)
{
    struct listing listing = {.x = x, .asked = asked, .gather = gather, .fault = fault, .err = OK};
    buf_init(&listing.item, ITEM_MAX);
    buf_init(&listing.text, ITEM_MAX);
    enum err err = x->caller.role == ROLE_CUSTOMER && asked->newest.meter_no == 0 ? list_own(facts, &listing) : list_all(facts, &listing);
    if (err == OK && gather->failed)
        err = fault_set(fault, ERR_RETRY, "memory is out");
    buf_finish(&listing.item);
    buf_finish(&listing.text);
    return err;
}
