#include "energy/check.h"
#include <string.h>
#include "base/instant.h"
#include "energy/reading.h"

#define FROZEN_READS_MIN 4
#define FROZEN_SPAN_MS (20 * MS_PER_HOUR) /* the reads must tell of most of a day */
#define SPIKE_FLOOR_WH 6000               /* 24 kW for a quarter of an hour: above a shower (7.5 kW) and a three-phase car charger (22 kW) */
#define HIGH_FLOOR_WH 10000
#define LOW_FLOOR_WH 2000 /* who uses less than that a day is not missed */
#define ZERO_TIMES 2      /* so many times the longest run of the past */
#define SUM_FLOOR_WH 100  /* what whole Wh and cut seconds may make */
#define DRIFT_LAGS_MIN 20

const struct check_row check_table[CHECK_COUNT] = {
    {CHECK_FROZEN, "frozen", "W", 50, "own rule: a register stands still for most of a day while the meter tells power above the threshold",
     "The register did not move although power was drawn."},
    {CHECK_ZERO_RUN, "zero_run", "quarter_hour", 96,
     "UBP zero check, against the meter's own past: a day of nothing, and twice the longest of 28 days",
     "Nothing was used for longer than this meter ever does."},
    {CHECK_SPIKE, "spike", "percent", 180, "UBP spike check: the highest of the day's quarter-hours over the third highest; never below 24 kW",
     "One quarter-hour stands far above all others of the day."},
    {CHECK_HIGH_DAY, "high_day", "percent", 300, "UBP high usage check, against the median of 28 days; at least 10 kWh more",
     "The day's use is far above this meter's own."},
    {CHECK_LOW_DAY, "low_day", "percent", 10, "UBP low usage check, against the median of 28 days of at least 2 kWh",
     "The day's use is far below this meter's own."},
    {CHECK_SUM_MISMATCH, "sum_mismatch", "permille", 10, "UBP sum check: intervals against the register's difference; at least 100 Wh",
     "The intervals do not add up to what the register counted."},
    {CHECK_INTERVAL_COUNT, "interval_count", "quarter_hour", 0, "UBP interval check: a local day has 92, 96 or 100 quarter-hours",
     "Quarter-hours of the day are missing."},
    {CHECK_VOLTAGE_PRECARIOUS, "voltage_precarious", "permille", 30, "PRODIST 8.1: DRP of at most 3 % of 1,008 ten-minute values",
     "The voltage was outside its adequate band too often (DRP)."},
    {CHECK_VOLTAGE_CRITICAL, "voltage_critical", "permille", 5, "PRODIST 8.1: DRC of at most 0.5 % of 1,008 ten-minute values",
     "The voltage was critical too often (DRC)."},
    {CHECK_CLOCK_DRIFT, "clock_drift", "s", 60,
     "own rule: IEC 62054-21 clocks keep within 0.5 s a day; a minute is where quarter-hours begin to be wrong", "The meter's clock is off."},
};

const struct check_row *check_by_name(const char *name)
{
    for (int i = 0; i < CHECK_COUNT; i++)
        if (strcmp(check_table[i].name, name) == 0)
            return &check_table[i];
    return NULL;
}

const char *check_outcome_name(enum check_outcome outcome)
{
    return outcome == CHECK_PASSED ? "passed" : outcome == CHECK_FOUND ? "found" : "skipped";
}

const char *check_skip_words(enum check_skip skip)
{
    static const char *const words[] = {"",
                                        "too few complete days before it",
                                        "the day is not complete",
                                        "the meter tells no power",
                                        "registers and intervals are not both told",
                                        "fewer than 1,008 ten-minute values of seven days",
                                        "the meter tells no voltage",
                                        "too few readings that tell their time and came at once"};
    return (unsigned)skip < sizeof words / sizeof words[0] ? words[skip] : "";
}

/* ---- one by one ---- */

struct run {
    const struct check_day *input;
    struct check_result *out;
    enum check check;
};

static void skip(struct run *run, enum check_skip why)
{
    run->out->outcome = CHECK_SKIPPED;
    run->out->skip = why;
}

static void settle(struct run *run, int64_t value, bool found)
{
    run->out->value = value;
    run->out->outcome = found ? CHECK_FOUND : CHECK_PASSED;
}

