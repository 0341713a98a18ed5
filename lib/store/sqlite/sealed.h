/*
 * Facts lie in the table `fact`, or, of long past UTC days, packed in the table `sealed`. A reader walks a meter's time in segments, each of which is
 * all in the one or all in the other. Private to lib/store/sqlite.
 */
#ifndef STORE_SQLITE_SEALED_H
#define STORE_SQLITE_SEALED_H

#include "store/facts.h"
#include "store/sqlite/db.h"
#include "store/sqlite/seal_pack.h"

#define MS_OF_DAY INT64_C(86400000)

/* The UTC day of an instant, counted from 1970-01-01. */
int64_t utc_day_of(int64_t ts_utc_ms);

struct sealed_day {
    int64_t meter_no; /* 0: none */
    int64_t utc_day, mark;
    struct sealed_facts facts;
};

/* Unpacks a day, or takes the one that `kept` holds. ERR_NOT_FOUND: it is not sealed. Give it back with sealed_keep. */
enum err sealed_load(struct db *db, struct sealed_day *kept, int64_t meter_no, int64_t utc_day, struct fault *fault, struct sealed_day *out);
/* `day` goes to the place of `kept`: whoever asks for it next need not unpack it. */
void sealed_keep(struct sealed_day *kept, struct sealed_day *day);
/* By the key of the table `fact`: ts, channel, kind, length, value. */
int sealed_compare(const struct sealed_fact *a, const struct sealed_fact *b);
/* The row's place in a day; -1: it is not there. */
int64_t sealed_find(const struct sealed_facts *facts, const struct sealed_fact *fact);

struct segment {
    int64_t from_utc_ms, until_utc_ms;
    const struct sealed_facts *day; /* NULL: look into the table `fact` */
    size_t first, end;              /* the day's facts within [from, until) */
};

/* Begin, next until it is false, end (on every path). An error of the caller's goes into `err`, and ends the walk. */
struct segments {
    struct facts *facts;
    int64_t meter_no, from_utc_ms, until_utc_ms;
    int order; /* 1 or -1 */
    bool reads;
    struct sealed_day held;
    struct fault *fault;
    enum err err;
};

void segments_begin(struct segments *segments, struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                    struct fault *fault);
bool segments_next(struct segments *segments, struct segment *out);
enum err segments_end(struct segments *segments);

#endif
