/* Files of readings into the ledger: import nem12. The ingestor alone writes the ledger; it is handed batches, and its answer waited for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>
#include "admin/command.h"
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/nem12.h"
#include "wire/reading_json.h"

#define LINE_MAX_BYTES 65536
#define WAIT_S 60 /* for the ingestor to take the next chunk */
#define POLL_NS 200000000
#define MARKET_TZ "Australia/Brisbane" /* UTC+10 without a clock change: market time */

struct import {
    struct qw *qw;
    const struct args *args;
    const char *path;
    struct fault *fault;
    enum err err;
    bool checking; /* the first of two passes: nothing is handed over before the whole file was read */
    int64_t import_no, readings, missing, skipped_days;
    char nmi[NEM12_NMI_SIZE], meter_id[RECORD_ID_SIZE]; /* the last one mapped */
    char batch_meter[RECORD_ID_SIZE];
    int batch_count;
    struct buf batch;
    time_t told;
};

/* ---- which meter an NMI is ---- */

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

static enum err add_meter(struct import *import, const struct nem12_day *day)
{
    struct point_record point;
    const char *tz = arg(import->args, "tz");
    point_record_init(&point);
    text_copy(point.meter_id, sizeof point.meter_id, import->meter_id);
    text_copy(point.tz, sizeof point.tz, tz != NULL ? tz : MARKET_TZ);
    point.reading_interval_s = day->interval_s;
    enum err err = check_zone_exists(import->qw, point.tz, import->fault);
    if (err == OK)
        err = records_point_add(import->qw->records, &import->qw->actor, &point, import->fault, NULL);
    if (err == OK)
        say(import->qw, "meter %s added", point.meter_id);
    return err;
}

static enum err find_meter(struct import *import, const struct nem12_day *day)
{
    struct point_record point;
    if (strcmp(import->nmi, day->nmi) == 0)
        return OK;
    if (!map_nmi(arg(import->args, "meter"), day->nmi, import->meter_id))
        return fault_set(import->fault, ERR_INVALID, "--meter names no meter for NMI %s", day->nmi);
    enum err err = records_point_by_id(import->qw->records, import->meter_id, import->fault, &point);
    if (err == ERR_NOT_FOUND && !arg_flag(import->args, "register"))
        return fault_set(import->fault, ERR_NOT_FOUND, "there is no meter %.64s; add it, name another with --meter %s=ID, or give --register",
                         import->meter_id, day->nmi);
    if (err == ERR_NOT_FOUND && !import->checking) {
        *import->fault = (struct fault){0};
        err = add_meter(import, day);
    } else if (err == ERR_NOT_FOUND) {
        *import->fault = (struct fault){0};
        err = OK;
    }
    if (err == OK)
        text_copy(import->nmi, sizeof import->nmi, day->nmi);
    return err;
}

/* ---- handing over ---- */

static void tell_progress(struct import *import, const struct import_record *now)
{
    time_t at = time(NULL);
    if (at - import->told < 2)
        return;
    import->told = at;
    fprintf(stderr, "%lld accepted, %lld repeated, %lld refused …\n", (long long)now->accepted, (long long)now->repeated, (long long)now->refused);
}

static enum err flush(struct import *import)
{
    struct records *records = import->qw->records;
    struct import_record now;
    if (import->batch_count == 0)
        return OK;
    out_end_array(&import->batch);
    out_end_object(&import->batch);
    enum err err = import->batch.overflow ? fault_set(import->fault, ERR_LIMIT, "a batch grew too long") : ERR_LIMIT;
    int64_t before = -1;
    for (int waits = 0; !import->batch.overflow && err == ERR_LIMIT && waits < WAIT_S * 5; waits++) {
        *import->fault = (struct fault){0};
        err = records_import_add(records, import->import_no, import->batch_meter, import->batch.data, import->batch.len, import->fault);
        if (err != ERR_LIMIT)
            break;
        nanosleep(&(struct timespec){0, POLL_NS}, NULL);
        if (records_import_get(records, import->import_no, import->fault, &now) != OK)
            continue;
        if (now.waiting != before)
            waits = 0; /* it goes on */
        before = now.waiting;
        tell_progress(import, &now);
    }
    import->batch_count = 0;
    buf_reset(&import->batch);
    return err;
}

static enum err put(struct import *import, const struct reading *reading)
{
    enum err err = OK;
    if (import->batch_count == BATCH_MAX || strcmp(import->batch_meter, import->meter_id) != 0)
        err = flush(import);
    if (err != OK)
        return err;
    if (import->batch_count++ == 0) {
        text_copy(import->batch_meter, sizeof import->batch_meter, import->meter_id);
        out_object(&import->batch, NULL);
        out_array(&import->batch, "readings");
    }
    out_object(&import->batch, NULL);
    reading_fields_write(&import->batch, reading);
    out_end_object(&import->batch);
    return OK;
}

