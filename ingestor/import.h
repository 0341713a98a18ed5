/*
 * Files of readings that `qw import` left in records.db: taken in chunks, each the payload of meters/<meter_id>/readings, through the path that
 * messages take. A chunk goes, and its counts are told, after the commit that holds its facts; taken again after a crash in between, it repeats
 * itself.
 */
#ifndef INGESTOR_IMPORT_H
#define INGESTOR_IMPORT_H

#include "ingestor/context.h"

#define IMPORT_CHUNKS 10 /* of at most 1,000 readings each, in one commit */

struct imported {
    int count;
    struct {
        int64_t chunk_no, accepted, repeated, refused;
        char detail[160];
    } chunks[IMPORT_CHUNKS];
};

enum err import_take(struct pipeline *pipeline, struct imported *out, struct fault *fault);        /* inside a batch */
enum err import_done(struct pipeline *pipeline, const struct imported *done, struct fault *fault); /* after its commit */

#endif
