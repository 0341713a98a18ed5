/* The dated terms of accounts: what holds from a day on, until the next of its kind. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_account.h"

static const struct {
    enum account_term term;
    const char *name;
    const char *pointer;
} term_table[] = {
    {TERM_TARIFF, "tariff", "/tariff"},
    {TERM_CLASS, "class", "/class"},
    {TERM_PHASES, "phases", "/phases"},
    {TERM_MUNICIPALITY, "municipality", "/municipality"},
    {TERM_CYCLE_GROUP, "cycle_group", "/cycle_group"},
};
#define TERMS (sizeof term_table / sizeof *term_table)

const char *account_term_name(enum account_term term)
{
    return (size_t)term >= 1 && (size_t)term <= TERMS ? term_table[term - 1].name : "unknown";
}

bool account_term_parse(const char *name, enum account_term *out)
{
    for (size_t i = 0; i < TERMS; i++) {
        if (strcmp(term_table[i].name, name) == 0) {
            *out = term_table[i].term;
            return true;
        }
    }
    return false;
}

static enum err must_exist(struct change *c, const char *sql, const char *what, const char *pointer, const char *value)
{
    struct query q;
    query_begin(&q, c->db, sql);
    query_bind_text(&q, value);
    enum err err = query_one(&q, c->fault);
    if (err == ERR_NOT_FOUND)
        return fault_at(c->fault, ERR_INVALID, pointer, "there is no %s %.64s", what, value);
    return err == OK ? query_end(&q, c->fault) : err;
}

static enum err check(struct change *c, enum account_term term, const char *value)
{
    if ((size_t)term < 1 || (size_t)term > TERMS)
        return fault_at(c->fault, ERR_INVALID, "/term", "unknown term");
    const char *pointer = term_table[term - 1].pointer;
    enum err err = check_name_or_empty(value, RECORD_ID_SIZE, pointer, c->fault);
    if (err != OK || value[0] == '\0')
        return err;
    if (term == TERM_TARIFF)
        return must_exist(c, "SELECT 1 FROM tariff WHERE tariff_id = ?", "tariff", pointer, value);
    if (term == TERM_CYCLE_GROUP)
        return must_exist(c, "SELECT 1 FROM cycle_group WHERE group_id = ?", "cycle group", pointer, value);
    if (term == TERM_PHASES && (value[0] < '1' || value[0] > '3' || value[1] != '\0'))
        return fault_at(c->fault, ERR_INVALID, pointer, "phases must be 1, 2 or 3");
    return OK;
}

enum err account_term_write(struct change *c, int64_t account_no, enum account_term term, int32_t from_day, const char *value)
{
    struct query q;
    enum err err = check(c, term, value);
    if (err != OK)
        return err;
    query_begin(&q, c->db,
                "INSERT INTO account_term (account_no, term, from_day, value) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET value = excluded.value");
    query_bind_int(&q, account_no);
    query_bind_int(&q, term);
    query_bind_int(&q, from_day);
    query_bind_text_or_null(&q, value);
    return query_run(&q, c->fault);
}

enum err records_account_term_set(struct records *records, const struct actor *actor, const char *account_id, enum account_term term,
                                  int32_t from_day, const char *value, struct fault *fault)
{
    struct change c;
    struct query q;
    int64_t account_no = 0;
    enum err err = check_range(from_day, -25567, 376199, "/from", fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = find_account_no(c.db, account_id, fault, &account_no);
    FIRST(err, check(&c, term, value));
    FIRST(err, change_note(&c, "account.term", account_id, "%s=%s from_day=%ld", account_term_name(term), value, (long)from_day));
    FIRST(err, account_term_write(&c, account_no, term, from_day, value));
    if (err == OK) {
        query_begin(&q, c.db, "UPDATE account SET revision = ? WHERE account_no = ?");
        query_bind_int(&q, c.revision);
        query_bind_int(&q, account_no);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}

static void take_term(struct account_terms *terms, enum account_term term, struct query *q)
{
    char phases[RECORD_ID_SIZE];
    switch (term) {
    case TERM_TARIFF:
        query_text(q, terms->tariff_id, sizeof terms->tariff_id);
        break;
    case TERM_CLASS:
        query_text(q, terms->class_name, sizeof terms->class_name);
        break;
    case TERM_PHASES:
        query_text(q, phases, sizeof phases);
        terms->phases = atoi(phases);
        break;
    case TERM_MUNICIPALITY:
        query_text(q, terms->municipality, sizeof terms->municipality);
        break;
    case TERM_CYCLE_GROUP:
        query_text(q, terms->cycle_group, sizeof terms->cycle_group);
        break;
    }
}

enum err records_account_terms_on(struct records *records, int64_t account_no, int32_t day, struct fault *fault, struct account_terms *out)
{
    struct query q;
    struct db *db = NULL;
    struct account_terms terms = {0};
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    /* Ascending: the last of each term before or on the day is the one that stays. */
    query_begin(&q, db, "SELECT term, value FROM account_term WHERE account_no = ? AND from_day <= ? ORDER BY term, from_day");
    query_bind_int(&q, account_no);
    query_bind_int(&q, day);
    while (query_row(&q)) {
        enum account_term term = (enum account_term)query_int(&q);
        take_term(&terms, term, &q);
    }
    err = query_end(&q, fault);
    reader_give(records, db);
    if (err == OK)
        *out = terms;
    return err;
}

static void term_read(struct query *q, struct account_term_row *out)
{
    out->account_no = query_int(q);
    out->term = (enum account_term)query_int(q);
    out->from_day = (int32_t)query_int(q);
    query_text(q, out->value, sizeof out->value);
    out->until_day = (int32_t)query_int_or(q, RECORDS_NO_DAY);
}

#define LIST(first)                                                                                                                                  \
    "SELECT t.account_no, t.term, t.from_day, t.value, (SELECT min(n.from_day) FROM account_term n"                                                  \
    " WHERE n.account_no = t.account_no AND n.term = t.term AND n.from_day > t.from_day) FROM account_term t"                                        \
    " WHERE " first " AND (t.account_no, t.term, t.from_day) > (?2, ?3, ?4)"                                                                         \
    " ORDER BY t.account_no, t.term, t.from_day LIMIT ?5"

enum err records_account_term_list(struct records *records, int64_t account_no, const struct account_term_row *after, size_t limit,
                                   struct fault *fault, struct account_term_row *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, account_no != 0 ? LIST("t.account_no = ?1") : LIST("?1 = 0"));
    query_bind_int(&q, account_no);
    query_bind_int(&q, after != NULL ? after->account_no : 0);
    query_bind_int(&q, after != NULL ? (int)after->term : 0);
    query_bind_int(&q, after != NULL ? after->from_day : 0);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, term_read, limit, fault, out, out_count);
}
