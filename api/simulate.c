/*
 * POST /tariffs/{tariff_id}/simulate: what a meter would have paid under that tariff over its own ended cycles, beside what its own tariff gives. The
 * same energy, accounts and engine as its drafts: only the tariff is another.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/bill_sight.h"
#include "api/caller.h"
#include "api/ledger.h"
#include "api/resources.h"
#include "base/civil.h"
#include "base/text.h"
#include "billing/maker.h"
#include "wire/bill_json.h"
#include "wire/json_out.h"
#include "wire/rest_in.h"

#define CYCLES_MAX 40      /* of one question: more than three years of months */
#define BILLS_AT_ONCE 50   /* read from the ledger */
#define KNOWN_PERMILLE 900 /* of a cycle's quarter-hours, so that it counts */
#define CYCLES_JSON_MAX (8 * 1024 * 1024)

struct ended {
    int32_t from_day, until_day;
    char *terms;
};

/* One side of the comparison: so far. */
struct side {
    struct bill_maker *maker;
    char currency[4];
    int minor_digits;
    bool mixed; /* a cycle had no bill, or another currency: there is no sum */
    int64_t total_minor;
};

struct simulation {
    struct exchange *x;
    struct facts *facts;
    struct sight meter;
    struct bill_sight bills;
    struct tariff_record tariff;
    int32_t from_day, to_day;
    int count; /* newest first */
    struct ended ended[CYCLES_MAX];
    bool too_many;
    int seen;
    struct bill_row last; /* a cursor; its texts are not valid */
    struct side own, other;
    struct buf cycles; /* JSON */
    int usable, days;
    int64_t import_wh, known, quarters;
    bool complete;
    char reason[200]; /* why the first one that is of no use is so */
    struct bill *bill;
};

/* ---- the question ---- */

static enum err read_question(struct simulation *s, struct fault *fault, char out_meter_id[RECORD_ID_SIZE])
{
    static const char *const names[] = {"meter_id", "from", "to", NULL};
    struct rest_in *in = NULL;
    s->to_day = INT32_MAX;
    enum err err = rest_in_parse(s->x->body.data, s->x->body.len, false, fault, &in);
    if (err == OK)
        err = rest_in_only(in, names, fault);
    if (err == OK)
        err = rest_in_required(in, "meter_id", fault);
    if (err == OK)
        err = rest_in_required(in, "from", fault);
    if (err == OK)
        err = rest_in_name(in, "meter_id", fault, out_meter_id, RECORD_ID_SIZE);
    if (err == OK)
        err = rest_in_day(in, "from", fault, &s->from_day);
    if (err == OK)
        err = rest_in_day(in, "to", fault, &s->to_day);
    if (err == OK && s->to_day <= s->from_day)
        err = fault_at(fault, ERR_INVALID, "/to", "It must lie behind `from`.");
    rest_in_destroy(in);
    return err;
}

/* Up to today where nothing is said: nobody used anything later. */
static enum err fit_question(struct simulation *s, struct fault *fault)
{
    int32_t today = zone_local_day(s->meter.zone, s->x->now_utc_ms);
    if (s->to_day > today)
        s->to_day = today;
    return s->from_day < s->to_day ? OK : fault_at(fault, ERR_INVALID, "/from", "A day before today is expected.");
}

/* ---- the cycles ---- */

static int keep_ended(const struct bill_row *row, void *arg)
{
    struct simulation *s = arg;
    s->seen++;
    s->last = *row;
    if (row->from_day < s->from_day)
        return 1;
    if (row->until_day > s->to_day || !row->terms || !bill_sight_holds(&s->bills, row->account_id))
        return 0;
    if (s->count == CYCLES_MAX) {
        s->too_many = true;
        return 1;
    }
    struct ended *ended = &s->ended[s->count];
    *ended = (struct ended){row->from_day, row->until_day, strdup(row->terms)};
    s->count += ended->terms != NULL;
    return ended->terms == NULL;
}

