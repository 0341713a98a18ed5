/* Customers. */
#include <string.h>
#include "store/sqlite/records_db.h"

#define COLUMNS "customer_no, customer_id, name, email, language, created_utc_ms, revision"

static void customer_read(struct query *q, struct customer_record *out)
{
    out->customer_no = query_int(q);
    query_text(q, out->customer_id, sizeof out->customer_id);
    query_text(q, out->name, sizeof out->name);
    query_text(q, out->email, sizeof out->email);
    query_text(q, out->language, sizeof out->language);
    out->created_utc_ms = query_int(q);
    out->revision = query_int(q);
}

static enum err check(const struct customer_record *customer, struct fault *fault)
{
    enum err err = check_name(customer->customer_id, sizeof customer->customer_id, "/customer_id", fault);
    FIRST(err, check_text(customer->name, sizeof customer->name, "/name", fault));
    FIRST(err, check_text(customer->email, sizeof customer->email, "/email", fault));
    FIRST(err, check_name_or_empty(customer->language, sizeof customer->language, "/language", fault));
    if (err == OK && customer->name[0] == '\0')
        return fault_at(fault, ERR_INVALID, "/name", "a customer needs a name");
    if (err == OK && customer->email[0] != '\0' && strchr(customer->email, '@') == NULL)
        return fault_at(fault, ERR_INVALID, "/email", "email must hold an @");
    return err;
}

enum err records_customer_add(struct records *records, const struct actor *actor, const struct customer_record *customer, struct fault *fault,
                              int64_t *out_customer_no)
{
    struct change c;
    struct query q;
    int64_t customer_no = 0;
    enum err err = check(customer, fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = change_note(&c, "customer.add", customer->customer_id, "%s", "");
    if (err == OK) {
        query_begin(&q, c.db, "INSERT INTO customer (customer_id, name, email, language, created_utc_ms, revision) VALUES (?, ?, ?, ?, ?, ?)");
        query_bind_text(&q, customer->customer_id);
        query_bind_text(&q, customer->name);
        query_bind_text(&q, customer->email);
        query_bind_text(&q, customer->language);
        query_bind_int(&q, actor->at_utc_ms);
        query_bind_int(&q, c.revision);
        err = query_run(&q, fault);
        customer_no = db_last_id(c.db);
    }
    if (err == ERR_CONFLICT)
        fault_at(fault, err, "/customer_id", "the customer %s exists already", customer->customer_id);
    err = change_end(&c, err);
    if (err == OK && out_customer_no != NULL)
        *out_customer_no = customer_no;
    return err;
}

static enum err revision_of(struct change *c, const char *customer_id, int64_t *out)
{
    struct query q;
    query_begin(&q, c->db, "SELECT revision FROM customer WHERE customer_id = ?");
    query_bind_text(&q, customer_id);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, err, "there is no customer %s", customer_id) : err;
    *out = query_int(&q);
    return query_end(&q, c->fault);
}

enum err records_customer_update(struct records *records, const struct actor *actor, const struct customer_record *customer, int64_t if_revision,
                                 struct fault *fault, int64_t *out_revision)
{
    struct change c;
    struct query q;
    int64_t there_is = 0;
    enum err err = check(customer, fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = revision_of(&c, customer->customer_id, &there_is);
    FIRST(err, check_revision(there_is, if_revision, fault));
    FIRST(err, change_note(&c, "customer.update", customer->customer_id, "%s", ""));
    if (err == OK) {
        query_begin(&q, c.db, "UPDATE customer SET name = ?, email = ?, language = ?, revision = ? WHERE customer_id = ?");
        query_bind_text(&q, customer->name);
        query_bind_text(&q, customer->email);
        query_bind_text(&q, customer->language);
        query_bind_int(&q, c.revision);
        query_bind_text(&q, customer->customer_id);
        err = query_run(&q, fault);
    }
    err = change_end(&c, err);
    if (err == OK && out_revision != NULL)
        *out_revision = c.revision;
    return err;
}

enum err records_customer_by_id(struct records *records, const char *customer_id, struct fault *fault, struct customer_record *out)
{
    struct query q;
    struct db *db = NULL;
    struct customer_record customer;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " COLUMNS " FROM customer WHERE customer_id = ?");
    query_bind_text(&q, customer_id);
    err = query_one(&q, fault);
    if (err == OK) {
        customer_read(&q, &customer);
        err = query_end(&q, fault);
    } else if (err == ERR_NOT_FOUND) {
        fault_set(fault, err, "there is no customer %.64s", customer_id);
    }
    reader_give(records, db);
    if (err == OK)
        *out = customer;
    return err;
}

enum err records_customer_list(struct records *records, const char *search, const char *after, size_t limit, struct fault *fault,
                               struct customer_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT " COLUMNS " FROM customer WHERE customer_id > ?1 AND (?2 IS NULL OR instr(lower(customer_id), lower(?2))"
                " OR instr(lower(name), lower(?2)) OR instr(lower(email), lower(?2))) ORDER BY customer_id LIMIT ?3");
    query_bind_text(&q, after != NULL ? after : "");
    query_bind_text_or_null(&q, search);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, customer_read, limit, fault, out, out_count);
}
