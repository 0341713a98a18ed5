#include "api/district.h"

#include <stdlib.h>
#include <string.h>
#include "base/text.h"

#define CHUNK 200

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static enum err add(struct district *district, size_t *room, int64_t meter_no, struct fault *fault)
{
    if (district->count == *room) {
        size_t wanted = *room == 0 ? 1024 : 2 * *room;
        int64_t *more = realloc(district->meter_nos, wanted * sizeof *more);
        if (more == NULL)
            return fault_set(fault, ERR_RETRY, "memory is out");
        district->meter_nos = more;
        *room = wanted;
    }
    district->meter_nos[district->count++] = meter_no;
    return OK;
}

enum err district_load(struct records *records, const char *name, struct fault *fault, struct district *out)
{
    struct point_filter filter = {.district = name};
    struct district district = {.count = 0};
    char last[RECORD_ID_SIZE];
    size_t got = CHUNK, room = 0;
    struct point_record *points = calloc(CHUNK, sizeof *points);
    enum err err = points != NULL ? OK : fault_set(fault, ERR_RETRY, "memory is out");
    while (err == OK && got == CHUNK) {
        err = records_point_list(records, &filter, CHUNK, fault, points, &got);
        for (size_t i = 0; err == OK && i < got; i++)
            err = add(&district, &room, points[i].meter_no, fault);
        if (err == OK && got > 0) {
            text_copy(last, sizeof last, points[got - 1].meter_id);
            filter.after = last;
        }
    }
    free(points);
    if (err != OK) {
        free(district.meter_nos);
        return err;
    }
    if (district.count > 0)
        qsort(district.meter_nos, district.count, sizeof district.meter_nos[0], ascending);
    *out = district;
    return OK;
}

void district_release(struct district *district)
{
    free(district->meter_nos);
    *district = (struct district){.count = 0};
}

bool district_holds(const struct district *district, int64_t meter_no)
{
    return district->count > 0 && bsearch(&meter_no, district->meter_nos, district->count, sizeof meter_no, ascending) != NULL;
}