static unsigned flags_of(char quality)
{
    return quality == 'E' ? FLAG_ESTIMATED : quality == 'S' || quality == 'F' ? FLAG_SUBSTITUTED : 0;
}

static void take_day(const struct nem12_day *day, void *arg_)
{
    struct import *import = arg_;
    int32_t channel = nem12_channel(day);
    import->skipped_days += channel == 0;
    if (import->err != OK || channel == 0 || (import->err = find_meter(import, day)) != OK)
        return;
    for (int i = 0; i < day->count && import->err == OK; i++) {
        const struct nem12_interval *interval = &day->intervals[i];
        struct reading reading = {.ts_utc_ms = day->start_utc_ms + (int64_t)(i + 1) * day->interval_s * 1000,
                                  .kind = FACT_INTERVAL,
                                  .interval_s = day->interval_s,
                                  .channel_count = 1,
                                  .channels = {{channel, interval->wh}},
                                  .flags = flags_of(interval->quality)};
        import->missing += interval->missing;
        import->readings += !interval->missing;
        if (!interval->missing && !import->checking)
            import->err = put(import, &reading);
    }
}

/* ---- the file ---- */

static enum err read_file(struct import *import, bool checking)
{
    static char line[LINE_MAX_BYTES];
    struct nem12 nem12 = {0};
    gzFile file = gzopen(import->path, "rb"); /* plain files too */
    if (!file)
        return fault_set(import->fault, ERR_NOT_FOUND, "%.200s: %s", import->path, strerror(errno));
    import->checking = checking;
    import->readings = import->missing = import->skipped_days = 0;
    import->nmi[0] = '\0';
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
    return err == OK ? OK : fault_set(import->fault, err, "%.200s: %s", import->path, fault.text);
}

static enum err await(struct import *import, struct import_record *out)
{
    int64_t before = -1;
    enum err err = OK;
    for (int waits = 0; err == OK && waits < WAIT_S * 5; waits++) {
        err = records_import_get(import->qw->records, import->import_no, import->fault, out);
        if (err == OK && out->waiting == 0)
            return OK;
        if (err == OK && out->waiting != before)
            waits = 0;
        before = out->waiting;
        tell_progress(import, out);
        nanosleep(&(struct timespec){0, POLL_NS}, NULL);
    }
    return err == OK ? fault_set(import->fault, ERR_RETRY, "the ingestor has not taken the rest within %d s: it will when it runs", WAIT_S) : err;
}

static enum err run_nem12(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct import import = {.qw = qw, .args = args, .path = arg(args, "file"), .fault = fault};
    struct import_record result = {0};
    char source[RECORD_TEXT_SIZE];
    const char *slash = strrchr(import.path, '/');
    snprintf(source, sizeof source, "%s", slash ? slash + 1 : import.path);
    buf_init(&import.batch, PAYLOAD_MAX);
    enum err err = read_file(&import, true);
    if (err == OK)
        err = records_import_begin(qw->records, &qw->actor, source, fault, &import.import_no);
    if (err == OK)
        err = read_file(&import, false);
    if (err == OK)
        err = flush(&import);
    buf_finish(&import.batch);
    if (err != OK)
        return err;
    if (import.skipped_days > 0 || import.missing > 0)
        say(qw, "%lld intervals are missing in the file; %lld days of channels that carry no energy are left out", (long long)import.missing,
            (long long)import.skipped_days);
    if (arg_flag(args, "no-wait")) {
        say(qw, "%lld intervals are handed over (import %lld)", (long long)import.readings, (long long)import.import_no);
        return OK;
    }
    err = await(&import, &result);
    if (err != OK)
        return err;
    say(qw, "%lld accepted, %lld repeated, %lld refused%s%s", (long long)result.accepted, (long long)result.repeated, (long long)result.refused,
        result.detail[0] ? ": " : "", result.detail);
    return result.refused == 0 ? OK : fault_set(fault, ERR_INVALID, "%lld intervals were refused", (long long)result.refused);
}

static const struct arg_row nem12_rows[] = {
    {.name = "file", .placeholder = "FILE", .help = "a NEM12 file, plain or gzip", .operand = true, .required = true},
    {.name = "meter", .placeholder = "NMI=ID", .help = "which meter an NMI is, several with commas between (default: the one of that name)"},
    {.name = "register", .type = ARG_FLAG, .help = "add meters that are not there yet"},
    {.name = "tz", .placeholder = "ZONE", .help = "the zone of those (default " MARKET_TZ "); the file's times are market time, UTC+10"},
    {.name = "no-wait", .type = ARG_FLAG, .help = "hand over and go; the ingestor does the rest"},
    {0},
};

const struct command import_commands[] = {
    {"import", "nem12", "Reads a NEM12 file of interval data into the ledger; the same file again changes nothing.", nem12_rows, OPENS_RECORDS, false,
     run_nem12},
    {0},
};
