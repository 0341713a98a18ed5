/* POST and DELETE /session, GET /me. */
#include <stdlib.h>
#include <string.h>
#include "access/password.h"
#include "access/token.h"
#include "api/caller.h"
#include "api/gauges.h"
#include "api/live.h"
#include "api/logins.h"
#include "api/resources.h"
#include "base/instant.h"
#include "base/text.h"
#include "daemon/log.h"
#include "wire/json_out.h"
#include "wire/rest_in.h"

#define ME_METERS_MAX 50

struct credentials {
    char username[RECORD_ID_SIZE];
    char password[PASSWORD_MAX + 1];
};

static enum err parse_credentials(const struct buf *body, struct fault *fault, struct credentials *out)
{
    static const char *const names[] = {"username", "password", NULL};
    struct rest_in *in = NULL;
    enum err err = rest_in_parse(body->data, body->len, false, fault, &in);
    if (err != OK)
        return err;
    if ((err = rest_in_only(in, names, fault)) == OK && (err = rest_in_required(in, "username", fault)) == OK &&
        (err = rest_in_required(in, "password", fault)) == OK &&
        (err = rest_in_text(in, "username", 1, RECORD_ID_SIZE - 1, fault, out->username, sizeof out->username)) == OK)
        err = rest_in_text(in, "password", 1, PASSWORD_MAX, fault, out->password, sizeof out->password);
    rest_in_destroy(in);
    return err;
}

static void set_cookie(struct exchange *x, const char *value, int64_t max_age_s)
{
    http_response_header(x->response, "Set-Cookie", SESSION_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s", value,
                         (long long)max_age_s, x->server->settings->cookie_secure ? "; Secure" : "");
}

static void write_customer(struct exchange *x, const struct caller *caller, char language[16])
{
    struct customer_record customer;
    if (caller->login.customer_id[0] == '\0' || records_customer_by_id(x->server->records, caller->login.customer_id, NULL, &customer) != OK) {
        out_null(x->out, "customer");
        return;
    }
    text_copy(language, 16, customer.language);
    out_object(x->out, "customer");
    out_text(x->out, "customer_id", customer.customer_id);
    out_text(x->out, "name", customer.name);
    out_end_object(x->out);
}

/* What holds for logins that say nothing of it. */
static void utility_language(struct exchange *x, char language[16])
{
    char value[RECORD_SETTING_SIZE];
    if (records_setting_get(x->server->records, "default_language", x->now_utc_ms, NULL, value) == OK)
        text_copy(language, 16, value);
}

