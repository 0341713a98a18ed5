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
/*
 * The rest of it: local dates are days of `zone`, spans are cut to quarter-hours (the begin down, the end up). Without a reason only where it is no
 * more than looked at (`with_reason` false).
 */
enum err estimate_read(const struct rest_in *in, const struct zone *zone, bool with_reason, struct fault *fault, struct decision_record *out);
/* What a decision would change. */
void estimate_write_preview(struct buf *out, const struct decision_record *record, bool needs_second);

/* The body of a review, which may be empty. */
enum err estimate_read_note(const struct buf *body, struct fault *fault, char note[RECORD_REASON_SIZE]);

#endif
