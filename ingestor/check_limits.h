/*
 * The thresholds of the checks over time (energy/check.h), as the utility's dated settings say them: "check.<name>", and per class of point
 * "check.<name>.<class>".
 */
#ifndef INGESTOR_CHECK_LIMITS_H
#define INGESTOR_CHECK_LIMITS_H

#include "energy/check.h"
#include "store/records.h"

#define CHECK_LIMITS_MAX 256 /* settings of them ever said; beyond it the first by name count */

struct check_limits {
    int count; /* by name, then from when it holds */
    struct {
        enum check check;
        char class_name[RECORD_ID_SIZE]; /* "": of all */
        int64_t from_utc_ms, value;
    } rows[CHECK_LIMITS_MAX];
};

/* *out_changed: another limit may hold now, or at some time. */
enum err check_limits_refresh(struct check_limits *limits, struct records *records, struct fault *fault, bool *out_changed);

/* What holds for a class at an instant: its own, else the general one, else the table's. */
void check_limits_at(const struct check_limits *limits, const char *class_name, int64_t at_utc_ms, int64_t out[CHECK_COUNT]);

#endif
