/*
 * Time zones by IANA name, loaded from a directory of TZif files and kept. Thread-safe. A zone stays valid
 * until zones_destroy.
 */
#ifndef DAEMON_ZONES_H
#define DAEMON_ZONES_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "base/zone.h"

#define ZONES_DIR_DEFAULT "/usr/share/zoneinfo"
#define ZONES_MAX 700 /* the tz database has about 600 names */

struct zones;

struct zones *zones_create(const char *dir); /* NULL when memory is out */
void zones_destroy(struct zones *zones);     /* NULL-safe */

/*
 * ERR_INVALID when the name cannot be one (it is checked before the file system is touched: no way leads out
 * of the directory) or the file is not a zone; ERR_NOT_FOUND when there is none; ERR_LIMIT when full. Only
 * successes are remembered.
 */
enum err zones_get(struct zones *zones, const char *name, struct fault *fault, const struct zone **out);

/* "2026a": the version of the tz database in the directory, "unknown" where it does not say. */
const char *zones_version(const struct zones *zones);

/* Letters, digits, '_', '+', '-' and '/' between parts; no part is empty or begins with a dot. */
bool zones_name_is_valid(const char *name);

#endif
