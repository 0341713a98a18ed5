/*
 * The records: who and what there is (points, devices, customers, accounts, logins, tariffs, rules) and what was decided
 * about it. `records.db` is written seldom, in short transactions, by the API, by `qw`, and by the ingestor where it
 * registers a meter or a login.
 *
 * Contract:
 * - A `struct records` may be used by any number of threads. It holds one writing connection and a small pool of reading
 *   ones (RECORDS_READERS, opened when first needed); a call borrows one and gives it back before it returns. No call
 *   keeps a transaction open beyond its return, but between records_batch_begin and _commit.
 * - A verb that writes is one transaction together with its row in the audit; it takes a `struct actor`, which says who
 *   and when: this library reads no clock. Touching (last seen, last used) and pruning leave no audit row.
 * - Lists fill `out[limit]` in the order of their key and say how many; when that is `limit`, ask again with `after` set to
 *   the last row's key. limit is 1 … RECORDS_PAGE_MAX.
 * - Strings in structs are NUL-terminated, "" is "none". Texts longer than their field, or not UTF-8, are ERR_INVALID;
 *   fault.pointer names the field ("/tz").
 * - Days are civil day numbers in the meter's zone, half-open [from, until); RECORDS_NO_DAY is an open end.
 * - `revision` numbers grow over all nouns together: each transaction that changes something gets the next. A row's is
 *   that of its last change: ETag, If-Match, and "what changed since".
 *
 * Errors: ERR_RETRY: locked for longer than the busy timeout, disk full: nothing was done. ERR_UNCERTAIN: do it again.
 * ERR_NOT_FOUND, ERR_CONFLICT (taken, overlaps, or the revision is not the expected one), ERR_INVALID, ERR_LIMIT (a read
 * beyond one second; a stated maximum), ERR_FATAL (a broken store). Out-parameters are untouched on failure.
 */
#ifndef STORE_RECORDS_H
#define STORE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "energy/cycle.h"
#include "energy/decision.h"
#include "energy/series.h"

struct records;

#define RECORDS_READERS 4
#define RECORDS_PAGE_MAX 1000
#define RECORDS_NO_DAY INT32_MAX
#define RECORDS_ANY_REVISION INT64_C(-1)
#define RECORD_ID_SIZE 65 /* ids and names: 1 to 64 of A-Z a-z 0-9 . _ - */
#define RECORD_TEXT_SIZE 161
#define RECORD_HASH_SIZE 161 /* any encoded hash: argon2id, Mosquitto PBKDF2, hex */

enum records_mode {
    RECORDS_USE,   /* the file must exist and be at this program's version */
    RECORDS_CREATE /* makes the file, or brings it up to date */
};

struct records_options {
    const char *path;
    enum records_mode mode;
    int busy_timeout_ms; /* how long a write waits for another program's; 0: 5000 */
};

enum err records_open(const struct records_options *options, struct fault *fault, struct records **out);
void records_close(struct records *records); /* NULL-safe; no call may be under way */

/*
 * Cheap to ask often: grows when anything changed, here or in another program. When nothing did, one page is looked at.
 * Compare it with what you remember, then ask the `changed` lists with the revision you remember.
 */
enum err records_version(struct records *records, struct fault *fault, int64_t *out_revision);

/* Who does it, and when. `name` is the login, or "qw:<system user>", "ingestor". */
struct actor {
    const char *name;
    int64_t at_utc_ms;
};

/*
 * Many verbs in one transaction, by this thread alone: a verb that fails undoes itself only; other threads' writes wait.
 * Reads by this thread see the open batch. Rollback is harmless where none is open.
 */
enum err records_batch_begin(struct records *records, struct fault *fault);
enum err records_batch_commit(struct records *records, struct fault *fault);
void records_batch_rollback(struct records *records);

/* ---- metering points and their devices ---- */

/* Stored: never renumber. */
enum point_state { POINT_UNASSIGNED = 0, POINT_ACTIVE = 1, POINT_INACTIVE = 2 };
const char *point_state_name(enum point_state state); /* "unassigned", "active", "inactive" */
bool point_state_parse(const char *name, enum point_state *out);

