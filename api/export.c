/* GET /meters/{meter_id}/export.csv and /greenbutton.xml: the quarter-hours of any stretch, without holding it in memory. */
#include "api/export.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "api/ledger.h"
#include "api/resources.h"
#include "base/instant.h"
#include "base/text.h"
#include "daemon/log.h"
#include "energy/obis.h"
#include "store/facts.h"

#define EXPORTS_MAX 16 /* at a time: each holds a thread */
#define EXPORTS_EACH 4 /* of these one login may hold */
#define WINDOW_DAYS 14 /* read at once; no handle of the ledger is held while the other side is written to */

static pthread_mutex_t places_lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t places[EXPORTS_MAX]; /* by login_no; 0: free */

/* -1: there is no room, for anybody or for this login. */
static int take_place(int64_t login_no)
{
    int free_place = -1, held = 0;
    pthread_mutex_lock(&places_lock);
    for (int i = 0; i < EXPORTS_MAX; i++) {
        held += places[i] == login_no;
        free_place = places[i] == 0 ? i : free_place;
    }
    if (free_place >= 0 && held < EXPORTS_EACH)
        places[free_place] = login_no;
    else
        free_place = -1;
    pthread_mutex_unlock(&places_lock);
    return free_place;
}

static void leave(struct usage_file *file)
{
    pthread_mutex_lock(&places_lock);
    places[file->place] = 0;
    pthread_mutex_unlock(&places_lock);
    free(file);
}

struct window {
    int32_t from_day;
    int count;
    struct day days[2][WINDOW_DAYS]; /* import, export */
};

struct taking {
    struct window *window;
    int which;
};

static int take_day(const struct day_row *row, void *arg)
{
    const struct taking *taking = arg;
    int at = row->day.local_day - taking->window->from_day;
    if (at >= 0 && at < taking->window->count)
        taking->window->days[taking->which][at] = row->day;
    return 0;
}

static enum err read_window(const struct usage_file *file, struct window *window, struct fault *fault)
{
    static const int32_t channels[2] = {OBIS_IMPORT, OBIS_EXPORT};
    struct facts *facts;
    enum err err = ledger_borrow(file->server->ledger, fault, &facts);
    if (err != OK)
        return err;
    for (int i = 0; i < window->count; i++) {
        int32_t day = window->from_day + i;
        day_init(&window->days[0][i], day, zone_midnight_utc_ms(file->sight.zone, day), zone_midnight_utc_ms(file->sight.zone, day + 1));
        window->days[1][i] = window->days[0][i];
    }
    for (int which = 0; err == OK && which < 2; which++) {
        struct taking taking = {window, which};
        err = facts_days(facts, file->sight.point.meter_no, channels[which], window->from_day, window->from_day + window->count, take_day, &taking,
                         fault);
    }
    ledger_return(file->server->ledger, facts, err == ERR_FATAL);
    return err;
}

/* The slots of a day that lie in the range. */
static struct export_day clip(const struct usage_file *file, const struct window *window, int i)
{
    struct export_day day = {.import = &window->days[0][i], .export = &window->days[1][i]};
    const struct day *slots = day.import;
    while (day.from < slots->slot_count && slots->start_utc_ms + day.from * QUARTER_MS < file->from_utc_ms)
        day.from++;
    day.until = day.from;
    while (day.until < slots->slot_count && slots->start_utc_ms + day.until * QUARTER_MS < file->until_utc_ms)
        day.until++;
    return day;
}

static bool send(struct http_stream *http, struct buf *out)
{
    bool fine = !out->overflow && (out->len == 0 || http_stream_write(http, out->data, out->len));
    buf_reset(out);
    return fine;
}

/* False: cut short. */
static bool send_days(const struct usage_file *file, struct http_stream *http, struct window *window, struct buf *out)
{
    struct fault fault = {0};
    for (window->from_day = file->from_day; window->from_day < file->until_day; window->from_day += window->count) {
        int32_t left = file->until_day - window->from_day;
        window->count = left < WINDOW_DAYS ? left : WINDOW_DAYS;
        if (read_window(file, window, &fault) != OK) {
            log_warn("an export was cut short", LOG_TEXT("meter", file->sight.point.meter_id), LOG_FAULT(&fault));
            return false;
        }
        for (int i = 0; i < window->count; i++) {
            struct export_day day = clip(file, window, i);
            if (day.from < day.until)
                file->format->day(file, &day, out);
            if (!send(http, out))
                return false;
        }
    }
    return true;
}

