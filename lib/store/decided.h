/*
 * What a decision makes of what the ledger holds: for the ingestor, which derives by it, and for whoever asks before it is said.
 *
 * The quarter-hours of a day on which a span was decided are kept twice: as they count (under the channel), and as they are without any decision on
 * spans (under decision_base_channel). A day that no decision touches has only the first. Errors are those of facts.h and records.h.
 */
#ifndef STORE_DECIDED_H
#define STORE_DECIDED_H

#include "base/zone.h"
#include "energy/decision.h"
#include "store/facts.h"
#include "store/records.h"

/*
 * The quarter-hours of a decision's span with what it makes of them; out[DECISION_SLOTS_MAX]. *out_any: it claims some. The like-days are those that
 * stand before the span's first day.
 */
enum err decided_span(struct facts *facts, int64_t meter_no, const struct zone *zone, const struct decision *decision, struct fault *fault,
                      struct decided_slot *out, int *out_count, bool *out_any);

/* Reads the numbers of an "exchange" event; false when one is missing. It is the caller's because the documents are. */
typedef bool (*exchange_reader)(const char *document, int64_t *old_final_wh, int64_t *new_start_wh, int64_t *new_register_max_wh);

/*
 * Checks a decision against the ledger, and tells the energy of what it bears on without and with it: of a span its quarter-hours, of a read what
 * lies between the nearest reads that it does not change (looked for among PREVIEW_READS to both sides). ERR_INVALID with a pointer: no such channel
 * or read, a read flagged as a test, nothing to fill, or nothing to fill it from.
 */
#define PREVIEW_READS 500
enum err decided_preview(struct facts *facts, struct records *records, const struct point_record *point, const struct zone *zone,
                         const struct decision *decision, exchange_reader exchange, struct fault *fault, int64_t *out_before_wh,
                         int64_t *out_after_wh);

#endif
