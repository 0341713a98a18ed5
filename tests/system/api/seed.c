/*
 * Fills a ledger as the ingestor would, so that the API can be tried without one. Through store/facts.h alone.
 *
 *   api_seed LEDGER RECORDS history METER DAYS   quarter-hours and readings until now, a heartbeat, status, bills, alerts
 *   api_seed LEDGER RECORDS tail METER COUNT     COUNT events of the live tail: readings, every tenth an alert
 *   api_seed LEDGER RECORDS exceptions METER 0   refusals, judgements and events
 *   api_seed LEDGER RECORDS judged METER DAYS    two reads set aside now, and two DAYS ago
 *   api_seed LEDGER RECORDS found METER DAYS     what checks found on each of the last closed days: two on the even ones, else one
 *   api_seed LEDGER RECORDS drafts METER COUNT   COUNT bills of one day each, which ended a month ago and before
 *   api_seed LEDGER RECORDS forget               an empty tail, as ten minutes later
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "daemon/zones.h"
#include "seed_drafts.h"
#include "store/facts.h"
#include "store/records.h"
#include "wire/alert_json.h"
#include "wire/bill_json.h"

#define REGISTER_START_WH 1000000
#define QUARTER_WH 125

struct seeder {
    struct facts *facts;
    struct records *records;
    struct point_record point;
    const struct zone *zone;
    int64_t now_utc_ms;
    struct fault fault;
};

static void check(struct seeder *seeder, enum err err, const char *what)
{
    if (err == OK)
        return;
    fprintf(stderr, "api_seed: %s: %s: %s\n", what, err_name(err), seeder->fault.text);
    exit(1);
}

static void put_day(struct seeder *seeder, int32_t local_day)
{
    struct day_row row = {.meter_no = seeder->point.meter_no, .channel = OBIS_IMPORT};
    day_init(&row.day, local_day, zone_midnight_utc_ms(seeder->zone, local_day), zone_midnight_utc_ms(seeder->zone, local_day + 1));
    for (int i = 0; i < row.day.slot_count; i++) {
        int64_t end = row.day.start_utc_ms + (i + 1) * QUARTER_MS;
        if (end <= seeder->now_utc_ms)
            row.day.slots[i] = (struct slot){QUARTER_WH, i % 24 == 7 ? QUALITY_ESTIMATED : QUALITY_MEASURED};
    }
    check(seeder, facts_put_day(seeder->facts, &row, &seeder->fault), "day");
}

static void put_readings(struct seeder *seeder, int64_t from_utc_ms)
{
    int64_t register_wh = REGISTER_START_WH, seq = 1;
    for (int64_t ts = instant_floor(from_utc_ms, QUARTER_MS); ts <= seeder->now_utc_ms; ts += QUARTER_MS, seq++, register_wh += QUARTER_WH) {
        struct reading_row row = {.meter_no = seeder->point.meter_no, .received_utc_ms = ts + 700, .quality = QUALITY_MEASURED};
        bool repeated;
        row.reading = (struct reading){.ts_utc_ms = ts,
                                       .channel_count = 3,
                                       .has_power = true,
                                       .power_w = 500,
                                       .frequency_mhz = 60010,
                                       .has_seq = true,
                                       .seq = seq,
                                       .channels = {{OBIS_IMPORT, register_wh}, {OBIS_EXPORT, 12}, {OBIS(1, 8, 1), register_wh / 2}},
                                       .voltage_mv = {.count = seq % 2 == 0 ? 3 : 1, .value = {229500, 230100, 228700}},
                                       .flags = seq % 50 == 0 ? FLAG_POWER_FAIL : 0,
                                       .boot = "b1"};
        check(seeder, facts_put_reading(seeder->facts, &row, &repeated, &seeder->fault), "reading");
    }
}

static void put_drafts(struct seeder *seeder, const struct draft_plan *plan)
{
    check(seeder, seed_drafts(seeder->facts, seeder->records, &seeder->point, seeder->zone, plan, &seeder->fault), "drafts");
}

/* Of thirty days, ten of which are over. */
static void put_open_bill(struct seeder *seeder)
{
    enum { days = 30 };
    static struct bill bill;
    struct buf document;
    int32_t today = zone_local_day(seeder->zone, seeder->now_utc_ms);
    memset(&bill, 0, sizeof bill);
    bill.meter_no = seeder->point.meter_no;
    bill.state = BILL_OPEN;
    bill.until_day = today + 20;
    bill.from_day = bill.until_day - days;
    bill.days = days;
    bill.import_wh = 240000;
    bill.minor_digits = 2;
    bill.as_of_utc_ms = seeder->now_utc_ms;
    bill.subtotal.minor = 22627;
    bill.total.minor = 23877;
    bill.forecast.known = true;
    bill.forecast.total.minor = 24000;
    bill.line_count = 1;
    bill.lines[0].amount.minor = 22627;
    bill.lines[0].quality = QUALITY_MEASURED;
    bill.lines[0].taxed = 1;
    bill.lines[0].tax_minor[0] = 4073;
    text_copy(bill.lines[0].id, NAME_SIZE, "energy");
    text_copy(bill.lines[0].unit, sizeof bill.lines[0].unit, "kWh");
    text_copy(bill.lines[0].quantity, DECIMAL_TEXT_SIZE, "240");
    text_copy(bill.lines[0].unit_price, DECIMAL_TEXT_SIZE, "0.94279");
    text_copy(bill.lines[0].segment, sizeof bill.lines[0].segment, "2026-10-01/2026-10-31");
    text_copy(bill.lines[0].rule, sizeof bill.lines[0].rule, "/versions/0/charges/0");
    text_copy(bill.lines[0].exact, sizeof bill.lines[0].exact, "22627/1");
    text_copy(bill.meter_id, sizeof bill.meter_id, seeder->point.meter_id);
    text_copy(bill.currency, sizeof bill.currency, "BRL");
    text_copy(bill.tariff_id, sizeof bill.tariff_id, "flat");
    text_copy(bill.version_hash, sizeof bill.version_hash, "0123456789abcdef0123456789abcdef");
    snprintf(bill.account_id, sizeof bill.account_id, "%.60s-1", bill.meter_id);
    snprintf(bill.bill_id, sizeof bill.bill_id, "%.60s-0", bill.meter_id);
    buf_init(&document, 65536);
    bill_write(&document, &bill, DAYS_START_EXCLUSIVE);
    struct bill_row row = {.meter_no = bill.meter_no,
                           .state = BILL_OPEN,
                           .from_day = bill.from_day,
                           .until_day = bill.until_day,
                           .total_minor = bill.total.minor,
                           .complete = bill.complete,
                           .as_of_utc_ms = bill.as_of_utc_ms,
                           .document = document.data};
    text_copy(row.bill_id, sizeof row.bill_id, bill.bill_id);
    text_copy(row.account_id, sizeof row.account_id, bill.account_id);
    check(seeder, facts_put_bill(seeder->facts, &row, &seeder->fault), "bill");
    buf_finish(&document);
}

