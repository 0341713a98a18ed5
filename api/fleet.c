#include "api/fleet.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "api/fleet_count.h"
#include "api/ledger.h"
#include "api/resources.h"
#include "wire/json_out.h"

#define SAMPLES 7 /* half a minute of ticks */
#define COST_FACTOR 20

struct sample {
    int64_t monotonic_ms;
    int64_t received;
};

struct fleet {
    pthread_mutex_t lock;     /* of what is kept */
    pthread_mutex_t counting; /* held by who counts */
    struct sample samples[SAMPLES];
    int sample_count;
    struct fleet_count kept;
    bool has_kept;
    int64_t fresh_until_ms; /* monotonic */
};

struct fleet *fleet_create(void)
{
    struct fleet *fleet = calloc(1, sizeof *fleet);
    if (fleet == NULL)
        return NULL;
    pthread_mutex_init(&fleet->lock, NULL);
    pthread_mutex_init(&fleet->counting, NULL);
    return fleet;
}

void fleet_destroy(struct fleet *fleet)
{
    if (fleet == NULL)
        return;
    pthread_mutex_destroy(&fleet->lock);
    pthread_mutex_destroy(&fleet->counting);
    free(fleet);
}

void fleet_tick(struct server *server)
{
    struct fleet *fleet = server->fleet;
    struct facts *facts;
    struct fleet_numbers numbers;
    if (ledger_borrow(server->ledger, NULL, &facts) != OK)
        return;
    enum err err = fleet_numbers_read(facts, NULL, &numbers);
    ledger_return(server->ledger, facts, err != OK);
    if (err != OK)
        return;
    struct sample sample = {.monotonic_ms = clock_monotonic(server->clock), .received = numbers.received};
    pthread_mutex_lock(&fleet->lock);
    if (fleet->sample_count == SAMPLES)
        memmove(fleet->samples, fleet->samples + 1, (SAMPLES - 1) * sizeof fleet->samples[0]);
    else
        fleet->sample_count++;
    fleet->samples[fleet->sample_count - 1] = sample;
    pthread_mutex_unlock(&fleet->lock);
}

/* Readings per second in thousandths, over the samples there are. Locked. */
static int64_t rate_milli(const struct fleet *fleet)
{
    if (fleet->sample_count < 2)
        return 0;
    const struct sample *first = &fleet->samples[0], *last = &fleet->samples[fleet->sample_count - 1];
    int64_t ms = last->monotonic_ms - first->monotonic_ms, readings = last->received - first->received;
    return ms > 0 && readings > 0 ? readings * 1000000 / ms : 0;
}

/* What is kept, counted anew where it is old. */
static enum err get(struct exchange *x, struct facts *facts, struct fault *fault, struct fleet_count *out)
{
    struct fleet *fleet = x->server->fleet;
    enum err err = OK;
    int64_t begun_ms = clock_monotonic(x->server->clock);
    pthread_mutex_lock(&fleet->lock);
    bool fresh = fleet->has_kept && begun_ms < fleet->fresh_until_ms, first = !fleet->has_kept;
    pthread_mutex_unlock(&fleet->lock);
    bool mine = !fresh && (first ? pthread_mutex_lock(&fleet->counting) : pthread_mutex_trylock(&fleet->counting)) == 0;
    struct fleet_count counted;
    if (mine) {
        err = fleet_count_all(x->server, facts, x->now_utc_ms, fault, &counted);
        int64_t ended_ms = clock_monotonic(x->server->clock), keep_ms = (ended_ms - begun_ms) * COST_FACTOR;
        pthread_mutex_lock(&fleet->lock);
        if (err == OK) {
            fleet->kept = counted;
            fleet->has_kept = true;
            fleet->fresh_until_ms = ended_ms + (keep_ms > FLEET_KEEP_MS ? keep_ms : FLEET_KEEP_MS);
        }
        pthread_mutex_unlock(&fleet->lock);
        pthread_mutex_unlock(&fleet->counting);
    }
    pthread_mutex_lock(&fleet->lock);
    *out = fleet->kept;
    out->rate_milli = rate_milli(fleet);
    pthread_mutex_unlock(&fleet->lock);
    return err;
}

