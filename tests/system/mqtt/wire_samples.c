#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "energy/alert.h"
#include "tests/system/mqtt/wire_samples.h"
#include "wire/alert_json.h"
#include "wire/bill_json.h"
#include "wire/command_json.h"
#include "wire/device_json.h"
#include "wire/message_json.h"

#define NOON_UTC_MS INT64_C(1795348800000)
#define DAY_2026_11_01 20758
#define HOSTILE "\"\\\n\x01 \xc3\xa7"

static struct buf text;
static bool good = true;

/* Says what stands in `text` as a sample of `schema`, and begins anew. */
static void say(const char *schema)
{
    good = good && !text.overflow && text.len > 0 && !strchr(text.data, '\n');
    printf("%s\t%s\n", schema, text.data);
    buf_reset(&text);
}

/* ---- what meters send ---- */

static struct reading register_reading(int64_t seq)
{
    struct reading reading = {.ts_utc_ms = NOON_UTC_MS + seq * 900000,
                              .kind = FACT_REGISTER,
                              .channel_count = 4,
                              .channels = {{OBIS_IMPORT, 123456 + seq}, {OBIS_EXPORT, 7}, {OBIS(1, 8, 1), 1}, {OBIS(99, 99, 99), READING_WH_MAX}},
                              .has_power = true,
                              .power_w = -1500,
                              .voltage_mv = {3, {229900, 230100, 231000}},
                              .current_ma = {2, {-1, 2500}},
                              .power_factor_milli = {1, {-999}},
                              .frequency_mhz = 60010,
                              .flags = FLAG_POWER_FAIL | FLAG_CLOCK_INVALID | FLAG_TAMPER | FLAG_TEST,
                              .has_seq = true,
                              .seq = seq};
    text_copy(reading.boot, sizeof reading.boot, "01234567890123456789012345678901");
    return reading;
}

static void readings(void)
{
    struct reading reading = register_reading(0);
    device_reading_encode(&text, &reading);
    say("reading");
    struct reading interval = {
        .ts_utc_ms = NOON_UTC_MS, .kind = FACT_INTERVAL, .interval_s = 900, .channel_count = 1, .channels = {{OBIS_IMPORT, 250}}};
    device_reading_encode(&text, &interval);
    say("reading");
    device_batch_begin(&text, reading.boot);
    for (int64_t seq = 0; seq < DEVICE_BATCH_MAX; seq++) {
        reading = register_reading(seq);
        reading.voltage_mv.count = reading.current_ma.count = 0; /* a thousand of them fit into 256 KiB */
        device_batch_add(&text, &reading);
    }
    device_batch_end(&text);
    say("batch");
}

static void device_messages(void)
{
    device_birth_encode(&text, "SIM0000000001", "qw-meter 0.1.0", "b1");
    say("status");
    buf_str(&text, DEVICE_WILL);
    say("status");
    device_command_result_encode(&text, "c1", true, "");
    say("event");
    device_command_result_encode(&text, "c1", false, "expired " HOSTILE);
    say("event");
    device_provision_request_encode(&text, "S1", "model " HOSTILE, "code");
    say("provision_request");
}

/* ---- what the ingestor sends ---- */

static void answers(void)
{
    struct buf params;
    receipt_write(&text, "b1", 0);
    say("receipt");
    receipt_write(&text, "", READING_WH_MAX);
    say("receipt");
    for (int i = 0; i < verdict_count; i++) {
        if (!verdict_refused(verdict_table[i].verdict))
            continue;
        reject_write(&text, verdict_table[i].verdict, "energy_wh: " HOSTILE, true, NOON_UTC_MS + 1, true, 5);
        say("reject");
        reject_write(&text, verdict_table[i].verdict, "", false, 0, false, 0);
        say("reject");
    }
    reject_write(&text, VERDICT_CLOCK_INVALID, "ts: the clock was not set", true, INT64_C(-253402300799999), true, READING_WH_MAX);
    say("reject");
    buf_init(&params, 512);
    command_resend_params(&params, "b1", 0, READING_WH_MAX);
    command_write(&text, "0123456789abcdef0123456789abcdef", NOON_UTC_MS, "resend", params.data);
    say("command");
    buf_finish(&params);
    provision_answer_write(&text, "casa-42", "casa-42", "secret");
    say("provision_response");
    provision_error_write(&text, "this serial cannot be claimed with this code");
    say("provision_response");
}

