/*
 * Decisions on readings as JSON, both ways. Faults point into the body. Pure but for the buffer's heap.
 */
#ifndef API_ESTIMATE_JSON_H
#define API_ESTIMATE_JSON_H

#include "base/buf.h"
#include "base/zone.h"
#include "store/records.h"

struct rest_in;

void estimate_write(struct buf *out, const struct decision_record *record);

/* The body of POST /estimates: opened, with the meter that it names. *in is to be destroyed in any case. */
enum err estimate_open(const struct buf *body, struct fault *fault, struct rest_in **in, char meter_id[RECORD_ID_SIZE]);
/* The rest of it: local dates are days of `zone`, spans are cut to quarter-hours (the begin down, the end up). */
enum err estimate_read(const struct rest_in *in, const struct zone *zone, struct fault *fault, struct decision_record *out);

/* The body of a review, which may be empty. */
enum err estimate_read_note(const struct buf *body, struct fault *fault, char note[RECORD_REASON_SIZE]);

#endif
