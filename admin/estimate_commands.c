/* Decisions on readings (energy/decision.h): `qw estimate`. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "admin/command.h"
#include "admin/sheet.h"
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "store/decided.h"
#include "wire/message_json.h"

static bool read_exchange(const char *document, int64_t *old_final_wh, int64_t *new_start_wh, int64_t *new_register_max_wh)
{
    struct exchange_message message;
    if (!exchange_parse(document, strlen(document), &message))
        return false;
    *old_final_wh = message.old_final_wh;
    *new_start_wh = message.new_start_wh;
    *new_register_max_wh = message.new_register_max_wh;
    return true;
}

static const struct arg_row add_rows[] = {
    {.name = "meter", .placeholder = "METER", .help = "the meter", .operand = true, .required = true},
    {.name = "action", .placeholder = "ACTION", .help = "accept, refuse, edit or estimate", .operand = true, .required = true},
    {.name = "reason", .placeholder = "TEXT", .help = "why; it is kept for good", .required = true},
    {.name = "channel", .placeholder = "OBIS", .help = "the register (default: 1.8.0)"},
    {.name = "ts", .placeholder = "INSTANT", .help = "accept, refuse: of the stored read"},
    {.name = "value-wh", .type = ARG_INT, .placeholder = "WH", .help = "accept, refuse: what the register showed"},
    {.name = "from", .placeholder = "WHEN", .help = "edit, estimate: an instant, or a date in the meter's zone"},
    {.name = "to", .placeholder = "WHEN", .help = "edit, estimate: the same; does not count"},
    {.name = "energy-wh", .type = ARG_INT, .placeholder = "WH", .help = "edit: the span's energy; estimate: its total, where it is known"},
    {0},
};

/* An instant or a local date, which is required. */
static enum err read_when(const struct args *args, const char *name, const struct zone *zone, struct fault *fault, int64_t *out)
{
    int32_t day;
    if (arg(args, name) == NULL)
        return fault_set(fault, ERR_INVALID, "--%s is missing", name);
    if (!civil_parse(arg(args, name), &day))
        return arg_instant(args, name, fault, out);
    *out = zone_midnight_utc_ms(zone, day);
    return OK;
}

static enum err must_be_absent(const struct args *args, const char *const names[], struct fault *fault)
{
    for (int i = 0; names[i] != NULL; i++)
        if (arg(args, names[i]) != NULL)
            return fault_set(fault, ERR_INVALID, "--%s has no meaning with %s", names[i], arg(args, "action"));
    return OK;
}

static enum err read_span(const struct args *args, const struct zone *zone, struct fault *fault, struct decision *out)
{
    static const char *const others[] = {"ts", "value-wh", NULL};
    enum err err = must_be_absent(args, others, fault);
    if (err == OK)
        err = read_when(args, "from", zone, fault, &out->from_utc_ms);
    if (err == OK)
        err = read_when(args, "to", zone, fault, &out->until_utc_ms);
    if (err == OK)
        err = arg_int(args, "energy-wh", 0, READING_WH_MAX, fault, &out->energy_wh);
    out->has_energy = arg(args, "energy-wh") != NULL;
    out->from_utc_ms = instant_floor(out->from_utc_ms, QUARTER_MS);
    out->until_utc_ms = instant_floor(out->until_utc_ms + QUARTER_MS - 1, QUARTER_MS);
    return err;
}

static enum err read_read(const struct args *args, struct fault *fault, struct decision *out)
{
    static const char *const others[] = {"from", "to", "energy-wh", NULL};
    enum err err = must_be_absent(args, others, fault);
    if (err == OK && (arg(args, "ts") == NULL || arg(args, "value-wh") == NULL))
        err = fault_set(fault, ERR_INVALID, "--ts and --value-wh name the read");
    if (err == OK)
        err = arg_instant(args, "ts", fault, &out->from_utc_ms);
    if (err == OK)
        err = arg_int(args, "value-wh", 0, READING_WH_MAX, fault, &out->value_wh);
    out->until_utc_ms = out->from_utc_ms + 1;
    return err;
}

