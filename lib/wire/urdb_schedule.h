/*
 * The schedules of a rate of the US Utility Rate Database: the period of each hour of each month, and the seasons they make. Private to lib/wire (it
 * shows jansson.h).
 */
#ifndef WIRE_URDB_SCHEDULE_H
#define WIRE_URDB_SCHEDULE_H

#include <jansson.h>
#include <stdbool.h>
#include "base/buf.h"
#include "base/err.h"

#define PERIODS_MAX 48

/* One schedule: the period of each hour of each month, on weekdays and at weekends. */
struct schedule {
    bool given;
    int period[2][12][24];
};

struct urdb {
    json_t *rate;
    struct fault *fault;
    struct schedule energy, demand;
    int flat[12]; /* the flat demand period of each month; -1: none */
    int season_count;
    int season_first[12]; /* months, in a row from the first on; the first season may run over New Year */
    int season_of[12];
    struct buf *out;
};

enum err urdb_refuse(const struct urdb *urdb, const char *path, const char *words);
/* energyweekdayschedule and energyweekendschedule, or those of demand; both or none. */
enum err urdb_read_schedule(struct urdb *urdb, const char *stem, struct schedule *out);
/* Months in a row that are alike are one season; December and January may be. */
void urdb_find_seasons(struct urdb *urdb);
void urdb_seasons_out(struct urdb *urdb);
/* Every hour of every season as rows; windows are named by a letter and the period. */
void urdb_tou_out(struct urdb *urdb, const char *key, const struct schedule *schedule, char letter);
/* Does a period occur in a season (-1: in any)? */
bool urdb_used_in(const struct urdb *urdb, const struct schedule *schedule, int season, int period);

#endif
