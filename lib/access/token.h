/*
 * Random secrets and names: API tokens, web sessions, CSRF tokens, ids. A token or session is shown once and
 * stored as the SHA-256 of its text (which needs no salt: it has 160 bits or more of its own).
 */
#ifndef ACCESS_TOKEN_H
#define ACCESS_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#define TOKEN_SIZE 36       /* "qw_" and 32 characters of base32 (a-z 2-7): 160 bits */
#define SESSION_ID_SIZE 53  /* 52 characters of base32: 256 bits */
#define CSRF_TOKEN_SIZE 33  /* 32 characters of base32 */
#define SECRET_HASH_SIZE 65 /* 64 hex digits */

void token_make(char out[TOKEN_SIZE]);
bool token_is_wellformed(const char *text); /* worth looking up */
void session_id_make(char out[SESSION_ID_SIZE]);
void csrf_token_make(char out[CSRF_TOKEN_SIZE]);

/* The SHA-256 of the text in hex: what is stored and looked up. */
void secret_hash(const char *text, char out[SECRET_HASH_SIZE]);

/* Compares in a time that depends on the lengths only. */
bool secret_equal(const char *a, const char *b);

/* 2*bytes hex digits and a NUL: a random name; bytes is 1 … 64. */
void random_hex(size_t bytes, char *out);

#endif
