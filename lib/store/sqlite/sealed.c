#include "store/sqlite/sealed.h"
#include "base/hash.h"
#include "store/sqlite/facts_sqlite.h"

int64_t utc_day_of(int64_t ts_utc_ms)
{
    return ts_utc_ms / MS_OF_DAY - (ts_utc_ms % MS_OF_DAY < 0);
}

/* ---- days ---- */

static enum err unpack(struct query *q, struct fault *fault, struct sealed_day *day)
{
    size_t len = 0;
    int64_t count = query_int(q);
    const void *packed = query_view(q, &len);
    if ((int64_t)hash_fnv1a(packed, len) != day->mark)
        return fault_set(fault, ERR_FATAL, "a sealed day is damaged");
    enum err err = seal_unpack(packed, len, fault, &day->facts);
    return err == OK && (int64_t)day->facts.count != count ? fault_set(fault, ERR_FATAL, "a sealed day is damaged") : err;
}

enum err sealed_load(struct db *db, struct sealed_day *kept, int64_t meter_no, int64_t utc_day, struct fault *fault, struct sealed_day *out)
{
    struct query q;
    query_begin(&q, db, "SELECT mark, facts, packed FROM sealed WHERE meter_no = ? AND utc_day = ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, utc_day);
    enum err err = query_one(&q, fault);
    if (err != OK) {
        query_end(&q, NULL);
        return err;
    }
    int64_t mark = query_int(&q);
    *out = *kept; /* the day itself, or its room */
    *kept = (struct sealed_day){0};
    bool is_it = out->meter_no == meter_no && out->utc_day == utc_day && out->mark == mark;
    out->meter_no = meter_no;
    out->utc_day = utc_day;
    out->mark = mark;
    if (!is_it)
        err = unpack(&q, fault, out);
    enum err ended = query_end(&q, err == OK ? fault : NULL);
    err = err == OK ? ended : err;
    if (err != OK) {
        sealed_facts_finish(&out->facts);
        *out = (struct sealed_day){0};
    }
    return err;
}

void sealed_keep(struct sealed_day *kept, struct sealed_day *day)
{
    if (day->meter_no == 0)
        return;
    sealed_facts_finish(&kept->facts);
    *kept = *day;
    *day = (struct sealed_day){0};
}

static int order_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int sealed_compare(const struct sealed_fact *a, const struct sealed_fact *b)
{
    int order = order_of(a->ts_utc_ms, b->ts_utc_ms);
    order = order ? order : order_of(a->channel, b->channel);
    order = order ? order : order_of(a->kind, b->kind);
    order = order ? order : order_of(a->length_s, b->length_s);
    return order ? order : order_of(a->value_wh, b->value_wh);
}

int64_t sealed_find(const struct sealed_facts *facts, const struct sealed_fact *fact)
{
    size_t low = 0, high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = sealed_compare(&facts->facts[middle], fact);
        if (order == 0)
            return (int64_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* The first fact at or after an instant. */
static size_t place(const struct sealed_facts *facts, int64_t ts_utc_ms)
{
    size_t low = 0, high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (facts->facts[middle].ts_utc_ms < ts_utc_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- segments ---- */

/* A reader looks several times, and the writer may seal a day in between: it looks at one state of the file. */
void segments_begin(struct segments *segments, struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                    struct fault *fault)
{
    *segments = (struct segments){
        .facts = facts, .meter_no = meter_no, .from_utc_ms = from_utc_ms, .until_utc_ms = until_utc_ms, .order = order < 0 ? -1 : 1, .fault = fault};
    if (facts_known(facts) || db_in_transaction(facts_db(facts)))
        return;
    segments->err = db_begin_read(facts_db(facts), fault);
    segments->reads = segments->err == OK;
}

/* The sealed day that comes next. ERR_NOT_FOUND: none. */
static enum err next_sealed(struct segments *segments, int64_t *out_day)
{
    struct query q;
    query_begin(&q, facts_db(segments->facts),
                segments->order < 0 ? "SELECT utc_day FROM sealed WHERE meter_no = ? AND utc_day >= ? AND utc_day <= ? ORDER BY utc_day DESC LIMIT 1"
                                    : "SELECT utc_day FROM sealed WHERE meter_no = ? AND utc_day >= ? AND utc_day <= ? ORDER BY utc_day LIMIT 1");
    query_bind_int(&q, segments->meter_no);
    query_bind_int(&q, utc_day_of(segments->from_utc_ms));
    query_bind_int(&q, utc_day_of(segments->until_utc_ms - 1));
    enum err err = query_one(&q, segments->fault);
    if (err == OK)
        *out_day = query_int(&q);
    enum err ended = query_end(&q, err == OK ? segments->fault : NULL);
    return err == OK ? ended : err;
}

/* [from, until) is told; the walk goes on behind it. */
static bool pass(struct segments *segments, int64_t from_utc_ms, int64_t until_utc_ms, struct segment *out)
{
    *out = (struct segment){.from_utc_ms = from_utc_ms, .until_utc_ms = until_utc_ms};
    if (segments->order < 0)
        segments->until_utc_ms = from_utc_ms;
    else
        segments->from_utc_ms = until_utc_ms;
    return true;
}

bool segments_next(struct segments *segments, struct segment *out)
{
    struct sqlite_facts *self = (struct sqlite_facts *)segments->facts;
    int64_t day = 0, from = segments->from_utc_ms, until = segments->until_utc_ms;
    sealed_keep(&self->sealed, &segments->held);
    if (segments->err != OK || from >= until)
        return false;
    enum err err = from >= self->sealed_until_utc_ms ? ERR_NOT_FOUND : next_sealed(segments, &day);
    if (err == ERR_NOT_FOUND)
        return pass(segments, from, until, out);
    if (err == OK) {
        int64_t start = day * MS_OF_DAY, end = start + MS_OF_DAY;
        if (segments->order < 0 && end < until)
            return pass(segments, end, until, out);
        if (segments->order > 0 && from < start)
            return pass(segments, from, start, out);
        err = sealed_load(facts_db(segments->facts), &self->sealed, segments->meter_no, day, segments->fault, &segments->held);
        from = from < start ? start : from;
        until = until > end ? end : until;
    }
    segments->err = err;
    if (err != OK)
        return false;
    pass(segments, from, until, out);
    out->day = &segments->held.facts;
    out->first = place(out->day, from);
    out->end = place(out->day, until);
    return true;
}

enum err segments_end(struct segments *segments)
{
    sealed_keep(&((struct sqlite_facts *)segments->facts)->sealed, &segments->held);
    if (segments->reads)
        db_rollback(facts_db(segments->facts)); /* nothing was written */
    return segments->err;
}
