#include "api/routes.h"

#include <string.h>
#include "api/resources.h"

#define ANY_SCOPE 0
#define PAGE "limit cursor"

const struct route route_table[] = {
    {"GET", "/health", ROUTE_OPEN, ANY_SCOPE, BODY_NONE, "", system_health},
    {"GET", "/ready", ROUTE_OPEN, ANY_SCOPE, BODY_NONE, "", system_ready},
    {"GET", "/metrics", ROUTE_OPEN, ANY_SCOPE, BODY_NONE, "", system_metrics},
    {"GET", "/api/v1/openapi.yaml", ROUTE_OPEN, ANY_SCOPE, BODY_NONE, "", system_openapi},
    {"POST", "/api/v1/session", ROUTE_OPEN, ANY_SCOPE, BODY_JSON, "", session_create},
    {"DELETE", "/api/v1/session", ROUTE_LOGIN, ANY_SCOPE, BODY_NONE, "", session_delete},
    {"GET", "/api/v1/me", ROUTE_LOGIN, ANY_SCOPE, BODY_NONE, "", session_me},
    {"GET", "/api/v1/tokens", ROUTE_LOGIN, SCOPE_TOKENS_WRITE, BODY_NONE, PAGE, tokens_list},
    {"POST", "/api/v1/tokens", ROUTE_LOGIN, SCOPE_TOKENS_WRITE, BODY_JSON, "", tokens_create},
    {"DELETE", "/api/v1/tokens/{token_id}", ROUTE_LOGIN, SCOPE_TOKENS_WRITE, BODY_NONE, "", tokens_revoke},
    {"GET", "/api/v1/meters", ROUTE_LOGIN, SCOPE_METERS_READ, BODY_NONE, "state district feeder search " PAGE, meters_list},
    {"POST", "/api/v1/meters", ROUTE_LOGIN, SCOPE_METERS_WRITE, BODY_JSON, "", meters_create},
    {"GET", "/api/v1/meters/{meter_id}", ROUTE_LOGIN, SCOPE_METERS_READ, BODY_NONE, "", meters_get},
    {"PATCH", "/api/v1/meters/{meter_id}", ROUTE_LOGIN, SCOPE_METERS_WRITE, BODY_JSON, "", meters_update},
    {"GET", "/api/v1/meters/{meter_id}/readings", ROUTE_LOGIN, SCOPE_READINGS_READ, BODY_NONE, "from to order " PAGE, readings_list},
    {"GET", "/api/v1/meters/{meter_id}/usage", ROUTE_LOGIN, SCOPE_READINGS_READ, BODY_NONE, "bucket from to channel", usage_get},
    {"GET", "/api/v1/meters/{meter_id}/events", ROUTE_LOGIN, SCOPE_READINGS_READ, BODY_NONE, "from to " PAGE, events_list},
    {"GET", "/api/v1/meters/{meter_id}/commands", ROUTE_LOGIN, SCOPE_METERS_READ, BODY_NONE, "command_id " PAGE, commands_list},
    {"POST", "/api/v1/meters/{meter_id}/commands", ROUTE_LOGIN, SCOPE_METERS_WRITE, BODY_JSON, "", commands_create},
    {"GET", "/api/v1/meters/{meter_id}/outages", ROUTE_LOGIN, SCOPE_READINGS_READ, BODY_NONE, "from to period", outages_get},
    {"GET", "/api/v1/meters/{meter_id}/export.csv", ROUTE_LOGIN, SCOPE_READINGS_READ, BODY_NONE, "from to", export_csv_get},
    {"GET", "/api/v1/meters/{meter_id}/greenbutton.xml", ROUTE_LOGIN, SCOPE_READINGS_READ, BODY_NONE, "from to", export_greenbutton_get},
    {"GET", "/api/v1/meters/{meter_id}/checks", ROUTE_LOGIN, SCOPE_QUALITY_READ, BODY_NONE, "from to", checks_of_meter},
    {"GET", "/api/v1/meters/{meter_id}/bill", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, "", bills_of_meter},
    {"GET", "/api/v1/meters/{meter_id}/alert-rules", ROUTE_LOGIN, SCOPE_ALERTS_READ, BODY_NONE, "", rules_get},
    {"PUT", "/api/v1/meters/{meter_id}/alert-rules", ROUTE_LOGIN, SCOPE_ALERTS_WRITE, BODY_JSON, "", rules_set},
    {"GET", "/api/v1/meters/{meter_id}/live", ROUTE_LOGIN, SCOPE_READINGS_READ, BODY_NONE, "", live_meter},
    {"GET", "/api/v1/live", ROUTE_LOGIN, SCOPE_READINGS_READ, BODY_NONE, "", live_all},
    {"GET", "/api/v1/bills", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, "meter_id state " PAGE, bills_list},
    {"GET", "/api/v1/bills/{bill_id}.pdf", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, "edition lang", bill_pdf_get},
    {"GET", "/api/v1/bills/{bill_id}", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, "edition", bills_get},
    {"GET", "/api/v1/bills/{bill_id}/explain", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, "edition line limit cursor", bills_explain},
    {"PUT", "/api/v1/bills/{bill_id}/payment", ROUTE_LOGIN, SCOPE_BILLS_WRITE, BODY_JSON, "", bill_payment_set},
    {"GET", "/api/v1/bill-runs", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, PAGE, bill_runs_list},
    {"POST", "/api/v1/bill-runs", ROUTE_LOGIN, SCOPE_BILLS_WRITE, BODY_JSON_OR_EMPTY, "", bill_runs_create},
    {"GET", "/api/v1/bill-runs/{run_id}", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, "", bill_runs_get},
    {"GET", "/api/v1/bill-runs/{run_id}/items", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, "state " PAGE, bill_run_items_list},
    {"POST", "/api/v1/bill-runs/{run_id}/release", ROUTE_LOGIN, SCOPE_BILLS_WRITE, BODY_JSON, "", bill_run_release},
    {"POST", "/api/v1/bill-runs/{run_id}/issue", ROUTE_LOGIN, SCOPE_BILLS_WRITE, BODY_NONE, "", bill_run_issue},
    {"GET", "/api/v1/tariffs", ROUTE_LOGIN, SCOPE_TARIFFS_READ, BODY_NONE, PAGE, tariffs_list},
    {"POST", "/api/v1/tariffs", ROUTE_LOGIN, SCOPE_TARIFFS_WRITE, BODY_DOCUMENT, "", tariffs_create},
    {"GET", "/api/v1/tariffs/{tariff_id}", ROUTE_LOGIN, SCOPE_TARIFFS_READ, BODY_NONE, "version", tariffs_get},
    {"PUT", "/api/v1/tariffs/{tariff_id}", ROUTE_LOGIN, SCOPE_TARIFFS_WRITE, BODY_DOCUMENT, "", tariffs_replace},
    {"POST", "/api/v1/tariffs/{tariff_id}/simulate", ROUTE_LOGIN, SCOPE_TARIFFS_READ | SCOPE_BILLS_READ, BODY_JSON, "", tariffs_simulate},
    {"GET", "/api/v1/alerts", ROUTE_LOGIN, SCOPE_ALERTS_READ, BODY_NONE, "meter_id kind state " PAGE, alerts_list},
    {"POST", "/api/v1/alerts/{alert_id}/acknowledge", ROUTE_LOGIN, SCOPE_ALERTS_WRITE, BODY_JSON_OR_EMPTY, "", alerts_acknowledge},
    {"GET", "/api/v1/customers", ROUTE_LOGIN, SCOPE_CUSTOMERS_READ, BODY_NONE, "search " PAGE, customers_list},
    {"POST", "/api/v1/customers", ROUTE_LOGIN, SCOPE_CUSTOMERS_WRITE, BODY_JSON, "", customers_create},
    {"GET", "/api/v1/customers/{customer_id}", ROUTE_LOGIN, SCOPE_CUSTOMERS_READ, BODY_NONE, "", customers_get},
    {"PATCH", "/api/v1/customers/{customer_id}", ROUTE_LOGIN, SCOPE_CUSTOMERS_WRITE, BODY_JSON, "", customers_update},
    {"GET", "/api/v1/accounts", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, "customer_id meter_id on " PAGE, accounts_list},
    {"POST", "/api/v1/accounts", ROUTE_LOGIN, SCOPE_CUSTOMERS_WRITE, BODY_JSON, "", accounts_create},
    {"GET", "/api/v1/accounts/{account_id}", ROUTE_LOGIN, SCOPE_BILLS_READ, BODY_NONE, "", accounts_get},
    {"PATCH", "/api/v1/accounts/{account_id}", ROUTE_LOGIN, SCOPE_ALERTS_WRITE, BODY_JSON, "", accounts_update},
    {"GET", "/api/v1/verdicts", ROUTE_LOGIN, SCOPE_QUALITY_READ, BODY_NONE, "meter_id district verdict place from to " PAGE, verdicts_list},
    {"GET", "/api/v1/checks", ROUTE_LOGIN, SCOPE_QUALITY_READ, BODY_NONE, "meter_id district from to check " PAGE, checks_list},
    {"GET", "/api/v1/quality", ROUTE_LOGIN, SCOPE_QUALITY_READ, BODY_NONE, "meter_id district from to incomplete " PAGE, quality_get},
    {"GET", "/api/v1/estimates", ROUTE_LOGIN, SCOPE_QUALITY_READ, BODY_NONE, "meter_id state " PAGE, estimates_list},
    {"POST", "/api/v1/estimates", ROUTE_LOGIN, SCOPE_ESTIMATES_WRITE, BODY_JSON, "", estimates_create},
    {"POST", "/api/v1/estimates/preview", ROUTE_LOGIN, SCOPE_ESTIMATES_WRITE, BODY_JSON, "", estimates_preview},
    {"GET", "/api/v1/estimates/{estimate_id}", ROUTE_LOGIN, SCOPE_QUALITY_READ, BODY_NONE, "", estimates_get},
    {"POST", "/api/v1/estimates/{estimate_id}/approve", ROUTE_LOGIN, SCOPE_ESTIMATES_WRITE, BODY_JSON_OR_EMPTY, "", estimates_approve},
    {"POST", "/api/v1/estimates/{estimate_id}/reject", ROUTE_LOGIN, SCOPE_ESTIMATES_WRITE, BODY_JSON_OR_EMPTY, "", estimates_reject},
    {"POST", "/api/v1/estimates/{estimate_id}/withdraw", ROUTE_LOGIN, SCOPE_ESTIMATES_WRITE, BODY_JSON_OR_EMPTY, "", estimates_withdraw},
    {"GET", "/api/v1/fleet/summary", ROUTE_LOGIN, SCOPE_FLEET_READ, BODY_NONE, "", fleet_summary},
};
const size_t route_count = sizeof route_table / sizeof route_table[0];

bool route_matches(const char *pattern, const char *path, char arg[EXCHANGE_ARG_SIZE])
{
    const char *brace = strchr(pattern, '{');
    if (brace == NULL)
        return strcmp(pattern, path) == 0;
    size_t before = (size_t)(brace - pattern);
    const char *after = strchr(brace, '}') + 1;
    if (strncmp(pattern, path, before) != 0)
        return false;
    size_t len = strcspn(path + before, "/"), ending = strcspn(after, "/");
    if (len <= ending || memcmp(path + before + len - ending, after, ending) != 0)
        return false;
    if (strcmp(path + before + len, after + ending) != 0)
        return false;
    len -= ending;
    if (len >= EXCHANGE_ARG_SIZE)
        return false;
    memcpy(arg, path + before, len);
    arg[len] = '\0';
    return true;
}
