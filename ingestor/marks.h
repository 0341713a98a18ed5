/*
 * The marks in memory: what waits to be derived, in the order in which it came, what touches the present before what is history.
 *
 * The store's marks are the truth after a crash; this mirrors them, so that a live meter's next reading costs no write while its mark stands (a mark
 * reaches to the end of its quarter-hour), and so that the next one to work on is found without asking. Only the drain writes marks, so the mirror is
 * exact; after a batch that failed it is loaded anew.
 *
 * A mark is taken (marks_next), worked on, and ended. What is put on the same meter meanwhile (a day that lent its shape has changed, a rest that
 * did not fit) stands alone after it.
 */
#ifndef INGESTOR_MARKS_H
#define INGESTOR_MARKS_H

#include "energy/mark.h"
#include "ingestor/context.h"

struct marks;

/* From the store. While a crowd waits, a point is derived once in rest_ms, what came meanwhile together; 0: nobody rests. */
enum err marks_create(struct facts *facts, struct points *points, int64_t rest_ms, struct fault *fault, struct marks **out);
void marks_destroy(struct marks *marks); /* NULL-safe */
enum err marks_reload(struct marks *marks, struct fault *fault);

/* Union with what waits. Inside a batch. */
enum err marks_put(struct marks *marks, struct point *point, enum mark_kind kind, int64_t from_utc_ms, int64_t until_utc_ms, int64_t now_utc_ms,
                   struct fault *fault);

/* Is there one to be worked on now? */
bool marks_ready(struct marks *marks, int64_t now_utc_ms);
/* The mark that is to be worked on next, out of the line; false: there is none, or those that wait rest. */
bool marks_next(struct marks *marks, int64_t now_utc_ms, struct point **out_point, struct mark *out);
/* It is done: gone from the store, inside the same batch. */
enum err marks_done(struct marks *marks, struct point *point, enum mark_kind kind, struct fault *fault);

/* Does more of this kind wait than the mark that is worked on? */
bool marks_more(const struct point *point, enum mark_kind kind);

int64_t marks_waiting(const struct marks *marks); /* resting ones too */

#endif
