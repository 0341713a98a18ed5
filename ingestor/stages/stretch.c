/*
 * Which facts bear on a mark, loaded and judged.
 *
 * What depends on a changed fact reaches further than the mark: a read may be judged by those after it, and the reading interval is the median of the
 * STEPS_MAX steps before a place. Where the register neither goes back nor leaps, JUDGE_SHORT reads to both sides are enough; where it does, or where
 * a read within JUDGE_AHEAD reads has been judged odd, JUDGE_AHEAD reads are taken.
 */
#include "ingestor/stages/stretch.h"
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"

#define READS_MAX 120000 /* of one stretch; a longer one is done in rounds */
#define EXCHANGES_MAX 32 /* in one stretch; the newest count */
#define EVENTS_MAX 10000 /* that are looked through for them */
#define INTERVAL_LONGEST_MS MS_PER_DAY

enum err stretch_init(struct stretch *stretch, struct fault *fault)
{
    memset(stretch, 0, sizeof *stretch);
    stretch->reads = malloc(READS_MAX * sizeof *stretch->reads);
    stretch->register_spans = malloc(READS_MAX * sizeof *stretch->register_spans);
    stretch->spread_spans = malloc(SPREAD_SPANS_MAX * sizeof *stretch->spread_spans);
    stretch->interval_spans = malloc(READS_MAX * sizeof *stretch->interval_spans);
    if (stretch->reads && stretch->register_spans && stretch->spread_spans && stretch->interval_spans)
        return OK;
    stretch_finish(stretch);
    return fault_set(fault, ERR_FATAL, "no memory");
}

void stretch_finish(struct stretch *stretch)
{
    free(stretch->reads);
    free(stretch->register_spans);
    free(stretch->spread_spans);
    free(stretch->interval_spans);
    memset(stretch, 0, sizeof *stretch);
}

static enum forced decided_on(const struct stretch *stretch, int32_t channel, const struct read *read)
{
    const struct point_decisions *decisions = stretch->decisions;
    return decisions->read_count > 0 ? decisions_on_read(decisions->reads, decisions->read_count, channel, read->ts_utc_ms, read->value_wh)
                                     : FORCED_NOT;
}

static int take_read(const struct read *read, void *arg)
{
    struct stretch *stretch = arg;
    if (stretch->count == READS_MAX || stretch->interval_span_count == READS_MAX) {
        stretch->full = true;
        return 1;
    }
    stretch->last_ts_ms = read->ts_utc_ms;
    if (read->kind == FACT_INTERVAL) {
        if (!(read->flags & FLAG_TEST) && read->length_s > 0)
            stretch->interval_spans[stretch->interval_span_count++] =
                (struct span){read->ts_utc_ms - read->length_s * MS_PER_S, read->ts_utc_ms, read->value_wh,
                              (read->flags & (FLAG_ESTIMATED | FLAG_SUBSTITUTED)) != 0, false};
        return 0;
    }
    enum forced forced = decided_on(stretch, stretch->channel, read);
    if (stretch->summing && forced == FORCED_ASIDE) /* a sum without it is none */
        return 0;
    stretch->reads[stretch->count++] =
        (struct judged_read){.ts_utc_ms = read->ts_utc_ms, .value_wh = read->value_wh, .flags = read->flags, .forced = forced};
    return 0;
}

/* ---- a channel as the sum of its parts (domain.md, "channel") ---- */

struct addend {
    struct judged_read *sum; /* what is added to, ascending by ts */
    int count, at, kept;
    struct span *spans; /* the same of intervals, ascending by end */
    int span_count, span_at, span_kept;
    const struct stretch *stretch;
    int32_t channel;
};

/* Intervals are added where both parts tell the same one. */
static void add_interval(const struct read *read, struct addend *addend)
{
    int64_t from_ms = read->ts_utc_ms - read->length_s * MS_PER_S;
    if (read->flags & FLAG_TEST)
        return;
    while (addend->span_at < addend->span_count && addend->spans[addend->span_at].until_utc_ms < read->ts_utc_ms)
        addend->span_at++;
    if (addend->span_at == addend->span_count || addend->spans[addend->span_at].until_utc_ms != read->ts_utc_ms ||
        addend->spans[addend->span_at].from_utc_ms != from_ms)
        return;
    struct span sum = addend->spans[addend->span_at++];
    sum.wh += read->value_wh;
    sum.estimated |= (read->flags & (FLAG_ESTIMATED | FLAG_SUBSTITUTED)) != 0;
    addend->spans[addend->span_kept++] = sum;
}