static enum err read_decision(const struct args *args, const struct zone *zone, struct fault *fault, struct decision_record *out)
{
    out->decision.channel = OBIS_IMPORT;
    if (!decision_action_parse(arg(args, "action"), &out->decision.action))
        return fault_set(fault, ERR_INVALID, "the action must be accept, refuse, edit or estimate");
    if (arg(args, "channel") != NULL && !obis_parse(arg(args, "channel"), &out->decision.channel))
        return fault_set(fault, ERR_INVALID, "a channel is an OBIS code C.D.E, as 1.8.0");
    enum err err = arg_copy(args, "reason", fault, out->reason, sizeof out->reason);
    if (err != OK)
        return err;
    return decision_is_span(&out->decision) ? read_span(args, zone, fault, &out->decision) : read_read(args, fault, &out->decision);
}

static enum err find_point(struct qw *qw, const char *meter_id, struct fault *fault, struct point_record *out)
{
    enum err err = records_point_by_id(qw->records, meter_id, fault, out);
    return err == ERR_NOT_FOUND ? fault_set(fault, err, "there is no meter %.64s; `qw meter list` tells which there are", meter_id) : err;
}

static enum err run_add(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct decision_record record = {.meter_no = 0};
    struct point_record point;
    const struct zone *zone;
    struct facts *facts = NULL;
    int64_t no = 0;
    enum err err = find_point(qw, arg(args, "meter"), fault, &point);
    if (err == OK)
        err = zones_get(qw->zones, point.tz, fault, &zone);
    if (err == OK)
        err = read_decision(args, zone, fault, &record);
    if (err == OK && record.decision.until_utc_ms > qw->actor.at_utc_ms)
        err = fault_set(fault, ERR_INVALID, "it lies in the future");
    if (err == OK && (qw->ledger_db[0] == '\0' || access(qw->ledger_db, F_OK) != 0))
        err = fault_set(fault, ERR_INVALID, "there is no ledger here to look the readings up in; name it with --ledger-db, or ask the API");
    if (err == OK)
        err = facts_open_sqlite(qw->ledger_db, FACTS_READER, fault, &facts);
    record.meter_no = err == OK ? point.meter_no : 0;
    if (err == OK)
        err = decided_preview(facts, qw->records, &point, zone, &record.decision, read_exchange, fault, &record.before_wh, &record.after_wh);
    facts_close(facts);
    if (err == OK)
        err = records_decision_add(qw->records, &qw->actor, &record, fault, &no);
    if (err == OK)
        err = records_decision_by_no(qw->records, no, fault, &record);
    if (err == OK)
        say(qw, "%s: %" PRId64 " Wh become %" PRId64 " Wh, %s", record.estimate_id, record.before_wh, record.after_wh,
            record.state == DECISION_PROPOSED ? "proposed: a second person approves it" : "approved");
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "meter", .placeholder = "METER", .help = "of this meter only"},
    {.name = "state", .placeholder = "STATE", .help = "proposed, approved, rejected or withdrawn"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static void show(struct sheet *sheet, const struct decision_record *record)
{
    const struct decision *decision = &record->decision;
    char channel[OBIS_TEXT_SIZE];
    obis_format(decision->channel, channel);
    sheet_text(sheet, record->estimate_id);
    sheet_text(sheet, decision_state_name(record->state));
    sheet_text(sheet, record->meter_id);
    sheet_text(sheet, channel);
    sheet_text(sheet, decision_action_name(decision->action));
    sheet_instant(sheet, decision->from_utc_ms, INT64_MIN);
    sheet_instant(sheet, decision_is_span(decision) ? decision->until_utc_ms : INT64_MIN, INT64_MIN);
    sheet_int_or(sheet, decision_is_span(decision) ? INT64_MIN : decision->value_wh, INT64_MIN);
    sheet_int_or(sheet, decision->has_energy ? decision->energy_wh : INT64_MIN, INT64_MIN);
    sheet_int(sheet, record->before_wh);
    sheet_int(sheet, record->after_wh);
    sheet_text(sheet, record->by);
    sheet_text(sheet, record->reviewed_by);
    sheet_text(sheet, record->reason);
}

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct decision_record rows[RECORDS_PAGE_MAX];
    struct decision_filter filter = {.by_state = arg(args, "state") != NULL};
    struct point_record point;
    struct sheet sheet;
    size_t count = RECORDS_PAGE_MAX;
    enum err err = OK;
    if (filter.by_state && !decision_state_parse(arg(args, "state"), &filter.state))
        return fault_set(fault, ERR_INVALID, "the state must be proposed, approved, rejected or withdrawn");
    if (arg(args, "meter") != NULL && (err = find_point(qw, arg(args, "meter"), fault, &point)) != OK)
        return err;
    filter.meter_no = arg(args, "meter") != NULL ? point.meter_no : 0;
    sheet_begin(&sheet, arg_flag(args, "json"), "estimate_id", "state", "meter_id", "channel", "action", "from", "to", "value_wh", "energy_wh",
                "before_wh", "after_wh", "by", "reviewed_by", "reason", NULL);
    while (err == OK && count == RECORDS_PAGE_MAX) {
        err = records_decision_list(qw->records, &filter, RECORDS_PAGE_MAX, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            show(&sheet, &rows[i]);
            filter.before_no = rows[i].decision.decision_no;
        }
    }
    if (err == OK)
        return sheet_end(&sheet, "no decisions", fault);
    sheet_abandon(&sheet);
    return err;
}