static void put_alert(struct seeder *seeder, enum alert_kind kind, enum alert_state state, int64_t since_utc_ms)
{
    struct alert_row row = {.alert = {.revision = 1,
                                      .subject = SUBJECT_METER,
                                      .meter_no = seeder->point.meter_no,
                                      .kind = kind,
                                      .severity = SEVERITY_WARNING,
                                      .state = state,
                                      .since_utc_ms = since_utc_ms,
                                      .until_utc_ms = state == ALERT_RESOLVED ? since_utc_ms + MS_PER_HOUR : 0,
                                      .updated_utc_ms = since_utc_ms,
                                      .value = 21000,
                                      .threshold = 20000}};
    struct buf document;
    text_copy(row.alert.subject_id, sizeof row.alert.subject_id, seeder->point.meter_id);
    text_copy(row.alert.message_pt_br, ALERT_TEXT_SIZE, "Consumo acima do normal: \"21\" kWh");
    text_copy(row.alert.message_en, ALERT_TEXT_SIZE, "Use above the usual: \"21\" kWh");
    alert_identify(&row.alert);
    buf_init(&document, 4096);
    alert_write(&document, &row.alert);
    row.document = document.data;
    check(seeder, facts_put_alert(seeder->facts, &row, &seeder->fault), "alert");
    buf_finish(&document);
}

static void put_refusal(struct seeder *seeder, const char *meter_id, enum verdict verdict, const char *detail, const char *payload, int64_t ago_ms)
{
    struct refusal row = {.received_utc_ms = seeder->now_utc_ms - ago_ms, .verdict = verdict, .payload = payload, .payload_len = strlen(payload)};
    if (strcmp(meter_id, seeder->point.meter_id) == 0)
        row.meter_no = seeder->point.meter_no;
    row.has_ts = row.meter_no != 0;
    row.ts_utc_ms = row.received_utc_ms + MS_PER_HOUR;
    row.has_seq = row.meter_no == 0;
    row.seq = 7;
    text_copy(row.meter_id, sizeof row.meter_id, meter_id);
    text_copy(row.detail, sizeof row.detail, detail);
    check(seeder, facts_put_refusal(seeder->facts, &row, 1000, &seeder->fault), "refusal");
}

