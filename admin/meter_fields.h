/* The options that describe a metering point, shared by `qw meter add` and `qw meter set`. */
#ifndef ADMIN_METER_FIELDS_H
#define ADMIN_METER_FIELDS_H

#include "admin/command.h"

#define METER_FIELD_ROWS                                                                                                                             \
    {.name = "tz", .placeholder = "ZONE", .help = "IANA time zone"}, {.name = "district", .placeholder = "NAME", .help = "district"},                \
        {.name = "feeder", .placeholder = "NAME", .help = "feeder"},                                                                                 \
        {.name = "lat", .type = ARG_DEGREES, .placeholder = "DEG", .help = "latitude, north positive"},                                              \
        {.name = "lon", .type = ARG_DEGREES, .placeholder = "DEG", .help = "longitude, east positive"},                                              \
        {.name = "label", .placeholder = "TEXT", .help = "what people call it"}, {.name = "address", .placeholder = "TEXT", .help = "where it is"},  \
        {.name = "phases", .type = ARG_INT, .placeholder = "N", .help = "1 to 3 (3)"},                                                               \
        {.name = "volts", .type = ARG_INT, .placeholder = "V", .help = "phase to neutral (230)"},                                                    \
        {.name = "breaker-a", .type = ARG_INT, .placeholder = "A", .help = "main breaker per phase (100)"},                                          \
        {.name = "interval-s", .type = ARG_INT, .placeholder = "S", .help = "seconds between readings; 0: undeclared"},                              \
        {.name = "export", .placeholder = "yes|no", .help = "may it feed into the grid (no)"},                                                       \
    {                                                                                                                                                \
        .name = "state", .placeholder = "STATE", .help = "unassigned, active or inactive"                                                            \
    }

/* Changes the fields that were given, and no others. */
enum err meter_fields_apply(const struct qw *qw, const struct args *args, struct fault *fault, struct point_record *point);

#endif
