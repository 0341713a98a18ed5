/* Decisions on readings and their reviews: append-only, the last review tells what a decision is worth. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "base/text.h"
#include "energy/obis.h"
#include "energy/reading.h"
#include "store/sqlite/records_db.h"

#define COLUMNS                                                                                                                                      \
    "decision_no, meter_no, meter_id, channel, action, from_utc_ms, until_utc_ms, value_wh, energy_wh, before_wh, after_wh, needs_second, reason, "  \
    "said_by, at_utc_ms, state, reviewed_by, reviewed_at_utc_ms, note, changed_revision"
#define ID_PREFIX "estimate-"

static void decision_read(struct query *q, struct decision_record *out)
{
    struct decision *decision = &out->decision;
    memset(out, 0, sizeof *out);
    decision->decision_no = query_int(q);
    snprintf(out->estimate_id, sizeof out->estimate_id, ID_PREFIX "%" PRId64, decision->decision_no);
    out->meter_no = query_int(q);
    query_text(q, out->meter_id, sizeof out->meter_id);
    decision->channel = (int32_t)query_int(q);
    decision->action = (enum decision_action)query_int(q);
    decision->from_utc_ms = query_int(q);
    decision->until_utc_ms = query_int(q);
    decision->value_wh = query_int(q);
    decision->has_energy = !query_is_null(q);
    decision->energy_wh = query_int(q);
    out->before_wh = query_int(q);
    out->after_wh = query_int(q);
    out->needs_second = query_int(q) != 0;
    query_text(q, out->reason, sizeof out->reason);
    query_text(q, out->by, sizeof out->by);
    out->at_utc_ms = query_int(q);
    out->state = (enum decision_state)query_int(q);
    query_text(q, out->reviewed_by, sizeof out->reviewed_by);
    out->reviewed_at_utc_ms = query_int(q);
    query_text(q, out->note, sizeof out->note);
    out->revision = query_int(q);
}

static enum err check_span(const struct decision *decision, struct fault *fault)
{
    if (decision->from_utc_ms % QUARTER_MS != 0)
        return fault_at(fault, ERR_INVALID, "/from", "a span begins and ends with a quarter-hour");
    if (decision->until_utc_ms % QUARTER_MS != 0 || decision->until_utc_ms <= decision->from_utc_ms)
        return fault_at(fault, ERR_INVALID, "/to", "a span ends after it begins, with a quarter-hour");
    if (decision->until_utc_ms - decision->from_utc_ms > DECISION_SPAN_MS_MAX)
        return fault_at(fault, ERR_INVALID, "/to", "a span is at most %d days long", DECISION_SPAN_DAYS_MAX);
    if (decision->action == DECISION_EDIT && !decision->has_energy)
        return fault_at(fault, ERR_INVALID, "/energy_wh", "an edit tells the energy of its span");
    return decision->has_energy ? check_range(decision->energy_wh, 0, READING_WH_MAX, "/energy_wh", fault) : OK;
}

static enum err check(const struct decision_record *record, struct fault *fault)
{
    const struct decision *decision = &record->decision;
    char channel[OBIS_TEXT_SIZE];
    int32_t again = 0;
    enum err err = check_range(decision->action, DECISION_ACCEPT, DECISION_ESTIMATE, "/action", fault);
    FIRST(err, check_text(record->reason, sizeof record->reason, "/reason", fault));
    if (err == OK && record->reason[0] == '\0')
        return fault_at(fault, ERR_INVALID, "/reason", "a decision needs a reason");
    if (err != OK)
        return err;
    obis_format(decision->channel, channel);
    if (!obis_parse(channel, &again) || again != decision->channel)
        return fault_at(fault, ERR_INVALID, "/channel", "a channel is an OBIS code C.D.E, as 1.8.0");
    if (decision_is_span(decision))
        return check_span(decision, fault);
    return decision->until_utc_ms == decision->from_utc_ms + 1 ? OK : fault_at(fault, ERR_INVALID, "/ts", "a read is of one instant");
}

static enum err check_room(struct change *c, int64_t meter_no)
{
    struct query q;
    query_begin(&q, c->db, "SELECT count(*) FROM decision_now WHERE meter_no = ? AND state <= 1");
    query_bind_int(&q, meter_no);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err;
    int64_t count = query_int(&q);
    err = query_end(&q, c->fault);
    if (err == OK && count >= RECORDS_DECISIONS_MAX)
        return fault_set(c->fault, ERR_CONFLICT, "%d decisions stand on this meter already; withdraw some", RECORDS_DECISIONS_MAX);
    return err;
}

/* Does what it changes go beyond what one person may change alone? */
static bool is_beyond(const char *limit_text, int64_t before_wh, int64_t after_wh)
{
    int64_t limit_wh = 0, difference_wh = 0;
    bool far = !text_to_int64(limit_text, &limit_wh) || __builtin_sub_overflow(after_wh, before_wh, &difference_wh);
    return far || difference_wh > limit_wh || difference_wh < -limit_wh;
}

