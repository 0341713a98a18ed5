/*
 * The broker's password file and ACL file, generated from the logins (architecture.md: one password file, one ACL file with patterns on %u for meters
 * and %c for provisioning, lines per customer). Whoever supervises the broker reloads it by SIGHUP when they change.
 */
#include <stdlib.h>
#include <string.h>
#include "access/broker_login.h"
#include "daemon/files.h"
#include "ingestor/context.h"

#define PAGE 200
#define FILE_MAX (256u << 20)
#define FILE_MODE 0640

static const char acl_head[] = "# Written by qw-ingestor from the logins; changes made here are lost.\n"
                               "# A meter may touch its own topics only; a device that has no identity yet, the two topics of its own client id.\n"
                               "pattern write meters/%u/readings\n"
                               "pattern write meters/%u/status\n"
                               "pattern write meters/%u/events\n"
                               "pattern read meters/%u/receipt\n"
                               "pattern read meters/%u/rejects\n"
                               "pattern read meters/%u/commands\n"
                               "pattern read meters/%u/bill\n"
                               "pattern write provision/requests/%c\n"
                               "pattern read provision/responses/%c\n";

static void acl_operator(struct buf *acl)
{
    buf_str(acl, "topic readwrite meters/#\n"
                 "topic readwrite alerts/#\n"
                 "topic readwrite provision/#\n"
                 "topic read $SYS/#\n");
}

static void acl_meter_lines(struct buf *acl, const char *meter_id)
{
    buf_printf(acl, "topic read meters/%s/#\ntopic read alerts/%s/#\n", meter_id, meter_id);
    buf_printf(acl, "topic write meters/%s/readings\ntopic write meters/%s/status\ntopic write meters/%s/events\n", meter_id, meter_id, meter_id);
}

/* Does the account hold its point today, by the clock of the place? */
static bool holds_today(const struct pipeline *pipeline, const struct account_record *account)
{
    const struct point *point = points_by_no(pipeline->points, account->meter_no);
    if (!point)
        return false;
    int32_t today = zone_local_day(point->zone, pipeline->now_utc_ms);
    return account->from_day <= today && today < account->until_day;
}

static enum err acl_customer(const struct pipeline *pipeline, const char *customer_id, struct buf *acl, struct fault *fault)
{
    struct account_record *page = malloc(PAGE * sizeof *page);
    char after[RECORD_ID_SIZE] = "";
    size_t count = PAGE;
    enum err err = page ? OK : fault_set(fault, ERR_FATAL, "no memory");
    while (err == OK && count == PAGE) {
        struct account_filter filter = {.customer_id = customer_id, .after = after[0] ? after : NULL};
        err = records_account_list(pipeline->parts.records, &filter, PAGE, fault, page, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            if (holds_today(pipeline, &page[i]))
                acl_meter_lines(acl, page[i].meter_id);
            memcpy(after, page[i].account_id, sizeof after);
        }
    }
    free(page);
    return err;
}

static enum err add_login(const struct pipeline *pipeline, const struct login_record *login, struct buf *passwords, struct buf *acl,
                          struct fault *fault)
{
    if (login->disabled || !login->broker_hash[0])
        return OK;
    enum err err = broker_login_line(login->username, login->broker_hash, fault, passwords);
    if (err != OK || login->kind == LOGIN_METER || login->kind == LOGIN_CLAIM)
        return err == ERR_INVALID ? OK : err; /* the patterns say all; one bad line must not shut out the others */
    buf_printf(acl, "\nuser %s\n", login->username);
    if (login->kind != LOGIN_CUSTOMER)
        acl_operator(acl);
    else
        err = acl_customer(pipeline, login->customer_id, acl, fault);
    return err;
}

enum err broker_files_write(struct pipeline *pipeline, struct fault *fault)
{
    struct records *records = pipeline->parts.records;
    struct login_record *page = malloc(PAGE * sizeof *page);
    struct buf passwords, acl;
    char after[RECORD_ID_SIZE] = "";
    size_t count = PAGE;
    enum err err = page ? OK : fault_set(fault, ERR_FATAL, "no memory");
    buf_init(&passwords, FILE_MAX);
    buf_init(&acl, FILE_MAX);
    buf_str(&acl, acl_head);
    while (err == OK && count == PAGE) {
        struct login_filter filter = {.broker_only = true, .after = after[0] ? after : NULL};
        err = records_login_list(records, &filter, PAGE, fault, page, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            err = add_login(pipeline, &page[i], &passwords, &acl, fault);
            memcpy(after, page[i].username, sizeof after);
        }
    }
    if (err == OK && (passwords.overflow || acl.overflow))
        err = fault_set(fault, ERR_LIMIT, "the broker's login files are larger than 256 MiB");
    if (err == OK)
        err = file_write_atomic(pipeline->parts.acl_file, acl.data, acl.len, FILE_MODE, fault);
    if (err == OK)
        err = file_write_atomic(pipeline->parts.login_file, passwords.data, passwords.len, FILE_MODE, fault);
    buf_finish(&passwords);
    buf_finish(&acl);
    free(page);
    return err;
}
