#include "admin/meter_show.h"
#include "admin/sheet.h"
#include "base/civil.h"
#include "base/instant.h"
#include "base/number.h"
#include "base/text.h"
#include "wire/json_out.h"

const struct arg_row meter_list_rows[] = {
    {.name = "state", .placeholder = "STATE", .help = "unassigned, active or inactive"},
    {.name = "district", .placeholder = "NAME", .help = "only this district's"},
    {.name = "feeder", .placeholder = "NAME", .help = "only this feeder's"},
    {.name = "search", .placeholder = "TEXT", .help = "part of the id, label, address or serial"},
    {.name = "customer", .placeholder = "ID", .help = "only those with an account of this customer today (UTC)"},
    {.name = "limit", .type = ARG_INT, .placeholder = "N", .help = "the first N (default: all)"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static int32_t today(const struct qw *qw)
{
    return (int32_t)(instant_floor(qw->actor.at_utc_ms, MS_PER_DAY) / MS_PER_DAY);
}

static void show_row(struct sheet *sheet, const struct point_record *point)
{
    sheet_text(sheet, point->meter_id);
    sheet_text(sheet, point_state_name(point->state));
    sheet_text(sheet, point->tz);
    sheet_text(sheet, point->district);
    sheet_text(sheet, point->feeder);
    sheet_text(sheet, point->serial);
    sheet_int_or(sheet, point->reading_interval_s, 0);
    sheet_text(sheet, point->label);
}

static enum err list_all(struct qw *qw, struct point_filter *filter, int64_t left, struct fault *fault, struct sheet *sheet)
{
    static struct point_record rows[RECORDS_PAGE_MAX];
    char after[RECORD_ID_SIZE] = "";
    size_t count = 0, want = 0;
    do {
        want = left < RECORDS_PAGE_MAX ? (size_t)left : RECORDS_PAGE_MAX;
        filter->after = after;
        enum err err = records_point_list(qw->records, filter, want, fault, rows, &count);
        if (err != OK)
            return err;
        for (size_t i = 0; i < count; i++)
            show_row(sheet, &rows[i]);
        if (count > 0)
            text_copy(after, sizeof after, rows[count - 1].meter_id);
        left -= (int64_t)count;
    } while (count == want && left > 0);
    return OK;
}

enum err meter_list_run(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct sheet sheet;
    int64_t limit = INT64_MAX;
    struct point_filter filter = {.district = arg(args, "district"),
                                  .feeder = arg(args, "feeder"),
                                  .search = arg(args, "search"),
                                  .customer_id = arg(args, "customer"),
                                  .on_day = today(qw)};
    if (arg(args, "state") != NULL && !point_state_parse(arg(args, "state"), &filter.state))
        return fault_set(fault, ERR_INVALID, "--state must be unassigned, active or inactive");
    filter.by_state = arg(args, "state") != NULL;
    enum err err = arg_int(args, "limit", 1, INT64_MAX, fault, &limit);
    if (err != OK)
        return err;
    sheet_begin(&sheet, arg_flag(args, "json"), "meter_id", "state", "tz", "district", "feeder", "serial", "reading_interval_s", "label", NULL);
    err = list_all(qw, &filter, limit, fault, &sheet);
    if (err == OK)
        return sheet_end(&sheet, "no meters; `qw meter add` registers one", fault);
    sheet_abandon(&sheet);
    return err;
}

const struct arg_row meter_show_rows[] = {
    {.name = "id", .placeholder = "ID", .help = "the meter", .operand = true, .required = true},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON object"},
    {0},
};

/* What is known of one meter: written as JSON, or as lines made of the same. */
struct picture {
    struct point_record point;
    struct device_record devices[100];
    size_t device_count;
    struct account_record accounts[100];
    size_t account_count;
};

static void write_json(struct buf *out, const struct picture *picture)
{
    const struct point_record *p = &picture->point;
    out_object(out, NULL);
    out_text(out, "meter_id", p->meter_id);
    out_text(out, "state", point_state_name(p->state));
    out_text(out, "tz", p->tz);
    out_text(out, "district", p->district[0] != '\0' ? p->district : NULL);
    out_text(out, "feeder", p->feeder[0] != '\0' ? p->feeder : NULL);
    out_text(out, "label", p->label);
    out_text(out, "address", p->address);
    if (p->located) {
        out_scaled(out, "latitude", p->latitude_udeg, 6);
        out_scaled(out, "longitude", p->longitude_udeg, 6);
    }
    out_object(out, "service");
    out_int(out, "phases", p->phases);
    out_int(out, "volts", p->volts);
    out_int(out, "breaker_a", p->breaker_a);
    out_end_object(out);
    out_int(out, "reading_interval_s", p->reading_interval_s);
    out_bool(out, "export_allowed", p->export_allowed);
    out_bool(out, "auto_registered", p->auto_registered);
    out_instant(out, "created", p->created_utc_ms);
    out_int(out, "revision", p->revision);
    out_array(out, "devices");
    for (size_t i = 0; i < picture->device_count; i++) {
        const struct device_record *d = &picture->devices[i];
        out_object(out, NULL);
        out_text(out, "serial", d->serial);
        out_text(out, "model", d->model);
        out_int(out, "register_max_wh", d->register_max_wh);
        out_instant(out, "installed_from", d->installed_from_utc_ms);
        if (d->installed_until_utc_ms != INT64_MAX)
            out_instant(out, "installed_until", d->installed_until_utc_ms);
        out_end_object(out);
    }
    out_end_array(out);
    out_array(out, "accounts");
    for (size_t i = 0; i < picture->account_count; i++) {
        const struct account_record *a = &picture->accounts[i];
        out_object(out, NULL);
        out_text(out, "account_id", a->account_id);
        out_text(out, "customer_id", a->customer_id);
        out_day(out, "from", a->from_day);
        if (a->until_day != RECORDS_NO_DAY)
            out_day(out, "until", a->until_day);
        out_end_object(out);
    }
    out_end_array(out);
    out_end_object(out);
}

static void print_lines(const struct picture *picture)
{
    const struct point_record *p = &picture->point;
    char lat[DECIMAL_TEXT_SIZE], lon[DECIMAL_TEXT_SIZE], from[INSTANT_TEXT_SIZE], until[INSTANT_TEXT_SIZE];
    printf("meter      %s (%s%s)\n", p->meter_id, point_state_name(p->state), p->auto_registered ? ", registered itself" : "");
    printf("zone       %s\n", p->tz);
    if (p->label[0] != '\0' || p->address[0] != '\0')
        printf("place      %s%s%s\n", p->label, p->label[0] != '\0' && p->address[0] != '\0' ? ", " : "", p->address);
    if (p->located) {
        decimal_format(p->latitude_udeg, 6, 0, lat);
        decimal_format(p->longitude_udeg, 6, 0, lon);
        printf("position   %s, %s\n", lat, lon);
    }
    printf("grid       district %s, feeder %s\n", p->district[0] != '\0' ? p->district : "-", p->feeder[0] != '\0' ? p->feeder : "-");
    printf("service    %d x %d V x %d A%s\n", p->phases, p->volts, p->breaker_a, p->export_allowed ? ", may feed in" : "");
    if (p->reading_interval_s != 0)
        printf("readings   every %d s\n", p->reading_interval_s);
    for (size_t i = 0; i < picture->device_count; i++) {
        const struct device_record *d = &picture->devices[i];
        instant_format(d->installed_from_utc_ms, from);
        if (d->installed_until_utc_ms != INT64_MAX)
            instant_format(d->installed_until_utc_ms, until);
        printf("device     %s %s, %s%s%s%s\n", d->serial, d->model, d->installed_from_utc_ms == 0 ? "since ever" : "from ",
               d->installed_from_utc_ms == 0 ? "" : from, d->installed_until_utc_ms == INT64_MAX ? "" : " until ",
               d->installed_until_utc_ms == INT64_MAX ? "" : until);
    }
    for (size_t i = 0; i < picture->account_count; i++) {
        const struct account_record *a = &picture->accounts[i];
        char first[CIVIL_TEXT_SIZE], end[CIVIL_TEXT_SIZE] = "";
        civil_format(a->from_day, first);
        if (a->until_day != RECORDS_NO_DAY)
            civil_format(a->until_day, end);
        printf("account    %s of %s, from %s%s%s\n", a->account_id, a->customer_id, first, end[0] != '\0' ? " until " : "", end);
    }
}

enum err meter_show_run(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct picture picture;
    struct account_filter filter = {0};
    const char *id = arg(args, "id");
    enum err err = records_point_by_id(qw->records, id, fault, &picture.point);
    if (err == ERR_NOT_FOUND)
        return fault_set(fault, err, "there is no meter %.64s; `qw meter list` tells which there are", id);
    filter.meter_no = picture.point.meter_no;
    if (err == OK)
        err = records_device_list(qw->records, picture.point.meter_no, 100, fault, picture.devices, &picture.device_count);
    if (err == OK)
        err = records_account_list(qw->records, &filter, 100, fault, picture.accounts, &picture.account_count);
    if (err != OK)
        return err;
    if (!arg_flag(args, "json")) {
        print_lines(&picture);
        return OK;
    }
    struct buf out;
    buf_init(&out, 262144);
    write_json(&out, &picture);
    printf("%s\n", out.data);
    buf_finish(&out);
    return OK;
}
