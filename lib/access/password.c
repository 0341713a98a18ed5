#include "access/password.h"
#include <pthread.h>
#include <string.h>
#include "access/ready.h"
#include "base/text.h"

_Static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "libsodium's hash fits as a whole");

#define GROUPS 5
#define GROUP_LEN 4

static int make_hash(const char *password, char out[PASSWORD_HASH_SIZE])
{
    return crypto_pwhash_str_alg(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                                 crypto_pwhash_ALG_ARGON2ID13);
}

enum err password_check_new(const char *password, struct fault *fault)
{
    size_t len = strlen(password);
    if (len < PASSWORD_MIN)
        return fault_set(fault, ERR_INVALID, "a password has at least %d characters", PASSWORD_MIN);
    if (len > PASSWORD_MAX)
        return fault_set(fault, ERR_INVALID, "a password has at most %d bytes", PASSWORD_MAX);
    if (!text_is_utf8(password, len))
        return fault_set(fault, ERR_INVALID, "a password is UTF-8 text");
    return OK;
}

enum err password_hash(const char *password, struct fault *fault, char out[PASSWORD_HASH_SIZE])
{
    access_ready();
    size_t len = strlen(password);
    if (len == 0 || len > PASSWORD_MAX)
        return fault_set(fault, ERR_INVALID, "a password has 1 to %d bytes", PASSWORD_MAX);
    char hash[PASSWORD_HASH_SIZE];
    if (make_hash(password, hash) != 0)
        return fault_set(fault, ERR_RETRY, "no memory to hash a password");
    memcpy(out, hash, sizeof(hash));
    return OK;
}

/* The hash of a password that nobody knows: what a missing user is checked against. */
static char dummy_hash[PASSWORD_HASH_SIZE];
static pthread_once_t dummy_once = PTHREAD_ONCE_INIT;

static void make_dummy(void)
{
    char unknown[33];
    unsigned char bytes[16];
    randombytes_buf(bytes, sizeof(bytes));
    text_hex(unknown, bytes, sizeof(bytes));
    if (make_hash(unknown, dummy_hash) != 0)
        dummy_hash[0] = '\0';
    sodium_memzero(unknown, sizeof(unknown));
}

bool password_verify(const char *stored, const char *password)
{
    access_ready();
    pthread_once(&dummy_once, make_dummy);
    size_t len = strlen(password);
    bool known = stored != NULL && stored[0] != '\0' && len > 0 && len <= PASSWORD_MAX;
    if (len > PASSWORD_MAX)
        len = PASSWORD_MAX;
    bool same = crypto_pwhash_str_verify(known ? stored : dummy_hash, password, len) == 0;
    return known && same;
}

bool password_is_outdated(const char *stored)
{
    access_ready();
    return crypto_pwhash_str_needs_rehash(stored, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0;
}

void password_generate(char out[PASSWORD_TEXT_SIZE])
{
    static const char alphabet[] = "23456789abcdefghjkmnpqrstuvwxyz"; /* no 0 o, no 1 i l */
    access_ready();
    char *at = out;
    for (int i = 0; i < GROUPS * GROUP_LEN; i++) {
        if (i > 0 && i % GROUP_LEN == 0)
            *at++ = '-';
        *at++ = alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
    }
    *at = '\0';
}
