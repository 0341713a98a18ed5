/* Is what is derived what the facts and decisions say? verify, rebuild. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "admin/command.h"
#include "admin/sheet.h"
#include "admin/verify_alerts.h"
#include "admin/verify_issued.h"
#include "base/text.h"
#include "store/facts.h"
#include "store/files.h"
#include "store/ledger_tables.h"
#include "wire/json_out.h"
#include "wire/request_json.h"

#define PATH_SIZE 4096
#define TABLES_MAX 64
#define FINDINGS_MAX 1000
#define TELL_EVERY_S 2
#define EXIT_COULD_NOT 2
#define SAME_MOMENT_TRIES 5
#define ANSWER_WAIT_S 30

struct finding {
    const struct ledger_table *table;
    enum ledger_difference difference;
    char meter_id[RECORD_ID_SIZE];
    char key[160], words[400];
};

struct verification {
    struct qw *qw;
    char folder[PATH_SIZE]; /* of the copies */
    int64_t wanted, found;  /* findings */
    struct finding *findings;
    struct ledger_count counts[TABLES_MAX], issued;
    time_t told;
};

static void path_in(const struct verification *v, const char *name, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%.4000s/%s", v->folder, name);
}

/* Progress goes to standard error, so that the table can be piped. */
static bool may_tell(struct verification *v)
{
    time_t now = time(NULL);
    if (now - v->told < TELL_EVERY_S)
        return false;
    v->told = now;
    return true;
}

/* ---- the copies ---- */

static enum err make_folder(struct verification *v, const char *where, struct fault *fault)
{
    const char *slash = strrchr(v->qw->ledger_db, '/');
    if (where)
        snprintf(v->folder, sizeof v->folder, "%.4000s/verify-XXXXXX", where);
    else if (slash)
        snprintf(v->folder, sizeof v->folder, "%.*s/verify-XXXXXX", (int)(slash - v->qw->ledger_db), v->qw->ledger_db);
    else
        snprintf(v->folder, sizeof v->folder, "./verify-XXXXXX");
    if (mkdtemp(v->folder))
        return OK;
    enum err err =
        fault_set(fault, ERR_RETRY, "cannot make a folder for the copies, %.150s: %s; choose another with --work-dir", v->folder, strerror(errno));
    v->folder[0] = '\0';
    return err;
}

static void remove_folder(const struct verification *v)
{
    static const char *const names[] = {"stored.db",     "stored.db-wal",  "stored.db-shm", "ledger.db",      "ledger.db-wal",
                                        "ledger.db-shm", "ledger.db.lock", "records.db",    "records.db-wal", "records.db-shm"};
    char path[PATH_SIZE];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        path_in(v, names[i], path);
        unlink(path);
    }
    rmdir(v->folder);
}

static int find_revision(const char *name, int64_t value, void *arg)
{
    if (strcmp(name, "records.revision") == 0)
        *(int64_t *)arg = value;
    return 0;
}

/* Up to which revision of the records the copied ledger has followed, and the copied records' own. */
static enum err find_revisions(const char *ledger, const char *records, int64_t *out_followed, int64_t *out_revision, struct fault *fault)
{
    struct records *copy = NULL;
    struct facts *facts = NULL;
    int64_t followed = -1, revision = 0;
    enum err err = facts_open_sqlite(ledger, FACTS_WRITER, fault, &facts);
    if (err == OK)
        err = facts_numbers(facts, find_revision, &followed, fault);
    facts_close(facts);
    if (err == OK)
        err = records_open(&(struct records_options){.path = records}, fault, &copy);
    if (err == OK)
        err = records_version(copy, fault, &revision);
    records_close(copy);
    if (err == OK) {
        *out_followed = followed;
        *out_revision = revision;
    }
    return err;
}

/* qw-ingestor empties nothing else. */
static enum err mark_copy(const char *ledger, struct fault *fault)
{
    struct facts *facts = NULL;
    enum err err = facts_open_sqlite(ledger, FACTS_WRITER, fault, &facts);
    if (err == OK)
        err = facts_begin(facts, fault);
    if (err == OK)
        err = facts_set_number(facts, LEDGER_COPY_NUMBER, 1, fault);
    if (err == OK)
        err = facts_commit(facts, fault);
    facts_close(facts);
    return err;
}

