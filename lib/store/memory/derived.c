/* Days, judgements, bills and alerts: what commit B makes of facts. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "store/memory/memory.h"

enum err memory_put_day(struct facts *facts, const struct day_row *row, struct fault *fault)
{
    struct day_memory *day = row_new(sizeof *day, fault);
    if (!day)
        return ERR_FATAL;
    day->row = *row;
    energy_sum_slots(&row->day, 0, row->day.slot_count, &day->sum);
    return table_put(facts, TABLE_DAY, day, fault);
}

enum err memory_remove_day(struct facts *facts, int64_t meter_no, int32_t channel, int32_t local_day, struct fault *fault)
{
    struct day_memory key = {.row = {.meter_no = meter_no, .channel = channel, .day = {.local_day = local_day}}};
    return table_remove_key(facts, TABLE_DAY, &key, fault);
}

static enum err remove_of_meter(struct facts *facts, enum table_name name, int64_t meter_no, int64_t (*meter_of)(const void *row),
                                struct fault *fault)
{
    enum err err = OK;
    for (size_t at = table_of(facts, name)->count; at > 0 && err == OK; at--)
        if (meter_of(table_of(facts, name)->rows[at - 1]) == meter_no)
            err = table_remove(facts, name, at - 1, fault);
    return err;
}

static int64_t meter_of_day(const void *row)
{
    return ((const struct day_memory *)row)->row.meter_no;
}

static int64_t meter_of_judgement(const void *row)
{
    return ((const struct judgement *)row)->meter_no;
}

static int64_t meter_of_checks(const void *row)
{
    return ((const struct check_day_row *)row)->meter_no;
}

static int64_t meter_of_completeness(const void *row)
{
    return ((const struct completeness_row *)row)->meter_no;
}

static int64_t meter_of_bill(const void *row)
{
    return ((const struct bill_memory *)row)->row.meter_no;
}

enum err memory_clear_derived(struct facts *facts, int64_t meter_no, struct fault *fault)
{
    enum err err = remove_of_meter(facts, TABLE_DAY, meter_no, meter_of_day, fault);
    if (err == OK)
        err = remove_of_meter(facts, TABLE_JUDGEMENT, meter_no, meter_of_judgement, fault);
    if (err == OK)
        err = remove_of_meter(facts, TABLE_CHECK, meter_no, meter_of_checks, fault);
    if (err == OK)
        err = remove_of_meter(facts, TABLE_COMPLETENESS, meter_no, meter_of_completeness, fault);
    return err == OK ? remove_of_meter(facts, TABLE_BILL, meter_no, meter_of_bill, fault) : err;
}

/* The place of a day, or of the next there is. */
static size_t seek_day(const struct table *table, int64_t meter_no, int32_t channel, int32_t local_day)
{
    struct day_memory key = {.row = {.meter_no = meter_no, .channel = channel, .day = {.local_day = local_day}}};
    return table_seek(table, &key);
}

enum err memory_days(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                     int (*each)(const struct day_row *row, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_DAY);
    int stop = 0;
    (void)fault;
    size_t until = seek_day(table, meter_no, channel, until_day);
    for (size_t at = seek_day(table, meter_no, channel, from_day); at < until && !stop; at++)
        stop = each(&((const struct day_memory *)table->rows[at])->row, arg);
    return OK;
}

enum err memory_day_sums(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                         int (*each)(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_DAY);
    int stop = 0;
    (void)fault;
    size_t at = meter_no ? seek_day(table, meter_no, channel, from_day) : 0;
    for (; at < table->count && !stop; at++) {
        const struct day_memory *day = table->rows[at];
        int32_t number = day->row.day.local_day;
        if (meter_no && (day->row.meter_no != meter_no || day->row.channel != channel))
            break;
        if (day->row.channel == channel && number >= from_day && number < until_day)
            stop = each(day->row.meter_no, number, &day->sum, arg);
    }
    return OK;
}

