/*
 * Cuts days of quarter-hours into buckets of a meter's local time. A local day has 23 to 25 hours, a bucket of an hour four
 * quarter-hours counted from local midnight (the last may be shorter), a month its local days. Pure but for the heap of the plan.
 */
#ifndef API_SERIES_H
#define API_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/zone.h"
#include "energy/quarter.h"

#define SERIES_POINTS_MAX 5000

enum series_bucket { BUCKET_QUARTER_HOUR, BUCKET_HOUR, BUCKET_DAY, BUCKET_MONTH };
bool series_bucket_parse(const char *name, enum series_bucket *out);
const char *series_bucket_name(enum series_bucket bucket);

enum series_channel { SERIES_IMPORT, SERIES_EXPORT };

struct series_point {
    int64_t start_utc_ms;
    int slots;                /* quarter-hours that make it up */
    struct energy_sum sum[2]; /* by channel; `missing` counts only what stored days say is missing */
};

struct series {
    enum series_bucket bucket;
    const struct zone *zone;
    int32_t from_day, until_day; /* the local days that must be read */
    int64_t from_utc_ms, until_utc_ms;
    size_t count;
    struct series_point *points;
    int32_t *day_point; /* per day: the point of its first quarter-hour; negative where that lies before the series */
};

/*
 * Plans a series over [from, until), widened to whole buckets. ERR_INVALID where until lies before from; ERR_LIMIT beyond
 * SERIES_POINTS_MAX, naming a bucket that would do.
 */
enum err series_plan(const struct zone *zone, enum series_bucket bucket, int64_t from_utc_ms, int64_t until_utc_ms, struct fault *fault,
                     struct series *out);
void series_finish(struct series *series);

/* What a query means that does not say: the end of the bucket that holds now, and so much before it (openapi.yaml). */
int64_t series_default_until(const struct zone *zone, enum series_bucket bucket, int64_t now_utc_ms);
int64_t series_default_from(const struct zone *zone, enum series_bucket bucket, int64_t until_utc_ms);

/* Adds a stored day; days outside the plan do no harm. */
void series_add_day(struct series *series, enum series_channel channel, const struct day *day);
/* The same by totals: only for buckets of a day or a month. */
void series_add_sum(struct series *series, enum series_channel channel, int32_t local_day, const struct energy_sum *sum);

/* Of one point: NULL energy (false) where nothing of it is known. */
bool series_value(const struct series *series, size_t index, enum series_channel channel, int64_t *out_wh);
enum quality series_quality(const struct series *series, size_t index);

/* No quarter-hour of the import that ended by `known_until_utc_ms` is missing. */
bool series_is_whole(const struct series *series, int64_t known_until_utc_ms);

#endif
