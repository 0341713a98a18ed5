/* The records of who may enter and what was said: logins, sessions, tokens, keys, tariffs, rules, requests, claims, settings. */
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
#define HOUR INT64_C(3600000)

static char folder[64];
static struct records *records;
static struct fault fault;
static const struct actor actor = {"tester", NOW};

static int open_records(void **state)
{
    char path[128];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/qw-records-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/records.db", folder);
    const struct records_options options = {.path = path, .mode = RECORDS_CREATE};
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

static int64_t add_point(const char *meter_id)
{
    struct point_record made;
    int64_t no = 0;
    point_record_init(&made);
    text_copy(made.meter_id, sizeof made.meter_id, meter_id);
    assert_ok(records_point_add(records, &actor, &made, &fault, &no));
    return no;
}

static int64_t add_login(const char *name, enum login_kind kind)
{
    struct login_record login = {.kind = kind, .web_hash = "$argon2id$x", .broker_hash = "$7$101$a$b"};
    int64_t no = 0;
    text_copy(login.username, sizeof login.username, name);
    if (kind > LOGIN_CUSTOMER)
        login.web_hash[0] = '\0';
    assert_ok(records_login_add(records, &actor, &login, &fault, &no));
    return no;
}

static void logins_are_kept_and_checked(void **state)
{
    struct login_record login = {.kind = LOGIN_CUSTOMER, .username = "maria", .customer_id = "c1"}, list[8];
    struct login_filter filter = {0};
    struct customer_record customer = {.customer_id = "c1", .name = "Maria", .email = "m@example.org", .language = "pt-BR"};
    int64_t before = 0, after = 0;
    size_t count = 0;
    (void)state;
    assert_refused(records_login_add(records, &actor, &login, &fault, NULL), ERR_INVALID, "/customer_id");
    assert_ok(records_customer_add(records, &actor, &customer, &fault, NULL));
    assert_refused(records_customer_add(records, &actor, &customer, &fault, NULL), ERR_CONFLICT, "/customer_id");
    text_copy(login.broker_hash, sizeof login.broker_hash, "$7$x:y");
    assert_refused(records_login_add(records, &actor, &login, &fault, NULL), ERR_INVALID, "/broker_hash");
    text_copy(login.broker_hash, sizeof login.broker_hash, "$7$\n");
    assert_refused(records_login_add(records, &actor, &login, &fault, NULL), ERR_INVALID, "/broker_hash");
    text_copy(login.broker_hash, sizeof login.broker_hash, "$7$101$a$b");
    assert_ok(records_broker_version(records, &fault, &before));
    assert_ok(records_login_add(records, &actor, &login, &fault, NULL));
    assert_ok(records_broker_version(records, &fault, &after));
    assert_true(after > before);
    add_login("ops", LOGIN_OPERATOR);
    add_login("svc", LOGIN_SERVICE);
    assert_ok(records_login_meter_put(records, &actor, add_point("casa-1"), "$7$101$a$c", &fault));
    assert_ok(records_login_by_name(records, "maria", &fault, &login));
    assert_string_equal(login.customer_id, "c1");
    assert_ok(records_login_list(records, &filter, 8, &fault, list, &count));
    assert_int_equal(count, 4);
    filter = (struct login_filter){.without_meters = true, .after = "maria"};
    assert_ok(records_login_list(records, &filter, 8, &fault, list, &count));
    assert_int_equal(count, 2);
    assert_ok(records_login_disable(records, &actor, "ops", true, &fault));
    filter = (struct login_filter){.broker_only = true};
    assert_ok(records_login_list(records, &filter, 8, &fault, list, &count));
    assert_int_equal(count, 3);
    filter = (struct login_filter){.by_kind = true, .kind = LOGIN_METER};
    assert_ok(records_login_list(records, &filter, 8, &fault, list, &count));
    assert_int_equal(count, 1);
    assert_refused(records_login_password_set(records, &actor, "svc", "$argon2id$y", NULL, &fault), ERR_INVALID, "/kind");
    assert_ok(records_login_password_set(records, &actor, "maria", "$argon2id$y", NULL, &fault));
    assert_ok(records_login_by_name(records, "maria", &fault, &login));
    assert_string_equal(login.web_hash, "$argon2id$y");
    assert_string_equal(login.broker_hash, "$7$101$a$b");
    assert_ok(records_login_password_set(records, &actor, "maria", NULL, "", &fault));
    assert_ok(records_login_by_no(records, login.login_no, &fault, &login));
    assert_string_equal(login.broker_hash, "");
    assert_refused(records_login_disable(records, &actor, "nobody", true, &fault), ERR_NOT_FOUND, "");
}

static void customers_are_found_and_changed(void **state)
{
    struct customer_record customer = {.customer_id = "c1", .name = "Maria"}, list[4];
    int64_t revision = 0;
    size_t count = 0;
    (void)state;
    assert_ok(records_customer_add(records, &actor, &customer, &fault, NULL));
    assert_ok(records_customer_by_id(records, "c1", &fault, &customer));
    text_copy(customer.email, sizeof customer.email, "nonsense");
    assert_refused(records_customer_update(records, &actor, &customer, customer.revision, &fault, &revision), ERR_INVALID, "/email");
    text_copy(customer.email, sizeof customer.email, "Maria@Example.org");
    assert_ok(records_customer_update(records, &actor, &customer, customer.revision, &fault, &revision));
    assert_refused(records_customer_update(records, &actor, &customer, customer.revision, &fault, &revision), ERR_CONFLICT, "");
    assert_ok(records_customer_list(records, "example", NULL, 4, &fault, list, &count));
    assert_int_equal(count, 1);
    assert_ok(records_customer_list(records, NULL, "c1", 4, &fault, list, &count));
    assert_int_equal(count, 0);
    assert_refused(records_customer_by_id(records, "c2", &fault, &customer), ERR_NOT_FOUND, "");
}

static void sessions_end(void **state)
{
    struct session_record session = {.csrf = "c", .created_utc_ms = NOW, .expires_utc_ms = NOW + HOUR, .last_seen_utc_ms = NOW}, read;
    struct login_record login;
    int64_t version = 0, after = 0;
    (void)state;
    session.login_no = add_login("ops", LOGIN_OPERATOR);
    assert_ok(records_version(records, &fault, &version));
    for (int i = 0; i < RECORDS_SESSIONS_MAX + 3; i++) {
        snprintf(session.token_hash, sizeof session.token_hash, "h%02d", i);
        session.created_utc_ms = NOW + i;
        assert_ok(records_session_add(records, &session, &fault));
    }
    assert_ok(records_version(records, &fault, &after));
    assert_int_equal(version, after); /* nobody's cache need be emptied */
    assert_refused(records_session_by_hash(records, "h02", NOW, &fault, &read, NULL), ERR_NOT_FOUND, "");
    assert_ok(records_session_by_hash(records, "h03", NOW, &fault, &read, &login));
    assert_string_equal(login.username, "ops");
    assert_string_equal(read.csrf, "c");
    assert_refused(records_session_by_hash(records, "h03", NOW + HOUR, &fault, &read, NULL), ERR_NOT_FOUND, "");
    assert_ok(records_session_touch(records, "h03", NOW + 5, NOW + 2 * HOUR, &fault));
    assert_ok(records_prune(records, NOW + HOUR, &fault));
    assert_ok(records_session_by_hash(records, "h03", NOW + HOUR, &fault, &read, NULL));
    assert_int_equal(read.last_seen_utc_ms, NOW + 5);
    assert_refused(records_session_by_hash(records, "h04", NOW, &fault, &read, NULL), ERR_NOT_FOUND, "");
    assert_ok(records_session_add(records, &session, &fault));
    assert_ok(records_session_remove(records, session.token_hash, &fault));
    assert_ok(records_session_remove(records, session.token_hash, &fault));
    assert_ok(records_login_password_set(records, &actor, "ops", "$argon2id$z", NULL, &fault));
    assert_refused(records_session_by_hash(records, "h03", NOW, &fault, &read, NULL), ERR_NOT_FOUND, "");
}

static void tokens_expire_and_are_revoked(void **state)
{
    struct token_record token = {.token_id = "t1", .token_hash = "hash1", .name = "grafana", .scopes = "readings:read", .expires_utc_ms = NOW + HOUR};
    struct token_record read, list[4];
    struct login_record login;
    size_t count = 0;
    (void)state;
    token.login_no = add_login("ops", LOGIN_OPERATOR);
    assert_ok(records_token_add(records, &actor, &token, &fault));
    assert_refused(records_token_add(records, &actor, &token, &fault), ERR_CONFLICT, "/token_id");
    assert_ok(records_token_by_hash(records, "hash1", NOW, &fault, &read, &login));
    assert_string_equal(read.username, "ops");
    assert_string_equal(read.scopes, "readings:read");
    assert_string_equal(login.username, "ops");
    assert_refused(records_token_by_hash(records, "hash1", NOW + HOUR, &fault, &read, NULL), ERR_NOT_FOUND, "");
    assert_ok(records_token_touch(records, "t1", NOW + 7, &fault));
    assert_refused(records_token_revoke(records, &actor, "t1", token.login_no + 1, &fault), ERR_NOT_FOUND, ""); /* not theirs */
    assert_ok(records_token_revoke(records, &actor, "t1", token.login_no, &fault));
    assert_refused(records_token_by_hash(records, "hash1", NOW, &fault, &read, NULL), ERR_NOT_FOUND, "");
    assert_ok(records_token_list(records, 0, NULL, 4, &fault, list, &count));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].revoked_utc_ms, NOW);
    assert_int_equal(list[0].last_used_utc_ms, NOW + 7);
    token.expires_utc_ms = NOW;
    assert_refused(records_token_add(records, &actor, &token, &fault), ERR_INVALID, "/expires");
    token.expires_utc_ms = INT64_MAX;
    for (int i = 0; i < RECORDS_TOKENS_MAX; i++) {
        snprintf(token.token_id, sizeof token.token_id, "n%d", i);
        snprintf(token.token_hash, sizeof token.token_hash, "nh%d", i);
        assert_ok(records_token_add(records, &actor, &token, &fault));
    }
    text_copy(token.token_id, sizeof token.token_id, "one-more");
    assert_refused(records_token_add(records, &actor, &token, &fault), ERR_LIMIT, "");
    assert_ok(records_token_by_hash(records, "nh5", NOW, &fault, &read, NULL));
    assert_true(read.expires_utc_ms == INT64_MAX);
    assert_ok(records_login_disable(records, &actor, "ops", true, &fault));
    assert_ok(records_login_disable(records, &actor, "ops", false, &fault));
    assert_refused(records_token_by_hash(records, "nh5", NOW, &fault, &read, NULL), ERR_NOT_FOUND, "");
}