/*
 * Both files as they were at one moment: a decision that only one of them knows would look like a difference. ERR_RETRY: they are not to be had at
 * one moment, because the ingestor does not run, or people decide without a pause.
 */
static enum err copy_files(struct verification *v, struct fault *fault)
{
    char stored[PATH_SIZE], records[PATH_SIZE], rebuilt[PATH_SIZE];
    int64_t followed = 0, revision = 1;
    enum err err = OK;
    path_in(v, "stored.db", stored);
    path_in(v, "records.db", records);
    path_in(v, "ledger.db", rebuilt);
    for (int i = 0; i < SAME_MOMENT_TRIES && err == OK && followed != revision; i++) {
        if (i > 0)
            sleep(1);
        fprintf(stderr, i == 0 ? "copying …\n" : "copying again: the records changed meanwhile …\n");
        unlink(stored);
        unlink(records);
        err = store_file_backup(STORE_RECORDS, v->qw->records_db, records, fault);
        if (err == OK)
            err = store_file_backup(STORE_LEDGER, v->qw->ledger_db, stored, fault);
        if (err == OK)
            err = find_revisions(stored, records, &followed, &revision, fault);
    }
    if (err == OK && followed != revision)
        return fault_set(fault, ERR_RETRY,
                         "cannot be compared: the records are at revision %lld, the ledger has followed to %lld; let the ingestor run until it has "
                         "followed, and try again",
                         (long long)revision, (long long)followed);
    if (err == OK)
        err = store_file_backup(STORE_LEDGER, stored, rebuilt, fault);
    return err == OK ? mark_copy(rebuilt, fault) : err;
}

/* ---- deriving the copy anew ---- */

/* qw-ingestor lies where this program lies. */
static enum err find_ingestor(char out[PATH_SIZE], struct fault *fault)
{
    static const char name[] = "qw-ingestor";
    ssize_t len = readlink("/proc/self/exe", out, PATH_SIZE - sizeof name - 1);
    char *slash = len > 0 ? memrchr(out, '/', (size_t)len) : NULL;
    if (!slash)
        return fault_set(fault, ERR_FATAL, "cannot tell where this program lies");
    memcpy(slash + 1, name, sizeof name);
    return access(out, X_OK) == 0 ? OK : fault_set(fault, ERR_FATAL, "qw-ingestor does not lie beside qw: %.200s", out);
}

static void watch_rebuild(struct verification *v, FILE *from)
{
    char line[128];
    long long done, left;
    while (fgets(line, sizeof line, from))
        if (sscanf(line, "progress %lld %lld", &done, &left) == 2 && may_tell(v))
            fprintf(stderr, "deriving anew: %lld of %lld\n", done, done + left);
}

