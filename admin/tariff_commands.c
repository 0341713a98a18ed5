/* Tariffs: documents are checked by the same code that bills by them. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "admin/command.h"
#include "admin/sheet.h"
#include "base/text.h"
#include "daemon/files.h"
#include "wire/import_br.h"
#include "wire/import_urdb.h"
#include "wire/tariff_json.h"

/* On OK the document is in `text` and its tariff in *out: finish and destroy both. */
static enum err read_tariff(struct qw *qw, const char *path, struct fault *fault, struct buf *text, struct tariff **out)
{
    buf_init(text, TARIFF_DOCUMENT_MAX);
    enum err err = file_read(path, fault, text);
    if (err == OK)
        err = tariff_parse(text->data, text->len, fault, out);
    if (err == OK && (*out)->tz[0] && (err = check_zone_exists(qw, (*out)->tz, fault)) != OK)
        tariff_destroy(*out);
    if (err != OK)
        buf_finish(text);
    return err;
}

static const struct arg_row check_rows[] = {
    {.name = "file", .placeholder = "FILE", .help = "a tariff/1 document (docs/tariffs.md)", .operand = true, .required = true},
    {0},
};

static enum err run_check(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct tariff *tariff = NULL;
    struct buf text;
    enum err err = read_tariff(qw, arg(args, "file"), fault, &text, &tariff);
    if (err != OK)
        return err;
    say(qw, "%s: good: tariff %s in %s, %d version%s, hash %s", arg(args, "file"), tariff->tariff_id, tariff->currency, tariff->version_count,
        tariff->version_count == 1 ? "" : "s", tariff->version_hash);
    tariff_destroy(tariff);
    buf_finish(&text);
    return OK;
}

static const struct arg_row load_rows[] = {
    {.name = "file", .placeholder = "FILE", .help = "a tariff/1 document (docs/tariffs.md)", .operand = true, .required = true},
    {.name = "default", .type = ARG_FLAG, .help = "makes it the setting default_tariff too"},
    {0},
};

static enum err run_load(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct tariff *tariff = NULL;
    struct buf text;
    enum err err = read_tariff(qw, arg(args, "file"), fault, &text, &tariff);
    if (err != OK)
        return err;
    err =
        records_tariff_put(qw->records, &qw->actor, tariff->tariff_id, text.data, text.len, tariff->version_hash, RECORDS_ANY_REVISION, fault, NULL);
    if (err == OK && arg_flag(args, "default"))
        err = set_setting(qw, "default_tariff", tariff->tariff_id, fault);
    if (err == OK)
        say(qw, "tariff %s loaded, hash %s%s", tariff->tariff_id, tariff->version_hash, arg_flag(args, "default") ? ", the default" : "");
    tariff_destroy(tariff);
    buf_finish(&text);
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct tariff_record rows[RECORDS_PAGE_MAX];
    char fallback[RECORD_SETTING_SIZE], after[RECORD_ID_SIZE] = "";
    struct sheet sheet;
    size_t count = 0;
    enum err err = records_setting_get(qw->records, "default_tariff", qw->actor.at_utc_ms, fault, fallback);
    if (err != OK)
        return err;
    sheet_begin(&sheet, arg_flag(args, "json"), "tariff_id", "version_hash", "loaded", "default", NULL);
    do {
        err = records_tariff_list(qw->records, after, RECORDS_PAGE_MAX, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            sheet_text(&sheet, rows[i].tariff_id);
            sheet_text(&sheet, rows[i].version_hash);
            sheet_instant(&sheet, rows[i].created_utc_ms, INT64_MIN);
            sheet_bool(&sheet, strcmp(rows[i].tariff_id, fallback) == 0);
            text_copy(after, sizeof after, rows[i].tariff_id);
        }
    } while (err == OK && count == RECORDS_PAGE_MAX);
    if (err == OK)
        return sheet_end(&sheet, "no tariffs; `qw tariff load` takes one in", fault);
    sheet_abandon(&sheet);
    return err;
}

static const struct arg_row show_rows[] = {
    {.name = "id", .placeholder = "ID", .help = "the tariff", .operand = true, .required = true},
    {.name = "version", .placeholder = "HASH", .help = "a former document of it"},
    {0},
};

static enum err run_show(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct buf text;
    buf_init(&text, RECORDS_DOCUMENT_MAX);
    enum err err = records_tariff_get(qw->records, arg(args, "id"), arg(args, "version"), fault, NULL, &text);
    if (err == OK)
        printf("%s%s", text.data, text.len > 0 && text.data[text.len - 1] == '\n' ? "" : "\n");
    buf_finish(&text);
    return err;
}

static const struct arg_row assign_rows[] = {
    {.name = "account", .placeholder = "ACCOUNT", .help = "the account", .operand = true, .required = true},
    {.name = "tariff", .placeholder = "TARIFF", .help = "the tariff; '' is the default again", .operand = true, .required = true},
    {.name = "from", .placeholder = "DATE", .help = "the first day of it, in the meter's zone", .required = true},
    {0},
};

static enum err run_assign(struct qw *qw, const struct args *args, struct fault *fault)
{
    int32_t from_day = 0;
    enum err err = arg_day(args, "from", fault, &from_day);
    if (err == OK)
        err = records_account_term_set(qw->records, &qw->actor, arg(args, "account"), TERM_TARIFF, from_day, arg(args, "tariff"), fault);
    if (err == OK)
        say(qw, "account %s: tariff %s from %s", arg(args, "account"), arg(args, "tariff"), arg(args, "from"));
    return err;
}

