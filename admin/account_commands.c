/* Accounts: who is billed for which meter, from when, on which terms. */
#include <string.h>
#include "admin/command.h"
#include "admin/sheet.h"
#include "base/instant.h"
#include "base/text.h"

static const struct arg_row add_rows[] = {
    {.name = "customer", .placeholder = "ID", .help = "the customer", .required = true},
    {.name = "meter", .placeholder = "ID", .help = "the meter", .required = true},
    {.name = "from", .placeholder = "DATE", .help = "the first day, in the meter's zone", .required = true},
    {.name = "until", .placeholder = "DATE", .help = "the day after the last (default: open)"},
    {.name = "account", .placeholder = "ID", .help = "its name (default: METER-1, METER-2 …)"},
    {.name = "tariff", .placeholder = "ID", .help = "its tariff (default: the setting default_tariff)"},
    {.name = "class", .placeholder = "NAME", .help = "as residential"},
    {.name = "phases", .type = ARG_INT, .placeholder = "N", .help = "for minimum charges (default: the meter's)"},
    {.name = "municipality", .placeholder = "NAME", .help = "for municipal charges"},
    {.name = "cycle-group", .placeholder = "ID", .help = "when its bills begin (default: the setting default_cycle_group)"},
    {.name = "goal-minor", .type = ARG_INT, .placeholder = "N", .help = "what the household wants to stay under, in cents"},
    {.name = "if-missing", .type = ARG_FLAG, .help = "changes nothing where --account exists, or this customer holds the meter on --from"},
    {0},
};

static enum err fill(const struct args *args, struct fault *fault, struct account_record *account, struct account_terms *terms)
{
    const struct {
        const char *name;
        char *dst;
    } names[] = {{"customer", account->customer_id}, {"meter", account->meter_id}, {"account", account->account_id},
                 {"tariff", terms->tariff_id},       {"class", terms->class_name}, {"municipality", terms->municipality},
                 {"cycle-group", terms->cycle_group}};
    enum err err = OK;
    account->until_day = RECORDS_NO_DAY;
    for (size_t i = 0; err == OK && i < sizeof names / sizeof *names; i++)
        err = arg_copy(args, names[i].name, fault, names[i].dst, RECORD_ID_SIZE);
    if (err == OK)
        err = arg_day(args, "from", fault, &account->from_day);
    if (err == OK)
        err = arg_day(args, "until", fault, &account->until_day);
    if (err == OK)
        err = arg_small(args, "phases", 1, 3, fault, &terms->phases);
    if (err == OK)
        err = arg_int(args, "goal-minor", 0, INT64_C(1000000000000), fault, &account->goal_minor);
    account->has_goal = arg(args, "goal-minor") != NULL;
    return err;
}

static bool exists(struct qw *qw, const struct account_record *account)
{
    struct account_record there;
    struct point_record point;
    if (account->account_id[0] != '\0')
        return records_account_by_id(qw->records, account->account_id, NULL, &there) == OK;
    return records_point_by_id(qw->records, account->meter_id, NULL, &point) == OK &&
           records_account_at(qw->records, point.meter_no, account->from_day, NULL, &there) == OK &&
           strcmp(there.customer_id, account->customer_id) == 0;
}

