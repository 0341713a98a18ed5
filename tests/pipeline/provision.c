/* Onboarding: a device asks for an identity and gets the same meter each time; a wrong code gets none and raises an alert. And the broker's files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include "access/broker_login.h"
#include "access/password.h"
#include "tests/support/rig.h"

static struct rig rig;

static void claim(const char *serial, const char *code, const char *meter_id)
{
    struct actor actor = {"test", RIG_NOW};
    struct claim_record record = {0};
    struct fault fault = {0};
    snprintf(record.serial, sizeof record.serial, "%s", serial);
    assert_int_equal(password_hash(code, &fault, record.code_hash), OK);
    record.meter_no = meter_id ? rig_meter_no(&rig, meter_id) : 0;
    if (records_claim_add(rig.records, &actor, &record, &fault) != OK)
        fail_msg("%s", fault.text);
}

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    rig.broker_files = true;
    rig.auto_register.enabled = false;
    rig_restart(&rig);
    claim("S-1", "secret", NULL);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static void asks(const char *nonce, const char *serial, const char *code)
{
    char topic[96];
    snprintf(topic, sizeof topic, "provision/requests/%s", nonce);
    rig_say(&rig, topic, "{\"serial\":\"%s\",\"model\":\"QW 1\",\"claim_code\":\"%s\"}", serial, code);
    rig_store(&rig);
}

/* A field of the last answer to a nonce; "" when there is none. */
static const char *answer(const char *nonce, const char *field)
{
    static char text[256];
    char topic[96];
    snprintf(topic, sizeof topic, "provision/responses/%s", nonce);
    text[0] = '\0';
    json_t *root = json_loads(rig_last(&rig, topic), 0, NULL);
    const char *value = json_string_value(json_object_get(root, field));
    if (value)
        snprintf(text, sizeof text, "%s", value);
    json_decref(root);
    return text;
}

static char *contents(const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Does the password file let this login in? */
static bool lets_in(const char *username, const char *password)
{
    char line[128];
    snprintf(line, sizeof line, "%s:", username);
    const char *at = contents(rig.logins);
    while (at && strncmp(at, line, strlen(line)) != 0)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    char hash[BROKER_HASH_SIZE] = "";
    if (at)
        snprintf(hash, sizeof hash, "%.*s", (int)strcspn(at + strlen(line), "\n"), at + strlen(line));
    return at && broker_login_verify(hash, password);
}

static void the_same_meter_each_time(void **state)
{
    char password[128];
    (void)state;
    asks("N1", "S-1", "secret");
    assert_string_equal(answer("N1", "error"), "");
    assert_string_equal(answer("N1", "meter_id"), "S-1");
    assert_string_equal(answer("N1", "username"), "S-1");
    snprintf(password, sizeof password, "%s", answer("N1", "password"));
    assert_true(strlen(password) >= 16);
    assert_true(lets_in("S-1", password)); /* and the file is there before the answer goes out */
    int64_t meter_no = rig_meter_no(&rig, "S-1");
    assert_true(meter_no > 0);
    asks("N2", "S-1", "secret");
    assert_string_equal(answer("N2", "meter_id"), "S-1");
    assert_string_not_equal(answer("N2", "password"), password); /* a fresh one each time */
    assert_false(lets_in("S-1", password));
    assert_true(lets_in("S-1", answer("N2", "password")));
    assert_int_equal(rig_meter_no(&rig, "S-1"), meter_no);
    struct point_count count;
    assert_int_equal(records_point_count(rig.records, NULL, NULL, &count), OK);
    assert_int_equal(count.total, 1);
    rig_tend(&rig);
    rig_read(&rig, "S-1", RIG_NOW, 5); /* it is known from then on */
    rig_store(&rig);
    assert_int_equal(rig_number(&rig, "readings.accepted"), 1);
}

static void a_wrong_code(void **state)
{
    static const char topic[] = "alerts/system/claim_refused";
    (void)state;
    asks("N1", "S-1", "guess");
    assert_string_not_equal(answer("N1", "error"), "");
    assert_string_equal(answer("N1", "password"), "");
    assert_int_equal(rig_meter_no(&rig, "S-1"), 0);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, topic), 1);
    assert_non_null(strstr(rig_last(&rig, topic), "S-1"));
    assert_null(strstr(rig_last(&rig, topic), "guess")); /* never a secret */
    asks("N2", "S-9", "secret");                         /* a serial that nobody knows gets the same words, and no alert */
    assert_string_equal(answer("N2", "error"), answer("N1", "error"));
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, topic), 1);
    rig_run(&rig, 62 * RIG_MINUTE, RIG_MINUTE);
    assert_int_equal(rig_count(&rig, topic), 3); /* resolved after an hour without another */
}

static void a_claim_for_a_meter_that_is_there(void **state)
{
    (void)state;
    rig_meter(&rig, "casa-42", "America/Sao_Paulo", 0);
    claim("S-2", "secret", "casa-42");
    asks("N1", "S-2", "secret");
    assert_string_equal(answer("N1", "meter_id"), "casa-42");
    assert_true(lets_in("casa-42", answer("N1", "password")));
}

