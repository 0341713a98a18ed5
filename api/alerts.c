/* GET /alerts, POST /alerts/{alert_id}/acknowledge. */
#include <stdlib.h>
#include <string.h>
#include "api/caller.h"
#include "api/gather.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/rest_alert.h"
#include "wire/rest_in.h"

#define METERS_MAX 200
#define STATE_ANY (-1)
#define STATE_OPEN (-2)

/* The alert as it reads with its first acknowledgement, into `out`. */
static enum err write_alert(struct records *records, const struct alert_row *row, struct buf *out, struct fault *fault)
{
    struct acknowledgement_record ack;
    size_t count = 0;
    enum err err = records_acknowledged_of(records, row->alert.alert_id, 1, fault, &ack, &count);
    if (err != OK)
        return err;
    if (count == 0)
        out_raw(out, NULL, row->document);
    else
        err = rest_alert_acknowledged(out, row->document, ack.by, ack.at_utc_ms, ack.note, fault);
    return err;
}

struct listing {
    struct exchange *x;
    struct gather *gather;
    int64_t from_utc_ms; /* older episodes are not the caller's */
    struct buf one;
    struct fault *fault;
    enum err err;
};

static int take_alert(const struct alert_row *row, void *arg)
{
    struct listing *listing = arg;
    if (row->alert.since_utc_ms < listing->from_utc_ms)
        return 1;
    buf_reset(&listing->one);
    listing->err = write_alert(listing->x->server->records, row, &listing->one, listing->fault);
    if (listing->err != OK)
        return 1;
    gather_add(listing->gather, row->alert.since_utc_ms, row->alert.alert_id, listing->one.data);
    return 0;
}

struct filter {
    int64_t meter_no; /* 0: any */
    int64_t from_utc_ms;
    int kind, state;
    struct gather_cursor after;
};

static bool read_words(struct exchange *x, struct filter *out)
{
    struct fault fault = {0};
    const char *kind = param_get(&x->query, "kind"), *state = param_get(&x->query, "state");
    static const char *const states[] = {"active", "acknowledged", "resolved"};
    out->kind = 0;
    out->state = STATE_ANY;
    if (kind != NULL) {
        const struct alert_kind_row *row = alert_kind_by_name(kind);
        out->kind = row != NULL ? (int)row->kind : -1;
    }
    for (int i = 0; state != NULL && i < 3; i++)
        if (strcmp(states[i], state) == 0)
            out->state = i;
    if (state != NULL && strcmp(state, "open") == 0)
        out->state = STATE_OPEN;
    enum err err = OK;
    if (out->kind < 0)
        err = param_fault(&fault, "kind", "There is no alert of this kind.");
    else if (state != NULL && out->state == STATE_ANY)
        err = param_fault(&fault, "state", "One of active, acknowledged, resolved, open is expected.");
    if (err != OK)
        problem_input(x, &fault);
    return err == OK;
}

static bool read_meter(struct exchange *x, struct filter *out)
{
    struct fault fault = {0};
    const char *meter_id;
    struct sight sight;
    out->meter_no = 0;
    out->from_utc_ms = INT64_MIN;
    if (param_name(&x->query, "meter_id", &fault, &meter_id) != OK) {
        problem_input(x, &fault);
        return false;
    }
    if (meter_id == NULL)
        return true;
    if (!sight_of(x, meter_id, &sight))
        return false;
    out->meter_no = sight.point.meter_no;
    out->from_utc_ms = sight.from_utc_ms;
    return true;
}

static enum err list_meter(struct exchange *x, struct facts *facts, const struct filter *filter, int64_t meter_no, int64_t from_utc_ms,
                           struct gather *gather, struct fault *fault)
{
    struct listing listing = {.x = x, .gather = gather, .from_utc_ms = from_utc_ms, .fault = fault, .err = OK};
    buf_init(&listing.one, HTTP_BODY_MAX);
    enum err err = facts_alerts(facts, meter_no, filter->kind, filter->state, filter->after.number, filter->after.text, (int)gather->limit + 1,
                                take_alert, &listing, fault);
    buf_finish(&listing.one);
    return err != OK ? err : listing.err;
}