struct point_record {
    int64_t meter_no; /* set by the store; never reused */
    char meter_id[RECORD_ID_SIZE];
    char tz[64]; /* IANA; its form is checked here, that it exists by the caller */
    char district[RECORD_ID_SIZE];
    char feeder[RECORD_ID_SIZE];
    bool located;
    int32_t latitude_udeg;  /* millionths of a degree, north positive */
    int32_t longitude_udeg; /* east positive */
    char label[RECORD_TEXT_SIZE];
    char address[RECORD_TEXT_SIZE];
    int phases;             /* 1 … 3 */
    int volts;              /* 50 … 1000, phase to neutral */
    int breaker_a;          /* 1 … 10000 per phase */
    int reading_interval_s; /* 0: undeclared, else 1 … 86400 */
    bool export_allowed;
    enum point_state state;
    bool auto_registered;
    int64_t created_utc_ms; /* set by the store, as the following */
    int64_t updated_utc_ms;
    int64_t revision;
        char serial[RECORD_ID_SIZE]; /* of the present device, "" without one; written by records_device_exchange */
    int64_t device_revision;     /* when its devices changed last; 0: never */
};

/* 3 phases × 230 V × 100 A (domain.md), no interval, unassigned, zone "UTC", everything else empty. */
void point_record_init(struct point_record *point);

/* ERR_CONFLICT where a meter or a login has the name, or it is reserved. */
enum err records_point_add(struct records *records, const struct actor *actor, const struct point_record *point, struct fault *fault,
                           int64_t *out_meter_no);

/*
 * Points `<prefix><number>`, numbers `first` … first + count - 1 with leading zeros to `digits` (0: none), all like `model`.
 * 1,000 to a transaction; a point that exists already is left as it is, so the call may be repeated.
 */
enum err records_point_add_many(struct records *records, const struct actor *actor, const struct point_record *model, const char *prefix,
                                int64_t first, int64_t count, int digits, struct fault *fault, int64_t *out_added, int64_t *out_existing);

/* Writes all that the store does not set (meter_id is never changed). `if_revision` or RECORDS_ANY_REVISION. */
enum err records_point_update(struct records *records, const struct actor *actor, const struct point_record *point, int64_t if_revision,
                              struct fault *fault, int64_t *out_revision);

enum err records_point_by_id(struct records *records, const char *meter_id, struct fault *fault, struct point_record *out);
enum err records_point_by_no(struct records *records, int64_t meter_no, struct fault *fault, struct point_record *out);

struct point_filter {
    bool by_state;
    enum point_state state;
    const char *district;    /* NULL: any */
    const char *feeder;      /* NULL: any */
    const char *search;      /* NULL: any; part of id, label, address or serial, ASCII letters of either case */
    const char *customer_id; /* NULL: any; points with an account of this customer on `on_day` */
    int32_t on_day;
    const char *after; /* meter_id; NULL: from the start */
};
/* By meter_id. */
enum err records_point_list(struct records *records, const struct point_filter *filter, size_t limit, struct fault *fault, struct point_record *out,
                            size_t *out_count);

/* By (revision, meter_no), greater than the pair given; zeros to begin. */
enum err records_point_changed(struct records *records, int64_t after_revision, int64_t after_meter_no, size_t limit, struct fault *fault,
                               struct point_record *out, size_t *out_count);

struct point_count {
    int64_t total;
    int64_t by_state[3];
};
enum err records_point_count(struct records *records, const char *district /* NULL: all */, struct fault *fault, struct point_count *out);

struct device_record {
    int64_t device_no;
    int64_t meter_no;
    char serial[RECORD_ID_SIZE];
    char model[RECORD_ID_SIZE];
    int64_t register_max_wh; /* the register turns over after this value; 0: unknown */
    int64_t installed_from_utc_ms;
    int64_t installed_until_utc_ms; /* INT64_MAX: it is there */
};
/*
 * The device that hangs there from `installed_from_utc_ms` on; the one before ends there. An instant not after the present
 * device's is ERR_CONFLICT; the present one's serial at its instant says its model and register_max_wh anew.
 */
enum err records_device_exchange(struct records *records, const struct actor *actor, const struct device_record *device, struct fault *fault,
                                 int64_t *out_device_no);
/* All of a point, by installation. */
enum err records_device_list(struct records *records, int64_t meter_no, size_t limit, struct fault *fault, struct device_record *out,
                             size_t *out_count);

/* ---- customers, accounts, cycle groups ---- */

struct customer_record {
    int64_t customer_no;
    char customer_id[RECORD_ID_SIZE];
    char name[RECORD_TEXT_SIZE];
    char email[RECORD_TEXT_SIZE];
    char language[16]; /* "pt-BR", "en"; "": the utility's */
    int64_t created_utc_ms;
    int64_t revision;
};
enum err records_customer_add(struct records *records, const struct actor *actor, const struct customer_record *customer, struct fault *fault,
                              int64_t *out_customer_no);
