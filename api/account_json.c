#include "api/account_json.h"

#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/rest_in.h"

#define GOAL_MAX INT64_C(1000000000000)

static const struct {
    const char *name;
    enum account_term term;
} term_names[ACCOUNT_TERMS] = {
    {"tariff_id", TERM_TARIFF},        {"class", TERM_CLASS}, {"phases", TERM_PHASES}, {"municipality", TERM_MUNICIPALITY},
    {"cycle_group", TERM_CYCLE_GROUP},
};

static void text_or_null(struct buf *out, const char *key, const char *text)
{
    out_text(out, key, *text != '\0' ? text : NULL);
}

void account_write(struct buf *out, const struct account_record *account, const struct account_terms *terms)
{
    out_object(out, NULL);
    out_text(out, "account_id", account->account_id);
    out_text(out, "customer_id", account->customer_id);
    out_text(out, "meter_id", account->meter_id);
    out_text(out, "state", account->state == ACCOUNT_CLOSED ? "closed" : "active");
    out_day(out, "from", account->from_day);
    if (account->until_day == RECORDS_NO_DAY)
        out_null(out, "until");
    else
        out_day(out, "until", account->until_day);
    if (account->has_goal)
        out_int(out, "goal_minor", account->goal_minor);
    else
        out_null(out, "goal_minor");
    text_or_null(out, "tariff_id", terms->tariff_id);
    text_or_null(out, "class", terms->class_name);
    if (terms->phases > 0)
        out_int(out, "phases", terms->phases);
    else
        out_null(out, "phases");
    text_or_null(out, "municipality", terms->municipality);
    text_or_null(out, "cycle_group", terms->cycle_group);
    out_end_object(out);
}

/* One term as text: "" where it is null or absent. */
static enum err read_term(const struct rest_in *in, int i, struct fault *fault, char out[RECORD_ID_SIZE])
{
    int64_t phases = 0;
    out[0] = '\0';
    if (term_names[i].term != TERM_PHASES)
        return rest_in_name(in, term_names[i].name, fault, out, RECORD_ID_SIZE);
    enum err err = rest_in_int(in, "phases", 1, 3, fault, &phases);
    if (err == OK && phases > 0)
        snprintf(out, RECORD_ID_SIZE, "%d", (int)phases);
    return err;
}

static enum err read_goal(const struct rest_in *in, struct fault *fault, bool *has_goal, int64_t *goal_minor)
{
    *has_goal = rest_in_member(in, "goal_minor") == REST_GIVEN;
    return rest_in_int(in, "goal_minor", 0, GOAL_MAX, fault, goal_minor);
}

static enum err read_new_terms(const struct rest_in *in, struct fault *fault, struct account_terms *terms)
{
    char values[ACCOUNT_TERMS][RECORD_ID_SIZE];
    for (int i = 0; i < ACCOUNT_TERMS; i++) {
        enum err err = read_term(in, i, fault, values[i]);
        if (err != OK)
            return err;
    }
    text_copy(terms->tariff_id, sizeof terms->tariff_id, values[0]);
    text_copy(terms->class_name, sizeof terms->class_name, values[1]);
    terms->phases = values[2][0] != '\0' ? values[2][0] - '0' : 0;
    text_copy(terms->municipality, sizeof terms->municipality, values[3]);
    text_copy(terms->cycle_group, sizeof terms->cycle_group, values[4]);
    return OK;
}

enum err account_read_new(const struct buf *body, struct fault *fault, struct new_account *out)
{
    static const char *const names[] = {"account_id", "customer_id", "meter_id", "from",         "until",       "goal_minor",
                                        "tariff_id",  "class",       "phases",   "municipality", "cycle_group", NULL};
    static const char *const required[] = {"customer_id", "meter_id", "from"};
    struct new_account made = {.account = {.until_day = RECORDS_NO_DAY}};
    struct account_record *account = &made.account;
    struct rest_in *in = NULL;
    enum err err = rest_in_parse(body->data, body->len, false, fault, &in);
    if (err != OK)
        return err;
    err = rest_in_only(in, names, fault);
    for (size_t i = 0; err == OK && i < sizeof required / sizeof required[0]; i++)
        err = rest_in_required(in, required[i], fault);
    if (err == OK && (err = rest_in_name(in, "account_id", fault, account->account_id, sizeof account->account_id)) == OK &&
        (err = rest_in_name(in, "customer_id", fault, account->customer_id, sizeof account->customer_id)) == OK &&
        (err = rest_in_name(in, "meter_id", fault, account->meter_id, sizeof account->meter_id)) == OK &&
        (err = rest_in_day(in, "from", fault, &account->from_day)) == OK && (err = rest_in_day(in, "until", fault, &account->until_day)) == OK &&
        (err = read_goal(in, fault, &account->has_goal, &account->goal_minor)) == OK)
        err = read_new_terms(in, fault, &made.terms);
    rest_in_destroy(in);
    if (err == OK)
        *out = made;
    return err;
}

static enum err read_changed_terms(const struct rest_in *in, struct fault *fault, struct account_change *change)
{
    for (int i = 0; i < ACCOUNT_TERMS; i++) {
        if (rest_in_member(in, term_names[i].name) == REST_ABSENT)
            continue;
        enum err err = read_term(in, i, fault, change->terms[change->term_count].value);
        if (err != OK)
            return err;
        change->terms[change->term_count++].term = term_names[i].term;
    }
    if (change->term_count == 0)
        return rest_in_member(in, "terms_from") == REST_ABSENT
                   ? OK
                   : fault_at(fault, ERR_INVALID, "/terms_from", "It stands beside a term that changes from that day on.");
    enum err err = rest_in_required(in, "terms_from", fault);
    return err == OK ? rest_in_day(in, "terms_from", fault, &change->from_day) : err;
}

enum err account_read_change(const struct buf *body, struct fault *fault, struct account_change *out)
{
    static const char *const names[] = {"until", "goal_minor", "terms_from", "tariff_id", "class", "phases", "municipality", "cycle_group", NULL};
    struct account_change change = {.until_day = RECORDS_NO_DAY};
    struct rest_in *in = NULL;
    enum err err = rest_in_parse(body->data, body->len, false, fault, &in);
    if (err != OK)
        return err;
    change.sets_until = rest_in_member(in, "until") != REST_ABSENT;
    change.sets_goal = rest_in_member(in, "goal_minor") != REST_ABSENT;
    if ((err = rest_in_only(in, names, fault)) == OK && (err = rest_in_day(in, "until", fault, &change.until_day)) == OK &&
        (err = read_goal(in, fault, &change.has_goal, &change.goal_minor)) == OK)
        err = read_changed_terms(in, fault, &change);
    rest_in_destroy(in);
    if (err == OK)
        *out = change;
    return err;
}
