/* A tariff document and the bills by whatever it says: an amount that does not fit is an error, and lines, taxes and total add up. Quantities too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "energy/rate.h"
#include "tests/fuzz/fuzz.h"
#include "wire/bill_json.h"
#include "wire/rate_json.h"
#include "wire/tariff_json.h"

static void hold(const struct bill *bill)
{
    struct buf text;
    int64_t sum = 0, printed;
    for (int i = 0; i < bill->line_count; i++)
        sum += bill->lines[i].amount.minor;
    must(sum == bill->subtotal.minor);
    printed = sum + bill->rounding.minor;
    for (int i = 0; i < bill->tax_count; i++) {
        int64_t inside = 0;
        for (int l = 0; l < bill->line_count; l++)
            inside += bill->lines[l].taxed >> i & 1 ? bill->lines[l].tax_minor[i] : 0;
        must(!bill->taxes[i].included || inside == bill->taxes[i].amount.minor);
        printed += bill->taxes[i].included ? 0 : bill->taxes[i].amount.minor;
    }
    for (int i = 0; i < bill->adjustment_count; i++)
        printed += bill->adjustments[i].amount.minor;
    must(printed == bill->total.minor); /* whatever was rounded, a bill adds up */
    buf_init(&text, 1 << 20);
    bill_write(&text, bill, DAYS_INCLUSIVE);
    must(!text.overflow);
    buf_finish(&text);
}

/* Energy per window of the last version, demand, days: whatever the document may ask for. */
static void give(const struct tariff_version *version, struct rate_quantities *given, int64_t wh)
{
    const struct tou *tou = &version->tous[0];
    given->order.count = given->import_wh.count = given->export_wh.count = tou->window_count;
    for (int w = 0; w < tou->window_count; w++) {
        snprintf(given->import_wh.rows[w].name, NAME_SIZE, "%s", tou->window_count > 1 ? tou->window_ids[w] : "");
        memcpy(given->export_wh.rows[w].name, given->import_wh.rows[w].name, NAME_SIZE);
        memcpy(given->order.rows[w].name, given->import_wh.rows[w].name, NAME_SIZE);
        given->import_wh.rows[w].value = wh;
        given->export_wh.rows[w].value = wh / 3;
    }
    given->demand_milliw.count = 1;
    given->demand_milliw.rows[0] = (struct rate_named){"", wh};
}

static void rate_once(const struct tariff *tariff, int version_no, int64_t wh)
{
    static struct rate_quantities given;
    static struct bill bill;
    static struct rate_state closing;
    struct rate_account account = {.amps = 40, .contracted_milliw = 3450000, .average_wh = 250000, .attributes = {"3", "a", "X", "1", "gd2"}};
    const struct tariff_version *version = &tariff->versions[version_no];
    struct rate_terms terms = {.tariff = tariff,
                               .from_day = version->from_day,
                               .until_day = version->from_day + 31,
                               .known_utc_ms = INT64_MAX,
                               .version_no = version_no + 1};
    struct rate_input input = {.account = &account, .quantities = &given};
    struct rate_plan *plan;
    struct fault fault = {0};
    if (rate_plan_create(&terms, &fault, &plan) != OK) {
        must(fault.text[0]);
        return;
    }
    memset(&given, 0, sizeof given);
    give(version, &given, wh);
    for (int i = 0; i < 3; i++) { /* one bill hands to the next */
        if (rate(plan, &input, &fault, &bill, &closing) != OK) {
            must(fault.text[0]);
            break;
        }
        hold(&bill);
        input.opening = &closing;
    }
    rate_plan_destroy(plan);
}

/* Half-hours of a zone with daylight saving, where there is one on this machine. */
static const struct zone *zone_at_hand(void)
{
    static struct zone *zone;
    static unsigned char bytes[65536];
    static bool tried;
    FILE *file = tried ? NULL : fopen("/usr/share/zoneinfo/America/Los_Angeles", "rb");
    tried = true;
    if (!file)
        return zone;
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    must(zone_create("America/Los_Angeles", bytes, len, NULL, &zone) == OK);
    return zone;
}

#define HALF_HOUR_MS 1800000
#define COUNT (33 * 48)

/* What the lines are made of adds up, whatever the tariff. */
static struct line_energy told[BILL_LINES_MAX];
static int64_t borne_wh[BILL_LINES_MAX], metered_wh[BILL_LINES_MAX];

static void on_energy(void *arg, int line_no, const struct line_energy *energy)
{
    (void)arg;
    told[line_no] = *energy;
    borne_wh[line_no] = metered_wh[line_no] = 0;
}

static void on_interval(void *arg, int line_no, const struct line_interval *interval)
{
    (void)arg;
    borne_wh[line_no] += interval->line_wh;
    metered_wh[line_no] += interval->metered_wh;
    must(interval->length_ms > 0);
}