/* By the setting that holds now. */
static enum err needs_second(struct change *c, const struct decision_record *record, bool *out)
{
    char text[RECORD_SETTING_SIZE] = "";
    enum err err = setting_on(c->db, "second_person_wh", c->actor->at_utc_ms, c->fault, text);
    if (err == OK)
        *out = is_beyond(text, record->before_wh, record->after_wh);
    return err;
}

enum err records_decision_needs_second(struct records *records, int64_t at_utc_ms, int64_t before_wh, int64_t after_wh, struct fault *fault,
                                       bool *out)
{
    char text[RECORD_SETTING_SIZE] = "";
    enum err err = records_setting_get(records, "second_person_wh", at_utc_ms, fault, text);
    if (err == OK)
        *out = is_beyond(text, before_wh, after_wh);
    return err;
}

static enum err insert(struct change *c, const struct decision_record *record, bool second)
{
    const struct decision *decision = &record->decision;
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO decision (meter_no, channel, action, from_utc_ms, until_utc_ms, value_wh, energy_wh, before_wh, after_wh, needs_second,"
                " reason, said_by, at_utc_ms, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_bind_int(&q, record->meter_no);
    query_bind_int(&q, decision->channel);
    query_bind_int(&q, decision->action);
    query_bind_int(&q, decision->from_utc_ms);
    query_bind_int(&q, decision->until_utc_ms);
    if (decision_is_span(decision))
        query_bind_null(&q);
    else
        query_bind_int(&q, decision->value_wh);
    if (decision_is_span(decision) && decision->has_energy)
        query_bind_int(&q, decision->energy_wh);
    else
        query_bind_null(&q);
    query_bind_int(&q, record->before_wh);
    query_bind_int(&q, record->after_wh);
    query_bind_int(&q, second);
    query_bind_text(&q, record->reason);
    query_bind_text(&q, c->actor->name);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    return query_run(&q, c->fault);
}

static enum err name_of_meter(struct change *c, int64_t meter_no, char out[RECORD_ID_SIZE])
{
    struct query q;
    query_begin(&q, c->db, "SELECT meter_id FROM point WHERE meter_no = ?");
    query_bind_int(&q, meter_no);
    enum err err = query_one(&q, c->fault);
    if (err == ERR_NOT_FOUND)
        return fault_at(c->fault, ERR_INVALID, "/meter_id", "there is no such meter");
    if (err != OK)
        return err;
    query_text(&q, out, RECORD_ID_SIZE);
    return query_end(&q, c->fault);
}

static enum err note_new(struct change *c, const struct decision_record *record, const char *meter_id, bool second)
{
    char from[INSTANT_TEXT_SIZE], until[INSTANT_TEXT_SIZE];
    bool span = decision_is_span(&record->decision);
    instant_format(record->decision.from_utc_ms, from);
    instant_format(record->decision.until_utc_ms, until);
    return change_note(c, "decision.add", meter_id, "%s %s%s%s, %" PRId64 " Wh before, %" PRId64 " after%s: %s",
                       decision_action_name(record->decision.action), from, span ? " to " : "", span ? until : "", record->before_wh,
                       record->after_wh, second ? ", proposed" : "", record->reason);
}

enum err records_decision_add(struct records *records, const struct actor *actor, const struct decision_record *record, struct fault *fault,
                              int64_t *out_decision_no)
{
    struct change c;
    char meter_id[RECORD_ID_SIZE];
    int64_t decision_no = 0;
    bool second = false;
    enum err err = check(record, fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = name_of_meter(&c, record->meter_no, meter_id);
    FIRST(err, check_room(&c, record->meter_no));
    FIRST(err, needs_second(&c, record, &second));
    FIRST(err, note_new(&c, record, meter_id, second));
    FIRST(err, insert(&c, record, second));
    if (err == OK)
        decision_no = db_last_id(c.db);
    err = change_end(&c, err);
    if (err == OK && out_decision_no != NULL)
        *out_decision_no = decision_no;
    return err;
}

static enum err read_one(struct db *db, int64_t decision_no, struct fault *fault, struct decision_record *out)
{
    struct query q;
    query_begin(&q, db, "SELECT " COLUMNS " FROM decision_now WHERE decision_no = ?");
    query_bind_int(&q, decision_no);
    enum err err = query_one(&q, fault);
    if (err == ERR_NOT_FOUND)
        return fault_set(fault, err, "there is no such decision");
    if (err != OK)
        return err;
    decision_read(&q, out);
    return query_end(&q, fault);
}

/* Who may say what of a decision that stands so. */
static enum err check_review(const struct decision_record *now, const struct decision_review *review, const char *actor, struct fault *fault)
{
    bool own = strcmp(now->by, actor) == 0;
    bool open = now->state == DECISION_PROPOSED || (review->state == DECISION_WITHDRAWN && now->state == DECISION_APPROVED);
    if (!open)
        return fault_set(fault, ERR_CONFLICT, "the decision is %s; it cannot be %s", decision_state_name(now->state),
                         decision_state_name(review->state));
    if (review->state != DECISION_WITHDRAWN && own)
        return fault_set(fault, ERR_CONFLICT, "a second person decides on what %s proposed", actor);
    if (review->state == DECISION_WITHDRAWN && !own && !review->for_others)
        return fault_set(fault, ERR_CONFLICT, "only %s, who decided it, or an administrator may withdraw it", now->by);
    return check_revision(now->revision, review->if_revision, fault);
}

enum err records_decision_review(struct records *records, const struct actor *actor, int64_t decision_no, const struct decision_review *review,
                                 struct fault *fault)
{
    struct change c;
    struct query q;
    struct decision_record now;
    enum err err = check_range(review->state, DECISION_APPROVED, DECISION_WITHDRAWN, "/state", fault);
    FIRST(err, check_text(review->note, RECORD_REASON_SIZE, "/note", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = read_one(c.db, decision_no, fault, &now);
    FIRST(err, check_review(&now, review, actor->name, fault));
    FIRST(err, change_note(&c, "decision.review", now.meter_id, "%s %s: %s", now.estimate_id, decision_state_name(review->state), review->note));
    if (err == OK) {
        query_begin(&q, c.db, "INSERT INTO decision_review (decision_no, state, note, said_by, at_utc_ms, revision) VALUES (?, ?, ?, ?, ?, ?)");
        query_bind_int(&q, decision_no);
        query_bind_int(&q, review->state);
        query_bind_text(&q, review->note);
        query_bind_text(&q, actor->name);
        query_bind_int(&q, actor->at_utc_ms);
        query_bind_int(&q, c.revision);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}

bool records_decision_id_parse(const char *estimate_id, int64_t *out_decision_no)
{
    int64_t no = 0;
    if (!text_starts_with(estimate_id, ID_PREFIX) || !text_to_int64(estimate_id + strlen(ID_PREFIX), &no) || no < 1)
        return false;
    *out_decision_no = no;
    return true;
}

enum err records_decision_by_no(struct records *records, int64_t decision_no, struct fault *fault, struct decision_record *out)
{
    struct db *db = NULL;
    struct decision_record record;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    err = read_one(db, decision_no, fault, &record);
    reader_give(records, db);
    if (err == OK)
        *out = record;
    return err;
}

enum err records_decision_list(struct records *records, const struct decision_filter *filter, size_t limit, struct fault *fault,
                               struct decision_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT " COLUMNS " FROM decision_now WHERE (?1 = 0 OR meter_no = ?1) AND (?2 < 0 OR state = ?2) AND decision_no < ?3"
                " ORDER BY decision_no DESC LIMIT ?4");
    query_bind_int(&q, filter->meter_no);
    query_bind_int(&q, filter->by_state ? (int64_t)filter->state : -1);
    query_bind_int(&q, filter->before_no > 0 ? filter->before_no : INT64_MAX);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, decision_read, limit, fault, out, out_count);
}

enum err records_decision_changed(struct records *records, int64_t after_revision, int64_t after_decision_no, size_t limit, struct fault *fault,
                                  struct decision_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT " COLUMNS " FROM decision_now WHERE (changed_revision, decision_no) > (?1, ?2) AND decision_no IN"
                " (SELECT decision_no FROM decision WHERE revision >= ?1 UNION SELECT decision_no FROM decision_review WHERE revision >= ?1)"
                " ORDER BY changed_revision, decision_no LIMIT ?3");
    query_bind_int(&q, after_revision);
    query_bind_int(&q, after_decision_no);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, decision_read, limit, fault, out, out_count);
}
