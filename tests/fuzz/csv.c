/* A file of rows, plain or gzip: what the reader cuts it into, and what a replay makes of it. The first byte picks the replay's options. */
#include "daemon/csv.h"
#include <string.h>
#include <unistd.h>
#include "base/zone.h"
#include "meter/replay_file.h"
#include "tests/fuzz/files.h"

static void read_plainly(const char *path)
{
    struct csv *csv;
    struct fault fault = {0};
    char **fields;
    int count, at;
    enum err err = csv_open(path, '\0', &fault, &csv);
    if (err != OK) {
        must(fault.text[0]);
        return;
    }
    must(csv_header(csv, 0) && !csv_header(csv, CSV_FIELDS_MAX));
    must(csv_column(csv, "#1", &fault, &at) == OK && at == 0);
    while ((err = csv_next(csv, &fault, &fields, &count)) == OK || err == ERR_LIMIT) {
        size_t len = 0;
        if (err == ERR_LIMIT)
            continue;
        must(count >= 1 && count <= CSV_FIELDS_MAX);
        for (int i = 0; i < count; i++) {
            must(!strchr(fields[i], '\n'));
            len += strlen(fields[i]) + 1;
        }
        must(len <= CSV_LINE_MAX + 1);
    }
    must(err == ERR_NOT_FOUND || (err == ERR_INVALID && fault.text[0]));
    csv_close(csv);
}

static const struct zone *paris(void)
{
    static unsigned char bytes[65536];
    static struct zone *zone;
    FILE *file = zone ? NULL : fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
    if (zone)
        return zone;
    must(file);
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    must(zone_create("Europe/Paris", bytes, len, NULL, &zone) == OK);
    return zone;
}

static void replay(uint8_t how, const char *path)
{
    static const char *const kinds[] = {"register", "interval", "power", "interval"};
    struct options options = {.replay = path,
                              .meter = how & 1 ? "" : "m",
                              .meter_column = how & 1 ? "#1" : "",
                              .time = how & 2 ? "#2,#3" : "#2",
                              .column = how & 4 ? "#4,#5" : "#4",
                              .channel = how & 4 ? "1.8.0,2.8.0" : "1.8.0",
                              .unit = "kWh",
                              .label = how & 8 ? "start" : "end",
                              .delimiter = "",
                              .time_format = "auto",
                              .order = how & 64 ? "#1" : "",
                              .power_column = "",
                              .voltage_column = "",
                              .step_s = how & 128 ? 900 : 0};
    struct replay_file file;
    struct replay_row row;
    struct fault fault = {0};
    int64_t after_utc_ms = INT64_MIN;
    options.kind = kinds[how >> 4 & 3];
    if (options.kind == kinds[2])
        options.unit = "kW";
    if (replay_file_open(&options, paris(), &fault, &file) != OK) {
        must(fault.text[0]);
        return;
    }
    for (;;) {
        enum err err = replay_file_next(&file, &fault, &row);
        if (err == ERR_LIMIT)
            continue;
        if (err != OK)
            break;
        must(row.meter && row.values[0] && row.line >= 2 && row.step_ms >= 0);
        int64_t instant = replay_row_instant(&file, &row, after_utc_ms);
        must(!file.order || how & 1 || instant >= after_utc_ms);
        after_utc_ms = how & 1 ? INT64_MIN : instant;
    }
    replay_file_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int fd;
    if (size < 1)
        return 0;
    file_of(data + 1, size - 1, &fd, path);
    read_plainly(path);
    replay(data[0], path);
    close(fd);
    return 0;
}
