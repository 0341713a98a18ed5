/*
 * Lines of Mosquitto's password file, byte for byte as mosquitto_passwd 2.0 makes them:
 * `user:$7$101$<salt>$<hash>`, PBKDF2-HMAC-SHA512 of 101 rounds, a salt of 12 bytes and a hash of 64, both in
 * base64. So few rounds protect only passwords that cannot be guessed: give devices and people generated ones
 * (password_generate). Source: mosquitto 2.0.11, apps/mosquitto_passwd.
 */
#ifndef ACCESS_BROKER_LOGIN_H
#define ACCESS_BROKER_LOGIN_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/err.h"

#define BROKER_HASH_SIZE 128
#define BROKER_ROUNDS 101

/* A fresh salt each time. ERR_INVALID: empty or more than 256 bytes; ERR_FATAL: libcrypto refused. */
enum err broker_login_hash(const char *password, struct fault *fault, char out[BROKER_HASH_SIZE]);

/* False too for a hash that is not of this form; rounds of 1 to 1,000,000 are accepted. */
bool broker_login_verify(const char *hash, const char *password);

/* Appends "username:hash\n". ERR_INVALID for a username that is not a name (text.h) or a hash of another form. */
enum err broker_login_line(const char *username, const char *hash, struct fault *fault, struct buf *out);

#endif
