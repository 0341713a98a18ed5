/* Today, where the utility is: in the zone of the setting default_tz. */
#ifndef API_UTILITY_DAY_H
#define API_UTILITY_DAY_H

#include "api/exchange.h"

enum err utility_today(struct exchange *x, struct fault *fault, int32_t *out);

#endif
