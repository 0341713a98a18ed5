/* Logins of the web and the broker: written. records_login_list.c reads them. */
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_login.h"

static const char *const kind_names[] = {"operator", "admin", "customer", "meter", "claim", "service"};

const char *login_kind_name(enum login_kind kind)
{
    return kind >= LOGIN_OPERATOR && kind <= LOGIN_SERVICE ? kind_names[kind - 1] : "unknown";
}

bool login_kind_parse(const char *name, enum login_kind *out)
{
    for (int i = 0; i < 6; i++) {
        if (strcmp(kind_names[i], name) == 0) {
            *out = (enum login_kind)(i + 1);
            return true;
        }
    }
    return false;
}

/* A hash goes into Mosquitto's password file line by line: no blanks, no colon, nothing that ends a line. */
static enum err check_hash(const char *hash, const char *pointer, struct fault *fault)
{
    if (strnlen(hash, RECORD_HASH_SIZE) == RECORD_HASH_SIZE)
        return fault_at(fault, ERR_INVALID, pointer, "the hash is too long");
    for (const char *c = hash; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~' || *c == ':')
            return fault_at(fault, ERR_INVALID, pointer, "the hash holds a character that no encoded hash has");
    }
    return OK;
}

static enum err check(const struct login_record *login, struct fault *fault)
{
    bool web = login->kind == LOGIN_OPERATOR || login->kind == LOGIN_ADMIN || login->kind == LOGIN_CUSTOMER;
    enum err err = check_range(login->kind, LOGIN_OPERATOR, LOGIN_SERVICE, "/kind", fault);
    FIRST(err, check_name(login->username, sizeof login->username, "/username", fault));
    FIRST(err, check_reserved(login->username, login->kind, "/username", fault));
    FIRST(err, check_hash(login->web_hash, "/web_hash", fault));
    FIRST(err, check_hash(login->broker_hash, "/broker_hash", fault));
    if (err == OK && !web && login->web_hash[0] != '\0')
        return fault_at(fault, ERR_INVALID, "/kind", "a %s login may only enter the broker", login_kind_name(login->kind));
    if (err == OK && (login->kind == LOGIN_CUSTOMER) != (login->customer_id[0] != '\0'))
        return fault_at(fault, ERR_INVALID, "/customer_id", "a customer's login, and only that, names its customer");
    if (err == OK && (login->kind == LOGIN_METER) != (login->meter_no != 0))
        return fault_at(fault, ERR_INVALID, "/meter_no", "a meter's login, and only that, names its meter");
    return err;
}