enum err records_customer_update(struct records *records, const struct actor *actor, const struct customer_record *customer, int64_t if_revision,
                                 struct fault *fault, int64_t *out_revision); /* by customer_id */
enum err records_customer_by_id(struct records *records, const char *customer_id, struct fault *fault, struct customer_record *out);
/* By customer_id; `search` as for points over id, name, email. */
enum err records_customer_list(struct records *records, const char *search, const char *after, size_t limit, struct fault *fault,
                               struct customer_record *out, size_t *out_count);

enum account_state { ACCOUNT_ACTIVE = 0, ACCOUNT_CLOSED = 1 }; /* closed: it has an end */

/* What of an account may change from a day on, each for itself. Stored: never renumber. */
enum account_term {
    TERM_TARIFF = 1,       /* a tariff_id */
    TERM_CLASS = 2,        /* "residential", … a name */
    TERM_PHASES = 3,       /* "1" … "3" */
    TERM_MUNICIPALITY = 4, /* a name */
    TERM_CYCLE_GROUP = 5   /* a group_id */
};
const char *account_term_name(enum account_term term); /* "tariff", "class", "phases", "municipality", "cycle_group" */
bool account_term_parse(const char *name, enum account_term *out);

struct account_record {
    int64_t account_no;
    char account_id[RECORD_ID_SIZE];
    char customer_id[RECORD_ID_SIZE];
    int64_t meter_no;
    char meter_id[RECORD_ID_SIZE]; /* read only */
    int32_t from_day;
    int32_t until_day;        /* RECORDS_NO_DAY: nobody moved out yet */
    enum account_state state; /* read only */
    bool has_goal;            /* records_account_goal_set */
    int64_t goal_minor;       /* what the household wants to stay under, per cycle, in the tariff's currency */
    int64_t created_utc_ms;
    int64_t revision; /* its terms' changes count as its own */
};

/* What holds on one day. "" / 0: nothing was said; the settings' default holds (tariff, cycle group), or the point's phases. */
struct account_terms {
    char tariff_id[RECORD_ID_SIZE];
    char class_name[RECORD_ID_SIZE];
    int phases;
    char municipality[RECORD_ID_SIZE];
    char cycle_group[RECORD_ID_SIZE];
};

/*
 * From `from_day` until `until_day` (RECORDS_NO_DAY); the point is named by meter_no, or where that is 0 by meter_id; `terms`
 * hold from that day too (NULL: none). A point that was unassigned becomes active. ERR_CONFLICT where another account of the
 * point overlaps. account_id "": the store makes "<meter_id>-<n>". `out` may be NULL.
 */
enum err records_account_add(struct records *records, const struct actor *actor, const struct account_record *account,
                             const struct account_terms *terms, struct fault *fault, struct account_record *out);
/* Ends at this local midnight (> from_day); RECORDS_NO_DAY opens it again. The point's state stays as it is. */
enum err records_account_end(struct records *records, const struct actor *actor, const char *account_id, int32_t until_day, struct fault *fault);
enum err records_account_goal_set(struct records *records, const struct actor *actor, const char *account_id, bool has_goal, int64_t goal_minor,
                                  struct fault *fault);
/* Holds from `from_day` until the next one that was set. "" takes it back to the default. The same day again replaces. */
enum err records_account_term_set(struct records *records, const struct actor *actor, const char *account_id, enum account_term term,
                                  int32_t from_day, const char *value, struct fault *fault);
enum err records_account_terms_on(struct records *records, int64_t account_no, int32_t day, struct fault *fault, struct account_terms *out);

struct account_term_row {
    int64_t account_no;
    enum account_term term;
    int32_t from_day;
    int32_t until_day; /* that of the next one of its kind, or RECORDS_NO_DAY */
    char value[RECORD_ID_SIZE];
};
/* All dated terms of one account (account_no), or of all (0), by (account_no, term, from_day), after the key given (NULL). */
enum err records_account_term_list(struct records *records, int64_t account_no, const struct account_term_row *after, size_t limit,
                                   struct fault *fault, struct account_term_row *out, size_t *out_count);