static enum err find_ended(struct simulation *s, struct fault *fault)
{
    char bill_id[BILL_ID_SIZE] = "";
    int32_t before_day = 0;
    enum err err;
    do {
        s->seen = 0;
        err =
            facts_bills(s->facts, s->meter.point.meter_no, BILL_DRAFT, before_day, bill_id[0] ? bill_id : NULL, BILLS_AT_ONCE, keep_ended, s, fault);
        before_day = s->last.from_day;
        text_copy(bill_id, sizeof bill_id, s->last.bill_id);
    } while (err == OK && s->seen == BILLS_AT_ONCE && s->last.from_day >= s->from_day && !s->too_many);
    if (err == OK && s->too_many)
        err = fault_at(fault, ERR_INVALID, "/from", "More than %d cycles end in that time: ask for fewer.", CYCLES_MAX);
    return err;
}

/* ---- one cycle ---- */

struct cycle {
    const struct ended *ended;
    int64_t known, quarters, import_wh;
    char reason[200]; /* "": it counts */
    bool simulated, own;
    int64_t simulated_minor, own_minor;
    char own_tariff_id[NAME_SIZE];
};

static void count_known(const struct bill_energy *energy, struct cycle *cycle)
{
    for (int i = 0; i < energy->until_day - energy->from_day; i++) {
        const struct energy_sum *sum = &energy->days[i];
        int known = sum->measured + sum->estimated + sum->edited;
        cycle->known += known;
        cycle->quarters += known + sum->partial + sum->missing;
        cycle->import_wh += sum->wh;
    }
}

static int64_t permille(int64_t part, int64_t whole)
{
    return whole > 0 ? part * 1000 / whole : 0;
}

/*
 * The bill of one side into s->bill; where there is none, *why says so. The other tariff may not know every month of its tables yet (flags, taxes):
 * then the last one known is used, as in a bill so far, and the bill's note says so.
 */
static enum err make(struct simulation *s, const struct side *side, const struct ended *ended, const struct tariff_record *tariff, struct fault *why,
                     struct bill_inputs *inputs, bool *out_made)
{
    enum err err = bill_maker_present(side->maker, s->facts, ended->terms, tariff, INT64_MAX, why, inputs);
    if (err == OK)
        err = bill_work_out(inputs, tariff ? BILL_OPEN : BILL_DRAFT, NULL, why, s->bill);
    s->bill->state = BILL_DRAFT;
    *out_made = err == OK;
    return err == ERR_INVALID || err == ERR_NOT_FOUND ? OK : err;
}

static void add_up(struct side *side, const struct bill *bill, bool made)
{
    bool first = side->currency[0] == '\0';
    if (made && first) {
        text_copy(side->currency, sizeof side->currency, bill->currency);
        side->minor_digits = bill->minor_digits;
    }
    if (!made || strcmp(side->currency, bill->currency) != 0 || side->minor_digits != bill->minor_digits ||
        __builtin_add_overflow(side->total_minor, bill->total.minor, &side->total_minor))
        side->mixed = true;
}

static void write_amount(struct buf *out, const char *key, bool known, int64_t minor)
{
    if (known)
        out_int(out, key, minor);
    else
        out_null(out, key);
}

static bool comparable(const struct simulation *s)
{
    return strcmp(s->own.currency, s->other.currency) == 0 && s->own.minor_digits == s->other.minor_digits;
}

static void begin_cycle(struct buf *out, const struct cycle *cycle)
{
    out_object(out, NULL);
    out_day(out, "cycle_from", cycle->ended->from_day);
    out_day(out, "cycle_until", cycle->ended->until_day);
    out_int(out, "days", cycle->ended->until_day - cycle->ended->from_day);
    out_int(out, "import_wh", cycle->import_wh);
    out_int(out, "known_permille", permille(cycle->known, cycle->quarters));
    out_text(out, "left_out", cycle->reason[0] ? cycle->reason : NULL);
}

static void end_cycle(struct simulation *s, const struct cycle *cycle)
{
    struct buf *out = &s->cycles;
    write_amount(out, "total_minor", cycle->simulated, cycle->simulated_minor);
    if (cycle->own) {
        out_object(out, "own");
        out_text(out, "tariff_id", cycle->own_tariff_id);
        out_text(out, "currency", s->own.currency);
        out_int(out, "total_minor", cycle->own_minor);
        out_end_object(out);
    } else {
        out_null(out, "own");
    }
    bool both = cycle->simulated && cycle->own && comparable(s);
    write_amount(out, "difference_minor", both, cycle->simulated_minor - cycle->own_minor);
    out_end_object(out);
}

