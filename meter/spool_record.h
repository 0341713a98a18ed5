/*
 * One record of a spool's segment: 56 bytes, little-endian, CRC-32C first. Pure.
 */
#ifndef METER_SPOOL_RECORD_H
#define METER_SPOOL_RECORD_H

#include "meter/spool.h"

#define SPOOL_RECORD_SIZE 56
#define SPOOL_MAGIC "QWSPOOL1"
#define SPOOL_MAGIC_SIZE 8

enum spool_record_kind {
    SPOOL_READING = 1,
    SPOOL_RECEIPT = 2, /* boot and seq */
    SPOOL_STATE = 3,   /* the last reading before this segment, so that older segments can go */
};

void spool_record_write(enum spool_record_kind kind, const struct spool_reading *reading, unsigned char out[SPOOL_RECORD_SIZE]);

/* False when the checksum or the kind is wrong. */
bool spool_record_read(const unsigned char bytes[SPOOL_RECORD_SIZE], enum spool_record_kind *out_kind, struct spool_reading *out);

#endif
