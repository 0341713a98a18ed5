/*
 * Channels: OBIS codes C.D.E of IEC 62056-61 (medium electricity, value groups C.D.E), carried as one integer
 * C·10000 + D·100 + E. Import and export are channels of their own and never netted in storage. Pure.
 */
#ifndef ENERGY_OBIS_H
#define ENERGY_OBIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OBIS(c, d, e) ((c)*10000 + (d)*100 + (e))
#define OBIS_IMPORT OBIS(1, 8, 0) /* energy_wh: active energy drawn, all tariffs */
#define OBIS_EXPORT OBIS(2, 8, 0) /* export_wh: active energy fed in, all tariffs */

/* "1.8.0" → 10800. Each part 0 … 99 (C 1 … 99), no leading zeros, nothing after. */
bool obis_parse(const char *text, int32_t *out);

/*
 * The channel that a tariff register is a part of: 1.8.2 → 1.8.0, and so for export and reactive energy (C 1 … 4, D 8). 0 for what is no part. Where
 * a meter does not tell that channel itself, it is the sum of its parts of the same ts (domain.md, "channel").
 */
int32_t obis_total(int32_t channel);

#define OBIS_TEXT_SIZE 12
void obis_format(int32_t channel, char out[OBIS_TEXT_SIZE]);

#endif