static void requests_that_are_none(void **state)
{
    (void)state;
    rig_say(&rig, "provision/requests/N1", "garbage");
    rig_say(&rig, "provision/requests/N2", "{\"serial\":\"S-1\"}");
    rig_store(&rig);
    assert_string_not_equal(answer("N1", "error"), "");
    assert_string_not_equal(answer("N2", "error"), "");
    assert_int_equal(rig_number(&rig, "readings.received"), 0);
}

static void attempts_are_limited(void **state)
{
    int refused = 0;
    (void)state;
    for (int i = 0; i < 130; i++) { /* form is judged after the limit: no hash is computed for these */
        char topic[96], nonce[16];
        snprintf(nonce, sizeof nonce, "N%d", i);
        snprintf(topic, sizeof topic, "provision/requests/%s", nonce);
        rig_say(&rig, topic, "{}");
        if (i % 10 == 9)
            rig_store(&rig);
        if (i % 10 == 9)
            for (int n = i - 9; n <= i; n++) {
                snprintf(nonce, sizeof nonce, "N%d", n);
                refused += strstr(answer(nonce, "error"), "minute") != NULL;
            }
    }
    assert_int_equal(refused, 10); /* 120 a minute */
    rig_advance(&rig, RIG_MINUTE);
    asks("later", "S-1", "secret");
    assert_string_equal(answer("later", "meter_id"), "S-1");
}

static void add_login(enum login_kind kind, const char *username, const char *customer_id, const char *password)
{
    struct actor actor = {"test", RIG_NOW};
    struct login_record login = {.kind = kind};
    struct fault fault = {0};
    int64_t no;
    snprintf(login.username, sizeof login.username, "%s", username);
    snprintf(login.customer_id, sizeof login.customer_id, "%s", customer_id);
    assert_int_equal(broker_login_hash(password, &fault, login.broker_hash), OK);
    if (records_login_add(rig.records, &actor, &login, &fault, &no) != OK)
        fail_msg("%s", fault.text);
}

/* What follows "user <name>" up to the next user, or NULL. */
static const char *section(const char *username)
{
    static char text[4096];
    char line[96];
    snprintf(line, sizeof line, "\nuser %s\n", username);
    const char *at = strstr(contents(rig.acl), line);
    if (!at)
        return NULL;
    at += strlen(line);
    const char *end = strstr(at, "\nuser ");
    snprintf(text, sizeof text, "%.*s", end ? (int)(end - at) : (int)strlen(at), at);
    return text;
}

static void the_brokers_files(void **state)
{
    struct actor actor = {"test", RIG_NOW};
    struct customer_record ana = {.customer_id = "ana", .name = "Ana"};
    struct account_record account = {.customer_id = "ana", .meter_id = "casa-42", .from_day = 20000, .until_day = RECORDS_NO_DAY};
    struct fault fault = {0};
    int64_t no;
    (void)state;
    rig_meter(&rig, "casa-42", "America/Sao_Paulo", 0);
    rig_meter(&rig, "casa-43", "America/Sao_Paulo", 0);
    assert_int_equal(records_customer_add(rig.records, &actor, &ana, &fault, &no), OK);
    assert_int_equal(records_account_add(rig.records, &actor, &account, NULL, &fault, NULL), OK);
    add_login(LOGIN_OPERATOR, "operator", "", "op");
    add_login(LOGIN_CUSTOMER, "ana-login", "ana", "an");
    add_login(LOGIN_CLAIM, "claim", "", "cl");
    rig_tend(&rig);
    assert_true(lets_in("operator", "op") && lets_in("ana-login", "an") && lets_in("claim", "cl"));
    assert_false(lets_in("operator", "an"));
    const char *head = contents(rig.acl);
    assert_non_null(strstr(head, "pattern write meters/%u/readings\n"));
    assert_non_null(strstr(head, "pattern write provision/requests/%c\n"));
    assert_null(strstr(head, "%c/readings"));
    assert_non_null(strstr(section("operator"), "topic readwrite meters/#\n"));
    assert_non_null(strstr(section("ana-login"), "topic read meters/casa-42/#\n"));
    assert_non_null(strstr(section("ana-login"), "topic write meters/casa-42/readings\n"));
    assert_null(strstr(section("ana-login"), "casa-43"));
    assert_null(strstr(section("ana-login"), "commands\n")); /* a customer commands no meter */
    assert_null(section("claim"));
    assert_int_equal(records_login_disable(rig.records, &actor, "ana-login", true, &fault), OK);
    rig_tend(&rig);
    assert_false(lets_in("ana-login", "an"));
    assert_null(section("ana-login"));
    assert_true(lets_in("operator", "op"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_meter_each_time, fresh, gone),
        cmocka_unit_test_setup_teardown(a_wrong_code, fresh, gone),
        cmocka_unit_test_setup_teardown(a_claim_for_a_meter_that_is_there, fresh, gone),
        cmocka_unit_test_setup_teardown(requests_that_are_none, fresh, gone),
        cmocka_unit_test_setup_teardown(attempts_are_limited, fresh, gone),
        cmocka_unit_test_setup_teardown(the_brokers_files, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
