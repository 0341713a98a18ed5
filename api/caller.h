/*
 * Who asks: a bearer token, or the session's cookie. And what of the meters exists for them.
 *
 * A customer sees the meters of accounts that they hold today, and of those only what lies within their account: what the
 * tenant before used is not theirs. For operators everything exists.
 */
#ifndef API_CALLER_H
#define API_CALLER_H

#include "api/exchange.h"
#include "base/zone.h"

#define SESSION_COOKIE "quilowatt_session"

/*
 * Fills x->caller. False, and a problem was replied, where a token or a session is given and is not valid, or the store is
 * away. No credentials at all: true, with caller.known false.
 */
bool caller_identify(struct exchange *x);

/* Reads one cookie out of a Cookie header. False when it is absent or longer than fits. Pure. */
bool cookie_find(const char *header, const char *name, char *out, size_t size);

/* Whether a session still stands: for streams, which outlive their request. */
bool caller_still_valid(struct server *server, const struct caller *caller);

/* A meter as it exists for the caller. */
struct sight {
    struct point_record point;
    const struct zone *zone;
    bool has_account; /* of today */
    struct account_record account;
    int32_t from_day, until_day; /* half-open: what of it may be seen */
    int64_t from_utc_ms, until_utc_ms;
};

/* False, and 404 (or another problem) was replied. */
bool sight_of(struct exchange *x, const char *meter_id, struct sight *out);
/* The same for a point at hand. ERR_NOT_FOUND where it is not theirs to see. */
enum err sight_of_point(struct server *server, const struct caller *caller, const struct point_record *point, int64_t now_utc_ms, struct fault *fault,
                        struct sight *out);

/* The meters of a customer, at most `max`; for operators none. */
enum err caller_meters(struct server *server, const struct caller *caller, int64_t now_utc_ms, size_t max, struct fault *fault,
                       int64_t *out_meter_nos, size_t *out_count);

#endif
