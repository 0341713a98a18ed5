/*
 * Checksums and fingerprints: not secrets (those are in access). Pure.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32C (Castagnoli, as iSCSI RFC 3720 has it); chain with the former result, begin with 0. */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t len);
/* The same without the processor's own instruction, which crc32c takes where there is one. */
uint32_t crc32c_portable(uint32_t crc, const void *bytes, size_t len);

/* FNV-1a, 64 bits, for tables. */
uint64_t hash_fnv1a(const void *bytes, size_t len);

#define FINGERPRINT_SIZE 33
/* 32 hex digits of FNV-1a 128: names an alert episode or a tariff version by what it says. */
void fingerprint(const void *bytes, size_t len, char out[FINGERPRINT_SIZE]);

#endif
