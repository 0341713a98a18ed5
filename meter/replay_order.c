#include "meter/replay_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/instant.h"
#include "base/map.h"
#include "base/number.h"

enum { METERS_MAX = 100000, KEY_DIGITS = 3 };

struct order_meter {
    uint32_t number;
    int64_t step_ms; /* the usual one; 0: its rows tell none */
};

struct order_row {
    struct order_meter *meter; /* NULL: a row that cannot be read; `text` says why */
    uint32_t meter_number, place;
    int64_t label_ms; /* the wall clock's, or UTC */
    int64_t key;
    struct stamp stamp;
    uint64_t line;
    size_t text; /* in `texts`: meter, values, power, voltage, each with its NUL */
};

struct replay_order {
    struct map *meters;
    struct buf texts;
    struct order_row *rows;
    uint32_t *sorted; /* for each place of the file the row that comes there */
    uint32_t count, capacity, next;
    int channel_count;
    int64_t step_ms; /* the shortest usual one of a meter, in whole seconds */
};

/* ---- reading ---- */

static enum err grow(struct replay_order *order, struct fault *fault)
{
    if (order->count < order->capacity)
        return OK;
    uint32_t capacity = order->capacity == 0 ? 4096 : order->capacity * 2;
    struct order_row *rows = order->count < ORDER_ROWS_MAX ? realloc(order->rows, capacity * sizeof *rows) : NULL;
    if (rows == NULL)
        return fault_set(fault, ERR_LIMIT, "more rows than can be ordered (%d)", ORDER_ROWS_MAX);
    order->rows = rows;
    order->capacity = capacity;
    return OK;
}

static void keep_text(struct replay_order *order, const char *text)
{
    buf_append(&order->texts, text, strlen(text) + 1);
}

static struct order_meter *find_meter(struct replay_order *order, const char *name)
{
    struct order_meter *meter = map_get(order->meters, name);
    if (meter != NULL)
        return meter;
    meter = calloc(1, sizeof *meter);
    if (meter == NULL)
        return NULL;
    meter->number = (uint32_t)map_count(order->meters);
    if (map_put(order->meters, name, meter) == OK)
        return meter;
    free(meter);
    return NULL;
}

static enum err keep_bad_row(struct replay_order *order, const char *why)
{
    struct order_row *kept = &order->rows[order->count];
    *kept = (struct order_row){.meter_number = UINT32_MAX, .place = order->count, .text = order->texts.len};
    keep_text(order, why);
    order->count++;
    return OK;
}

static enum err keep_row(struct replay_order *order, const struct replay_row *row, struct fault *fault)
{
    struct order_row *kept = &order->rows[order->count];
    int64_t key;
    if (!decimal_parse_floor(row->order, strlen(row->order), KEY_DIGITS, &key)) {
        struct fault why;
        fault_set(&why, ERR_LIMIT, "line %llu: no number to order by: %.60s", (unsigned long long)row->line, row->order);
        return keep_bad_row(order, why.text);
    }
    struct order_meter *meter = find_meter(order, row->meter);
    if (meter == NULL)
        return fault_set(fault, ERR_LIMIT, "more than %d meters in one file", METERS_MAX);
    const struct stamp *stamp = &row->stamp;
    *kept = (struct order_row){.meter = meter,
                               .meter_number = meter->number,
                               .place = order->count,
                               .label_ms = stamp->is_utc ? stamp->utc_ms : stamp->local_day * MS_PER_DAY + stamp->ms_of_day,
                               .key = key,
                               .stamp = *stamp,
                               .line = row->line,
                               .text = order->texts.len};
    keep_text(order, row->meter);
    for (int i = 0; i < order->channel_count; i++)
        keep_text(order, row->values[i]);
    keep_text(order, row->power);
    keep_text(order, row->voltage);
    order->count++;
    return OK;
}

static enum err read_all(struct replay_order *order, struct replay_file *file, struct fault *fault)
{
    struct replay_row row;
    enum err err = OK;
    while (err == OK && (err = grow(order, fault)) == OK) {
        enum err read = replay_file_next(file, fault, &row);
        if (read == ERR_NOT_FOUND)
            break;
        if (read == ERR_LIMIT)
            err = keep_bad_row(order, fault->text);
        else
            err = read == OK ? keep_row(order, &row, fault) : read;
        if (err == OK && order->texts.overflow)
            err = fault_set(fault, ERR_LIMIT, "more text than can be ordered (%u bytes)", ORDER_TEXT_MAX);
    }
    return err;
}

/* ---- ordering ---- */

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_label(const void *a, const void *b)
{
    const struct order_row *x = a, *y = b;
    int order = compare(x->meter_number, y->meter_number);
    if (order == 0)
        order = compare(x->label_ms, y->label_ms);
    if (order == 0)
        order = compare(x->key, y->key);
    return order != 0 ? order : compare(x->place, y->place);
}

static int by_key(const void *a, const void *b)
{
    const struct order_row *x = a, *y = b;
    int order = compare(x->key, y->key);
    return order != 0 ? order : compare(x->place, y->place);
}

static int by_place(const void *a, const void *b)
{
    const struct order_row *x = a, *y = b;
    int order = compare(x->meter_number, y->meter_number);
    return order != 0 ? order : compare(x->place, y->place);
}

