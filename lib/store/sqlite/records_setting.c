/* Settings of the utility: dated, append-only, from one table of names. */
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_db.h"

const struct setting_row setting_table[] = {
    {"utility_name", "Quilowatt", "Name of the utility, as the page and the bills show it."},
    {"default_tz", "UTC", "IANA zone of a meter that registers itself, and of `qw meter add` without --tz."},
    {"default_tariff", "", "Tariff of accounts without one, and of meters without an account; empty: no bill."},
    {"default_cycle_group", "day-1", "Cycle group of accounts without one."},
    {"default_language", "pt-BR", "Language of a customer who has chosen none: pt-BR or en."},
    /* 100 kWh is the least that a three-phase connection is billed for in Brazil (custo de disponibilidade, REN ANEEL 1.000/2021): a decision under
     * it cannot matter more to a bill than what is billed in any case. */
    {"second_person_wh", "100000", "A decision that changes more energy than this, Wh, waits for a second person; 0: each one does."},
    {"estimated_share_percent", "50", "A cycle of which more than this share of the energy is estimated counts as billed by estimate."},
    /* Three consecutive cycles: REN ANEEL 414/2010, art. 87 (billing by the mean where the meter cannot be read), which REN 1.000/2021 carries on. */
    {"estimated_cycles_max", "3", "So many consecutive cycles may be billed by estimate; beyond it the bill says so."},
    {"bill_grace_days", "3", "Days after a cycle's end in which late readings are waited for before its bill may be issued."},
    {"bill_due_days", "10", "Days from issue to due date."},
    {"bill_jump_percent", "100", "A bill further than this from the mean of the last three waits for somebody to look at it; 0: none does."},
    /* Thresholds of the checks over time: defaults, units and sources are those of energy/check.h (a test holds the two together). */
    {"check.frozen", "50", "Check frozen, W: a register that stands still for most of a day while the meter tells more power than this (own rule)."},
    {"check.zero_run", "96", "Check zero_run, quarter-hours: nothing used for so long, and twice the longest of 28 days (UBP zero check)."},
    {"check.spike", "180", "Check spike, percent: the highest quarter-hour of a day above the third highest, from 24 kW on (UBP spike check)."},
    {"check.high_day", "300", "Check high_day, percent of the median day of 28, and 10 kWh more (UBP high usage check)."},
    {"check.low_day", "10", "Check low_day, percent of the median day of 28, of 2 kWh at least (UBP low usage check)."},
    {"check.sum_mismatch", "10", "Check sum_mismatch, permille: intervals against the register's difference (UBP sum check)."},
    {"check.interval_count", "0", "Check interval_count, quarter-hours of a local day that may be missing (UBP interval check)."},
    {"check.voltage_precarious", "30", "Check voltage_precarious, permille of 1,008 ten-minute values: DRP (PRODIST 8.1: 3 %)."},
    {"check.voltage_critical", "5", "Check voltage_critical, permille of 1,008 ten-minute values: DRC (PRODIST 8.1: 0.5 %)."},
    {"check.clock_drift", "60", "Check clock_drift, s: median time between a reading's ts and its receipt (own rule)."},
};
const int setting_count = sizeof setting_table / sizeof *setting_table;

static const struct setting_row *row_of(const char *name)
{
    for (int i = 0; i < setting_count; i++) {
        if (strcmp(setting_table[i].name, name) == 0)
            return &setting_table[i];
    }
    return NULL;
}

/* "check.spike.commercial": a check's threshold for one class of point. */
static const struct setting_row *row_of_class(const char *name)
{
    char general[RECORD_ID_SIZE];
    const char *dot = strncmp(name, "check.", 6) == 0 ? strchr(name + 6, '.') : NULL;
    size_t len = dot != NULL ? (size_t)(dot - name) : 0;
    if (dot == NULL || dot[1] == '\0' || len >= sizeof general || !text_is_name(dot + 1, strlen(dot + 1)))
        return NULL;
    memcpy(general, name, len);
    general[len] = '\0';
    return row_of(general);
}

static enum err check_known(const char *name, struct fault *fault)
{
    return row_of(name) != NULL || row_of_class(name) != NULL
               ? OK
               : fault_at(fault, ERR_INVALID, "/name", "there is no setting %.64s; `qw setting list` names them", name);
}

static enum err must_exist(struct change *c, const char *sql, const char *what, const char *value)
{
    struct query q;
    query_begin(&q, c->db, sql);
    query_bind_text(&q, value);
    enum err err = query_one(&q, c->fault);
    if (err == ERR_NOT_FOUND)
        return fault_at(c->fault, ERR_INVALID, "/value", "there is no %s %.64s", what, value);
    return err == OK ? query_end(&q, c->fault) : err;
}

