/*
 * Two ledgers side by side: each derived table is walked in both files in order of its primary key, whatever its columns are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "store/ledger_tables.h"
#include "store/sqlite/db.h"

#define COLUMNS_MAX 64
#define WORDS_MAX 400
#define EXCERPT 60
#define PROGRESS_EVERY 20000

struct shape {
    const struct ledger_table *table;
    int column_count, key_count;
    int key[COLUMNS_MAX]; /* columns of the primary key, in its order */
    int meter_column;     /* -1: none */
    char names[COLUMNS_MAX][64];
    char sql[1024];
};

struct side {
    sqlite3 *handle;
    sqlite3_stmt *stmt;
    bool row;
};

struct comparison {
    const struct ledger_comparing *comparing;
    struct shape shape;
    struct side stored, rebuilt;
    struct ledger_count count;
    int64_t *waiting; /* meters with marks, ascending */
    size_t waiting_count;
};

/* ---- the shape of a table ---- */

static enum err learn(sqlite3 *handle, const struct ledger_table *table, struct fault *fault, struct shape *out)
{
    char sql[128];
    sqlite3_stmt *stmt = NULL;
    memset(out, 0, sizeof *out);
    out->table = table;
    out->meter_column = -1;
    snprintf(sql, sizeof sql, "SELECT name, pk FROM pragma_table_info('%s') ORDER BY cid", table->name);
    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        return fault_set(fault, ERR_FATAL, "the shape of the table %s: %s", table->name, sqlite3_errmsg(handle));
    while (sqlite3_step(stmt) == SQLITE_ROW && out->column_count < COLUMNS_MAX) {
        const char *name = (const char *)sqlite3_column_text(stmt, 0);
        int pk = sqlite3_column_int(stmt, 1);
        snprintf(out->names[out->column_count], sizeof out->names[0], "%s", name);
        if (table->meter_no && strcmp(name, table->meter_no) == 0)
            out->meter_column = out->column_count;
        if (pk > 0) {
            out->key[pk - 1] = out->column_count;
            out->key_count = pk > out->key_count ? pk : out->key_count;
        }
        out->column_count++;
    }
    sqlite3_finalize(stmt);
    if (out->key_count == 0)
        return fault_set(fault, ERR_FATAL, "the table %s has no primary key", table->name);
    int len = snprintf(out->sql, sizeof out->sql, "SELECT * FROM %s ORDER BY ", table->name);
    for (int i = 0; i < out->key_count; i++)
        len += snprintf(out->sql + len, sizeof out->sql - (size_t)len, "%s%s", i ? ", " : "", out->names[out->key[i]]);
    return OK;
}

/* ---- values ---- */

static int compare_value(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    int kind = sqlite3_column_type(a, column), other = sqlite3_column_type(b, column);
    if (kind != other)
        return kind < other ? -1 : 1;
    if (kind == SQLITE_NULL)
        return 0;
    if (kind == SQLITE_INTEGER) {
        int64_t x = sqlite3_column_int64(a, column), y = sqlite3_column_int64(b, column);
        return (x > y) - (x < y);
    }
    const void *x = sqlite3_column_blob(a, column), *y = sqlite3_column_blob(b, column);
    size_t x_len = (size_t)sqlite3_column_bytes(a, column), y_len = (size_t)sqlite3_column_bytes(b, column);
    size_t both = x_len < y_len ? x_len : y_len;
    int order = both > 0 ? memcmp(x, y, both) : 0;
    return order ? order : (x_len > y_len) - (x_len < y_len);
}

static int compare_key(const struct comparison *c)
{
    int order = 0;
    for (int i = 0; i < c->shape.key_count && order == 0; i++)
        order = compare_value(c->stored.stmt, c->rebuilt.stmt, c->shape.key[i]);
    return order;
}

