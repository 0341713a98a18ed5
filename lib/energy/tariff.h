/*
 * A tariff: what a kilowatt-hour costs, from when to when, by which act (docs/tariffs.md is the reference of the language).
 *
 * These are the nouns only; energy/rate.h bills by them and wire/tariff_json.h reads them from a `tariff/1` document. Prices are nano currency:
 * 1e-9 per kWh, kW, day, month or bill (`…_nano`); energies Wh; demand milliwatt (`…_milliw`: 1 kW is 1,000,000). Everything that a document can make
 * grow has a maximum here. A tariff is immutable after it was read and may be shared by threads. Pure.
 */
#ifndef ENERGY_TARIFF_H
#define ENERGY_TARIFF_H

#include <stdbool.h>
#include <stdint.h>
#include "base/hash.h"
#include "base/number.h"
#include "energy/bill.h"

#define TARIFF_VERSIONS_MAX 64
#define TARIFF_CHARGES_MAX 60
#define TARIFF_TIERS_MAX 64
#define TARIFF_TAXES_MAX 8
#define TARIFF_MUNICIPAL_MAX 4
#define TARIFF_CREDITS_MAX 4
#define TARIFF_SEASONS_MAX 24
#define TARIFF_WINDOWS_MAX 64
#define TARIFF_WINDOW_ROWS_MAX 2048
#define TARIFF_TOUS_MAX 8
#define TARIFF_MONTHS_MAX 400
#define TARIFF_HOLIDAYS_MAX 200
#define TARIFF_ROWS_MAX 128 /* of any other table */
#define DAY_NEVER INT32_MAX
#define SHORT_NAME_SIZE 33
#define RULE_SIZE 72
#define KW_MILLIW INT64_C(1000000)

/* ---- days and windows ---- */

enum day_bit { DAY_SUNDAY = 0, DAY_SATURDAY = 6, DAY_HOLIDAY = 7 };
#define DAYS_WEEKDAY 0x3eu
#define DAYS_WEEKEND 0x41u
#define DAYS_ALL 0xffu

struct season {
    char id[SHORT_NAME_SIZE];
    int from_md; /* month × 100 + day, both ends inclusive; from > until runs over New Year */
    int until_md;
};

struct calendar {
    int fixed_count;
    int fixed_md[TARIFF_HOLIDAYS_MAX];
    int easter_count;
    int easter_offset[TARIFF_HOLIDAYS_MAX]; /* days from Easter Sunday */
    int date_count;
    int32_t dates_day[TARIFF_HOLIDAYS_MAX];
    int holiday_bit; /* the day bit a holiday counts as; -1: as the day it is */
};

struct window_row {
    int window;       /* index into window_ids */
    unsigned days;    /* bits of enum day_bit */
    uint32_t seasons; /* bits; all ones: whatever the season */
    int from_min;     /* minutes of the local day; from > until runs over midnight */
    int until_min;
};

/* One way to cut time into windows. Window 0 is what no row names. The first row that holds a minute counts. */
struct tou {
    char name[SHORT_NAME_SIZE]; /* of `tous`; "" otherwise */
    bool standard;              /* windows follow standard time, not the wall clock */
    int window_count;
    char window_ids[TARIFF_WINDOWS_MAX][SHORT_NAME_SIZE]; /* [0] is "" where there are no windows at all */
    int row_count;
    struct window_row *rows;
};

/* ---- prices ---- */

/* Prices by season and window; a dimension of 1 is the same for all. */
struct price_table {
    int seasons;
    int windows;
    int64_t *nano;
};

enum tier_unit { TIER_KWH, TIER_KWH_DAY, TIER_KWH_MONTH, TIER_KWH_KW, TIER_KW };
enum tier_mode { TIERS_GRADUATED, TIERS_VOLUME, TIERS_PACKAGE };
enum tier_scope { SCOPE_TOTAL_THEN_SHARE, SCOPE_PER_BUCKET, SCOPE_TIME_ORDER };