static enum err insert(struct change *c, const struct login_record *login, int64_t customer_no)
{
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO login (username, kind, web_hash, broker_hash, customer_no, meter_no, disabled, created_utc_ms, revision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_bind_text(&q, login->username);
    query_bind_int(&q, login->kind);
    query_bind_text_or_null(&q, login->web_hash);
    query_bind_text_or_null(&q, login->broker_hash);
    query_bind_int_unless(&q, customer_no, 0);
    query_bind_int_unless(&q, login->meter_no, 0);
    query_bind_int(&q, login->disabled);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    enum err err = query_run(&q, c->fault);
    if (err == ERR_CONFLICT)
        fault_at(c->fault, err, "/username", "a login or a meter named %s exists already; names are shared by both", login->username);
    return err;
}

/* A meter's login bears its meter's name. */
static enum err check_meter_name(struct change *c, const struct login_record *login)
{
    int64_t meter_no = 0;
    if (login->meter_no == 0)
        return OK;
    enum err err = find_point_no(c->db, login->username, NULL, &meter_no);
    if (err == ERR_NOT_FOUND || (err == OK && meter_no != login->meter_no))
        return fault_at(c->fault, ERR_INVALID, "/username", "a meter's login bears its meter_id");
    return err;
}

enum err records_login_add(struct records *records, const struct actor *actor, const struct login_record *login, struct fault *fault,
                           int64_t *out_login_no)
{
    struct change c;
    int64_t customer_no = 0, login_no = 0;
    enum err err = check(login, fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    if (login->customer_id[0] != '\0')
        err = as_invalid(find_customer_no(c.db, login->customer_id, fault, &customer_no), "/customer_id", fault);
    FIRST(err, check_meter_name(&c, login));
    FIRST(err, change_note(&c, "login.add", login->username, "kind=%s %s", login_kind_name(login->kind), login->customer_id));
    FIRST(err, insert(&c, login, customer_no));
    if (err == OK)
        login_no = db_last_id(c.db);
    err = change_end(&c, err);
    if (err == OK && out_login_no != NULL)
        *out_login_no = login_no;
    return err;
}

static enum err meter_login(struct change *c, int64_t meter_no, struct login_record *out)
{
    struct query q;
    bool has = false;
    query_begin(&q, c->db, "SELECT p.meter_id, l.login_no FROM point p LEFT JOIN login l USING (meter_no) WHERE p.meter_no = ?");
    query_bind_int(&q, meter_no);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, err, "there is no such meter") : err;
    query_text(&q, out->username, sizeof out->username);
    has = !query_is_null(&q);
    out->login_no = has ? query_int(&q) : 0;
    return query_end(&q, c->fault);
}

enum err records_login_meter_put(struct records *records, const struct actor *actor, int64_t meter_no, const char *broker_hash, struct fault *fault)
{
    struct change c;
    struct query q;
    struct login_record login = {.kind = LOGIN_METER, .meter_no = meter_no};
    enum err err = check_hash(broker_hash, "/broker_hash", fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    text_copy(login.broker_hash, sizeof login.broker_hash, broker_hash);
    err = meter_login(&c, meter_no, &login);
    FIRST(err, change_note(&c, login.login_no == 0 ? "login.add" : "login.password", login.username, "kind=meter"));
    if (err == OK && login.login_no == 0) {
        err = insert(&c, &login, 0);
    } else if (err == OK) {
        query_begin(&q, c.db, "UPDATE login SET broker_hash = ?, disabled = 0, revision = ? WHERE login_no = ?");
        query_bind_text_or_null(&q, broker_hash);
        query_bind_int(&q, c.revision);
        query_bind_int(&q, login.login_no);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}

static enum err find_login(struct change *c, const char *username, int64_t *out_no, enum login_kind *out_kind)
{
    struct query q;
    query_begin(&q, c->db, "SELECT login_no, kind FROM login WHERE username = ?");
    query_bind_text(&q, username);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, err, "there is no login %.64s", username) : err;
    *out_no = query_int(&q);
    *out_kind = (enum login_kind)query_int(&q);
    return query_end(&q, c->fault);
}

static enum err end_sessions(struct change *c, int64_t login_no)
{
    struct query q;
    query_begin(&q, c->db, "DELETE FROM session WHERE login_no = ?");
    query_bind_int(&q, login_no);
    return query_run(&q, c->fault);
}

static enum err revoke_tokens(struct change *c, int64_t login_no)
{
    struct query q;
    query_begin(&q, c->db, "UPDATE token SET revoked_utc_ms = ? WHERE login_no = ? AND revoked_utc_ms IS NULL");
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, login_no);
    return query_run(&q, c->fault);
}

/* NULL: keep. */
static enum err write_hashes(struct change *c, int64_t login_no, const char *web_hash, const char *broker_hash)
{
    struct query q;
    query_begin(&q, c->db,
                "UPDATE login SET web_hash = CASE WHEN ?1 IS NULL THEN web_hash ELSE nullif(?1, '') END,"
                " broker_hash = CASE WHEN ?2 IS NULL THEN broker_hash ELSE nullif(?2, '') END, revision = ?3 WHERE login_no = ?4");
    query_bind_text(&q, web_hash);
    query_bind_text(&q, broker_hash);
    query_bind_int(&q, c->revision);
    query_bind_int(&q, login_no);
    return query_run(&q, c->fault);
}

enum err records_login_password_set(struct records *records, const struct actor *actor, const char *username, const char *web_hash,
                                    const char *broker_hash, struct fault *fault)
{
    struct change c;
    int64_t login_no = 0;
    enum login_kind kind = LOGIN_OPERATOR;
    enum err err = web_hash != NULL ? check_hash(web_hash, "/web_hash", fault) : OK;
    if (broker_hash != NULL)
        FIRST(err, check_hash(broker_hash, "/broker_hash", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = find_login(&c, username, &login_no, &kind);
    if (err == OK && kind >= LOGIN_METER && web_hash != NULL && web_hash[0] != '\0')
        err = fault_at(fault, ERR_INVALID, "/kind", "a %s login may only enter the broker", login_kind_name(kind));
    FIRST(err, change_note(&c, "login.password", username, "%s%s", web_hash != NULL ? "web " : "", broker_hash != NULL ? "broker" : ""));
    FIRST(err, write_hashes(&c, login_no, web_hash, broker_hash));
    FIRST(err, end_sessions(&c, login_no));
    return change_end(&c, err);
}

enum err records_login_disable(struct records *records, const struct actor *actor, const char *username, bool disabled, struct fault *fault)
{
    struct change c;
    struct query q;
    int64_t login_no = 0;
    enum login_kind kind = LOGIN_OPERATOR;
    enum err err = change_begin(records, actor, fault, &c);
    if (err != OK)
        return err;
    err = find_login(&c, username, &login_no, &kind);
    FIRST(err, change_note(&c, disabled ? "login.disable" : "login.enable", username, "%s", ""));
    if (err == OK) {
        query_begin(&q, c.db, "UPDATE login SET disabled = ?, revision = ? WHERE login_no = ?");
        query_bind_int(&q, disabled);
        query_bind_int(&q, c.revision);
        query_bind_int(&q, login_no);
        err = query_run(&q, fault);
    }
    if (disabled) {
        FIRST(err, end_sessions(&c, login_no));
        FIRST(err, revoke_tokens(&c, login_no));
    }
    return change_end(&c, err);
}