/* What a value is, for people; of texts the stretch around the first byte that differs. */
static void tell_value(struct buf *out, sqlite3_stmt *stmt, int column, size_t from)
{
    const unsigned char *bytes;
    size_t len;
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_NULL:
        buf_str(out, "nothing");
        return;
    case SQLITE_INTEGER:
        buf_str(out, (const char *)sqlite3_column_text(stmt, column));
        return;
    default:
        bytes = sqlite3_column_blob(stmt, column);
        len = (size_t)sqlite3_column_bytes(stmt, column);
        for (size_t i = from; i < len && i < from + EXCERPT; i++)
            buf_char(out, bytes[i] >= ' ' && bytes[i] < 127 ? (char)bytes[i] : '.');
    }
}

static size_t first_difference(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    const unsigned char *x = sqlite3_column_blob(a, column), *y = sqlite3_column_blob(b, column);
    int x_len = sqlite3_column_bytes(a, column), y_len = sqlite3_column_bytes(b, column), at = 0;
    while (at < x_len && at < y_len && x[at] == y[at])
        at++;
    return at > EXCERPT / 2 ? (size_t)(at - EXCERPT / 2) : 0;
}

static void tell(struct comparison *c, enum ledger_difference difference, const char *words)
{
    const struct shape *shape = &c->shape;
    sqlite3_stmt *stmt = difference == LEDGER_MISSING ? c->rebuilt.stmt : c->stored.stmt;
    struct buf key;
    if (!c->comparing->each)
        return;
    buf_init(&key, WORDS_MAX);
    for (int i = 0; i < shape->key_count; i++) {
        if (shape->key[i] == shape->meter_column)
            continue;
        buf_str(&key, key.len ? " " : "");
        buf_str(&key, shape->names[shape->key[i]]);
        buf_char(&key, '=');
        tell_value(&key, stmt, shape->key[i], 0);
    }
    struct ledger_finding finding = {.table = shape->table,
                                     .difference = difference,
                                     .meter_no = shape->meter_column >= 0 ? sqlite3_column_int64(stmt, shape->meter_column) : 0,
                                     .key = key.data ? key.data : "",
                                     .words = words};
    c->comparing->each(&finding, c->comparing->arg);
    buf_finish(&key);
}

static void compare_rest(struct comparison *c)
{
    sqlite3_stmt *stored = c->stored.stmt, *rebuilt = c->rebuilt.stmt;
    struct buf words;
    buf_init(&words, WORDS_MAX);
    for (int i = 0; i < c->shape.column_count; i++) {
        if (compare_value(stored, rebuilt, i) == 0)
            continue;
        bool bytes = sqlite3_column_type(stored, i) == SQLITE_TEXT || sqlite3_column_type(stored, i) == SQLITE_BLOB;
        size_t from = bytes ? first_difference(stored, rebuilt, i) : 0;
        buf_str(&words, words.len ? "; " : "");
        buf_str(&words, c->shape.names[i]);
        if (sqlite3_column_type(stored, i) == SQLITE_BLOB) {
            buf_str(&words, " differ");
            continue;
        }
        buf_str(&words, ": stands ");
        tell_value(&words, stored, i, from);
        buf_str(&words, ", right is ");
        tell_value(&words, rebuilt, i, from);
    }
    if (words.len > 0) {
        c->count.different++;
        tell(c, LEDGER_DIFFERENT, words.data);
    }
    buf_finish(&words);
}

/* ---- walking ---- */

static int by_number(const void *key, const void *element)
{
    int64_t a = *(const int64_t *)key, b = *(const int64_t *)element;
    return (a > b) - (a < b);
}

static bool waits(const struct comparison *c, const struct side *side)
{
    if (c->waiting_count == 0 || c->shape.meter_column < 0)
        return false;
    int64_t meter_no = sqlite3_column_int64(side->stmt, c->shape.meter_column);
    return bsearch(&meter_no, c->waiting, c->waiting_count, sizeof meter_no, by_number) != NULL;
}