static void on_price(void *arg, int line_no, const struct line_price *price)
{
    (void)arg;
    (void)line_no;
    must(price->from_day < price->until_day && price->level);
}

static void on_peak(void *arg, int line_no, const struct line_peak *peak)
{
    (void)arg;
    (void)line_no;
    must(peak->milliw > 0);
}

static const struct rate_trace trace = {on_energy, on_interval, on_price, on_peak, NULL};

static void hold_lines(const struct bill *bill)
{
    for (int i = 0; i < bill->line_count; i++) {
        must(borne_wh[i] == told[i].quantity_wh || metered_wh[i] == 0);
        must(metered_wh[i] == told[i].metered_wh);
        must(told[i].metered_wh + told[i].compensated_wh + told[i].rounding_wh + told[i].minimum_wh + told[i].other_wh == told[i].quantity_wh);
    }
}

static void rate_intervals(const struct tariff *tariff, int version_no, int64_t wh)
{
    static struct rate_interval intervals[COUNT];
    static struct series_price prices[COUNT];
    static struct bill bill;
    const struct tariff_version *version = &tariff->versions[version_no];
    struct rate_account account = {.amps = 40, .contracted_milliw = 3450000, .average_wh = 250000, .attributes = {"1", "a", "X", "1", "gd2"}};
    struct rate_terms terms = {.tariff = tariff,
                               .zone = zone_at_hand(),
                               .from_day = version->from_day,
                               .until_day = version->from_day + 31,
                               .known_utc_ms = INT64_MAX,
                               .version_no = version_no + 1};
    struct price_series series = {.prices = prices, .count = COUNT};
    struct rate_input input = {
        .account = &account, .intervals = intervals, .interval_count = COUNT, .series = &series, .series_count = 1, .explain = true, .trace = &trace};
    struct rate_plan *plan;
    struct fault fault = {0};
    if (!terms.zone || rate_plan_create(&terms, &fault, &plan) != OK)
        return;
    int64_t from = zone_midnight_utc_ms(terms.zone, terms.from_day) - HALF_HOUR_MS / 2; /* the first is cut */
    for (int i = 0; i < COUNT; i++) {
        intervals[i] = (struct rate_interval){from + (int64_t)i * HALF_HOUR_MS, HALF_HOUR_MS, (enum quality)(i % 5), wh + i, i % 7 ? 0 : wh / 2};
        prices[i] = (struct series_price){from + (int64_t)i * HALF_HOUR_MS, from + (int64_t)(i + 1) * HALF_HOUR_MS, (i % 9 - 3) * NANO};
    }
    for (int c = 0; c < version->charge_count; c++)
        if (version->charges[c].series.id[0])
            memcpy(series.id, version->charges[c].series.id, sizeof series.id);
    memset(told, 0, sizeof told);
    memset(borne_wh, 0, sizeof borne_wh);
    memset(metered_wh, 0, sizeof metered_wh);
    if (rate(plan, &input, &fault, &bill, NULL) == OK) {
        hold(&bill);
        hold_lines(&bill);
    } else {
        must(fault.text[0]);
    }
    rate_plan_destroy(plan);
}

/* From Jansson's doubles to watt-hours: quantities may hold anything too. */
static void read_quantities(const uint8_t *data, size_t size)
{
    static struct rate_request request;
    static struct rate_party party;
    struct fault fault = {0};
    struct series_set series;
    struct rate_interval *intervals;
    int count;
    party_init(&party);
    if (request_parse((const char *)data, size, &fault, &request, &party) != OK)
        must(fault.text[0]);
    if (party_parse((const char *)data, size, &fault, &party) == OK)
        (void)state_to_minor(&party.opening, 2, &fault);
    if (series_parse((const char *)data, size, &fault, &series) == OK)
        series_destroy(&series);
    if (usage_parse((const char *)data, size, 900, &fault, &intervals, &count) == OK) {
        must(count > 0);
        free(intervals);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tariff *tariff = NULL;
    struct fault fault = {0};
    read_quantities(data, size);
    if (tariff_parse((const char *)data, size, &fault, &tariff) != OK) {
        must(fault.text[0] && !tariff);
        return 0;
    }
    must(tariff->version_count >= 1);
    for (int i = 0; i < tariff->version_count && i < 4; i++) {
        rate_once(tariff, i, 0);
        rate_once(tariff, i, 123456);
        rate_once(tariff, i, -98765);
        rate_once(tariff, i, INT64_C(999999999999999));
        rate_intervals(tariff, i, 250);
        rate_intervals(tariff, i, -77);
    }
    tariff_destroy(tariff);
    return 0;
}
