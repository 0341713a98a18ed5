/*
 * The fast path of derive: readings that come in order.
 *
 * Of a meter that is heard now and whose registers go up plainly, memory keeps where its channels stand: the last read, the steps before it, and the
 * open day's quarter-hours. Readings after that read only add to them, so nothing is loaded but those readings, and one row is written. What it makes
 * is what the whole derivation would make (tests/pipeline/live.c holds the two to each other); wherever that is not sure (late data, a step back, a
 * leap, a long hole, intervals, an exchange, a decision, another day, several registers that make up one) it steps aside and forgets the meter, and
 * the whole derivation tells it anew afterwards.
 *
 * What it keeps is only so when the batch is committed: after one that failed, everything is forgotten. Private to the pipeline.
 */
#ifndef INGESTOR_STAGES_LIVE_H
#define INGESTOR_STAGES_LIVE_H

#include "ingestor/stages/stretch.h"

#define LIVE_CHANNELS_MAX 4
#define LIVE_POINTS_MAX 50000 /* meters with more channels, or beyond so many, go the whole way */

struct live_point;

/* True: the mark is done; the days it touched are told as by derive_mark. False: the whole derivation is needed. */
bool live_extend(struct pipeline *pipeline, struct point *point, const struct mark *mark, int32_t *out_from_day, int32_t *out_until_day,
                 enum err *err, struct fault *fault);

/* A channel's stretch was derived: remembers where it stands when its newest read is the channel's newest. Called for each of `channel_count`. */
void live_remember(struct pipeline *pipeline, struct point *point, int channel_count, const struct stretch *stretch, int32_t channel);

/* Something that the fast path does not know happened to this point, or may have. NULL-safe in what it frees. */
void live_forget(struct pipeline *pipeline, struct point *point);
/* A reading that was stored: is it of the kind that the fast path knows? Else the point is forgotten. */
void live_heard(struct pipeline *pipeline, struct point *point, const struct reading *reading);

#endif
