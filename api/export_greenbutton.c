/*
 * Green Button "Download My Data": an Atom feed of ESPI (NAESB REQ.21). A usage point, its clock, and for import and export each a MeterReading with
 * its ReadingType and one IntervalBlock per local day. A quarter-hour of which nothing is known is not there.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "api/dst_rule.h"
#include "api/export.h"
#include "base/civil.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/text.h"

#define ESPI "http://naesb.org/espi"
#define HREF_SIZE 200

/* QualityOfReading of ESPI: manually edited, estimated using reference day, mixed; validated is the type's default. */
enum { ESPI_EDITED = 7, ESPI_ESTIMATED = 8, ESPI_MIXED = 13, ESPI_VALIDATED = 17 };
/* flowDirection */
enum { ESPI_FORWARD = 1, ESPI_REVERSE = 19 };

static void text(struct buf *out, const char *value)
{
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '&')
            buf_str(out, "&amp;");
        else if (*at == '<')
            buf_str(out, "&lt;");
        else if (*at == '>')
            buf_str(out, "&gt;");
        else if (*at == '"')
            buf_str(out, "&quot;");
        else if ((unsigned char)*at >= ' ') /* XML 1.0 has no other control characters */
            buf_char(out, *at);
    }
}

static void instant(struct buf *out, const char *tag, int64_t utc_ms)
{
    char said[INSTANT_TEXT_SIZE];
    instant_format(instant_floor(utc_ms, MS_PER_S), said);
    buf_printf(out, "<%s>%s</%s>", tag, said, tag);
}

/* The same resource has the same id in every file: a UUID of version 8 (RFC 9562) made of its address. */
static void id(struct buf *out, const char *href)
{
    char hex[FINGERPRINT_SIZE];
    fingerprint(href, strlen(href), hex);
    buf_printf(out, "<id>urn:uuid:%.8s-%.4s-8%.3s-a%.3s-%.12s</id>", hex, hex + 8, hex + 13, hex + 17, hex + 20);
}

static void href_of(const struct usage_file *file, const char *behind, char href[HREF_SIZE])
{
    snprintf(href, HREF_SIZE, "/espi/1_1/resource/UsagePoint/%.64s%.80s", file->sight.point.meter_id, behind);
}

static void link_to(struct buf *out, const char *rel, const char *href)
{
    buf_printf(out, "<link rel=\"%s\" href=\"%s\"/>", rel, href);
}

/* Up to the content: who it is, what it belongs to. */
static void begin_entry(const struct usage_file *file, const char *href, const char *up, const char *title, struct buf *out)
{
    buf_str(out, "<entry>");
    id(out, href);
    link_to(out, "self", href);
    link_to(out, "up", up);
    buf_str(out, "<title>");
    text(out, title);
    buf_str(out, "</title>");
    instant(out, "published", file->now_utc_ms);
    instant(out, "updated", file->now_utc_ms);
}

static void usage_point(const struct usage_file *file, struct buf *out)
{
    char href[HREF_SIZE], reading[HREF_SIZE];
    const struct point_record *point = &file->sight.point;
    href_of(file, "", href);
    begin_entry(file, href, "/espi/1_1/resource/UsagePoint", point->label[0] != '\0' ? point->label : point->meter_id, out);
    href_of(file, "/MeterReading", reading);
    link_to(out, "related", reading);
    href_of(file, "/LocalTimeParameters", reading);
    link_to(out, "related", reading);
    buf_str(out, "<content><UsagePoint xmlns=\"" ESPI "\"><ServiceCategory><kind>0</kind></ServiceCategory></UsagePoint></content></entry>\n");
}

static void local_time(const struct usage_file *file, struct buf *out)
{
    char href[HREF_SIZE], up[HREF_SIZE];
    struct dst_rules rules;
    int32_t last = file->until_day > file->from_day ? file->until_day - 1 : zone_local_day(file->sight.zone, file->now_utc_ms);
    dst_rules_of(file->sight.zone, civil_from_day(last).year, &rules);
    href_of(file, "/LocalTimeParameters", href);
    href_of(file, "", up);
    begin_entry(file, href, up, file->sight.point.tz, out);
    buf_printf(out,
               "<content><LocalTimeParameters xmlns=\"" ESPI "\"><dstEndRule>%08" PRIX32 "</dstEndRule><dstOffset>%" PRId32
               "</dstOffset><dstStartRule>%08" PRIX32 "</dstStartRule><tzOffset>%" PRId32 "</tzOffset></LocalTimeParameters></content></entry>\n",
               rules.end, rules.dst_offset_s, rules.start, rules.standard_offset_s);
}

