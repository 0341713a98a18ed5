#include "wire/rate_json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "wire/json_in.h"
#include "wire/json_out.h"
#include "wire/tariff/inner.h"

#define MAX_WH INT64_C(1000000000000000)

void party_init(struct rate_party *party)
{
    memset(party, 0, sizeof *party);
    party->account.average_wh = -1;
}

static json_t *object_of(const char *text, size_t len, struct fault *fault)
{
    enum verdict verdict;
    char detail[DETAIL_SIZE];
    json_t *root = len > RATE_DOCUMENT_MAX ? NULL : json_in_object(text, len, &verdict, detail);
    if (!root)
        fault_at(fault, ERR_INVALID, "", "%s", len > RATE_DOCUMENT_MAX ? "the document is too large" : detail);
    return root;
}

/* ---- account ---- */

/* A text or a whole number; phases may be "mono", "bi", "tri". */
static enum err attribute_in(json_t *json, const char *key, const struct place *place, enum account_attribute attribute, struct rate_account *out)
{
    static const char *const words[] = {"mono", "bi", "tri"};
    json_t *value = json_object_get(json, key);
    char *to = out->attributes[attribute];
    if (!given(json, key))
        return OK;
    if (json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) < 1000000)
        snprintf(to, SHORT_NAME_SIZE, "%d", (int)json_integer_value(value));
    else if (!json_is_string(value) || !text_copy(to, SHORT_NAME_SIZE, json_string_value(value)))
        return wrong_in(place, key, "a text of at most %d bytes is expected", SHORT_NAME_SIZE - 1);
    for (int i = 0; attribute == ACCOUNT_PHASES && i < 3; i++)
        if (strcmp(to, words[i]) == 0)
            snprintf(to, SHORT_NAME_SIZE, "%d", i + 1);
    return OK;
}

static enum err lot_in(json_t *json, const struct place *place, struct credit_lot *out)
{
    struct place month = place_in(place, "month"), kwh = place_in(place, "kwh");
    memset(out, 0, sizeof *out);
    enum err err = only_keys(json, place, "month window kwh");
    if (err == OK && given(json, "month"))
        err = month_in(json_string_value(json_object_get(json, "month")), &month, &out->month);
    if (err == OK)
        err = text_in(json, "window", place, MAY, out->window, sizeof out->window);
    return err == OK ? number_in(json_object_get(json, "kwh"), &kwh, 3, 0, MAX_WH, &out->wh) : err;
}

static enum err lots_in(json_t *json, const char *key, const struct place *place, int max, struct credit_lot *out, int *out_count)
{
    json_t *rows = json_object_get(json, key);
    struct place at = place_in(place, key);
    if (!given(json, key))
        return OK;
    if (!json_is_array(rows) || json_array_size(rows) > (size_t)max)
        return wrong_at(&at, "an array of at most %d lots {month, window, kwh} is expected", max);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct place row = place_at(&at, i);
        enum err err = lot_in(json_array_get(rows, i), &row, &out[i]);
        if (err != OK)
            return err;
    }
    *out_count = (int)json_array_size(rows);
    return OK;
}

static enum err banks_in(json_t *json, const struct place *place, struct rate_state *out)
{
    json_t *banks = json_object_get(json, "banks"), *value;
    const char *key;
    struct place at = place_in(place, "banks");
    if (!given(json, "banks"))
        return OK;
    if (!json_is_object(banks) || json_object_size(banks) > BANKS_MAX)
        return wrong_at(&at, "an object of at most %d balances by programme is expected", BANKS_MAX);
    json_object_foreach(banks, key, value)
    {
        struct place inner = place_in(&at, key);
        int64_t nano;
        enum err err = name_in(key, &inner, out->banks[out->bank_count].id);
        if (err == OK)
            err = price_in(value, &inner, &nano);
        if (err != OK)
            return err;
        out->banks[out->bank_count++].minor = nano; /* brought to minor units by whoever knows the currency: state_scale */
    }
    return OK;
}

