/* The way of a request through the route table: found, allowed, well-formed, answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "access/token.h"
#include "api/caller.h"
#include "api/gauges.h"
#include "api/routes.h"
#include "api/site.h"
#include "base/hash.h"
#include "base/text.h"

/* The route, or NULL; *out_methods: what the path is served with ("GET, POST"), "" when it is not. */
static const struct route *find(struct exchange *x, char *methods, size_t size)
{
    methods[0] = '\0';
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &route_table[i];
        if (!route_matches(route->path, x->request->path, x->arg))
            continue;
        if (strcmp(route->method, x->request->method) == 0)
            return route;
        size_t used = strlen(methods);
        if (strstr(methods, route->method) == NULL)
            snprintf(methods + used, size - used, "%s%s%s", used > 0 ? ", " : "", route->method, strcmp(route->method, "GET") == 0 ? ", HEAD" : "");
    }
    return NULL;
}

static bool allow(struct exchange *x, const struct route *route)
{
    if (route->access == ROUTE_OPEN)
        return true;
    if (!caller_identify(x))
        return false;
    if (!x->caller.known) {
        http_response_header(x->response, "WWW-Authenticate", "Bearer realm=\"quilowatt\"");
        problem(x, 401, "unauthorized", "Log in first, or send a token.");
        return false;
    }
    if (!scope_allows(x->caller.scopes, (enum scope)route->scope)) {
        problem(x, 403, "forbidden", "Your role or your token does not allow this.");
        return false;
    }
    if (x->caller.by_cookie && strcmp(route->method, "GET") != 0) {
        const char *csrf = http_request_header(x->request, "X-CSRF-Token");
        if (csrf == NULL || !secret_equal(csrf, x->caller.csrf)) {
            problem(x, 403, "csrf", "The header X-CSRF-Token must carry the session's csrf_token.");
            return false;
        }
    }
    return true;
}

static bool is_json(const char *content_type)
{
    static const char wanted[] = "application/json";
    size_t len = sizeof wanted - 1;
    if (content_type == NULL || strncasecmp(content_type, wanted, len) != 0)
        return false;
    return content_type[len] == '\0' || content_type[len] == ';' || content_type[len] == ' ';
}

static size_t body_max(const struct route *route)
{
    return route != NULL && route->body == BODY_DOCUMENT ? HTTP_DOCUMENT_MAX : HTTP_BODY_MAX;
}

static bool read_body(struct exchange *x, const struct route *route)
{
    size_t max = body_max(route);
    enum err err = http_request_body(x->request, max, &x->body);
    if (err == ERR_LIMIT) {
        x->response->close = true;
        problem(x, 413, "too_large", "The body is larger than %zu bytes.", max);
        return false;
    }
    if (err != OK) {
        x->response->close = true;
        problem(x, 408, "timeout", "The body did not come in time.");
        return false;
    }
    if (route->body == BODY_NONE || (x->body.len == 0 && route->body == BODY_JSON_OR_EMPTY))
        return true;
    if (!is_json(http_request_header(x->request, "Content-Type"))) {
        problem(x, 415, "media_type", "The body must be application/json.");
        return false;
    }
    return true;
}

/* What tells one request from another under the same key. */
static void request_hash(const struct exchange *x, char out[FINGERPRINT_SIZE])
{
    struct buf text;
    buf_init(&text, HTTP_DOCUMENT_MAX + 4096);
    buf_printf(&text, "%s %s\n", x->request->method, x->request->path);
    buf_append(&text, x->body.data, x->body.len);
    fingerprint(text.data, text.len, out);
    buf_finish(&text);
}

/* An answer as it is kept: "<bytes of header lines>\n", those lines, the body. */
static enum err keep_answer(struct exchange *x, int64_t login_no, const char *key, struct fault *fault)
{
    const struct buf *head = &x->response->head;
    struct buf kept;
    buf_init(&kept, RECORDS_IDEMPOTENCY_BODY_MAX);
    buf_printf(&kept, "%zu\n", head->len);
    buf_append(&kept, head->data, head->len);
    buf_append(&kept, x->out->data, x->out->len);
    enum err err = kept.overflow ? records_idempotency_forget(x->server->records, login_no, key, fault)
                                 : records_idempotency_finish(x->server->records, login_no, key, x->response->status, kept.data, kept.len, fault);
    buf_finish(&kept);
    return err;
}

