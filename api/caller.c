#include "api/caller.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "access/token.h"
#include "base/instant.h"
#include "base/text.h"

#define TOUCH_EVERY_MS 60000 /* a write per request would wear the store for nothing */

bool cookie_find(const char *header, const char *name, char *out, size_t size)
{
    size_t name_len = strlen(name);
    for (const char *at = header; *at != '\0';) {
        at += strspn(at, "; \t");
        size_t len = strcspn(at, ";");
        if (len > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=') {
            const char *value = at + name_len + 1;
            size_t value_len = len - name_len - 1;
            while (value_len > 0 && (value[value_len - 1] == ' ' || value[value_len - 1] == '\t'))
                value_len--;
            if (value_len == 0 || value_len >= size)
                return false;
            memcpy(out, value, value_len);
            out[value_len] = '\0';
            return true;
        }
        at += len;
    }
    return false;
}

static bool role_of(enum login_kind kind, enum role *out)
{
    switch (kind) {
    case LOGIN_CUSTOMER:
        *out = ROLE_CUSTOMER;
        return true;
    case LOGIN_OPERATOR:
        *out = ROLE_OPERATOR;
        return true;
    case LOGIN_ADMIN:
        *out = ROLE_ADMIN;
        return true;
    case LOGIN_METER:
    case LOGIN_CLAIM:
    case LOGIN_SERVICE:
        break;
    }
    return false;
}

static bool refused(struct exchange *x)
{
    http_response_header(x->response, "WWW-Authenticate", "Bearer realm=\"quilowatt\"");
    problem(x, 401, "unauthorized", "The token or the session is not valid, or not any more.");
    return false;
}

static bool by_token(struct exchange *x, const char *token)
{
    char hash[SECRET_HASH_SIZE];
    struct token_record record;
    struct fault fault;
    struct caller *caller = &x->caller;
    if (!token_is_wellformed(token))
        return refused(x);
    secret_hash(token, hash);
    enum err err = records_token_by_hash(x->server->records, hash, x->now_utc_ms, &fault, &record, &caller->login);
    if (err == ERR_NOT_FOUND)
        return refused(x);
    if (err != OK) {
        problem_store(x, err, &fault);
        return false;
    }
    scope_set scopes;
    if (!role_of(caller->login.kind, &caller->role) || scopes_parse(record.scopes, &fault, &scopes) != OK)
        return refused(x);
    if (x->now_utc_ms - record.last_used_utc_ms >= TOUCH_EVERY_MS)
        (void)records_token_touch(x->server->records, record.token_id, x->now_utc_ms, NULL);
    caller->scopes = scopes_effective(caller->role, scopes);
    caller->expires_utc_ms = record.expires_utc_ms;
    text_copy(caller->session_hash, sizeof caller->session_hash, hash);
    caller->known = true;
    return true;
}

static bool by_session(struct exchange *x, const char *session)
{
    char hash[SECRET_HASH_SIZE];
    struct session_record record;
    struct fault fault;
    struct caller *caller = &x->caller;
    secret_hash(session, hash);
    enum err err = records_session_by_hash(x->server->records, hash, x->now_utc_ms, &fault, &record, &caller->login);
    if (err == ERR_NOT_FOUND || (err == OK && !role_of(caller->login.kind, &caller->role)))
        return refused(x);
    if (err != OK) {
        problem_store(x, err, &fault);
        return false;
    }
    caller->expires_utc_ms = record.expires_utc_ms;
    if (x->now_utc_ms - record.last_seen_utc_ms >= TOUCH_EVERY_MS) {
        int64_t expires = x->now_utc_ms + x->server->settings->session_hours * MS_PER_HOUR;
        if (records_session_touch(x->server->records, hash, x->now_utc_ms, expires, NULL) == OK)
            caller->expires_utc_ms = expires;
    }
    caller->scopes = role_scopes(caller->role);
    text_copy(caller->session_hash, sizeof caller->session_hash, hash);
    text_copy(caller->csrf, sizeof caller->csrf, record.csrf);
    caller->by_cookie = true;
    caller->known = true;
    return true;
}

bool caller_identify(struct exchange *x)
{
    char session[SESSION_ID_SIZE];
    const char *authorization = http_request_header(x->request, "Authorization");
    const char *cookies = http_request_header(x->request, "Cookie");
    if (authorization != NULL) {
        if (strncasecmp(authorization, "Bearer ", 7) != 0)
            return refused(x);
        return by_token(x, authorization + 7 + strspn(authorization + 7, " "));
    }
    if (cookies != NULL && cookie_find(cookies, SESSION_COOKIE, session, sizeof session))
        return by_session(x, session);
    return true;
}

bool caller_still_valid(struct server *server, const struct caller *caller)
{
    struct fault fault;
    struct session_record session;
    struct token_record token;
    int64_t now = clock_now(server->clock);
    enum err err = caller->by_cookie ? records_session_by_hash(server->records, caller->session_hash, now, &fault, &session, NULL)
                                     : records_token_by_hash(server->records, caller->session_hash, now, &fault, &token, NULL);
    return err != ERR_NOT_FOUND;
}
