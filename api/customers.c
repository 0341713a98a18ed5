/* GET and POST /customers, GET and PATCH /customers/{customer_id}. Operators only, by scope. */
#include <stdlib.h>
#include <string.h>
#include "api/page.h"
#include "api/resources.h"
#include "wire/json_out.h"
#include "wire/rest_in.h"

static void write_customer(struct buf *out, const struct customer_record *customer)
{
    out_object(out, NULL);
    out_text(out, "customer_id", customer->customer_id);
    out_text(out, "name", customer->name);
    out_text(out, "email", customer->email[0] != '\0' ? customer->email : NULL);
    out_text(out, "language", customer->language[0] != '\0' ? customer->language : NULL);
    out_instant(out, "created", customer->created_utc_ms);
    out_end_object(out);
}

static enum err read_optional(const struct rest_in *in, const char *name, struct fault *fault, char *out, size_t size)
{
    if (rest_in_member(in, name) == REST_NULL)
        out[0] = '\0';
    return rest_in_text(in, name, 0, size - 1, fault, out, size);
}

static enum err read_customer(const struct buf *body, bool is_new, struct fault *fault, struct customer_record *customer)
{
    static const char *const names[] = {"name", "email", "language", NULL};
    static const char *const names_new[] = {"customer_id", "name", "email", "language", NULL};
    struct rest_in *in = NULL;
    enum err err = rest_in_parse(body->data, body->len, false, fault, &in);
    if (err != OK)
        return err;
    err = rest_in_only(in, is_new ? names_new : names, fault);
    if (err == OK && is_new)
        err = rest_in_required(in, "customer_id", fault);
    if (err == OK && is_new)
        err = rest_in_name(in, "customer_id", fault, customer->customer_id, sizeof customer->customer_id);
    if (err == OK && is_new)
        err = rest_in_required(in, "name", fault);
    if (err == OK)
        err = rest_in_text(in, "name", 1, sizeof customer->name - 1, fault, customer->name, sizeof customer->name);
    if (err == OK)
        err = read_optional(in, "email", fault, customer->email, sizeof customer->email);
    if (err == OK)
        err = read_optional(in, "language", fault, customer->language, sizeof customer->language);
    if (err == OK && customer->language[0] != '\0' && strcmp(customer->language, "pt-BR") != 0 && strcmp(customer->language, "en") != 0)
        err = fault_at(fault, ERR_INVALID, "/language", "pt-BR or en is expected.");
    rest_in_destroy(in);
    return err;
}

void customers_list(struct exchange *x)
{
    struct fault fault = {0};
    size_t limit, count = 0;
    const char *after, *search = param_get(&x->query, "search");
    if (!page_limit(x, &limit))
        return;
    if (param_name(&x->query, "cursor", &fault, &after) != OK ||
        (search != NULL && (search[0] == '\0' || strlen(search) > 64) && param_fault(&fault, "search", "1 to 64 bytes are expected.") != OK)) {
        problem_input(x, &fault);
        return;
    }
    struct customer_record *rows = calloc(limit, sizeof *rows);
    enum err err = rows != NULL ? records_customer_list(x->server->records, search, after, limit, &fault, rows, &count)
                                : fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK) {
        out_object(x->out, NULL);
        out_array(x->out, "items");
        for (size_t i = 0; i < count; i++)
            write_customer(x->out, &rows[i]);
        page_end(x, count == limit ? rows[count - 1].customer_id : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    free(rows);
}

static void reply_customer(struct exchange *x, const char *customer_id, int status)
{
    struct customer_record customer;
    struct fault fault = {0};
    enum err err = records_customer_by_id(x->server->records, customer_id, &fault, &customer);
    if (err != OK) {
        problem_store(x, err == ERR_INVALID ? ERR_NOT_FOUND : err, &fault);
        return;
    }
    write_customer(x->out, &customer);
    reply_tagged(x, status, customer.revision);
}

void customers_get(struct exchange *x)
{
    reply_customer(x, x->arg, 200);
}

void customers_create(struct exchange *x)
{
    struct customer_record customer = {0};
    struct fault fault = {0};
    int64_t customer_no;
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    enum err err = read_customer(&x->body, true, &fault, &customer);
    if (err == OK)
        err = records_customer_add(x->server->records, &actor, &customer, &fault, &customer_no);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    http_response_header(x->response, "Location", "/api/v1/customers/%s", customer.customer_id);
    reply_customer(x, customer.customer_id, 201);
}

void customers_update(struct exchange *x)
{
    struct customer_record customer;
    struct fault fault = {0};
    int64_t if_revision, revision;
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    if (!reply_if_match(x, &if_revision))
        return;
    enum err err = records_customer_by_id(x->server->records, x->arg, &fault, &customer);
    if (err == ERR_INVALID)
        err = ERR_NOT_FOUND;
    if (err == OK)
        err = read_customer(&x->body, false, &fault, &customer);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    err = records_customer_update(x->server->records, &actor, &customer, if_revision == RECORDS_ANY_REVISION ? customer.revision : if_revision,
                                  &fault, &revision);
    if (err == ERR_CONFLICT)
        problem(x, 412, "changed", "The customer has changed meanwhile; get it again.");
    else if (err != OK)
        problem_store(x, err, &fault);
    else
        reply_customer(x, customer.customer_id, 200);
}
