/*
 * GET /verdicts: the exception queue. What was refused at the door and what was set aside or specially judged over the neighbours, in
 * one list, newest first. Refusals are for operators alone: they hold payloads, and names that are nobody's.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "api/caller.h"
#include "api/gather.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/rest_text.h"

#define METERS_MAX 200
#define ITEM_MAX 16384 /* a payload of 1,024 bytes, escaped, with the rest */
#define KEY_SIZE 64

/* Where the page begins: after the rows of this instant up to a refusal, or up to a judgement. */
struct after {
    struct gather_cursor page;
    bool door; /* the last one seen was a refusal: all judgements of that instant were seen before it */
    int64_t refusal_id;
    struct judgement judgement;
};

struct asked {
    struct newest_filter newest;
    bool door, neighbours;
    struct after after;
};

/* Keys order as text as the store orders rows, and judgements stand before refusals of the same instant. */
static void judgement_key(const struct judgement *row, char out[KEY_SIZE])
{
    snprintf(out, KEY_SIZE, "n%016" PRIx64 "%08" PRIx32 "%02x%08" PRIx32 "%016" PRIx64, (uint64_t)row->meter_no, (uint32_t)row->channel,
             (unsigned)row->kind, (uint32_t)row->length_s, (uint64_t)row->value_wh ^ (UINT64_C(1) << 63));
}

static bool judgement_key_read(const char *text, struct judgement *out)
{
    uint64_t meter_no, value;
    uint32_t channel, length;
    unsigned kind;
    if (strlen(text) != 51 || strspn(text + 1, "0123456789abcdef") != 50 ||
        sscanf(text, "n%16" SCNx64 "%8" SCNx32 "%2x%8" SCNx32 "%16" SCNx64, &meter_no, &channel, &kind, &length, &value) != 5)
        return false;
    out->meter_no = (int64_t)meter_no;
    out->channel = (int32_t)channel;
    out->kind = (enum fact_kind)kind;
    out->length_s = (int32_t)length;
    out->value_wh = (int64_t)(value ^ (UINT64_C(1) << 63));
    return true;
}

static void refusal_key(int64_t refusal_id, char out[KEY_SIZE])
{
    snprintf(out, KEY_SIZE, "d%019" PRId64, refusal_id);
}

/* False, and 400 was replied. */
static bool read_cursor(struct exchange *x, struct after *out)
{
    struct fault fault = {0};
    if (!page_cursor(x, &out->page.number, &out->page.text))
        return false;
    if (out->page.text == NULL)
        return true;
    out->judgement.ts_utc_ms = out->page.number;
    out->door = out->page.text[0] == 'd';
    if (out->door ? text_to_int64(out->page.text + 1, &out->refusal_id) && out->refusal_id >= 0 : judgement_key_read(out->page.text, &out->judgement))
        return true;
    param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
    problem_input(x, &fault);
    return false;
}

static const struct verdict_row *row_of(enum verdict verdict)
{
    static const struct verdict_row unknown = {.name = "unknown_verdict", .meaning = "a verdict of a later version"};
    int index = verdict_index(verdict);
    return index < 0 ? &unknown : &verdict_table[index];
}

static enum err read_words(struct exchange *x, struct asked *out, struct fault *fault)
{
    const char *name = param_get(&x->query, "verdict"), *place = param_get(&x->query, "place");
    bool door = place == NULL || strcmp(place, "door") == 0, neighbours = place == NULL || strcmp(place, "neighbours") == 0;
    enum verdict verdict = VERDICT_ACCEPTED;
    if (!door && !neighbours)
        return param_fault(fault, "place", "One of door, neighbours is expected.");
    if (name != NULL && (!verdict_parse(name, &verdict) || verdict == VERDICT_ACCEPTED || verdict == VERDICT_REPEATED))
        return param_fault(fault, "verdict", "There is no verdict of this name in this list.");
    if (name != NULL) {
        bool at_door = row_of(verdict)->place == VERDICT_AT_DOOR;
        door = door && at_door;
        neighbours = neighbours && !at_door;
    }
    out->door = door && x->caller.role != ROLE_CUSTOMER;
    out->neighbours = neighbours;
    out->newest.verdict = verdict;
    return OK;
}