static bool day_whole(const struct day *day)
{
    for (int i = 0; i < day->slot_count; i++)
        if (day->slots[i].quality == QUALITY_MISSING || day->slots[i].quality == QUALITY_PARTIAL)
            return false;
    return day->slot_count > 0;
}

static int64_t day_wh(const struct day *day)
{
    int64_t wh = 0;
    for (int i = 0; i < day->slot_count; i++)
        wh += day->slots[i].wh;
    return wh;
}

/* The complete days of the past, their use ascending. */
static int past_days(const struct check_day *input, int64_t out_wh[CHECK_PAST_DAYS])
{
    int count = 0;
    for (int i = 0; i < CHECK_PAST_DAYS; i++) {
        if (!input->past[i].complete)
            continue;
        int at = count++;
        for (; at > 0 && out_wh[at - 1] > input->past[i].wh; at--)
            out_wh[at] = out_wh[at - 1];
        out_wh[at] = input->past[i].wh;
    }
    return count;
}

static int64_t percent_of(int64_t part, int64_t whole)
{
    return whole > 0 ? part * 100 / whole : 0;
}

static void frozen(struct run *run)
{
    const struct check_day *input = run->input;
    bool stood = input->reads >= FROZEN_READS_MIN && input->last_read_ms - input->first_read_ms >= FROZEN_SPAN_MS;
    if (!stood)
        skip(run, SKIP_INCOMPLETE);
    else if (!input->has_power)
        skip(run, SKIP_NO_POWER);
    else
        settle(run, input->mean_power_w, input->register_wh == 0 && input->mean_power_w > run->out->threshold);
}

static void zero_run(struct run *run)
{
    const struct check_day *input = run->input;
    int64_t longest = 0, found_from = 0, at = input->zero_before_slots, past = 0;
    int complete = 0;
    for (int i = 0; i < CHECK_PAST_DAYS; i++) {
        complete += input->past[i].complete;
        if (input->past[i].complete && input->past[i].wh > 0 && input->past[i].zero_slots > past)
            past = input->past[i].zero_slots;
    }
    if (complete < CHECK_PAST_MIN) {
        skip(run, SKIP_HISTORY);
        return;
    }
    for (int i = 0; i < input->day->slot_count; i++) {
        const struct slot *slot = &input->day->slots[i];
        at = slot->quality != QUALITY_MISSING && slot->wh == 0 ? at + 1 : 0;
        if (at > longest) {
            longest = at;
            found_from = input->day->start_utc_ms + (i + 1 - at) * QUARTER_MS;
            run->out->until_utc_ms = input->day->start_utc_ms + (i + 1) * QUARTER_MS;
        }
    }
    bool found = longest >= run->out->threshold && longest > ZERO_TIMES * past;
    if (found)
        run->out->from_utc_ms = found_from;
    settle(run, longest, found);
}

static void spike(struct run *run)
{
    const struct day *day = run->input->day;
    int64_t top[3] = {0};
    int at = 0;
    if (!day_whole(day)) {
        skip(run, SKIP_INCOMPLETE);
        return;
    }
    for (int i = 0; i < day->slot_count; i++) {
        int64_t wh = day->slots[i].wh;
        if (day->slots[i].quality != QUALITY_MEASURED && day->slots[i].quality != QUALITY_EDITED)
            continue; /* a peak of an estimate is nobody's */
        if (wh > top[0])
            at = i;
        for (int k = 0; k < 3; k++)
            if (wh > top[k]) {
                memmove(&top[k + 1], &top[k], (size_t)(2 - k) * sizeof top[0]);
                top[k] = wh;
                break;
            }
    }
    int64_t above = top[2] > 0 ? percent_of(top[0] - top[2], top[2]) : top[0] > 0 ? INT32_MAX : 0;
    bool found = top[0] >= SPIKE_FLOOR_WH && above > run->out->threshold;
    if (found) {
        run->out->from_utc_ms = day->start_utc_ms + at * QUARTER_MS;
        run->out->until_utc_ms = run->out->from_utc_ms + QUARTER_MS;
    }
    settle(run, above, found);
}

