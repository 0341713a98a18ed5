#include "meter/provision.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/text.h"
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/stop.h"
#include "meter/card.h"
#include "meter/nonce.h"
#include "mqtt/link.h"

enum { ASK_MS = 10000, ASK_MAX_MS = 60000, LOOK_MS = 50, KEEP_ALIVE_S = 20 };

struct asking {
    pthread_mutex_t lock;
    bool answered;
    enum err err;
    struct fault fault;
    struct device_identity identity;
};

static void on_message(const struct link_message *message, void *arg)
{
    struct asking *asking = arg;
    pthread_mutex_lock(&asking->lock);
    if (!asking->answered) {
        asking->err = device_provision_response_parse(message->payload, message->payload_len, &asking->fault, &asking->identity);
        asking->answered = asking->err == OK || asking->err == ERR_CONFLICT;
        if (!asking->answered)
            log_warn("an answer that is none", LOG_FAULT(&asking->fault));
    }
    pthread_mutex_unlock(&asking->lock);
}

static void on_down(const char *why, void *arg)
{
    (void)arg;
    log_warn("not connected to ask for an identity", LOG_TEXT("why", why));
}

static bool answered(struct asking *asking)
{
    pthread_mutex_lock(&asking->lock);
    bool yes = asking->answered;
    pthread_mutex_unlock(&asking->lock);
    return yes;
}

static enum err open_claim_link(const struct options *o, const char *nonce, const char *password, struct asking *asking, struct fault *fault,
                                struct link **out)
{
    char topic[64];
    snprintf(topic, sizeof topic, "provision/responses/%s", nonce);
    struct link_subscription answers = {topic, 1};
    struct link_settings settings = {
        .host = o->broker_host,
        .port = (int)o->broker_port,
        .client_id = nonce,
        .clean_session = true,
        .keep_alive_s = KEEP_ALIVE_S,
        .username = password != NULL ? o->claim_username : NULL,
        .password = password,
        .ca_file = o->ca_file[0] != '\0' ? o->ca_file : NULL,
        .max_inflight = 1,
        .subscriptions = &answers,
        .subscription_count = 1,
    };
    struct link_callbacks callbacks = {.on_message = on_message, .on_down = on_down, .arg = asking};
    struct link *link = NULL;
    enum err err = link_create(&settings, &callbacks, fault, &link);
    if (err == OK && (err = link_open(link, fault)) != OK)
        link_destroy(link);
    if (err == OK)
        *out = link;
    return err;
}

/* Asks until answered or stopped. */
static void ask(struct link *link, const char *nonce, const struct buf *request, struct asking *asking)
{
    char topic[64];
    int64_t wait_ms = ASK_MS, ask_at_ms = 0;
    snprintf(topic, sizeof topic, "provision/requests/%s", nonce);
    while (!answered(asking) && !stop_wait(LOOK_MS)) {
        int64_t now = clock_monotonic(&clock_system);
        if (now < ask_at_ms || link_publish(link, topic, request->data, request->len, 1, false, 1, NULL) != OK)
            continue;
        log_info("asked for an identity");
        ask_at_ms = now + wait_ms;
        wait_ms = wait_ms * 2 < ASK_MAX_MS ? wait_ms * 2 : ASK_MAX_MS;
    }
}

enum err provision_ask(const struct options *o, const char *serial, struct fault *fault, struct device_identity *out)
{
    struct asking asking = {.lock = PTHREAD_MUTEX_INITIALIZER};
    char nonce[NONCE_LEN + 1], password[SECRET_SIZE];
    struct link *link = NULL;
    struct buf request;
    buf_init(&request, DEVICE_DOCUMENT_MAX);
    device_provision_request_encode(&request, serial, "qw-meter " QUILOWATT_VERSION, o->claim_code);
    bool has_login = o->claim_password_file[0] != '\0';
    enum err err = request.overflow ? fault_set(fault, ERR_INVALID, "serial and claim_code must be UTF-8") : nonce_make(NONCE_LEN, fault, nonce);
    if (err == OK && has_login)
        err = file_read_secret(o->claim_password_file, fault, password);
    if (err == OK)
        err = open_claim_link(o, nonce, has_login ? password : NULL, &asking, fault, &link);
    if (err == OK) {
        ask(link, nonce, &request, &asking);
        link_close(link, 500);
        link_destroy(link);
        err = asking.answered ? asking.err : fault_set(fault, ERR_RETRY, "stopped before an identity came");
        if (asking.answered && err != OK)
            *fault = asking.fault;
        if (err == OK)
            *out = asking.identity;
    }
    explicit_bzero(password, sizeof password);
    explicit_bzero(&asking, sizeof asking);
    buf_finish(&request);
    return err;
}

enum err provision_identity(const struct options *o, struct fault *fault, struct device_card *card, char password[SECRET_SIZE])
{
    struct device_identity *identity = &card->identity;
    if (mkdir(o->dir, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, ERR_INVALID, "dir %s: %s", o->dir, strerror(errno));
    enum err err = card_load(o->dir, o->serial, fault, card);
    if (err != OK)
        return err;
    if (o->meter_id[0] != '\0') { /* given, not asked for; not kept either */
        if (!text_is_name(o->meter_id, strlen(o->meter_id)))
            return fault_set(fault, ERR_INVALID, "meter_id is 1 to 64 of A-Z a-z 0-9 . _ -");
        text_copy(identity->meter_id, sizeof identity->meter_id, o->meter_id);
        if (!text_copy(identity->username, sizeof identity->username, o->username))
            return fault_set(fault, ERR_INVALID, "username is too long");
        return o->password_file[0] != '\0' ? file_read_secret(o->password_file, fault, password) : OK;
    }
    if (!card->has_identity) {
        err = provision_ask(o, card->serial, fault, identity);
        if (err != OK)
            return err;
        card->has_identity = true;
        err = card_save(o->dir, card, fault);
        log_info("this meter has an identity now", LOG_TEXT("meter", identity->meter_id));
    }
    text_copy(password, SECRET_SIZE, identity->password);
    return err;
}