static int by_number(const void *a, const void *b)
{
    return compare(*(const int64_t *)a, *(const int64_t *)b);
}

/* The most frequent distance of two labels of a meter that follow each other; `scratch` holds
 * `count`. */
static int64_t usual_step(const struct order_row *rows, uint32_t count, int64_t *scratch)
{
    uint32_t steps = 0, most = 0;
    int64_t usual = 0;
    for (uint32_t i = 1; i < count; i++)
        if (rows[i].label_ms > rows[i - 1].label_ms)
            scratch[steps++] = rows[i].label_ms - rows[i - 1].label_ms;
    qsort(scratch, steps, sizeof *scratch, by_number);
    for (uint32_t i = 0, run = 0; i < steps; i++) {
        run = i > 0 && scratch[i] == scratch[i - 1] ? run + 1 : 1;
        if (run > most) {
            most = run;
            usual = scratch[i];
        }
    }
    return usual;
}

/* How many of these rows, from the first on, have the first one's label. */
static uint32_t same_label(const struct order_row *rows, uint32_t count)
{
    uint32_t n = 1;
    while (n < count && rows[n].label_ms == rows[0].label_ms)
        n++;
    return n;
}

/* Rows of one meter, ascending by label: each run of repeated labels is ordered by the key. */
static void settle_repeats(struct order_row *rows, uint32_t count, int64_t step_ms)
{
    for (uint32_t from = 0, until; from < count; from = until) {
        until = from + same_label(rows + from, count - from);
        if (until - from == 1)
            continue;
        while (until < count && rows[until].label_ms - rows[until - 1].label_ms <= step_ms) {
            uint32_t same = same_label(rows + until, count - until);
            if (same == 1)
                break;
            until += same;
        }
        qsort(rows + from, until - from, sizeof *rows, by_key);
    }
}

static void note_step(struct replay_order *order, int64_t step_ms)
{
    if (step_ms > 0 && step_ms % MS_PER_S == 0 && step_ms <= MS_PER_DAY && (order->step_ms == 0 || step_ms < order->step_ms))
        order->step_ms = step_ms;
}

static enum err sort(struct replay_order *order, struct fault *fault)
{
    size_t count = order->count > 0 ? order->count : 1;
    int64_t *scratch = malloc(count * sizeof *scratch);
    struct order_row *places = malloc(count * sizeof *places);
    order->sorted = malloc(count * sizeof *order->sorted);
    enum err err = OK;
    if (scratch == NULL || places == NULL || order->sorted == NULL) {
        err = fault_set(fault, ERR_FATAL, "no memory to order %u rows", order->count);
        goto out;
    }
    memcpy(places, order->rows, order->count * sizeof *places);
    qsort(places, order->count, sizeof *places, by_place);
    qsort(order->rows, order->count, sizeof *order->rows, by_label);
    for (uint32_t from = 0, until; from < order->count; from = until) {
        struct order_row *rows = order->rows + from;
        for (until = from; until < order->count && order->rows[until].meter_number == rows->meter_number;)
            until++;
        if (rows->meter == NULL)
            continue;
        rows->meter->step_ms = usual_step(rows, until - from, scratch);
        note_step(order, rows->meter->step_ms);
        settle_repeats(rows, until - from, rows->meter->step_ms);
    }
    for (uint32_t i = 0; i < order->count; i++)
        order->sorted[places[i].place] = i;
out:
    free(scratch);
    free(places);
    return err;
}

enum err replay_order_load(struct replay_file *file, struct fault *fault, struct replay_order **out)
{
    struct replay_order *order = calloc(1, sizeof *order);
    if (order == NULL)
        return fault_set(fault, ERR_FATAL, "no memory to order rows");
    buf_init(&order->texts, ORDER_TEXT_MAX);
    order->channel_count = file->plan.channel_count;
    order->meters = map_create(METERS_MAX);
    enum err err = order->meters == NULL ? fault_set(fault, ERR_FATAL, "no memory to order rows") : read_all(order, file, fault);
    if (err == OK)
        err = sort(order, fault);
    if (err == OK)
        *out = order;
    else
        replay_order_destroy(order);
    return err;
}

int64_t replay_order_step_ms(const struct replay_order *order)
{
    return order->step_ms;
}

void replay_order_destroy(struct replay_order *order)
{
    if (order == NULL)
        return;
    map_destroy(order->meters, free);
    buf_finish(&order->texts);
    free(order->rows);
    free(order->sorted);
    free(order);
}

static const char *next_text(const char **at)
{
    const char *text = *at;
    *at += strlen(text) + 1;
    return text;
}

enum err replay_order_next(struct replay_order *order, struct fault *fault, struct replay_row *out)
{
    if (order->next == order->count)
        return ERR_NOT_FOUND;
    const struct order_row *row = &order->rows[order->sorted[order->next++]];
    const char *at = order->texts.data + row->text;
    if (row->meter == NULL)
        return fault_set(fault, ERR_LIMIT, "%s", at);
    *out = (struct replay_row){.line = row->line, .stamp = row->stamp, .step_ms = row->meter->step_ms, .order = ""};
    out->meter = next_text(&at);
    for (int i = 0; i < order->channel_count; i++)
        out->values[i] = next_text(&at);
    out->power = next_text(&at);
    out->voltage = next_text(&at);
    return OK;
}