static enum err read_range(struct exchange *x, const struct zone *zone, struct newest_filter *out, struct fault *fault)
{
    enum err err = param_instant(&x->query, "from", zone, fault, &out->from_utc_ms);
    if (err == OK)
        err = param_instant(&x->query, "to", zone, fault, &out->until_utc_ms);
    if (err == OK && out->from_utc_ms > out->until_utc_ms)
        err = param_fault(fault, "to", "It lies before \"from\".");
    return err;
}

static void narrow(struct newest_filter *newest, const struct sight *sight)
{
    newest->meter_no = sight->point.meter_no;
    if (newest->from_utc_ms < sight->from_utc_ms)
        newest->from_utc_ms = sight->from_utc_ms;
    if (newest->until_utc_ms > sight->until_utc_ms)
        newest->until_utc_ms = sight->until_utc_ms;
}

/* False, and a problem was replied. */
static bool read_query(struct exchange *x, struct asked *out)
{
    struct fault fault = {0};
    struct sight sight = {.zone = NULL};
    const char *meter_id;
    out->newest.from_utc_ms = INT64_MIN;
    out->newest.until_utc_ms = INT64_MAX;
    enum err err = param_name(&x->query, "meter_id", &fault, &meter_id);
    if (err == OK && meter_id != NULL && !sight_of(x, meter_id, &sight))
        return false;
    if (err == OK && meter_id == NULL && zones_get(x->server->zones, "UTC", &fault, &sight.zone) != OK)
        sight.zone = NULL;
    if (err == OK)
        err = read_range(x, sight.zone, &out->newest, &fault);
    if (err == OK)
        err = read_words(x, out, &fault);
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    if (x->caller.role == ROLE_CUSTOMER && param_get(&x->query, "place") != NULL && strcmp(param_get(&x->query, "place"), "door") == 0) {
        problem(x, 403, "forbidden", "What was refused at the door is for operators.");
        return false;
    }
    if (meter_id != NULL)
        narrow(&out->newest, &sight);
    return true;
}

struct listing {
    struct exchange *x;
    struct gather *gather;
    struct buf item, text;
    struct point_record point; /* of the last meter_no seen */
    struct fault *fault;
    enum err err;
};

static void write_text(struct listing *listing, const char *key, const char *bytes, size_t len)
{
    buf_reset(&listing->text);
    rest_text_append(&listing->text, bytes, len);
    out_text(&listing->item, key, len > 0 ? listing->text.data : NULL);
}

static void begin_item(struct listing *listing, const char *place, int64_t at_utc_ms, enum verdict verdict)
{
    buf_reset(&listing->item);
    out_object(&listing->item, NULL);
    out_text(&listing->item, "place", place);
    out_instant(&listing->item, "at", at_utc_ms);
    out_text(&listing->item, "verdict", row_of(verdict)->name);
    out_text(&listing->item, "meaning", row_of(verdict)->meaning);
}

static void end_item(struct listing *listing, int64_t at_utc_ms, const char *key)
{
    out_end_object(&listing->item);
    if (listing->item.overflow || listing->text.overflow)
        listing->gather->failed = true;
    else
        gather_add(listing->gather, at_utc_ms, key, listing->item.data);
}

static int take_refusal(const struct refusal *row, void *arg)
{
    struct listing *listing = arg;
    struct buf *item = &listing->item;
    char key[KEY_SIZE];
    begin_item(listing, "door", row->received_utc_ms, row->verdict);
    write_text(listing, "meter_id", row->meter_id, strlen(row->meter_id));
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
    refusal_key(row->refusal_id, key);
    end_item(listing, row->received_utc_ms, key);
    return 0;
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
    char key[KEY_SIZE], code[OBIS_TEXT_SIZE];
    listing->err = name_meter(listing, row->meter_no);
    if (listing->err != OK)
        return 1;
    obis_format(row->channel, code);
    begin_item(listing, "neighbours", row->ts_utc_ms, row->verdict);
    out_text(item, "meter_id", listing->point.meter_no == row->meter_no ? listing->point.meter_id : NULL);
    out_instant(item, "ts", row->ts_utc_ms);
    out_text(item, "channel", code);
    out_text(item, "kind", row->kind == FACT_INTERVAL ? "interval" : "register");
    if (row->kind == FACT_INTERVAL)
        out_int(item, "interval_s", row->length_s);
    else
        out_null(item, "interval_s");
    out_int(item, "value_wh", row->value_wh);
    out_bool(item, "counts", row_of(row->verdict)->energy);
    judgement_key(row, key);
    end_item(listing, row->ts_utc_ms, key);
    return 0;
}