struct tier {
    bool open; /* the last: no end */
    enum tier_unit unit;
    int64_t end;       /* thousandths of the unit: Wh, Wh per day, Wh per kW; of kW: milliwatt */
    int64_t flat_nano; /* on entering the tier */
    struct price_table rate;
};

struct tier_list {
    int count;
    struct tier *tiers;
};

/* Tier lists by season and window, dimensions as in price_table. */
struct tiers {
    int seasons;
    int windows;
    struct tier_list *lists;
};

struct named_amount {
    char name[SHORT_NAME_SIZE];
    int64_t nano;
};

struct part {
    char id[SHORT_NAME_SIZE];
    struct price_table rate;
};

/* ---- whom it is for ---- */

enum account_attribute { ACCOUNT_PHASES, ACCOUNT_CLASS, ACCOUNT_ZONE, ACCOUNT_TIER, ACCOUNT_REGIME, ACCOUNT_ATTRIBUTES };

/* What stands in `when`: every attribute named has one of the values. */
struct condition {
    int count[ACCOUNT_ATTRIBUTES];
    char (*values[ACCOUNT_ATTRIBUTES])[SHORT_NAME_SIZE];
};

/* ---- charges ---- */

enum charge_kind { CHARGE_ENERGY, CHARGE_ADDER, CHARGE_DEMAND, CHARGE_FIXED, CHARGE_ALLOWANCE_CREDIT, CHARGE_PERCENT, CHARGE_PER_KWH };
enum charge_per { PER_DAY, PER_MONTH, PER_BILL, PER_YEAR };
enum quantity_of { OF_BILLED, OF_MEASURED, OF_NET, OF_NET_OF_DAY, OF_NET_OF_PART, OF_COMPENSATED, OF_EXPORT };
enum cap_rule { CAP_USAGE, CAP_SEGMENT, CAP_NONE };

struct month_price {
    int month; /* year × 12 + month - 1 */
    int64_t nano;
};

struct ratchet {
    int64_t share_nano; /* of the history's maximum */
    unsigned months;    /* bits 1 … 12 of the calendar months that count; 0: all */
    int lookback;       /* months back */
    int64_t minimum_milliw;
};

struct coincident {
    int event; /* rows of one event follow each other: the greatest of them counts */
    int64_t at_utc_ms;
    int64_t rate_nano; /* per kW */
};

/* kWh prices of a named series; `divisor` brings its unit to currency per kWh: p/kWh 100, EUR/MWh 1000. */
struct series_use {
    char id[NAME_SIZE]; /* "": none */
    int divisor;
};

struct charge {
    char id[NAME_SIZE];
    enum charge_kind kind;
    char rule[RULE_SIZE]; /* JSON pointer of the charge */
    struct condition when;
    int tou; /* index into the version's tous */
    /* energy, demand */
    struct tiers tiers;
    enum tier_mode tier_mode;
    enum tier_scope tier_scope;
    int64_t package_wh;
    int64_t free_wh; /* package, adder */
    struct series_use series;
    int part_count;
    struct part *parts;
    enum quantity_of quantity_of; /* adder, per_kwh */
    /* demand */
    int interval_s;
    int ratchet_count;
    struct ratchet *ratchets;
    bool daily;   /* each day's maximum is charged */
    int top_days; /* the mean of the greatest maxima of so many days; 0: the one greatest */
    bool whole;   /* not in proportion to the days of a part */
    int coincident_count;
    struct coincident *coincident;
    struct {
        int digits;
        enum rounding mode;
        bool given;
    } kw_round;
    char tier_demand[NAME_SIZE]; /* energy by kWh/kW: the demand charge that says kW */
    /* adder */
    int month_count;
    struct month_price *months;
    int level_count;
    struct named_amount *levels;
    bool by_days;
    /* fixed, allowance_credit, percent */
    enum charge_per per;
    int64_t amount_nano;
    enum account_attribute by; /* amounts by this attribute where amount_rows > 0 */
    bool by_amps;
    bool by_season;
    int amount_count;
    struct named_amount *amounts; /* by amps: name is "", limit in amps_to */
    int *amps_to;
    char times[16]; /* "contracted_kw", "amps" or "" */
    uint64_t of;    /* percent: bits of charges */
    /* allowance credit: per day by zone and season, Wh; credit by season */
    int zone_count;
    char (*zones)[SHORT_NAME_SIZE];
    struct price_table allowance_wh; /* "windows" are zones here */
    struct price_table credit;
    enum cap_rule cap;
};

