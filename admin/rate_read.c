/* What `qw rate` is given: files → one rating. */
#include <stdlib.h>
#include <string.h>
#include "admin/rate_run.h"
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "daemon/files.h"
#include "wire/tariff_json.h"

static enum err read_text(const char *path, size_t max, struct fault *fault, struct buf *out)
{
    buf_init(out, max);
    return file_read(path, fault, out);
}

/* The file's name before the words, unless they name it already. */
static enum err in_file(enum err err, const char *path, struct fault *fault)
{
    if (err == OK || strstr(fault->text, path))
        return err;
    char text[256];
    text_copy(text, sizeof text, fault->text);
    snprintf(fault->text, sizeof fault->text, "%.80s: %.170s", path, text);
    return err;
}

static enum err read_tariff(const struct args *args, struct fault *fault, struct rating *rating)
{
    struct buf text;
    enum err err = read_text(arg(args, "tariff"), TARIFF_DOCUMENT_MAX, fault, &text);
    if (err == OK)
        err = in_file(tariff_parse(text.data, text.len, fault, &rating->tariff), arg(args, "tariff"), fault);
    buf_finish(&text);
    return err;
}

static enum err read_party(const struct args *args, struct fault *fault, struct rating *rating)
{
    struct buf text;
    if (!arg(args, "account"))
        return OK;
    enum err err = read_text(arg(args, "account"), RATE_DOCUMENT_MAX, fault, &text);
    if (err == OK)
        err = in_file(party_parse(text.data, text.len, fault, &rating->party), arg(args, "account"), fault);
    buf_finish(&text);
    return err;
}

static enum err read_energy(const struct args *args, struct fault *fault, struct rating *rating)
{
    struct buf text;
    const char *path = arg(args, "usage") ? arg(args, "usage") : arg(args, "quantities");
    int64_t interval_s = 900;
    enum err err = arg(args, "interval-s") ? arg_int(args, "interval-s", 60, 86400, fault, &interval_s) : OK;
    if (err != OK)
        return err;
    if (!arg(args, "interval-s") && rating->tariff->versions[0].interval_s > 0)
        interval_s = rating->tariff->versions[0].interval_s;
    err = read_text(path, 4 * RATE_DOCUMENT_MAX, fault, &text);
    rating->by_quantities = !arg(args, "usage");
    if (err == OK && rating->by_quantities)
        err = request_parse(text.data, text.len, fault, &rating->request, &rating->party);
    else if (err == OK)
        err = usage_parse(text.data, text.len, (int)interval_s, fault, &rating->intervals, &rating->interval_count);
    buf_finish(&text);
    return in_file(err, path, fault);
}

static enum err read_series(const struct args *args, struct fault *fault, struct rating *rating)
{
    struct buf text;
    if (!arg(args, "series"))
        return OK;
    enum err err = read_text(arg(args, "series"), RATE_DOCUMENT_MAX, fault, &text);
    if (err == OK)
        err = in_file(series_parse(text.data, text.len, fault, &rating->series), arg(args, "series"), fault);
    buf_finish(&text);
    return err;
}

/* An instant, or a date: what was known when it began in UTC. */
static enum err read_known(const struct args *args, struct fault *fault, struct rating *rating)
{
    const char *text = arg(args, "known");
    int32_t day;
    rating->known_utc_ms = INT64_MAX;
    if (!text || instant_parse(text, strlen(text), &rating->known_utc_ms))
        return OK;
    if (!civil_parse(text, &day))
        return fault_set(fault, ERR_INVALID, "--known is an instant (2026-05-01T00:00:00Z) or a date");
    rating->known_utc_ms = day * MS_PER_DAY;
    return OK;
}

static enum err read_zone(struct qw *qw, const struct args *args, struct fault *fault, struct rating *rating)
{
    const char *name = arg(args, "tz") ? arg(args, "tz") : rating->tariff->tz;
    if (!name[0])
        return rating->by_quantities ? OK : fault_set(fault, ERR_INVALID, "the tariff names no time zone: --tz America/Sao_Paulo");
    return zones_get(qw->zones, name, fault, &rating->zone);
}

enum err rating_read(struct qw *qw, const struct args *args, struct fault *fault, struct rating **out)
{
    struct rating *rating = calloc(1, sizeof *rating);
    int64_t version_no = 0;
    if (!rating)
        return fault_set(fault, ERR_FATAL, "no memory");
    party_init(&rating->party);
    rating->explain = arg_flag(args, "explain");
    rating->provisional = arg_flag(args, "provisional");
    enum err err =
        !arg(args, "usage") == !arg(args, "quantities") ? fault_set(fault, ERR_INVALID, "either --usage FILE or --quantities FILE is expected") : OK;
    if (err == OK)
        err = read_tariff(args, fault, rating);
    if (err == OK)
        err = read_party(args, fault, rating);
    if (err == OK)
        err = read_energy(args, fault, rating);
    if (err == OK)
        err = read_series(args, fault, rating);
    if (err == OK)
        err = read_known(args, fault, rating);
    if (err == OK && arg(args, "version"))
        err = arg_int(args, "version", 1, rating->tariff->version_count, fault, &version_no);
    rating->version_no = (int)version_no;
    if (err == OK)
        err = read_zone(qw, args, fault, rating);
    if (err == OK)
        err = state_to_minor(&rating->party.opening, rating->tariff->minor_digits, fault);
    if (err == OK)
        *out = rating;
    else
        rating_finish(rating);
    return err;
}

void rating_finish(struct rating *rating)
{
    if (!rating)
        return;
    bill_explained_destroy(rating->explained);
    tariff_destroy(rating->tariff);
    free(rating->intervals);
    series_destroy(&rating->series);
    free(rating);
}
