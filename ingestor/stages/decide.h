/*
 * Decisions on spans (energy/decision.h) over the quarter-hours that derive has made. Private to stages/derive.c and stages/decide.c.
 *
 * A decision spreads its energy over its whole span, and a mark may touch a part of it only. So the days of a span are kept as they are without any
 * decision too (store/decided.h), and what counts is made from those: whatever came first, facts or decisions, the result is the same.
 */
#ifndef INGESTOR_STAGES_DECIDE_H
#define INGESTOR_STAGES_DECIDE_H

#include "ingestor/context.h"

/* Is there a decision on a span that the day belongs to? */
bool decide_touches(const struct point_decisions *decisions, int32_t channel, const struct day *day);

/* Quarter-hours under an edit are no measured ones, whatever they will carry: such a day lends its shape to no hole. */
void decide_flag_edits(const struct point_decisions *decisions, int32_t channel, struct day *day);

/*
 * Once the days [*first_day, *last_day] stand as they are without decisions (kept so where decide_touches, flagged): makes those that count. Both
 * come back widened by the spans that reach beyond them. A day beyond them may not lend its shape any more: `restored` is told of each, as it was and
 * as it is without what decisions give it.
 */
struct decide_told {
    enum err (*restored)(void *arg, const struct day *former, const struct day *day);
    void *arg;
};
enum err decide_days(struct pipeline *pipeline, struct point *point, const struct point_decisions *decisions, int32_t channel, int32_t *first_day,
                     int32_t *last_day, const struct decide_told *told, struct fault *fault);

#endif
