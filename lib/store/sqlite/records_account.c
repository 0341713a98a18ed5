/* Accounts: written. records_account_list.c reads them, records_term.c holds their dated terms. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_account.h"

static enum err overlap(struct change *c, int64_t meter_no, int32_t from_day, int32_t until_day, int64_t except_no)
{
    struct query q;
    char other[RECORD_ID_SIZE] = "";
    query_begin(&q, c->db,
                "SELECT account_id FROM account WHERE meter_no = ? AND from_day < ? AND (until_day IS NULL OR until_day > ?)"
                " AND account_no <> ? LIMIT 1");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, until_day);
    query_bind_int(&q, from_day);
    query_bind_int(&q, except_no);
    if (query_row(&q))
        query_text(&q, other, sizeof other);
    enum err err = query_end(&q, c->fault);
    if (err == OK && other[0] != '\0')
        return fault_at(c->fault, ERR_CONFLICT, "/from", "the account %s holds this meter on some of these days; end it first", other);
    return err;
}

static enum err taken(struct change *c, const char *account_id, bool *out)
{
    int64_t no = 0;
    enum err err = find_account_no(c->db, account_id, NULL, &no);
    *out = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* "<meter_id>-1", "-2", … ; a name too long for that gives "account-<n>". */
static enum err make_id(struct change *c, const char *meter_id, int64_t meter_no, char out[RECORD_ID_SIZE])
{
    for (long long n = 1; n < 1000000; n++) {
        bool in_use = false;
        char id[2 * RECORD_ID_SIZE];
        if (snprintf(id, sizeof id, "%s-%lld", meter_id, n) >= RECORD_ID_SIZE)
            snprintf(id, sizeof id, "account-%lld-%lld", (long long)meter_no, n);
        enum err err = taken(c, id, &in_use);
        if (err != OK)
            return err;
        if (!in_use) {
            text_copy(out, RECORD_ID_SIZE, id);
            return OK;
        }
    }
    return fault_set(c->fault, ERR_LIMIT, "this meter has had too many accounts");
}

static enum err point_of(struct change *c, struct account_record *account)
{
    struct query q;
    query_begin(&q, c->db,
                account->meter_no != 0 ? "SELECT meter_no, meter_id FROM point WHERE meter_no = ?"
                                       : "SELECT meter_no, meter_id FROM point WHERE meter_id = ?");
    if (account->meter_no != 0)
        query_bind_int(&q, account->meter_no);
    else
        query_bind_text(&q, account->meter_id);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_at(c->fault, ERR_INVALID, "/meter_id", "there is no meter %s", account->meter_id) : err;
    account->meter_no = query_int(&q);
    char meter_id[RECORD_ID_SIZE];
    query_text(&q, meter_id, sizeof meter_id);
    err = query_end(&q, c->fault);
    if (err == OK)
        text_copy(account->meter_id, sizeof account->meter_id, meter_id);
    return err;
}

static enum err insert(struct change *c, struct account_record *account, int64_t customer_no)
{
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO account (account_id, customer_no, meter_no, from_day, until_day, goal_minor, created_utc_ms, revision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    query_bind_text(&q, account->account_id);
    query_bind_int(&q, customer_no);
    query_bind_int(&q, account->meter_no);
    query_bind_int(&q, account->from_day);
    query_bind_int_unless(&q, account->until_day, RECORDS_NO_DAY);
    query_bind_int_unless(&q, account->has_goal ? account->goal_minor : INT64_MIN, INT64_MIN);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    enum err err = query_run(&q, c->fault);
    if (err == ERR_CONFLICT)
        return fault_at(c->fault, err, "/account_id", "the account %s exists already", account->account_id);
    account->account_no = db_last_id(c->db);
    account->created_utc_ms = c->actor->at_utc_ms;
    account->revision = c->revision;
    account->state = account->until_day == RECORDS_NO_DAY ? ACCOUNT_ACTIVE : ACCOUNT_CLOSED;
    return err;
}

static enum err activate_point(struct change *c, int64_t meter_no)
{
    struct query q;
    query_begin(&q, c->db, "UPDATE point SET state = 1, updated_utc_ms = ?, revision = ? WHERE meter_no = ? AND state = 0");
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    query_bind_int(&q, meter_no);
    return query_run(&q, c->fault);
}

static enum err write_terms(struct change *c, int64_t account_no, int32_t from_day, const struct account_terms *terms)
{
    char phases[16] = "";
    enum err err = OK;
    if (terms->phases != 0)
        snprintf(phases, sizeof phases, "%d", terms->phases);
    const struct {
        enum account_term term;
        const char *value;
    } all[] = {{TERM_TARIFF, terms->tariff_id},
               {TERM_CLASS, terms->class_name},
               {TERM_PHASES, phases},
               {TERM_MUNICIPALITY, terms->municipality},
               {TERM_CYCLE_GROUP, terms->cycle_group}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].value[0] != '\0')
            FIRST(err, account_term_write(c, account_no, all[i].term, from_day, all[i].value));
    }
    return err;
}