static void write_bill(struct buf *out, const struct bill_inputs *inputs, const struct bill *bill)
{
    const struct tariff_version *version = tariff_version_on(rate_plan_terms(inputs->plan)->tariff, bill->until_day - 1);
    out_object(out, "bill");
    bill_members(out, bill, version ? version->print_days : DAYS_INCLUSIVE);
    out_end_object(out);
}

/* Under the other tariff first: what is known of its energy decides whether it counts. */
static enum err simulate_cycle(struct simulation *s, const struct ended *ended, struct fault *fault)
{
    struct cycle cycle = {.ended = ended};
    struct fault why = {0};
    struct bill_inputs inputs, own_inputs;
    enum err err = make(s, &s->other, ended, &s->tariff, &why, &inputs, &cycle.simulated);
    if (err != OK)
        return fault_set(fault, err, "%s", why.text);
    if (!cycle.simulated)
        text_copy(cycle.reason, sizeof cycle.reason, why.text);
    else
        count_known(inputs.energy, &cycle);
    if (cycle.simulated && permille(cycle.known, cycle.quarters) < KNOWN_PERMILLE) {
        snprintf(cycle.reason, sizeof cycle.reason, "only %d %% of its quarter-hours are known", (int)(permille(cycle.known, cycle.quarters) / 10));
        cycle.simulated = false;
    }
    begin_cycle(&s->cycles, &cycle);
    s->complete = s->complete && cycle.simulated && cycle.known == cycle.quarters && s->bill->tariff_note[0] == '\0';
    if (!cycle.simulated) {
        char from[CIVIL_TEXT_SIZE];
        civil_format(ended->from_day, from);
        if (s->reason[0] == '\0')
            snprintf(s->reason, sizeof s->reason, "of the one from %s on, %.140s", from, cycle.reason);
        end_cycle(s, &cycle);
        return OK;
    }
    cycle.simulated_minor = s->bill->total.minor;
    out_text(&s->cycles, "note", s->bill->tariff_note[0] ? s->bill->tariff_note : NULL);
    add_up(&s->other, s->bill, true);
    write_bill(&s->cycles, &inputs, s->bill);
    err = make(s, &s->own, ended, NULL, &why, &own_inputs, &cycle.own);
    if (err != OK)
        return fault_set(fault, err, "%s", why.text);
    add_up(&s->own, s->bill, cycle.own);
    if (cycle.own) {
        cycle.own_minor = s->bill->total.minor;
        text_copy(cycle.own_tariff_id, sizeof cycle.own_tariff_id, s->bill->tariff_id);
    }
    s->usable++;
    s->days += ended->until_day - ended->from_day;
    s->import_wh += cycle.import_wh;
    s->known += cycle.known;
    s->quarters += cycle.quarters;
    end_cycle(s, &cycle);
    return OK;
}

/* ---- the answer ---- */

static void write_totals(struct buf *out, const struct simulation *s)
{
    bool own = !s->own.mixed && s->usable > 0, both = own && !s->other.mixed && comparable(s);
    out_object(out, "totals");
    out_int(out, "cycles", s->usable);
    out_int(out, "days", s->days);
    out_int(out, "import_wh", s->import_wh);
    write_amount(out, "total_minor", !s->other.mixed, s->other.total_minor);
    write_amount(out, "own_total_minor", own, s->own.total_minor);
    write_amount(out, "difference_minor", both, s->other.total_minor - s->own.total_minor);
    out_end_object(out);
    out_object(out, "completeness");
    out_int(out, "days_asked", s->to_day - s->from_day);
    out_int(out, "days_covered", s->days);
    out_int(out, "known_permille", permille(s->known, s->quarters));
    out_bool(out, "complete", s->complete && s->days == s->to_day - s->from_day);
    out_end_object(out);
}

