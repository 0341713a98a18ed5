/* One row per quarter-hour; a cell is empty where nothing is known, never 0. `qw rate --usage` reads it. */
#include <inttypes.h>
#include "api/export.h"
#include "base/civil.h"
#include "base/instant.h"

static void begin(const struct usage_file *file, struct buf *out)
{
    (void)file;
    buf_str(out, "ts,import_wh,export_wh,import_quality,export_quality,local\r\n");
}

static void cell(struct buf *out, const struct slot *slot)
{
    if (slot->quality != QUALITY_MISSING)
        buf_printf(out, "%" PRId64, slot->wh);
    buf_char(out, ',');
}

static void day(const struct usage_file *file, const struct export_day *day, struct buf *out)
{
    for (int i = day->from; i < day->until; i++) {
        const struct slot *import = &day->import->slots[i], *sent = &day->export->slots[i];
        int64_t start = day->import->start_utc_ms + i * QUARTER_MS;
        int64_t wall = start + zone_offset_s(file->sight.zone, start) * MS_PER_S;
        int32_t wall_day = (int32_t)(instant_floor(wall, MS_PER_DAY) / MS_PER_DAY);
        int minute = (int)((wall - wall_day * MS_PER_DAY) / MS_PER_MIN);
        char ts[INSTANT_TEXT_SIZE], date[CIVIL_TEXT_SIZE];
        instant_format(start, ts);
        civil_format(wall_day, date);
        buf_printf(out, "%s,", ts);
        cell(out, import);
        cell(out, sent);
        buf_printf(out, "%s,%s,%s %02d:%02d\r\n", quality_name(import->quality), file->has_export ? quality_name(sent->quality) : "", date,
                   minute / 60, minute % 60);
    }
}

static void end(const struct usage_file *file, struct buf *out)
{
    (void)file;
    (void)out;
}

const struct export_format export_csv_format = {"text/csv; charset=utf-8; header=present", ".csv", begin, day, end};