/* Adds this channel's value where the sum has a read of the same ts; reads without a partner fall out. */
static int take_addend(const struct read *read, void *arg)
{
    struct addend *addend = arg;
    if (read->kind == FACT_INTERVAL) {
        add_interval(read, addend);
        return 0;
    }
    enum forced forced = decided_on(addend->stretch, addend->channel, read);
    if (forced == FORCED_ASIDE)
        return 0;
    while (addend->at < addend->count && addend->sum[addend->at].ts_utc_ms < read->ts_utc_ms)
        addend->at++;
    if (addend->at == addend->count || addend->sum[addend->at].ts_utc_ms != read->ts_utc_ms)
        return 0;
    struct judged_read sum = addend->sum[addend->at++];
    sum.value_wh += read->value_wh;
    sum.flags |= read->flags;
    sum.forced = forced == FORCED_USED ? forced : sum.forced;
    addend->sum[addend->kept++] = sum;
    return 0;
}

static enum err load_reads(struct facts *facts, int64_t meter_no, const struct source *source, int64_t from_ms, int64_t until_ms,
                           struct stretch *stretch, struct fault *fault)
{
    stretch->count = stretch->interval_span_count = 0;
    stretch->full = false;
    stretch->channel = source->parts[0];
    stretch->summing = source->channel != source->parts[0];
    enum err err = facts_reads(facts, meter_no, source->parts[0], from_ms, until_ms, 1, 0, take_read, stretch, fault);
    for (int i = 1; i < source->part_count && err == OK; i++) {
        struct addend addend = {.sum = stretch->reads,
                                .count = stretch->count,
                                .spans = stretch->interval_spans,
                                .span_count = stretch->interval_span_count,
                                .stretch = stretch,
                                .channel = source->parts[i]};
        err = facts_reads(facts, meter_no, source->parts[i], from_ms, until_ms, 1, 0, take_addend, &addend, fault);
        stretch->count = addend.kept;
        stretch->interval_span_count = addend.span_kept;
    }
    return err;
}

struct edge {
    int64_t ts_ms;
    bool any;
};

static int take_edge(const struct read *read, void *arg)
{
    struct edge *edge = arg;
    edge->ts_ms = read->ts_utc_ms;
    edge->any = true;
    return 0;
}

/* ts of the n-th read before (order -1) or from (order 1) an instant; the instant itself when there is none. */
static enum err edge_of(struct facts *facts, int64_t meter_no, int32_t channel, int64_t at_ms, int order, int reads, struct fault *fault,
                        int64_t *out)
{
    struct edge edge = {.ts_ms = at_ms};
    enum err err = order < 0 ? facts_reads(facts, meter_no, channel, INT64_MIN, at_ms, -1, reads, take_edge, &edge, fault)
                             : facts_reads(facts, meter_no, channel, at_ms, INT64_MAX, 1, reads, take_edge, &edge, fault);
    if (err == OK)
        *out = edge.ts_ms;
    return err;
}