/* A customer hears of their meters, one by one; others of everything at once. */
static enum err list_all(struct exchange *x, struct facts *facts, const struct filter *filter, struct gather *gather, struct fault *fault)
{
    if (x->caller.role != ROLE_CUSTOMER || filter->meter_no != 0)
        return list_meter(x, facts, filter, filter->meter_no, filter->from_utc_ms, gather, fault);
    int64_t meter_nos[METERS_MAX];
    size_t count = 0;
    enum err err = caller_meters(x->server, &x->caller, x->now_utc_ms, METERS_MAX, fault, meter_nos, &count);
    for (size_t i = 0; err == OK && i < count; i++) {
        struct point_record point;
        struct sight sight;
        err = records_point_by_no(x->server->records, meter_nos[i], fault, &point);
        if (err == OK)
            err = sight_of_point(x->server, &x->caller, &point, x->now_utc_ms, fault, &sight);
        if (err == OK)
            err = list_meter(x, facts, filter, meter_nos[i], sight.from_utc_ms, gather, fault);
    }
    return err;
}

void alerts_list(struct exchange *x)
{
    struct filter filter = {0};
    struct gather gather;
    struct fault fault = {0};
    size_t limit;
    if (!page_limit(x, &limit) || !page_cursor(x, &filter.after.number, &filter.after.text) || !read_words(x, &filter) || !read_meter(x, &filter))
        return;
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    gather_init(&gather, limit);
    enum err err = list_all(x, facts, &filter, &gather, &fault);
    if (err == OK && gather.failed)
        err = fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK) {
        char next[GATHER_CURSOR_SIZE];
        out_object(x->out, NULL);
        out_array(x->out, "items");
        bool more = gather_write(&gather, x->out, next);
        page_end(x, more ? next : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    ledger_done(x, facts);
    gather_finish(&gather);
}

static enum err read_note(const struct buf *body, struct fault *fault, char *note, size_t size)
{
    static const char *const names[] = {"note", NULL};
    struct rest_in *in = NULL;
    note[0] = '\0';
    enum err err = rest_in_parse(body->data, body->len, true, fault, &in);
    if (err == OK && (err = rest_in_only(in, names, fault)) == OK)
        err = rest_in_text(in, "note", 0, size - 1, fault, note, size);
    rest_in_destroy(in);
    return err;
}

struct target {
    struct exchange *x;
    const char *note;
    enum err err;
    struct fault *fault;
    bool resolved;
};

/* Whether the caller may see the alert's subject. */
static enum err may_see(struct exchange *x, const struct alert *alert, struct fault *fault)
{
    struct point_record point;
    struct sight sight;
    if (x->caller.role != ROLE_CUSTOMER)
        return OK;
    if (alert->subject != SUBJECT_METER)
        return ERR_NOT_FOUND;
    enum err err = records_point_by_no(x->server->records, alert->meter_no, fault, &point);
    if (err == OK)
        err = sight_of_point(x->server, &x->caller, &point, x->now_utc_ms, fault, &sight);
    return err == OK && alert->since_utc_ms < sight.from_utc_ms ? ERR_NOT_FOUND : err;
}

static int acknowledge(const struct alert_row *row, void *arg)
{
    struct target *target = arg;
    struct exchange *x = target->x;
    struct acknowledgement_record ack;
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    size_t count = 0;
    int64_t ack_no;
    target->err = may_see(x, &row->alert, target->fault);
    if (target->err == OK)
        target->err = records_acknowledged_of(x->server->records, row->alert.alert_id, 1, target->fault, &ack, &count);
    if (target->err != OK)
        return 1;
    target->resolved = count == 0 && row->alert.state == ALERT_RESOLVED;
    if (target->resolved)
        return 1;
    if (count == 0)
        target->err = records_acknowledge(x->server->records, &actor, row->alert.alert_id, target->note, target->fault, &ack_no);
    if (target->err == OK)
        target->err = write_alert(x->server->records, row, x->out, target->fault);
    return 1;
}

void alerts_acknowledge(struct exchange *x)
{
    char note[RECORD_TEXT_SIZE];
    struct fault fault = {0};
    struct target target = {.x = x, .note = note, .fault = &fault};
    enum err err = read_note(&x->body, &fault, note, sizeof note);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    err = facts_alert(facts, x->arg, acknowledge, &target, &fault);
    if (err == OK)
        err = target.err;
    if (err != OK)
        problem_store(x, err, &fault);
    else if (target.resolved)
        problem(x, 409, "resolved", "The alert is over; there is nothing to acknowledge.");
    else
        reply_json(x, 200);
    ledger_done(x, facts);
}
