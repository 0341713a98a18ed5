/* GET /bills/{bill_id}.pdf: the same bill on paper, with who and what stands around it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/bill_history.h"
#include "api/bill_view.h"
#include "api/language.h"
#include "api/resources.h"
#include "base/civil.h"
#include "base/text.h"
#include "energy/cycle.h"
#include "print/bill_sheet.h"

#define DEVICES_MAX 100

/* What is written on the paper beside the bill: it lives as long as the sheet is drawn. */
struct around {
    char utility[RECORD_SETTING_SIZE];
    struct customer_record customer;
    struct account_record account;
    struct point_record point;
    const struct zone *zone;
    char serial[RECORD_ID_SIZE];
};

/* The device that hung there when the cycle ended. */
static enum err find_serial(struct exchange *x, const struct bill *bill, struct around *around, struct fault *fault)
{
    struct device_record *devices = calloc(DEVICES_MAX, sizeof *devices);
    int64_t end = zone_midnight_utc_ms(around->zone, bill->until_day);
    size_t count = 0;
    if (devices == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    enum err err = records_device_list(x->server->records, around->point.meter_no, DEVICES_MAX, fault, devices, &count);
    for (size_t i = 0; err == OK && i < count; i++)
        if (devices[i].installed_from_utc_ms < end)
            text_copy(around->serial, sizeof around->serial, devices[i].serial);
    free(devices);
    return err;
}

/* OK where there is no account, too: then nobody's name is printed. */
static enum err find_people(struct exchange *x, const struct bill *bill, struct around *around, struct fault *fault)
{
    if (bill->account_id[0] == '\0')
        return OK;
    enum err err = records_account_by_id(x->server->records, bill->account_id, fault, &around->account);
    if (err == OK)
        err = records_customer_by_id(x->server->records, around->account.customer_id, fault, &around->customer);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err find_around(struct exchange *x, const struct bill *bill, struct around *around, struct fault *fault)
{
    enum err err = records_setting_get(x->server->records, "utility_name", x->now_utc_ms, fault, around->utility);
    if (err == OK)
        err = records_point_by_id(x->server->records, bill->meter_id, fault, &around->point);
    if (err == OK)
        err = zones_get(x->server->zones, around->point.tz, fault, &around->zone);
    if (err == OK)
        err = find_people(x, bill, around, fault);
    return err == OK ? find_serial(x, bill, around, fault) : err;
}

/* When the cycle after this bill's ends, by the account's calendar; none where the account ends first. */
static enum err find_next_read(struct exchange *x, const struct around *around, struct bill_sheet *sheet, struct fault *fault)
{
    const struct bill *bill = &sheet->document->bill;
    struct account_terms terms = {0};
    struct cycle_group_record group;
    char name[RECORD_SETTING_SIZE];
    int32_t from_day, until_day, last_day = around->account.until_day;
    bool accounted = around->account.account_no != 0;
    if (accounted && last_day <= bill->until_day)
        return OK;
    enum err err = records_setting_get(x->server->records, "default_cycle_group", x->now_utc_ms, fault, name);
    if (err == OK && accounted)
        err = records_account_terms_on(x->server->records, around->account.account_no, bill->until_day, fault, &terms);
    if (err == OK)
        err = records_cycle_group_by_id(x->server->records, terms.cycle_group[0] != '\0' ? terms.cycle_group : name, fault, &group);
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    cycle_containing(&group.group, bill->until_day, &from_day, &until_day);
    if (accounted && last_day < until_day)
        until_day = last_day;
    sheet->has_next_read = true;
    sheet->next_read_day = until_day + sheet->document->read_to_day - bill->until_day;
    return OK;
}

static enum err fill(struct exchange *x, const struct around *around, struct bill_sheet *sheet, struct fault *fault)
{
    sheet->utility = around->utility;
    sheet->customer = around->customer.name;
    sheet->address = around->point.address[0] != '\0' ? around->point.address : around->point.label;
    sheet->serial = around->serial;
    sheet->issued_day = zone_local_day(around->zone, sheet->document->issued_utc_ms);
    sheet->as_of_day = zone_local_day(around->zone, sheet->document->bill.as_of_utc_ms);
    enum err err = find_next_read(x, around, sheet, fault);
    return err == OK ? bill_history_fill(x, around->point.meter_no, sheet, fault) : err;
}

/* bill-2026-11-01.pdf, conta-2026-11-01.pdf: what a browser keeps it as. */
static void name_file(struct exchange *x, const struct bill_document *document, enum tongue tongue)
{
    char day[CIVIL_TEXT_SIZE];
    civil_format(document->read_to_day, day);
    http_response_header(x->response, "Content-Disposition", "inline; filename=\"%s-%s-%s.pdf\"", tongue == TONGUE_EN ? "bill" : "conta",
                         document->bill.meter_id, day);
    http_response_header(x->response, "Content-Language", "%s", tongue_tag(tongue));
    http_response_header(x->response, "Vary", "Accept-Language");
}

struct job {
    const struct bill_sheet *sheet;
    enum tongue tongue;
    struct fault *fault;
    struct buf *out;
    enum err err;
};

static void *do_job(void *arg)
{
    struct job *job = arg;
    job->err = bill_sheet_print(job->sheet, job->tongue, job->fault, job->out);
    return NULL;
}

/*
 * In a thread of its own, which ends: the C library keeps up to 200 KiB of small blocks for each thread that ever drew, and there are as many workers
 * as there may be streams.
 */
static enum err print_aside(const struct bill_sheet *sheet, enum tongue tongue, struct fault *fault, struct buf *out)
{
    struct job job = {.sheet = sheet, .tongue = tongue, .fault = fault, .out = out};
    pthread_t thread;
    if (pthread_create(&thread, NULL, do_job, &job) != 0)
        return fault_set(fault, ERR_RETRY, "no thread can be had");
    pthread_join(thread, NULL);
    return job.err;
}

static void print(struct exchange *x, const struct bill_document *document)
{
    struct around around = {.serial = ""};
    struct bill_sheet sheet = {.document = document};
    struct fault fault = {0};
    enum tongue tongue;
    enum err err = find_around(x, &document->bill, &around, &fault);
    if (err == OK)
        err = fill(x, &around, &sheet, &fault);
    if (err == OK && !language_of(x, around.customer.language, &tongue))
        return;
    if (err == OK)
        err = print_aside(&sheet, tongue, &fault, x->out);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    name_file(x, document, tongue);
    reply_document(x, "application/pdf");
}

void bill_pdf_get(struct exchange *x)
{
    struct fault fault = {0};
    struct buf text;
    int64_t edition;
    struct bill_document *document = malloc(sizeof *document);
    buf_init(&text, RECORDS_DOCUMENT_MAX + 4096);
    enum err err = param_int(&x->query, "edition", 1, 1000000, 0, &fault, &edition);
    if (err == OK)
        err = bill_for_caller(x, (int)edition, &fault, &text);
    if (err == OK && (document == NULL || text.overflow))
        err = fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK && bill_document_parse(text.data, &fault, document) != OK)
        err = fault_set(&fault, ERR_FATAL, "a bill in the store cannot be read");
    if (err == OK)
        print(x, document);
    else
        problem_store(x, err, &fault);
    buf_finish(&text);
    free(document);
}
