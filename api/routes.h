/*
 * The one table of what is served: method, path, who may, which parameters, and the function that answers. openapi.yaml is
 * tested against it (`qw-api --print-routes` prints it).
 */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include <stddef.h>
#include "api/exchange.h"

enum route_access {
    ROUTE_OPEN, /* anybody */
    ROUTE_LOGIN /* a session or a token with the scope */
};

enum route_body { BODY_NONE, BODY_JSON, BODY_JSON_OR_EMPTY, BODY_DOCUMENT };

struct route {
    const char *method;
    const char *path; /* with at most one {…}: a segment, or all of it before an ending such as ".pdf" */
    enum route_access access;
    scope_set scope; /* 0: any login */
    enum route_body body;
    const char *parameters; /* of the query, with blanks between */
    void (*answer)(struct exchange *x);
};

/* In the order in which they are tried: a path with an ending stands before the one without. */
extern const struct route route_table[];
extern const size_t route_count;

/* True when `path` fits `pattern`; what stands in the {…} goes to arg (1 … EXCHANGE_ARG_SIZE - 1 bytes). Pure. */
bool route_matches(const char *pattern, const char *path, char arg[EXCHANGE_ARG_SIZE]);

/* Answers any request: the table, then the web app's files. `server` is a struct server. */
void routes_handle(void *server, const struct http_request *request, struct http_response *response);

#endif
