/*
 * The functions that answer, one per row of the route table; each is in the file of its first word. They are called with the
 * caller known and allowed, the query parsed, and the body read.
 */
#ifndef API_RESOURCES_H
#define API_RESOURCES_H

#include "api/exchange.h"

void session_create(struct exchange *x);
void session_delete(struct exchange *x);
void session_me(struct exchange *x);

void tokens_list(struct exchange *x);
void tokens_create(struct exchange *x);
void tokens_revoke(struct exchange *x);

void meters_list(struct exchange *x);
void meters_create(struct exchange *x);
void meters_get(struct exchange *x);
void meters_update(struct exchange *x);

void readings_list(struct exchange *x);
void usage_get(struct exchange *x);
void events_list(struct exchange *x);
void commands_list(struct exchange *x);
void commands_create(struct exchange *x);
void outages_get(struct exchange *x);
void export_csv_get(struct exchange *x);
void export_greenbutton_get(struct exchange *x);

void checks_of_meter(struct exchange *x);
void checks_list(struct exchange *x);
void verdicts_list(struct exchange *x);
void quality_get(struct exchange *x);

void estimates_list(struct exchange *x);
void estimates_create(struct exchange *x);
void estimates_preview(struct exchange *x);
void estimates_get(struct exchange *x);
void estimates_approve(struct exchange *x);
void estimates_reject(struct exchange *x);
void estimates_withdraw(struct exchange *x);

void bills_of_meter(struct exchange *x);
void bills_list(struct exchange *x);
void bills_get(struct exchange *x);
void bills_explain(struct exchange *x);
void bill_pdf_get(struct exchange *x);

void tariffs_list(struct exchange *x);
void tariffs_create(struct exchange *x);
void tariffs_get(struct exchange *x);
void tariffs_replace(struct exchange *x);
void tariffs_simulate(struct exchange *x);

void bill_runs_list(struct exchange *x);
void bill_runs_create(struct exchange *x);
void bill_runs_get(struct exchange *x);
void bill_run_items_list(struct exchange *x);
void bill_run_release(struct exchange *x);
void bill_run_issue(struct exchange *x);
void bill_payment_set(struct exchange *x);

void rules_get(struct exchange *x);
void rules_set(struct exchange *x);
void alerts_list(struct exchange *x);
void alerts_acknowledge(struct exchange *x);

void customers_list(struct exchange *x);
void customers_create(struct exchange *x);
void customers_get(struct exchange *x);
void customers_update(struct exchange *x);

void accounts_list(struct exchange *x);
void accounts_create(struct exchange *x);
void accounts_get(struct exchange *x);
void accounts_update(struct exchange *x);

void live_meter(struct exchange *x);
void live_all(struct exchange *x);

void fleet_summary(struct exchange *x);

void system_health(struct exchange *x);
void system_ready(struct exchange *x);
void system_metrics(struct exchange *x);
void system_openapi(struct exchange *x);

#endif
