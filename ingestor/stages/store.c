/* store: what becomes of the judged, and the end of commit A. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "base/text.h"
#include "ingestor/commands.h"
#include "ingestor/marks.h"
#include "ingestor/silence.h"
#include "ingestor/stages/live.h"

#define UNCLAIMED_PER_NAME 1000 /* domain.md: readings kept under unknown_meter, per name */
#define INTERVAL_LONGEST_MS MS_PER_DAY
#define LIVE_MS (10 * MS_PER_MIN) /* an older reading is history, not news */

void store_failed(struct pipeline *pipeline, enum err err, const struct fault *fault)
{
    if (pipeline->err != OK)
        return;
    pipeline->err = err;
    pipeline->fault = *fault;
}

/* Keeps the first error of the batch. */
static bool went_well(struct pipeline *pipeline, enum err err, const struct fault *fault)
{
    if (err != OK)
        store_failed(pipeline, err, fault);
    return err == OK;
}

/* One mark per meter and batch, written at its end. */
void mark_energy(struct pipeline *pipeline, struct point *point, int64_t from_utc_ms, int64_t until_utc_ms)
{
    if (point->mark_batch != pipeline->batch) {
        point->mark_batch = pipeline->batch;
        point->mark_from_utc_ms = from_utc_ms;
        point->mark_until_utc_ms = until_utc_ms;
        point->next_marked = pipeline->marked;
        pipeline->marked = point;
    }
    if (from_utc_ms < point->mark_from_utc_ms)
        point->mark_from_utc_ms = from_utc_ms;
    if (until_utc_ms > point->mark_until_utc_ms)
        point->mark_until_utc_ms = until_utc_ms;
}

static void store_marks(struct pipeline *pipeline)
{
    for (struct point *point = pipeline->marked; point && pipeline->err == OK; point = point->next_marked) {
        struct fault fault = {0};
        went_well(pipeline,
                  marks_put(pipeline->marks, point, MARK_ENERGY, point->mark_from_utc_ms, point->mark_until_utc_ms, pipeline->now_utc_ms, &fault),
                  &fault);
    }
}

void mark_bills(struct pipeline *pipeline, struct point *point, int64_t from_utc_ms)
{
    struct fault fault = {0};
    went_well(pipeline, marks_put(pipeline->marks, point, MARK_BILL, from_utc_ms, pipeline->now_utc_ms + 1, pipeline->now_utc_ms, &fault), &fault);
}

struct extent {
    bool any;
    int64_t first_ms, last_ms;
};

static int take_extent(const struct read *read, void *arg)
{
    struct extent *extent = arg;
    if (!extent->any || read->ts_utc_ms < extent->first_ms)
        extent->first_ms = read->ts_utc_ms;
    if (!extent->any || read->ts_utc_ms > extent->last_ms)
        extent->last_ms = read->ts_utc_ms;
    extent->any = true;
    return 1;
}

/* What was decided may lie where nothing was read. */
static enum err mark_decided(struct pipeline *pipeline, struct point *point, struct fault *fault)
{
    const struct point_decisions *decisions;
    enum err err = points_decisions(pipeline->points, point, fault, &decisions);
    for (int i = 0; err == OK && i < decisions->span_count; i++)
        mark_energy(pipeline, point, decisions->spans[i].from_utc_ms - 2 * MS_PER_DAY, decisions->spans[i].until_utc_ms + 2 * MS_PER_DAY);
    return err;
}

/* All there is, and two days to both sides, where days of the former zone may stand. */
static enum err mark_all_energy(struct pipeline *pipeline, struct point *point, struct fault *fault)
{
    struct facts *facts = pipeline->parts.facts;
    struct extent extent = {0};
    int32_t channels[READING_CHANNELS_MAX * 2];
    int count = 0;
    enum err err = facts_channels(facts, point->meter_no, READING_CHANNELS_MAX * 2, channels, &count, fault);
    for (int i = 0; i < count && err == OK; i++)
        for (int order = -1; order <= 1 && err == OK; order += 2)
            err = facts_reads(facts, point->meter_no, channels[i], INT64_MIN, INT64_MAX, order, 1, take_extent, &extent, fault);
    if (err == OK && extent.any)
        mark_energy(pipeline, point, extent.first_ms - INTERVAL_LONGEST_MS - 2 * MS_PER_DAY, extent.last_ms + 2 * MS_PER_DAY);
    return err == OK ? mark_decided(pipeline, point, fault) : err;
}

void mark_changed(struct pipeline *pipeline, struct point *point)
{
    struct fault fault = {0};
    mark_bills(pipeline, point, 0);
    if (point->cut_anew)
        went_well(pipeline, mark_all_energy(pipeline, point, &fault), &fault);
    if (point->decided_from_utc_ms < point->decided_until_utc_ms)
        mark_energy(pipeline, point, point->decided_from_utc_ms, point->decided_until_utc_ms);
}

