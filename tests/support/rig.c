#include "tests/support/rig.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/civil.h"
#include "tests/support/faulty_store.h"
#include "wire/tariff_json.h"

#define PAYLOAD_TEXT 300000
#define DOCUMENT_TEXT 262144

static int64_t now_of(void *arg)
{
    return ((struct rig *)arg)->now_ms;
}

static int64_t monotonic_of(void *arg)
{
    return ((struct rig *)arg)->monotonic_ms;
}

static void well(enum err err, const struct fault *fault)
{
    if (err != OK)
        fail_msg("%s: %s", err_name(err), fault->text);
}

static bool take_sent(void *arg, const struct outgoing *message)
{
    struct rig *rig = arg;
    if (rig->refuses)
        return false;
    if (rig->sent_count == rig->sent_cap) {
        rig->sent_cap = rig->sent_cap ? 2 * rig->sent_cap : 64;
        rig->sent = realloc(rig->sent, (size_t)rig->sent_cap * sizeof *rig->sent);
    }
    struct rig_sent *sent = &rig->sent[rig->sent_count++];
    sent->topic = strdup(message->topic);
    sent->payload = calloc(1, message->payload_len + 1);
    memcpy(sent->payload, message->payload, message->payload_len);
    sent->len = message->payload_len;
    sent->retained = message->retained;
    sent->id = message->id;
    sent->at_ms = rig->monotonic_ms;
    return true;
}

static void start(struct rig *rig)
{
    struct fault fault = {0};
    struct facts *inner = NULL;
    struct records_options options = {.path = rig->records_path, .mode = RECORDS_CREATE};
    well(records_open(&options, &fault, &rig->records), &fault);
    well(facts_open_sqlite(rig->ledger, FACTS_WRITER, &fault, &inner), &fault);
    rig->facts = faulty_open(inner);
    struct pipeline_parts parts = {.facts = rig->facts,
                                   .records = rig->records,
                                   .zones = rig->zones,
                                   .clock = {now_of, monotonic_of, rig},
                                   .auto_register = rig->auto_register,
                                   .refusals_kept = 1000,
                                   .bill_publish_s = rig->bill_publish_s,
                                   .resends_per_minute = rig->resends_per_minute,
                                   .silent_intervals = rig->silent_intervals,
                                   .silent_min_s = 3600,
                                   .derive_rest_ms = rig->derive_rest_ms,
                                   .seal_after_days = rig->seal_after_days,
                                   .login_file = rig->broker_files ? rig->logins : "",
                                   .acl_file = rig->broker_files ? rig->acl : "",
                                   .send = take_sent,
                                   .send_arg = rig};
    well(pipeline_create(&parts, &fault, &rig->pipeline), &fault);
}

static void stop(struct rig *rig)
{
    pipeline_destroy(rig->pipeline);
    facts_close(rig->facts);
    records_close(rig->records);
}

static void forget_said(struct rig *rig)
{
    for (int i = 0; i < rig->said_count; i++) {
        free((void *)rig->said[i].topic);
        free((void *)rig->said[i].payload);
    }
    rig->said_count = 0;
}