static void keys_answer_once(void **state)
{
    enum idempotency_answer answer;
    struct buf body;
    int status = 0;
    (void)state;
    buf_init(&body, RECORDS_IDEMPOTENCY_BODY_MAX);
#define BEGIN(key, hash, now, wanted)                                                                                                                \
    assert_ok(records_idempotency_begin(records, 1, key, hash, now, &fault, &answer, &status, &body));                                               \
    assert_int_equal(answer, wanted)
    BEGIN("k", "r1", NOW, IDEMPOTENCY_NEW);
    BEGIN("k", "r1", NOW + 1000, IDEMPOTENCY_PENDING);
    BEGIN("k", "r2", NOW + 1000, IDEMPOTENCY_OTHER);
    BEGIN("k", "r1", NOW + 61000, IDEMPOTENCY_NEW); /* the first has died */
    assert_ok(records_idempotency_finish(records, 1, "k", 201, "{\"a\":1}", 7, &fault));
    BEGIN("k", "r1", NOW + 62000, IDEMPOTENCY_DONE);
    assert_int_equal(status, 201);
    assert_string_equal(body.data, "{\"a\":1}");
    BEGIN("k", "r2", NOW + 62000, IDEMPOTENCY_OTHER);
    assert_ok(records_idempotency_begin(records, 2, "k", "r2", NOW, &fault, &answer, &status, &body)); /* another login's */
    assert_int_equal(answer, IDEMPOTENCY_NEW);
    BEGIN("k", "r2", NOW + 25 * HOUR, IDEMPOTENCY_NEW);
    assert_ok(records_idempotency_forget(records, 1, "k", &fault));
    BEGIN("k", "r3", NOW + 25 * HOUR, IDEMPOTENCY_NEW);
    assert_ok(records_prune(records, NOW + 50 * HOUR, &fault));
    BEGIN("k", "r4", NOW + 25 * HOUR, IDEMPOTENCY_NEW);
#undef BEGIN
    buf_finish(&body);
}

