#include "api/logins.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include "access/password.h"
#include "access/slowdown.h"

#define KEY_SIZE 96

struct logins {
    pthread_mutex_t lock;
    sem_t at_once;
    const struct clock *clock;
    struct slowdown *slowdown;
};

struct logins *logins_create(const struct clock *clock)
{
    struct logins *logins = calloc(1, sizeof *logins);
    if (logins == NULL)
        return NULL;
    logins->clock = clock;
    pthread_mutex_init(&logins->lock, NULL);
    sem_init(&logins->at_once, 0, LOGINS_AT_ONCE);
    logins->slowdown = slowdown_create(LOGINS_KEYS_MAX);
    if (logins->slowdown != NULL)
        return logins;
    logins_destroy(logins);
    return NULL;
}

void logins_destroy(struct logins *logins)
{
    if (logins == NULL)
        return;
    slowdown_destroy(logins->slowdown);
    sem_destroy(&logins->at_once);
    pthread_mutex_destroy(&logins->lock);
    free(logins);
}

/*
 * The wait of the longer of both keys. When there is none the attempt counts as failed for the user beforehand, so that many
 * at the same moment do not all slip through; success takes that back.
 */
static int64_t admit(struct logins *logins, const char *user_key, const char *address_key)
{
    int64_t now = clock_monotonic(logins->clock);
    pthread_mutex_lock(&logins->lock);
    int64_t user_wait = slowdown_wait_ms(logins->slowdown, user_key, now);
    int64_t address_wait = slowdown_wait_ms(logins->slowdown, address_key, now);
    int64_t wait = user_wait > address_wait ? user_wait : address_wait;
    if (wait <= 0)
        slowdown_failed(logins->slowdown, user_key, now);
    pthread_mutex_unlock(&logins->lock);
    return wait;
}

/* A success forgives the user only: else a login of one's own would wash off an address that tries others'. */
static void settle(struct logins *logins, bool good, const char *user_key, const char *address_key)
{
    pthread_mutex_lock(&logins->lock);
    if (good)
        slowdown_succeeded(logins->slowdown, user_key);
    else
        slowdown_failed(logins->slowdown, address_key, clock_monotonic(logins->clock));
    pthread_mutex_unlock(&logins->lock);
}

static bool may_enter_web(enum login_kind kind)
{
    return kind == LOGIN_OPERATOR || kind == LOGIN_ADMIN || kind == LOGIN_CUSTOMER;
}

enum login_answer logins_check(struct logins *logins, struct records *records, const char *username, const char *password, const char *address,
                               struct fault *fault, struct login_record *out, int64_t *out_wait_ms)
{
    char user_key[KEY_SIZE], address_key[KEY_SIZE];
    struct login_record login;
    snprintf(user_key, sizeof user_key, "user %s", username);
    snprintf(address_key, sizeof address_key, "address %s", address);
    enum err err = records_login_by_name(records, username, fault, &login);
    if (err != OK && err != ERR_NOT_FOUND && err != ERR_INVALID)
        return LOGIN_BROKEN;
    int64_t wait = admit(logins, user_key, address_key);
    if (wait > 0) {
        *out_wait_ms = wait;
        return LOGIN_WAIT;
    }
    bool usable = err == OK && !login.disabled && may_enter_web(login.kind);
    while (sem_wait(&logins->at_once) != 0)
        continue;
    bool good = password_verify(usable ? login.web_hash : NULL, password) && usable;
    sem_post(&logins->at_once);
    settle(logins, good, user_key, address_key);
    if (!good)
        return LOGIN_BAD;
    *out = login;
    return LOGIN_GOOD;
}
