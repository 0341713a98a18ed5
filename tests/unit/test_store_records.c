/* The records: every noun's verbs, names that collide, pages, batches, threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/text.h"
#include "store/records.h"

#define NOW INT64_C(1795305600000)

static char folder[64];
static char path[128];
static struct records *records;
static struct fault fault;
static const struct actor actor = {"tester", NOW};

static int open_records(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/qw-records-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/records.db", folder);
    const struct records_options options = {.path = path, .mode = RECORDS_CREATE, .busy_timeout_ms = 400};
    memset(&fault, 0, sizeof fault);
    return records_open(&options, &fault, &records) == OK ? 0 : -1;
}

static int close_records(void **state)
{
    char command[128];
    (void)state;
    records_close(records);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

#define assert_ok(call)                                                                                                                              \
    do {                                                                                                                                             \
        enum err err_ = (call);                                                                                                                      \
        if (err_ != OK)                                                                                                                              \
            fail_msg("%s: %s: %s", #call, err_name(err_), fault.text);                                                                               \
    } while (0)
#define assert_refused(call, err_wanted, pointer_wanted)                                                                                             \
    do {                                                                                                                                             \
        memset(&fault, 0, sizeof fault);                                                                                                             \
        assert_int_equal(call, err_wanted);                                                                                                          \
        assert_string_equal(fault.pointer, pointer_wanted);                                                                                          \
        assert_true(fault.text[0] != '\0');                                                                                                          \
    } while (0)

static struct point_record point(const char *meter_id)
{
    struct point_record made;
    point_record_init(&made);
    text_copy(made.meter_id, sizeof made.meter_id, meter_id);
    return made;
}

static int64_t add_point(const char *meter_id)
{
    struct point_record made = point(meter_id);
    int64_t no = 0;
    assert_ok(records_point_add(records, &actor, &made, &fault, &no));
    return no;
}

static void add_customer(const char *id)
{
    struct customer_record customer = {.name = "Maria"};
    text_copy(customer.customer_id, sizeof customer.customer_id, id);
    assert_ok(records_customer_add(records, &actor, &customer, &fault, NULL));
}

static int64_t add_login(const char *name, enum login_kind kind, const char *customer_id)
{
    struct login_record login = {.kind = kind, .broker_hash = "$7$101$a$b"};
    int64_t no = 0;
    text_copy(login.username, sizeof login.username, name);
    text_copy(login.customer_id, sizeof login.customer_id, customer_id);
    assert_ok(records_login_add(records, &actor, &login, &fault, &no));
    return no;
}

static void point_is_kept_whole(void **state)
{
    struct point_record made = point("casa-42"), read;
    int64_t no = 0, revision = 0;
    (void)state;
    text_copy(made.tz, sizeof made.tz, "America/Sao_Paulo");
    text_copy(made.district, sizeof made.district, "centro");
    text_copy(made.feeder, sizeof made.feeder, "f1");
    text_copy(made.label, sizeof made.label, "Casa da Ana");
    text_copy(made.address, sizeof made.address, "Rua A, 42");
    made.located = true;
    made.latitude_udeg = -23550520;
    made.longitude_udeg = -46633308;
    made.phases = 1;
    made.volts = 127;
    made.breaker_a = 40;
    made.reading_interval_s = 900;
    made.export_allowed = true;
    made.auto_registered = true;
    assert_ok(records_point_add(records, &actor, &made, &fault, &no));
    assert_ok(records_point_by_id(records, "casa-42", &fault, &read));
    assert_int_equal(read.meter_no, no);
    assert_int_equal(read.created_utc_ms, NOW);
    made.meter_no = read.meter_no;
    made.created_utc_ms = made.updated_utc_ms = NOW;
    made.revision = read.revision;
    assert_memory_equal(&made.tz, &read.tz, strlen(made.tz) + 1);
    assert_string_equal(read.label, made.label);
    assert_string_equal(read.address, made.address);
    assert_string_equal(read.feeder, made.feeder);
    assert_int_equal(read.latitude_udeg, made.latitude_udeg);
    assert_int_equal(read.longitude_udeg, made.longitude_udeg);
    assert_true(read.located && read.export_allowed && read.auto_registered);
    assert_int_equal(read.phases * 1000000 + read.volts * 1000 + read.breaker_a, 1127040);
    assert_int_equal(read.reading_interval_s, 900);
    assert_int_equal(read.state, POINT_UNASSIGNED);
    read.state = POINT_INACTIVE;
    read.located = false;
    assert_ok(records_point_update(records, &actor, &read, read.revision, &fault, &revision));
    assert_true(revision > read.revision);
    assert_refused(records_point_update(records, &actor, &read, read.revision, &fault, &revision), ERR_CONFLICT, "");
    assert_ok(records_point_by_no(records, no, &fault, &read));
    assert_int_equal(read.state, POINT_INACTIVE);
    assert_false(read.located);
    assert_int_equal(read.revision, revision);
    assert_refused(records_point_by_id(records, "casa-43", &fault, &read), ERR_NOT_FOUND, "");
}

static void bad_points_are_refused_by_field(void **state)
{
    struct point_record bad;
    int64_t no = -1;
    (void)state;
#define REFUSED(field_change, pointer_)                                                                                                              \
    bad = point("ok");                                                                                                                               \
    field_change;                                                                                                                                    \
    assert_refused(records_point_add(records, &actor, &bad, &fault, &no), ERR_INVALID, pointer_)
    REFUSED(bad.meter_id[0] = '\0', "/meter_id");
    REFUSED(text_copy(bad.meter_id, 65, "a/b"), "/meter_id");
    REFUSED(text_copy(bad.meter_id, 65, ".."), "/meter_id");
    REFUSED(memset(bad.meter_id, 'a', sizeof bad.meter_id), "/meter_id");
    REFUSED(text_copy(bad.tz, 64, "../../etc/passwd"), "/tz");
    REFUSED(bad.phases = 4, "/service/phases");
    REFUSED(bad.reading_interval_s = 86401, "/reading_interval_s");
    REFUSED((bad.located = true, bad.latitude_udeg = 90000001), "/latitude");
    REFUSED(text_copy(bad.label, 161, "a\nb"), "/label");
    REFUSED(text_copy(bad.label, 161, "\xff"), "/label");
#undef REFUSED
    assert_int_equal(no, -1); /* untouched */
}