/* Loads the reads that bear on a mark when judgement reaches `reach` reads to both sides, and says which quarter-hours they settle. */
static enum err load_around(struct facts *facts, int64_t meter_no, const struct source *source, const struct mark *mark, int reach,
                            struct stretch *stretch, struct fault *fault)
{
    int32_t channel = source->parts[0];
    int64_t first_ms, behind_ms, ahead_ms, beyond_ms;
    enum err err = edge_of(facts, meter_no, channel, mark->from_utc_ms, -1, reach, fault, &first_ms);
    if (err != OK)
        return err;
    first_ms = instant_floor(first_ms, QUARTER_MS);
    if ((err = edge_of(facts, meter_no, channel, first_ms, -1, STEPS_MAX + reach + 1, fault, &behind_ms)) != OK ||
        (err = edge_of(facts, meter_no, channel, mark->until_utc_ms, 1, STEPS_MAX + reach, fault, &ahead_ms)) != OK)
        return err;
    int64_t last_ms = instant_floor(ahead_ms, QUARTER_MS) + QUARTER_MS; /* the last of those reads too may be judged anew */
    if ((err = edge_of(facts, meter_no, channel, last_ms, 1, reach + 1, fault, &beyond_ms)) != OK ||
        (err = load_reads(facts, meter_no, source, behind_ms, beyond_ms + INTERVAL_LONGEST_MS + 1, stretch, fault)) != OK)
        return err;
    stretch->from_ms = first_ms;
    stretch->until_ms = stretch->full ? instant_floor(stretch->last_ts_ms, QUARTER_MS) : last_ms;
    if (stretch->full && stretch->until_ms <= mark->from_utc_ms) /* more reads in a quarter-hour than fit: go on all the same */
        stretch->until_ms = instant_floor(mark->from_utc_ms, QUARTER_MS) + QUARTER_MS;
    return OK;
}

static int take_judgement(const struct judgement *judgement, void *arg)
{
    struct edge *edge = arg;
    edge->ts_ms = judgement->ts_utc_ms;
    edge->any = true;
    return 1;
}

/* Was a read within JUDGE_AHEAD reads of the mark judged odd? */
static enum err odd_near(struct facts *facts, int64_t meter_no, const struct source *source, const struct mark *mark, struct fault *fault, bool *out)
{
    enum err err = OK;
    *out = false;
    for (int i = 0; i < source->part_count && err == OK && !*out; i++) {
        struct edge before = {0}, after = {0};
        int64_t edge_ms;
        err = facts_judgements(facts, meter_no, source->parts[i], INT64_MIN, mark->from_utc_ms, -1, 1, take_judgement, &before, fault);
        if (err == OK)
            err = facts_judgements(facts, meter_no, source->parts[i], mark->from_utc_ms, INT64_MAX, 1, 1, take_judgement, &after, fault);
        if (err == OK && before.any) {
            err = edge_of(facts, meter_no, source->parts[i], mark->from_utc_ms, -1, JUDGE_AHEAD, fault, &edge_ms);
            *out = err == OK && before.ts_ms >= edge_ms;
        }
        if (err == OK && after.any && !*out) {
            err = edge_of(facts, meter_no, source->parts[i], mark->until_utc_ms, 1, JUDGE_AHEAD, fault, &edge_ms);
            *out = err == OK && after.ts_ms <= edge_ms;
        }
    }
    return err;
}

struct exchanges {
    int count;
    struct exchange rows[EXCHANGES_MAX];
};

static int take_exchange(const struct event_row *row, void *arg)
{
    struct exchanges *exchanges = arg;
    struct exchange_message message;
    if (strcmp(row->event, "exchange") != 0 || !exchange_parse(row->document, strlen(row->document), &message))
        return 0;
    if (exchanges->count == EXCHANGES_MAX)
        memmove(&exchanges->rows[0], &exchanges->rows[1], (size_t)--exchanges->count * sizeof exchanges->rows[0]);
    exchanges->rows[exchanges->count++] = (struct exchange){row->ts_utc_ms, message.old_final_wh, message.new_start_wh, message.new_register_max_wh};
    return 0;
}

/* The device that hung there at an instant says where its register turns over. */
static int64_t register_max_at(const struct point_billing *terms, int64_t at_ms)
{
    int64_t max_wh = terms->device_count > 0 ? terms->devices[0].register_max_wh : 0;
    for (int i = 1; i < terms->device_count; i++)
        if (terms->devices[i].from_utc_ms <= at_ms)
            max_wh = terms->devices[i].register_max_wh;
    return max_wh;
}

static bool measured_for_estimated(const struct span *span, const struct span *kept)
{
    return kept->estimated && !span->estimated && kept->from_utc_ms == span->from_utc_ms && kept->until_utc_ms == span->until_utc_ms;
}

