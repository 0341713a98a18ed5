/*
 * The quarter-hours of a meter as a file, streamed day by day: what both formats share. A format writes into a buffer that goes out after each day.
 */
#ifndef API_EXPORT_H
#define API_EXPORT_H

#include "api/caller.h"
#include "base/buf.h"
#include "energy/quarter.h"

#define EXPORT_DAY_MAX 131072 /* bytes of what one day takes, in any format */

struct usage_file {
    struct server *server;
    const struct export_format *format;
    struct sight sight;
    int64_t now_utc_ms;
    int place;                         /* among those under way */
    int32_t from_day, until_day;       /* local days; none where they are the same */
    int64_t from_utc_ms, until_utc_ms; /* of those days the quarter-hours that begin in here */
    bool has_export;                   /* the meter has ever sent export energy */
};

struct export_day {
    const struct day *import, *export; /* all missing where nothing is known */
    int from, until;                   /* the slots that count */
};

struct export_format {
    const char *content_type;
    const char *ending; /* of the file's name */
    void (*begin)(const struct usage_file *file, struct buf *out);
    void (*day)(const struct usage_file *file, const struct export_day *day, struct buf *out);
    void (*end)(const struct usage_file *file, struct buf *out);
};

extern const struct export_format export_csv_format;
extern const struct export_format export_greenbutton_format;

#endif