static void tariffs_keep_their_documents(void **state)
{
    struct tariff_record tariff, list[4];
    struct buf document;
    int64_t first = 0, second = 0, again = 0;
    size_t count = 0;
    (void)state;
    buf_init(&document, RECORDS_DOCUMENT_MAX);
    assert_ok(records_tariff_put(records, &actor, "flat", "{\"p\":1}", 7, "h1", 0, &fault, &first));
    assert_refused(records_tariff_put(records, &actor, "flat", "{\"p\":2}", 7, "h2", 0, &fault, &second), ERR_CONFLICT, "/id");
    assert_refused(records_tariff_put(records, &actor, "flat", "{\"p\":2}", 7, "h2", first + 9, &fault, &second), ERR_CONFLICT, "");
    assert_ok(records_tariff_put(records, &actor, "flat", "{\"p\":2}", 7, "h2", first, &fault, &second));
    assert_true(second > first);
    assert_ok(records_tariff_put(records, &actor, "flat", "{\"p\":2}", 7, "h2", RECORDS_ANY_REVISION, &fault, &again));
    assert_int_equal(again, second);
    assert_ok(records_tariff_get(records, "flat", NULL, &fault, &tariff, &document));
    assert_string_equal(document.data, "{\"p\":2}");
    assert_string_equal(tariff.version_hash, "h2");
    assert_int_equal(tariff.document_len, 7);
    assert_int_equal(tariff.revision, second);
    buf_reset(&document);
    assert_ok(records_tariff_get(records, "flat", "h1", &fault, NULL, &document));
    assert_string_equal(document.data, "{\"p\":1}");
    assert_ok(records_tariff_put(records, &actor, "flat", "{\"p\":1}", 7, "h1", second, &fault, &again)); /* back to the former */
    assert_ok(records_tariff_history(records, "flat", 4, &fault, list, &count));
    assert_int_equal(count, 2);
    assert_ok(records_tariff_changed(records, second, 4, &fault, list, &count));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].version_hash, "h1");
    assert_ok(records_tariff_list(records, NULL, 4, &fault, list, &count));
    assert_int_equal(count, 1);
    assert_refused(records_tariff_get(records, "none", NULL, &fault, &tariff, NULL), ERR_NOT_FOUND, "");
    assert_refused(records_tariff_put(records, &actor, "flat", "", 0, "h3", -1, &fault, NULL), ERR_INVALID, "");
    buf_finish(&document);
}