/* ---- taxes and what else is on a bill ---- */

enum tax_kind { TAX_POR_DENTRO, TAX_POR_DENTRO_JOINT, TAX_POR_FORA, TAX_PER_KWH };

struct bracket {
    int64_t until_wh; /* INT64_MAX: the last */
    int64_t rate_nano;
};

struct tax {
    char id[NAME_SIZE];
    enum tax_kind kind;
    char rule[RULE_SIZE];
    struct condition when;
    bool in_lines; /* por_fora, printed inside the lines */
    int64_t rate_nano;
    int bracket_count;
    struct bracket *brackets;
    bool marginal;
    int month_count;
    struct month_price *months;
    uint64_t base;     /* bits of charges */
    unsigned tax_base; /* bits of taxes before it */
    unsigned excludes; /* bits of taxes */
    enum quantity_of quantity_of;
};

enum municipal_by { BY_MEASURED, BY_BILLED, BY_AVERAGE };
struct municipal_row {
    int64_t until_wh;
    int64_t fixed_nano;
    int64_t coefficient_nano; /* × the reference */
};
struct municipal {
    char id[NAME_SIZE];
    char rule[RULE_SIZE];
    struct condition when;
    int64_t amount_nano;
    int row_count;
    struct municipal_row *rows;
    enum municipal_by by;
    int64_t reference_nano;
    char reference_adder[NAME_SIZE]; /* "": none; its price of the month before is added, × reference_scale */
    int64_t reference_scale;
    int64_t cap_nano; /* INT64_MAX: none */
    int64_t percent_nano;
    uint64_t of;
};

enum minimum_kind { MINIMUM_NONE, MINIMUM_KWH, MINIMUM_MONTH, MINIMUM_YEAR, MINIMUM_DAY };
struct minimum {
    enum minimum_kind kind;
    char rule[RULE_SIZE];
    struct condition when;
    int64_t amount; /* Wh, or nano currency */
    int by_count;
    struct named_amount *by_phases;
    uint64_t of;
    int month; /* year: the month in which it is settled */
    bool share_of_cycle;
};

enum credit_mode { CREDITS_NONE, CREDITS_KWH, CREDITS_NET_BILLING, CREDITS_BUY_SELL };
enum credit_surplus { SURPLUS_CARRY, SURPLUS_PAY, SURPLUS_EXPIRE };

struct carry {
    int season;                 /* on entering it … */
    char from[SHORT_NAME_SIZE]; /* … credits of this window … */
    char to[SHORT_NAME_SIZE];   /* … belong to that one */
};

struct credits {
    enum credit_mode mode;
    char id[SHORT_NAME_SIZE];
    char rule[RULE_SIZE];
    struct condition when;
    /* kWh */
    bool others;      /* other windows too */
    bool other_units; /* what other units gave */
    bool lots_first;
    int expiry_months; /* 0: never */
    bool floor_minimum;
    char convert_by[SHORT_NAME_SIZE]; /* part whose price ratio converts between windows */
    int carry_count;
    struct carry *carries;
    struct price_table fio_b;
    int share_count;
    struct month_price *shares; /* month holds the year */
    struct condition fio_b_when;
    bool has_fio_b;
    /* money */
    bool retail;
    struct price_table credit_rate;
    struct series_use series;
    bool next_bill;
    enum credit_surplus surplus;
    bool has_offsets;
    uint64_t offsets;
    /* both */
    int true_up_month; /* 0: none */
    int64_t true_up_nano;
    bool true_up_of_total; /* kWh: on the balance of all windows together */
    bool true_up_pays;     /* a bank is paid out */
};

