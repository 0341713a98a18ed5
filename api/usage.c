/* GET /meters/{meter_id}/usage. */
#include <string.h>
#include "api/caller.h"
#include "api/ledger.h"
#include "api/quality_day.h"
#include "api/resources.h"
#include "api/series.h"
#include "wire/json_out.h"

/* False, and 400 was replied. */
static bool plan(struct exchange *x, const struct sight *sight, struct series *out)
{
    struct fault fault = {0};
    enum series_bucket bucket = BUCKET_DAY;
    const char *name = param_get(&x->query, "bucket");
    enum err err = OK;
    if (name != NULL && !series_bucket_parse(name, &bucket))
        err = param_fault(&fault, "bucket", "One of quarter_hour, hour, day, month is expected.");
    int64_t until_utc_ms = series_default_until(sight->zone, bucket, x->now_utc_ms);
    if (err == OK)
        err = param_instant(&x->query, "to", sight->zone, &fault, &until_utc_ms);
    int64_t from_utc_ms = series_default_from(sight->zone, bucket, until_utc_ms);
    if (err == OK)
        err = param_instant(&x->query, "from", sight->zone, &fault, &from_utc_ms);
    if (err == OK)
        err = series_plan(sight->zone, bucket, from_utc_ms, until_utc_ms, &fault, out);
    if (err == OK)
        return true;
    if (err == ERR_INVALID || err == ERR_LIMIT)
        problem_input(x, &fault);
    else
        problem_store(x, err, &fault);
    return false;
}

#define CHANNELS_MAX 16

/* What was asked for beside import and export. */
struct asked {
    int count;
    int32_t channels[CHANNELS_MAX];
    struct series series[CHANNELS_MAX]; /* each in its first channel */
};

static bool asked_before(const struct asked *asked, int32_t channel)
{
    for (int i = 0; i < asked->count; i++)
        if (asked->channels[i] == channel)
            return true;
    return false;
}

/* channel=1.8.1,1.8.2. False, and 400 was replied. */
static bool ask(struct exchange *x, struct asked *out)
{
    struct fault fault = {0};
    const char *list = param_get(&x->query, "channel");
    while (list != NULL) {
        const char *comma = strchr(list, ',');
        size_t len = comma != NULL ? (size_t)(comma - list) : strlen(list);
        char code[OBIS_TEXT_SIZE] = "";
        if (len < sizeof code)
            memcpy(code, list, len);
        int32_t channel = 0;
        if (out->count == CHANNELS_MAX || !obis_parse(code, &channel)) {
            param_fault(&fault, "channel", "One to %d OBIS codes C.D.E with commas between are expected, such as 1.8.1,1.8.2.", CHANNELS_MAX);
            problem_input(x, &fault);
            return false;
        }
        if (!asked_before(out, channel))
            out->channels[out->count++] = channel;
        list = comma != NULL ? comma + 1 : NULL;
    }
    return true;
}

struct filling {
    struct series *series;
    enum series_channel channel;
};

static int add_day(const struct day_row *row, void *arg)
{
    struct filling *filling = arg;
    series_add_day(filling->series, filling->channel, &row->day);
    return 0;
}

static int add_sum(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    struct filling *filling = arg;
    (void)meter_no;
    series_add_sum(filling->series, filling->channel, local_day, sum);
    return 0;
}

static enum err fill_one(struct series *series, enum series_channel as, int32_t channel, const struct sight *sight, struct facts *facts,
                         struct fault *fault)
{
    int32_t from = series->from_day > sight->from_day ? series->from_day : sight->from_day;
    int32_t until = series->until_day < sight->until_day ? series->until_day : sight->until_day;
    struct filling filling = {.series = series, .channel = as};
    int64_t meter_no = sight->point.meter_no;
    if (from >= until)
        return OK;
    return series->bucket <= BUCKET_HOUR ? facts_days(facts, meter_no, channel, from, until, add_day, &filling, fault)
                                         : facts_day_sums(facts, meter_no, channel, from, until, add_sum, &filling, fault);
}