static enum err check(const struct account_record *account, struct fault *fault)
{
    enum err err = check_name_or_empty(account->account_id, sizeof account->account_id, "/account_id", fault);
    FIRST(err, check_name(account->customer_id, sizeof account->customer_id, "/customer_id", fault));
    FIRST(err, check_range(account->from_day, -25567, 376199, "/from", fault)); /* 1900 … 2999 */
    if (account->has_goal)
        FIRST(err, check_range(account->goal_minor, 0, INT64_C(1000000000000), "/goal_minor", fault));
    if (err == OK && account->until_day <= account->from_day)
        return fault_at(fault, ERR_INVALID, "/until", "an account ends after the day on which it begins");
    return err;
}

enum err records_account_add(struct records *records, const struct actor *actor, const struct account_record *account,
                             const struct account_terms *terms, struct fault *fault, struct account_record *out)
{
    struct change c;
    struct account_record made = *account;
    int64_t customer_no = 0;
    enum err err = check(account, fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = as_invalid(find_customer_no(c.db, account->customer_id, fault, &customer_no), "/customer_id", fault);
    FIRST(err, point_of(&c, &made));
    FIRST(err, overlap(&c, made.meter_no, made.from_day, made.until_day, 0));
    if (made.account_id[0] == '\0')
        FIRST(err, make_id(&c, made.meter_id, made.meter_no, made.account_id));
    FIRST(err, change_note(&c, "account.add", made.account_id, "customer=%s meter=%s tariff=%s", made.customer_id, made.meter_id,
                           terms != NULL ? terms->tariff_id : ""));
    FIRST(err, insert(&c, &made, customer_no));
    if (terms != NULL)
        FIRST(err, write_terms(&c, made.account_no, made.from_day, terms));
    FIRST(err, activate_point(&c, made.meter_no));
    err = change_end(&c, err);
    if (err == OK && out != NULL)
        *out = made;
    return err;
}

/* What an account has that its ending needs. */
static enum err span_of(struct change *c, const char *account_id, int64_t *account_no, int64_t *meter_no, int32_t *from_day)
{
    struct query q;
    query_begin(&q, c->db, "SELECT account_no, meter_no, from_day FROM account WHERE account_id = ?");
    query_bind_text(&q, account_id);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, err, "there is no account %.64s", account_id) : err;
    *account_no = query_int(&q);
    *meter_no = query_int(&q);
    *from_day = (int32_t)query_int(&q);
    return query_end(&q, c->fault);
}

enum err records_account_end(struct records *records, const struct actor *actor, const char *account_id, int32_t until_day, struct fault *fault)
{
    struct change c;
    struct query q;
    int64_t account_no = 0, meter_no = 0;
    int32_t from_day = 0;
    enum err err = change_begin(records, actor, fault, &c);
    if (err != OK)
        return err;
    err = span_of(&c, account_id, &account_no, &meter_no, &from_day);
    if (err == OK && until_day <= from_day)
        err = fault_at(fault, ERR_INVALID, "/until", "an account ends after the day on which it begins");
    FIRST(err, overlap(&c, meter_no, from_day, until_day, account_no));
    FIRST(err, change_note(&c, "account.end", account_id, "until_day=%ld", (long)until_day));
    if (err == OK) {
        query_begin(&q, c.db, "UPDATE account SET until_day = ?, revision = ? WHERE account_no = ?");
        query_bind_int_unless(&q, until_day, RECORDS_NO_DAY);
        query_bind_int(&q, c.revision);
        query_bind_int(&q, account_no);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}

enum err records_account_goal_set(struct records *records, const struct actor *actor, const char *account_id, bool has_goal, int64_t goal_minor,
                                  struct fault *fault)
{
    struct change c;
    struct query q;
    int64_t account_no = 0;
    enum err err = has_goal ? check_range(goal_minor, 0, INT64_C(1000000000000), "/goal_minor", fault) : OK;
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = find_account_no(c.db, account_id, fault, &account_no);
    FIRST(err, change_note(&c, "account.goal", account_id, "goal_minor=%lld", has_goal ? (long long)goal_minor : -1LL));
    if (err == OK) {
        query_begin(&q, c.db, "UPDATE account SET goal_minor = ?, revision = ? WHERE account_no = ?");
        query_bind_int_unless(&q, has_goal ? goal_minor : INT64_MIN, INT64_MIN);
        query_bind_int(&q, c.revision);
        query_bind_int(&q, account_no);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}