/* The next row of a meter that does not wait. */
static enum err step(struct comparison *c, struct side *side, struct fault *fault)
{
    for (;;) {
        int rc = sqlite3_step(side->stmt);
        side->row = rc == SQLITE_ROW;
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            return fault_set(fault, db_err(rc), "reading the table %s: %s", c->shape.table->name, sqlite3_errmsg(side->handle));
        if (!side->row || !waits(c, side))
            return OK;
        c->count.waiting += side == &c->stored;
    }
}

static enum err walk(struct comparison *c, struct fault *fault)
{
    enum err err = step(c, &c->stored, fault);
    if (err == OK)
        err = step(c, &c->rebuilt, fault);
    while (err == OK && (c->stored.row || c->rebuilt.row)) {
        int order = !c->stored.row ? 1 : !c->rebuilt.row ? -1 : compare_key(c);
        if (order < 0) {
            c->count.extra++;
            tell(c, LEDGER_EXTRA, "");
        } else if (order > 0) {
            c->count.missing++;
            tell(c, LEDGER_MISSING, "");
        } else {
            compare_rest(c);
        }
        if (++c->count.compared % PROGRESS_EVERY == 0 && c->comparing->progress)
            c->comparing->progress(c->shape.table, c->count.compared, c->comparing->arg);
        if (order <= 0)
            err = step(c, &c->stored, fault);
        if (err == OK && order >= 0)
            err = step(c, &c->rebuilt, fault);
    }
    return err;
}

static enum err compare_table(struct comparison *c, const struct ledger_table *table, struct fault *fault)
{
    enum err err = learn(c->rebuilt.handle, table, fault, &c->shape);
    if (err != OK)
        return err;
    memset(&c->count, 0, sizeof c->count);
    struct side *sides[] = {&c->stored, &c->rebuilt};
    for (int i = 0; i < 2 && err == OK; i++)
        if (sqlite3_prepare_v2(sides[i]->handle, c->shape.sql, -1, &sides[i]->stmt, NULL) != SQLITE_OK)
            err = fault_set(fault, ERR_FATAL, "reading the table %s: %s", table->name, sqlite3_errmsg(sides[i]->handle));
    if (err == OK)
        err = walk(c, fault);
    for (int i = 0; i < 2; i++) {
        sqlite3_finalize(sides[i]->stmt);
        sides[i]->stmt = NULL;
    }
    return err;
}

static enum err load_waiting(struct comparison *c, struct db *db, struct fault *fault)
{
    struct query q;
    size_t room = 0;
    enum err err = OK;
    query_begin(&q, db, "SELECT DISTINCT meter_no FROM mark ORDER BY meter_no");
    while (err == OK && query_row(&q)) {
        if (c->waiting_count == room) {
            room = room ? 2 * room : 1024;
            int64_t *more = realloc(c->waiting, room * sizeof *more);
            if (!more) {
                err = fault_set(fault, ERR_FATAL, "no memory");
                break;
            }
            c->waiting = more;
        }
        c->waiting[c->waiting_count++] = query_int(&q);
    }
    enum err ended = query_end(&q, err == OK ? fault : NULL);
    return err == OK ? ended : err;
}

enum err ledger_compare(const char *stored, const char *rebuilt, const struct ledger_comparing *comparing, struct fault *fault,
                        struct ledger_count *out)
{
    struct comparison c = {.comparing = comparing};
    struct db *first = NULL, *second = NULL;
    enum err err = db_open(&(struct db_options){.path = stored, .role = DB_WRITER}, fault, &first);
    if (err == OK)
        err = db_open(&(struct db_options){.path = rebuilt, .role = DB_WRITER}, fault, &second);
    if (err == OK)
        err = load_waiting(&c, first, fault);
    if (err == OK) {
        c.stored.handle = db_handle(first);
        c.rebuilt.handle = db_handle(second);
    }
    for (int i = 0; i < ledger_table_count && err == OK; i++) {
        if (ledger_tables[i].part != LEDGER_DERIVED)
            continue;
        err = compare_table(&c, &ledger_tables[i], fault);
        out[i] = c.count;
    }
    free(c.waiting);
    db_close(first);
    db_close(second);
    return err;
}