static void run(struct http_stream *http, void *arg)
{
    struct usage_file *file = arg;
    struct window *window = malloc(sizeof *window);
    struct buf out;
    buf_init(&out, EXPORT_DAY_MAX);
    file->format->begin(file, &out);
    if (window != NULL && send(http, &out) && send_days(file, http, window, &out)) {
        file->format->end(file, &out);
        if (send(http, &out))
            http_stream_end(http);
    }
    buf_finish(&out);
    free(window);
    leave(file);
}

/* From which day to which there is anything. */
static enum err find_days(struct facts *facts, struct usage_file *file, struct fault *fault)
{
    int32_t first, last;
    int64_t meter_no = file->sight.point.meter_no;
    enum err err = facts_day_range(facts, meter_no, OBIS_EXPORT, &first, &last, fault);
    file->has_export = err == OK;
    if (err == OK) {
        file->from_day = first;
        file->until_day = last + 1;
    } else if (err != ERR_NOT_FOUND) {
        return err;
    }
    err = facts_day_range(facts, meter_no, OBIS_IMPORT, &first, &last, fault);
    if (err == OK) {
        file->from_day = file->has_export && file->from_day < first ? file->from_day : first;
        file->until_day = file->has_export && file->until_day > last + 1 ? file->until_day : last + 1;
    }
    return err == ERR_NOT_FOUND ? OK : err;
}

/* Takes away what was not asked for, is not the caller's to see, or has not been yet. */
static void narrow(struct usage_file *file)
{
    int64_t now = instant_floor(file->now_utc_ms, QUARTER_MS);
    int32_t first = file->sight.from_day, end = file->sight.until_day;
    if (file->until_utc_ms > now)
        file->until_utc_ms = now;
    if (file->from_utc_ms != INT64_MIN && zone_local_day(file->sight.zone, file->from_utc_ms) > first)
        first = zone_local_day(file->sight.zone, file->from_utc_ms);
    int32_t last = zone_local_day(file->sight.zone, file->until_utc_ms - 1);
    end = last < end ? last + 1 : end;
    file->from_day = first > file->from_day ? first : file->from_day;
    file->until_day = end < file->until_day ? end : file->until_day;
    if (file->from_day > file->until_day)
        file->from_day = file->until_day;
}

/* False, and a problem was replied. */
static bool plan(struct exchange *x, struct usage_file *file)
{
    struct fault fault = {0};
    file->from_utc_ms = INT64_MIN;
    file->until_utc_ms = INT64_MAX;
    enum err err = param_instant(&x->query, "from", file->sight.zone, &fault, &file->from_utc_ms);
    if (err == OK)
        err = param_instant(&x->query, "to", file->sight.zone, &fault, &file->until_utc_ms);
    if (err == OK && file->from_utc_ms > file->until_utc_ms)
        err = param_fault(&fault, "to", "It lies before from.");
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return false;
    err = find_days(facts, file, &fault);
    ledger_done(x, facts);
    if (err != OK)
        problem_store(x, err, &fault);
    narrow(file);
    return err == OK;
}

static void begin(struct exchange *x, struct usage_file *file)
{
    text_copy(x->response->content_type, sizeof x->response->content_type, file->format->content_type);
    http_response_header(x->response, "Content-Disposition", "attachment; filename=\"%s%s\"", file->sight.point.meter_id, file->format->ending);
    http_response_header(x->response, "Cache-Control", "no-store");
    http_response_header(x->response, "X-Accel-Buffering", "no");
    x->response->status = 200;
    x->response->chunked = true;
}

static void export_as(struct exchange *x, const struct export_format *format)
{
    struct sight sight;
    if (!sight_of(x, x->arg, &sight))
        return;
    struct usage_file *file = calloc(1, sizeof *file);
    int place = file != NULL ? take_place(x->caller.login.login_no) : -1;
    if (place < 0) {
        free(file);
        problem_later(x, 503, "busy", 5000, "There is no room for another export now.");
        return;
    }
    *file = (struct usage_file){.server = x->server, .format = format, .sight = sight, .now_utc_ms = x->now_utc_ms, .place = place};
    if (!plan(x, file)) {
        leave(file);
        return;
    }
    begin(x, file);
    if (x->request->head) {
        leave(file);
        return;
    }
    x->response->stream = run;
    x->response->stream_arg = file;
}

void export_csv_get(struct exchange *x)
{
    export_as(x, &export_csv_format);
}

void export_greenbutton_get(struct exchange *x)
{
    export_as(x, &export_greenbutton_format);
}
