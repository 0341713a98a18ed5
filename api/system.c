/* /health, /ready, /metrics, and the contract itself. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "api/gauges.h"
#include "api/ledger.h"
#include "api/openapi.h"
#include "api/resources.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/text.h"
#include "wire/json_out.h"

void system_health(struct exchange *x)
{
    out_object(x->out, NULL);
    out_text(x->out, "status", "ok");
    out_text(x->out, "version", QUILOWATT_VERSION);
    out_end_object(x->out);
    reply_json(x, 200);
}

static void write_check(struct buf *out, const char *name, bool ok, const char *detail)
{
    out_object(out, NULL);
    out_text(out, "name", name);
    out_bool(out, "ok", ok);
    out_text(out, "detail", detail);
    out_end_object(out);
}

static int take_heartbeat(const char *name, int64_t value, void *arg)
{
    if (strcmp(name, "heartbeat_utc_ms") == 0)
        *(int64_t *)arg = value;
    return 0;
}

static bool check_ingestor(struct exchange *x, int64_t heartbeat_utc_ms)
{
    char detail[96];
    int64_t age_s = (x->now_utc_ms - heartbeat_utc_ms) / MS_PER_S;
    bool ok = heartbeat_utc_ms > 0 && age_s <= x->server->settings->ready_heartbeat_s;
    if (heartbeat_utc_ms == 0)
        text_copy(detail, sizeof detail, "no heartbeat yet");
    else
        snprintf(detail, sizeof detail, "last heartbeat %" PRId64 " s ago", age_s);
    write_check(x->out, "ingestor", ok, detail);
    return ok;
}

void system_ready(struct exchange *x)
{
    struct fault fault = {0};
    struct facts *facts = NULL;
    int64_t revision, heartbeat_utc_ms = 0;
    struct buf checks;
    struct buf *out = x->out;
    buf_init(&checks, 4096);
    x->out = &checks;
    bool records = records_version(x->server->records, &fault, &revision) == OK;
    write_check(&checks, "records", records, records ? "readable" : fault.text);
    bool ledger = ledger_borrow(x->server->ledger, &fault, &facts) == OK;
    if (ledger) {
        ledger = facts_numbers(facts, take_heartbeat, &heartbeat_utc_ms, &fault) == OK;
        ledger_return(x->server->ledger, facts, !ledger);
    }
    write_check(&checks, "ledger", ledger, ledger ? "readable" : "cannot be read");
    bool ready = check_ingestor(x, heartbeat_utc_ms) && records && ledger;
    x->out = out;
    out_object(out, NULL);
    out_text(out, "status", ready ? "ready" : "not_ready");
    out_array(out, "checks");
    out_raw(out, NULL, checks.data);
    out_end_array(out);
    out_end_object(out);
    buf_finish(&checks);
    reply_json(x, ready ? 200 : 503);
}

/* A number of the ledger as a series: "readings.refused.future" is qw_ledger{name="readings.refused.future"}. */
static int render_number(const char *name, int64_t value, void *arg)
{
    struct buf *out = arg;
    for (const char *at = name; *at != '\0'; at++)
        if (!isalnum((unsigned char)*at) && strchr("._-", *at) == NULL)
            return 0;
    buf_printf(out, "qw_ledger{name=\"%s\"} %" PRId64 "\n", name, value);
    return 0;
}

void system_metrics(struct exchange *x)
{
    if (!x->request->loopback && !x->server->settings->metrics_public) {
        problem(x, 403, "forbidden", "Metrics are for this machine only; see the setting metrics_public.");
        return;
    }
    struct facts *facts;
    gauges_render(x->out);
    bool ledger = ledger_borrow(x->server->ledger, NULL, &facts) == OK;
    buf_printf(x->out,
               "# HELP qw_api_ledger_readable Whether the ledger can be read\n# TYPE qw_api_ledger_readable gauge\n"
               "qw_api_ledger_readable %d\n",
               ledger);
    if (ledger) {
        buf_str(x->out, "# HELP qw_ledger What the ingestor counts in the ledger, as of its last commit\n# TYPE qw_ledger gauge\n");
        enum err err = facts_numbers(facts, render_number, x->out, NULL);
        ledger_return(x->server->ledger, facts, err != OK);
    }
    reply_json(x, 200);
    text_copy(x->response->content_type, sizeof x->response->content_type, "text/plain; version=0.0.4; charset=utf-8");
}

void system_openapi(struct exchange *x)
{
    buf_append(x->out, openapi_text, openapi_len);
    reply_tagged(x, 200, -1);
    if (x->response->status == 200)
        text_copy(x->response->content_type, sizeof x->response->content_type, "application/yaml");
}
