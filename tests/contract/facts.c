/*
 * The ledger's contract (store/facts.h), the same for every backend: batches, readings, refusals, unclaimed readings.
 *
 *   contract_facts sqlite|memory|faulty      faulty: a wrapper that is never told to fail hands everything through
 */
#include "tests/contract/facts_contract.h"
#include <stdlib.h>
#include <unistd.h>
#include "tests/support/faulty_store.h"

static const char *backend;
static char folder[40];
struct facts *facts;
struct fault fault;

void well(enum err err, const struct fault *words)
{
    if (err != OK)
        fail_msg("%s: %s", err_name(err), words->text);
}

void begin(void)
{
    WELL(facts_begin(facts, &fault));
}

void commit(void)
{
    WELL(facts_commit(facts, &fault));
}

int contract_setup(void **state)
{
    char path[80];
    (void)state;
    if (strcmp(backend, "sqlite") == 0) {
        snprintf(folder, sizeof folder, "/tmp/qw-contract-XXXXXX");
        assert_non_null(mkdtemp(folder));
        snprintf(path, sizeof path, "%s/ledger.db", folder);
        well(facts_open_sqlite(path, FACTS_WRITER, &fault, &facts), &fault);
        return 0;
    }
    well(facts_open_memory(&fault, &facts), &fault);
    if (strcmp(backend, "faulty") == 0)
        facts = faulty_open(facts);
    return 0;
}

int contract_teardown(void **state)
{
    char command[80];
    (void)state;
    facts_close(facts);
    facts_close(NULL);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return folder[0] ? system(command) : 0;
}

int tell(struct told *told, const char *format, ...)
{
    size_t len = strlen(told->text);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(told->text + len, sizeof told->text - len, format, args);
    va_end(args);
    assert_in_range(more, 0, sizeof told->text - len - 1);
    return ++told->count == told->stop_after;
}

struct reading_row reading_at(int64_t offset_ms, int64_t energy_wh)
{
    struct reading_row row = {.meter_no = 1, .received_utc_ms = T0 + 5};
    row.reading.ts_utc_ms = T0 + offset_ms;
    row.reading.channel_count = 1;
    row.reading.channels[0] = (struct channel_value){OBIS_IMPORT, energy_wh};
    return row;
}

bool put(const struct reading_row *row)
{
    bool repeated = true;
    WELL(facts_put_reading(facts, row, &repeated, &fault));
    return repeated;
}

/* ---- readings ---- */

int tell_reading(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    struct told *told = arg;
    const struct reading *r = &row->reading;
    (void)at;
    assert_int_equal(row->meter_no, 1);
    tell(told, "%lld+%lld", (long long)(r->ts_utc_ms - T0), (long long)(row->received_utc_ms - T0));
    for (int i = 0; i < r->channel_count; i++)
        tell(told, " %d=%lld", r->channels[i].channel, (long long)r->channels[i].value_wh);
    if (r->kind == FACT_INTERVAL)
        tell(told, " interval=%d", r->interval_s);
    if (r->has_power)
        tell(told, " power=%lld", (long long)r->power_w);
    if (r->voltage_mv.count)
        tell(told, " volts=%d:%d", r->voltage_mv.count, r->voltage_mv.value[r->voltage_mv.count - 1]);
    if (r->current_ma.count || r->power_factor_milli.count || r->frequency_mhz)
        tell(told, " %d %d %d", r->current_ma.value[0], r->power_factor_milli.value[0], r->frequency_mhz);
    if (r->has_seq)
        tell(told, " seq=%s/%lld", r->boot, (long long)r->seq);
    if (r->flags)
        tell(told, " flags=%u", r->flags);
    return tell(told, " %s %s\n", verdict_name(row->verdict), quality_name(row->quality));
}

static void readings_are(int order, const char *expected)
{
    struct told told = {0};
    WELL(facts_readings(facts, 1, INT64_MIN, INT64_MAX, order, 100, NULL, tell_reading, &told, &fault));
    assert_string_equal(told.text, expected);
}