static enum err demands_in(json_t *json, const struct place *place, struct rate_state *out)
{
    json_t *rows = json_object_get(json, "demands");
    struct place at = place_in(place, "demands");
    if (!given(json, "demands"))
        return OK;
    if (!json_is_array(rows) || json_array_size(rows) > DEMANDS_MAX)
        return wrong_at(&at, "an array of at most %d demands {month, charge, window, kw} is expected", DEMANDS_MAX);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct place row = place_at(&at, i), month = place_in(&row, "month"), kw = place_in(&row, "kw");
        json_t *value = json_array_get(rows, i);
        struct demand_record *to = &out->demands[i];
        memset(to, 0, sizeof *to);
        enum err err = only_keys(value, &row, "month charge window kw");
        if (err == OK)
            err = month_in(json_string_value(json_object_get(value, "month")), &month, &to->month);
        if (err == OK)
            err = text_in(value, "charge", &row, MAY, to->charge, sizeof to->charge);
        if (err == OK)
            err = text_in(value, "window", &row, MAY, to->window, sizeof to->window);
        if (err == OK)
            err = number_in(json_object_get(value, "kw"), &kw, 6, 0, MAX_WH, &to->milliw);
        if (err != OK)
            return err;
        out->demand_count++;
    }
    return OK;
}

static enum err state_in(json_t *json, const struct place *place, struct rate_state *out)
{
    memset(out, 0, sizeof *out);
    enum err err = only_keys(json, place, "lots received balance_kwh banks demands year_total");
    if (err == OK)
        err = lots_in(json, "lots", place, LOTS_MAX, out->lots, &out->lot_count);
    if (err == OK)
        err = lots_in(json, "received", place, TARIFF_WINDOWS_MAX, out->received, &out->received_count);
    if (err == OK)
        err = number_key_in(json, "balance_kwh", place, 3, 0, MAX_WH, &out->balance_wh);
    if (err == OK)
        err = banks_in(json, place, out);
    if (err == OK)
        err = demands_in(json, place, out);
    return err == OK ? price_key_in(json, "year_total", place, MAY, &out->year_minor) : err;
}

#define ACCOUNT_KEYS "meter_id account_id phases class zone tier regime amps contracted_kw average_kwh cycle_days opening"

static enum err account_members(json_t *json, const struct place *place, struct rate_party *party)
{
    static const char *const names[] = {"phases", "class", "zone", "tier", "regime"};
    struct rate_account *account = &party->account;
    struct place opening = place_in(place, "opening");
    enum err err = text_in(json, "meter_id", place, MAY, party->meter_id, sizeof party->meter_id);
    if (err == OK)
        err = text_in(json, "account_id", place, MAY, party->account_id, sizeof party->account_id);
    for (int a = 0; err == OK && a < ACCOUNT_ATTRIBUTES; a++)
        err = attribute_in(json, names[a], place, (enum account_attribute)a, account);
    if (err == OK)
        err = int_key_in(json, "amps", place, 1, 100000, &account->amps);
    if (err == OK)
        err = number_key_in(json, "contracted_kw", place, 6, 0, MAX_WH, &account->contracted_milliw);
    if (err == OK)
        err = number_key_in(json, "average_kwh", place, 3, 0, MAX_WH, &account->average_wh);
    if (err == OK)
        err = int_key_in(json, "cycle_days", place, 1, CYCLE_DAYS_MAX, &party->cycle_days);
    return err == OK && given(json, "opening") ? state_in(json_object_get(json, "opening"), &opening, &party->opening) : err;
}

enum err party_parse(const char *text, size_t len, struct fault *fault, struct rate_party *party)
{
    struct place place = {.fault = fault};
    struct rate_party read = *party;
    json_t *root = object_of(text, len, fault);
    if (!root)
        return ERR_INVALID;
    enum err err = only_keys(root, &place, ACCOUNT_KEYS);
    if (err == OK)
        err = account_members(root, &place, &read);
    json_decref(root);
    if (err == OK)
        *party = read;
    return err;
}