static void put_judgement(struct seeder *seeder, int64_t ago_ms, int32_t channel, int64_t value_wh, enum verdict verdict)
{
    struct judgement row = {.meter_no = seeder->point.meter_no,
                            .ts_utc_ms = instant_floor(seeder->now_utc_ms - ago_ms, QUARTER_MS),
                            .channel = channel,
                            .kind = FACT_REGISTER,
                            .value_wh = value_wh,
                            .verdict = verdict};
    check(seeder, facts_put_judgement(seeder->facts, &row, &seeder->fault), "judgement");
}

static void put_event(struct seeder *seeder, const char *event, const char *document, int64_t ago_ms)
{
    struct event_row row = {.meter_no = seeder->point.meter_no,
                            .ts_utc_ms = seeder->now_utc_ms - ago_ms,
                            .received_utc_ms = seeder->now_utc_ms - ago_ms + 300,
                            .document = document};
    bool repeated;
    text_copy(row.event, sizeof row.event, event);
    check(seeder, facts_put_event(seeder->facts, &row, &repeated, &seeder->fault), "event");
}

/* Refusals (some at one instant), judgements of every kind and at one instant, and events, one of them large. */
static void exceptions(struct seeder *seeder)
{
    char large[9000];
    snprintf(large, sizeof large, "{\"event\":\"tamper\",\"n\":\"%0*d\"}", 8900, 0);
    put_refusal(seeder, seeder->point.meter_id, VERDICT_BAD_JSON, "broken \xe2\x82", "{\"energy_wh\":\xff<script>\"\xc3\n", MS_PER_HOUR);
    put_refusal(seeder, "nobody-knows", VERDICT_UNKNOWN_METER, "no such meter", "{}", MS_PER_HOUR);
    for (int i = 0; i < 6; i++)
        put_refusal(seeder, seeder->point.meter_id, VERDICT_FUTURE, "ts is too far ahead", i % 2 == 0 ? "{\"energy_wh\":1}" : "{\"energy_wh\":2}",
                    (i / 2) * MS_PER_MIN);
    for (int i = 0; i < 10; i++) {
        put_judgement(seeder, MS_PER_HOUR, OBIS_IMPORT, 1000 + i, VERDICT_ROLLOVER);
        put_judgement(seeder, i * QUARTER_MS, i % 2 == 0 ? OBIS_IMPORT : OBIS_EXPORT, 1, VERDICT_TRANSIENT);
    }
    put_judgement(seeder, 2 * MS_PER_DAY, OBIS(1, 8, 1), 99999999, VERDICT_IMPLAUSIBLE);
    put_judgement(seeder, 2 * MS_PER_DAY, OBIS_IMPORT, 65535, VERDICT_SENTINEL);
    put_event(seeder, "exchange", "{\"event\":\"exchange\",\"old_final_wh\":5000,\"new_start_wh\":0}", MS_PER_HOUR);
    put_event(seeder, "exchange", "{\"event\":\"exchange\",\"old\":{\"final_wh\":5000},\"new\":{\"serial\":\"N-7\",\"start_wh\":0}}",
              30 * MS_PER_DAY);
    put_event(seeder, "power_fail", "{\"event\":\"power_fail\"}", MS_PER_DAY);
    put_event(seeder, "power_restored", "{\"event\":\"power_restored\"}", MS_PER_DAY);
    put_event(seeder, "power_fail", "{\"event\":\"power_fail\",\"n\":1}", 20 * MS_PER_DAY + 30 * MS_PER_MIN);
    put_event(seeder, "power_restored", "{\"event\":\"power_restored\",\"n\":1}", 20 * MS_PER_DAY);
    put_event(seeder, "tamper", "{\"event\":\"tamper\",\n\"cover\":true}", 2 * MS_PER_DAY);
    put_event(seeder, "tamper", large, 3 * MS_PER_DAY);
}

/* What is set aside before and in the account of who holds the meter: two of each. */
static void judged(struct seeder *seeder, int days)
{
    for (int i = 0; i < 2; i++) {
        put_judgement(seeder, i * QUARTER_MS, OBIS_IMPORT, 7, VERDICT_TRANSIENT);
        put_judgement(seeder, days * MS_PER_DAY + i * QUARTER_MS, OBIS_IMPORT, 7, VERDICT_TRANSIENT);
    }
}

static void found(struct seeder *seeder, int days)
{
    int32_t today = zone_local_day(seeder->zone, seeder->now_utc_ms);
    for (int32_t day = today - days; day < today; day++) {
        struct check_day_row row = {.meter_no = seeder->point.meter_no, .local_day = day};
        int64_t begin = zone_midnight_utc_ms(seeder->zone, day), end = zone_midnight_utc_ms(seeder->zone, day + 1);
        for (int i = 0; i < CHECK_COUNT; i++)
            row.results[i] = (struct check_result){.from_utc_ms = begin, .until_utc_ms = end, .value = i, .threshold = check_table[i].threshold};
        row.results[CHECK_SPIKE].outcome = CHECK_FOUND;
        row.results[CHECK_HIGH_DAY].outcome = day % 2 == 0 ? CHECK_FOUND : CHECK_PASSED;
        check(seeder, facts_put_checks(seeder->facts, &row, &seeder->fault), "checks");
    }
}