/* A MeterReading and its type: `name` is "import" or "export". */
static void meter_reading(const struct usage_file *file, const char *name, const char *title, int direction, struct buf *out)
{
    char behind[64], href[HREF_SIZE], up[HREF_SIZE], type[HREF_SIZE], blocks[HREF_SIZE];
    snprintf(behind, sizeof behind, "/MeterReading/%s", name);
    href_of(file, behind, href);
    href_of(file, "/MeterReading", up);
    snprintf(behind, sizeof behind, "/MeterReading/%s/IntervalBlock", name);
    href_of(file, behind, blocks);
    snprintf(behind, sizeof behind, "/ReadingType/%s", name);
    href_of(file, behind, type);
    begin_entry(file, href, up, title, out);
    link_to(out, "related", blocks);
    link_to(out, "related", type);
    buf_str(out, "<content><MeterReading xmlns=\"" ESPI "\"/></content></entry>\n");
    href_of(file, "/ReadingType", up);
    begin_entry(file, type, up, title, out);
    buf_printf(out,
               "<content><ReadingType xmlns=\"" ESPI "\"><accumulationBehaviour>4</accumulationBehaviour><commodity>1</commodity>"
               "<dataQualifier>12</dataQualifier><defaultQuality>%d</defaultQuality><flowDirection>%d</flowDirection>"
               "<intervalLength>900</intervalLength><kind>12</kind><phase>0</phase><powerOfTenMultiplier>0</powerOfTenMultiplier>"
               "<timeAttribute>0</timeAttribute><uom>72</uom></ReadingType></content></entry>\n",
               ESPI_VALIDATED, direction);
}

static void begin(const struct usage_file *file, struct buf *out)
{
    char href[HREF_SIZE];
    href_of(file, "/feed", href);
    buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">");
    id(out, href);
    buf_str(out, "<title>Green Button: ");
    text(out, file->sight.point.meter_id);
    buf_str(out, "</title>");
    instant(out, "updated", file->now_utc_ms);
    buf_str(out, "<author><name>Quilowatt</name></author>");
    link_to(out, "self", href);
    buf_char(out, '\n');
    usage_point(file, out);
    local_time(file, out);
    meter_reading(file, "import", "Energy used", ESPI_FORWARD, out);
    if (file->has_export)
        meter_reading(file, "export", "Energy sent to the grid", ESPI_REVERSE, out);
}

static int quality_code(enum quality quality)
{
    return quality == QUALITY_EDITED      ? ESPI_EDITED
           : quality == QUALITY_ESTIMATED ? ESPI_ESTIMATED
           : quality == QUALITY_PARTIAL   ? ESPI_MIXED
                                          : ESPI_VALIDATED;
}

static void interval(struct buf *out, const char *tag, int64_t start_utc_ms, int64_t length_ms)
{
    buf_printf(out, "<%s><duration>%" PRId64 "</duration><start>%" PRId64 "</start></%s>", tag, length_ms / MS_PER_S, start_utc_ms / MS_PER_S, tag);
}

static void block(const struct usage_file *file, const char *name, const struct day *day, int from, int until, struct buf *out)
{
    char behind[80], href[HREF_SIZE], up[HREF_SIZE], date[CIVIL_TEXT_SIZE];
    int known = 0;
    for (int i = from; i < until; i++)
        known += day->slots[i].quality != QUALITY_MISSING;
    if (known == 0)
        return;
    civil_format(day->local_day, date);
    snprintf(behind, sizeof behind, "/MeterReading/%s/IntervalBlock", name);
    href_of(file, behind, up);
    snprintf(behind, sizeof behind, "/MeterReading/%s/IntervalBlock/%s", name, date);
    href_of(file, behind, href);
    begin_entry(file, href, up, date, out);
    buf_str(out, "<content><IntervalBlock xmlns=\"" ESPI "\">");
    interval(out, "interval", day->start_utc_ms + from * QUARTER_MS, (until - from) * QUARTER_MS);
    for (int i = from; i < until; i++) {
        const struct slot *slot = &day->slots[i];
        if (slot->quality == QUALITY_MISSING)
            continue;
        buf_str(out, "\n<IntervalReading>");
        if (slot->quality != QUALITY_MEASURED)
            buf_printf(out, "<ReadingQuality><quality>%d</quality></ReadingQuality>", quality_code(slot->quality));
        interval(out, "timePeriod", day->start_utc_ms + i * QUARTER_MS, QUARTER_MS);
        buf_printf(out, "<value>%" PRId64 "</value></IntervalReading>", slot->wh);
    }
    buf_str(out, "\n</IntervalBlock></content></entry>\n");
}

static void day(const struct usage_file *file, const struct export_day *day, struct buf *out)
{
    block(file, "import", day->import, day->from, day->until, out);
    block(file, "export", day->export, day->from, day->until, out);
}

static void end(const struct usage_file *file, struct buf *out)
{
    (void)file;
    buf_str(out, "</feed>\n");
}

const struct export_format export_greenbutton_format = {"application/atom+xml", "-greenbutton.xml", begin, day, end};
