/*
 * Meters that have fallen silent: the alert meter_silent (protocol.md, "Alerts").
 *
 * A meter that has been heard, ever, is silent when nothing came from it for `silent_intervals` of its reading intervals, and for `silent_min_s` at least.
 * Anything that came counts as heard, late readings and repetitions too. Its interval is the declared one, else the median of its last steps; where there
 * are too few of those nothing is expected of it. The episode begins where its newest reading stands, and ends with the next that comes. Silence of ours is
 * not theirs: time counts from the start of this program at the earliest, and from when the broker's link came up.
 *
 * Points wait in a wheel of buckets for the moment at which they may be silent. What comes meanwhile notes its moment and no more: a point that turns out
 * to have been heard is put back. So neither readings nor quiet points cost anything but one look in silent_min_s.
 */
#ifndef INGESTOR_SILENCE_H
#define INGESTOR_SILENCE_H

#include "ingestor/context.h"

struct silence;

enum err silence_create(struct pipeline *pipeline, struct fault *fault, struct silence **out);
void silence_destroy(struct silence *silence); /* NULL-safe */

/* A reading of the point came (inside commit A; harmless where that fails). */
void silence_heard(struct silence *silence, struct point *point);

/* From any thread: the broker's link is up, or not. */
void silence_link(struct silence *silence, bool up);

/* Begins and ends episodes; once a second, inside a batch. */
enum err silence_tend(struct pipeline *pipeline, struct fault *fault);
/* That batch failed: what was begun and ended in it was not. */
enum err silence_reload(struct pipeline *pipeline, struct fault *fault);

#endif