/* Interval facts that overlap one before them (by end, then value) are set aside; but what was measured takes the place of an estimate of the same.
 */
static void drop_overlaps(struct stretch *stretch)
{
    struct span *spans = stretch->interval_spans;
    int kept = 0;
    for (int i = 0; i < stretch->interval_span_count; i++) {
        if (kept == 0 || spans[i].from_utc_ms >= spans[kept - 1].until_utc_ms)
            spans[kept++] = spans[i];
        else if (measured_for_estimated(&spans[i], &spans[kept - 1]))
            spans[kept - 1] = spans[i];
    }
    stretch->interval_span_count = kept;
}

/* The device that hangs there at the first read may have been announced long before it: the last exchange's register maximum holds. */
static enum err announced_before(struct facts *facts, int64_t meter_no, int64_t before_ms, struct fault *fault, int64_t *register_max_wh)
{
    struct exchanges earlier = {0};
    enum err err = facts_events(facts, meter_no, INT64_MIN, before_ms, EVENTS_MAX, take_exchange, &earlier, fault);
    if (err == OK && earlier.count > 0 && earlier.rows[earlier.count - 1].new_register_max_wh > 0)
        *register_max_wh = earlier.rows[earlier.count - 1].new_register_max_wh;
    return err;
}

/*
 * What judgement must know besides the reads. Exchanges concern the import register and what is summed into it. What was announced before the reads
 * matters only where the register goes back: it is looked for where `odd` says that it may.
 */
static enum err load_context(struct pipeline *pipeline, struct point *point, const struct source *source, const struct stretch *stretch, bool odd,
                             struct exchanges *exchanges, struct fault *fault, struct judge_context *out)
{
    const struct point_billing *terms;
    enum err err = points_billing(pipeline->points, point, fault, &terms);
    if (err == OK && source->channel == OBIS_IMPORT && stretch->count > 0)
        err = facts_events(pipeline->parts.facts, point->meter_no, stretch->reads[0].ts_utc_ms, stretch->reads[stretch->count - 1].ts_utc_ms + 1,
                           EVENTS_MAX, take_exchange, exchanges, fault);
    if (err != OK)
        return err;
    *out = (struct judge_context){.service = point->service, .exchanges = exchanges->rows, .exchange_count = exchanges->count};
    if (stretch->count == 0)
        return OK;
    out->register_max_wh = register_max_at(terms, stretch->reads[0].ts_utc_ms);
    return odd && source->channel == OBIS_IMPORT
               ? announced_before(pipeline->parts.facts, point->meter_no, stretch->reads[0].ts_utc_ms, fault, &out->register_max_wh)
               : OK;
}

enum err stretch_load(struct pipeline *pipeline, struct point *point, const struct source *source, const struct mark *mark, struct stretch *stretch,
                      struct fault *fault)
{
    struct facts *facts = pipeline->parts.facts;
    struct exchanges exchanges = {0};
    struct judge_context context = {0};
    bool odd = false;
    enum err err = odd_near(facts, point->meter_no, source, mark, fault, &odd);
    if (err == OK && !odd) {
        err = load_around(facts, point->meter_no, source, mark, JUDGE_SHORT, stretch, fault);
        if (err == OK)
            err = load_context(pipeline, point, source, stretch, false, &exchanges, fault, &context);
        odd = err == OK && !judge_is_plain(stretch->reads, stretch->count, &context);
    }
    if (err == OK && odd) {
        exchanges.count = 0;
        err = load_around(facts, point->meter_no, source, mark, JUDGE_AHEAD, stretch, fault);
        if (err == OK)
            err = load_context(pipeline, point, source, stretch, true, &exchanges, fault, &context);
    }
    if (err != OK)
        return err;
    stretch->plain = !odd;
    struct steps steps = {.declared_ms = (int64_t)point->reading_interval_s * MS_PER_S};
    drop_overlaps(stretch);
    judge_registers(stretch->reads, stretch->count, &context);
    stretch->spread_count = stretch->spread_next = 0;
    stretch->register_span_count = spans_of_registers(stretch->reads, stretch->count, &steps, stretch->register_spans);
    return OK;
}