enum err records_account_by_id(struct records *records, const char *account_id, struct fault *fault, struct account_record *out);
/* The account that holds a point on a day. ERR_NOT_FOUND. */
enum err records_account_at(struct records *records, int64_t meter_no, int32_t day, struct fault *fault, struct account_record *out);

struct account_filter {
    const char *customer_id; /* NULL: any */
    int64_t meter_no;        /* 0: any */
    bool by_day;
    int32_t on_day;    /* only those that hold on this day */
    const char *after; /* account_id; NULL: from the start */
};
/* By account_id. */
enum err records_account_list(struct records *records, const struct account_filter *filter, size_t limit, struct fault *fault,
                              struct account_record *out, size_t *out_count);
enum err records_account_changed(struct records *records, int64_t after_revision, int64_t after_account_no, size_t limit, struct fault *fault,
                                 struct account_record *out, size_t *out_count);

struct cycle_group_record {
    char group_id[RECORD_ID_SIZE];
    struct cycle_group group;
    int64_t revision;
};
/* Makes or replaces. The file begins with "day-1" (the first of each month), which is the default. */
enum err records_cycle_group_put(struct records *records, const struct actor *actor, const struct cycle_group_record *group, struct fault *fault);
enum err records_cycle_group_by_id(struct records *records, const char *group_id, struct fault *fault, struct cycle_group_record *out);
enum err records_cycle_group_list(struct records *records, const char *after, size_t limit, struct fault *fault, struct cycle_group_record *out,
                                  size_t *out_count);

/* ---- logins, sessions, tokens ---- */

/* Stored: never renumber. */
enum login_kind { LOGIN_OPERATOR = 1, LOGIN_ADMIN = 2, LOGIN_CUSTOMER = 3, LOGIN_METER = 4, LOGIN_CLAIM = 5, LOGIN_SERVICE = 6 };
const char *login_kind_name(enum login_kind kind);
bool login_kind_parse(const char *name, enum login_kind *out);

/*
 * One login for web and broker. A meter's username is its meter_id. The broker's ACL says `pattern … %u`, so no login may
 * bear the name of somebody else's meter, and no meter that of a login; `district`, `feeder` and `system` name alert
 * subjects, `claim`, `ingestor` and `api` logins of their own kind.
 */
struct login_record {
    int64_t login_no;
    char username[RECORD_ID_SIZE];
    enum login_kind kind;
    char web_hash[RECORD_HASH_SIZE];    /* argon2id; "": may not enter the web */
    char broker_hash[RECORD_HASH_SIZE]; /* as in Mosquitto's password file; "": may not enter the broker */
    char customer_id[RECORD_ID_SIZE];   /* of a customer's login, else "" */
    int64_t meter_no;                   /* of a meter's login, else 0 */
    bool disabled;
    int64_t created_utc_ms;
    int64_t revision;
};
enum err records_login_add(struct records *records, const struct actor *actor, const struct login_record *login, struct fault *fault,
                           int64_t *out_login_no);
/* Makes the meter's login, or gives it this hash. */
enum err records_login_meter_put(struct records *records, const struct actor *actor, int64_t meter_no, const char *broker_hash, struct fault *fault);
/* New passwords end all its sessions. NULL leaves a hash as it is, "" takes it away. */
enum err records_login_password_set(struct records *records, const struct actor *actor, const char *username, const char *web_hash,
                                    const char *broker_hash, struct fault *fault);
/* Disabling ends its sessions and revokes its tokens. */
enum err records_login_disable(struct records *records, const struct actor *actor, const char *username, bool disabled, struct fault *fault);
enum err records_login_by_name(struct records *records, const char *username, struct fault *fault, struct login_record *out);
enum err records_login_by_no(struct records *records, int64_t login_no, struct fault *fault, struct login_record *out);

struct login_filter {
    bool by_kind;
    enum login_kind kind;
    bool broker_only; /* only those that may enter the broker: a hash, and not disabled */
    bool without_meters;
    const char *after; /* username; NULL: from the start */
};
/* By username. */
enum err records_login_list(struct records *records, const struct login_filter *filter, size_t limit, struct fault *fault, struct login_record *out,
                            size_t *out_count);
/* Grows when a login or an account changed: the broker's password and ACL files must be written again. */
enum err records_broker_version(struct records *records, struct fault *fault, int64_t *out_revision);