/* The broker's ACL says `pattern … %u`: one space of names for meters and logins. */
static void names_never_collide(void **state)
{
    struct point_record made;
    struct login_record login = {.kind = LOGIN_OPERATOR};
    (void)state;
    int64_t meter_no = add_point("casa-1");
    add_login("ana", LOGIN_OPERATOR, "");
    made = point("ana");
    assert_refused(records_point_add(records, &actor, &made, &fault, NULL), ERR_CONFLICT, "/meter_id");
    text_copy(login.username, sizeof login.username, "casa-1");
    assert_refused(records_login_add(records, &actor, &login, &fault, NULL), ERR_CONFLICT, "/username");
    login = (struct login_record){.kind = LOGIN_METER, .username = "somebody", .meter_no = meter_no};
    assert_refused(records_login_add(records, &actor, &login, &fault, NULL), ERR_INVALID, "/username");
    assert_ok(records_login_meter_put(records, &actor, meter_no, "$7$101$x$y", &fault));
    assert_ok(records_login_meter_put(records, &actor, meter_no, "$7$101$x$z", &fault)); /* a fresh password */
    assert_ok(records_login_by_name(records, "casa-1", &fault, &login));
    assert_string_equal(login.broker_hash, "$7$101$x$z");
    made = point("casa-1");
    assert_refused(records_point_add(records, &actor, &made, &fault, NULL), ERR_CONFLICT, "/meter_id");
    const char *reserved[] = {"claim", "operator", "admin", "ingestor", "api", "district", "feeder", "system"};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        made = point(reserved[i]);
        assert_refused(records_point_add(records, &actor, &made, &fault, NULL), ERR_CONFLICT, "/meter_id");
    }
    login = (struct login_record){.kind = LOGIN_OPERATOR, .username = "claim"};
    assert_refused(records_login_add(records, &actor, &login, &fault, NULL), ERR_CONFLICT, "/username");
    login = (struct login_record){.kind = LOGIN_SERVICE, .username = "district"};
    assert_refused(records_login_add(records, &actor, &login, &fault, NULL), ERR_CONFLICT, "/username");
    add_login("claim", LOGIN_CLAIM, "");
    add_login("ingestor", LOGIN_SERVICE, "");
    add_login("operator", LOGIN_OPERATOR, "");
}