static void a_reading_comes_back_as_it_was(void **state)
{
    struct reading_row row = reading_at(0, 5000);
    struct reading *r = &row.reading;
    (void)state;
    r->channel_count = 3;
    r->channels[1] = (struct channel_value){OBIS_EXPORT, 7};
    r->channels[2] = (struct channel_value){OBIS(1, 8, 1), INT64_C(9007199254740991)};
    r->has_power = true;
    r->power_w = -420;
    r->voltage_mv = (struct phases){3, {1, 2, 231000}};
    r->current_ma = (struct phases){1, {-1500}};
    r->power_factor_milli = (struct phases){1, {-970}};
    r->frequency_mhz = 59980;
    r->has_seq = true;
    r->seq = 7;
    strcpy(r->boot, "b1");
    r->flags = FLAG_TAMPER | FLAG_SERVER_TIME;
    begin();
    assert_false(put(&row));
    commit();
    static const char text[] = "0+5 10800=5000 10801=9007199254740991 20800=7 power=-420 volts=3:231000 -1500 -970 59980 seq=b1/7 flags=260 "
                               "accepted measured\n";
    readings_are(1, text);
    readings_are(-1, text); /* the same, whichever way it is listed */
    begin();
    assert_true(put(&row));
    commit();
    readings_are(1, text);
}

static void repetition_and_contradiction(void **state)
{
    struct reading_row row = reading_at(0, 5000), other = reading_at(0, 5001), more = reading_at(0, 5000);
    (void)state;
    begin();
    assert_false(put(&row));
    assert_true(put(&row));
    row.received_utc_ms += 1000; /* who brought it, and when, is no part of what was said */
    row.reading.flags = FLAG_TEST;
    assert_true(put(&row));
    assert_false(put(&other));
    more.received_utc_ms += 9;
    more.reading.channel_count = 2;
    more.reading.channels[1] = (struct channel_value){OBIS_EXPORT, 1};
    assert_false(put(&more)); /* one of its facts is new */
    assert_true(put(&more));
    row.reading.kind = FACT_INTERVAL;
    row.reading.interval_s = 900;
    assert_false(put(&row)); /* an interval is no register */
    row.reading.interval_s = 1800;
    assert_false(put(&row));
    commit();
    readings_are(1, "0+5 10800=5000 accepted measured\n0+5 10800=5001 accepted measured\n0+14 20800=1 accepted measured\n"
                    "0+1005 10800=5000 interval=900 flags=8 accepted measured\n0+1005 10800=5000 interval=1800 flags=8 accepted measured\n");
}

static int keep_cursor(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    (void)row;
    *(struct reading_cursor *)arg = *at;
    return 0;
}

/* Page by page tells the same as in one go, both ways, also where several readings share an instant. */
static void pages_of_readings(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 20; i++) {
        struct reading_row row = reading_at(i / 3 * 1000, 100 + i);
        row.received_utc_ms += i;
        put(&row);
    }
    commit();
    for (int order = -1; order <= 1; order += 2) {
        struct told whole = {0}, pages = {0};
        struct reading_cursor at = {0}, last = {0};
        bool begun = false;
        WELL(facts_readings(facts, 1, INT64_MIN, INT64_MAX, order, 100, NULL, tell_reading, &whole, &fault));
        for (int page = 0; page < 20; page++) {
            last = at;
            int before = pages.count;
            WELL(facts_readings(facts, 1, INT64_MIN, INT64_MAX, order, 4, begun ? &last : NULL, tell_reading, &pages, &fault));
            WELL(facts_readings(facts, 1, INT64_MIN, INT64_MAX, order, 4, begun ? &last : NULL, keep_cursor, &at, &fault));
            begun = true;
            if (pages.count == before)
                break;
        }
        assert_string_equal(pages.text, whole.text);
    }
    struct told few = {.stop_after = 3}; /* a callback may have enough */
    WELL(facts_readings(facts, 1, T0 + 1000, T0 + 3000, 1, 100, NULL, tell_reading, &few, &fault));
    assert_non_null(strstr(few.text, "1000+8 "));
    assert_null(strstr(few.text, "3000+"));
}

static void the_newest_reading(void **state)
{
    struct reading_row row = {.meter_no = 77}, later = reading_at(50, 6), earlier = reading_at(-50, 5);
    (void)state;
    assert_int_equal(facts_last_reading(facts, 1, &row, &fault), ERR_NOT_FOUND);
    assert_int_equal(row.meter_no, 77);
    begin();
    put(&later);
    put(&earlier);
    commit();
    WELL(facts_last_reading(facts, 1, &row, &fault));
    assert_int_equal(row.reading.ts_utc_ms, T0 + 50);
    assert_int_equal(facts_last_reading(facts, 2, &row, &fault), ERR_NOT_FOUND);
}