struct session_record {
    char token_hash[RECORD_HASH_SIZE];
    int64_t login_no;
    char csrf[RECORD_HASH_SIZE];
    int64_t created_utc_ms;
    int64_t expires_utc_ms;
    int64_t last_seen_utc_ms;
};
/* Keeps the newest RECORDS_SESSIONS_MAX of a login. */
#define RECORDS_SESSIONS_MAX 20
enum err records_session_add(struct records *records, const struct session_record *session, struct fault *fault);
/* ERR_NOT_FOUND where it is unknown, has expired, or its login is disabled. `out_login` may be NULL. */
enum err records_session_by_hash(struct records *records, const char *token_hash, int64_t now_utc_ms, struct fault *fault, struct session_record *out,
                                 struct login_record *out_login);
enum err records_session_touch(struct records *records, const char *token_hash, int64_t now_utc_ms, int64_t expires_utc_ms, struct fault *fault);
enum err records_session_remove(struct records *records, const char *token_hash, struct fault *fault); /* unknown: OK */

struct token_record {
    char token_id[RECORD_ID_SIZE]; /* public name, chosen by the caller */
    char token_hash[RECORD_HASH_SIZE];
    int64_t login_no;
    char username[RECORD_ID_SIZE]; /* read only */
    char name[RECORD_TEXT_SIZE];
    char scopes[RECORD_TEXT_SIZE]; /* words with blanks between; see lib/access; "": all that the login may */
    int64_t created_utc_ms;
    int64_t expires_utc_ms;   /* INT64_MAX: never */
    int64_t revoked_utc_ms;   /* INT64_MAX: not */
    int64_t last_used_utc_ms; /* 0: never */
};
#define RECORDS_TOKENS_MAX 100 /* live ones per login; ERR_LIMIT beyond */
enum err records_token_add(struct records *records, const struct actor *actor, const struct token_record *token, struct fault *fault);
/* ERR_NOT_FOUND where it is unknown, expired, revoked, or its login is disabled. `out_login` may be NULL. */
enum err records_token_by_hash(struct records *records, const char *token_hash, int64_t now_utc_ms, struct fault *fault, struct token_record *out,
                               struct login_record *out_login);
enum err records_token_touch(struct records *records, const char *token_id, int64_t now_utc_ms, struct fault *fault);
/* login_no 0: whoever's it is. */
enum err records_token_revoke(struct records *records, const struct actor *actor, const char *token_id, int64_t login_no, struct fault *fault);
/* By token_id; login_no 0: all. Revoked and expired ones too. */
enum err records_token_list(struct records *records, int64_t login_no, const char *after, size_t limit, struct fault *fault, struct token_record *out,
                            size_t *out_count);

/* ---- Idempotency-Key ---- */

enum idempotency_answer {
    IDEMPOTENCY_NEW,     /* it is yours: do it, then _finish (or _forget where it failed) */
    IDEMPOTENCY_DONE,    /* answered before: status and body are that answer */
    IDEMPOTENCY_PENDING, /* another request is at it (or died at it, less than a minute ago) */
    IDEMPOTENCY_OTHER    /* the key was used for another request */
};
#define RECORDS_IDEMPOTENCY_BODY_MAX 65536
enum err records_idempotency_begin(struct records *records, int64_t login_no, const char *key, const char *request_hash, int64_t now_utc_ms,
                                   struct fault *fault, enum idempotency_answer *out, int *out_status, struct buf *out_body);
enum err records_idempotency_finish(struct records *records, int64_t login_no, const char *key, int status, const void *body, size_t len,
                                    struct fault *fault);
enum err records_idempotency_forget(struct records *records, int64_t login_no, const char *key, struct fault *fault);

/* Expired sessions, idempotency keys older than 24 h, answered requests older than 30 days. Call it every few minutes. */
enum err records_prune(struct records *records, int64_t now_utc_ms, struct fault *fault);

/* ---- tariffs ---- */

#define RECORDS_DOCUMENT_MAX 1048576
struct tariff_record {
    char tariff_id[RECORD_ID_SIZE];
    char version_hash[RECORD_ID_SIZE];
    int64_t document_len;
    int64_t created_utc_ms; /* of this document */
    int64_t revision;
};
/*
 * The present document of a tariff; former ones stay readable by their hash. The same hash again changes nothing.
 * if_revision 0: it must be new.
 */
enum err records_tariff_put(struct records *records, const struct actor *actor, const char *tariff_id, const char *document, size_t document_len,
                            const char *version_hash, int64_t if_revision, struct fault *fault, int64_t *out_revision);