static int anew(struct point *point, void *arg)
{
    struct pipeline *pipeline = arg;
    struct fault fault = {0};
    live_forget(pipeline, point);
    point->anew = true;
    mark_bills(pipeline, point, 0);
    went_well(pipeline, mark_all_energy(pipeline, point, &fault), &fault);
    return pipeline->err != OK;
}

void mark_anew(struct pipeline *pipeline, struct point *point)
{
    if (point)
        anew(point, pipeline);
    else
        points_each(pipeline->points, anew, pipeline);
}

/* One live reading per meter and batch goes to the tail: a page shows the present, not every second of a backlog. */
static void tell_tail(struct pipeline *pipeline, const struct origin *origin, const struct reading *reading)
{
    struct fault fault = {0};
    if (reading->ts_utc_ms < pipeline->now_utc_ms - LIVE_MS || origin->point->tail_batch == pipeline->batch)
        return;
    origin->point->tail_batch = pipeline->batch;
    buf_reset(&pipeline->scratch);
    live_reading_write(&pipeline->scratch, origin->meter_id, reading, verdict_name(VERDICT_ACCEPTED), origin->received_utc_ms);
    went_well(pipeline,
              publish_tail(pipeline, TAIL_READING, origin->point->meter_no, origin->meter_id, pipeline->scratch.data, pipeline->scratch.len, &fault),
              &fault);
}

bool store_reading(struct pipeline *pipeline, const struct origin *origin, const struct reading *reading)
{
    struct reading_row row = {.meter_no = origin->point->meter_no, .reading = *reading, .received_utc_ms = origin->received_utc_ms};
    struct fault fault = {0};
    bool repeated;
    if (!went_well(pipeline, facts_put_reading(pipeline->parts.facts, &row, &repeated, &fault), &fault))
        return false;
    silence_heard(pipeline->silence, origin->point);
    if (repeated) {
        pipeline->tally.repeated++;
        return true;
    }
    pipeline->tally.accepted++;
    int64_t from_utc_ms = reading->ts_utc_ms - (int64_t)reading->interval_s * MS_PER_S;
    mark_energy(pipeline, origin->point, from_utc_ms, reading->ts_utc_ms + 1);
    live_heard(pipeline, origin->point, reading);
    tell_tail(pipeline, origin, reading);
    return pipeline->err == OK;
}

static void remember_reject(struct pipeline *pipeline, const struct refusal *refusal)
{
    if (!refusal->meter_id[0] || pipeline->reject_count == REJECTS_MAX)
        return;
    struct waiting_reject *reject = &pipeline->rejects[pipeline->reject_count++];
    memset(reject, 0, sizeof *reject);
    text_copy(reject->meter_id, sizeof reject->meter_id, refusal->meter_id);
    text_copy(reject->detail, sizeof reject->detail, refusal->detail);
    reject->verdict = refusal->verdict;
    reject->has_ts = refusal->has_ts;
    reject->ts_utc_ms = refusal->ts_utc_ms;
    reject->has_seq = refusal->has_seq;
    reject->seq = refusal->seq;
}

void store_refusal(struct pipeline *pipeline, const struct origin *origin, enum verdict verdict, const char *detail,
                   const struct parsed_reading *parsed, bool is_reading)
{
    struct refusal refusal = {.received_utc_ms = origin->received_utc_ms,
                              .meter_no = origin->point ? origin->point->meter_no : 0,
                              .verdict = verdict,
                              .payload = origin->payload,
                              .payload_len = origin->payload_len};
    struct fault fault = {0};
    text_copy(refusal.meter_id, sizeof refusal.meter_id, origin->meter_id);
    text_copy(refusal.detail, sizeof refusal.detail, detail);
    if (parsed) {
        refusal.has_ts = parsed->has_ts;
        refusal.ts_utc_ms = parsed->reading.ts_utc_ms;
        refusal.has_seq = parsed->reading.has_seq;
        refusal.seq = parsed->reading.seq;
    } else if (is_reading) {
        pipeline->tally.received++;
    }
    if (is_reading)
        pipeline->tally.refused[verdict_index(verdict)]++;
    if (went_well(pipeline, facts_put_refusal(pipeline->parts.facts, &refusal, pipeline->parts.refusals_kept, &fault), &fault))
        remember_reject(pipeline, &refusal);
}