static void many_points_page_by_key(void **state)
{
    struct point_record model = point("model"), page[100];
    struct point_filter filter = {0};
    int64_t added = 0, existing = 0;
    size_t count = 0, seen = 0;
    char last[RECORD_ID_SIZE] = "";
    (void)state;
    text_copy(model.district, sizeof model.district, "norte");
    assert_ok(records_point_add_many(records, &actor, &model, "sim-", 1, 2345, 4, &fault, &added, &existing));
    assert_int_equal(added, 2345);
    assert_ok(records_point_add_many(records, &actor, &model, "sim-", 2000, 500, 4, &fault, &added, &existing));
    assert_int_equal(added, 154);
    assert_int_equal(existing, 346);
    do {
        filter.after = last;
        assert_ok(records_point_list(records, &filter, 100, &fault, page, &count));
        for (size_t i = 0; i < count; i++) {
            assert_true(strcmp(page[i].meter_id, last) > 0);
            text_copy(last, sizeof last, page[i].meter_id);
            seen++;
        }
    } while (count == 100);
    assert_int_equal(seen, 2499);
    int64_t revision = 0, no = 0;
    for (seen = 0;; seen += count) {
        assert_ok(records_point_changed(records, revision, no, 100, &fault, page, &count));
        if (count == 0)
            break;
        revision = page[count - 1].revision;
        no = page[count - 1].meter_no;
    }
    assert_int_equal(seen, 2499);
    assert_refused(records_point_list(records, &filter, 0, &fault, page, &count), ERR_INVALID, "/limit");
    assert_refused(records_point_list(records, &filter, 1001, &fault, page, &count), ERR_INVALID, "/limit");
    /* One name that a login has stops its thousand, and says which. */
    add_login("x-3", LOGIN_SERVICE, "");
    assert_refused(records_point_add_many(records, &actor, &model, "x-", 1, 10, 0, &fault, &added, &existing), ERR_CONFLICT, "/meter_id");
    assert_refused(records_point_by_id(records, "x-1", &fault, page), ERR_NOT_FOUND, "");
}

static void points_are_filtered(void **state)
{
    struct point_record made, page[10];
    struct point_filter filter = {0};
    struct account_record account = {.customer_id = "c1", .meter_id = "b", .from_day = 100, .until_day = 200};
    struct point_count counts;
    size_t count = 0;
    (void)state;
    for (const char *id = "abc"; *id != '\0'; id++) {
        char name[2] = {*id, '\0'};
        made = point(name);
        text_copy(made.district, 65, *id == 'c' ? "sul" : "norte");
        text_copy(made.label, 161, *id == 'b' ? "Casa Azul" : "");
        assert_ok(records_point_add(records, &actor, &made, &fault, NULL));
    }
    filter.district = "norte";
    assert_ok(records_point_list(records, &filter, 10, &fault, page, &count));
    assert_int_equal(count, 2);
    filter.after = "a";
    assert_ok(records_point_list(records, &filter, 10, &fault, page, &count));
    assert_int_equal(count, 1);
    assert_string_equal(page[0].meter_id, "b");
    filter = (struct point_filter){.search = "AZU"};
    assert_ok(records_point_list(records, &filter, 10, &fault, page, &count));
    assert_int_equal(count, 1);
    filter = (struct point_filter){.search = "%"};
    assert_ok(records_point_list(records, &filter, 10, &fault, page, &count));
    assert_int_equal(count, 0);
    add_customer("c1");
    assert_ok(records_account_add(records, &actor, &account, NULL, &fault, &account));
    filter = (struct point_filter){.customer_id = "c1", .on_day = 199};
    assert_ok(records_point_list(records, &filter, 10, &fault, page, &count));
    assert_int_equal(count, 1);
    assert_string_equal(page[0].meter_id, "b");
    filter.on_day = 200;
    assert_ok(records_point_list(records, &filter, 10, &fault, page, &count));
    assert_int_equal(count, 0);
    filter = (struct point_filter){.by_state = true, .state = POINT_ACTIVE};
    assert_ok(records_point_list(records, &filter, 10, &fault, page, &count));
    assert_int_equal(count, 1);
    assert_ok(records_point_count(records, "norte", &fault, &counts));
    assert_int_equal(counts.total, 2);
    assert_int_equal(counts.by_state[POINT_ACTIVE], 1);
}

