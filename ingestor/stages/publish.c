/* publish: what the outside is told, and when. Receipts and rejects after A, the outbox after B. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "ingestor/context.h"

#define RECEIPT_EVERY_MS 1000 /* protocol.md: at most one per meter per second */
#define OUTBOX_PAGE 500

static void send_unsure(struct pipeline *pipeline, const char *topic, const struct buf *payload, int64_t delay_ms)
{
    struct outgoing message = {.topic = topic, .payload = payload->data, .payload_len = payload->len, .delay_ms = delay_ms};
    pipeline->parts.send(pipeline->parts.send_arg, &message);
}

static void send_rejects(struct pipeline *pipeline)
{
    for (int i = 0; i < pipeline->reject_count; i++) {
        const struct waiting_reject *reject = &pipeline->rejects[i];
        char topic[96];
        snprintf(topic, sizeof topic, "meters/%s/rejects", reject->meter_id);
        buf_reset(&pipeline->scratch);
        reject_write(&pipeline->scratch, reject->verdict, reject->detail, reject->has_ts, reject->ts_utc_ms, reject->has_seq, reject->seq);
        send_unsure(pipeline, topic, &pipeline->scratch, 0);
    }
    pipeline->reject_count = 0;
}

static void send_answers(struct pipeline *pipeline)
{
    for (int i = 0; i < pipeline->answer_count; i++) {
        const struct waiting_answer *answer = &pipeline->answers[i];
        struct outgoing message = {
            .topic = answer->topic, .payload = answer->payload, .payload_len = strlen(answer->payload), .delay_ms = pipeline->parts.login_reload_ms};
        pipeline->parts.send(pipeline->parts.send_arg, &message);
    }
    pipeline->answer_count = 0;
}

/* Receipts whose second has come; the others stay on the list. */
static void send_receipts(struct pipeline *pipeline)
{
    int64_t now_ms = clock_monotonic(&pipeline->parts.clock);
    struct receipt_entry *kept = NULL;
    int kept_count = 0;
    for (struct receipt_entry *entry = pipeline->touched, *next; entry; entry = next) {
        next = entry->next_touched;
        entry->changed = false;
        bool in_time = entry->point->receipt_sent_ms == 0 || now_ms - entry->point->receipt_sent_ms >= RECEIPT_EVERY_MS;
        if (entry->due && entry->receipt.done_seq >= 0 && in_time) {
            char topic[96];
            snprintf(topic, sizeof topic, "meters/%s/receipt", entry->point->meter_id);
            buf_reset(&pipeline->scratch);
            receipt_write(&pipeline->scratch, entry->boot, entry->receipt.done_seq);
            send_unsure(pipeline, topic, &pipeline->scratch, 0);
            entry->point->receipt_sent_ms = now_ms;
            entry->due = false;
        }
        if (entry->due && entry->receipt.done_seq >= 0 && kept_count < RECEIPTS_DUE_MAX) {
            entry->next_touched = kept;
            kept = entry;
            kept_count++;
        } else {
            entry->touched = false;
            entry->due = false;
        }
    }
    pipeline->touched = kept;
}

void publish_after_a(struct pipeline *pipeline)
{
    send_rejects(pipeline);
    send_answers(pipeline);
    send_receipts(pipeline);
}

enum err publish_tail(struct pipeline *pipeline, enum tail_kind kind, int64_t meter_no, const char *meter_id, const char *data, size_t len,
                      struct fault *fault)
{
    struct tail_row row = {.at_utc_ms = pipeline->now_utc_ms, .meter_no = meter_no, .kind = kind, .data = data, .data_len = len};
    text_copy(row.meter_id, sizeof row.meter_id, meter_id);
    return facts_put_tail(pipeline->parts.facts, &row, fault);
}

static enum err put_outbox(struct pipeline *pipeline, const char *topic, const char *payload, size_t len, bool retained, struct fault *fault)
{
    struct outbox_row row = {.payload = payload, .payload_len = len, .retained = retained};
    text_copy(row.topic, sizeof row.topic, topic);
    return facts_put_outbox(pipeline->parts.facts, &row, fault);
}

