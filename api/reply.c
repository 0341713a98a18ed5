#include "api/exchange.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "daemon/log.h"
#include "wire/json_out.h"

#define TAG_SIZE 64

static void type(struct exchange *x, int status, const char *content_type)
{
    x->response->status = status;
    text_copy(x->response->content_type, sizeof x->response->content_type, content_type);
}

void reply_json(struct exchange *x, int status)
{
    if (x->out->overflow) {
        problem(x, 500, "too_large", "The answer is larger than this server sends.");
        return;
    }
    type(x, status, "application/json");
    http_response_header(x->response, "Cache-Control", "no-store");
}

void reply_nothing(struct exchange *x)
{
    buf_reset(x->out);
    x->response->status = 204;
    http_response_header(x->response, "Cache-Control", "no-store");
}

/* Whether one of the tags in an If-None-Match header is `tag` (weak or not). */
static bool lists_tag(const char *header, const char *tag)
{
    size_t len = strlen(tag);
    if (strcmp(header, "*") == 0)
        return true;
    for (const char *at = header; (at = strstr(at, tag)) != NULL; at++) {
        char before = at == header ? ',' : at[-1];
        char after = at[len];
        if ((before == ',' || before == ' ' || before == '/') && (after == '\0' || after == ',' || after == ' '))
            return true;
    }
    return false;
}

static void reply_tagged_as(struct exchange *x, int status, int64_t revision, const char *content_type)
{
    char hash[FINGERPRINT_SIZE], tag[TAG_SIZE];
    if (x->out->overflow) {
        reply_json(x, status);
        return;
    }
    fingerprint(x->out->data, x->out->len, hash);
    if (revision >= 0)
        snprintf(tag, sizeof tag, "\"%" PRId64 "-%s\"", revision, hash);
    else
        snprintf(tag, sizeof tag, "\"%s\"", hash);
    const char *header = http_request_header(x->request, "If-None-Match");
    http_response_header(x->response, "ETag", "%s", tag);
    http_response_header(x->response, "Cache-Control", "private, no-cache");
    type(x, status, content_type);
    if (status == 200 && header != NULL && strcmp(x->request->method, "GET") == 0 && lists_tag(header, tag)) {
        x->response->status = 304;
        x->response->content_type[0] = '\0';
        buf_reset(x->out);
    }
}

void reply_tagged(struct exchange *x, int status, int64_t revision)
{
    reply_tagged_as(x, status, revision, "application/json");
}

void reply_document(struct exchange *x, const char *content_type)
{
    reply_tagged_as(x, 200, -1, content_type);
}

bool reply_if_match(struct exchange *x, int64_t *out_revision)
{
    const char *header = http_request_header(x->request, "If-Match");
    if (header == NULL || strcmp(header, "*") == 0) {
        *out_revision = RECORDS_ANY_REVISION;
        return true;
    }
    if (text_starts_with(header, "W/"))
        header += 2;
    if (*header == '"') {
        char *end;
        long long revision = strtoll(header + 1, &end, 10);
        if (end != header + 1 && *end == '-' && revision >= 0) {
            *out_revision = revision;
            return true;
        }
    }
    problem(x, 412, "changed", "If-Match is not an ETag of this resource.");
    return false;
}

static void begin_problem(struct exchange *x, int status, const char *name, const char *detail)
{
    char urn[96];
    snprintf(urn, sizeof urn, "urn:quilowatt:problem:%s", name);
    buf_reset(x->out);
    type(x, status, "application/problem+json");
    http_response_header(x->response, "Cache-Control", "no-store");
    out_object(x->out, NULL);
    out_text(x->out, "type", urn);
    out_text(x->out, "title", http_reason(status));
    out_int(x->out, "status", status);
    out_text(x->out, "detail", detail);
    out_text(x->out, "request_id", x->request->request_id);
}

void problem(struct exchange *x, int status, const char *name, const char *format, ...)
{
    char detail[300];
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    begin_problem(x, status, name, detail);
    out_end_object(x->out);
}

void problem_input(struct exchange *x, const struct fault *fault)
{
    begin_problem(x, 400, "invalid", fault->text);
    out_array(x->out, "errors");
    out_object(x->out, NULL);
    out_text(x->out, "pointer", fault->pointer);
    out_text(x->out, "detail", fault->text);
    out_end_object(x->out);
    out_end_array(x->out);
    out_end_object(x->out);
}

void problem_not_found(struct exchange *x)
{
    problem(x, 404, "not_found", "There is no such thing, or it is not yours to see.");
}

void problem_later(struct exchange *x, int status, const char *name, int64_t after_ms, const char *format, ...)
{
    char detail[300];
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    problem(x, status, name, "%s", detail);
    http_response_header(x->response, "Retry-After", "%" PRId64, (after_ms + 999) / 1000);
}

void problem_store(struct exchange *x, enum err err, const struct fault *fault)
{
    switch (err) {
    case ERR_INVALID:
        problem_input(x, fault);
        return;
    case ERR_NOT_FOUND:
        problem_not_found(x);
        return;
    case ERR_CONFLICT:
        problem(x, 409, "conflict", "%s", fault->text);
        return;
    case ERR_RETRY:
    case ERR_UNCERTAIN:
    case ERR_LIMIT:
        log_warn("store is busy", LOG_TEXT("request", x->request->request_id), LOG_FAULT(fault));
        problem_later(x, 503, "busy", 1000, "The store is busy; try again.");
        return;
    case OK:
    case ERR_FATAL:
        break;
    }
    log_error("store failed", LOG_TEXT("request", x->request->request_id), LOG_FAULT(fault));
    problem(x, 500, "internal", "Something went wrong here; the log has it under this request_id.");
}