static void devices_are_exchanged(void **state)
{
    int64_t meter_no = add_point("casa-1"), first = 0, again = 0;
    struct device_record device = {.meter_no = meter_no, .serial = "S1", .model = "M", .register_max_wh = 999999000, .installed_from_utc_ms = 1000};
    struct device_record list[4];
    struct point_record read;
    size_t count = 0;
    (void)state;
    assert_ok(records_device_exchange(records, &actor, &device, &fault, &first));
    assert_ok(records_device_exchange(records, &actor, &device, &fault, &again));
    assert_int_equal(first, again);
    assert_ok(records_point_by_no(records, meter_no, &fault, &read));
    int64_t said = read.device_revision;
    device.register_max_wh = 99999000; /* said anew */
    assert_ok(records_device_exchange(records, &actor, &device, &fault, &again));
    assert_int_equal(first, again);
    assert_ok(records_point_by_no(records, meter_no, &fault, &read));
    assert_true(read.device_revision > said);
    text_copy(device.serial, sizeof device.serial, "S2");
    assert_refused(records_device_exchange(records, &actor, &device, &fault, NULL), ERR_CONFLICT, "/installed_from");
    device.installed_from_utc_ms = 5000;
    assert_ok(records_device_exchange(records, &actor, &device, &fault, NULL));
    assert_ok(records_device_list(records, meter_no, 4, &fault, list, &count));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].installed_until_utc_ms, 5000);
    assert_true(list[1].installed_until_utc_ms == INT64_MAX);
    assert_int_equal(list[0].register_max_wh, 99999000);
    assert_ok(records_point_by_no(records, meter_no, &fault, &read));
    assert_string_equal(read.serial, "S2");
    device.meter_no = 99;
    device.installed_from_utc_ms = 6000;
    assert_refused(records_device_exchange(records, &actor, &device, &fault, NULL), ERR_NOT_FOUND, "");
}

static void put_tariff(const char *id, const char *document, const char *hash)
{
    assert_ok(records_tariff_put(records, &actor, id, document, strlen(document), hash, RECORDS_ANY_REVISION, &fault, NULL));
}

static void accounts_do_not_overlap(void **state)
{
    struct account_record account = {.customer_id = "c1", .meter_id = "casa-1", .from_day = 100, .until_day = RECORDS_NO_DAY}, read;
    struct account_record list[4];
    struct account_filter filter = {.meter_no = 1};
    size_t count = 0;
    (void)state;
    int64_t meter_no = add_point("casa-1");
    add_customer("c1");
    add_customer("c2");
    assert_ok(records_account_add(records, &actor, &account, NULL, &fault, &read));
    assert_string_equal(read.account_id, "casa-1-1");
    account.from_day = 50;
    text_copy(account.customer_id, sizeof account.customer_id, "c2");
    assert_refused(records_account_add(records, &actor, &account, NULL, &fault, NULL), ERR_CONFLICT, "/from");
    account.until_day = 100; /* half-open: touching is not overlapping */
    assert_ok(records_account_add(records, &actor, &account, NULL, &fault, &read));
    assert_string_equal(read.account_id, "casa-1-2");
    assert_refused(records_account_end(records, &actor, "casa-1-2", RECORDS_NO_DAY, &fault), ERR_CONFLICT, "/from");
    assert_refused(records_account_end(records, &actor, "casa-1-1", 100, &fault), ERR_INVALID, "/until");
    assert_ok(records_account_end(records, &actor, "casa-1-1", 150, &fault));
    assert_ok(records_account_at(records, meter_no, 149, &fault, &read));
    assert_string_equal(read.customer_id, "c1");
    assert_int_equal(read.state, ACCOUNT_CLOSED);
    assert_refused(records_account_at(records, meter_no, 150, &fault, &read), ERR_NOT_FOUND, "");
    assert_ok(records_account_list(records, &filter, 4, &fault, list, &count));
    assert_int_equal(count, 2);
    filter.by_day = true;
    filter.on_day = 60;
    assert_ok(records_account_list(records, &filter, 4, &fault, list, &count));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].account_id, "casa-1-2");
    text_copy(account.customer_id, sizeof account.customer_id, "nobody");
    assert_refused(records_account_add(records, &actor, &account, NULL, &fault, NULL), ERR_INVALID, "/customer_id");
    assert_ok(records_account_goal_set(records, &actor, "casa-1-1", true, 25000, &fault));
    assert_ok(records_account_by_id(records, "casa-1-1", &fault, &read));
    assert_true(read.has_goal);
    assert_int_equal(read.goal_minor, 25000);
    assert_ok(records_account_changed(records, read.revision - 1, 0, 4, &fault, list, &count));
    assert_int_equal(count, 1);
}