void store_status(struct pipeline *pipeline, const struct origin *origin, const struct status_message *status)
{
    struct status_row row = {.meter_no = origin->point->meter_no, .online = status->online, .changed_utc_ms = origin->received_utc_ms};
    struct status_row former = {0};
    struct fault fault = {0};
    enum err err = facts_status(pipeline->parts.facts, row.meter_no, &former, &fault);
    if (err != OK && err != ERR_NOT_FOUND) {
        store_failed(pipeline, err, &fault);
        return;
    }
    /* A retained message comes again with every subscription: the same word is no change. */
    bool same = err == OK && former.online == row.online && strcmp(former.boot, status->boot) == 0;
    text_copy(row.serial, sizeof row.serial, status->serial[0] ? status->serial : former.serial);
    text_copy(row.firmware, sizeof row.firmware, status->firmware[0] ? status->firmware : former.firmware);
    text_copy(row.boot, sizeof row.boot, status->boot);
    if (!same)
        went_well(pipeline, facts_put_status(pipeline->parts.facts, &row, &fault), &fault);
}

void store_event(struct pipeline *pipeline, const struct origin *origin, const struct event_message *event)
{
    struct event_row row = {.meter_no = origin->point->meter_no,
                            .ts_utc_ms = event->has_ts ? event->ts_utc_ms : origin->received_utc_ms,
                            .received_utc_ms = origin->received_utc_ms};
    struct fault fault = {0};
    bool repeated;
    buf_reset(&pipeline->scratch);
    buf_append(&pipeline->scratch, origin->payload, origin->payload_len);
    text_copy(row.event, sizeof row.event, event->event);
    row.document = pipeline->scratch.data;
    bool stored = went_well(pipeline, facts_put_event(pipeline->parts.facts, &row, &repeated, &fault), &fault);
    if (stored && !repeated && strcmp(row.event, "exchange") == 0) {
        live_forget(pipeline, origin->point);
        mark_energy(pipeline, origin->point, row.ts_utc_ms, row.ts_utc_ms + 1);
    }
    if (stored && !repeated && strcmp(row.event, "tamper") == 0)
        mark_bills(pipeline, origin->point, pipeline->now_utc_ms);
    if (stored && strcmp(row.event, "command") == 0)
        went_well(pipeline, commands_answered(pipeline, origin->point, row.document, origin->payload_len, origin->received_utc_ms, &fault), &fault);
}

void store_unclaimed(struct pipeline *pipeline, const struct origin *origin)
{
    struct fault fault = {0};
    if (!map_get(pipeline->unclaimed_names, origin->meter_id)) {
        if (map_count(pipeline->unclaimed_names) >= UNCLAIMED_NAMES_MAX ||
            map_put(pipeline->unclaimed_names, origin->meter_id, pipeline->unclaimed_names) != OK)
            return;
    }
    if (went_well(pipeline,
                  facts_put_unclaimed(pipeline->parts.facts, origin->meter_id, origin->received_utc_ms, origin->payload, origin->payload_len,
                                      UNCLAIMED_PER_NAME, &fault),
                  &fault))
        pipeline->tally.unclaimed++;
}

static int load_receipt(const struct receipt_row *row, void *arg)
{
    struct receipt *receipt = arg;
    receipt->done_seq = row->done_seq;
    receipt->top_seq = row->top_seq;
    receipt->given_up = row->given_up;
    receipt_ranges_read(receipt, row->holes);
    return 1;
}

struct sweep {
    struct map *kept;
    bool holes_too;
};

static int sweep_entry(const char *key, void *value, void *arg)
{
    struct sweep *sweep = arg;
    struct receipt_entry *entry = value;
    if (!entry->touched && (entry->receipt.range_count == 0 || sweep->holes_too))
        free(entry);
    else if (map_put(sweep->kept, key, entry) != OK)
        abort(); /* no memory for less than there was */
    return 0;
}

/* Anybody may say a new boot with each reading: what is settled leaves the memory, and at the worst what has holes, which are then not asked for. */
static void sweep_receipts(struct pipeline *pipeline)
{
    for (int pass = 0; pass < 2 && map_count(pipeline->receipts) >= RECEIPTS_KEPT; pass++) {
        struct sweep sweep = {map_create(RECEIPTS_MAX), pass > 0};
        if (!sweep.kept)
            return;
        map_each(pipeline->receipts, sweep_entry, &sweep);
        map_destroy(pipeline->receipts, NULL);
        pipeline->receipts = sweep.kept;
    }
}

void receipts_refresh(struct pipeline *pipeline)
{
    for (struct receipt_entry *entry = pipeline->touched; entry && pipeline->err == OK; entry = entry->next_touched) {
        struct fault fault = {0};
        struct receipt stored;
        if (!entry->stale)
            continue;
        receipt_init(&stored);
        if (!went_well(pipeline, facts_receipt(pipeline->parts.facts, entry->point->meter_no, entry->boot, load_receipt, &stored, &fault), &fault))
            return;
        stored.hole_since_ms = entry->receipt.hole_since_ms; /* how long a hole has been waited for is known to memory alone */
        stored.askings = entry->receipt.askings;
        entry->receipt = stored;
        entry->stale = entry->changed = false;
    }
}