enum err memory_day_range(struct facts *facts, int64_t meter_no, int32_t channel, int32_t *out_first, int32_t *out_last, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_DAY);
    size_t from = seek_day(table, meter_no, channel, INT32_MIN), until = seek_day(table, meter_no, channel, INT32_MAX);
    (void)fault;
    if (from == until)
        return ERR_NOT_FOUND;
    *out_first = ((const struct day_memory *)table->rows[from])->row.day.local_day;
    *out_last = ((const struct day_memory *)table->rows[until - 1])->row.day.local_day;
    return OK;
}

/* ---- judgements ---- */

enum verdict memory_verdict(struct facts *facts, const struct reading_row *fact)
{
    struct judgement key = {.meter_no = fact->meter_no,
                            .ts_utc_ms = fact->reading.ts_utc_ms,
                            .channel = fact->reading.channels[0].channel,
                            .kind = fact->reading.kind,
                            .length_s = fact->reading.interval_s,
                            .value_wh = fact->reading.channels[0].value_wh};
    const struct judgement *judgement = table_find(table_of(facts, TABLE_JUDGEMENT), &key);
    return judgement ? judgement->verdict : VERDICT_ACCEPTED;
}

static size_t seek_judgement(const struct table *table, int64_t meter_no, int64_t ts_utc_ms)
{
    struct judgement key = {.meter_no = meter_no, .ts_utc_ms = ts_utc_ms, .channel = INT32_MIN};
    return table_seek(table, &key);
}

enum err memory_clear_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms,
                                 struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_JUDGEMENT);
    enum err err = OK;
    size_t from = seek_judgement(table, meter_no, from_utc_ms);
    for (size_t at = seek_judgement(table, meter_no, until_utc_ms); at > from && err == OK; at--)
        if (((const struct judgement *)table->rows[at - 1])->channel == channel)
            err = table_remove(facts, TABLE_JUDGEMENT, at - 1, fault);
    return err;
}

enum err memory_put_judgement(struct facts *facts, const struct judgement *judgement, struct fault *fault)
{
    if (judgement->verdict == VERDICT_ACCEPTED)
        return table_remove_key(facts, TABLE_JUDGEMENT, judgement, fault);
    struct judgement *row = row_new(sizeof *row, fault);
    if (!row)
        return ERR_FATAL;
    *row = *judgement;
    return table_put(facts, TABLE_JUDGEMENT, row, fault);
}

enum err memory_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                           int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_JUDGEMENT);
    size_t from = seek_judgement(table, meter_no, from_utc_ms), until = seek_judgement(table, meter_no, until_utc_ms);
    int left = limit, stop = 0;
    (void)fault;
    for (size_t i = 0; from + i < until && left > 0 && !stop; i++) {
        const struct judgement *row = table->rows[order < 0 ? until - 1 - i : from + i];
        if (row->channel != channel)
            continue;
        left--;
        stop = each(row, arg);
    }
    return OK;
}

/* ---- bills ---- */

static struct bill_memory *find_bill(const struct table *table, const char *bill_id, size_t *out_at)
{
    for (size_t at = 0; at < table->count; at++) {
        struct bill_memory *bill = table->rows[at];
        if (strcmp(bill->row.bill_id, bill_id) == 0) {
            *out_at = at;
            return bill;
        }
    }
    return NULL;
}

enum err memory_remove_bill(struct facts *facts, const char *bill_id, struct fault *fault)
{
    size_t at;
    return find_bill(table_of(facts, TABLE_BILL), bill_id, &at) ? table_remove(facts, TABLE_BILL, at, fault) : OK;
}

enum err memory_put_bill(struct facts *facts, const struct bill_row *row, struct fault *fault)
{
    size_t len = strlen(row->document), terms_len = row->terms ? strlen(row->terms) : 0;
    struct bill_memory *bill = row_new(sizeof *bill + len + 1 + terms_len + 1, fault);
    if (!bill)
        return ERR_FATAL;
    bill->row = *row;
    bill->row.document = bill->document;
    memcpy(bill->document, row->document, len + 1);
    if (row->terms)
        bill->row.terms = memcpy(bill->document + len + 1, row->terms, terms_len + 1);
    enum err err = memory_remove_bill(facts, row->bill_id, fault);
    if (err == OK)
        return table_put(facts, TABLE_BILL, bill, fault);
    free(bill);
    return err;
}