static const struct arg_row import_br_rows[] = {
    {.name = "dir",
     .placeholder = "DIR",
     .help = "ANEEL's figures: b1_tariffs_*.json, bandeira-*.csv, light_rj.json if there",
     .operand = true,
     .required = true},
    {.name = "out", .placeholder = "FOLDER", .help = "writes the documents there instead of loading them"},
    {0},
};

struct import_run {
    struct qw *qw;
    const char *folder;
    struct fault *fault;
    int count;
};

/* Each document passes through the parser that bills by it. */
static enum err take_import(const char *tariff_id, const struct buf *document, void *arg)
{
    struct import_run *run = arg;
    struct tariff *tariff;
    char path[1024];
    enum err err = tariff_parse(document->data, document->len, run->fault, &tariff);
    if (err != OK)
        return err;
    snprintf(path, sizeof path, "%.900s/%.64s.json", run->folder ? run->folder : "", tariff_id);
    if (run->folder)
        err = file_write_atomic(path, document->data, document->len, 0644, run->fault);
    else
        err = records_tariff_put(run->qw->records, &run->qw->actor, tariff_id, document->data, document->len, tariff->version_hash,
                                 RECORDS_ANY_REVISION, run->fault, NULL);
    tariff_destroy(tariff);
    run->count += err == OK;
    return err;
}

/* The file of a folder whose name begins and ends so; the last by name where there are several. */
static enum err find_file(const char *dir, const char *begin, const char *end, struct fault *fault, char *out, size_t size)
{
    struct dirent **entries = NULL;
    int count = scandir(dir, &entries, NULL, alphasort);
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t len = strlen(name), tail = strlen(end);
        if (text_starts_with(name, begin) && len >= tail && strcmp(name + len - tail, end) == 0)
            snprintf(out, size, "%s/%s", dir, name);
        free(entries[i]);
    }
    free(entries);
    return out[0] ? OK : fault_set(fault, ERR_NOT_FOUND, "there is no %s…%s in %s", begin, end, dir);
}

static enum err run_import_br(struct qw *qw, const struct args *args, struct fault *fault)
{
    const char *dir = arg(args, "dir");
    char path[1024];
    struct buf tariffs, flags, light;
    struct fault none;
    struct import_run run = {qw, arg(args, "out"), fault, 0};
    buf_init(&tariffs, TARIFF_DOCUMENT_MAX);
    buf_init(&flags, TARIFF_DOCUMENT_MAX);
    buf_init(&light, TARIFF_DOCUMENT_MAX);
    enum err err = find_file(dir, "b1_tariffs", ".json", fault, path, sizeof path);
    if (err == OK)
        err = file_read(path, fault, &tariffs);
    if (err == OK)
        err = find_file(dir, "bandeira", ".csv", fault, path, sizeof path);
    if (err == OK)
        err = file_read(path, fault, &flags);
    bool has_light = find_file(dir, "light", ".json", &none, path, sizeof path) == OK;
    if (err == OK && has_light)
        err = file_read(path, fault, &light);
    const struct br_source source = {tariffs.data, tariffs.len, flags.data, flags.len, has_light ? light.data : NULL, light.len};
    if (err == OK)
        err = br_import(&source, take_import, &run, fault);
    if (err == OK)
        say(qw, "%d tariffs %s", run.count, run.folder ? "written" : "loaded");
    buf_finish(&tariffs);
    buf_finish(&flags);
    buf_finish(&light);
    return err;
}

static const struct arg_row import_urdb_rows[] = {
    {.name = "file", .placeholder = "FILE", .help = "a rate of the US Utility Rate Database, as JSON", .operand = true, .required = true},
    {.name = "tz", .placeholder = "ZONE", .help = "the utility's time zone, which the database does not tell"},
    {0},
};

static enum err run_import_urdb(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct buf text, document;
    struct tariff *tariff;
    (void)qw;
    buf_init(&text, 4 * TARIFF_DOCUMENT_MAX);
    buf_init(&document, TARIFF_DOCUMENT_MAX);
    enum err err = file_read(arg(args, "file"), fault, &text);
    if (err == OK)
        err = urdb_import(text.data, text.len, arg(args, "tz"), fault, &document);
    if (err == OK && (err = tariff_parse(document.data, document.len, fault, &tariff)) == OK) {
        tariff_destroy(tariff);
        printf("%s\n", document.data);
    }
    buf_finish(&text);
    buf_finish(&document);
    return err;
}

const struct command tariff_commands[] = {
    {"tariff", "check", "Says whether a tariff document is good, and if not, where and why.", check_rows, OPENS_NOTHING, false, run_check},
    {"tariff", "load", "Takes a tariff document in; former ones are kept.", load_rows, OPENS_RECORDS, true, run_load},
    {"tariff", "list", "Lists the tariffs.", list_rows, OPENS_RECORDS, false, run_list},
    {"tariff", "show", "Prints a tariff document.", show_rows, OPENS_RECORDS, false, run_show},
    {"tariff", "import-br", "Loads Brazil's B1 tariffs from ANEEL's figures.", import_br_rows, OPENS_RECORDS, false, run_import_br},
    {"tariff", "import-urdb", "Turns a US rate into a tariff document.", import_urdb_rows, OPENS_NOTHING, false, run_import_urdb},
    {"tariff", "assign", "An account has a tariff from a day on.", assign_rows, OPENS_RECORDS, true, run_assign},
    {0},
};
