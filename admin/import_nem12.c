/* qw import nem12: interval readings of an Australian market file. */
#include <errno.h>
#include <string.h>
#include <zlib.h>
#include "admin/import_send.h"
#include "base/text.h"
#include "wire/nem12.h"

#define LINE_MAX_BYTES 65536
#define MARKET_TZ "Australia/Brisbane" /* UTC+10 without a clock change: market time */

const struct arg_row import_nem12_rows[] = {
    {.name = "file", .placeholder = "FILE", .help = "a NEM12 file, plain or gzip", .operand = true, .required = true},
    {.name = "meter", .placeholder = "NMI=ID", .help = "which meter an NMI is, several with commas between (default: the one of that name)"},
    {.name = "register", .type = ARG_FLAG, .help = "add meters that are not there yet"},
    {.name = "tz", .placeholder = "ZONE", .help = "the zone of those (default " MARKET_TZ "); the file's times are market time, UTC+10"},
    {.name = "no-wait", .type = ARG_FLAG, .help = "hand over and go; the ingestor does the rest"},
    {0},
};

struct nem12_import {
    struct import_send *send;
    enum err err;
    int64_t missing, skipped_days;
};

/* --meter NMI=ID[,NMI=ID…]; an NMI that is not named there is the meter's name. */
static bool map_nmi(const char *map, const char *nmi, char out[RECORD_ID_SIZE])
{
    size_t len = strlen(nmi);
    for (const char *pair = map; pair != NULL && *pair != '\0';) {
        const char *end = strchrnul(pair, ',');
        if (strncmp(pair, nmi, len) == 0 && pair[len] == '=') {
            size_t width = (size_t)(end - pair) - len - 1;
            if (width == 0 || width >= RECORD_ID_SIZE)
                return false;
            memcpy(out, pair + len + 1, width);
            out[width] = '\0';
            return true;
        }
        pair = *end != '\0' ? end + 1 : end;
    }
    return text_copy(out, RECORD_ID_SIZE, nmi);
}

static unsigned flags_of(char quality)
{
    return quality == 'E' ? FLAG_ESTIMATED : quality == 'S' || quality == 'F' ? FLAG_SUBSTITUTED : 0;
}

static void take_day(const struct nem12_day *day, void *arg_)
{
    struct nem12_import *import = arg_;
    struct import_send *send = import->send;
    char meter_id[RECORD_ID_SIZE];
    int32_t channel = nem12_channel(day);
    import->skipped_days += channel == 0;
    if (import->err != OK || channel == 0)
        return;
    if (!map_nmi(arg(send->args, "meter"), day->nmi, meter_id))
        import->err = fault_set(send->fault, ERR_INVALID, "--meter names no meter for NMI %s", day->nmi);
    else
        import->err = import_meter(send, meter_id, day->interval_s);
    for (int i = 0; i < day->count && import->err == OK; i++) {
        const struct nem12_interval *interval = &day->intervals[i];
        struct reading reading = {.ts_utc_ms = day->start_utc_ms + (int64_t)(i + 1) * day->interval_s * 1000,
                                  .kind = FACT_INTERVAL,
                                  .interval_s = day->interval_s,
                                  .channel_count = 1,
                                  .channels = {{channel, interval->wh}},
                                  .flags = flags_of(interval->quality)};
        import->missing += interval->missing;
        if (!interval->missing)
            import->err = import_put(send, meter_id, &reading);
    }
}

static enum err read_file(struct import_send *send, void *arg_)
{
    static char line[LINE_MAX_BYTES];
    struct nem12_import *import = arg_;
    struct nem12 nem12 = {0};
    gzFile file = gzopen(send->path, "rb"); /* plain files too */
    if (!file)
        return fault_set(send->fault, ERR_NOT_FOUND, "%.200s: %s", send->path, strerror(errno));
    import->missing = import->skipped_days = 0;
    enum err err = OK;
    struct fault fault = {0};
    while (err == OK && import->err == OK && gzgets(file, line, sizeof line)) {
        size_t len = strlen(line);
        if (len == sizeof line - 1 && line[len - 1] != '\n')
            err = fault_set(&fault, ERR_INVALID, "line %lld is too long", (long long)nem12.line + 1);
        if (len > 0 && line[len - 1] == '\n')
            len--;
        if (err == OK)
            err = nem12_line(&nem12, line, len, take_day, import, &fault);
    }
    int zerr = Z_OK;
    gzerror(file, &zerr);
    if (err == OK && import->err == OK && zerr != Z_OK)
        err = fault_set(&fault, ERR_INVALID, "the compressed file is broken");
    gzclose(file);
    if (err == OK && import->err == OK)
        err = nem12_end(&nem12, &fault);
    if (import->err != OK)
        return import->err;
    return err == OK ? OK : fault_set(send->fault, err, "%.200s: %s", send->path, fault.text);
}

static void tell_left_out(struct import_send *send, void *arg_)
{
    const struct nem12_import *import = arg_;
    if (import->skipped_days > 0 || import->missing > 0)
        say(send->qw, "%lld intervals are missing in the file; %lld days of channels that carry no energy are left out", (long long)import->missing,
            (long long)import->skipped_days);
}

enum err import_nem12(struct qw *qw, const struct args *args, struct fault *fault)
{
    const char *tz = arg(args, "tz");
    struct import_send send = {.qw = qw, .args = args, .path = arg(args, "file"), .zone = tz ? tz : MARKET_TZ, .fault = fault};
    struct nem12_import import = {.send = &send};
    return import_run(&send, read_file, tell_left_out, &import);
}
