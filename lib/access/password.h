/*
 * People's passwords: argon2id by libsodium, with its "interactive" limits (2 passes over 64 MiB, some 50 to
 * 100 ms of one core; a caller bounds how many run at once). The parameters stand in the hash, so they can be raised later.
 */
#ifndef ACCESS_PASSWORD_H
#define ACCESS_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

#define PASSWORD_HASH_SIZE 128
#define PASSWORD_MIN 10  /* bytes a new password must have */
#define PASSWORD_MAX 256 /* bytes beyond which none is looked at */

/* ERR_INVALID, with a sentence for the person, when a new password is too short, too long or not UTF-8. */
enum err password_check_new(const char *password, struct fault *fault);

/* ERR_INVALID when longer than PASSWORD_MAX or empty, ERR_RETRY when memory is out. */
enum err password_hash(const char *password, struct fault *fault, char out[PASSWORD_HASH_SIZE]);

/*
 * True when it is the password. `stored` NULL or "" (no such user, or no password) costs the same time as a
 * wrong password and is false, so that an answer's time does not tell who exists.
 */
bool password_verify(const char *stored, const char *password);

/* True when the hash was made with other parameters than password_hash takes now. */
bool password_is_outdated(const char *stored);

#define PASSWORD_TEXT_SIZE 25
/*
 * A new random password, "k7mf-2xqp-…": five groups of four out of 31 letters and digits, none of which looks
 * like another; 99 bits.
 */
void password_generate(char out[PASSWORD_TEXT_SIZE]);

#endif
