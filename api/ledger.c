#include "api/ledger.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "daemon/log.h"

struct ledger {
    pthread_mutex_t lock;
    pthread_cond_t given_back;
    char *path;
    struct facts *idle[LEDGER_HANDLES];
    int idle_count;
    int lent;
};

struct ledger *ledger_create(const char *path)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL)
        return NULL;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&ledger->given_back, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&ledger->lock, NULL);
    ledger->path = strdup(path);
    if (ledger->path != NULL)
        return ledger;
    ledger_destroy(ledger);
    return NULL;
}

void ledger_destroy(struct ledger *ledger)
{
    if (ledger == NULL)
        return;
    for (int i = 0; i < ledger->idle_count; i++)
        facts_close(ledger->idle[i]);
    pthread_cond_destroy(&ledger->given_back);
    pthread_mutex_destroy(&ledger->lock);
    free(ledger->path);
    free(ledger);
}

/* Counts one as lent: an idle handle, or NULL where one must be opened. False when the wait was in vain. */
static bool take(struct ledger *ledger, struct facts **out)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LEDGER_WAIT_MS / 1000;
    pthread_mutex_lock(&ledger->lock);
    int failed = 0;
    while (ledger->lent == LEDGER_HANDLES && failed == 0)
        failed = pthread_cond_timedwait(&ledger->given_back, &ledger->lock, &until);
    bool got = ledger->lent < LEDGER_HANDLES;
    if (got) {
        ledger->lent++;
        *out = ledger->idle_count > 0 ? ledger->idle[--ledger->idle_count] : NULL;
    }
    pthread_mutex_unlock(&ledger->lock);
    return got;
}

static void give_back(struct ledger *ledger, struct facts *facts)
{
    pthread_mutex_lock(&ledger->lock);
    ledger->lent--;
    if (facts != NULL)
        ledger->idle[ledger->idle_count++] = facts;
    pthread_cond_signal(&ledger->given_back);
    pthread_mutex_unlock(&ledger->lock);
}

enum err ledger_borrow(struct ledger *ledger, struct fault *fault, struct facts **out)
{
    struct facts *facts = NULL;
    if (!take(ledger, &facts))
        return fault_set(fault, ERR_RETRY, "all %d handles of the ledger are in use", LEDGER_HANDLES);
    if (facts == NULL && facts_open_sqlite(ledger->path, FACTS_READER, fault, &facts) != OK) {
        give_back(ledger, NULL);
        return ERR_RETRY;
    }
    *out = facts;
    return OK;
}

void ledger_return(struct ledger *ledger, struct facts *facts, bool broken)
{
    if (broken) {
        facts_close(facts);
        facts = NULL;
    }
    give_back(ledger, facts);
}

struct facts *ledger_for(struct exchange *x)
{
    struct facts *facts;
    struct fault fault;
    if (ledger_borrow(x->server->ledger, &fault, &facts) == OK)
        return facts;
    log_warn("ledger cannot be read", LOG_TEXT("request", x->request->request_id), LOG_FAULT(&fault));
    problem_later(x, 503, "ledger_away", 1000, "The ledger cannot be read now; try again.");
    return NULL;
}

void ledger_done(struct exchange *x, struct facts *facts)
{
    ledger_return(x->server->ledger, facts, x->response->status >= 500);
}
