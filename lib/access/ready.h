/*
 * libsodium must be initialised before its random numbers are drawn; doing it again is free, from any thread.
 */
#ifndef ACCESS_READY_H
#define ACCESS_READY_H

#include <sodium.h>
#include <stdlib.h>

/* A process without random numbers must not make secrets: it ends here. */
static inline void access_ready(void)
{
    if (sodium_init() < 0)
        abort();
}

#endif