static void answer_again(struct exchange *x, int status, const struct buf *kept)
{
    char *end;
    size_t head_len = strtoul(kept->data, &end, 10);
    size_t begin = (size_t)(end - kept->data) + 1;
    if (kept->len < begin || kept->len - begin < head_len) {
        problem(x, 500, "internal", "What was answered before is damaged.");
        return;
    }
    x->response->status = status;
    buf_append(&x->response->head, kept->data + begin, head_len);
    buf_append(x->out, kept->data + begin + head_len, kept->len - begin - head_len);
    text_copy(x->response->content_type, sizeof x->response->content_type, "application/json");
}

/* A POST with Idempotency-Key: done once, answered again as it was. */
static void answer_once(struct exchange *x, const struct route *route, const char *key)
{
    char hash[FINGERPRINT_SIZE];
    enum idempotency_answer answer;
    struct fault fault = {0};
    int status = 200;
    if (!text_is_name(key, strlen(key))) {
        fault_at(&fault, ERR_INVALID, "Idempotency-Key", "1 to 64 of A-Z a-z 0-9 . _ - are expected.");
        problem_input(x, &fault);
        return;
    }
    request_hash(x, hash);
    struct buf kept;
    buf_init(&kept, RECORDS_IDEMPOTENCY_BODY_MAX + 1);
    int64_t login_no = x->caller.login.login_no;
    enum err err = records_idempotency_begin(x->server->records, login_no, key, hash, x->now_utc_ms, &fault, &answer, &status, &kept);
    if (err != OK) {
        problem_store(x, err, &fault);
    } else if (answer == IDEMPOTENCY_DONE) {
        answer_again(x, status, &kept);
    } else if (answer == IDEMPOTENCY_PENDING) {
        problem_later(x, 409, "in_progress", 1000, "A request with this Idempotency-Key is under way.");
    } else if (answer == IDEMPOTENCY_OTHER) {
        problem(x, 409, "key_reused", "This Idempotency-Key was used for another request.");
    } else {
        route->answer(x);
        if (x->response->status >= 200 && x->response->status < 300)
            (void)keep_answer(x, login_no, key, &fault); /* the answer stands; at worst the key is pending for a minute */
        else
            (void)records_idempotency_forget(x->server->records, login_no, key, &fault);
    }
    buf_finish(&kept);
}

static void serve(struct exchange *x, const struct route *route)
{
    struct fault fault = {0};
    if (!allow(x, route))
        return;
    if (param_parse(x->request->query, route->parameters, &fault, &x->query) != OK) {
        problem_input(x, &fault);
        return;
    }
    if (strcmp(route->method, "GET") != 0 && !read_body(x, route))
        return;
    const char *key = http_request_header(x->request, "Idempotency-Key");
    if (key != NULL && route->access == ROUTE_LOGIN && strcmp(route->method, "POST") == 0)
        answer_once(x, route, key);
    else
        route->answer(x);
}

static void serve_site(struct exchange *x)
{
    if (text_starts_with(x->request->path, "/api/")) {
        problem(x, 404, "not_found", "There is nothing at this path.");
    } else if (strcmp(x->request->method, "GET") != 0) {
        http_response_header(x->response, "Allow", "GET, HEAD");
        problem(x, 405, "method", "This path is served with GET only.");
    } else {
        site_get(x);
    }
}

void routes_handle(void *server, const struct http_request *request, struct http_response *response)
{
    struct exchange x = {.server = server, .request = request, .response = response, .out = &response->body};
    char methods[64];
    x.now_utc_ms = clock_now(x.server->clock);
    const struct route *route = find(&x, methods, sizeof methods);
    buf_init(&x.body, body_max(route) + 1);
    if (route != NULL) {
        serve(&x, route);
    } else if (methods[0] != '\0') {
        http_response_header(response, "Allow", "%s", methods);
        problem(&x, 405, "method", "This path is served with %s only.", methods);
    } else {
        serve_site(&x);
    }
    gauges_count(response->status);
    buf_finish(&x.body);
}
