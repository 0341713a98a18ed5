/* GET/POST /tariffs, GET/PUT /tariffs/{tariff_id}: the documents that bills are made by. */
#include <stdlib.h>
#include <string.h>
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/tariff_json.h"

#define HISTORY_MAX 100

static enum err default_tariff(struct exchange *x, struct fault *fault, char out[RECORD_SETTING_SIZE])
{
    return records_setting_get(x->server->records, "default_tariff", x->now_utc_ms, fault, out);
}

static void write_members(struct buf *out, const struct tariff_record *tariff, const char *default_id)
{
    out_text(out, "tariff_id", tariff->tariff_id);
    out_text(out, "version_hash", tariff->version_hash);
    out_instant(out, "loaded", tariff->created_utc_ms);
    out_bool(out, "default", strcmp(tariff->tariff_id, default_id) == 0);
}

void tariffs_list(struct exchange *x)
{
    char default_id[RECORD_SETTING_SIZE];
    const char *after;
    size_t limit, count = 0;
    struct fault fault = {0};
    if (!page_limit(x, &limit))
        return;
    if (param_name(&x->query, "cursor", &fault, &after) != OK) {
        problem_input(x, &fault);
        return;
    }
    struct tariff_record *rows = calloc(limit, sizeof *rows);
    enum err err = rows != NULL ? default_tariff(x, &fault, default_id) : fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK)
        err = records_tariff_list(x->server->records, after, limit, &fault, rows, &count);
    if (err == OK) {
        out_object(x->out, NULL);
        out_array(x->out, "items");
        for (size_t i = 0; i < count; i++) {
            out_object(x->out, NULL);
            write_members(x->out, &rows[i], default_id);
            out_end_object(x->out);
        }
        page_end(x, count == limit ? rows[count - 1].tariff_id : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    free(rows);
}

/* ---- one ---- */

static enum err write_history(struct exchange *x, const char *tariff_id, struct fault *fault)
{
    size_t count = 0;
    struct tariff_record *rows = calloc(HISTORY_MAX, sizeof *rows);
    enum err err = rows != NULL ? records_tariff_history(x->server->records, tariff_id, HISTORY_MAX, fault, rows, &count)
                                : fault_set(fault, ERR_RETRY, "memory is out");
    out_array(x->out, "documents");
    for (size_t i = 0; err == OK && i < count; i++) {
        out_object(x->out, NULL);
        out_text(x->out, "version_hash", rows[i].version_hash);
        out_instant(x->out, "loaded", rows[i].created_utc_ms);
        out_end_object(x->out);
    }
    out_end_array(x->out);
    free(rows);
    return err;
}

static void reply_tariff(struct exchange *x, const char *tariff_id, const char *version_hash, int status)
{
    char default_id[RECORD_SETTING_SIZE];
    struct tariff_record tariff;
    struct fault fault = {0};
    struct buf document;
    buf_init(&document, RECORDS_DOCUMENT_MAX);
    enum err err = records_tariff_get(x->server->records, tariff_id, version_hash, &fault, &tariff, &document);
    if (err == OK && document.overflow)
        err = fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK)
        err = default_tariff(x, &fault, default_id);
    if (err == OK) {
        out_object(x->out, NULL);
        write_members(x->out, &tariff, default_id);
        out_raw(x->out, "document", document.data);
        err = write_history(x, tariff_id, &fault);
        out_end_object(x->out);
    }
    if (err == OK)
        reply_tagged(x, status, tariff.revision);
    else
        problem_store(x, err == ERR_INVALID ? ERR_NOT_FOUND : err, &fault);
    buf_finish(&document);
}

void tariffs_get(struct exchange *x)
{
    struct fault fault = {0};
    const char *version_hash;
    if (param_name(&x->query, "version", &fault, &version_hash) != OK)
        problem_input(x, &fault);
    else
        reply_tariff(x, x->arg, version_hash, 200);
}

/* ---- writing ---- */

/* The body through the parser that bills by it: what is wrong is told where it stands. */
static bool check_document(struct exchange *x, struct tariff **out)
{
    struct fault fault = {0};
    if (tariff_parse(x->body.data, x->body.len, &fault, out) == OK)
        return true;
    problem_input(x, &fault);
    return false;
}

static enum err put(struct exchange *x, const struct tariff *tariff, int64_t if_revision, struct fault *fault)
{
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    return records_tariff_put(x->server->records, &actor, tariff->tariff_id, x->body.data, x->body.len, tariff->version_hash, if_revision, fault,
                              NULL);
}

void tariffs_create(struct exchange *x)
{
    struct fault fault = {0};
    struct tariff *tariff = NULL;
    if (!check_document(x, &tariff))
        return;
    enum err err = put(x, tariff, 0, &fault);
    if (err == ERR_CONFLICT) {
        problem(x, 409, "exists", "There is a tariff %s already: a new document of it is put there.", tariff->tariff_id);
    } else if (err != OK) {
        problem_store(x, err, &fault);
    } else {
        http_response_header(x->response, "Location", "/api/v1/tariffs/%s", tariff->tariff_id);
        reply_tariff(x, tariff->tariff_id, NULL, 201);
    }
    tariff_destroy(tariff);
}

void tariffs_replace(struct exchange *x)
{
    struct fault fault = {0};
    struct tariff *tariff = NULL;
    struct tariff_record present;
    int64_t revision;
    if (!reply_if_match(x, &revision))
        return;
    enum err err = records_tariff_get(x->server->records, x->arg, NULL, &fault, &present, NULL);
    if (err != OK) {
        problem_store(x, err == ERR_INVALID ? ERR_NOT_FOUND : err, &fault);
        return;
    }
    if (!check_document(x, &tariff))
        return;
    if (strcmp(tariff->tariff_id, x->arg) != 0)
        err = fault_at(&fault, ERR_INVALID, "/id", "\"%s\" is expected: the document is put in that tariff's place", x->arg);
    if (err == OK)
        err = put(x, tariff, revision, &fault);
    if (err == ERR_CONFLICT)
        problem(x, 412, "changed", "The tariff has changed meanwhile; get it again.");
    else if (err != OK)
        problem_store(x, err, &fault);
    else
        reply_tariff(x, x->arg, NULL, 200);
    tariff_destroy(tariff);
}