struct social {
    int count;
    char rule[RULE_SIZE];
    struct condition when;
    struct bracket *discounts; /* until_wh, share */
    uint64_t of;
};

/* ---- rounding, proration ---- */

struct round_rule {
    int digits;
    enum rounding mode;
};

enum round_stage { STAGE_NONE, STAGE_INTERVAL, STAGE_BUCKET, STAGE_BILL };
enum netting { NET_REGISTER, NET_INTERVAL, NET_MONTH };
enum total_policy { TOTAL_SUM_OF_LINES, TOTAL_ROUND_OF_SUM };
enum print_days { DAYS_INCLUSIVE, DAYS_START_EXCLUSIVE, DAYS_EXACT };
enum tariff_change { CHANGE_SPLIT_DAYS, CHANGE_READ_DATE, CHANGE_INTERVAL };
enum month_rule { MONTH_IS_CYCLE, MONTH_CALENDAR, MONTH_DAYS };
enum estimate_method { ESTIMATE_NONE, ESTIMATE_MEAN_12, ESTIMATE_SAME_MONTH, ESTIMATE_PROFILE };

struct tariff_version {
    int32_t from_day;
    int32_t until_day;    /* DAY_NEVER: open */
    int64_t known_utc_ms; /* INT64_MIN: ever */
    char act[96];
    struct calendar calendar;
    int season_count;
    struct season seasons[TARIFF_SEASONS_MAX];
    bool by_season; /* a charge depends on the season: bills are cut there */
    int tou_count;  /* at least 1 */
    struct tou tous[TARIFF_TOUS_MAX];
    enum netting netting;
    int interval_s; /* 0: as the meter has it */
    enum round_stage round_stage;
    struct round_rule quantity_round;
    int charge_count;
    struct charge *charges;
    struct minimum minimum;
    struct minimum maximum; /* MINIMUM_NONE or MINIMUM_MONTH: no more than this */
    int credit_count;
    struct credits credits[TARIFF_CREDITS_MAX];
    struct social social;
    int tax_count;
    struct tax taxes[TARIFF_TAXES_MAX];
    int municipal_count;
    struct municipal municipal[TARIFF_MUNICIPAL_MAX];
    struct round_rule line, tax_round, total_round;
    struct round_rule price_display; /* digits -1: not said */
    bool price_computes;
    enum total_policy total_policy;
    enum print_days print_days;
    enum tariff_change tariff_change;
    enum month_rule month_rule;
    int64_t month_days_nano; /* MONTH_DAYS */
    enum estimate_method estimate;
    int estimate_max_cycles;
};

struct tariff {
    char tariff_id[NAME_SIZE];
    char currency[4];
    int minor_digits;
    char tz[64];
    char version_hash[FINGERPRINT_SIZE]; /* of the whole document's bytes */
    int version_count;
    struct tariff_version *versions; /* ascending by from_day */
    struct tariff_block *blocks;     /* owned memory; see tariff_destroy in wire/tariff_json.h */
};

/*
 * The version in force on a local day by what was known at an instant (INT64_MAX: all that is known now), or NULL. Where several hold, the one that
 * stands last counts.
 */
const struct tariff_version *tariff_version_known(const struct tariff *tariff, int32_t local_day, int64_t known_utc_ms);
const struct tariff_version *tariff_version_on(const struct tariff *tariff, int32_t local_day);

int tariff_season_on(const struct tariff_version *version, int32_t local_day); /* -1: in none */
unsigned tariff_day_bits(const struct calendar *calendar, int32_t local_day);  /* one bit of enum day_bit */
int64_t price_at(const struct price_table *table, int season, int window);
const struct tier_list *tiers_at(const struct tiers *tiers, int season, int window);
int tou_find_window(const struct tou *tou, const char *id); /* -1: none */
int month_of_day(int32_t local_day);                        /* year × 12 + month - 1 */
bool month_price_find(const struct month_price *rows, int count, int month, int64_t *out_nano);

#endif