/* The settings that are whole numbers, and how far they go. */
static enum err check_number(struct change *c, const char *name, const char *value)
{
    static const struct {
        const char *name;
        int64_t max;
    } numbers[] = {{"second_person_wh", INT64_C(1000000000000)},
                   {"estimated_share_percent", 100},
                   {"estimated_cycles_max", 24},
                   {"bill_grace_days", 60},
                   {"bill_due_days", 90},
                   {"bill_jump_percent", 100000}};
    bool of_check = strncmp(name, "check.", 6) == 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int64_t number = 0;
        if (!of_check && strcmp(name, numbers[i].name) != 0)
            continue;
        if (!text_to_int64(value, &number))
            return fault_at(c->fault, ERR_INVALID, "/value", "a whole number is expected");
        return check_range(number, 0, of_check ? INT64_C(1000000000) : numbers[i].max, "/value", c->fault);
    }
    return OK;
}

static enum err check_value(struct change *c, const char *name, const char *value)
{
    enum err err = check_text(value, RECORD_SETTING_SIZE, "/value", c->fault);
    if (err != OK)
        return err;
    if (strcmp(name, "default_tz") == 0)
        return check_zone(value, 64, "/value", c->fault);
    if (strcmp(name, "default_tariff") == 0 && value[0] != '\0')
        return must_exist(c, "SELECT 1 FROM tariff WHERE tariff_id = ?", "tariff", value);
    if (strcmp(name, "default_cycle_group") == 0)
        return must_exist(c, "SELECT 1 FROM cycle_group WHERE group_id = ?", "cycle group", value);
    if (strcmp(name, "default_language") == 0 && strcmp(value, "pt-BR") != 0 && strcmp(value, "en") != 0)
        return fault_at(c->fault, ERR_INVALID, "/value", "the language must be pt-BR or en");
    return check_number(c, name, value);
}

static enum err insert(struct change *c, const char *name, const char *value, int64_t valid_from_utc_ms)
{
    struct query q;
    query_begin(&q, c->db, "INSERT INTO setting (name, value, valid_from_utc_ms, said_by, at_utc_ms) VALUES (?, ?, ?, ?, ?)");
    query_bind_text(&q, name);
    query_bind_text(&q, value);
    query_bind_int(&q, valid_from_utc_ms);
    query_bind_text(&q, c->actor->name);
    query_bind_int(&q, c->actor->at_utc_ms);
    return query_run(&q, c->fault);
}

enum err records_setting_set(struct records *records, const struct actor *actor, const char *name, const char *value, int64_t valid_from_utc_ms,
                             struct fault *fault)
{
    struct change c;
    enum err err = check_known(name, fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = check_value(&c, name, value);
    FIRST(err, change_note(&c, "setting.set", name, "%s from %lld", value, (long long)valid_from_utc_ms));
    FIRST(err, insert(&c, name, value, valid_from_utc_ms));
    return change_end(&c, err);
}

enum err records_setting_get(struct records *records, const char *name, int64_t at_utc_ms, struct fault *fault, char out[RECORD_SETTING_SIZE])
{
    struct db *db = NULL;
    enum err err = check_known(name, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    err = setting_on(db, name, at_utc_ms, fault, out);
    reader_give(records, db);
    return err;
}

enum err setting_on(struct db *db, const char *name, int64_t at_utc_ms, struct fault *fault, char out[RECORD_SETTING_SIZE])
{
    struct query q;
    char value[RECORD_SETTING_SIZE] = "";
    query_begin(&q, db,
                "SELECT value FROM setting WHERE name = ? AND valid_from_utc_ms <= ? ORDER BY valid_from_utc_ms DESC, setting_no DESC LIMIT 1");
    query_bind_text(&q, name);
    query_bind_int(&q, at_utc_ms);
    if (query_row(&q))
        query_text(&q, value, sizeof value);
    else
        text_copy(value, sizeof value, row_of(name) != NULL ? row_of(name)->fallback : row_of_class(name)->fallback);
    enum err err = query_end(&q, fault);
    if (err == OK)
        text_copy(out, RECORD_SETTING_SIZE, value);
    return err;
}

static void setting_read(struct query *q, struct setting_record *out)
{
    query_text(q, out->name, sizeof out->name);
    query_text(q, out->value, sizeof out->value);
    out->valid_from_utc_ms = query_int(q);
    query_text(q, out->by, sizeof out->by);
    out->at_utc_ms = query_int(q);
}

enum err records_setting_history(struct records *records, const char *name, size_t limit, struct fault *fault, struct setting_record *out,
                                 size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT name, value, valid_from_utc_ms, said_by, at_utc_ms FROM setting WHERE ?1 IS NULL OR name = ?1"
                " ORDER BY name, valid_from_utc_ms, setting_no LIMIT ?2");
    query_bind_text(&q, name);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, setting_read, limit, fault, out, out_count);
}
