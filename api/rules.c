/* GET and PUT /meters/{meter_id}/alert-rules. */
#include <string.h>
#include "api/caller.h"
#include "api/resources.h"
#include "wire/rest_alert.h"

#define KINDS_MAX 32

/* What holds now, and the revision of its last change (0: nothing was ever said). */
static enum err rules_of(struct exchange *x, int64_t meter_no, struct fault *fault, struct alert_rules *out, int64_t *out_revision)
{
    struct rule_record rows[KINDS_MAX];
    size_t count = 0;
    memset(out, 0, sizeof *out);
    *out_revision = 0;
    enum err err = records_rule_list(x->server->records, meter_no, INT64_MAX, KINDS_MAX, fault, rows, &count);
    for (size_t i = 0; err == OK && i < count; i++) {
        rest_rules_take(out, rows[i].kind, rows[i].params);
        if (rows[i].revision > *out_revision)
            *out_revision = rows[i].revision;
    }
    return err;
}

static void reply_rules(struct exchange *x, int64_t meter_no)
{
    struct alert_rules rules;
    struct fault fault = {0};
    int64_t revision;
    enum err err = rules_of(x, meter_no, &fault, &rules, &revision);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    rest_rules_write(x->out, &rules);
    reply_tagged(x, 200, revision);
}

void rules_get(struct exchange *x)
{
    struct sight sight;
    if (sight_of(x, x->arg, &sight))
        reply_rules(x, sight.point.meter_no);
}

static enum err store_rules(struct exchange *x, int64_t meter_no, const struct alert_rules *rules, struct fault *fault)
{
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    struct buf params;
    enum err err = records_batch_begin(x->server->records, fault);
    if (err != OK)
        return err;
    buf_init(&params, RECORD_PARAMS_SIZE);
    for (int i = 0; err == OK && i < RULES_COUNT; i++) {
        int64_t revision;
        buf_reset(&params);
        if (rules->set[i])
            rule_params_write(&params, rule_kinds[i], &rules->params[i]);
        err =
            records_rule_set(x->server->records, &actor, meter_no, alert_kind_row(rule_kinds[i])->name, params.data, x->now_utc_ms, fault, &revision);
    }
    buf_finish(&params);
    if (err == OK)
        return records_batch_commit(x->server->records, fault);
    records_batch_rollback(x->server->records);
    return err;
}

void rules_set(struct exchange *x)
{
    struct sight sight;
    struct alert_rules rules, before;
    struct fault fault = {0};
    int64_t if_revision, revision;
    if (!reply_if_match(x, &if_revision) || !sight_of(x, x->arg, &sight))
        return;
    enum err err = rest_rules_parse(x->body.data, x->body.len, &fault, &rules);
    if (err == OK)
        err = rules_of(x, sight.point.meter_no, &fault, &before, &revision);
    if (err == OK && if_revision != RECORDS_ANY_REVISION && if_revision != revision) {
        problem(x, 412, "changed", "The rules have changed meanwhile; get them again.");
        return;
    }
    if (err == OK)
        err = store_rules(x, sight.point.meter_no, &rules, &fault);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    reply_rules(x, sight.point.meter_no);
}
