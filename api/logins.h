/*
 * Checking passwords: slowed down after failures, by user name and by address, and few at a time (each takes 64 MiB and a
 * tenth of a second). Thread-safe.
 */
#ifndef API_LOGINS_H
#define API_LOGINS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/clock.h"
#include "store/records.h"

#define LOGINS_KEYS_MAX 20000
#define LOGINS_AT_ONCE 2

struct logins;

struct logins *logins_create(const struct clock *clock); /* NULL when memory is out */
void logins_destroy(struct logins *logins);              /* NULL-safe */

enum login_answer { LOGIN_GOOD, LOGIN_BAD, LOGIN_WAIT, LOGIN_BROKEN };

/*
 * LOGIN_GOOD fills *out. LOGIN_WAIT fills *out_wait_ms: the password was not looked at. A user who does not exist costs the same
 * time as a wrong password. LOGIN_BROKEN: the store's error is in the fault.
 */
enum login_answer logins_check(struct logins *logins, struct records *records, const char *username, const char *password, const char *address,
                               struct fault *fault, struct login_record *out, int64_t *out_wait_ms);

#endif
