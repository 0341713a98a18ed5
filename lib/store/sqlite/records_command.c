/* Commands to meters, and what became of them. */
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "store/records_command.h"
#include "store/sqlite/records_db.h"

#define INGESTOR "ingestor"
#define SELECT                                                                                                                                       \
    "SELECT command_no, command_id, c.meter_no, p.meter_id, c.name, params, said_by, c.created_utc_ms, expires_utc_ms, c.state, sent_utc_ms,"        \
    " answered_utc_ms, detail, c.revision FROM command c JOIN point p ON p.meter_no = c.meter_no "

const char *command_state_name(const struct command_record *command, int64_t now_utc_ms)
{
    static const char *const names[] = {"queued", "sent", "done", "refused"};
    if (command->state <= COMMAND_SENT && command->expires_utc_ms <= now_utc_ms)
        return "expired";
    return names[command->state];
}

static void command_read(struct query *q, struct command_record *out)
{
    *out = (struct command_record){.command_no = query_int(q)};
    query_text(q, out->command_id, sizeof out->command_id);
    out->meter_no = query_int(q);
    query_text(q, out->meter_id, sizeof out->meter_id);
    query_text(q, out->name, sizeof out->name);
    query_text(q, out->params, sizeof out->params);
    query_text(q, out->by, sizeof out->by);
    out->created_utc_ms = query_int(q);
    out->expires_utc_ms = query_int(q);
    out->state = (enum command_state)query_int(q);
    out->sent_utc_ms = query_int(q);
    out->answered_utc_ms = query_int(q);
    query_text(q, out->detail, sizeof out->detail);
    out->revision = query_int(q);
}

static enum err check_room(struct change *c)
{
    struct query q;
    query_begin(&q, c->db, "SELECT count(*) FROM command WHERE state = 0");
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err;
    int64_t count = query_int(&q);
    err = query_end(&q, c->fault);
    if (err == OK && count >= COMMANDS_QUEUED_MAX)
        return fault_set(c->fault, ERR_LIMIT, "%" PRId64 " commands wait already; is the ingestor running?", count);
    return err;
}

static enum err insert(struct change *c, const struct command_record *command)
{
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO command (command_id, meter_no, name, params, said_by, created_utc_ms, expires_utc_ms, state, sent_utc_ms, revision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (command_id) DO NOTHING");
    query_bind_text(&q, command->command_id);
    query_bind_int(&q, command->meter_no);
    query_bind_text(&q, command->name);
    query_bind_text(&q, command->params);
    query_bind_text(&q, c->actor != NULL ? c->actor->name : INGESTOR);
    query_bind_int(&q, c->actor != NULL ? c->actor->at_utc_ms : command->sent_utc_ms);
    query_bind_int(&q, command->expires_utc_ms);
    query_bind_int(&q, command->state);
    query_bind_int(&q, command->state == COMMAND_SENT ? command->sent_utc_ms : 0);
    query_bind_int(&q, c->revision);
    return query_run(&q, c->fault);
}

enum err records_command_add(struct records *records, const struct actor *actor, const struct command_record *command, struct fault *fault)
{
    struct change c;
    bool own = strcmp(actor->name, INGESTOR) == 0;
    enum err err = check_name(command->command_id, sizeof command->command_id, "/command_id", fault);
    FIRST(err, check_name(command->name, sizeof command->name, "/command", fault));
    FIRST(err, check_text(command->params, sizeof command->params, "/params", fault));
    if (err == OK && command->expires_utc_ms <= actor->at_utc_ms)
        err = fault_at(fault, ERR_INVALID, "/expires_in_s", "a command expires after it is given");
    FIRST(err, change_begin(records, own ? NULL : actor, fault, &c));
    if (err != OK)
        return err;
    err = command->state == COMMAND_QUEUED ? check_room(&c) : OK;
    if (err == OK && !own)
        err = change_note(&c, "command.add", command->command_id, "%s %s", command->name, command->params);
    FIRST(err, insert(&c, command));
    return change_end(&c, err);
}

enum err records_command_poll(struct records *records, size_t limit, struct fault *fault, struct command_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, SELECT "WHERE c.state = 0 ORDER BY command_no LIMIT ?");
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, command_read, limit, fault, out, out_count);
}

enum err records_command_sent(struct records *records, int64_t command_no, int64_t at_utc_ms, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db, "UPDATE command SET state = 1, sent_utc_ms = ? WHERE command_no = ? AND state = 0");
    query_bind_int(&q, at_utc_ms);
    query_bind_int(&q, command_no);
    return change_end(&c, query_run(&q, fault));
}

enum err records_command_answer(struct records *records, int64_t meter_no, const char *command_id, bool done, const char *detail, int64_t at_utc_ms,
                                struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = check_text(detail, COMMAND_DETAIL_SIZE, "/detail", fault);
    FIRST(err, change_begin(records, NULL, fault, &c));
    if (err != OK)
        return err;
    query_begin(&q, c.db, "UPDATE command SET state = ?, detail = ?, answered_utc_ms = ? WHERE command_id = ? AND meter_no = ? AND state <= 1");
    query_bind_int(&q, done ? COMMAND_DONE : COMMAND_REFUSED);
    query_bind_text(&q, detail);
    query_bind_int(&q, at_utc_ms);
    query_bind_text(&q, command_id);
    query_bind_int(&q, meter_no);
    return change_end(&c, query_run(&q, fault));
}

enum err records_command_list(struct records *records, int64_t meter_no, int64_t before_no, size_t limit, struct fault *fault,
                              struct command_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                meter_no != 0 ? SELECT "WHERE command_no < ? AND c.meter_no = ? ORDER BY command_no DESC LIMIT ?"
                              : SELECT "WHERE command_no < ? ORDER BY command_no DESC LIMIT ?");
    query_bind_int(&q, before_no > 0 ? before_no : INT64_MAX);
    if (meter_no != 0)
        query_bind_int(&q, meter_no);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, command_read, limit, fault, out, out_count);
}

enum err records_command_by_id(struct records *records, int64_t meter_no, const char *command_id, struct fault *fault, struct command_record *out)
{
    struct query q;
    struct db *db = NULL;
    struct command_record command;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, SELECT "WHERE command_id = ? AND c.meter_no = ?");
    query_bind_text(&q, command_id);
    query_bind_int(&q, meter_no);
    err = query_one(&q, fault);
    if (err == OK) {
        command_read(&q, &command);
        err = query_end(&q, fault);
    } else if (err == ERR_NOT_FOUND) {
        fault_set(fault, err, "there is no such command");
    }
    reader_give(records, db);
    if (err == OK)
        *out = command;
    return err;
}

enum err records_command_prune(struct records *records, int64_t before_utc_ms, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db, "DELETE FROM command WHERE expires_utc_ms < ?");
    query_bind_int(&q, before_utc_ms);
    return change_end(&c, query_run(&q, fault));
}