/* `version_hash` NULL: the present one. `out_document` is appended to; it (or `out`) may be NULL. */
enum err records_tariff_get(struct records *records, const char *tariff_id, const char *version_hash, struct fault *fault, struct tariff_record *out,
                            struct buf *out_document);
enum err records_tariff_list(struct records *records, const char *after, size_t limit, struct fault *fault, struct tariff_record *out,
                             size_t *out_count);
/* All documents of one tariff, newest first, `before_created` INT64_MAX to begin. */
enum err records_tariff_history(struct records *records, const char *tariff_id, size_t limit, struct fault *fault, struct tariff_record *out,
                                size_t *out_count);
enum err records_tariff_changed(struct records *records, int64_t after_revision, size_t limit, struct fault *fault, struct tariff_record *out,
                                size_t *out_count);

/* ---- price series ---- */

struct series_record {
    char series_id[RECORD_ID_SIZE];
    int64_t loaded_utc_ms;
    int64_t revision;
    int64_t from_utc_ms; /* of its prices, first to last */
    int64_t until_utc_ms;
    int64_t price_count;
};
#define RECORDS_SERIES_MAX 64
/* Adds prices (ascending, not overlapping); those that they lie over are replaced. ERR_LIMIT: it would be one series too many. */
enum err records_series_put(struct records *records, const struct actor *actor, const char *series_id, const struct series_price *prices,
                            size_t count, struct fault *fault);
/* Series changed after a revision (0: all), in the order of their changes. */
enum err records_series_list(struct records *records, int64_t after_revision, size_t limit, struct fault *fault, struct series_record *out,
                             size_t *out_count);
/* Prices that begin in [from, until), at most `limit`. */
enum err records_series_prices(struct records *records, const char *series_id, int64_t from_utc_ms, int64_t until_utc_ms, size_t limit,
                               struct fault *fault, struct series_price *out, size_t *out_count);

/* ---- alert rules and acknowledgements ---- */

#define RECORD_PARAMS_SIZE 1025
struct rule_record {
    int64_t rule_no; /* ascending */
    int64_t meter_no;
    char kind[RECORD_ID_SIZE];       /* an alert kind's name */
    char params[RECORD_PARAMS_SIZE]; /* JSON object, opaque; "": the rule is taken back to its default */
    int64_t valid_from_utc_ms;
    char by[RECORD_ID_SIZE];
    int64_t at_utc_ms;
    int64_t revision;
};
/* Append-only: the latest valid_from holds, then the latest said. Params equal to those in force change nothing. */
enum err records_rule_set(struct records *records, const struct actor *actor, int64_t meter_no, const char *kind, const char *params,
                          int64_t valid_from_utc_ms, struct fault *fault, int64_t *out_revision);
/* The one per kind that holds at an instant (INT64_MAX: the last said), taken-back ones left out; by kind. */
enum err records_rule_list(struct records *records, int64_t meter_no, int64_t at_utc_ms, size_t limit, struct fault *fault, struct rule_record *out,
                           size_t *out_count);
/* All ever said, by rule_no, of one meter or (0) of all. */
enum err records_rule_history(struct records *records, int64_t meter_no, int64_t after_rule_no, size_t limit, struct fault *fault,
                              struct rule_record *out, size_t *out_count);

struct acknowledgement_record {
    int64_t ack_no; /* ascending: remember the last one to ask for more */
    char alert_id[RECORD_ID_SIZE];
    char by[RECORD_ID_SIZE];
    int64_t at_utc_ms;
    char note[RECORD_TEXT_SIZE];
};
enum err records_acknowledge(struct records *records, const struct actor *actor, const char *alert_id, const char *note, struct fault *fault,
                             int64_t *out_ack_no);
enum err records_acknowledged_since(struct records *records, int64_t after_ack_no, size_t limit, struct fault *fault,
                                    struct acknowledgement_record *out, size_t *out_count);
/* Of one alert, the oldest first. */
enum err records_acknowledged_of(struct records *records, const char *alert_id, size_t limit, struct fault *fault, struct acknowledgement_record *out,
                                 size_t *out_count);

/* ---- decisions on readings ---- */

#define RECORD_REASON_SIZE 401
#define RECORDS_DECISIONS_MAX 5000 /* that stand (proposed or approved) on one meter; ERR_CONFLICT beyond */

