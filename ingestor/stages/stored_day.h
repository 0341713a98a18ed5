/*
 * A day of quarter-hours as it stands in the ledger. Private to stages/derive.c and stages/decide.c.
 */
#ifndef INGESTOR_STAGES_STORED_DAY_H
#define INGESTOR_STAGES_STORED_DAY_H

#include "ingestor/context.h"

/*
 * The day as it stands under a channel, where it was cut as this point's zone cuts it now, or an empty one: a day cut in another zone is made anew
 * wholly by the mark that the change of zone set. *out_found may be NULL.
 */
enum err stored_day_load(struct facts *facts, const struct point *point, int32_t channel, int32_t local_day, struct fault *fault, struct day_row *out,
                         bool *out_found);

/* An empty day is no row. */
enum err stored_day_put(struct facts *facts, const struct day_row *row, struct fault *fault);

#endif
