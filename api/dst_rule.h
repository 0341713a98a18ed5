/*
 * When a zone's clocks change, as Green Button tells it (ESPI, NAESB REQ.21, DstRuleType): a bit field per change. Bits 0-11 seconds after the hour,
 * 12-16 hour of the wall clock before the change, 17-19 day of the week (Monday 1 … Sunday 7), 20-24 day of the month, 25-27 which one (2 … 6 first
 * to fifth, 7 last), 28-31 month. Pure.
 */
#ifndef API_DST_RULE_H
#define API_DST_RULE_H

#include <stdint.h>
#include "base/zone.h"

#define DST_RULE_NONE UINT32_C(0xffffffff)

struct dst_rules {
    int32_t standard_offset_s; /* east of UTC, without daylight saving */
    int32_t dst_offset_s;      /* what daylight saving adds; 0: there is none */
    uint32_t start, end;       /* DST_RULE_NONE: there is none */
};

/*
 * As they are in one year. A zone that does not change its clocks exactly twice in it, forth and back, has none: then the offset is that of the
 * year's end.
 */
void dst_rules_of(const struct zone *zone, int year, struct dst_rules *out);

#endif