static const struct arg_row review_rows[] = {
    {.name = "id", .placeholder = "ID", .help = "as `qw estimate list` tells it", .operand = true, .required = true},
    {.name = "note", .placeholder = "TEXT", .help = "what there is to say"},
    {0},
};

static enum err review(struct qw *qw, const struct args *args, enum decision_state state, struct fault *fault)
{
    /* Whoever may write to the records is an administrator: they take back what anybody decided, and approve nothing of their own. */
    struct decision_review said = {
        .state = state, .note = arg(args, "note") != NULL ? arg(args, "note") : "", .for_others = true, .if_revision = RECORDS_ANY_REVISION};
    int64_t no;
    if (!records_decision_id_parse(arg(args, "id"), &no))
        return fault_set(fault, ERR_INVALID, "there is no decision %.64s; `qw estimate list` tells which there are", arg(args, "id"));
    enum err err = records_decision_review(qw->records, &qw->actor, no, &said, fault);
    if (err == OK)
        say(qw, "%s is %s", arg(args, "id"), decision_state_name(state));
    return err;
}

static enum err run_approve(struct qw *qw, const struct args *args, struct fault *fault)
{
    return review(qw, args, DECISION_APPROVED, fault);
}

static enum err run_reject(struct qw *qw, const struct args *args, struct fault *fault)
{
    return review(qw, args, DECISION_REJECTED, fault);
}

static enum err run_withdraw(struct qw *qw, const struct args *args, struct fault *fault)
{
    return review(qw, args, DECISION_WITHDRAWN, fault);
}

const struct command estimate_commands[] = {
    {"estimate", "add", "Decides on a reading or a span of a meter, with a reason.", add_rows, OPENS_RECORDS, false, run_add},
    {"estimate", "list", "Lists the decisions on readings.", list_rows, OPENS_RECORDS, false, run_list},
    {"estimate", "approve", "Approves what another proposed.", review_rows, OPENS_RECORDS, false, run_approve},
    {"estimate", "reject", "Rejects what another proposed.", review_rows, OPENS_RECORDS, false, run_reject},
    {"estimate", "withdraw", "Takes a decision back; what stood before stands again.", review_rows, OPENS_RECORDS, false, run_withdraw},
    {0},
};