/* Retained, when its total changed, and at most once a minute (protocol.md); a newer one within the minute waits. */
enum err publish_bill(struct pipeline *pipeline, struct point *point, int64_t total_minor, const char *document, size_t len, struct fault *fault)
{
    int64_t now_ms = clock_monotonic(&pipeline->parts.clock);
    char topic[96];
    bool published = point->bill_published_ms != 0;
    if (published && point->bill_published_minor == total_minor) {
        point->bill_due = false;
        return OK;
    }
    point->bill_due = published && now_ms - point->bill_published_ms < pipeline->parts.bill_publish_s * 1000;
    if (point->bill_due)
        return OK;
    snprintf(topic, sizeof topic, "meters/%s/bill", point->meter_id);
    enum err err = put_outbox(pipeline, topic, document, len, true, fault);
    if (err == OK) {
        point->bill_published_ms = now_ms ? now_ms : 1;
        point->bill_published_minor = total_minor;
    }
    return err;
}

/* Retained while it lasts; at its end once plainly, then the empty retained message that takes it away. */
enum err publish_alert(struct pipeline *pipeline, const struct alert *alert, const char *document, size_t len, struct fault *fault)
{
    char topic[ALERT_TOPIC_SIZE];
    alert_topic(alert, topic);
    bool resolved = alert->state == ALERT_RESOLVED;
    enum err err = put_outbox(pipeline, topic, document, len, !resolved, fault);
    if (err == OK && resolved)
        err = put_outbox(pipeline, topic, "", 0, true, fault);
    return err;
}

struct sending {
    struct pipeline *pipeline;
    bool full;
};

static int send_row(const struct outbox_row *row, void *arg)
{
    struct sending *sending = arg;
    struct pipeline *pipeline = sending->pipeline;
    struct outgoing message = {
        .topic = row->topic, .payload = row->payload, .payload_len = row->payload_len, .retained = row->retained, .id = (uint64_t)row->outbox_id};
    sending->full = !pipeline->parts.send(pipeline->parts.send_arg, &message);
    if (!sending->full)
        pipeline->outbox_sent_id = row->outbox_id;
    return sending->full;
}

void publish_outbox(struct pipeline *pipeline)
{
    struct sending sending = {.pipeline = pipeline};
    int64_t before;
    do {
        before = pipeline->outbox_sent_id;
        /* A reading error here is seen again, and told, by the next write. */
        if (facts_outbox(pipeline->parts.facts, pipeline->outbox_sent_id, OUTBOX_PAGE, send_row, &sending, NULL) != OK)
            return;
    } while (!sending.full && pipeline->outbox_sent_id != before);
}

void pipeline_published(struct pipeline *pipeline, uint64_t id)
{
    pthread_mutex_lock(&pipeline->published_lock);
    /* Beyond the list's end the row stays and is published again after a restart: at least once. */
    if (pipeline->published_count < PUBLISHED_MAX)
        pipeline->published[pipeline->published_count++] = (int64_t)id;
    pthread_mutex_unlock(&pipeline->published_lock);
}

/* Ids are only added behind these, so the lock is not held while the store works: the link's thread would wait for it. */
enum err publish_forget(struct pipeline *pipeline, struct fault *fault)
{
    enum err err = OK;
    pthread_mutex_lock(&pipeline->published_lock);
    pipeline->forgetting = pipeline->published_count;
    pthread_mutex_unlock(&pipeline->published_lock);
    for (int i = 0; i < pipeline->forgetting && err == OK; i++)
        err = facts_outbox_done(pipeline->parts.facts, pipeline->published[i], fault);
    return err;
}

void publish_forgotten(struct pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->published_lock);
    pipeline->published_count -= pipeline->forgetting;
    memmove(pipeline->published, pipeline->published + pipeline->forgetting, (size_t)pipeline->published_count * sizeof pipeline->published[0]);
    pipeline->forgetting = 0;
    pthread_mutex_unlock(&pipeline->published_lock);
}