static void rules_are_dated(void **state)
{
    int64_t meter_no = add_point("casa-1"), first = 0, again = 0;
    struct rule_record list[8];
    size_t count = 0;
    (void)state;
    assert_ok(records_rule_set(records, &actor, meter_no, "excess_consumption", "{\"day_wh\":9000}", NOW, &fault, &first));
    assert_ok(records_rule_set(records, &actor, meter_no, "excess_consumption", "{\"day_wh\":9000}", NOW + 5, &fault, &again));
    assert_int_equal(first, again); /* nothing new was said */
    assert_ok(records_rule_set(records, &actor, meter_no, "excess_consumption", "{\"day_wh\":5000}", NOW + HOUR, &fault, NULL));
    assert_ok(records_rule_set(records, &actor, meter_no, "bill_variation", "{\"percent\":20}", NOW, &fault, NULL));
    assert_ok(records_rule_list(records, meter_no, NOW + HOUR - 1, 8, &fault, list, &count));
    assert_int_equal(count, 2);
    assert_string_equal(list[1].params, "{\"day_wh\":9000}");
    assert_ok(records_rule_list(records, meter_no, INT64_MAX, 8, &fault, list, &count));
    assert_string_equal(list[1].params, "{\"day_wh\":5000}");
    assert_ok(records_rule_set(records, &actor, meter_no, "bill_variation", "", NOW + HOUR, &fault, NULL));
    assert_ok(records_rule_list(records, meter_no, INT64_MAX, 8, &fault, list, &count));
    assert_int_equal(count, 1);
    assert_ok(records_rule_history(records, 0, 0, 8, &fault, list, &count));
    assert_int_equal(count, 4);
    assert_ok(records_rule_history(records, meter_no, list[2].rule_no, 8, &fault, list, &count));
    assert_int_equal(count, 1);
    assert_refused(records_rule_set(records, &actor, 77, "tamper", "{}", NOW, &fault, NULL), ERR_NOT_FOUND, "");
}

