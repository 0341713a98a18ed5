/* A tariff document, and the bill by whatever it says: an amount that does not fit is an error, and the lines add up. */
#include <string.h>
#include "energy/rate.h"
#include "tests/fuzz/fuzz.h"
#include "wire/bill_json.h"
#include "wire/tariff_json.h"

static void rate(const struct tariff *tariff, int32_t from_day, int64_t day_wh)
{
    static struct rate_input input;
    static struct bill bill;
    struct fault fault = {0};
    struct buf text;
    input.from_day = from_day;
    input.until_day = from_day + 31;
    for (int i = 0; i < 31; i++)
        input.days[i] = (struct energy_sum){.wh = day_wh, .measured = 96};
    memset(&bill, 0, sizeof bill);
    if (rate_cycle(tariff, &input, &fault, &bill) != OK) {
        must(fault.text[0]);
        return;
    }
    int64_t sum = 0;
    for (int i = 0; i < bill.line_count; i++)
        sum += bill.lines[i].amount.minor;
    must(sum == bill.subtotal.minor);
    must(bill.import_wh == 31 * day_wh);
    buf_init(&text, 1 << 20);
    bill_write(&text, &bill, DAYS_INCLUSIVE);
    must(!text.overflow);
    buf_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tariff *tariff = NULL;
    struct fault fault = {0};
    if (tariff_parse((const char *)data, size, &fault, &tariff) != OK) {
        must(fault.text[0] && !tariff);
        return 0;
    }
    must(tariff->version_count >= 1);
    for (int i = 0; i < tariff->version_count && i < 4; i++) {
        rate(tariff, tariff->versions[i].from_day, 0);
        rate(tariff, tariff->versions[i].from_day, 12345);
        rate(tariff, tariff->versions[i].from_day - 10, INT64_C(9007199254740991) / 31);
    }
    tariff_destroy(tariff);
    return 0;
}
