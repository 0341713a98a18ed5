/*
 * A stretch: the facts of one channel around a mark, judged, as spans of energy. Private to stages/derive.c and stages/stretch.c.
 */
#ifndef INGESTOR_STAGES_STRETCH_H
#define INGESTOR_STAGES_STRETCH_H

#include "energy/span.h"
#include "ingestor/context.h"

#define STRETCH_CHANNELS_MAX (READING_CHANNELS_MAX * 2)
#define SPREAD_SPANS_MAX 200000

/* What a derived channel is made of: its own facts, or the sum of several channels' (1.8.0 as the sum of 1.8.n: domain.md, "channel"). */
struct source {
    int32_t channel;
    int part_count;
    int32_t parts[STRETCH_CHANNELS_MAX];
};

struct stretch {
    int64_t from_ms, until_ms; /* the quarter-hours that it settles */
    bool full;                 /* not all of the mark fitted: from until_ms on another round is needed */
    bool plain;                /* no read of it, or within JUDGE_AHEAD reads of it, is odd */
    int count;
    struct judged_read *reads;
    int register_span_count, interval_span_count;
    struct span *register_spans, *interval_spans; /* each in order */
    /* the register spans as they fall on quarter-hours: holes cut by the profile of like-days, as far as derive has come (spread_next of
     * register_spans) */
    int spread_count, spread_next;
    struct span *spread_spans;
    /* while it is loaded */
    int64_t last_ts_ms;
    const struct point_decisions *decisions; /* of the point */
    int32_t channel;                         /* whose reads come */
    bool summing;                            /* they are parts of a sum */
};

enum err stretch_init(struct stretch *stretch, struct fault *fault); /* memory for one after the other */
void stretch_finish(struct stretch *stretch);

/* Loads and judges what a mark bears on in one channel. */
enum err stretch_load(struct pipeline *pipeline, struct point *point, const struct source *source, const struct mark *mark, struct stretch *stretch,
                      struct fault *fault);

#endif
