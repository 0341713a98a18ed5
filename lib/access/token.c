#include "access/token.h"
#include <string.h>
#include "access/ready.h"
#include "base/text.h"

#define TOKEN_PREFIX "qw_"
#define RANDOM_HEX_MAX 64

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

static void put_random_base32(char *out, size_t count)
{
    access_ready();
    randombytes_buf(out, count);
    for (size_t i = 0; i < count; i++)
        out[i] = base32[(unsigned char)out[i] & 31];
    out[count] = '\0';
}

void token_make(char out[TOKEN_SIZE])
{
    memcpy(out, TOKEN_PREFIX, sizeof(TOKEN_PREFIX) - 1);
    put_random_base32(out + sizeof(TOKEN_PREFIX) - 1, TOKEN_SIZE - sizeof(TOKEN_PREFIX));
}

bool token_is_wellformed(const char *text)
{
    return text_starts_with(text, TOKEN_PREFIX) && strlen(text) == TOKEN_SIZE - 1 &&
           strspn(text + sizeof(TOKEN_PREFIX) - 1, base32) == TOKEN_SIZE - sizeof(TOKEN_PREFIX);
}

void session_id_make(char out[SESSION_ID_SIZE])
{
    put_random_base32(out, SESSION_ID_SIZE - 1);
}

void csrf_token_make(char out[CSRF_TOKEN_SIZE])
{
    put_random_base32(out, CSRF_TOKEN_SIZE - 1);
}

void secret_hash(const char *text, char out[SECRET_HASH_SIZE])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    text_hex(out, hash, sizeof(hash));
}

bool secret_equal(const char *a, const char *b)
{
    size_t len = strlen(a);
    return len == strlen(b) && sodium_memcmp(a, b, len) == 0;
}

void random_hex(size_t bytes, char *out)
{
    unsigned char drawn[RANDOM_HEX_MAX];
    access_ready();
    if (bytes > sizeof(drawn))
        bytes = sizeof(drawn);
    randombytes_buf(drawn, bytes);
    text_hex(out, drawn, bytes);
}
