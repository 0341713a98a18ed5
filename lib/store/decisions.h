/*
 * The approved decisions on a point's readings (energy/decision.h), in the order in which they are applied: for the ingestor, which derives by them,
 * and for whoever asks what one more would make. At most RECORDS_DECISIONS_MAX of each sort; the later ones hold.
 */
#ifndef STORE_DECISIONS_H
#define STORE_DECISIONS_H

#include "energy/decision.h"
#include "store/records.h"

struct point_decisions {
    int read_count, span_count;
    struct decision *reads; /* in decision_order */
    struct decision *spans; /* ascending by decision_no: the later one holds */
};

enum err decisions_load(struct records *records, int64_t meter_no, struct fault *fault, struct point_decisions **out);
void decisions_destroy(struct point_decisions *decisions); /* NULL-safe */

#endif