/* ---- quantities ---- */

/* A number, or numbers by name. */
static enum err list_in(json_t *json, const char *key, const struct place *place, int scale, struct rate_list *out)
{
    json_t *value = json_object_get(json, key), *inner;
    const char *name;
    struct place at = place_in(place, key);
    if (!given(json, key))
        return OK;
    if (!json_is_object(value)) {
        out->count = 1;
        out->rows[0].name[0] = '\0';
        return number_in(value, &at, scale, -MAX_WH, MAX_WH, &out->rows[0].value);
    }
    if (json_object_size(value) > QUANTITIES_MAX)
        return wrong_at(&at, "at most %d values are expected", QUANTITIES_MAX);
    json_object_foreach(value, name, inner)
    {
        struct place row = place_in(&at, name);
        if (!text_copy(out->rows[out->count].name, NAME_SIZE, name))
            return wrong_at(&row, "this name is too long");
        enum err err = number_in(inner, &row, scale, -MAX_WH, MAX_WH, &out->rows[out->count].value);
        if (err != OK)
            return err;
        out->count++;
    }
    return OK;
}

/* {"flag": {"yellow": 11, "green": 20}} → flag.yellow, flag.green. */
static enum err adder_days_in(json_t *json, const struct place *place, struct rate_list *out)
{
    json_t *adders = json_object_get(json, "adder_days"), *levels, *days;
    const char *adder, *level;
    struct place at = place_in(place, "adder_days");
    if (!given(json, "adder_days"))
        return OK;
    if (!json_is_object(adders))
        return wrong_at(&at, "days by adder and level are expected: {\"flag\": {\"yellow\": 11, \"green\": 20}}");
    json_object_foreach(adders, adder, levels)
    {
        struct place inner = place_in(&at, adder);
        if (!json_is_object(levels))
            return wrong_at(&inner, "days by level are expected: {\"yellow\": 11, \"green\": 20}");
        json_object_foreach(levels, level, days)
        {
            struct place row = place_in(&inner, level);
            if (out->count == QUANTITIES_MAX || strlen(adder) + strlen(level) + 2 > NAME_SIZE)
                return wrong_at(&row, "too many levels, or a name too long");
            snprintf(out->rows[out->count].name, NAME_SIZE, "%.32s.%.31s", adder, level);
            enum err err = number_in(days, &row, 0, 0, CYCLE_DAYS_MAX, &out->rows[out->count].value);
            if (err != OK)
                return err;
            out->count++;
        }
    }
    return OK;
}

static enum err order_names_in(json_t *json, const struct place *place, struct rate_list *out)
{
    json_t *order = json_object_get(json, "order");
    struct place at = place_in(place, "order");
    if (!given(json, "order"))
        return OK;
    if (!json_is_array(order) || json_array_size(order) > QUANTITIES_MAX)
        return wrong_at(&at, "an array of window names in the order of time is expected");
    for (size_t i = 0; i < json_array_size(order); i++) {
        struct place row = place_at(&at, i);
        if (!json_is_string(json_array_get(order, i)) || !text_copy(out->rows[i].name, NAME_SIZE, json_string_value(json_array_get(order, i))))
            return wrong_at(&row, "the name of a window is expected");
        out->count++;
    }
    return OK;
}

static enum err quantity_parts_in(json_t *json, const struct place *place, struct rate_quantities *out)
{
    json_t *parts = json_object_get(json, "parts");
    struct place at = place_in(place, "parts");
    size_t max = sizeof out->parts / sizeof out->parts[0];
    if (!given(json, "parts"))
        return OK;
    if (!json_is_array(parts) || json_array_size(parts) > max)
        return wrong_at(&at, "at most %zu parts {from, until, kwh} are expected: half-open local dates", max);
    for (size_t i = 0; i < json_array_size(parts); i++) {
        struct place row = place_at(&at, i);
        struct rate_part *part = &out->parts[i];
        json_t *value = json_array_get(parts, i);
        enum err err = only_keys(value, &row, "from until kwh");
        if (err == OK)
            err = day_in(value, "from", &row, MUST, &part->from_day);
        if (err == OK)
            err = day_in(value, "until", &row, MUST, &part->until_day);
        if (err == OK)
            err = list_in(value, "kwh", &row, 3, &part->import_wh);
        if (err != OK)
            return err;
        out->part_count++;
    }
    return OK;
}

