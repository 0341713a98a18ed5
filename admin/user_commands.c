/* Logins of the web and the broker. */
#include <string.h>
#include "access/broker_login.h"
#include "access/password.h"
#include "admin/command.h"
#include "admin/sheet.h"
#include "base/text.h"

struct hashes {
    char web[PASSWORD_HASH_SIZE];
    char broker[BROKER_HASH_SIZE];
};

static bool enters_web(enum login_kind kind)
{
    return kind == LOGIN_OPERATOR || kind == LOGIN_ADMIN || kind == LOGIN_CUSTOMER;
}

/* The password that was given or made, and its hashes. `shown`: it was made, and is to be shown once. */
static enum err take_password(const struct args *args, enum login_kind kind, struct fault *fault, char *password, size_t size, bool *shown,
                              struct hashes *out)
{
    const char *file = arg(args, "password-file");
    *shown = arg_flag(args, "generate");
    memset(out, 0, sizeof *out);
    if ((file != NULL) == *shown)
        return fault_set(fault, ERR_INVALID, "give either --password-file FILE or --generate");
    if (*shown)
        password_generate(password);
    enum err err = file != NULL ? read_secret(file, fault, password, size) : OK;
    if (err == OK)
        err = password_check_new(password, fault);
    if (err == OK && enters_web(kind))
        err = password_hash(password, fault, out->web);
    if (err == OK)
        err = broker_login_hash(password, fault, out->broker);
    return err;
}

static const struct arg_row add_rows[] = {
    {.name = "name",
     .placeholder = "NAME",
     .help = "1 to 64 of A-Z a-z 0-9 . _ -; a meter's login bears the meter's id",
     .operand = true,
     .required = true},
    {.name = "role",
     .placeholder = "ROLE",
     .help = "operator, admin, customer: web and broker; service, claim, meter: broker only",
     .required = true},
    {.name = "customer", .placeholder = "ID", .help = "whose login it is, for --role customer"},
    {.name = "password-file", .placeholder = "FILE", .help = "a file of one line that others cannot read; - is standard input"},
    {.name = "generate", .type = ARG_FLAG, .help = "makes a password and prints it, this once"},
    {.name = "if-missing", .type = ARG_FLAG, .help = "changes nothing where the login exists"},
    {0},
};

static enum err put_meter(struct qw *qw, const char *meter_id, const struct hashes *hashes, struct fault *fault)
{
    struct point_record point;
    enum err err = records_point_by_id(qw->records, meter_id, fault, &point);
    if (err == ERR_NOT_FOUND)
        return fault_set(fault, ERR_NOT_FOUND, "there is no meter %.64s; add it first with `qw meter add`", meter_id);
    return err == OK ? records_login_meter_put(qw->records, &qw->actor, point.meter_no, hashes->broker, fault) : err;
}

static enum err run_add(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct login_record login = {0}, there;
    struct hashes hashes;
    char password[PASSWORD_MAX + 1];
    bool shown = false;
    enum err err = arg_copy(args, "name", fault, login.username, sizeof login.username);
    if (err == OK)
        err = arg_copy(args, "customer", fault, login.customer_id, sizeof login.customer_id);
    if (err != OK)
        return err;
    if (!login_kind_parse(arg(args, "role"), &login.kind))
        return fault_set(fault, ERR_INVALID, "--role must be operator, admin, customer, meter, claim or service");
    if (login.kind == LOGIN_CUSTOMER && login.customer_id[0] == '\0')
        return fault_set(fault, ERR_INVALID, "whose login is it? --role customer wants --customer ID");
    err = records_login_by_name(qw->records, login.username, fault, &there);
    if (err == OK && arg_flag(args, "if-missing")) {
        say(qw, "login %s exists already", login.username);
        return OK;
    }
    if (err == OK && login.kind != LOGIN_METER)
        return fault_set(fault, ERR_CONFLICT, "the login %s exists already; `qw user passwd` gives it another password", login.username);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    memset(fault, 0, sizeof *fault);
    err = take_password(args, login.kind, fault, password, sizeof password, &shown, &hashes);
    if (err != OK)
        return err;
    text_copy(login.web_hash, sizeof login.web_hash, hashes.web);
    text_copy(login.broker_hash, sizeof login.broker_hash, hashes.broker);
    err = login.kind == LOGIN_METER ? put_meter(qw, login.username, &hashes, fault) : records_login_add(qw->records, &qw->actor, &login, fault, NULL);
    if (err == OK && shown)
        show_secret(qw, "username", login.username, "password", password);
    else if (err == OK)
        say(qw, "%s %s added", login_kind_name(login.kind), login.username);
    return err;
}

