/* What may stand in a field, and inner numbers of outer names. */
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_db.h"

enum err check_name_or_empty(const char *text, size_t size, const char *pointer, struct fault *fault)
{
    size_t len = strnlen(text, size);
    if (len == 0)
        return OK;
    /* "." and ".." mean something else in a URL's path. */
    if (len == size || !text_is_name(text, len) || strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
        return fault_at(fault, ERR_INVALID, pointer, "%s must be 1 to 64 of A-Z a-z 0-9 . _ - (and not . or ..)", pointer + 1);
    return OK;
}

enum err check_name(const char *text, size_t size, const char *pointer, struct fault *fault)
{
    if (text[0] == '\0')
        return fault_at(fault, ERR_INVALID, pointer, "%s is missing: 1 to 64 of A-Z a-z 0-9 . _ -", pointer + 1);
    return check_name_or_empty(text, size, pointer, fault);
}

enum err check_text(const char *text, size_t size, const char *pointer, struct fault *fault)
{
    size_t len = strnlen(text, size);
    if (len == size)
        return fault_at(fault, ERR_INVALID, pointer, "%s is too long: at most %zu bytes", pointer + 1, size - 1);
    if (!text_is_utf8(text, len))
        return fault_at(fault, ERR_INVALID, pointer, "%s is not UTF-8", pointer + 1);
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return fault_at(fault, ERR_INVALID, pointer, "%s holds a control character", pointer + 1);
    }
    return OK;
}

enum err check_zone(const char *text, size_t size, const char *pointer, struct fault *fault)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    size_t len = strnlen(text, size);
    if (len == 0 || len == size || text[0] == '/' || text[len - 1] == '/' || strspn(text, allowed) != len)
        return fault_at(fault, ERR_INVALID, pointer, "%s must name an IANA zone, as America/Sao_Paulo", pointer + 1);
    return OK;
}

enum err check_range(int64_t value, int64_t low, int64_t high, const char *pointer, struct fault *fault)
{
    if (value < low || value > high)
        return fault_at(fault, ERR_INVALID, pointer, "%s must be %lld to %lld", pointer + 1, (long long)low, (long long)high);
    return OK;
}

enum err check_limit(size_t limit, struct fault *fault)
{
    if (limit < 1 || limit > RECORDS_PAGE_MAX)
        return fault_at(fault, ERR_INVALID, "/limit", "limit must be 1 to %d", RECORDS_PAGE_MAX);
    return OK;
}

/* Who may bear a name that the broker's ACL, the topics or the programs use for something. */
static const struct reserved {
    const char *name;
    int kinds[2]; /* of logins; meters never */
} reserved_table[] = {
    {"district", {0, 0}}, /* alerts/district/<id>/<kind> */
    {"feeder", {0, 0}},   /* alerts/feeder/<id>/<kind> */
    {"system", {0, 0}},   /* alerts/system/<kind> */
    {"claim", {LOGIN_CLAIM, 0}},
    {"ingestor", {LOGIN_SERVICE, 0}},
    {"api", {LOGIN_SERVICE, 0}},
    {"operator", {LOGIN_OPERATOR, LOGIN_ADMIN}},
    {"admin", {LOGIN_OPERATOR, LOGIN_ADMIN}},
};

enum err check_reserved(const char *name, int kind, const char *pointer, struct fault *fault)
{
    for (size_t i = 0; i < sizeof reserved_table / sizeof *reserved_table; i++) {
        const struct reserved *row = &reserved_table[i];
        if (strcmp(row->name, name) == 0 && (kind == 0 || (row->kinds[0] != kind && row->kinds[1] != kind)))
            return fault_at(fault, ERR_CONFLICT, pointer, "the name %s is reserved; choose another", name);
    }
    return OK;
}

enum err check_revision(int64_t there_is, int64_t expected, struct fault *fault)
{
    if (expected == RECORDS_ANY_REVISION || expected == there_is)
        return OK;
    return fault_set(fault, ERR_CONFLICT, "it changed meanwhile: read it again (revision %lld, not %lld)", (long long)there_is, (long long)expected);
}

static enum err find_no(struct db *db, const char *sql, const char *what, const char *name, struct fault *fault, int64_t *out)
{
    struct query q;
    query_begin(&q, db, sql);
    query_bind_text(&q, name);
    enum err err = query_one(&q, fault);
    if (err == ERR_NOT_FOUND)
        return fault_set(fault, err, "there is no %s %.64s", what, name);
    if (err != OK)
        return err;
    int64_t no = query_int(&q);
    err = query_end(&q, fault);
    if (err == OK)
        *out = no;
    return err;
}

enum err find_customer_no(struct db *db, const char *customer_id, struct fault *fault, int64_t *out)
{
    return find_no(db, "SELECT customer_no FROM customer WHERE customer_id = ?", "customer", customer_id, fault, out);
}

enum err find_point_no(struct db *db, const char *meter_id, struct fault *fault, int64_t *out)
{
    return find_no(db, "SELECT meter_no FROM point WHERE meter_id = ?", "meter", meter_id, fault, out);
}

enum err find_account_no(struct db *db, const char *account_id, struct fault *fault, int64_t *out)
{
    return find_no(db, "SELECT account_no FROM account WHERE account_id = ?", "account", account_id, fault, out);
}

enum err as_invalid(enum err err, const char *pointer, struct fault *fault)
{
    if (err != ERR_NOT_FOUND)
        return err;
    if (fault != NULL) {
        fault->code = ERR_INVALID;
        text_copy(fault->pointer, sizeof fault->pointer, pointer);
    }
    return ERR_INVALID;
}