static void write_completeness(struct buf *out, const char *key, const struct fleet_day *day)
{
    out_object(out, key);
    out_int(out, "slots_expected", day->expected);
    out_int(out, "slots_present", day->present);
    if (day->expected > 0)
        out_int(out, "present_permille", day->present * 1000 / day->expected);
    else
        out_null(out, "present_permille");
    out_end_object(out);
}

static void write_meters(struct buf *out, const struct fleet_count *count)
{
    out_object(out, "meters");
    out_int(out, "total", count->total);
    out_object(out, "by_state");
    for (int state = POINT_UNASSIGNED; state <= POINT_INACTIVE; state++)
        out_int(out, point_state_name((enum point_state)state), count->by_state[state]);
    out_end_object(out);
    out_int(out, "online", count->online);
    out_int(out, "offline", count->offline);
    out_int(out, "silent", count->silent);
    out_int(out, "never_read", count->never_read);
    out_end_object(out);
}

static void write_ingest(struct buf *out, const struct fleet_count *count)
{
    const struct fleet_numbers *numbers = &count->numbers;
    out_object(out, "ingest");
    out_scaled(out, "rate_per_s", count->rate_milli, 3);
    if (numbers->has_lag)
        out_int(out, "lag_ms", numbers->lag_ms);
    else
        out_null(out, "lag_ms");
    out_int(out, "received", numbers->received);
    out_int(out, "accepted", numbers->accepted);
    out_int(out, "repeated", numbers->repeated);
    out_int(out, "refused", numbers->refused);
    out_int(out, "marks", count->marked);
    if (numbers->heartbeat_utc_ms > 0)
        out_instant(out, "heartbeat", numbers->heartbeat_utc_ms);
    else
        out_null(out, "heartbeat");
    out_end_object(out);
}

static void write_alerts(struct buf *out, const struct fleet_count *count)
{
    int64_t severities[3] = {0}, open = 0;
    out_object(out, "alerts");
    out_array(out, "by_kind");
    for (int i = 0; i < alert_kind_count && i < FLEET_KINDS; i++) {
        const struct fleet_kind *kind = &count->kinds[i];
        severities[alert_kind_table[i].severity] += kind->active + kind->acknowledged;
        open += kind->active + kind->acknowledged;
        if (kind->active + kind->acknowledged == 0)
            continue;
        out_object(out, NULL);
        out_text(out, "kind", alert_kind_table[i].name);
        out_text(out, "severity", alert_severity_name(alert_kind_table[i].severity));
        out_int(out, "active", kind->active);
        out_int(out, "acknowledged", kind->acknowledged);
        out_end_object(out);
    }
    out_end_array(out);
    out_object(out, "by_severity");
    for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++)
        out_int(out, alert_severity_name((enum alert_severity)i), severities[i]);
    out_end_object(out);
    out_int(out, "open", open);
    out_end_object(out);
}

void fleet_summary(struct exchange *x)
{
    struct fleet_count count;
    struct fault fault = {0};
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    enum err err = get(x, facts, &fault, &count);
    if (err == OK) {
        struct buf *out = x->out;
        out_object(out, NULL);
        out_instant(out, "as_of", count.as_of_utc_ms);
        write_meters(out, &count);
        out_object(out, "completeness");
        write_completeness(out, "today", &count.today);
        write_completeness(out, "yesterday", &count.yesterday);
        out_end_object(out);
        write_ingest(out, &count);
        write_alerts(out, &count);
        out_object(out, "energy");
        out_int(out, "today_import_wh", count.today.import_wh);
        out_int(out, "yesterday_import_wh", count.yesterday.import_wh);
        out_end_object(out);
        out_end_object(out);
        reply_json(x, 200);
    } else {
        problem_store(x, err, &fault);
    }
    ledger_done(x, facts);
}