static enum err write_meters(struct exchange *x, const struct caller *caller, struct fault *fault)
{
    struct point_record *points = calloc(ME_METERS_MAX + 1, sizeof *points);
    if (points == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    struct point_filter filter = {
        .customer_id = caller->role == ROLE_CUSTOMER ? caller->login.customer_id : NULL,
        .on_day = (int32_t)(instant_floor(x->now_utc_ms, MS_PER_DAY) / MS_PER_DAY),
    };
    size_t count = 0;
    enum err err = records_point_list(x->server->records, &filter, ME_METERS_MAX + 1, fault, points, &count);
    out_array(x->out, "meters");
    for (size_t i = 0; err == OK && i < count && i < ME_METERS_MAX; i++) {
        struct sight sight;
        enum err seen = sight_of_point(x->server, caller, &points[i], x->now_utc_ms, fault, &sight);
        if (seen == ERR_NOT_FOUND)
            continue;
        if ((err = seen) != OK)
            break;
        out_object(x->out, NULL);
        out_text(x->out, "meter_id", points[i].meter_id);
        out_text(x->out, "label", points[i].label[0] != '\0' ? points[i].label : NULL);
        out_text(x->out, "tz", points[i].tz);
        out_text(x->out, "account_id", sight.has_account ? sight.account.account_id : NULL);
        out_end_object(x->out);
    }
    out_end_array(x->out);
    out_bool(x->out, "meters_more", count > ME_METERS_MAX);
    free(points);
    return err;
}

/* The body of Me. False, and a problem was replied. */
static bool write_me(struct exchange *x, const struct caller *caller)
{
    struct fault fault = {0};
    char language[16] = "";
    out_object(x->out, NULL);
    out_text(x->out, "username", caller->login.username);
    out_text(x->out, "role", role_name(caller->role));
    write_customer(x, caller, language);
    if (language[0] == '\0')
        utility_language(x, language);
    out_text(x->out, "language", strcmp(language, "en") == 0 ? "en" : "pt-BR");
    enum err err = write_meters(x, caller, &fault);
    out_text(x->out, "csrf_token", caller->by_cookie ? caller->csrf : NULL);
    if (caller->expires_utc_ms == INT64_MAX)
        out_null(x->out, "expires");
    else
        out_instant(x->out, "expires", caller->expires_utc_ms);
    out_end_object(x->out);
    if (err != OK)
        problem_store(x, err, &fault);
    return err == OK;
}

static void begin_session(struct exchange *x, const struct login_record *login)
{
    char id[SESSION_ID_SIZE], csrf[CSRF_TOKEN_SIZE];
    struct session_record session = {
        .login_no = login->login_no,
        .created_utc_ms = x->now_utc_ms,
        .expires_utc_ms = x->now_utc_ms + x->server->settings->session_hours * MS_PER_HOUR,
        .last_seen_utc_ms = x->now_utc_ms,
    };
    struct fault fault = {0};
    session_id_make(id);
    csrf_token_make(csrf);
    secret_hash(id, session.token_hash);
    text_copy(session.csrf, sizeof session.csrf, csrf);
    enum err err = records_session_add(x->server->records, &session, &fault);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    struct caller *caller = &x->caller;
    caller->known = caller->by_cookie = true;
    caller->login = *login;
    caller->role = login->kind == LOGIN_CUSTOMER ? ROLE_CUSTOMER : login->kind == LOGIN_ADMIN ? ROLE_ADMIN : ROLE_OPERATOR;
    caller->scopes = role_scopes(caller->role);
    caller->expires_utc_ms = session.expires_utc_ms;
    text_copy(caller->csrf, sizeof caller->csrf, csrf);
    if (!write_me(x, caller))
        return;
    set_cookie(x, id, x->server->settings->session_hours * 3600);
    reply_json(x, 200);
}

void session_create(struct exchange *x)
{
    struct credentials given;
    struct login_record login;
    struct fault fault = {0};
    int64_t wait_ms = 0;
    if (parse_credentials(&x->body, &fault, &given) != OK) {
        problem_input(x, &fault);
        return;
    }
    enum login_answer answer =
        logins_check(x->server->logins, x->server->records, given.username, given.password, x->request->address, &fault, &login, &wait_ms);
    explicit_bzero(given.password, sizeof given.password);
    switch (answer) {
    case LOGIN_GOOD:
        metric_add(&gauges.logins_good, 1);
        begin_session(x, &login);
        break;
    case LOGIN_BAD:
        metric_add(&gauges.logins_bad, 1);
        log_info("login failed", LOG_TEXT("username", given.username), LOG_TEXT("address", x->request->address));
        problem(x, 401, "credentials", "User name or password is wrong.");
        break;
    case LOGIN_WAIT:
        metric_add(&gauges.logins_slowed, 1);
        problem_later(x, 429, "slow_down", wait_ms, "Too many failures; try again in %lld s.", (long long)((wait_ms + 999) / 1000));
        break;
    case LOGIN_BROKEN:
        problem_store(x, ERR_RETRY, &fault);
        break;
    }
}

void session_delete(struct exchange *x)
{
    struct fault fault = {0};
    if (!x->caller.by_cookie) {
        problem(x, 403, "forbidden", "A token is not a session; revoke it instead.");
        return;
    }
    enum err err = records_session_remove(x->server->records, x->caller.session_hash, &fault);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    live_end_session(x->server->live, x->caller.session_hash);
    set_cookie(x, "", 0);
    reply_nothing(x);
}

void session_me(struct exchange *x)
{
    if (write_me(x, &x->caller))
        reply_json(x, 200);
}