static void write_answer(struct simulation *s)
{
    struct buf *out = s->x->out;
    out_object(out, NULL);
    out_text(out, "meter_id", s->meter.point.meter_id);
    out_text(out, "tz", s->meter.point.tz);
    out_day(out, "from", s->from_day);
    out_day(out, "to", s->to_day);
    out_object(out, "tariff");
    out_text(out, "id", s->tariff.tariff_id);
    out_text(out, "version_hash", s->tariff.version_hash);
    out_end_object(out);
    out_text(out, "currency", s->other.currency);
    out_int(out, "minor", s->other.minor_digits);
    out_raw(out, "cycles", s->cycles.data);
    write_totals(out, s);
    out_end_object(out);
    reply_json(s->x, 200);
}

static void refuse(struct simulation *s)
{
    char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];
    civil_format(s->from_day, from);
    civil_format(s->to_day, to);
    if (s->count == 0)
        problem(s->x, 422, "too_little_known", "No billing cycle of this meter begins and ends from %s to %s: only whole cycles are compared.", from,
                to);
    else
        problem(s->x, 422, "too_little_known", "None of %d cycles can be compared: %s.", s->count, s->reason);
}

static enum err simulate(struct simulation *s, struct fault *fault)
{
    bool marked = false;
    enum err err = facts_meter_marked(s->facts, s->meter.point.meter_no, &marked, fault);
    if (err == OK)
        err = find_ended(s, fault);
    s->complete = !marked;
    out_array(&s->cycles, NULL);
    for (int i = s->count - 1; err == OK && i >= 0; i--)
        err = simulate_cycle(s, &s->ended[i], fault);
    out_end_array(&s->cycles);
    return err == OK && s->cycles.overflow ? fault_set(fault, ERR_RETRY, "memory is out") : err;
}

static enum err get_zone(void *zones, const char *name, struct fault *fault, const struct zone **out)
{
    return zones_get(zones, name, fault, out);
}

static enum err prepare(struct simulation *s, struct fault *fault)
{
    struct bill_zones zones = {get_zone, s->x->server->zones};
    s->own.maker = bill_maker_create(s->x->server->records, &zones);
    s->other.maker = bill_maker_create(s->x->server->records, &zones);
    s->bill = malloc(sizeof *s->bill);
    enum err err = s->own.maker && s->other.maker && s->bill ? OK : fault_set(fault, ERR_RETRY, "memory is out");
    if (err == OK)
        err = bill_sight_of(s->x, fault, &s->bills);
    return err == OK ? ledger_borrow(s->x->server->ledger, fault, &s->facts) : err;
}

static void finish(struct simulation *s, enum err err)
{
    if (s->facts)
        ledger_return(s->x->server->ledger, s->facts, err == ERR_FATAL);
    for (int i = 0; i < s->count; i++)
        free(s->ended[i].terms);
    bill_maker_destroy(s->own.maker);
    bill_maker_destroy(s->other.maker);
    bill_sight_finish(&s->bills);
    buf_finish(&s->cycles);
    free(s->bill);
    free(s);
}

void tariffs_simulate(struct exchange *x)
{
    struct fault fault = {0};
    char meter_id[RECORD_ID_SIZE];
    struct simulation *s = calloc(1, sizeof *s);
    if (!s) {
        problem_store(x, fault_set(&fault, ERR_RETRY, "memory is out"), &fault);
        return;
    }
    s->x = x;
    buf_init(&s->cycles, CYCLES_JSON_MAX);
    enum err err = read_question(s, &fault, meter_id);
    if (err == OK && (err = records_tariff_get(x->server->records, x->arg, NULL, &fault, &s->tariff, NULL)) == ERR_INVALID)
        err = ERR_NOT_FOUND;
    if (err != OK) {
        problem_store(x, err, &fault);
    } else if (sight_of(x, meter_id, &s->meter)) {
        err = fit_question(s, &fault);
        if (err == OK)
            err = prepare(s, &fault);
        if (err == OK)
            err = simulate(s, &fault);
        if (err != OK)
            problem_store(x, err, &fault);
        else if (s->usable == 0)
            refuse(s);
        else
            write_answer(s);
    }
    finish(s, err);
}