static void acknowledgements_and_requests_are_polled(void **state)
{
    struct acknowledgement_record acks[4];
    struct request_record requests[4], request;
    int64_t ack = 0, no = 0;
    size_t count = 0;
    (void)state;
    assert_ok(records_acknowledge(records, &actor, "abc", "seen", &fault, &ack));
    assert_ok(records_acknowledge(records, &actor, "def", NULL, &fault, NULL));
    assert_ok(records_acknowledged_since(records, ack, 4, &fault, acks, &count));
    assert_int_equal(count, 1);
    assert_string_equal(acks[0].alert_id, "def");
    assert_ok(records_acknowledged_of(records, "abc", 4, &fault, acks, &count));
    assert_int_equal(count, 1);
    assert_string_equal(acks[0].note, "seen");
    assert_string_equal(acks[0].by, "tester");
    assert_ok(records_request_add(records, &actor, "resend", "{\"meter_id\":\"casa-1\"}", &fault, &no));
    assert_ok(records_request_poll(records, 4, &fault, requests, &count));
    assert_int_equal(count, 1);
    assert_string_equal(requests[0].kind, "resend");
    assert_ok(records_request_finish(records, &actor, no, REQUEST_DONE, "asked", &fault));
    assert_ok(records_request_finish(records, &actor, no, REQUEST_REFUSED, "too late", &fault));
    assert_ok(records_request_by_no(records, no, &fault, &request));
    assert_int_equal(request.state, REQUEST_DONE);
    assert_string_equal(request.result, "asked");
    assert_ok(records_request_poll(records, 4, &fault, requests, &count));
    assert_int_equal(count, 0);
    assert_refused(records_request_finish(records, &actor, 99, REQUEST_DONE, "", &fault), ERR_NOT_FOUND, "");
    assert_ok(records_prune(records, NOW + 31 * 24 * HOUR, &fault));
    assert_refused(records_request_by_no(records, no, &fault, &request), ERR_NOT_FOUND, "");
}

static void claims_yield_one_meter(void **state)
{
    struct claim_record claim = {.serial = "SN-1", .code_hash = "$argon2id$c", .model = "M"}, list[4];
    int64_t one = add_point("casa-1"), two = add_point("casa-2");
    size_t count = 0;
    (void)state;
    assert_ok(records_claim_add(records, &actor, &claim, &fault));
    assert_refused(records_claim_add(records, &actor, &claim, &fault), ERR_CONFLICT, "/serial");
    assert_ok(records_claim_lookup(records, "SN-1", &fault, &claim));
    assert_int_equal(claim.meter_no, 0);
    assert_ok(records_claim_bind(records, &actor, "SN-1", one, &fault));
    assert_ok(records_claim_bind(records, &actor, "SN-1", one, &fault));
    assert_refused(records_claim_bind(records, &actor, "SN-1", two, &fault), ERR_CONFLICT, "");
    assert_ok(records_claim_lookup(records, "SN-1", &fault, &claim));
    assert_string_equal(claim.meter_id, "casa-1");
    assert_int_equal(claim.claimed_utc_ms, NOW);
    assert_refused(records_claim_lookup(records, "SN-2", &fault, &claim), ERR_NOT_FOUND, "");
    claim = (struct claim_record){.serial = "SN-3", .code_hash = "x", .meter_no = two};
    assert_ok(records_claim_add(records, &actor, &claim, &fault));
    assert_ok(records_claim_bind(records, &actor, "SN-3", two, &fault));
    assert_ok(records_claim_list(records, NULL, 4, &fault, list, &count));
    assert_int_equal(count, 2);
    assert_int_equal(list[1].claimed_utc_ms, NOW);
}

