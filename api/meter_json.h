/* A metering point as REST shows it, and what a request may say of one. */
#ifndef API_METER_JSON_H
#define API_METER_JSON_H

#include "api/caller.h"
#include "base/buf.h"
#include "store/facts.h"

/* `facts` gives what was last heard of it; `records` its devices (NULL: leave them out). */
enum err meter_write(struct buf *out, const struct sight *sight, struct facts *facts, struct records *records, struct fault *fault);

/* What a request says of the device that hangs there. */
struct meter_device {
    bool given, model_given, max_given, from_given;
    struct device_record device;
};

/*
 * Reads a request's document over `point`: members that are given change it, null takes them away. `is_new`: meter_id and tz
 * belong to it and are required; else they may not stand there. *device: what is said of it, if anything. ERR_INVALID with a pointer.
 */
enum err meter_read(const struct buf *body, bool is_new, struct zones *zones, struct fault *fault, struct point_record *point,
                    struct meter_device *device);

#endif