static enum err run_add(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct account_record account = {0};
    struct account_terms terms = {0};
    enum err err = fill(args, fault, &account, &terms);
    if (err == OK && arg_flag(args, "if-missing") && exists(qw, &account)) {
        say(qw, "the account exists already");
        return OK;
    }
    if (err == OK)
        err = records_account_add(qw->records, &qw->actor, &account, &terms, fault, &account);
    if (err == OK)
        say(qw, "account %s added", account.account_id);
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "customer", .placeholder = "ID", .help = "only this customer's"},
    {.name = "meter", .placeholder = "ID", .help = "only this meter's"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static enum err show(struct qw *qw, struct sheet *sheet, const struct account_record *account, struct fault *fault)
{
    struct account_terms terms;
    int32_t today = (int32_t)(instant_floor(qw->actor.at_utc_ms, MS_PER_DAY) / MS_PER_DAY);
    int32_t last = account->until_day == RECORDS_NO_DAY ? INT32_MAX : account->until_day - 1;
    int32_t day = today < account->from_day ? account->from_day : today > last ? last : today;
    enum err err = records_account_terms_on(qw->records, account->account_no, day, fault, &terms);
    if (err != OK)
        return err;
    sheet_text(sheet, account->account_id);
    sheet_text(sheet, account->customer_id);
    sheet_text(sheet, account->meter_id);
    sheet_day(sheet, account->from_day, INT32_MIN);
    sheet_day(sheet, account->until_day, RECORDS_NO_DAY);
    sheet_text(sheet, terms.tariff_id);
    sheet_text(sheet, terms.class_name);
    sheet_text(sheet, terms.cycle_group);
    sheet_int_or(sheet, account->has_goal ? account->goal_minor : -1, -1);
    return OK;
}

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct account_record rows[RECORDS_PAGE_MAX];
    struct account_filter filter = {.customer_id = arg(args, "customer")};
    struct point_record point;
    struct sheet sheet;
    char after[RECORD_ID_SIZE] = "";
    size_t count = 0;
    enum err err = OK;
    if (arg(args, "meter") != NULL) {
        err = records_point_by_id(qw->records, arg(args, "meter"), fault, &point);
        if (err != OK)
            return err;
        filter.meter_no = point.meter_no;
    }
    sheet_begin(&sheet, arg_flag(args, "json"), "account_id", "customer_id", "meter_id", "from", "until", "tariff_id", "class", "cycle_group",
                "goal_minor", NULL);
    do {
        filter.after = after;
        err = records_account_list(qw->records, &filter, RECORDS_PAGE_MAX, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            err = show(qw, &sheet, &rows[i], fault);
            text_copy(after, sizeof after, rows[i].account_id);
        }
    } while (err == OK && count == RECORDS_PAGE_MAX);
    if (err == OK)
        return sheet_end(&sheet, "no accounts; `qw account add` makes one", fault);
    sheet_abandon(&sheet);
    return err;
}

static const struct arg_row end_rows[] = {
    {.name = "account", .placeholder = "ACCOUNT", .help = "the account", .operand = true, .required = true},
    {.name = "until", .placeholder = "DATE", .help = "the day after the last, in the meter's zone", .required = true},
    {0},
};

static enum err run_end(struct qw *qw, const struct args *args, struct fault *fault)
{
    int32_t until_day = 0;
    const char *id = arg(args, "account");
    enum err err = arg_day(args, "until", fault, &until_day);
    if (err == OK)
        err = records_account_end(qw->records, &qw->actor, id, until_day, fault);
    if (err == OK)
        say(qw, "account %s ends at the midnight that begins %s", id, arg(args, "until"));
    return err;
}

static const struct arg_row set_rows[] = {
    {.name = "account", .placeholder = "ACCOUNT", .help = "the account", .operand = true, .required = true},
    {.name = "term", .placeholder = "TERM", .help = "tariff, class, phases, municipality or cycle_group", .operand = true, .required = true},
    {.name = "value", .placeholder = "VALUE", .help = "what holds from then on; '' is the default again", .operand = true, .required = true},
    {.name = "from", .placeholder = "DATE", .help = "the first day of it, in the meter's zone", .required = true},
    {0},
};

static enum err run_set(struct qw *qw, const struct args *args, struct fault *fault)
{
    enum account_term term = TERM_TARIFF;
    int32_t from_day = 0;
    if (!account_term_parse(arg(args, "term"), &term))
        return fault_set(fault, ERR_INVALID, "TERM must be tariff, class, phases, municipality or cycle_group");
    enum err err = arg_day(args, "from", fault, &from_day);
    if (err == OK)
        err = records_account_term_set(qw->records, &qw->actor, arg(args, "account"), term, from_day, arg(args, "value"), fault);
    if (err == OK)
        say(qw, "account %s: %s is %s from %s", arg(args, "account"), account_term_name(term), arg(args, "value"), arg(args, "from"));
    return err;
}

const struct command account_commands[] = {
    {"account", "add", "A customer is billed for a meter from a day on.", add_rows, OPENS_RECORDS, true, run_add},
    {"account", "list", "Lists the accounts with today's terms.", list_rows, OPENS_RECORDS, false, run_list},
    {"account", "end", "Ends an account: somebody moves out.", end_rows, OPENS_RECORDS, true, run_end},
    {"account", "set", "Changes a term of an account from a day on.", set_rows, OPENS_RECORDS, true, run_set},
    {0},
};
