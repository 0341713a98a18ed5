/*
 * Checks over time: "spike found 3500 <- used 10:00 10:15 9000". Without a word on the right a day is ordinary: 96 quarter-hours of 250 Wh, 28 days
 * like it before (the highest quarter-hour 300 Wh, never more than two of nothing), a register read each hour that rose by 24000 Wh, 1000 W told
 * beside it, 144 ten-minute voltages a day that are all well, a clock 0.4 s off, no interval energy. Words on the right change it:
 *
 *   used FROM UNTIL WH             its quarter-hours; estimated FROM UNTIL WH; missing FROM UNTIL
 *   past N WH                      only the N days before it are known, each of so much (past 0 0: none)
 *   weekend N                      one of the days before had N quarter-hours of nothing in a row
 *   before N                       N quarter-hours of nothing end where the day begins
 *   register WH   reads FROM UNTIL   power W   nopower   intervals WH
 *   precarious N   critical N      ten-minute values of the day that lie there; voltages N: so many a day; novoltage
 *   lag MS   lags N                how late the clock's readings came, and how many came
 *
 * On the left stand "CHECK OUTCOME", a found one with its value, a skipped one with its reason in short (history, incomplete, nopower, onekind,
 * voltages, novoltage, notimes). Whatever is found must stand there.
 */
#include "tests/tables/tables.h"
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "energy/check.h"

static const char *const reasons[] = {"", "history", "incomplete", "nopower", "onekind", "voltages", "novoltage", "notimes"};

static struct day day;
static struct check_day input;

static void ordinary(void)
{
    day_init(&day, 20000, 20000 * MS_PER_DAY, 20001 * MS_PER_DAY);
    memset(&input, 0, sizeof input);
    for (int i = 0; i < day.slot_count; i++)
        day.slots[i] = (struct slot){250, QUALITY_MEASURED};
    for (int i = 0; i < CHECK_PAST_DAYS; i++)
        input.past[i] = (struct check_past){true, 24000, 300, 2};
    input.day = &day;
    input.reads = 25;
    input.first_read_ms = day.start_utc_ms;
    input.last_read_ms = day.start_utc_ms + MS_PER_DAY;
    input.register_wh = 24000;
    input.has_power = true;
    input.mean_power_w = 1000;
    input.tells_voltage = true;
    for (int i = 0; i < 7; i++)
        input.voltage[i].values = 144;
    input.lags = 100;
    input.median_lag_ms = 400;
    for (int i = 0; i < CHECK_COUNT; i++)
        input.thresholds[i] = check_table[i].threshold;
}

static int64_t time_of(const struct place *place, const char *text)
{
    int hour = 0, minute = 0;
    if (!text || sscanf(text, "%d:%d", &hour, &minute) != 2)
        row_wrong(place, "a time is expected where \"%s\" stands", text ? text : "nothing");
    return ((int64_t)hour * 60 + minute) * MS_PER_MIN;
}

static int64_t number(const struct place *place, char **given)
{
    const char *word = next_word(given);
    if (!word)
        row_wrong(place, "a number is missing");
    return word ? decimal_of(place, word, 0) : 0;
}

static void set_slots(const struct place *place, enum quality quality, char **given)
{
    int64_t from = time_of(place, next_word(given)) / QUARTER_MS, until = time_of(place, next_word(given)) / QUARTER_MS;
    int64_t wh = quality == QUALITY_MISSING ? 0 : number(place, given);
    for (int64_t i = from; i < until && i < day.slot_count; i++)
        day.slots[i] = (struct slot){wh, quality};
}

static void set_past(const struct place *place, char **given)
{
    int64_t count = number(place, given), wh = number(place, given);
    for (int i = 0; i < CHECK_PAST_DAYS; i++)
        input.past[i] = i < count ? (struct check_past){true, wh, 300, 2} : (struct check_past){false, 0, 0, 0};
}