void rig_open(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    snprintf(rig->folder, sizeof rig->folder, "/tmp/qw-rig-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    snprintf(rig->ledger, sizeof rig->ledger, "%s/ledger.db", rig->folder);
    snprintf(rig->records_path, sizeof rig->records_path, "%s/records.db", rig->folder);
    snprintf(rig->logins, sizeof rig->logins, "%s/logins", rig->folder);
    snprintf(rig->acl, sizeof rig->acl, "%s/acl", rig->folder);
    rig->now_ms = RIG_NOW;
    rig->monotonic_ms = 1000000;
    rig->auto_register = (struct auto_register){true, 100, 1000};
    rig->bill_publish_s = 60;
    rig->resends_per_minute = 600;
    rig->zones = zones_create(ZONES_DIR_DEFAULT);
    assert_non_null(rig->zones);
    start(rig);
    rig_setting(rig, "default_tz", "America/Sao_Paulo");
}

void rig_close(struct rig *rig)
{
    char command[64];
    stop(rig);
    zones_destroy(rig->zones);
    forget_said(rig);
    free(rig->said);
    for (int i = 0; i < rig->sent_count; i++) {
        free(rig->sent[i].topic);
        free(rig->sent[i].payload);
    }
    free(rig->sent);
    snprintf(command, sizeof command, "rm -rf %s", rig->folder);
    assert_int_equal(system(command), 0);
}

void rig_restart(struct rig *rig)
{
    stop(rig);
    forget_said(rig);
    start(rig);
}

void rig_advance(struct rig *rig, int64_t ms)
{
    rig->now_ms += ms;
    rig->monotonic_ms += ms;
}

void rig_say_bytes(struct rig *rig, const char *topic, const void *payload, size_t len)
{
    if (rig->said_count == rig->said_cap) {
        rig->said_cap = rig->said_cap ? 2 * rig->said_cap : 64;
        rig->said = realloc(rig->said, (size_t)rig->said_cap * sizeof *rig->said);
    }
    char *copy = malloc(len ? len : 1);
    memcpy(copy, payload, len);
    rig->said[rig->said_count++] = (struct message){strdup(topic), strlen(topic), copy, len, rig->now_ms};
}

void rig_say(struct rig *rig, const char *topic, const char *payload, ...)
{
    static char text[PAYLOAD_TEXT];
    va_list args;
    va_start(args, payload);
    int len = vsnprintf(text, sizeof text, payload, args);
    va_end(args);
    assert_in_range(len, 0, sizeof text - 1);
    rig_say_bytes(rig, topic, text, (size_t)len);
}

void rig_read(struct rig *rig, const char *meter_id, int64_t ts_ms, int64_t energy_wh)
{
    char topic[96];
    snprintf(topic, sizeof topic, "meters/%s/readings", meter_id);
    rig_say(rig, topic, "{\"energy_wh\":%lld,\"ts\":%lld}", (long long)energy_wh, (long long)ts_ms);
}

enum err rig_store_once(struct rig *rig)
{
    struct fault fault = {0};
    struct journal_position next = {1, rig->position + rig->said_count};
    enum err err = pipeline_store(rig->pipeline, rig->said, (size_t)rig->said_count, next, &fault);
    if (err == OK) {
        rig->position = next.offset;
        forget_said(rig);
    }
    return err;
}

void rig_store(struct rig *rig)
{
    enum err err = OK;
    for (int tries = 0; tries < 10; tries++)
        if ((err = rig_store_once(rig)) == OK)
            return;
    fail_msg("a batch is not taken: %s", err_name(err));
}

void rig_derive(struct rig *rig)
{
    struct fault fault = {0};
    bool more = true;
    for (int rounds = 0; more; rounds++) {
        enum err err = pipeline_derive(rig->pipeline, 100, &more, &fault);
        if (err != OK && err != ERR_RETRY && err != ERR_UNCERTAIN)
            well(err, &fault);
        if (err != OK)
            more = true;
        if (rounds > 10000)
            fail_msg("marks never end");
    }
}

static void acknowledge_sent(struct rig *rig, int from)
{
    for (int i = from; i < rig->sent_count && !rig->never_published; i++)
        if (rig->sent[i].id)
            pipeline_published(rig->pipeline, rig->sent[i].id);
}

void rig_tend(struct rig *rig)
{
    struct fault fault = {0};
    enum err err = ERR_RETRY;
    for (int tries = 0; tries < 10 && (err == ERR_RETRY || err == ERR_UNCERTAIN); tries++)
        err = pipeline_tend(rig->pipeline, &fault);
    well(err, &fault);
}

void rig_settle(struct rig *rig)
{
    int before = rig->sent_count;
    if (rig->said_count > 0)
        rig_store(rig);
    rig_tend(rig);
    rig_derive(rig);
    acknowledge_sent(rig, before);
    rig_tend(rig);
}

void rig_run(struct rig *rig, int64_t ms, int64_t step_ms)
{
    for (int64_t passed = 0; passed < ms; passed += step_ms) {
        int before = rig->sent_count;
        rig_advance(rig, step_ms);
        rig_tend(rig);
        rig_derive(rig);
        acknowledge_sent(rig, before);
    }
}

struct wanted {
    const char *name;
    int64_t value;
};

static int find_number(const char *name, int64_t value, void *arg)
{
    struct wanted *wanted = arg;
    if (strcmp(name, wanted->name) == 0)
        wanted->value = value;
    return 0;
}

int64_t rig_number(struct rig *rig, const char *name)
{
    struct wanted wanted = {name, 0};
    struct fault fault = {0};
    well(facts_numbers(rig->facts, find_number, &wanted, &fault), &fault);
    return wanted.value;
}

int64_t rig_meter_no(struct rig *rig, const char *meter_id)
{
    struct point_record record;
    return records_point_by_id(rig->records, meter_id, NULL, &record) == OK ? record.meter_no : 0;
}

int rig_count(const struct rig *rig, const char *topic)
{
    int count = 0;
    for (int i = 0; i < rig->sent_count; i++)
        count += strcmp(rig->sent[i].topic, topic) == 0;
    return count;
}

const struct rig_sent *rig_nth(const struct rig *rig, const char *topic, int n)
{
    for (int i = 0; i < rig->sent_count; i++)
        if (strcmp(rig->sent[i].topic, topic) == 0 && n-- == 0)
            return &rig->sent[i];
    return NULL;
}

const char *rig_last(const struct rig *rig, const char *topic)
{
    const struct rig_sent *sent = rig_nth(rig, topic, rig_count(rig, topic) - 1);
    return sent ? sent->payload : "";
}

static int keep_day(const struct day_row *row, void *arg)
{
    *(struct day *)arg = row->day;
    return 0;
}

struct day rig_day(struct rig *rig, const char *meter_id, const char *date)
{
    struct day day = {0};
    struct fault fault = {0};
    int32_t number;
    assert_true(civil_parse(date, &number));
    well(facts_days(rig->facts, rig_meter_no(rig, meter_id), OBIS_IMPORT, number, number + 1, keep_day, &day, &fault), &fault);
    return day;
}

static int add_total(int64_t meter_no, int32_t day, const struct energy_sum *sum, void *arg)
{
    (void)meter_no;
    (void)day;
    *(int64_t *)arg += sum->wh;
    return 0;
}

static int keep_verdict(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    (void)at;
    *(enum verdict *)arg = row->verdict;
    return 1;
}

enum verdict rig_verdict(struct rig *rig, const char *meter_id, int64_t ts_ms)
{
    enum verdict verdict = VERDICT_TEST;
    struct fault fault = {0};
    assert_int_equal(facts_readings(rig->facts, rig_meter_no(rig, meter_id), ts_ms, ts_ms + 1, 1, 1, NULL, keep_verdict, &verdict, &fault), OK);
    return verdict;
}

int64_t rig_total_wh(struct rig *rig, const char *meter_id)
{
    int64_t total = 0;
    struct fault fault = {0};
    well(facts_day_sums(rig->facts, rig_meter_no(rig, meter_id), OBIS_IMPORT, -1000000, 1000000, add_total, &total, &fault), &fault);
    return total;
}

static int keep_document(const struct bill_row *row, void *arg)
{
    snprintf(arg, DOCUMENT_TEXT, "%s", row->document);
    return 1;
}

const char *rig_bill(struct rig *rig, const char *bill_id)
{
    static char document[DOCUMENT_TEXT];
    document[0] = '\0';
    facts_bill(rig->facts, bill_id, keep_document, document, NULL);
    return document;
}

static int write_day(const struct day_row *row, void *arg)
{
    struct buf *out = arg;
    char date[CIVIL_TEXT_SIZE];
    civil_format(row->day.local_day, date);
    buf_printf(out, "day %lld %d %s %lld:", (long long)row->meter_no, row->channel, date, (long long)row->day.start_utc_ms);
    for (int i = 0; i < row->day.slot_count; i++)
        buf_printf(out, " %lld%c", (long long)row->day.slots[i].wh, "-mepd"[row->day.slots[i].quality]);
    buf_char(out, '\n');
    return 0;
}

static int write_reading(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    (void)at;
    buf_printf(arg, "read %lld %lld", (long long)row->meter_no, (long long)row->reading.ts_utc_ms);
    for (int i = 0; i < row->reading.channel_count; i++)
        buf_printf(arg, " %d=%lld", row->reading.channels[i].channel, (long long)row->reading.channels[i].value_wh);
    buf_printf(arg, " %s\n", verdict_name(row->verdict));
    return 0;
}

static int write_bill(const struct bill_row *row, void *arg)
{
    buf_printf(arg, "bill %s %s\n", row->bill_id, row->document);
    return 0;
}

void rig_derived(struct rig *rig, struct buf *out)
{
    struct point_record points[100];
    struct point_filter filter = {0};
    size_t count = 0;
    struct fault fault = {0};
    well(records_point_list(rig->records, &filter, 100, &fault, points, &count), &fault);
    for (size_t i = 0; i < count; i++) {
        int32_t channels[32];
        int channel_count = 0;
        well(facts_channels(rig->facts, points[i].meter_no, 32, channels, &channel_count, &fault), &fault);
        for (int c = 0; c < channel_count; c++) {
            well(facts_days(rig->facts, points[i].meter_no, channels[c], -1000000, 1000000, write_day, out, &fault), &fault);
            well(facts_days(rig->facts, points[i].meter_no, decision_base_channel(channels[c]), -1000000, 1000000, write_day, out, &fault), &fault);
        }
        well(facts_readings(rig->facts, points[i].meter_no, INT64_MIN, INT64_MAX, 1, 1000000, NULL, write_reading, out, &fault), &fault);
        well(facts_bills(rig->facts, points[i].meter_no, -1, 0, NULL, 1000, write_bill, out, &fault), &fault);
    }
    assert_false(out->overflow);
}

void rig_setting(struct rig *rig, const char *name, const char *value)
{
    struct actor actor = {"test", rig->now_ms};
    struct fault fault = {0};
    well(records_setting_set(rig->records, &actor, name, value, 0, &fault), &fault);
    rig_tend(rig);
}

void rig_tariff(struct rig *rig, const char *json)
{
    struct actor actor = {"test", rig->now_ms};
    struct fault fault = {0};
    struct tariff *tariff = NULL;
    int64_t revision;
    well(tariff_parse(json, strlen(json), &fault, &tariff), &fault);
    well(records_tariff_put(rig->records, &actor, tariff->tariff_id, json, strlen(json), tariff->version_hash, RECORDS_ANY_REVISION, &fault,
                            &revision),
         &fault);
    rig_setting(rig, "default_tariff", tariff->tariff_id);
    tariff_destroy(tariff);
}

void rig_meter(struct rig *rig, const char *meter_id, const char *tz, int reading_interval_s)
{
    struct actor actor = {"test", rig->now_ms};
    struct fault fault = {0};
    struct point_record record;
    int64_t meter_no;
    point_record_init(&record);
    snprintf(record.meter_id, sizeof record.meter_id, "%s", meter_id);
    snprintf(record.tz, sizeof record.tz, "%s", tz);
    record.reading_interval_s = reading_interval_s;
    well(records_point_add(rig->records, &actor, &record, &fault, &meter_no), &fault);
    rig_tend(rig);
}