static enum err rebuild_copy(struct verification *v, struct fault *fault)
{
    char program[PATH_SIZE], ledger[PATH_SIZE], records[PATH_SIZE];
    int ends[2], status = 0;
    enum err err = find_ingestor(program, fault);
    if (err != OK)
        return err;
    path_in(v, "ledger.db", ledger);
    path_in(v, "records.db", records);
    if (pipe(ends) != 0)
        return fault_set(fault, ERR_RETRY, "no pipe: %s", strerror(errno));
    fprintf(stderr, "deriving anew …\n");
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(program, program, "--rebuild", "true", "--ledger-db", ledger, "--records-db", records, "--journal-dir", v->folder, "--log-level",
              "warn", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *from = pid > 0 ? fdopen(ends[0], "r") : NULL;
    if (from) {
        watch_rebuild(v, from);
        fclose(from);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return fault_set(fault, ERR_RETRY, "cannot run %.200s: %s", program, strerror(errno));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? OK : fault_set(fault, ERR_FATAL, "qw-ingestor --rebuild did not come to its end");
}

/* ---- comparing and telling ---- */

static void keep_finding(const struct ledger_finding *finding, void *arg)
{
    struct verification *v = arg;
    struct point_record point;
    if (v->found++ >= v->wanted)
        return;
    struct finding *kept = &v->findings[v->found - 1];
    kept->table = finding->table;
    kept->difference = finding->difference;
    if (finding->meter_no && records_point_by_no(v->qw->records, finding->meter_no, NULL, &point) == OK)
        text_copy(kept->meter_id, sizeof kept->meter_id, point.meter_id);
    snprintf(kept->key, sizeof kept->key, "%s", finding->key);
    snprintf(kept->words, sizeof kept->words, "%s", finding->words);
}

static void tell_rows(const struct ledger_table *table, int64_t rows, void *arg)
{
    if (may_tell(arg))
        fprintf(stderr, "comparing %s: %lld\n", table->what, (long long)rows);
}

static const char *difference_name(enum ledger_difference difference)
{
    return difference == LEDGER_DIFFERENT ? "different" : difference == LEDGER_MISSING ? "missing" : "extra";
}

static bool is_held(const struct ledger_table *table)
{
    return table->part == LEDGER_DERIVED || table == verify_alerts_table();
}

static void sheet_count(struct sheet *sheet, const struct ledger_table *table, const struct ledger_count *count)
{
    sheet_text(sheet, table->what);
    sheet_int(sheet, count->compared);
    sheet_int(sheet, count->different);
    sheet_int(sheet, count->missing);
    sheet_int(sheet, count->extra);
    sheet_int(sheet, count->waiting);
}

static enum err print_table(const struct verification *v, struct fault *fault)
{
    struct sheet sheet;
    sheet_begin(&sheet, false, "what", "compared", "different", "missing", "extra", "waiting", NULL);
    for (int i = 0; i < ledger_table_count; i++)
        if (is_held(&ledger_tables[i]))
            sheet_count(&sheet, &ledger_tables[i], &v->counts[i]);
    sheet_count(&sheet, &verify_issued_table, &v->issued);
    enum err err = sheet_end(&sheet, "nothing is derived yet", fault);
    for (int64_t i = 0; err == OK && i < v->found && i < v->wanted; i++) {
        const struct finding *finding = &v->findings[i];
        printf("%s: %s: %s %s%s%s\n", difference_name(finding->difference), finding->table->name, finding->meter_id, finding->key,
               finding->words[0] ? ": " : "", finding->words);
    }
    if (err == OK && v->found > v->wanted)
        printf("and %lld more\n", (long long)(v->found - v->wanted));
    return err;
}

static void json_count(struct buf *out, const struct ledger_table *table, const struct ledger_count *count)
{
    out_object(out, NULL);
    out_text(out, "table", table->name);
    out_int(out, "compared", count->compared);
    out_int(out, "different", count->different);
    out_int(out, "missing", count->missing);
    out_int(out, "extra", count->extra);
    out_int(out, "waiting", count->waiting);
    out_end_object(out);
}

static enum err print_json(const struct verification *v, struct fault *fault)
{
    struct buf out;
    buf_init(&out, 4u << 20);
    out_object(&out, NULL);
    out_bool(&out, "same", v->found == 0);
    out_array(&out, "tables");
    for (int i = 0; i < ledger_table_count; i++)
        if (is_held(&ledger_tables[i]))
            json_count(&out, &ledger_tables[i], &v->counts[i]);
    json_count(&out, &verify_issued_table, &v->issued);
    out_end_array(&out);
    out_array(&out, "differences");
    for (int64_t i = 0; i < v->found && i < v->wanted; i++) {
        out_object(&out, NULL);
        out_text(&out, "table", v->findings[i].table->name);
        out_text(&out, "difference", difference_name(v->findings[i].difference));
        out_text(&out, "meter_id", v->findings[i].meter_id);
        out_text(&out, "key", v->findings[i].key);
        out_text(&out, "detail", v->findings[i].words);
        out_end_object(&out);
    }
    out_end_array(&out);
    out_end_object(&out);
    bool written = !out.overflow && puts(out.data) >= 0;
    buf_finish(&out);
    return written ? OK : fault_set(fault, ERR_RETRY, "standard output refuses");
}

static enum err compare(struct verification *v, bool json, struct fault *fault)
{
    char stored[PATH_SIZE], rebuilt[PATH_SIZE], records[PATH_SIZE];
    struct ledger_comparing comparing = {keep_finding, tell_rows, v};
    path_in(v, "stored.db", stored);
    path_in(v, "ledger.db", rebuilt);
    path_in(v, "records.db", records);
    enum err err = ledger_compare(stored, rebuilt, &comparing, fault, v->counts);
    if (err == OK)
        err = verify_alerts(stored, &comparing, fault, &v->counts[verify_alerts_table() - ledger_tables]);
    if (err == OK)
        err = verify_issued(records, &comparing, fault, &v->issued);
    if (err == OK)
        err = json ? print_json(v, fault) : print_table(v, fault);
    return err;
}

static const struct arg_row verify_rows[] = {
    {.name = "work-dir", .placeholder = "DIR", .help = "where the two copies are made for the while (default: beside the ledger)"},
    {.name = "first", .type = ARG_INT, .placeholder = "N", .help = "tell the first N differences (default 20)"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON object"},
    {.name = "keep", .type = ARG_FLAG, .help = "leave the copies where they are, and say where"},
    {0},
};

static enum err run_verify(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct verification v = {.qw = qw, .wanted = 20};
    enum err err = ledger_table_count <= TABLES_MAX ? OK : fault_set(fault, ERR_FATAL, "more tables than this command holds");
    qw->exit_status = EXIT_COULD_NOT;
    if (err == OK && (qw->ledger_db[0] == '\0' || access(qw->ledger_db, R_OK) != 0))
        err = fault_set(fault, ERR_NOT_FOUND, "there is no ledger at '%.200s'; name it with --ledger-db", qw->ledger_db);
    if (err == OK)
        err = arg_int(args, "first", 0, FINDINGS_MAX, fault, &v.wanted);
    v.findings = calloc((size_t)v.wanted + 1, sizeof *v.findings);
    if (err == OK && !v.findings)
        err = fault_set(fault, ERR_FATAL, "out of memory");
    if (err == OK)
        err = make_folder(&v, arg(args, "work-dir"), fault);
    if (err == OK)
        err = copy_files(&v, fault);
    if (err == OK)
        err = rebuild_copy(&v, fault);
    if (err == OK)
        err = compare(&v, arg_flag(args, "json"), fault);
    if (v.folder[0] && arg_flag(args, "keep"))
        fprintf(stderr, "the copies are in %s\n", v.folder);
    else if (v.folder[0])
        remove_folder(&v);
    free(v.findings);
    if (err != OK)
        return err;
    qw->exit_status = 0;
    return v.found == 0 ? OK
                        : fault_set(fault, ERR_CONFLICT, "%lld rows are not what the facts say; `qw rebuild` makes them anew", (long long)v.found);
}

static const struct arg_row rebuild_rows[] = {
    {.name = "meter", .placeholder = "METER_ID", .help = "only what is derived of this one"},
    {0},
};

/* The ingestor writes the ledger: it is asked, and its answer waited for. */
static enum err run_rebuild(struct qw *qw, const struct args *args, struct fault *fault)
{
    const char *meter_id = arg(args, "meter");
    struct request_record request = {0};
    int64_t request_no = 0;
    struct buf params;
    buf_init(&params, RECORD_PARAMS_SIZE);
    request_meter_write(&params, meter_id ? meter_id : "");
    enum err err = params.overflow ? fault_set(fault, ERR_INVALID, "that is no meter's name")
                                   : records_request_add(qw->records, &qw->actor, "rebuild", params.data, fault, &request_no);
    buf_finish(&params);
    for (int waited_s = 0; err == OK && request.state == REQUEST_NEW && waited_s < ANSWER_WAIT_S * 4; waited_s++) {
        nanosleep(&(struct timespec){0, 250000000}, NULL);
        err = records_request_by_no(qw->records, request_no, fault, &request);
    }
    if (err != OK)
        return err;
    if (request.state == REQUEST_NEW)
        return fault_set(fault, ERR_RETRY, "the ingestor did not answer within %d s: it will when it runs", ANSWER_WAIT_S);
    if (request.state == REQUEST_REFUSED)
        return fault_set(fault, ERR_INVALID, "%s", request.result);
    say(qw, "%s", request.result);
    return OK;
}

const struct command verify_commands[] = {
    {"verify", NULL,
     "Derives a copy of the ledger anew from its facts and holds the two to each other; exits 1 where they differ, 2 where that cannot be told.",
     verify_rows, OPENS_RECORDS, false, run_verify},
    {"rebuild", NULL, "Asks the ingestor to derive anew what it derived, of one meter or of all.", rebuild_rows, OPENS_RECORDS, false, run_rebuild},
    {0},
};
