/*
 * NEM12, the Australian file of interval data (AEMO, "Meter Data File Format Specification NEM12 & NEM13"): one line after another → days of one
 * stream of one meter. Pure: the caller reads the file.
 *
 * 100 header; 200 a stream: NMI, configuration, suffix, serial, unit, minutes; 300 a day: its values, a quality, and what follows; 400 a quality for
 * some of its intervals; 500 and 900 carry no energy. Times are market time, UTC+10 the whole year. A day's values are turned into Wh (varh) with
 * what stands below carried on to the next interval, so that the sum of a day is cut once only.
 */
#ifndef WIRE_NEM12_H
#define WIRE_NEM12_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

#define NEM12_INTERVALS_MAX 288 /* of five minutes */
#define NEM12_NMI_SIZE 65
#define NEM12_SUFFIX_SIZE 5
#define NEM12_CONFIGURATION_SIZE 241

struct nem12_interval {
    bool missing;        /* quality N, or an empty field */
    char quality;        /* A, E, F, S or N */
    int64_t value_micro; /* of the file's unit */
    int64_t wh;          /* 0 where the unit is none of energy */
};

struct nem12_day {
    char nmi[NEM12_NMI_SIZE];
    char configuration[NEM12_CONFIGURATION_SIZE]; /* all suffixes of this NMI, as the file says */
    char suffix[NEM12_SUFFIX_SIZE];               /* "E1" */
    int64_t unit_wh;                              /* 0: no energy (volts, power factor) */
    int64_t start_utc_ms;
    int interval_s;
    int count;
    struct nem12_interval intervals[NEM12_INTERVALS_MAX];
};

struct nem12 {
    bool begun, ended, streaming, waiting; /* waiting: a day may still get its 400 */
    bool varies;                           /* its quality is V: every interval's stands in a 400 */
    int64_t line;
    struct nem12_day day;
};

/*
 * The next line, without its end. `each` gets a day once it is whole. ERR_INVALID names line and field. After the last line: nem12_end, which wants a
 * 900 there (a file that was cut is refused, with all but its last day told).
 */
enum err nem12_line(struct nem12 *nem12, const char *text, size_t len, void (*each)(const struct nem12_day *day, void *arg), void *arg,
                    struct fault *fault);
enum err nem12_end(struct nem12 *nem12, struct fault *fault);

/*
 * The channel of a stream: E import 1.8, B export 2.8, Q reactive import 3.8, K reactive export 4.8. The only one of its kind in the configuration is
 * the total (E1 → 1.8.0); of several each is a part of it (E2 → 1.8.2). 0: it carries no energy of these.
 */
int32_t nem12_channel(const struct nem12_day *day);

#endif
