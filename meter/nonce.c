#include "meter/nonce.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

enum err nonce_make(size_t len, struct fault *fault, char *out)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char random[64];
    if (len > sizeof random)
        return fault_set(fault, ERR_INVALID, "a nonce has at most %zu characters", sizeof random);
    if (getrandom(random, len, 0) != (ssize_t)len)
        return fault_set(fault, ERR_FATAL, "no random numbers: %s", strerror(errno));
    for (size_t i = 0; i < len; i++)
        out[i] = letters[random[i] % 32];
    out[len] = '\0';
    return OK;
}
