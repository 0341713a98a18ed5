#include "meter/spool_record.h"

#include <endian.h>
#include <string.h>

#include "base/hash.h"

enum { AT_KIND = 4, AT_TS = 8, AT_REGISTER = 16, AT_SEQ = 24, AT_POWER = 32, AT_VOLTAGE = 36, AT_BOOT = 40 };

static void put64(unsigned char *at, int64_t value)
{
    uint64_t raw = htole64((uint64_t)value);
    memcpy(at, &raw, sizeof raw);
}

static void put32(unsigned char *at, uint32_t value)
{
    uint32_t raw = htole32(value);
    memcpy(at, &raw, sizeof raw);
}

static int64_t get64(const unsigned char *at)
{
    uint64_t raw;
    memcpy(&raw, at, sizeof raw);
    return (int64_t)le64toh(raw);
}

static uint32_t get32(const unsigned char *at)
{
    uint32_t raw;
    memcpy(&raw, at, sizeof raw);
    return le32toh(raw);
}

void spool_record_write(enum spool_record_kind kind, const struct spool_reading *reading, unsigned char out[SPOOL_RECORD_SIZE])
{
    memset(out, 0, SPOOL_RECORD_SIZE);
    out[AT_KIND] = (unsigned char)kind;
    put64(out + AT_TS, reading->ts_utc_ms);
    put64(out + AT_REGISTER, reading->register_wms);
    put64(out + AT_SEQ, reading->seq);
    put32(out + AT_POWER, (uint32_t)reading->power_w);
    put32(out + AT_VOLTAGE, (uint32_t)reading->voltage_mv);
    memcpy(out + AT_BOOT, reading->boot, strnlen(reading->boot, SPOOL_BOOT_SIZE - 1));
    put32(out, crc32c(0, out + 4, SPOOL_RECORD_SIZE - 4));
}

bool spool_record_read(const unsigned char bytes[SPOOL_RECORD_SIZE], enum spool_record_kind *out_kind, struct spool_reading *out)
{
    int kind = bytes[AT_KIND];
    if (get32(bytes) != crc32c(0, bytes + 4, SPOOL_RECORD_SIZE - 4) || kind < SPOOL_READING || kind > SPOOL_STATE)
        return false;
    *out_kind = (enum spool_record_kind)kind;
    out->ts_utc_ms = get64(bytes + AT_TS);
    out->register_wms = get64(bytes + AT_REGISTER);
    out->seq = get64(bytes + AT_SEQ);
    out->power_w = (int32_t)get32(bytes + AT_POWER);
    out->voltage_mv = (int32_t)get32(bytes + AT_VOLTAGE);
    memcpy(out->boot, bytes + AT_BOOT, SPOOL_BOOT_SIZE);
    out->boot[SPOOL_BOOT_SIZE - 1] = '\0';
    return true;
}