static void terms_hold_from_their_day(void **state)
{
    struct account_record account = {.account_id = "a1", .customer_id = "c1", .meter_id = "casa-1", .from_day = 100, .until_day = RECORDS_NO_DAY};
    struct account_terms terms = {.tariff_id = "flat", .class_name = "residential", .phases = 2}, read;
    struct account_term_row rows[8];
    size_t count = 0;
    (void)state;
    add_point("casa-1");
    add_customer("c1");
    assert_refused(records_account_add(records, &actor, &account, &terms, &fault, NULL), ERR_INVALID, "/tariff");
    assert_refused(records_account_by_id(records, "a1", &fault, &account), ERR_NOT_FOUND, ""); /* nothing of it stayed */
    put_tariff("flat", "{}", "h1");
    put_tariff("branca", "{}", "h2");
    assert_ok(records_account_add(records, &actor, &account, &terms, &fault, &account));
    assert_ok(records_account_term_set(records, &actor, "a1", TERM_TARIFF, 200, "branca", &fault));
    assert_ok(records_account_term_set(records, &actor, "a1", TERM_TARIFF, 300, "", &fault));
    assert_refused(records_account_term_set(records, &actor, "a1", TERM_PHASES, 200, "4", &fault), ERR_INVALID, "/phases");
    assert_refused(records_account_term_set(records, &actor, "a1", TERM_CYCLE_GROUP, 200, "none", &fault), ERR_INVALID, "/cycle_group");
    assert_ok(records_account_term_set(records, &actor, "a1", TERM_CYCLE_GROUP, 200, "day-1", &fault));
    assert_ok(records_account_terms_on(records, account.account_no, 199, &fault, &read));
    assert_string_equal(read.tariff_id, "flat");
    assert_string_equal(read.cycle_group, "");
    assert_int_equal(read.phases, 2);
    assert_ok(records_account_terms_on(records, account.account_no, 200, &fault, &read));
    assert_string_equal(read.tariff_id, "branca");
    assert_string_equal(read.class_name, "residential");
    assert_string_equal(read.cycle_group, "day-1");
    assert_ok(records_account_terms_on(records, account.account_no, 300, &fault, &read));
    assert_string_equal(read.tariff_id, "");
    assert_ok(records_account_terms_on(records, account.account_no, 99, &fault, &read));
    assert_string_equal(read.class_name, "");
    assert_ok(records_account_term_list(records, 0, NULL, 2, &fault, rows, &count));
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].from_day, 100);
    assert_int_equal(rows[0].until_day, 200);
    assert_ok(records_account_term_list(records, 0, &rows[1], 8, &fault, rows, &count));
    assert_int_equal(count, 4);
    assert_int_equal(rows[0].until_day, RECORDS_NO_DAY);
    assert_int_equal(rows[0].term, TERM_TARIFF);
}

static void batches_are_one_transaction(void **state)
{
    struct point_record read;
    int64_t before = 0, after = 0;
    (void)state;
    assert_ok(records_version(records, &fault, &before));
    assert_ok(records_batch_begin(records, &fault));
    add_point("casa-1");
    assert_ok(records_point_by_id(records, "casa-1", &fault, &read)); /* one sees one's own */
    struct point_record twice = point("casa-1");
    assert_refused(records_point_add(records, &actor, &twice, &fault, NULL), ERR_CONFLICT, "/meter_id"); /* undoes itself only */
    assert_refused(records_batch_begin(records, &fault), ERR_FATAL, "");
    records_batch_rollback(records);
    assert_refused(records_point_by_id(records, "casa-1", &fault, &read), ERR_NOT_FOUND, "");
    assert_refused(records_batch_commit(records, &fault), ERR_FATAL, "");
    assert_ok(records_version(records, &fault, &after));
    assert_int_equal(before, after);
    assert_ok(records_batch_begin(records, &fault));
    add_point("casa-1");
    assert_refused(records_point_add(records, &actor, &twice, &fault, NULL), ERR_CONFLICT, "/meter_id");
    add_point("casa-2");
    assert_ok(records_batch_commit(records, &fault));
    assert_ok(records_point_by_id(records, "casa-2", &fault, &read));
    assert_ok(records_version(records, &fault, &after));
    assert_true(after > before);
}

