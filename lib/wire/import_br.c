#include "wire/import_br.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "base/number.h"
#include "base/text.h"
#include "energy/bill.h"
#include "wire/json_in.h"
#include "wire/json_out.h"

#define DOCUMENT_MAX 262144
#define FLAG_MONTHS_MAX 600
#define UNKNOWN_SINCE "2026-01-01" /* where the source names no first day */
#define MWH 1000
#define SHORT_SLUG_SIZE 40

struct flag_month {
    char month[8];
    int64_t nano; /* per kWh */
};

struct br_import {
    json_t *tariffs;
    json_t *branca;
    int flag_count;
    struct flag_month flags[FLAG_MONTHS_MAX];
    enum err (*each)(const char *tariff_id, const struct buf *document, void *arg);
    void *arg;
    struct fault *fault;
};

/* What one document is about. */
enum br_kind { KIND_CONVENTIONAL, KIND_SOCIAL, KIND_DISCOUNT, KIND_BRANCA };

struct br_prices {
    int64_t te_nano, tusd_nano;
};

/* ---- flags ---- */

/* "18,85" or ",00" R$/MWh → nano per kWh. */
static bool brazilian_price(const char *text, size_t len, int64_t *out_nano)
{
    char plain[32];
    int64_t nano;
    size_t at = 0;
    if (len == 0 || len > 24)
        return false;
    if (text[0] == ',')
        plain[at++] = '0';
    for (size_t i = 0; i < len; i++)
        if (text[i] != '.') /* thousands */
            plain[at++] = text[i] == ',' ? '.' : text[i];
    if (!decimal_parse(plain, at, 9, &nano) || nano % MWH != 0)
        return false;
    *out_nano = nano / MWH;
    return true;
}

static void put_flag(struct br_import *import, const char *month, int64_t nano)
{
    for (int i = 0; i < import->flag_count; i++)
        if (strncmp(import->flags[i].month, month, 7) == 0)
            return;
    if (import->flag_count == FLAG_MONTHS_MAX)
        return;
    struct flag_month *row = &import->flags[import->flag_count++];
    snprintf(row->month, sizeof row->month, "%.7s", month);
    row->nano = nano;
}

/* generated;2026-05-01;name;18,85: the second and the last column. */
static enum err read_flags(struct br_import *import, const char *text, size_t len)
{
    for (const char *line = text, *end = text + len; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        const char *next = stop ? stop + 1 : end;
        stop = stop ? stop : end;
        if (stop > line && stop[-1] == '\r')
            stop--;
        const char *month = stop > line ? memchr(line, ';', (size_t)(stop - line)) : NULL;
        const char *price = stop;
        while (price > line && price[-1] != ';')
            price--;
        int64_t nano;
        if (month && month + 8 < stop && isdigit((unsigned char)month[1])) {
            if (!brazilian_price(price, (size_t)(stop - price), &nano))
                return fault_set(import->fault, ERR_INVALID, "the flags' CSV has a price that is none: %.*s", (int)(stop - line), line);
            put_flag(import, month + 1, nano);
        }
        line = next;
    }
    return import->flag_count > 0 ? OK : fault_set(import->fault, ERR_INVALID, "the flags' CSV holds no month");
}

/* Months that the second source names: {"2026-05": "amarela"}; their prices are the last known of that name. */
static void later_flags(struct br_import *import)
{
    json_t *months = json_object_get(import->branca, "flags_2026"), *name;
    const char *month;
    int64_t yellow = 0;
    for (int i = 0; i < import->flag_count; i++)
        if (import->flags[i].nano > 0)
            yellow = import->flags[i].nano; /* the newest month with a price was a yellow one where this is used */
    json_object_foreach(months, month, name)
    {
        const char *word = json_string_value(name);
        if (word && strlen(month) == 7 && (strcmp(word, "verde") == 0 || strcmp(word, "amarela") == 0))
            put_flag(import, month, strcmp(word, "verde") == 0 ? 0 : yellow);
    }
}

/* ---- writing ---- */

static void price_out(struct buf *out, const char *key, int64_t nano)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(nano, 9, 2, text);
    out_text(out, key, text);
}

static void slug(const char *name, char out[SHORT_SLUG_SIZE])
{
    size_t at = 0;
    for (const char *c = name; *c && at < SHORT_SLUG_SIZE - 1; c++) {
        if (isalnum((unsigned char)*c))
            out[at++] = (char)tolower((unsigned char)*c);
        else if (at > 0 && out[at - 1] != '-')
            out[at++] = '-';
    }
    while (at > 0 && out[at - 1] == '-')
        at--;
    out[at] = '\0';
}