int tell_read(const struct read *read, void *arg)
{
    return tell(arg, "%lld=%lld/%d/%d/%u ", (long long)(read->ts_utc_ms - T0), (long long)read->value_wh, (int)read->kind, read->length_s,
                read->flags);
}

static void reads_are(int64_t from, int64_t until, int order, int64_t limit, const char *expected)
{
    struct told told = {0};
    WELL(facts_reads(facts, 1, OBIS_IMPORT, from, until, order, limit, tell_read, &told, &fault));
    assert_string_equal(told.text, expected);
}

static void reads_of_a_channel(void **state)
{
    struct reading_row row;
    int32_t channels[8];
    int count = -1;
    (void)state;
    begin();
    for (int i = 3; i >= 0; i--) {
        row = reading_at(i * 10, 100 + i);
        row.reading.flags = i == 2 ? FLAG_TEST : 0;
        row.reading.channel_count = 2;
        row.reading.channels[1] = (struct channel_value){OBIS_EXPORT, 1};
        put(&row);
    }
    row = reading_at(10, 99);
    put(&row);
    row = reading_at(10, 100);
    row.reading.kind = FACT_INTERVAL;
    row.reading.interval_s = 900;
    put(&row);
    row.meter_no = 2;
    put(&row);
    commit();
    reads_are(INT64_MIN, INT64_MAX, 1, 0, "0=100/0/0/0 10=99/0/0/0 10=101/0/0/0 10=100/1/900/0 20=102/0/0/8 30=103/0/0/0 ");
    reads_are(T0 + 10, T0 + 30, 1, 0, "10=99/0/0/0 10=101/0/0/0 10=100/1/900/0 20=102/0/0/8 ");
    reads_are(INT64_MIN, T0 + 30, -1, 3, "20=102/0/0/8 10=100/1/900/0 10=101/0/0/0 ");
    reads_are(T0 + 31, INT64_MAX, 1, 0, "");
    WELL(facts_channels(facts, 1, 8, channels, &count, &fault));
    assert_true(count == 2 && channels[0] == OBIS_IMPORT && channels[1] == OBIS_EXPORT);
    WELL(facts_channels(facts, 1, 1, channels, &count, &fault));
    assert_int_equal(count, 1);
    WELL(facts_channels(facts, 3, 8, channels, &count, &fault));
    assert_int_equal(count, 0);
}

/* ---- the batch ---- */

static int tell_instant(int64_t ts_utc_ms, void *arg)
{
    return tell(arg, "%lld ", (long long)(ts_utc_ms - T0));
}

/* An instant counts once, however many facts tell of it. */
static void instants_of_a_meter(void **state)
{
    struct told told = {0}, back = {.stop_after = 2}, none = {0};
    (void)state;
    begin();
    for (int i = 0; i < 4; i++) {
        struct reading_row row = reading_at(i * 1000, 5000 + i), other = row;
        row.reading.channel_count = 2;
        row.reading.channels[1] = (struct channel_value){OBIS_EXPORT, 7};
        put(&row);
        other.reading.channels[0].value_wh = 1;
        put(&other);
        other.meter_no = 2;
        other.reading.ts_utc_ms += 500;
        put(&other);
    }
    commit();
    WELL(facts_instants(facts, 1, T0 + 1000, T0 + 3000, 1, tell_instant, &told, &fault));
    assert_string_equal(told.text, "1000 2000 ");
    WELL(facts_instants(facts, 1, INT64_MIN, INT64_MAX, -1, tell_instant, &back, &fault));
    assert_string_equal(back.text, "3000 2000 ");
    WELL(facts_instants(facts, 3, INT64_MIN, INT64_MAX, 1, tell_instant, &none, &fault));
    assert_int_equal(none.count, 0);
}

static void all_of_a_batch_or_nothing(void **state)
{
    struct reading_row row = reading_at(0, 5), other = reading_at(1, 6);
    struct mark mark = {.meter_no = 1, .from_utc_ms = 5, .until_utc_ms = 9};
    (void)state;
    begin();
    put(&row);
    WELL(facts_add_number(facts, "n", 5, &fault));
    commit();
    begin();
    put(&other);
    WELL(facts_add_number(facts, "n", 5, &fault));
    WELL(facts_put_mark(facts, &mark, &fault));
    readings_are(1, "0+5 10800=5 accepted measured\n1+5 10800=6 accepted measured\n"); /* the own open batch is seen */
    facts_rollback(facts);
    readings_are(1, "0+5 10800=5 accepted measured\n");
    bool marked = true;
    WELL(facts_meter_marked(facts, 1, &marked, &fault));
    assert_false(marked);
    facts_rollback(facts); /* harmless where none is open */
    begin();
    assert_false(put(&other)); /* it had not been there */
    commit();
}