static enum err items_in(json_t *json, const struct place *place, struct rate_request *out)
{
    json_t *items = json_object_get(json, "other_items");
    struct place at = place_in(place, "other_items");
    if (!given(json, "other_items"))
        return OK;
    if (!json_is_array(items) || json_array_size(items) > RATE_ITEMS_MAX)
        return wrong_at(&at, "at most %d items {id, amount} are expected", RATE_ITEMS_MAX);
    for (size_t i = 0; i < json_array_size(items); i++) {
        struct place row = place_at(&at, i);
        json_t *item = json_array_get(items, i);
        enum err err = only_keys(item, &row, "id amount");
        if (err == OK)
            err = text_in(item, "id", &row, MUST, out->items[i].id, sizeof out->items[i].id);
        if (err == OK)
            err = price_key_in(item, "amount", &row, MUST, &out->items[i].nano);
        if (err != OK)
            return err;
        out->item_count++;
    }
    return OK;
}

/* Keys that are instants, as the engine writes them. */
static enum err coincident_kw_in(json_t *json, const struct place *place, struct rate_list *out)
{
    enum err err = list_in(json, "coincident_kw", place, 6, out);
    for (int i = 0; err == OK && i < out->count; i++) {
        int64_t utc_ms;
        char text[INSTANT_TEXT_SIZE];
        if (!instant_parse(out->rows[i].name, strlen(out->rows[i].name), &utc_ms))
            return wrong_in(place, "coincident_kw", "kW by instant are expected: {\"2026-07-10T22:00:00Z\": 1}");
        instant_format(utc_ms, text);
        text_copy(out->rows[i].name, NAME_SIZE, text);
    }
    return err;
}

static enum err when_in(json_t *json, const struct place *place, struct rate_request *out)
{
    struct place month = place_in(place, "read_month");
    int64_t hours = 0;
    enum err err = given(json, "from") == given(json, "to") ? OK : wrong_in(place, given(json, "from") ? "to" : "from", "from and to go together");
    out->has_dates = given(json, "from");
    if (err == OK)
        err = day_in(json, "from", place, MAY, &out->from_print_day);
    if (err == OK)
        err = day_in(json, "to", place, MAY, &out->to_print_day);
    if (err == OK)
        err = int_key_in(json, "days", place, 1, CYCLE_DAYS_MAX, &out->days);
    if (err == OK && given(json, "read_month"))
        err = month_in(json_string_value(json_object_get(json, "read_month")), &month, &out->quantities.read_month);
    if (err == OK)
        err = number_key_in(json, "elapsed_hours", place, 3, 0, MAX_WH, &hours);
    out->quantities.elapsed_ms = hours * 3600;
    return err;
}

static enum err quantities_members(json_t *json, const struct place *place, struct rate_request *out)
{
    struct rate_quantities *to = &out->quantities;
    enum err err = list_in(json, "kwh", place, 3, &to->import_wh);
    if (err == OK)
        err = list_in(json, "export_kwh", place, 3, &to->export_wh);
    if (err == OK)
        err = list_in(json, "kw", place, 6, &to->demand_milliw);
    if (err == OK)
        err = coincident_kw_in(json, place, &to->coincident_milliw);
    if (err == OK)
        err = list_in(json, "already_billed", place, 9, &to->already_nano);
    if (err == OK)
        err = list_in(json, "flag_days", place, 0, &to->adder_days);
    if (err == OK)
        err = adder_days_in(json, place, &to->adder_days);
    if (err == OK)
        err = order_names_in(json, place, &to->order);
    if (err == OK)
        err = quantity_parts_in(json, place, to);
    return err == OK ? items_in(json, place, out) : err;
}