struct decision_record {
    char estimate_id[RECORD_ID_SIZE]; /* set by the store: "estimate-<decision_no>" */
    int64_t meter_no;
    char meter_id[RECORD_ID_SIZE]; /* read only */
    struct decision decision;      /* decision_no is set by the store */
    int64_t before_wh, after_wh;   /* what it bears on, when it was said, without and with it */
    char reason[RECORD_REASON_SIZE];
    /* read only from here on */
    bool needs_second; /* |after − before| is beyond the setting second_person_wh of that time */
    char by[RECORD_ID_SIZE];
    int64_t at_utc_ms;
    enum decision_state state;
    char reviewed_by[RECORD_ID_SIZE]; /* of the last review; "": none */
    int64_t reviewed_at_utc_ms;
    char note[RECORD_REASON_SIZE];
    int64_t revision; /* of the last review, or of itself */
};
/*
 * Append-only. It is approved at once, or proposed where it needs a second person. A span begins and ends with a quarter-hour; a read's is its ts and
 * the millisecond after it.
 */
enum err records_decision_add(struct records *records, const struct actor *actor, const struct decision_record *record, struct fault *fault,
                              int64_t *out_decision_no);

/* Would a change from `before_wh` to `after_wh` need a second person, by the setting that holds then? */
enum err records_decision_needs_second(struct records *records, int64_t at_utc_ms, int64_t before_wh, int64_t after_wh, struct fault *fault, bool *out);

struct decision_review {
    enum decision_state state; /* approved, rejected: of what is proposed, by somebody else; withdrawn: of what is not rejected, by its author */
    const char *note;
    bool for_others; /* an administrator may withdraw what another decided */
    int64_t if_revision;
};
/* ERR_CONFLICT with a sentence where its state, or who it is, does not allow it. */
enum err records_decision_review(struct records *records, const struct actor *actor, int64_t decision_no, const struct decision_review *review,
                                 struct fault *fault);

bool records_decision_id_parse(const char *estimate_id, int64_t *out_decision_no);
enum err records_decision_by_no(struct records *records, int64_t decision_no, struct fault *fault, struct decision_record *out);

struct decision_filter {
    int64_t meter_no; /* 0: any */
    bool by_state;
    enum decision_state state;
    int64_t before_no; /* 0: from the newest */
};
/* Newest first. */
enum err records_decision_list(struct records *records, const struct decision_filter *filter, size_t limit, struct fault *fault,
                               struct decision_record *out, size_t *out_count);
/* By (revision, decision_no), greater than the pair given; zeros to begin. */
enum err records_decision_changed(struct records *records, int64_t after_revision, int64_t after_decision_no, size_t limit, struct fault *fault,
                                  struct decision_record *out, size_t *out_count);

/* ---- requests to the ingestor ---- */

enum request_state { REQUEST_NEW = 0, REQUEST_DONE = 1, REQUEST_REFUSED = 2 };
const char *request_state_name(enum request_state state);
struct request_record {
    int64_t request_no;
    char kind[RECORD_ID_SIZE];       /* "resend", "revoke", "rebuild", … */
    char params[RECORD_PARAMS_SIZE]; /* JSON object, opaque */
    enum request_state state;
    char result[RECORD_TEXT_SIZE];
    char by[RECORD_ID_SIZE];
    int64_t created_utc_ms;
    int64_t finished_utc_ms; /* 0: not yet */
};
#define RECORDS_REQUESTS_MAX 10000 /* unanswered ones; ERR_LIMIT beyond */
enum err records_request_add(struct records *records, const struct actor *actor, const char *kind, const char *params, struct fault *fault,
                             int64_t *out_request_no);
/* New ones, oldest first. */
enum err records_request_poll(struct records *records, size_t limit, struct fault *fault, struct request_record *out, size_t *out_count);
/* Answering again is harmless: the first answer stays. */
enum err records_request_finish(struct records *records, const struct actor *actor, int64_t request_no, enum request_state state, const char *result,
                                struct fault *fault);
enum err records_request_by_no(struct records *records, int64_t request_no, struct fault *fault, struct request_record *out);

/* ---- files of readings, handed to the ingestor ---- */