/* Adding, replacing and removing the same things over and over, then taking it all back. */
static void a_rollback_takes_everything_back(void **state)
{
    struct told before = {0}, after = {0};
    struct status_row status = {.meter_no = 1};
    (void)state;
    begin();
    for (int i = 0; i < 50; i++) {
        struct reading_row row = reading_at(i, i);
        put(&row);
    }
    WELL(facts_put_status(facts, &status, &fault));
    WELL(facts_put_unclaimed(facts, "x", 1, "p", 1, 10, &fault));
    commit();
    WELL(facts_readings(facts, 1, INT64_MIN, INT64_MAX, 1, 100, NULL, tell_reading, &before, &fault));
    begin();
    for (int i = 0; i < 100; i++) {
        struct reading_row row = reading_at(i / 2, 1000 + i % 7);
        put(&row);
        status.online = !status.online;
        status.changed_utc_ms = i;
        WELL(facts_put_status(facts, &status, &fault));
        WELL(facts_put_unclaimed(facts, "x", 1, "q", 1, 3, &fault));
        WELL(facts_set_number(facts, "n", i, &fault));
    }
    facts_rollback(facts);
    WELL(facts_readings(facts, 1, INT64_MIN, INT64_MAX, 1, 100, NULL, tell_reading, &after, &fault));
    assert_string_equal(after.text, before.text);
    WELL(facts_status(facts, 1, &status, &fault));
    assert_true(!status.online && status.changed_utc_ms == 0);
}

/* ---- refusals ---- */

static int tell_refusal(const struct refusal *refusal, void *arg)
{
    return tell(arg, "%lld %s %s %s %zu%s%s ", (long long)refusal->meter_no, refusal->meter_id, verdict_name(refusal->verdict), refusal->detail,
                refusal->payload_len, refusal->has_ts ? " ts" : "", refusal->has_seq ? " seq" : "");
}

static void refusals_are_kept_bounded(void **state)
{
    static char large[5000];
    struct refusal refusal = {.received_utc_ms = T0, .verdict = VERDICT_BAD_JSON, .detail = "d", .payload = large, .payload_len = sizeof large};
    struct told told = {0};
    (void)state;
    begin();
    for (int i = 0; i < 100; i++) {
        snprintf(refusal.meter_id, sizeof refusal.meter_id, "m%d", i);
        refusal.meter_no = i % 2 ? 1 : 0;
        refusal.has_ts = i == 99;
        refusal.has_seq = i == 98;
        WELL(facts_put_refusal(facts, &refusal, 10, &fault));
    }
    refusal.payload = NULL;
    WELL(facts_put_refusal(facts, &refusal, 10, &fault));
    commit();
    WELL(facts_refusals(facts, 0, 0, 100, tell_refusal, &told, &fault));
    assert_int_equal(told.count, 10);
    assert_non_null(strstr(told.text, "1 m99 bad_json d 0 ts 1 m99 bad_json d 1024 ts 0 m98 bad_json d 1024 seq 1 m97 bad_json d 1024 "));
    told = (struct told){0};
    WELL(facts_refusals(facts, 1, 0, 3, tell_refusal, &told, &fault));
    assert_string_equal(told.text, "1 m99 bad_json d 0 ts 1 m99 bad_json d 1024 ts 1 m97 bad_json d 1024 ");
}

static int keep_id(const struct refusal *refusal, void *arg)
{
    *(int64_t *)arg = refusal->refusal_id;
    return 0;
}

static void refusals_by_page(void **state)
{
    struct refusal refusal = {.verdict = VERDICT_FUTURE};
    int64_t before = 0, last = INT64_MAX;
    int pages = 0;
    (void)state;
    begin();
    for (int i = 0; i < 10; i++)
        WELL(facts_put_refusal(facts, &refusal, 100, &fault));
    commit();
    do {
        int64_t at = 0;
        WELL(facts_refusals(facts, 0, before, 3, keep_id, &at, &fault));
        if (at == 0)
            break;
        assert_true(at < last); /* newest first */
        before = last = at;
        pages++;
    } while (pages < 20);
    assert_int_equal(pages, 4);
}

