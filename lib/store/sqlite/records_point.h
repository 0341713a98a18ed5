/* How a row of `point` is read: shared by the files that list points. Private to lib/store/sqlite. */
#ifndef STORE_SQLITE_RECORDS_POINT_H
#define STORE_SQLITE_RECORDS_POINT_H

#include "store/sqlite/records_db.h"

#define POINT_COLUMNS                                                                                                                                \
    "meter_no, meter_id, tz, district, feeder, latitude_udeg, longitude_udeg, label, address, phases, volts, breaker_a,"                             \
    " reading_interval_s, export_allowed, state, auto_registered, created_utc_ms, updated_utc_ms, revision, serial, device_revision"

void point_read(struct query *q, struct point_record *out);

#endif