/* Two handles are two programs: one sees the other's change by a number, and waits for its lock only so long. */
static void two_programs_share_the_file(void **state)
{
    struct records *other = NULL;
    const struct records_options options = {.path = path, .busy_timeout_ms = 200};
    int64_t version = 0, after = 0;
    struct point_record made = point("casa-2");
    (void)state;
    assert_ok(records_open(&options, &fault, &other));
    assert_ok(records_version(other, &fault, &version));
    add_point("casa-1");
    assert_ok(records_version(other, &fault, &after));
    assert_int_equal(after, version + 1);
    assert_ok(records_batch_begin(records, &fault));
    assert_refused(records_point_add(other, &actor, &made, &fault, NULL), ERR_RETRY, "");
    records_batch_rollback(records);
    assert_ok(records_point_add(other, &actor, &made, &fault, NULL));
    records_close(other);
}

struct worker {
    int no;
    int failed;
};

static void *write_and_read(void *arg)
{
    struct worker *worker = arg;
    struct point_record page[50];
    struct point_filter filter = {0};
    for (int i = 0; i < 20; i++) {
        struct fault own = {0};
        size_t count = 0;
        char id[32];
        snprintf(id, sizeof id, "t%d-%d", worker->no, i);
        struct point_record made = point(id);
        enum err err;
        while ((err = records_point_add(records, &actor, &made, &own, NULL)) == ERR_RETRY)
            ;
        if (err != OK || records_point_list(records, &filter, 50, &own, page, &count) != OK || count < 1)
            worker->failed++;
    }
    return NULL;
}

static void threads_share_the_handle(void **state)
{
    pthread_t threads[12]; /* more than there are reading connections */
    struct worker workers[12];
    struct point_count counts;
    (void)state;
    for (int i = 0; i < 12; i++) {
        workers[i] = (struct worker){i, 0};
        pthread_create(&threads[i], NULL, write_and_read, &workers[i]);
    }
    for (int i = 0; i < 12; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(workers[i].failed, 0);
    }
    assert_ok(records_point_count(records, NULL, &fault, &counts));
    assert_int_equal(counts.total, 240);
}

static void every_change_is_audited(void **state)
{
    struct audit_record rows[4];
    size_t count = 0;
    (void)state;
    add_point("casa-1");
    add_customer("c1");
    assert_ok(records_audit_add(records, &actor, "backup", "records.db", "to a folder", &fault));
    assert_ok(records_audit_list(records, NULL, INT64_MAX, 2, &fault, rows, &count));
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].action, "backup");
    assert_string_equal(rows[1].action, "customer.add");
    assert_ok(records_audit_list(records, NULL, rows[1].audit_no, 4, &fault, rows, &count));
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].action, "meter.add");
    assert_string_equal(rows[0].actor, "tester");
    assert_int_equal(rows[0].at_utc_ms, NOW);
    assert_ok(records_audit_list(records, "c1", INT64_MAX, 4, &fault, rows, &count));
    assert_int_equal(count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_records, close_records)

static void series_have_a_maximum(void **state)
{
    const struct series_price price = {.from_utc_ms = NOW, .until_utc_ms = NOW + 1800000, .nano = 5};
    char id[16];
    (void)state;
    for (int i = 0; i < RECORDS_SERIES_MAX; i++) {
        snprintf(id, sizeof id, "s-%d", i);
        assert_ok(records_series_put(records, &actor, id, &price, 1, &fault));
    }
    assert_refused(records_series_put(records, &actor, "more", &price, 1, &fault), ERR_LIMIT, "");
    assert_ok(records_series_put(records, &actor, "s-7", &price, 1, &fault));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(point_is_kept_whole),         TEST(bad_points_are_refused_by_field), TEST(names_never_collide),      TEST(many_points_page_by_key),
        TEST(points_are_filtered),         TEST(devices_are_exchanged),           TEST(accounts_do_not_overlap),  TEST(terms_hold_from_their_day),
        TEST(batches_are_one_transaction), TEST(two_programs_share_the_file),     TEST(threads_share_the_handle), TEST(every_change_is_audited),
        TEST(series_have_a_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