/* ---- unclaimed ---- */

static int tell_unclaimed(int64_t received_utc_ms, const void *payload, size_t len, void *arg)
{
    return tell(arg, "%lld:%.*s ", (long long)received_utc_ms, (int)len, (const char *)payload);
}

static int tell_name(const char *meter_id, void *arg)
{
    return tell(arg, "%s ", meter_id);
}

static void unclaimed_readings(void **state)
{
    struct told told = {0};
    int count = -1;
    (void)state;
    begin();
    for (int i = 1; i <= 5; i++) {
        char payload[8];
        snprintf(payload, sizeof payload, "p%d", i);
        WELL(facts_put_unclaimed(facts, "b", T0 + i, payload, 2, 3, &fault));
    }
    WELL(facts_put_unclaimed(facts, "a", 7, "", 0, 3, &fault));
    commit();
    WELL(facts_unclaimed_names(facts, 10, tell_name, &told, &fault));
    assert_string_equal(told.text, "a b ");
    told = (struct told){0};
    begin();
    WELL(facts_take_unclaimed(facts, "b", 2, tell_unclaimed, &told, &count, &fault));
    commit();
    assert_int_equal(count, 2);
    assert_string_equal(told.text, "1795348800003:p3 1795348800004:p4 "); /* the newest three were kept, the oldest go first */
    begin();
    WELL(facts_take_unclaimed(facts, "b", 2, tell_unclaimed, &told, &count, &fault));
    assert_int_equal(count, 1);
    WELL(facts_take_unclaimed(facts, "b", 2, tell_unclaimed, &told, &count, &fault));
    assert_int_equal(count, 0);
    WELL(facts_prune_unclaimed(facts, 8, &fault));
    commit();
    told = (struct told){0};
    WELL(facts_unclaimed_names(facts, 10, tell_name, &told, &fault));
    assert_string_equal(told.text, "");
}

/* What is taken is stored from within the listing: that is how a name is replayed. */
static int put_taken(int64_t received_utc_ms, const void *payload, size_t len, void *arg)
{
    struct reading_row row = reading_at(received_utc_ms, 5);
    (void)payload;
    (void)len;
    (void)arg;
    put(&row);
    return 0;
}

static void writing_while_listing(void **state)
{
    int count = 0;
    (void)state;
    begin();
    for (int i = 0; i < 20; i++)
        WELL(facts_put_unclaimed(facts, "b", i, "x", 1, 100, &fault));
    WELL(facts_take_unclaimed(facts, "b", 100, put_taken, NULL, &count, &fault));
    commit();
    assert_int_equal(count, 20);
    struct told told = {0};
    WELL(facts_reads(facts, 1, OBIS_IMPORT, INT64_MIN, INT64_MAX, 1, 0, tell_read, &told, &fault));
    assert_int_equal(told.count, 20);
}

static const struct CMUnitTest fact_tests[] = {
    CASE(a_reading_comes_back_as_it_was),
    CASE(repetition_and_contradiction),
    CASE(pages_of_readings),
    CASE(the_newest_reading),
    CASE(reads_of_a_channel),
    CASE(instants_of_a_meter),
    CASE(all_of_a_batch_or_nothing),
    CASE(a_rollback_takes_everything_back),
    CASE(refusals_are_kept_bounded),
    CASE(refusals_by_page),
    CASE(unclaimed_readings),
    CASE(writing_while_listing),
};

int main(int argc, char **argv)
{
    struct CMUnitTest all[100];
    size_t count = sizeof fact_tests / sizeof fact_tests[0];
    if (argc != 2 || (strcmp(argv[1], "sqlite") != 0 && strcmp(argv[1], "memory") != 0 && strcmp(argv[1], "faulty") != 0)) {
        fprintf(stderr, "usage: contract_facts sqlite|memory|faulty\n");
        return 2;
    }
    backend = argv[1];
    memcpy(all, fact_tests, sizeof fact_tests);
    memcpy(all + count, derived_tests, derived_test_count * sizeof *all);
    count += derived_test_count;
    memcpy(all + count, told_tests, told_test_count * sizeof *all);
    count += told_test_count;
    memcpy(all + count, newest_tests, newest_test_count * sizeof *all);
    count += newest_test_count;
    memcpy(all + count, sealed_tests, sealed_test_count * sizeof *all);
    count += sealed_test_count;
    return _cmocka_run_group_tests(backend, all, count, NULL, NULL);
}