enum err memory_bills(struct facts *facts, int64_t meter_no, int state, int32_t before_day, const char *before_id, int limit,
                      int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_BILL);
    struct bill_memory key = {.row = {.from_day = before_day}};
    int left = limit, stop = 0;
    (void)fault;
    if (before_id)
        text_copy(key.row.bill_id, sizeof key.row.bill_id, before_id);
    for (size_t at = before_id ? table_seek(table, &key) : table->count; at > 0 && left > 0 && !stop; at--) {
        const struct bill_memory *bill = table->rows[at - 1];
        if ((meter_no && bill->row.meter_no != meter_no) || (state >= 0 && (int)bill->row.state != state))
            continue;
        left--;
        stop = each(&bill->row, arg);
    }
    return OK;
}

enum err memory_bill(struct facts *facts, const char *bill_id, int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault)
{
    size_t at;
    const struct bill_memory *bill = find_bill(table_of(facts, TABLE_BILL), bill_id, &at);
    (void)fault;
    if (!bill)
        return ERR_NOT_FOUND;
    each(&bill->row, arg);
    return OK;
}

/* ---- alerts ---- */

static struct alert_memory *find_alert(const struct table *table, const char *alert_id, size_t *out_at)
{
    for (size_t at = 0; at < table->count; at++) {
        struct alert_memory *alert = table->rows[at];
        if (strcmp(alert->row.alert.alert_id, alert_id) == 0) {
            *out_at = at;
            return alert;
        }
    }
    return NULL;
}

enum err memory_remove_alert(struct facts *facts, const char *alert_id, struct fault *fault)
{
    size_t at;
    return find_alert(table_of(facts, TABLE_ALERT), alert_id, &at) ? table_remove(facts, TABLE_ALERT, at, fault) : OK;
}

enum err memory_put_alert(struct facts *facts, const struct alert_row *row, struct fault *fault)
{
    size_t len = strlen(row->document);
    struct alert_memory *alert = row_new(sizeof *alert + len + 1, fault);
    if (!alert)
        return ERR_FATAL;
    alert->row = *row;
    alert->row.document = alert->document;
    memcpy(alert->document, row->document, len + 1);
    enum err err = memory_remove_alert(facts, row->alert.alert_id, fault);
    if (err == OK)
        return table_put(facts, TABLE_ALERT, alert, fault);
    free(alert);
    return err;
}

enum err memory_alerts(struct facts *facts, int64_t meter_no, int kind, int state, int64_t before_utc_ms, const char *before_id, int limit,
                       int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_ALERT);
    struct alert_memory key = {.row = {.alert = {.since_utc_ms = before_utc_ms}}};
    int left = limit, stop = 0;
    (void)fault;
    if (before_id)
        text_copy(key.row.alert.alert_id, sizeof key.row.alert.alert_id, before_id);
    for (size_t at = before_id ? table_seek(table, &key) : table->count; at > 0 && left > 0 && !stop; at--) {
        const struct alert_memory *row = table->rows[at - 1];
        const struct alert *alert = &row->row.alert;
        bool in_state = state == -1 || (state == -2 ? alert->state != ALERT_RESOLVED : (int)alert->state == state);
        if ((meter_no && alert->meter_no != meter_no) || (kind && (int)alert->kind != kind) || !in_state)
            continue;
        left--;
        stop = each(&row->row, arg);
    }
    return OK;
}

enum err memory_alert(struct facts *facts, const char *alert_id, int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault)
{
    size_t at;
    const struct alert_memory *alert = find_alert(table_of(facts, TABLE_ALERT), alert_id, &at);
    (void)fault;
    if (!alert)
        return ERR_NOT_FOUND;
    each(&alert->row, arg);
    return OK;
}