static void flags_out(const struct br_import *import, struct buf *out, enum br_kind kind)
{
    out_object(out, NULL);
    out_text(out, "id", "flag");
    out_text(out, "kind", "adder");
    out_text(out, "apportion", "days");
    out_text(out, "applies_to", "measured");
    if (kind == KIND_SOCIAL)
        out_int(out, "free_kwh", 80);
    out_object(out, "table");
    for (int i = 0; i < import->flag_count; i++)
        price_out(out, import->flags[i].month, import->flags[i].nano);
    out_end_object(out);
    out_end_object(out);
}

static void tier_out(struct buf *out, int until_kwh, int64_t nano)
{
    char text[DECIMAL_TEXT_SIZE];
    out_array(out, NULL);
    if (until_kwh > 0)
        out_int(out, NULL, until_kwh);
    else
        out_null(out, NULL);
    decimal_format(nano, 9, 2, text);
    out_text(out, NULL, text);
    out_end_array(out);
}

static void energy_out(struct buf *out, enum br_kind kind, const struct br_prices *own, const struct br_prices *full)
{
    out_object(out, NULL);
    out_text(out, "id", "energy");
    out_text(out, "kind", "energy");
    if (kind == KIND_CONVENTIONAL) {
        price_out(out, "rate", own->te_nano + own->tusd_nano);
        out_object(out, "parts");
        price_out(out, "te", own->te_nano);
        price_out(out, "tusd", own->tusd_nano);
        out_end_object(out);
    } else {
        out_array(out, "tiers");
        tier_out(out, kind == KIND_SOCIAL ? 80 : 120, kind == KIND_SOCIAL ? 0 : own->te_nano + own->tusd_nano);
        tier_out(out, 0, kind == KIND_SOCIAL ? own->te_nano + own->tusd_nano : full->te_nano + full->tusd_nano);
        out_end_array(out);
    }
    out_end_object(out);
}

/* What Brazil's rules say of every low-voltage bill (REN 1.000/2021, Lei 14.300/2022). */
static void rules_out(struct buf *out, enum br_kind kind)
{
    if (kind != KIND_SOCIAL)
        out_raw(out, "minimum", "{\"kind\":\"kwh_equivalent\",\"by_phases\":{\"1\":30,\"2\":50,\"3\":100},\"adders_on\":\"measured\"}");
    out_raw(out, "credits",
            kind == KIND_SOCIAL
                ? "{\"mode\":\"kwh_rollover\",\"bucket_order\":[\"same\",\"others\",\"other_units\"],\"expiry_months\":60}"
                : "{\"mode\":\"kwh_rollover\",\"bucket_order\":[\"same\",\"others\",\"other_units\"],\"expiry_months\":60,\"floor\":\"minimum\"}");
    out_raw(out, "rounding", "{\"line\":{\"digits\":2,\"mode\":\"half_away\"},\"total_policy\":\"sum_of_lines\"}");
    out_raw(out, "proration", "{\"days\":\"start_exclusive_end_inclusive\",\"tariff_change\":\"split_days\"}");
    out_raw(out, "estimate", "{\"method\":\"mean_12\",\"max_cycles\":3}");
}

/* ICMS brackets, and PIS/COFINS by month, where the source has them. */
static void taxes_out(struct buf *out, const json_t *branca)
{
    json_t *brackets = json_object_get(branca, "icms_brackets"), *months = json_object_get(branca, "pis_cofins_by_read_month"), *row;
    const char *month, *const taxes[] = {"pis", "cofins"};
    size_t i;
    out_array(out, "taxes");
    out_object(out, NULL);
    out_text(out, "id", "icms");
    out_text(out, "kind", "por_dentro");
    out_text(out, "bracket_applies", "whole");
    out_array(out, "brackets");
    json_array_foreach(brackets, i, row)
    {
        out_array(out, NULL);
        if (json_is_integer(json_object_get(row, "to_kwh")))
            out_int(out, NULL, json_integer_value(json_object_get(row, "to_kwh")));
        else
            out_null(out, NULL);
        out_text(out, NULL, json_string_value(json_object_get(row, "rate")));
        out_end_array(out);
    }
    out_end_array(out);
    out_end_object(out);
    for (int t = 0; t < 2; t++) {
        out_object(out, NULL);
        out_text(out, "id", taxes[t]);
        out_text(out, "kind", "por_dentro");
        out_raw(out, "excludes", "[\"icms\"]");
        out_object(out, "by_read_month");
        json_object_foreach(months, month, row) out_text(out, month, json_string_value(json_object_get(row, taxes[t])));
        out_end_object(out);
        out_end_object(out);
    }
    out_end_array(out);
}

