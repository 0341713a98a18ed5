/*
 * What all requests share. Made by main.c, outlives every request; the parts guard themselves.
 */
#ifndef API_SERVER_H
#define API_SERVER_H

#include <pthread.h>
#include "api/settings.h"
#include "base/clock.h"
#include "daemon/zones.h"
#include "store/records.h"

struct ledger;
struct live;
struct logins;
struct fleet;

struct server {
    const struct api_settings *settings;
    const struct clock *clock;
    struct records *records;
    struct ledger *ledger;
    struct zones *zones;
    struct live *live;
    struct logins *logins;
    struct fleet *fleet;
};

#endif
