#include "store/files.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "store/sqlite/migrate.h"

static const struct schema *schema_of(enum store_file which)
{
    return which == STORE_RECORDS ? &schema_records : &schema_ledger;
}

enum err store_file_migrate(enum store_file which, const char *path, struct fault *fault, int *out_from, int *out_to)
{
    struct db *db = NULL;
    const struct db_options options = {.path = path, .role = DB_CREATOR};
    enum err err = db_open(&options, fault, &db);
    if (err != OK)
        return err;
    err = migrate_up(db, schema_of(which), fault, out_from, out_to);
    db_close(db);
    return err;
}

/* In steps, so that the source's writer is never kept waiting; a write in between starts the copy over. */
static enum err copy(struct db *from, struct db *to, struct fault *fault)
{
    int tries = 0, rc;
    sqlite3_backup *backup = sqlite3_backup_init(db_handle(to), "main", db_handle(from), "main");
    if (backup == NULL)
        return fault_set(fault, ERR_RETRY, "cannot begin the copy: %s", sqlite3_errmsg(db_handle(to)));
    do {
        /* After a few restarts the rest is taken in one go: a busy writer may not starve the backup. */
        rc = sqlite3_backup_step(backup, tries++ < 4 ? 65536 : -1);
        if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
            sqlite3_sleep(20);
    } while (rc == SQLITE_OK || (((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED) && tries < 500));
    sqlite3_backup_finish(backup);
    if (rc != SQLITE_DONE)
        return fault_set(fault, db_err(rc) == OK ? ERR_RETRY : db_err(rc), "the copy stopped: %s", sqlite3_errstr(rc));
    return OK;
}

static enum err verify(struct db *to, struct fault *fault)
{
    char word[128] = "";
    struct query q;
    enum err err = db_script(to, "PRAGMA journal_mode=DELETE", fault);
    if (err != OK)
        return err;
    query_begin(&q, to, "PRAGMA integrity_check(1)");
    err = query_one(&q, fault);
    if (err != OK)
        return err;
    query_text(&q, word, sizeof word);
    err = query_end(&q, fault);
    if (err == OK && strcmp(word, "ok") != 0)
        return fault_set(fault, ERR_FATAL, "the copy is damaged: %s", word);
    return err;
}

static void sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - path);
    if (len >= sizeof folder)
        return;
    memcpy(folder, path, len);
    folder[len] = '\0';
    int fd = open(slash == NULL ? "." : len == 0 ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

enum err store_file_backup(enum store_file which, const char *from, const char *to, struct fault *fault)
{
    struct db *source = NULL, *target = NULL;
    bool made = false;
    const struct db_options in = {.path = from, .role = DB_WRITER};
    const struct db_options out = {.path = to, .role = DB_CREATOR};
    if (access(to, F_OK) == 0)
        return fault_set(fault, ERR_CONFLICT, "%s exists already; choose a folder without it", to);
    enum err err = db_open(&in, fault, &source);
    if (err == OK)
        err = migrate_check(source, schema_of(which), fault);
    if (err == OK) {
        err = db_open(&out, fault, &target);
        made = err == OK;
    }
    if (err == OK)
        err = copy(source, target, fault);
    if (err == OK)
        err = verify(target, fault);
    db_close(source);
    db_close(target);
    if (err == OK)
        sync_folder(to);
    else if (made)
        unlink(to); /* half a copy is worse than none */
    return err;
}