static void begin_document(struct buf *out, const char *tariff_id, const char *name, const char *note, const char *from, const char *act)
{
    out_object(out, NULL);
    out_text(out, "schema", "tariff/1");
    out_text(out, "_note", note);
    out_text(out, "id", tariff_id);
    out_text(out, "name", name);
    out_text(out, "currency", "BRL");
    out_int(out, "minor", 2);
    out_text(out, "tz", "America/Sao_Paulo");
    out_array(out, "versions");
    out_object(out, NULL);
    out_text(out, "from", from ? from : UNKNOWN_SINCE);
    if (act && act[0] != '(')
        out_text(out, "act", act);
    out_raw(out, "quantity", "{\"unit\":\"kWh\",\"netting\":\"register\",\"round\":{\"digits\":0,\"mode\":\"half_away\",\"stage\":\"bucket\"}}");
}

static enum err hand_out(struct br_import *import, const char *tariff_id, struct buf *out)
{
    out_end_object(out);
    out_end_array(out);
    out_end_object(out);
    if (out->overflow)
        return fault_set(import->fault, ERR_LIMIT, "tariff %s is larger than its buffer", tariff_id);
    return import->each(tariff_id, out, import->arg);
}

/* ---- a distributor ---- */

static bool prices_of(const json_t *row, const char *key, struct br_prices *out)
{
    const json_t *pair = json_object_get(row, key);
    const char *te = json_string_value(json_object_get(pair, "te")), *tusd = json_string_value(json_object_get(pair, "tusd"));
    int64_t te_mwh, tusd_mwh;
    if (!te || !tusd || !decimal_parse(te, strlen(te), 6, &te_mwh) || !decimal_parse(tusd, strlen(tusd), 6, &tusd_mwh))
        return false;
    out->te_nano = te_mwh; /* 1e-6 R$/MWh is 1e-9 R$/kWh */
    out->tusd_nano = tusd_mwh;
    return true;
}

static enum err one_document(struct br_import *import, const json_t *row, enum br_kind kind, const struct br_prices *own,
                             const struct br_prices *full)
{
    static const char *const suffixes[] = {"", ".social", ".discount"};
    static const char *const names[] = {"B1 residencial convencional", "B1 Tarifa Social", "B1 Desconto Social"};
    const char *distributor = json_string_value(json_object_get(row, "distributor"));
    const char *from = json_string_value(json_object_get(row, "valid_from"));
    char short_name[SHORT_SLUG_SIZE], tariff_id[NAME_SIZE], name[128];
    struct buf out;
    slug(distributor, short_name);
    snprintf(tariff_id, sizeof tariff_id, "br.%s.b1%s", short_name, suffixes[kind]);
    snprintf(name, sizeof name, "%.60s, %s", distributor, names[kind]);
    buf_init(&out, DOCUMENT_MAX);
    begin_document(&out, tariff_id, name,
                   from
                       ? "ANEEL's figures without taxes: add ICMS and PIS/COFINS of the state, COSIP of the municipality, and flags month by month"
                       : "ANEEL's figures without taxes and without their first day: check it; add ICMS, PIS/COFINS, COSIP, and flags month by month",
                   from, json_string_value(json_object_get(row, "act")));
    out_array(&out, "charges");
    energy_out(&out, kind, own, full);
    flags_out(import, &out, kind);
    out_end_array(&out);
    rules_out(&out, kind);
    enum err err = hand_out(import, tariff_id, &out);
    buf_finish(&out);
    return err;
}

static enum err one_distributor(struct br_import *import, const json_t *row)
{
    struct br_prices full, own;
    const char *distributor = json_string_value(json_object_get(row, "distributor"));
    if (!distributor || !prices_of(row, "residential", &full))
        return fault_set(import->fault, ERR_INVALID, "a row has no distributor, or no residential te and tusd in R$/MWh");
    enum err err = one_document(import, row, KIND_CONVENTIONAL, &full, &full);
    if (err == OK && prices_of(row, "tarifa_social", &own))
        err = one_document(import, row, KIND_SOCIAL, &own, &full);
    if (err == OK && prices_of(row, "desconto_social_to_120kwh", &own))
        err = one_document(import, row, KIND_DISCOUNT, &own, &full);
    return err;
}