static enum err list_refusals(struct facts *facts, const struct asked *asked, struct listing *listing)
{
    const struct after *after = &asked->after;
    int64_t after_ms = INT64_MAX, after_id = INT64_MAX;
    if (after->page.text != NULL) {
        after_ms = after->page.number;
        after_id = after->door ? after->refusal_id : INT64_MAX;
    }
    return facts_newest_refusals(facts, &asked->newest, after_ms, after_id, take_refusal, listing, listing->fault);
}

static enum err list_judgements(struct facts *facts, const struct asked *asked, const struct newest_filter *newest, struct listing *listing)
{
    const struct after *after = &asked->after;
    struct newest_filter before = *newest;
    if (after->door && before.until_utc_ms > after->page.number)
        before.until_utc_ms = after->page.number;
    enum err err = facts_newest_judgements(facts, &before, after->page.text != NULL && !after->door ? &after->judgement : NULL, take_judgement,
                                           listing, listing->fault);
    return err == OK ? listing->err : err;
}

/* A customer's meters, one by one, each within its account. */
static enum err list_own(struct facts *facts, const struct asked *asked, struct listing *listing)
{
    struct exchange *x = listing->x;
    int64_t meter_nos[METERS_MAX];
    size_t count = 0;
    enum err err = caller_meters(x->server, &x->caller, x->now_utc_ms, METERS_MAX, listing->fault, meter_nos, &count);
    for (size_t i = 0; err == OK && i < count; i++) {
        struct newest_filter newest = asked->newest;
        struct point_record point;
        struct sight sight;
        err = records_point_by_no(x->server->records, meter_nos[i], listing->fault, &point);
        if (err == OK)
            err = sight_of_point(x->server, &x->caller, &point, x->now_utc_ms, listing->fault, &sight);
        if (err == OK) {
            narrow(&newest, &sight);
            err = list_judgements(facts, asked, &newest, listing);
        }
    }
    return err;
}

static enum err list(struct facts *facts, const struct asked *asked, struct listing *listing)
{
    enum err err = OK;
    if (asked->door)
        err = list_refusals(facts, asked, listing);
    if (err == OK && asked->neighbours)
        err = listing->x->caller.role == ROLE_CUSTOMER && asked->newest.meter_no == 0 ? list_own(facts, asked, listing)
                                                                                      : list_judgements(facts, asked, &asked->newest, listing);
    if (err == OK && listing->gather->failed)
        err = fault_set(listing->fault, ERR_RETRY, "memory is out");
    return err;
}

void verdicts_list(struct exchange *x)
{
    struct asked asked = {.door = false};
    struct gather gather;
    struct fault fault = {0};
    struct listing listing = {.x = x, .gather = &gather, .fault = &fault, .err = OK};
    size_t limit;
    if (!page_limit(x, &limit) || !read_cursor(x, &asked.after) || !read_query(x, &asked))
        return;
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    asked.newest.limit = (int)limit + 1;
    gather_init(&gather, limit);
    buf_init(&listing.item, ITEM_MAX);
    buf_init(&listing.text, ITEM_MAX);
    enum err err = list(facts, &asked, &listing);
    if (err == OK) {
        char next[GATHER_CURSOR_SIZE];
        out_object(x->out, NULL);
        out_array(x->out, "items");
        bool more = gather_write(&gather, x->out, next);
        page_end(x, more ? next : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    ledger_done(x, facts);
    buf_finish(&listing.item);
    buf_finish(&listing.text);
    gather_finish(&gather);
}
