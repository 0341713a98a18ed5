/* Claims: serials that may ask for an identity over MQTT, with their codes. */
#include <string.h>
#include "access/password.h"
#include "admin/command.h"
#include "admin/sheet.h"
#include "base/text.h"

#define CODE_MIN 6

static const struct arg_row add_rows[] = {
    {.name = "serial", .placeholder = "TEXT", .help = "the device's serial", .required = true},
    {.name = "code", .placeholder = "TEXT", .help = "its claim code, as printed on the device (6 characters or more)"},
    {.name = "code-file", .placeholder = "FILE", .help = "the same from a file of one line; - is standard input"},
    {.name = "generate", .type = ARG_FLAG, .help = "makes a code and prints it, this once"},
    {.name = "meter", .placeholder = "ID", .help = "which meter it becomes (default: a new one at its first claim)"},
    {.name = "model", .placeholder = "TEXT", .help = "its model"},
    {.name = "if-missing", .type = ARG_FLAG, .help = "changes nothing where the serial may be claimed already"},
    {0},
};

static enum err take_code(const struct args *args, struct fault *fault, char *code, size_t size)
{
    int ways = (arg(args, "code") != NULL) + (arg(args, "code-file") != NULL) + arg_flag(args, "generate");
    if (ways != 1)
        return fault_set(fault, ERR_INVALID, "give one of --code, --code-file or --generate");
    if (arg_flag(args, "generate")) {
        password_generate(code);
        return OK;
    }
    enum err err = arg(args, "code") != NULL ? arg_copy(args, "code", fault, code, size) : read_secret(arg(args, "code-file"), fault, code, size);
    if (err == OK && strlen(code) < CODE_MIN)
        err = fault_set(fault, ERR_INVALID, "a claim code has at least %d characters", CODE_MIN);
    return err;
}

static enum err run_add(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct claim_record claim = {0}, there;
    struct point_record point;
    char code[PASSWORD_MAX + 1], hash[PASSWORD_HASH_SIZE];
    enum err err = arg_copy(args, "serial", fault, claim.serial, sizeof claim.serial);
    if (err == OK)
        err = arg_copy(args, "model", fault, claim.model, sizeof claim.model);
    if (err == OK && arg_flag(args, "if-missing") && records_claim_lookup(qw->records, claim.serial, fault, &there) == OK) {
        say(qw, "the serial %s may be claimed already", claim.serial);
        return OK;
    }
    if (err == OK && arg(args, "meter") != NULL) {
        err = records_point_by_id(qw->records, arg(args, "meter"), fault, &point);
        claim.meter_no = err == OK ? point.meter_no : 0;
    }
    if (err == OK)
        err = take_code(args, fault, code, sizeof code);
    if (err == OK)
        err = password_hash(code, fault, hash); /* as the ingestor verifies it; some 0.1 s */
    if (err != OK)
        return err;
    text_copy(claim.code_hash, sizeof claim.code_hash, hash);
    err = records_claim_add(qw->records, &qw->actor, &claim, fault);
    if (err == OK && arg_flag(args, "generate"))
        show_secret(qw, "serial", claim.serial, "claim_code", code);
    else if (err == OK)
        say(qw, "the serial %s may be claimed", claim.serial);
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct claim_record rows[RECORDS_PAGE_MAX];
    struct sheet sheet;
    char after[RECORD_ID_SIZE] = "";
    size_t count = 0;
    enum err err = OK;
    sheet_begin(&sheet, arg_flag(args, "json"), "serial", "model", "meter_id", "claimed", NULL);
    do {
        err = records_claim_list(qw->records, after, RECORDS_PAGE_MAX, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            sheet_text(&sheet, rows[i].serial);
            sheet_text(&sheet, rows[i].model);
            sheet_text(&sheet, rows[i].meter_id);
            sheet_instant(&sheet, rows[i].claimed_utc_ms, 0);
            text_copy(after, sizeof after, rows[i].serial);
        }
    } while (err == OK && count == RECORDS_PAGE_MAX);
    if (err == OK)
        return sheet_end(&sheet, "no serial may be claimed; `qw claim add` allows one", fault);
    sheet_abandon(&sheet);
    return err;
}

const struct command claim_commands[] = {
    {"claim", "add", "A device of this serial may ask for an identity.", add_rows, OPENS_RECORDS, true, run_add},
    {"claim", "list", "Lists the serials that may, and what they became.", list_rows, OPENS_RECORDS, false, run_list},
    {0},
};