enum err request_parse(const char *text, size_t len, struct fault *fault, struct rate_request *out, struct rate_party *party)
{
    struct place place = {.fault = fault}, account = place_in(&place, "account");
    struct rate_party read = *party;
    json_t *root = object_of(text, len, fault);
    struct rate_request *request = root ? calloc(1, sizeof *request) : NULL;
    if (!request) {
        json_decref(root);
        return root ? fault_set(fault, ERR_FATAL, "no memory") : ERR_INVALID;
    }
    enum err err = only_keys(root, &place,
                             "from to days read_month elapsed_hours kwh export_kwh kw coincident_kw already_billed flag_days adder_days order parts "
                             "other_items account " ACCOUNT_KEYS);
    if (err == OK)
        err = when_in(root, &place, request);
    if (err == OK)
        err = quantities_members(root, &place, request);
    if (err == OK)
        err = account_members(root, &place, &read);
    if (err == OK && given(root, "account"))
        err = only_keys(json_object_get(root, "account"), &account, ACCOUNT_KEYS);
    if (err == OK && given(root, "account"))
        err = account_members(json_object_get(root, "account"), &account, &read);
    json_decref(root);
    if (err == OK) {
        *out = *request;
        *party = read;
    }
    free(request);
    return err;
}

void print_days_to_cycle(enum print_days rule, int32_t from_print_day, int32_t to_print_day, int32_t *out_from_day, int32_t *out_until_day)
{
    *out_from_day = rule == DAYS_START_EXCLUSIVE ? from_print_day + 1 : from_print_day;
    *out_until_day = rule == DAYS_EXACT ? to_print_day : to_print_day + 1;
}

/* ---- state ---- */

enum err state_to_minor(struct rate_state *state, int minor_digits, struct fault *fault)
{
    int64_t unit = NANO;
    for (int i = 0; i < minor_digits; i++)
        unit /= 10;
    for (int i = 0; i <= state->bank_count; i++) {
        int64_t *value = i < state->bank_count ? &state->banks[i].minor : &state->year_minor;
        if (*value % unit != 0)
            return fault_at(fault, ERR_INVALID, "/opening", "balances have at most %d digits after the point", minor_digits);
        *value /= unit;
    }
    return OK;
}

static void month_out(struct buf *out, int month)
{
    char text[16];
    if (month <= 0)
        return;
    snprintf(text, sizeof text, "%04d-%02d", month / 12, month % 12 + 1);
    out_text(out, "month", text);
}

static void decimal_out(struct buf *out, const char *key, int64_t value, int scale, int min_digits)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(value, scale, min_digits, text);
    out_text(out, key, text);
}

void state_write(struct buf *out, const char *key, const struct rate_state *state, int minor_digits)
{
    out_object(out, key);
    out_array(out, "lots");
    for (int i = 0; i < state->lot_count; i++) {
        out_object(out, NULL);
        month_out(out, state->lots[i].month);
        if (state->lots[i].window[0])
            out_text(out, "window", state->lots[i].window);
        decimal_out(out, "kwh", state->lots[i].wh, 3, 0);
        out_end_object(out);
    }
    out_end_array(out);
    decimal_out(out, "balance_kwh", state->balance_wh, 3, 0);
    out_object(out, "banks");
    for (int i = 0; i < state->bank_count; i++)
        decimal_out(out, state->banks[i].id, state->banks[i].minor, minor_digits, minor_digits);
    out_end_object(out);
    out_array(out, "demands");
    for (int i = 0; i < state->demand_count; i++) {
        out_object(out, NULL);
        month_out(out, state->demands[i].month);
        out_text(out, "charge", state->demands[i].charge);
        if (state->demands[i].window[0])
            out_text(out, "window", state->demands[i].window);
        decimal_out(out, "kw", state->demands[i].milliw, 6, 0);
        out_end_object(out);
    }
    out_end_array(out);
    decimal_out(out, "year_total", state->year_minor, minor_digits, minor_digits);
    out_end_object(out);
}
