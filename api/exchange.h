/*
 * One request and its answer on the way through routes.c to a resource and back. A resource writes the body with
 * wire/json_out.h into `out`, then calls one of the replies below, exactly once.
 */
#ifndef API_EXCHANGE_H
#define API_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>
#include "access/scope.h"
#include "api/http.h"
#include "api/query.h"
#include "api/server.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/records.h"

#define EXCHANGE_ARG_SIZE 128

struct caller {
    bool known;
    bool by_cookie;
    enum role role;
    scope_set scopes;
    struct login_record login;
    char session_hash[RECORD_HASH_SIZE]; /* of a session */
    char csrf[RECORD_HASH_SIZE];         /* of a session */
    int64_t expires_utc_ms;              /* INT64_MAX: never */
};

struct exchange {
    struct server *server;
    const struct http_request *request;
    struct http_response *response;
    struct buf *out; /* the response's body */
    struct caller caller;
    struct query query;
    char arg[EXCHANGE_ARG_SIZE]; /* what stands in the path's {…} */
    struct buf body;             /* the request's */
    int64_t now_utc_ms;
};

/* ---- replies ---- */

/* The body as JSON. */
void reply_json(struct exchange *x, int status);
/*
 * The body as JSON with an ETag of it, or 304 where If-None-Match has that one. `revision` ≥ 0 stands in the ETag too, for
 * If-Match (reply_if_match).
 */
void reply_tagged(struct exchange *x, int status, int64_t revision);
/* 200 with a body that is no JSON, and its ETag; or 304. */
void reply_document(struct exchange *x, const char *content_type);
void reply_nothing(struct exchange *x); /* 204 */

/*
 * What If-Match asks for: RECORDS_ANY_REVISION when the header is absent or "*". False (and 412 was replied) when it is no ETag
 * of ours.
 */
bool reply_if_match(struct exchange *x, int64_t *out_revision);

/* RFC 9457. `name` is the last word of its type: "urn:quilowatt:problem:not_found". */
void problem(struct exchange *x, int status, const char *name, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* 400 with errors[]: the fault's pointer and text. */
void problem_input(struct exchange *x, const struct fault *fault);
void problem_not_found(struct exchange *x);
/* 429 or 503. */
void problem_later(struct exchange *x, int status, const char *name, int64_t after_ms, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* A store's error: 400, 404, 409, 503, or 500, which is logged. */
void problem_store(struct exchange *x, enum err err, const struct fault *fault);

#endif
