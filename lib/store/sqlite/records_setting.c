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

static enum err check_known(const char *name, struct fault *fault)
{
    return row_of(name) != NULL ? OK : fault_at(fault, ERR_INVALID, "/name", "there is no setting %.64s; `qw setting list` names them", name);
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
    } numbers[] = {{"second_person_wh", INT64_C(1000000000000)}, {"estimated_share_percent", 100}, {"estimated_cycles_max", 24}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int64_t number = 0;
        if (strcmp(name, numbers[i].name) != 0)
            continue;
        if (!text_to_int64(value, &number))
            return fault_at(c->fault, ERR_INVALID, "/value", "a whole number is expected");
        return check_range(number, 0, numbers[i].max, "/value", c->fault);
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
        text_copy(value, sizeof value, row_of(name)->fallback);
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