static const struct arg_row passwd_rows[] = {
    {.name = "name", .placeholder = "NAME", .help = "the login", .operand = true, .required = true},
    {.name = "password-file", .placeholder = "FILE", .help = "a file of one line that others cannot read; - is standard input"},
    {.name = "generate", .type = ARG_FLAG, .help = "makes a password and prints it, this once"},
    {0},
};

static enum err run_passwd(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct login_record login;
    struct hashes hashes;
    char password[PASSWORD_MAX + 1];
    bool shown = false;
    const char *name = arg(args, "name");
    enum err err = records_login_by_name(qw->records, name, fault, &login);
    if (err == ERR_NOT_FOUND)
        return fault_set(fault, err, "there is no login %.64s; `qw user list` tells which there are", name);
    if (err == OK)
        err = take_password(args, login.kind, fault, password, sizeof password, &shown, &hashes);
    if (err == OK)
        err = records_login_password_set(qw->records, &qw->actor, name, enters_web(login.kind) ? hashes.web : NULL, hashes.broker, fault);
    if (err == OK && shown)
        show_secret(qw, "username", name, "password", password);
    else if (err == OK)
        say(qw, "%s has a new password; its sessions are ended", name);
    return err;
}

static const struct arg_row name_rows[] = {
    {.name = "name", .placeholder = "NAME", .help = "the login", .operand = true, .required = true},
    {0},
};

static enum err set_disabled(struct qw *qw, const struct args *args, bool disabled, struct fault *fault)
{
    const char *name = arg(args, "name");
    enum err err = records_login_disable(qw->records, &qw->actor, name, disabled, fault);
    if (err == OK)
        say(qw, disabled ? "%s may not enter any more; its sessions and tokens are ended" : "%s may enter again", name);
    return err;
}

static enum err run_disable(struct qw *qw, const struct args *args, struct fault *fault)
{
    return set_disabled(qw, args, true, fault);
}

static enum err run_enable(struct qw *qw, const struct args *args, struct fault *fault)
{
    return set_disabled(qw, args, false, fault);
}

static const struct arg_row list_rows[] = {
    {.name = "role", .placeholder = "ROLE", .help = "only these"},
    {.name = "all", .type = ARG_FLAG, .help = "meters' logins too"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static void show(struct sheet *sheet, const struct login_record *login)
{
    sheet_text(sheet, login->username);
    sheet_text(sheet, login_kind_name(login->kind));
    sheet_text(sheet, login->customer_id);
    sheet_bool(sheet, login->web_hash[0] != '\0');
    sheet_bool(sheet, login->broker_hash[0] != '\0');
    sheet_bool(sheet, login->disabled);
    sheet_instant(sheet, login->created_utc_ms, INT64_MIN);
}

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct login_record rows[RECORDS_PAGE_MAX];
    struct login_filter filter = {.without_meters = !arg_flag(args, "all")};
    struct sheet sheet;
    size_t count = 0;
    char after[RECORD_ID_SIZE] = "";
    enum err err = OK;
    if (arg(args, "role") != NULL) {
        if (!login_kind_parse(arg(args, "role"), &filter.kind))
            return fault_set(fault, ERR_INVALID, "--role must be operator, admin, customer, meter, claim or service");
        filter.by_kind = true;
        filter.without_meters = false;
    }
    sheet_begin(&sheet, arg_flag(args, "json"), "username", "role", "customer_id", "web", "broker", "disabled", "created", NULL);
    do {
        filter.after = after;
        err = records_login_list(qw->records, &filter, RECORDS_PAGE_MAX, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            show(&sheet, &rows[i]);
            text_copy(after, sizeof after, rows[i].username);
        }
    } while (err == OK && count == RECORDS_PAGE_MAX);
    if (err == OK)
        return sheet_end(&sheet, "no logins; `qw user add` makes one", fault);
    sheet_abandon(&sheet);
    return err;
}

const struct command user_commands[] = {
    {"user", "add", "Makes a login.", add_rows, OPENS_RECORDS, true, run_add},
    {"user", "list", "Lists the logins.", list_rows, OPENS_RECORDS, false, run_list},
    {"user", "passwd", "Gives a login another password and ends its sessions.", passwd_rows, OPENS_RECORDS, true, run_passwd},
    {"user", "disable", "Lets a login enter no more; ends its sessions and tokens.", name_rows, OPENS_RECORDS, true, run_disable},
    {"user", "enable", "Lets a disabled login enter again.", name_rows, OPENS_RECORDS, true, run_enable},
    {0},
};
