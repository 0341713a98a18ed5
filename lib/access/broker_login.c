#include "access/broker_login.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

#define SALT_LEN 12
#define HASH_LEN 64
#define SALT_TEXT_LEN 16 /* base64 of 12 bytes */
#define HASH_TEXT_LEN 88 /* base64 of 64 bytes */
#define ROUNDS_MAX 1000000
#define PASSWORD_MAX_LEN 256

/* A stored hash, laid open. */
struct stored {
    int rounds;
    unsigned char salt[SALT_LEN];
    unsigned char hash[HASH_LEN];
};

static bool derive(const char *password, const unsigned char *salt, int rounds, unsigned char hash[HASH_LEN])
{
    return PKCS5_PBKDF2_HMAC(password, (int)strlen(password), salt, SALT_LEN, rounds, EVP_sha512(), HASH_LEN, hash) == 1;
}

/*
 * Decodes exactly `want` bytes from text[len]; EVP_DecodeBlock writes the padding's bytes too. It
 * alone would let blanks pass.
 */
static bool decode(const char *text, size_t len, unsigned char *out, size_t want)
{
    unsigned char block[HASH_LEN + 8];
    size_t padding = 0;
    while (padding < 2 && text[len - 1 - padding] == '=')
        padding++;
    if (strcspn(text, " \t\r\n") < len)
        return false;
    int got = EVP_DecodeBlock(block, (const unsigned char *)text, (int)len);
    if (got < 0 || (size_t)got - padding != want)
        return false;
    memcpy(out, block, want);
    return true;
}

static bool open_stored(const char *text, struct stored *out)
{
    if (!text_starts_with(text, "$7$"))
        return false;
    text += 3;
    char digits[8];
    size_t digits_len = strcspn(text, "$");
    int64_t rounds;
    if (digits_len == 0 || digits_len >= sizeof(digits) || text[digits_len] != '$')
        return false;
    memcpy(digits, text, digits_len);
    digits[digits_len] = '\0';
    if (!text_to_int64(digits, &rounds) || rounds < 1 || rounds > ROUNDS_MAX)
        return false;
    text += digits_len + 1;
    if (strlen(text) != SALT_TEXT_LEN + 1 + HASH_TEXT_LEN || text[SALT_TEXT_LEN] != '$')
        return false;
    out->rounds = (int)rounds;
    return decode(text, SALT_TEXT_LEN, out->salt, SALT_LEN) && decode(text + SALT_TEXT_LEN + 1, HASH_TEXT_LEN, out->hash, HASH_LEN);
}

enum err broker_login_hash(const char *password, struct fault *fault, char out[BROKER_HASH_SIZE])
{
    size_t len = strlen(password);
    if (len == 0 || len > PASSWORD_MAX_LEN)
        return fault_set(fault, ERR_INVALID, "a broker password has 1 to %d bytes", PASSWORD_MAX_LEN);
    unsigned char salt[SALT_LEN], hash[HASH_LEN];
    unsigned char salt_text[SALT_TEXT_LEN + 1], hash_text[HASH_TEXT_LEN + 1];
    if (RAND_bytes(salt, sizeof(salt)) != 1 || !derive(password, salt, BROKER_ROUNDS, hash))
        return fault_set(fault, ERR_FATAL, "libcrypto refused to hash a broker password");
    EVP_EncodeBlock(salt_text, salt, SALT_LEN);
    EVP_EncodeBlock(hash_text, hash, HASH_LEN);
    snprintf(out, BROKER_HASH_SIZE, "$7$%d$%s$%s", BROKER_ROUNDS, (char *)salt_text, (char *)hash_text);
    return OK;
}

bool broker_login_verify(const char *hash, const char *password)
{
    struct stored stored;
    unsigned char tried[HASH_LEN];
    if (hash == NULL || strlen(password) > PASSWORD_MAX_LEN || !open_stored(hash, &stored))
        return false;
    return derive(password, stored.salt, stored.rounds, tried) && CRYPTO_memcmp(tried, stored.hash, HASH_LEN) == 0;
}

enum err broker_login_line(const char *username, const char *hash, struct fault *fault, struct buf *out)
{
    struct stored stored;
    if (!text_is_name(username, strlen(username)))
        return fault_set(fault, ERR_INVALID, "a username has 1 to 64 of A-Z a-z 0-9 . _ -");
    if (!open_stored(hash, &stored))
        return fault_set(fault, ERR_INVALID, "the broker password of %s is not in Mosquitto's form", username);
    buf_printf(out, "%s:%s\n", username, hash);
    return OK;
}
