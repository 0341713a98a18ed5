/*
 * Bills: "total 312.50  energy 300.00  rent 12.50  tax icms 45.10 <- 2026-04-01 2026-05-01  30*10": the bill's total, every line by its id (none may
 * be left out), its taxes; the cycle's first day, the day after its last, and so many days of so many kWh each. `tariff FILE` says by which tariff.
 */
#include "tests/tables/tables.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "energy/rate.h"
#include "wire/tariff_json.h"

static struct tariff *tariff;
static char folder[1024];

static void begin(const struct place *place)
{
    const char *slash = strrchr(place->file, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - place->file) : 1, slash ? place->file : ".");
}

static void setting(const struct place *place, const char *name, const char *value)
{
    static char text[65536];
    char path[2048];
    struct fault fault = {0};
    if (strcmp(name, "tariff") != 0) {
        row_wrong(place, "there is no setting %s", name);
        return;
    }
    snprintf(path, sizeof path, "%s/%s", folder, value);
    FILE *file = fopen(path, "r");
    size_t len = file ? fread(text, 1, sizeof text, file) : 0;
    if (file)
        fclose(file);
    tariff_destroy(tariff);
    tariff = NULL;
    if (tariff_parse(text, len, &fault, &tariff) != OK)
        row_wrong(place, "%s: %s %s", path, fault.pointer, fault.text);
}

/* "30*10" or "250": days of kWh, from the cycle's first on. */
static void read_energy(const struct place *place, char *given, int days, struct energy_sum *sums)
{
    int day = 0;
    memset(sums, 0, CYCLE_DAYS_MAX * sizeof *sums);
    for (int i = 0; i < days; i++)
        sums[i].measured = 96;
    for (char *word; (word = next_word(&given));) {
        char *star = strchr(word, '*');
        int count = star ? atoi(word) : 1;
        int64_t wh = decimal_of(place, star ? star + 1 : word, 3);
        for (int i = 0; i < count && day < days; i++)
            sums[day++].wh = wh;
    }
}

static void hold_amount(const struct place *place, const char *what, const char *expected, int64_t minor)
{
    if (decimal_of(place, expected, tariff->minor_digits) == minor)
        return;
    char got[DECIMAL_TEXT_SIZE];
    decimal_format(minor, tariff->minor_digits, tariff->minor_digits, got);
    row_wrong(place, "%s is %s, expected %s", what, got, expected);
}

static void hold_bill(const struct place *place, char *expected, const struct bill *bill)
{
    bool mentioned[BILL_LINES_MAX] = {false};
    for (char *word; (word = next_word(&expected));) {
        bool found = false;
        if (strcmp(word, "total") == 0) {
            hold_amount(place, word, next_word(&expected), bill->total.minor);
            continue;
        }
        bool tax = strcmp(word, "tax") == 0;
        char *id = tax ? next_word(&expected) : word;
        char *amount = next_word(&expected);
        for (int i = 0; tax && id && i < bill->tax_count && !found; i++)
            if ((found = strcmp(bill->taxes[i].id, id) == 0))
                hold_amount(place, id, amount, bill->taxes[i].amount.minor);
        for (int i = 0; !tax && i < bill->line_count && !found; i++)
            if ((found = !mentioned[i] && strcmp(bill->lines[i].id, id) == 0)) {
                mentioned[i] = true;
                hold_amount(place, id, amount, bill->lines[i].amount.minor);
            }
        if (!found)
            row_wrong(place, "the bill has no %s%s", tax ? "tax " : "line ", id ? id : "");
    }
    for (int i = 0; i < bill->line_count; i++)
        if (!mentioned[i])
            row_wrong(place, "the bill has a line %s of %lld minor units besides", bill->lines[i].id, (long long)bill->lines[i].amount.minor);
}

static void row(const struct place *place, char *expected, char *given)
{
    static struct energy_sum sums[CYCLE_DAYS_MAX];
    static struct bill bill;
    struct fault fault = {0};
    struct rate_terms terms = {.tariff = tariff, .known_utc_ms = INT64_MAX};
    memset(&bill, 0, sizeof bill);
    terms.from_day = date_of(place, next_word(&given));
    terms.until_day = date_of(place, next_word(&given));
    if (!tariff || terms.until_day <= terms.from_day || terms.until_day - terms.from_day > CYCLE_DAYS_MAX) {
        row_wrong(place, "a tariff, and two dates in order, are expected");
        return;
    }
    read_energy(place, given, terms.until_day - terms.from_day, sums);
    enum err err = rate_days(&terms, sums, &fault, &bill);
    if (strncmp(expected, "refused", 7) == 0) {
        if (err == OK || !strstr(fault.text, trimmed(expected + 7)))
            row_wrong(place, "refused with \"%s\" was expected, not \"%s\"", trimmed(expected + 7), err == OK ? "a bill" : fault.text);
    } else if (err != OK) {
        row_wrong(place, "no bill: %s", fault.text);
    } else {
        hold_bill(place, expected, &bill);
    }
}

static void end(void)
{
    tariff_destroy(tariff);
    tariff = NULL;
}

const struct reader bills_reader = {".bills", begin, setting, row, end};
