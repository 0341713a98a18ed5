#include "admin/meter_fields.h"
#include <string.h>

static enum err apply_place(const struct args *args, struct fault *fault, struct point_record *point)
{
    bool lat = arg(args, "lat") != NULL, lon = arg(args, "lon") != NULL;
    if (lat != lon)
        return fault_set(fault, ERR_INVALID, "a place has both --lat and --lon");
    enum err err = arg_degrees(args, "lat", 90, fault, &point->latitude_udeg);
    if (err == OK)
        err = arg_degrees(args, "lon", 180, fault, &point->longitude_udeg);
    if (err == OK && lat)
        point->located = true;
    return err;
}

static enum err apply_words(const struct args *args, struct fault *fault, struct point_record *point)
{
    const char *state = arg(args, "state"), *export = arg(args, "export");
    if (state != NULL && !point_state_parse(state, &point->state))
        return fault_set(fault, ERR_INVALID, "--state must be unassigned, active or inactive");
    if (export != NULL && strcmp(export, "yes") != 0 && strcmp(export, "no") != 0)
        return fault_set(fault, ERR_INVALID, "--export must be yes or no");
    if (export != NULL)
        point->export_allowed = strcmp(export, "yes") == 0;
    return OK;
}

enum err meter_fields_apply(const struct qw *qw, const struct args *args, struct fault *fault, struct point_record *point)
{
    enum err err = arg(args, "tz") != NULL ? check_zone_exists(qw, arg(args, "tz"), fault) : OK;
    const struct {
        const char *name;
        char *dst;
        size_t size;
    } texts[] = {{"tz", point->tz, sizeof point->tz},
                 {"district", point->district, sizeof point->district},
                 {"feeder", point->feeder, sizeof point->feeder},
                 {"label", point->label, sizeof point->label},
                 {"address", point->address, sizeof point->address}};
    const struct {
        const char *name;
        int min, max;
        int *dst;
    } numbers[] = {{"phases", 1, 3, &point->phases},
                   {"volts", 50, 1000, &point->volts},
                   {"breaker-a", 1, 10000, &point->breaker_a},
                   {"interval-s", 0, 86400, &point->reading_interval_s}};
    for (size_t i = 0; err == OK && i < sizeof texts / sizeof *texts; i++)
        err = arg_copy(args, texts[i].name, fault, texts[i].dst, texts[i].size);
    for (size_t i = 0; err == OK && i < sizeof numbers / sizeof *numbers; i++)
        err = arg_small(args, numbers[i].name, numbers[i].min, numbers[i].max, fault, numbers[i].dst);
    if (err == OK)
        err = apply_place(args, fault, point);
    return err == OK ? apply_words(args, fault, point) : err;
}