static enum err fill(struct series *series, struct asked *asked, const struct sight *sight, struct facts *facts, struct fault *fault)
{
    enum err err = fill_one(series, SERIES_IMPORT, OBIS_IMPORT, sight, facts, fault);
    if (err == OK)
        err = fill_one(series, SERIES_EXPORT, OBIS_EXPORT, sight, facts, fault);
    for (int i = 0; i < asked->count && err == OK; i++) {
        err = series_plan(sight->zone, series->bucket, series->from_utc_ms, series->until_utc_ms, fault, &asked->series[i]);
        if (err == OK)
            err = fill_one(&asked->series[i], SERIES_IMPORT, asked->channels[i], sight, facts, fault);
    }
    return err;
}

static void write_energy(struct buf *out, const char *key, const struct series *series, enum series_channel channel)
{
    int64_t wh;
    out_array(out, key);
    for (size_t i = 0; i < series->count; i++)
        if (series_value(series, i, channel, &wh))
            out_int(out, NULL, wh);
        else
            out_null(out, NULL);
    out_end_array(out);
}

static void write_quality(struct buf *out, const struct series *series)
{
    out_array(out, "quality");
    for (size_t i = 0; i < series->count; i++)
        out_text(out, NULL, quality_name(series_quality(series, i)));
    out_end_array(out);
}

static void write_asked(struct buf *out, const struct asked *asked)
{
    if (asked->count == 0)
        return;
    out_object(out, "channels");
    for (int i = 0; i < asked->count; i++) {
        char code[OBIS_TEXT_SIZE];
        obis_format(asked->channels[i], code);
        out_object(out, code);
        write_energy(out, "wh", &asked->series[i], SERIES_IMPORT);
        write_quality(out, &asked->series[i]);
        out_end_object(out);
    }
    out_end_object(out);
}

static void write_series(struct exchange *x, const struct sight *sight, const struct series *series, const struct asked *asked, bool complete)
{
    struct buf *out = x->out;
    out_object(out, NULL);
    out_text(out, "meter_id", sight->point.meter_id);
    out_text(out, "tz", sight->point.tz);
    out_text(out, "bucket", series_bucket_name(series->bucket));
    out_instant(out, "from", series->from_utc_ms);
    out_instant(out, "to", series->until_utc_ms);
    out_bool(out, "complete", complete);
    out_array(out, "t");
    for (size_t i = 0; i < series->count; i++)
        out_instant(out, NULL, series->points[i].start_utc_ms);
    out_end_array(out);
    write_energy(out, "import_wh", series, SERIES_IMPORT);
    write_energy(out, "export_wh", series, SERIES_EXPORT);
    write_quality(out, series);
    write_asked(out, asked);
    out_end_object(out);
}

static int64_t known_until(const struct exchange *x, const struct sight *sight)
{
    int64_t until = quality_known_until(sight->point.reading_interval_s, x->now_utc_ms);
    return until < sight->until_utc_ms ? until : sight->until_utc_ms;
}

void usage_get(struct exchange *x)
{
    struct sight sight;
    struct series series;
    struct asked asked = {0};
    struct fault fault = {0};
    bool marked = true;
    if (!sight_of(x, x->arg, &sight) || !ask(x, &asked) || !plan(x, &sight, &series))
        return;
    struct facts *facts = ledger_for(x);
    if (facts != NULL) {
        enum err err = facts_meter_marked(facts, sight.point.meter_no, &marked, &fault); /* before the data: never too hopeful */
        if (err == OK)
            err = fill(&series, &asked, &sight, facts, &fault);
        if (err == OK) {
            write_series(x, &sight, &series, &asked, !marked && series_is_whole(&series, known_until(x, &sight)));
            reply_tagged(x, 200, -1);
        } else {
            problem_store(x, err, &fault);
        }
        ledger_done(x, facts);
    }
    for (int i = 0; i < asked.count; i++)
        series_finish(&asked.series[i]);
    series_finish(&series);
}