/* One change of the ordinary day; false: there is no such word. */
static bool change(const struct place *place, const char *word, char **given)
{
    if (strcmp(word, "used") == 0)
        set_slots(place, QUALITY_MEASURED, given);
    else if (strcmp(word, "estimated") == 0)
        set_slots(place, QUALITY_ESTIMATED, given);
    else if (strcmp(word, "missing") == 0)
        set_slots(place, QUALITY_MISSING, given);
    else if (strcmp(word, "past") == 0)
        set_past(place, given);
    else if (strcmp(word, "weekend") == 0)
        input.past[3].zero_slots = (int)number(place, given);
    else if (strcmp(word, "before") == 0)
        input.zero_before_slots = number(place, given);
    else if (strcmp(word, "register") == 0)
        input.register_wh = number(place, given);
    else if (strcmp(word, "reads") == 0) {
        input.first_read_ms = day.start_utc_ms + time_of(place, next_word(given));
        input.last_read_ms = day.start_utc_ms + time_of(place, next_word(given));
    } else if (strcmp(word, "power") == 0)
        input.mean_power_w = number(place, given);
    else if (strcmp(word, "nopower") == 0)
        input.has_power = false;
    else if (strcmp(word, "intervals") == 0) {
        input.has_intervals = true;
        input.interval_wh = number(place, given);
    } else if (strcmp(word, "precarious") == 0)
        input.voltage[0].precarious = (int)number(place, given);
    else if (strcmp(word, "critical") == 0)
        input.voltage[0].critical = (int)number(place, given);
    else if (strcmp(word, "voltages") == 0) {
        int values = (int)number(place, given);
        for (int i = 0; i < 7; i++)
            input.voltage[i].values = values;
    } else if (strcmp(word, "novoltage") == 0) {
        input.tells_voltage = false;
        memset(input.voltage, 0, sizeof input.voltage);
    } else if (strcmp(word, "lag") == 0)
        input.median_lag_ms = number(place, given);
    else if (strcmp(word, "lags") == 0)
        input.lags = (int)number(place, given);
    else
        return false;
    return true;
}

static void hold(const struct place *place, const struct check_result *results, char *expected, bool *mentioned)
{
    char *name, *outcome;
    while ((name = next_word(&expected))) {
        const struct check_row *row = check_by_name(name);
        outcome = next_word(&expected);
        if (!row || !outcome) {
            row_wrong(place, "there is no check %s", name);
            return;
        }
        const struct check_result *result = &results[row->check];
        mentioned[row->check] = true;
        if (strcmp(outcome, check_outcome_name(result->outcome)) != 0)
            row_wrong(place, "%s is %s (%lld%s%s)", name, check_outcome_name(result->outcome), (long long)result->value, result->skip ? ", " : "",
                      reasons[result->skip]);
        else if (result->outcome == CHECK_FOUND && number(place, &expected) != result->value)
            row_wrong(place, "%s is found with %lld", name, (long long)result->value);
        else if (result->outcome == CHECK_SKIPPED && strcmp(next_word(&expected), reasons[result->skip]) != 0)
            row_wrong(place, "%s is skipped for %s", name, reasons[result->skip]);
    }
}

static void begin(const struct place *place)
{
    (void)place;
}

static void setting(const struct place *place, const char *name, const char *value)
{
    (void)value;
    row_wrong(place, "there is no setting %s", name);
}

static void row(const struct place *place, char *expected, char *given)
{
    struct check_result results[CHECK_COUNT];
    bool mentioned[CHECK_COUNT] = {false};
    ordinary();
    for (char *word; (word = next_word(&given));)
        if (!change(place, word, &given)) {
            row_wrong(place, "there is no word %s", word);
            return;
        }
    check_run(&input, results);
    hold(place, results, expected, mentioned);
    for (int i = 0; i < CHECK_COUNT; i++)
        if (results[i].outcome == CHECK_FOUND && !mentioned[i])
            row_wrong(place, "%s is found too, with %lld", check_table[i].name, (long long)results[i].value);
}

static void end(void)
{
}

const struct reader checks_reader = {".checks", begin, setting, row, end};