struct receipt_entry *receipt_entry(struct pipeline *pipeline, struct point *point, const char *boot)
{
    char key[96];
    struct fault fault = {0};
    snprintf(key, sizeof key, "%lld/%s", (long long)point->meter_no, boot);
    struct receipt_entry *entry = map_get(pipeline->receipts, key);
    if (entry)
        return entry;
    if (map_count(pipeline->receipts) >= RECEIPTS_KEPT)
        sweep_receipts(pipeline);
    entry = calloc(1, sizeof *entry);
    if (!entry) {
        fault_set(&fault, ERR_FATAL, "no memory");
        store_failed(pipeline, ERR_FATAL, &fault);
        return NULL;
    }
    receipt_init(&entry->receipt);
    entry->point = point;
    text_copy(entry->boot, sizeof entry->boot, boot);
    enum err err = facts_receipt(pipeline->parts.facts, point->meter_no, boot, load_receipt, &entry->receipt, &fault);
    if (err == OK)
        err = map_put(pipeline->receipts, key, entry);
    if (err != OK) {
        free(entry);
        store_failed(pipeline, err, &fault);
        return NULL;
    }
    return entry;
}

void receipt_heard(struct pipeline *pipeline, struct point *point, const struct reading *reading)
{
    struct receipt_entry *entry = pipeline->err == OK ? receipt_entry(pipeline, point, reading->boot) : NULL;
    if (!entry)
        return;
    int64_t given_up = entry->receipt.given_up;
    entry->changed |= receipt_take(&entry->receipt, reading->seq, pipeline->monotonic_ms);
    pipeline->tally.given_up += entry->receipt.given_up - given_up;
    entry->due = true; /* also for a repetition: its receipt may have been lost */
    if (!entry->touched) {
        entry->touched = true;
        entry->next_touched = pipeline->touched;
        pipeline->touched = entry;
    }
}

static void add_number(struct pipeline *pipeline, const char *name, int64_t difference)
{
    struct fault fault = {0};
    if (difference != 0)
        went_well(pipeline, facts_add_number(pipeline->parts.facts, name, difference, &fault), &fault);
}

static void store_receipts(struct pipeline *pipeline)
{
    for (struct receipt_entry *entry = pipeline->touched; entry && pipeline->err == OK; entry = entry->next_touched) {
        char ranges[RECEIPT_TEXT_MAX];
        struct fault fault = {0};
        if (!entry->changed)
            continue;
        receipt_ranges_write(&entry->receipt, ranges);
        struct receipt_row row = {.meter_no = entry->point->meter_no,
                                  .done_seq = entry->receipt.done_seq,
                                  .top_seq = entry->receipt.top_seq,
                                  .given_up = entry->receipt.given_up,
                                  .holes = ranges,
                                  .updated_utc_ms = pipeline->now_utc_ms};
        text_copy(row.boot, sizeof row.boot, entry->boot);
        went_well(pipeline, facts_put_receipt(pipeline->parts.facts, &row, &fault), &fault);
    }
}

void store_bounds(struct pipeline *pipeline, struct journal_position next)
{
    const struct tally *tally = &pipeline->tally;
    struct fault fault = {0};
    store_marks(pipeline);
    store_receipts(pipeline);
    add_number(pipeline, "messages", tally->messages);
    add_number(pipeline, "readings.received", tally->received);
    add_number(pipeline, "readings.accepted", tally->accepted);
    add_number(pipeline, "readings.repeated", tally->repeated);
    for (int i = 0; i < verdict_count; i++) {
        char name[NUMBER_NAME_SIZE];
        snprintf(name, sizeof name, "readings.refused.%s", verdict_table[i].name);
        add_number(pipeline, name, tally->refused[i]);
    }
    add_number(pipeline, "unclaimed.kept", tally->unclaimed);
    add_number(pipeline, "sequence.asked", tally->asked);
    add_number(pipeline, "sequence.given_up", tally->given_up);
    add_number(pipeline, "meters.auto_registered", tally->auto_registered);
    if (tally->messages > 0)
        went_well(pipeline, facts_set_number(pipeline->parts.facts, "lag_ms", clock_now(&pipeline->parts.clock) - pipeline->last_received_ms, &fault),
                  &fault);
    went_well(pipeline, facts_set_number(pipeline->parts.facts, "journal.segment", next.segment, &fault), &fault);
    went_well(pipeline, facts_set_number(pipeline->parts.facts, "journal.offset", next.offset, &fault), &fault);
}