struct import_record {
    int64_t import_no;
    char source[RECORD_TEXT_SIZE]; /* the file's name */
    char by[RECORD_ID_SIZE];
    int64_t created_utc_ms;
    int64_t waiting; /* chunks that are not in the ledger yet */
    int64_t accepted, repeated, refused;
    char detail[RECORD_TEXT_SIZE]; /* the verdicts of the last chunk with refused readings; "": none */
};
#define RECORDS_IMPORT_PAYLOAD_MAX 262144 /* PAYLOAD_MAX of wire/reading_json.h */
#define RECORDS_IMPORT_CHUNKS_MAX 200     /* that wait, of all imports; ERR_LIMIT beyond: wait and say it again */
enum err records_import_begin(struct records *records, const struct actor *actor, const char *source, struct fault *fault, int64_t *out_import_no);
/* A batch of readings of one meter, as its topic would carry it. */
enum err records_import_add(struct records *records, int64_t import_no, const char *meter_id, const void *payload, size_t len, struct fault *fault);
enum err records_import_get(struct records *records, int64_t import_no, struct fault *fault, struct import_record *out);

struct import_chunk {
    int64_t chunk_no;
    char meter_id[RECORD_ID_SIZE];
};
/* The first chunk after one: ERR_NOT_FOUND when there is none. `out_payload` is appended to. */
enum err records_import_next(struct records *records, int64_t after_chunk_no, struct fault *fault, struct import_chunk *out, struct buf *out_payload);
/* It is in the ledger: it goes, and its counts are added. Of one that went already nothing happens. */
enum err records_import_done(struct records *records, int64_t chunk_no, int64_t accepted, int64_t repeated, int64_t refused, const char *detail,
                             struct fault *fault);

/* ---- claims: devices that may ask for an identity ---- */

struct claim_record {
    char serial[RECORD_ID_SIZE];
    char code_hash[RECORD_HASH_SIZE]; /* as lib/access makes it */
    char model[RECORD_ID_SIZE];
    int64_t meter_no;              /* what it yields; 0: not decided before the first claim */
    char meter_id[RECORD_ID_SIZE]; /* read only */
    int64_t claimed_utc_ms;        /* the first time; 0: never */
    int64_t created_utc_ms;
    int64_t revision;
};
enum err records_claim_add(struct records *records, const struct actor *actor, const struct claim_record *claim, struct fault *fault);
enum err records_claim_lookup(struct records *records, const char *serial, struct fault *fault, struct claim_record *out);
/* Ties the serial to a meter and notes the first claim. The same again is OK; another meter is ERR_CONFLICT. */
enum err records_claim_bind(struct records *records, const struct actor *actor, const char *serial, int64_t meter_no, struct fault *fault);
enum err records_claim_list(struct records *records, const char *after, size_t limit, struct fault *fault, struct claim_record *out,
                            size_t *out_count);

/* ---- settings of the utility, dated ---- */

struct setting_row {
    const char *name;
    const char *fallback; /* what holds until it is set */
    const char *what;     /* one sentence */
};
/* The one table of them: names beyond it are ERR_INVALID. */
extern const struct setting_row setting_table[];
extern const int setting_count;

#define RECORD_SETTING_SIZE 257
struct setting_record {
    char name[RECORD_ID_SIZE];
    char value[RECORD_SETTING_SIZE];
    int64_t valid_from_utc_ms;
    char by[RECORD_ID_SIZE];
    int64_t at_utc_ms;
};
enum err records_setting_set(struct records *records, const struct actor *actor, const char *name, const char *value, int64_t valid_from_utc_ms,
                             struct fault *fault);
/* What holds at an instant (INT64_MAX: what was said last): the value, or the table's fallback. */
enum err records_setting_get(struct records *records, const char *name, int64_t at_utc_ms, struct fault *fault, char out[RECORD_SETTING_SIZE]);
/* All ever said, by name and valid_from; `name` NULL: all. */
enum err records_setting_history(struct records *records, const char *name, size_t limit, struct fault *fault, struct setting_record *out,
                                 size_t *out_count);

/* ---- audit ---- */

struct audit_record {
    int64_t audit_no;
    int64_t at_utc_ms;
    char actor[RECORD_ID_SIZE];
    char action[RECORD_ID_SIZE]; /* "meter.add", "login.disable", … */
    char subject[RECORD_TEXT_SIZE];
    char detail[513];
};
/* Newest first; `before` an audit_no, INT64_MAX to begin; `subject` NULL: any. */
enum err records_audit_list(struct records *records, const char *subject, int64_t before, size_t limit, struct fault *fault, struct audit_record *out,
                            size_t *out_count);
/* For what a program did beyond this interface (a backup, an export). */
enum err records_audit_add(struct records *records, const struct actor *actor, const char *action, const char *subject, const char *detail,
                           struct fault *fault);

#endif
