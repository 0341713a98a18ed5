/* The files themselves: init, backup, audit. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "admin/command.h"
#include "admin/sheet.h"
#include "store/files.h"

static const struct arg_row init_rows[] = {
    {.name = "tz", .placeholder = "ZONE", .help = "sets the setting default_tz, as America/Sao_Paulo"},
    {.name = "utility-name", .placeholder = "TEXT", .help = "sets the setting utility_name"},
    {0},
};

static enum err migrate(const struct qw *qw, enum store_file which, const char *path, struct fault *fault)
{
    int from = 0, to = 0;
    enum err err = store_file_migrate(which, path, fault, &from, &to);
    if (err != OK)
        return err;
    if (from == 0)
        say(qw, "%s: made, version %d", path, to);
    else if (from == to)
        say(qw, "%s: is at version %d", path, to);
    else
        say(qw, "%s: brought from version %d to %d", path, from, to);
    return OK;
}

static enum err run_init(struct qw *qw, const struct args *args, struct fault *fault)
{
    const char *tz = arg(args, "tz"), *name = arg(args, "utility-name");
    const struct records_options options = {.path = qw->records_db};
    enum err err = tz != NULL ? check_zone_exists(qw, tz, fault) : OK;
    if (err == OK)
        err = migrate(qw, STORE_RECORDS, qw->records_db, fault);
    if (err == OK && qw->ledger_db[0] != '\0')
        err = migrate(qw, STORE_LEDGER, qw->ledger_db, fault);
    if (err == OK && (tz != NULL || name != NULL))
        err = records_open(&options, fault, &qw->records); /* main closes it */
    if (err == OK && tz != NULL)
        err = set_setting(qw, "default_tz", tz, fault);
    if (err == OK && name != NULL)
        err = set_setting(qw, "utility_name", name, fault);
    return err;
}

static const struct arg_row backup_rows[] = {
    {.name = "dir", .placeholder = "DIR", .help = "the folder for the copies; made where it is missing", .operand = true, .required = true},
    {0},
};

static enum err copy_to(struct qw *qw, enum store_file which, const char *from, const char *dir, const char *name, struct fault *fault)
{
    char to[4096];
    if (snprintf(to, sizeof to, "%s/%s", dir, name) >= (int)sizeof to)
        return fault_set(fault, ERR_INVALID, "the path of the folder is too long");
    enum err err = store_file_backup(which, from, to, fault);
    if (err == OK)
        say(qw, "%s: copied and checked", to);
    return err;
}

static enum err run_backup(struct qw *qw, const struct args *args, struct fault *fault)
{
    const char *dir = arg(args, "dir");
    if (mkdir(dir, 0750) != 0 && errno != EEXIST)
        return fault_set(fault, ERR_RETRY, "cannot make the folder %.200s: %s", dir, strerror(errno));
    enum err err = copy_to(qw, STORE_RECORDS, qw->records_db, dir, "records.db", fault);
    if (err == OK && qw->ledger_db[0] != '\0' && access(qw->ledger_db, F_OK) == 0)
        err = copy_to(qw, STORE_LEDGER, qw->ledger_db, dir, "ledger.db", fault);
    if (err == OK)
        err = records_audit_add(qw->records, &qw->actor, "backup", "records.db", "", fault);
    return err;
}

static const struct arg_row audit_rows[] = {
    {.name = "limit", .type = ARG_INT, .placeholder = "N", .help = "the newest N (default 50)"},
    {.name = "subject", .placeholder = "NAME", .help = "only what was done to this meter, login, tariff …"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static enum err run_audit(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct audit_record rows[RECORDS_PAGE_MAX];
    struct sheet sheet;
    int64_t left = 50, before = INT64_MAX;
    size_t count = 0;
    enum err err = arg_int(args, "limit", 1, 1000000, fault, &left);
    if (err != OK)
        return err;
    sheet_begin(&sheet, arg_flag(args, "json"), "at", "who", "action", "subject", "detail", NULL);
    do {
        size_t want = left < RECORDS_PAGE_MAX ? (size_t)left : RECORDS_PAGE_MAX;
        err = records_audit_list(qw->records, arg(args, "subject"), before, want, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            sheet_instant(&sheet, rows[i].at_utc_ms, INT64_MIN);
            sheet_text(&sheet, rows[i].actor);
            sheet_text(&sheet, rows[i].action);
            sheet_text(&sheet, rows[i].subject);
            sheet_text(&sheet, rows[i].detail);
            before = rows[i].audit_no;
        }
        left -= (int64_t)count;
    } while (err == OK && left > 0 && count == RECORDS_PAGE_MAX);
    if (err == OK)
        return sheet_end(&sheet, "nothing was changed yet", fault);
    sheet_abandon(&sheet);
    return err;
}

const struct command store_commands[] = {
    {"init", NULL, "Makes the databases, or brings them up to date.", init_rows, OPENS_NOTHING, false, run_init},
    {"backup", NULL, "Copies both databases while they are in use, and checks the copies.", backup_rows, OPENS_RECORDS, false, run_backup},
    {"audit", NULL, "Who changed what, newest first.", audit_rows, OPENS_RECORDS, false, run_audit},
    {0},
};
