#include "ingestor/stages/episode.h"
#include <string.h>
#include "base/text.h"
#include "wire/alert_json.h"

int episode_keep(const struct alert_row *row, void *arg)
{
    struct open_alert *open = arg;
    open->found = true;
    open->alert = row->alert;
    return 1;
}

/* The kinds of which a meter is known to have none that lasts, since the last batch that failed. */
static uint32_t *quiet_kinds(struct pipeline *pipeline, int64_t meter_no)
{
    struct point *point = meter_no != 0 ? points_by_no(pipeline->points, meter_no) : NULL;
    if (!point)
        return NULL;
    if (point->quiet_epoch != pipeline->live_epoch) {
        point->quiet_epoch = pipeline->live_epoch;
        point->quiet_kinds = 0;
    }
    return &point->quiet_kinds;
}

static uint32_t kind_bit(enum alert_kind kind)
{
    return UINT32_C(1) << kind;
}

enum err episode_find(struct pipeline *pipeline, int64_t meter_no, enum alert_kind kind, struct open_alert *out, struct fault *fault)
{
    uint32_t *quiet = quiet_kinds(pipeline, meter_no);
    out->found = false;
    if (quiet && (*quiet & kind_bit(kind)))
        return OK;
    enum err err = facts_alerts(pipeline->parts.facts, meter_no, kind, -2, 0, NULL, 1, episode_keep, out, fault);
    if (err == OK && !out->found && quiet)
        *quiet |= kind_bit(kind);
    return err;
}

enum err episode_tell(struct pipeline *pipeline, struct alert *alert, struct fault *fault)
{
    struct buf document;
    uint32_t *quiet = quiet_kinds(pipeline, alert->meter_no);
    if (quiet)
        *quiet &= ~kind_bit(alert->kind);
    alert->revision++;
    alert->updated_utc_ms = pipeline->now_utc_ms;
    buf_init(&document, 16384);
    alert_write(&document, alert);
    struct alert_row row = {.alert = *alert, .published = true, .document = document.data};
    enum err err = facts_put_alert(pipeline->parts.facts, &row, fault);
    if (err == OK)
        err = publish_alert(pipeline, alert, document.data, document.len, fault);
    if (err == OK)
        err = publish_tail(pipeline, TAIL_ALERT, alert->meter_no, alert->subject == SUBJECT_METER ? alert->subject_id : "", document.data,
                           document.len, fault);
    buf_finish(&document);
    return err;
}

enum err episode_begin(struct pipeline *pipeline, struct alert *alert, struct fault *fault)
{
    alert->severity = alert_kind_row(alert->kind)->severity;
    alert->state = ALERT_ACTIVE;
    alert->revision = 0;
    alert_identify(alert);
    return episode_tell(pipeline, alert, fault);
}

enum err episode_end(struct pipeline *pipeline, struct alert *alert, int64_t until_utc_ms, struct fault *fault)
{
    alert->state = ALERT_RESOLVED;
    alert->until_utc_ms = until_utc_ms > alert->since_utc_ms ? until_utc_ms : alert->since_utc_ms;
    return episode_tell(pipeline, alert, fault);
}

void episode_of_meter(const struct point *point, enum alert_kind kind, struct alert *out)
{
    memset(out, 0, sizeof *out);
    out->subject = SUBJECT_METER;
    out->meter_no = point->meter_no;
    out->kind = kind;
    text_copy(out->subject_id, sizeof out->subject_id, point->meter_id);
}

enum err episode_settle(struct pipeline *pipeline, struct alert *alert, bool lasts, int64_t until_utc_ms, struct fault *fault)
{
    struct open_alert open, former = {0};
    enum err err = episode_find(pipeline, alert->meter_no, alert->kind, &open, fault);
    if (err != OK || (open.found && lasts))
        return err;
    if (open.found)
        return episode_end(pipeline, &open.alert, until_utc_ms, fault);
    if (!lasts)
        return OK;
    alert_identify(alert);
    err = facts_alert(pipeline->parts.facts, alert->alert_id, episode_keep, &former, fault);
    if (err == OK)
        return OK; /* one life */
    return err == ERR_NOT_FOUND ? episode_begin(pipeline, alert, fault) : err;
}
