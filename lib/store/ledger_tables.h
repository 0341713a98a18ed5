/*
 * What the tables of ledger.db are: facts, what is derived from them, what was told of it, and where things stand. One row per table; a test fails
 * where the file has a table that is not here, so that nothing derived can be forgotten by who rebuilds or compares.
 */
#ifndef STORE_LEDGER_TABLES_H
#define STORE_LEDGER_TABLES_H

#include <stdint.h>
#include "base/err.h"

enum ledger_part {
    LEDGER_FACT,    /* what came in, and what was noted with it; never made again */
    LEDGER_DERIVED, /* can be thrown away and made again from facts and decisions to the same bytes */
    LEDGER_TOLD,    /* what was said of it, and when: episodes of alerts, the tail, the outbox */
    LEDGER_STAND    /* marks, counters, positions */
};

struct ledger_table {
    const char *name;
    enum ledger_part part;
    const char *what;     /* rows of it, for people: "quarter-hours of a day" */
    const char *meter_no; /* the column that names the meter; NULL: none */
};

extern const struct ledger_table ledger_tables[];
extern const int ledger_table_count;

/* The number (facts_set_number) by which a ledger says that it is a copy, which may be emptied and derived anew. */
#define LEDGER_COPY_NUMBER "copy"

/* Empties what is derived, the marks, the tail and the outbox. Only for a copy, or for a ledger that nobody writes. */
enum err ledger_clear_derived(const char *path, struct fault *fault);

/*
 * Meters (0: the system) whose episodes of alerts do not add up to what was told of them: one was added, removed or altered behind the ledger's back.
 * Where the numbers are the same, one was altered.
 */
struct ledger_alert_sum {
    int64_t meter_no;
    int64_t stand, told; /* episodes */
};
enum err ledger_compare_alerts(const char *path, int (*each)(const struct ledger_alert_sum *sum, void *arg), void *arg, struct fault *fault);

/* One row that is not the same in both files. `key` and `words` only live during the call. */
enum ledger_difference { LEDGER_DIFFERENT, LEDGER_MISSING, LEDGER_EXTRA };
struct ledger_finding {
    const struct ledger_table *table;
    enum ledger_difference difference;
    int64_t meter_no;  /* 0: none */
    const char *key;   /* "channel=10800 local_day=20414" */
    const char *words; /* "wh: stands 120, right is 96"; "" where a row is missing or extra */
};

struct ledger_count {
    int64_t compared, different, missing, extra, waiting; /* waiting: rows of meters with marks, not compared */
};

/*
 * Holds the derived tables of `stored` against those of `rebuilt`, in order of their keys: missing stands only in `rebuilt`, extra only in `stored`.
 * Meters that have a mark in `stored` are left out. out[i] belongs to ledger_tables[i]. `each` and `progress` may be NULL.
 */
struct ledger_comparing {
    void (*each)(const struct ledger_finding *finding, void *arg);
    void (*progress)(const struct ledger_table *table, int64_t rows, void *arg); /* now and then */
    void *arg;
};
enum err ledger_compare(const char *stored, const char *rebuilt, const struct ledger_comparing *comparing, struct fault *fault,
                        struct ledger_count *out);

#endif