/* The day against the median of the past. */
static void high_or_low(struct run *run, bool high)
{
    int64_t past[CHECK_PAST_DAYS], wh = day_wh(run->input->day);
    int count = past_days(run->input, past);
    if (count < CHECK_PAST_MIN) {
        skip(run, SKIP_HISTORY);
        return;
    }
    if (!day_whole(run->input->day)) {
        skip(run, SKIP_INCOMPLETE);
        return;
    }
    int64_t median = past[count / 2];
    int64_t percent = median > 0 ? percent_of(wh, median) : wh > 0 ? INT32_MAX : 100;
    settle(run, percent,
           high ? percent > run->out->threshold && wh - median > HIGH_FLOOR_WH : percent < run->out->threshold && median >= LOW_FLOOR_WH);
}

static void sum_mismatch(struct run *run)
{
    const struct check_day *input = run->input;
    int64_t difference = input->interval_wh - input->register_wh;
    if (difference < 0)
        difference = -difference;
    if (!input->has_intervals || input->reads < 2)
        skip(run, SKIP_ONE_KIND);
    else
        settle(run,
               input->register_wh > 0 ? difference * 1000 / input->register_wh
               : difference > 0       ? INT32_MAX
                                      : 0,
               difference > SUM_FLOOR_WH && difference * 1000 > run->out->threshold * input->register_wh);
}

static void interval_count(struct run *run)
{
    const struct day *day = run->input->day;
    int missing = 0;
    for (int i = 0; i < day->slot_count; i++)
        missing += day->slots[i].quality == QUALITY_MISSING || day->slots[i].quality == QUALITY_PARTIAL;
    settle(run, missing, missing > run->out->threshold);
}

static void voltage(struct run *run, bool critical)
{
    int values = 0, outside = 0;
    for (int i = 0; i < 7; i++) {
        values += run->input->voltage[i].values;
        outside += critical ? run->input->voltage[i].critical : run->input->voltage[i].precarious;
    }
    if (values == 0 && !run->input->tells_voltage)
        skip(run, SKIP_NO_VOLTAGE);
    else if (values < CHECK_WEEK_VALUES)
        skip(run, SKIP_VOLTAGES);
    else
        settle(run, (int64_t)outside * 1000 / values, (int64_t)outside * 1000 > run->out->threshold * values);
}

static void clock_drift(struct run *run)
{
    int64_t off_ms = run->input->median_lag_ms < 0 ? -run->input->median_lag_ms : run->input->median_lag_ms;
    if (run->input->lags < DRIFT_LAGS_MIN)
        skip(run, SKIP_NO_TIMES);
    else
        settle(run, off_ms / MS_PER_S, off_ms > run->out->threshold * MS_PER_S);
}

void check_run(const struct check_day *input, struct check_result out[CHECK_COUNT])
{
    const struct day *day = input->day;
    for (int i = 0; i < CHECK_COUNT; i++) {
        struct run run = {input, &out[i], (enum check)i};
        out[i] = (struct check_result){
            .from_utc_ms = day->start_utc_ms, .until_utc_ms = day->start_utc_ms + day->slot_count * QUARTER_MS, .threshold = input->thresholds[i]};
        switch (run.check) {
        case CHECK_FROZEN:
            frozen(&run);
            break;
        case CHECK_ZERO_RUN:
            zero_run(&run);
            break;
        case CHECK_SPIKE:
            spike(&run);
            break;
        case CHECK_HIGH_DAY:
        case CHECK_LOW_DAY:
            high_or_low(&run, run.check == CHECK_HIGH_DAY);
            break;
        case CHECK_SUM_MISMATCH:
            sum_mismatch(&run);
            break;
        case CHECK_INTERVAL_COUNT:
            interval_count(&run);
            break;
        case CHECK_VOLTAGE_PRECARIOUS:
        case CHECK_VOLTAGE_CRITICAL:
            voltage(&run, run.check == CHECK_VOLTAGE_CRITICAL);
            break;
        case CHECK_CLOCK_DRIFT:
            clock_drift(&run);
            break;
        }
    }
}

/* PRODIST 8.1 gives whole volts for each nominal voltage, which are 92 % … 105 % (adequate) and 87 % … 106 % (not critical) of it, rounded. */
enum check_band check_voltage_band(int nominal_v, int64_t value_mv)
{
    int64_t volts = (value_mv + 500) / 1000, v = nominal_v;
    int64_t low = (v * 92 + 50) / 100, high = (v * 105 + 50) / 100, least = (v * 87 + 50) / 100, most = (v * 106 + 50) / 100;
    if (volts >= low && volts <= high)
        return BAND_ADEQUATE;
    return volts >= least && volts <= most ? BAND_PRECARIOUS : BAND_CRITICAL;
}