static void history(struct seeder *seeder, int days)
{
    int32_t today = zone_local_day(seeder->zone, seeder->now_utc_ms);
    struct status_row status = {.meter_no = seeder->point.meter_no,
                                .online = true,
                                .changed_utc_ms = seeder->now_utc_ms - MS_PER_HOUR,
                                .serial = "S1",
                                .firmware = "1.0",
                                .boot = "b1"};
    for (int i = days; i >= 0; i--)
        put_day(seeder, today - i);
    put_readings(seeder, seeder->now_utc_ms - 3 * MS_PER_DAY);
    put_open_bill(seeder);
    put_drafts(seeder, &(struct draft_plan){3, 30, today - 10, 1});
    put_alert(seeder, ALERT_EXCESS_CONSUMPTION, ALERT_ACTIVE, seeder->now_utc_ms - MS_PER_HOUR);
    put_alert(seeder, ALERT_BILL_VARIATION, ALERT_RESOLVED, seeder->now_utc_ms - 2 * MS_PER_DAY);
    check(seeder, facts_put_status(seeder->facts, &status, &seeder->fault), "status");
    check(seeder, facts_set_number(seeder->facts, "heartbeat_utc_ms", seeder->now_utc_ms, &seeder->fault), "number");
    check(seeder, facts_add_number(seeder->facts, "readings.received", 289, &seeder->fault), "number");
    check(seeder, facts_add_number(seeder->facts, "readings.accepted", 289, &seeder->fault), "number");
}

static void tail(struct seeder *seeder, int count)
{
    for (int i = 1; i <= count; i++) {
        char data[160];
        struct tail_row row = {.at_utc_ms = seeder->now_utc_ms, .meter_no = seeder->point.meter_no, .kind = i % 10 == 0 ? TAIL_ALERT : TAIL_READING};
        snprintf(data, sizeof data, i % 10 == 0 ? "{\"subject\":{\"meter_id\":\"%s\"},\"n\":%d}" : "{\"meter_id\":\"%s\",\"energy_wh\":%d}",
                 seeder->point.meter_id, i);
        text_copy(row.meter_id, sizeof row.meter_id, seeder->point.meter_id);
        row.data = data;
        row.data_len = strlen(data);
        check(seeder, facts_put_tail(seeder->facts, &row, &seeder->fault), "tail");
    }
}

int main(int argc, char *argv[])
{
    struct seeder seeder = {.now_utc_ms = clock_now(&clock_system)};
    struct records *records = NULL;
    struct zones *zones = zones_create(ZONES_DIR_DEFAULT);
    if (argc < 4)
        return 2;
    struct records_options options = {.path = argv[2], .mode = RECORDS_USE};
    check(&seeder, records_open(&options, &seeder.fault, &records), "records");
    seeder.records = records;
    check(&seeder, facts_open_sqlite(argv[1], FACTS_WRITER, &seeder.fault, &seeder.facts), "ledger");
    if (argc == 6) {
        check(&seeder, records_point_by_id(records, argv[4], &seeder.fault, &seeder.point), "meter");
        check(&seeder, zones_get(zones, seeder.point.tz, &seeder.fault, &seeder.zone), "zone");
    }
    check(&seeder, facts_begin(seeder.facts, &seeder.fault), "begin");
    if (argc == 6 && strcmp(argv[3], "history") == 0)
        history(&seeder, atoi(argv[5]));
    else if (argc == 6 && strcmp(argv[3], "exceptions") == 0)
        exceptions(&seeder);
    else if (argc == 6 && strcmp(argv[3], "judged") == 0)
        judged(&seeder, atoi(argv[5]));
    else if (argc == 6 && strcmp(argv[3], "found") == 0)
        found(&seeder, atoi(argv[5]));
    else if (argc == 6 && strcmp(argv[3], "drafts") == 0)
        put_drafts(&seeder, &(struct draft_plan){atoi(argv[5]), 1, zone_local_day(seeder.zone, seeder.now_utc_ms) - 30, 0});
    else if (argc == 6 && strcmp(argv[3], "tail") == 0)
        tail(&seeder, atoi(argv[5]));
    else if (strcmp(argv[3], "forget") == 0)
        check(&seeder, facts_prune_tail(seeder.facts, INT64_MAX, &seeder.fault), "prune");
    check(&seeder, facts_commit(seeder.facts, &seeder.fault), "commit");
    facts_close(seeder.facts);
    records_close(records);
    zones_destroy(zones);
    return 0;
}