static void alerts(void)
{
    for (int i = 0; i < alert_kind_count; i++)
        for (enum alert_state state = ALERT_ACTIVE; state <= ALERT_RESOLVED; state++) {
            struct alert alert = {.revision = 1 + (int)state,
                                  .subject = (enum alert_subject)(i % 4),
                                  .kind = alert_kind_table[i].kind,
                                  .severity = alert_kind_table[i].severity,
                                  .state = state,
                                  .since_utc_ms = NOON_UTC_MS,
                                  .until_utc_ms = state == ALERT_RESOLVED ? NOON_UTC_MS + 60000 : 0,
                                  .updated_utc_ms = NOON_UTC_MS + 60000,
                                  .value = -20100,
                                  .threshold = 20000};
            text_copy(alert.subject_id, sizeof alert.subject_id, alert.subject == SUBJECT_SYSTEM ? "" : "casa-42");
            text_copy(alert.message_pt_br, sizeof alert.message_pt_br, "O consumo passou de 20,0 kWh.");
            text_copy(alert.message_en, sizeof alert.message_en, "Use went above 20.0 kWh.");
            alert_identify(&alert);
            alert_write(&text, &alert);
            say("alert");
        }
}

static void bill_sample(enum bill_state state, bool priced, bool forecast)
{
    static struct bill bill;
    memset(&bill, 0, sizeof bill);
    bill = (struct bill){.state = state,
                         .minor_digits = 2,
                         .from_day = DAY_2026_11_01,
                         .until_day = DAY_2026_11_01 + 30,
                         .days = 30,
                         .import_wh = 245000,
                         .complete = forecast,
                         .forecast = {.known = forecast, .total = {21000}, .low = {-5}, .high = {24000}},
                         .as_of_utc_ms = NOON_UTC_MS + 1};
    text_copy(bill.bill_id, sizeof bill.bill_id, priced ? "casa-42-1-2026-11-01" : "casa-42.2026-11-01");
    text_copy(bill.account_id, sizeof bill.account_id, priced ? "casa-42-1" : "");
    text_copy(bill.meter_id, sizeof bill.meter_id, "casa-42");
    text_copy(bill.currency, sizeof bill.currency, "BRL");
    if (priced) {
        text_copy(bill.tariff_id, sizeof bill.tariff_id, "conventional");
        text_copy(bill.version_hash, sizeof bill.version_hash, "0123456789abcdef0123456789abcdef");
        bill.line_count = 5;
        for (int i = 0; i < bill.line_count; i++) {
            struct bill_line *line = &bill.lines[i];
            text_copy(line->id, sizeof line->id, "energy.tier2");
            text_copy(line->segment, sizeof line->segment, "2026-11-01/2026-12-01");
            text_copy(line->quantity, sizeof line->quantity, "245");
            text_copy(line->unit, sizeof line->unit, i % 2 ? "day" : "kWh");
            text_copy(line->unit_price, sizeof line->unit_price, "-0.65713");
            text_copy(line->rule, sizeof line->rule, "/versions/0/charges/0");
            text_copy(line->exact, sizeof line->exact, "-1609969/100");
            line->amount.minor = -16100;
            line->quality = (enum quality)i;
            text_copy(line->amount_text, sizeof line->amount_text, "-161.00");
            text_copy(line->act, sizeof line->act, i % 2 ? "REH 1/2026" : "");
            text_copy(line->unit_price_gross, sizeof line->unit_price_gross, i % 2 ? "-0.80" : "");
            text_copy(line->how, sizeof line->how, i % 2 ? "245 kWh × -0.65713" : "");
            line->taxed = 1;
            line->tax_minor[0] = 2898;
        }
        bill.tax_count = 1;
        text_copy(bill.taxes[0].id, sizeof bill.taxes[0].id, "icms");
        bill.taxes[0].included = true;
        bill.tax_count = 2;
        text_copy(bill.taxes[1].id, sizeof bill.taxes[1].id, "cosip");
        text_copy(bill.taxes[1].rule, sizeof bill.taxes[1].rule, "/versions/0/municipal/0");
        text_copy(bill.taxes[1].exact, sizeof bill.taxes[1].exact, "1250/1");
        bill.taxes[1].municipal = true;
        bill.elapsed_ms = INT64_C(720) * 3600000;
        bill.rounding.minor = forecast ? 1 : 0;
        bill.adjustment_count = forecast ? 1 : 0;
        text_copy(bill.adjustments[0].id, sizeof bill.adjustments[0].id, "minimum");
        text_copy(bill.adjustments[0].exact, sizeof bill.adjustments[0].exact, "1000/1");
        bill.credit_count = forecast ? 2 : 0;
        text_copy(bill.credits[0].id, sizeof bill.credits[0].id, "scee");
        bill.credits[0].energy = true;
        text_copy(bill.credits[1].id, sizeof bill.credits[1].id, "bank");
    } else {
        text_copy(bill.tariff_note, sizeof bill.tariff_note, "no tariff is in force");
    }
    bill_write(&text, &bill, priced ? DAYS_INCLUSIVE : DAYS_START_EXCLUSIVE);
    say("bill");
}

bool samples_print(void)
{
    buf_init(&text, 1 << 20);
    readings();
    device_messages();
    answers();
    alerts();
    bill_sample(BILL_OPEN, true, true);
    bill_sample(BILL_OPEN, false, false);
    bill_sample(BILL_DRAFT, true, false);
    bill_sample(BILL_ISSUED, true, false);
    bill_sample(BILL_ADJUSTED, true, false);
    buf_finish(&text);
    return good;
}
