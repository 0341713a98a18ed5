/*
 * What the verbs of records.h share: a connection to read with, a change to write with, and the checks of input.
 * Private to lib/store/sqlite.
 */
#ifndef STORE_SQLITE_RECORDS_DB_H
#define STORE_SQLITE_RECORDS_DB_H

#include "store/records.h"
#include "store/sqlite/db.h"

/* Borrows a reading connection (the writing one inside this thread's own batch). Give it back on every path. */
enum err reader_take(struct records *records, struct fault *fault, struct db **out);
void reader_give(struct records *records, struct db *db);

/*
 * One change: a transaction of the writing connection, or a savepoint inside this thread's batch.
 *
 *     struct change c;
 *     enum err err = change_begin(records, actor, fault, &c);
 *     if (err != OK)
 *         return err;
 *     err = …;                        // work on c.db; where something changes: change_note first
 *     return change_end(&c, err);     // commits OK, undoes everything else
 */
struct change {
    struct records *records;
    struct db *db;
    const struct actor *actor; /* NULL: neither audit nor revision (touch, prune) */
    struct fault *fault;
    int64_t revision; /* set by change_note */
    bool nested;
};
enum err change_begin(struct records *records, const struct actor *actor, struct fault *fault, struct change *out);
enum err change_end(struct change *c, enum err err);

/* Takes the next revision and writes the audit row. */
enum err change_note(struct change *c, const char *action, const char *subject, const char *detail_format, ...) __attribute__((format(printf, 4, 5)));

/* ERR_CONFLICT in words unless `expected` is RECORDS_ANY_REVISION or the one there is. */
enum err check_revision(int64_t there_is, int64_t expected, struct fault *fault);

/* Checks of fields; the fault's pointer is `pointer`. Sizes are the field's, so that a missing NUL is seen. */
enum err check_name(const char *text, size_t size, const char *pointer, struct fault *fault); /* also not "." or ".." */
enum err check_name_or_empty(const char *text, size_t size, const char *pointer, struct fault *fault);
enum err check_text(const char *text, size_t size, const char *pointer, struct fault *fault); /* UTF-8, no control characters */
enum err check_zone(const char *text, size_t size, const char *pointer, struct fault *fault); /* the form of a name */
enum err check_range(int64_t value, int64_t low, int64_t high, const char *pointer, struct fault *fault);
enum err check_limit(size_t limit, struct fault *fault);
/* A meter's or a login's name that means something else to the broker. `kind` 0: a meter. */
enum err check_reserved(const char *name, int kind, const char *pointer, struct fault *fault);

/* The value of a setting at an instant, or its fallback, on any connection. `name` is in the table. */
enum err setting_on(struct db *db, const char *name, int64_t at_utc_ms, struct fault *fault, char out[RECORD_SETTING_SIZE]);

/* The first error of several, evaluated in order. */
#define FIRST(err, call)                                                                                                                             \
    do {                                                                                                                                             \
        if ((err) == OK)                                                                                                                             \
            (err) = (call);                                                                                                                          \
    } while (0)

/* Inner numbers of outer names, on any connection. ERR_NOT_FOUND in words. */
enum err find_customer_no(struct db *db, const char *customer_id, struct fault *fault, int64_t *out);
enum err find_point_no(struct db *db, const char *meter_id, struct fault *fault, int64_t *out);
enum err find_account_no(struct db *db, const char *account_id, struct fault *fault, int64_t *out);

/* "What is asked for does not exist" where it is part of the input: ERR_INVALID at `pointer`. */
enum err as_invalid(enum err err, const char *pointer, struct fault *fault);

/* Reads all rows of `q` into out[limit] with `read`, gives back the reader and says how many there are. */
#define READ_ROWS(records, db, q, read, limit, fault, out, out_count)                                                                                \
    do {                                                                                                                                             \
        size_t count_ = 0;                                                                                                                           \
        while (count_ < (limit) && query_row(q))                                                                                                     \
            read((q), &(out)[count_++]);                                                                                                             \
        enum err err_ = query_end((q), (fault));                                                                                                     \
        reader_give((records), (db));                                                                                                                \
        if (err_ == OK)                                                                                                                              \
            *(out_count) = count_;                                                                                                                   \
        return err_;                                                                                                                                 \
    } while (0)

#endif