static void settings_hold_from_when_they_are_said(void **state)
{
    char value[RECORD_SETTING_SIZE];
    struct setting_record list[8];
    size_t count = 0;
    (void)state;
    assert_ok(records_setting_get(records, "default_cycle_group", NOW, &fault, value));
    assert_string_equal(value, "day-1");
    assert_ok(records_setting_set(records, &actor, "default_tz", "America/Sao_Paulo", NOW, &fault));
    assert_ok(records_setting_set(records, &actor, "default_tz", "Europe/Paris", NOW + HOUR, &fault));
    assert_ok(records_setting_get(records, "default_tz", NOW - 1, &fault, value));
    assert_string_equal(value, "UTC");
    assert_ok(records_setting_get(records, "default_tz", NOW, &fault, value));
    assert_string_equal(value, "America/Sao_Paulo");
    assert_ok(records_setting_get(records, "default_tz", INT64_MAX, &fault, value));
    assert_string_equal(value, "Europe/Paris");
    assert_refused(records_setting_set(records, &actor, "defualt_tz", "x", NOW, &fault), ERR_INVALID, "/name");
    assert_refused(records_setting_set(records, &actor, "default_tariff", "none", NOW, &fault), ERR_INVALID, "/value");
    assert_refused(records_setting_set(records, &actor, "default_language", "fr", NOW, &fault), ERR_INVALID, "/value");
    assert_ok(records_setting_history(records, "default_tz", 8, &fault, list, &count));
    assert_int_equal(count, 2);
    assert_ok(records_setting_history(records, NULL, 8, &fault, list, &count));
    assert_int_equal(count, 2);
    for (int i = 0; i < setting_count; i++)
        assert_ok(records_setting_get(records, setting_table[i].name, NOW, &fault, value));
}

static void cycle_groups_keep_their_dates(void **state)
{
    struct cycle_group_record group = {.group_id = "route-7", .group = {.day_of_month = 5, .date_count = 3, .dates_day = {100, 131, 160}}};
    struct cycle_group_record list[4];
    size_t count = 0;
    (void)state;
    assert_ok(records_cycle_group_put(records, &actor, &group, &fault));
    group.group.date_count = 2;
    assert_ok(records_cycle_group_put(records, &actor, &group, &fault));
    assert_ok(records_cycle_group_list(records, NULL, 4, &fault, list, &count));
    assert_int_equal(count, 2);
    assert_ok(records_cycle_group_by_id(records, "route-7", &fault, &group));
    assert_int_equal(group.group.date_count, 2);
    assert_int_equal(group.group.dates_day[1], 131);
    group.group.day_of_month = 29;
    assert_refused(records_cycle_group_put(records, &actor, &group, &fault), ERR_INVALID, "/day_of_month");
    group.group.day_of_month = 28;
    group.group.dates_day[1] = 100;
    assert_refused(records_cycle_group_put(records, &actor, &group, &fault), ERR_INVALID, "/dates");
    assert_refused(records_cycle_group_by_id(records, "none", &fault, &group), ERR_NOT_FOUND, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_records, close_records)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(logins_are_kept_and_checked),
        TEST(customers_are_found_and_changed),
        TEST(sessions_end),
        TEST(tokens_expire_and_are_revoked),
        TEST(keys_answer_once),
        TEST(tariffs_keep_their_documents),
        TEST(rules_are_dated),
        TEST(acknowledgements_and_requests_are_polled),
        TEST(claims_yield_one_meter),
        TEST(settings_hold_from_when_they_are_said),
        TEST(cycle_groups_keep_their_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
