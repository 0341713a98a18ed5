/* A table that somebody imports: the first line names the columns as FIELD,FIELD,…, each further line is a row. */
#include <string.h>
#include "admin/import_csv_row.h"
#include "tests/fuzz/fuzz.h"

#define FIELDS 12

static int cut(char *line, char sign, char **fields)
{
    int count = 0;
    for (char *next = line; next != NULL && count < FIELDS;) {
        fields[count++] = next;
        next = strchr(next, sign);
        if (next != NULL)
            *next++ = '\0';
    }
    return count;
}

static void hold(const struct csv_layout *layout, const struct csv_row *row)
{
    const struct reading *reading = &row->reading;
    must(row->empty == (reading->channel_count == 0));
    must(reading->channel_count <= READING_CHANNELS_MAX && reading->channel_count <= layout->column_count);
    must(reading->voltage_mv.count == 0 || reading->voltage_mv.value[0] >= 0);
    if (row->empty)
        return;
    must((reading->kind == FACT_INTERVAL) == (reading->interval_s > 0));
    must(reading->interval_s <= 86400);
    for (int i = 0; i < reading->channel_count; i++) {
        must(reading->channels[i].value_wh >= 0);
        for (int j = 0; j < i; j++)
            must(reading->channels[i].channel != reading->channels[j].channel);
    }
    if (!row->stamp.is_utc)
        must(row->stamp.ms_of_day >= 0 && row->stamp.ms_of_day <= 86400000);
}

/* The first byte picks the time's format, the unit and whether there is an order; the second the sign between fields. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv_layout layout = {.ts_columns = {0, -1}, .order_column = -1};
    if (size < 3)
        return 0;
    char *text = calloc(1, size), *save = NULL, *fields[FIELDS], sign = data[1] & 1 ? ';' : ',';
    if (!text)
        return 0;
    layout.format = (enum stamp_format)(data[0] % 6);
    layout.in_kwh = data[0] & 8;
    layout.interval_s = data[0] & 16 ? 900 : 0;
    layout.order_column = data[0] & 32 ? 1 : -1;
    layout.ts_columns[1] = data[0] & 64 ? 1 : -1;
    memcpy(text, data + 2, size - 2);
    char *line = strtok_r(text, "\n", &save);
    int count = line ? cut(line, ',', fields) : 0;
    for (int i = 1; i < count; i++) {
        struct fault fault = {0};
        enum err err = csv_layout_add(&layout, fields[i], i, fields[i], &fault);
        must((err == OK) == (fault.text[0] == '\0'));
        must(err != OK || csv_field_known(fields[i]));
    }
    bool good = csv_layout_check(&layout, NULL) == OK;
    while (good && (line = strtok_r(NULL, "\n", &save)) != NULL) {
        struct fault fault = {0};
        struct csv_row row;
        enum err err = csv_row_read(&layout, fields, cut(line, sign, fields), &fault, &row);
        must((err == OK) == (fault.text[0] == '\0'));
        if (err == OK)
            hold(&layout, &row);
    }
    free(text);
    return 0;
}