/* ---- Tarifa Branca of the one distributor whose prices are known ---- */

static void window_out(struct buf *out, const char *id, json_t *pair)
{
    out_object(out, NULL);
    out_text(out, "id", id);
    out_text(out, "days", "weekday");
    out_text(out, "from", json_string_value(json_array_get(pair, 0)));
    out_text(out, "to", json_string_value(json_array_get(pair, 1)));
    out_end_object(out);
}

static enum err branca_document(struct br_import *import, const char *from, const char *act)
{
    static const char id[] = "br.light-sesa.b1.branca";
    static const char *const windows[] = {"off", "mid", "peak"};
    json_t *hours = json_object_get(import->branca, "branca_windows"), *rates = json_object_get(import->branca, "branca_untaxed"), *pair;
    size_t i;
    struct buf out;
    if (!json_is_object(hours) || !json_is_object(rates))
        return OK;
    buf_init(&out, DOCUMENT_MAX);
    begin_document(&out, id, "Light, B1 Tarifa Branca", "untaxed prices, ICMS brackets and PIS/COFINS of a second source: check before production",
                   from, act);
    out_raw(&out, "calendar",
            "{\"holidays\":{\"fixed\":[\"01-01\",\"04-21\",\"05-01\",\"09-07\",\"10-12\",\"11-02\",\"11-15\",\"11-20\",\"12-25\"],\"easter\":[-47,-2,"
            "60]},"
            "\"holiday_as\":\"weekend\"}");
    out_object(&out, "tou");
    out_text(&out, "time_basis", "wall");
    out_text(&out, "default", "off");
    out_array(&out, "windows");
    window_out(&out, "peak", json_object_get(hours, "peak"));
    json_array_foreach(json_object_get(hours, "mid"), i, pair) window_out(&out, "mid", pair);
    out_end_array(&out);
    out_end_object(&out);
    out_array(&out, "charges");
    out_object(&out, NULL);
    out_text(&out, "id", "energy");
    out_text(&out, "kind", "energy");
    out_object(&out, "rates");
    for (int w = 0; w < 3; w++)
        out_text(&out, windows[w], json_string_value(json_object_get(rates, windows[w])));
    out_end_object(&out);
    out_end_object(&out);
    flags_out(import, &out, KIND_BRANCA);
    out_end_array(&out);
    rules_out(&out, KIND_BRANCA);
    taxes_out(&out, import->branca);
    enum err err = hand_out(import, id, &out);
    buf_finish(&out);
    return err;
}

static enum err all_documents(struct br_import *import)
{
    json_t *rows = json_object_get(import->tariffs, "rows"), *row;
    const char *from = NULL, *act = NULL;
    size_t i;
    if (!json_is_array(rows) || json_array_size(rows) == 0)
        return fault_set(import->fault, ERR_INVALID, "the tariffs' JSON has no rows");
    json_array_foreach(rows, i, row)
    {
        const char *distributor = json_string_value(json_object_get(row, "distributor"));
        enum err err = one_distributor(import, row);
        if (err != OK)
            return err;
        if (distributor && strncmp(distributor, "LIGHT", 5) == 0) {
            from = json_string_value(json_object_get(row, "valid_from"));
            act = json_string_value(json_object_get(row, "act"));
        }
    }
    return import->branca && act ? branca_document(import, from, act) : OK;
}

enum err br_import(const struct br_source *source, enum err (*each)(const char *tariff_id, const struct buf *document, void *arg), void *arg,
                   struct fault *fault)
{
    static const char words[] = "%s is not the JSON that is expected: %s";
    struct br_import import = {.each = each, .arg = arg, .fault = fault};
    enum verdict verdict;
    char detail[DETAIL_SIZE];
    import.tariffs = json_in_object(source->tariffs, source->tariffs_len, &verdict, detail);
    if (!import.tariffs)
        return fault_set(fault, ERR_INVALID, words, "the tariffs' file", detail);
    enum err err = OK;
    if (source->branca) {
        import.branca = json_in_object(source->branca, source->branca_len, &verdict, detail);
        if (!import.branca)
            err = fault_set(fault, ERR_INVALID, words, "the file of Tarifa Branca", detail);
    }
    if (err == OK)
        err = read_flags(&import, source->flags, source->flags_len);
    if (err == OK) {
        later_flags(&import);
        err = all_documents(&import);
    }
    json_decref(import.tariffs);
    json_decref(import.branca);
    return err;
}
