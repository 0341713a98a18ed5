/*
 * Readings on their way from a file into the ledger. The ingestor alone writes it: it is handed batches of one meter each, as a meter would send
 * them, and its answer waited for. The file is read twice: nothing is handed over before the whole of it was understood.
 *
 * A batch is as long as a message may be, also where a file's meters take turns row by row: each meter's readings are held until they fill one, or
 * until all that is held comes to IMPORT_HELD_MAX. A meter's readings keep their order; those of different meters do not.
 */
#ifndef ADMIN_IMPORT_SEND_H
#define ADMIN_IMPORT_SEND_H

#include <time.h>
#include "admin/command.h"
#include "base/map.h"
#include "energy/reading.h"

#define IMPORT_METERS_MAX 1000000           /* in one file */
#define IMPORT_HELD_MAX (INT64_C(64) << 20) /* bytes of readings that wait for their batch to be full */

struct import_send {
    struct qw *qw;
    const struct args *args;
    const char *path;
    const char *zone; /* of the meters that --register adds */
    struct fault *fault;
    bool checking; /* the first pass */
    int64_t import_no, readings;
    char meter_id[RECORD_ID_SIZE]; /* the one looked up last */
    struct map *batches;           /* by meter_id: what is held */
    int64_t held_bytes;
    time_t told;
};

/* Readings of this meter may come: it is there, or --register adds it with this interval. ERR_NOT_FOUND with what to do. */
enum err import_meter(struct import_send *send, const char *meter_id, int32_t interval_s);
enum err import_put(struct import_send *send, const char *meter_id, const struct reading *reading);

/*
 * Runs `pass` over the file twice, hands over what it put in the second, waits for the ingestor (unless --no-wait) and says what became of it.
 * ERR_INVALID where readings were refused. `left_out`: what else is to be said, may be NULL.
 */
enum err import_run(struct import_send *send, enum err (*pass)(struct import_send *send, void *arg),
                    void (*left_out)(struct import_send *send, void *arg), void *arg);

enum err import_nem12(struct qw *qw, const struct args *args, struct fault *fault);
enum err import_csv(struct qw *qw, const struct args *args, struct fault *fault);
extern const struct arg_row import_nem12_rows[], import_csv_rows[];

#endif
