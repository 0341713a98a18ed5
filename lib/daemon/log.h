/*
 * The log: one logfmt line per event on standard error, written whole by one write().
 *
 *     ts=2026-11-22T18:00:00.250Z level=info msg="journal opened" segments=3 path=/var/lib/qw/journal
 *
 * Never a payload, never a secret. Values are escaped, so a stranger's text cannot begin a line or a field of
 * its own. Only programs log (libraries report). Thread-safe.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

enum log_level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARN, LEVEL_ERROR };

bool log_level_parse(const char *name, enum log_level *out); /* "debug", "info", "warn", "error" */
void log_level_set(enum log_level least);                    /* info at start */
void log_to(int fd);                                         /* standard error at start */

struct log_field {
    enum { FIELD_END, FIELD_INT, FIELD_UINT, FIELD_BOOL, FIELD_TEXT, FIELD_FAULT } type;
    const char *key;
    union {
        int64_t number;
        uint64_t count;
        bool truth;
        const char *text;          /* NULL is written as an empty text */
        const struct fault *fault; /* written as error=, fault= and, where it has one, pointer= */
    } value;
};

#define LOG_INT(key_, value_) ((struct log_field){FIELD_INT, key_, {.number = (value_)}})
#define LOG_UINT(key_, value_) ((struct log_field){FIELD_UINT, key_, {.count = (value_)}})
#define LOG_BOOL(key_, value_) ((struct log_field){FIELD_BOOL, key_, {.truth = (value_)}})
#define LOG_TEXT(key_, value_) ((struct log_field){FIELD_TEXT, key_, {.text = (value_)}})
#define LOG_FAULT(fault_) ((struct log_field){FIELD_FAULT, "fault", {.fault = (fault_)}})

/* `fields` ends with FIELD_END. A line beyond LOG_LINE_MAX bytes is cut and ends with cut=true. */
#define LOG_LINE_MAX 2048
void log_event(enum log_level level, const char *msg, const struct log_field *fields);

/* log_info("journal opened", LOG_UINT("segments", n), LOG_TEXT("path", path)); */
#define log_debug(...) LOG_FIELDS(LEVEL_DEBUG, __VA_ARGS__, ((struct log_field){.type = FIELD_END}))
#define log_info(...) LOG_FIELDS(LEVEL_INFO, __VA_ARGS__, ((struct log_field){.type = FIELD_END}))
#define log_warn(...) LOG_FIELDS(LEVEL_WARN, __VA_ARGS__, ((struct log_field){.type = FIELD_END}))
#define log_error(...) LOG_FIELDS(LEVEL_ERROR, __VA_ARGS__, ((struct log_field){.type = FIELD_END}))
#define LOG_FIELDS(level_, msg_, ...) log_event(level_, msg_, (const struct log_field[]){__VA_ARGS__})

/* A gate for a line that may come a thousand times a second; static and zeroed. */
struct log_gate {
    _Atomic int64_t open_from_ms;
    _Atomic uint64_t hidden;
};

/*
 * True when the line may be written: at most once in every_ms. `out_hidden` is how many were held back since
 * the last. `monotonic_ms` is clock_monotonic's.
 */
bool log_every(struct log_gate *gate, int64_t monotonic_ms, int64_t every_ms, uint64_t *out_hidden);

#endif
