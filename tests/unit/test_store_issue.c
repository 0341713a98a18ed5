/* Bill runs and issued bills in the records: numbers without a hole, no edition twice, nothing changed, who lets what pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/text.h"
#include "store/records_issue.h"

#define NOW INT64_C(1795305600000)

static char folder[64];
static struct records *records;
static struct fault fault;
static const struct actor ana = {"ana", NOW};

static int open_records(void **state)
{
    char path[128];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/qw-issue-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/records.db", folder);
    const struct records_options options = {.path = path, .mode = RECORDS_CREATE, .busy_timeout_ms = 400};
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

/* A run of three bills: one ready, one held by its days of grace, one without an account. */
static int64_t make_run(void)
{
    static const unsigned gates[] = {0, GATE_GRACE | GATE_JUMP, GATE_NO_ACCOUNT};
    const struct bill_run_record run = {.until_day = 20000};
    int64_t run_no = 0;
    assert_ok(records_run_add(records, &ana, &run, &fault, &run_no));
    for (int i = 0; i < 3; i++) {
        struct bill_run_item item = {.meter_no = 1,
                                     .from_day = 19900 + i,
                                     .until_day = 19930 + i,
                                     .gates = gates[i],
                                     .currency = "BRL",
                                     .minor_digits = 2,
                                     .total_minor = 1000 + i,
                                     .before_minor = 900,
                                     .draft_hash = "0123"};
        snprintf(item.bill_id, sizeof item.bill_id, "bill-%d", i);
        snprintf(item.account_id, sizeof item.account_id, i == 2 ? "%s" : "casa-%s", i == 2 ? "" : "1");
        assert_ok(records_run_item_add(records, run_no, &item, &fault));
    }
    assert_ok(records_run_whole(records, run_no, &fault));
    return run_no;
}

static struct issued_record issued(int64_t run_no, int64_t number, const char *bill_id, int edition, int64_t negates)
{
    struct issued_record made = {.number = number,
                                 .edition = edition,
                                 .negates = negates,
                                 .run_no = run_no,
                                 .meter_no = 1,
                                 .from_day = 19900,
                                 .until_day = 19930,
                                 .due_day = 20010,
                                 .currency = "BRL",
                                 .minor_digits = 2,
                                 .total_minor = 1000};
    text_copy(made.bill_id, sizeof made.bill_id, bill_id);
    text_copy(made.account_id, sizeof made.account_id, "casa-1");
    snprintf(made.hash, sizeof made.hash, "%064lld", (long long)number);
    return made;
}

static enum err add(const struct issued_record *made, int64_t item_no)
{
    return records_issued_add(records, &ana, made, item_no, &(struct issued_texts){"{\"draft\":1}", "{\"inputs\":1}", "{\"document\":1}"}, &fault);
}

static size_t items(int64_t run_no, enum run_item_filter filter)
{
    struct bill_run_item out[10];
    size_t count = 0;
    assert_ok(records_run_items(records, run_no, filter, 0, 10, &fault, out, &count));
    return count;
}

static void runs(void **state)
{
    int64_t run_no = make_run();
    struct bill_run_record run;
    (void)state;
    assert_ok(records_run_get(records, run_no, &fault, &run));
    assert_true(run.whole && run.ready == 1 && run.held == 2 && run.issued == 0 && run.stale == 0 && run.corrections == 0);
    assert_true(run.total_minor == 3003 && run.before_minor == 2700);
    assert_string_equal(run.currency, "BRL");
    assert_int_equal(records_run_release(records, &ana, run_no, "bill-1", "", &fault), ERR_INVALID);
    assert_int_equal(records_run_release(records, &ana, run_no, "bill-9", "seen", &fault), ERR_NOT_FOUND);
    assert_int_equal(records_run_release(records, &ana, run_no, "bill-2", "seen", &fault), ERR_CONFLICT); /* nobody to bill */
    assert_ok(records_run_release(records, &ana, run_no, "bill-1", "the meter was read by hand", &fault));
    assert_int_equal(items(run_no, ITEMS_READY), 2);
    assert_ok(records_run_item_stale(records, run_no, 2, &fault));
    assert_true(items(run_no, ITEMS_READY) == 1 && items(run_no, ITEMS_STALE) == 1 && items(run_no, ITEMS_HELD) == 1);
    assert_int_equal(records_run_release(records, &ana, run_no, "bill-1", "again", &fault), ERR_CONFLICT);
    assert_int_equal(records_run_get(records, 99, &fault, &run), ERR_NOT_FOUND);
}

static void numbers(void **state)
{
    int64_t run_no = make_run(), number = -1;
    char hash[BILL_HASH_SIZE] = "x";
    struct issued_record made = issued(run_no, 2, "bill-0", 1, 0), back;
    (void)state;
    assert_ok(records_issued_last(records, &fault, &number, hash));
    assert_true(number == 0 && hash[0] == '\0');
    assert_int_equal(add(&made, 1), ERR_CONFLICT); /* a hole */
    made = issued(run_no, 1, "bill-0", 1, 0);
    assert_ok(add(&made, 1));
    assert_int_equal(items(run_no, ITEMS_ISSUED), 1);
    assert_int_equal(records_run_release(records, &ana, run_no, "bill-0", "late", &fault), ERR_CONFLICT);
    made = issued(run_no, 2, "bill-0", 1, 0);
    assert_int_equal(add(&made, 1), ERR_CONFLICT); /* that edition is there */
    made = issued(run_no, 2, "bill-0", 2, 0);
    assert_int_equal(add(&made, 1), ERR_CONFLICT); /* a second edition negates the first */
    made = issued(run_no, 2, "bill-0", 2, 1);
    assert_ok(add(&made, 1));
    assert_ok(records_issued_last(records, &fault, &number, hash));
    assert_int_equal(number, 2);
    assert_string_equal(hash, made.hash);
    assert_ok(records_issued_by_bill(records, "bill-0", 0, &fault, &back, NULL, NULL));
    assert_true(back.edition == 2 && back.negates == 1);
    assert_string_equal(back.by, "ana");
    assert_ok(records_issued_by_bill(records, "bill-0", 1, &fault, &back, NULL, NULL));
    assert_true(back.number == 1 && back.negates == 0 && back.at_utc_ms == NOW);
    assert_int_equal(records_issued_by_bill(records, "bill-0", 3, &fault, &back, NULL, NULL), ERR_NOT_FOUND);
}

static int count_one(const struct issued_record *one, const struct issued_texts *texts, void *arg)
{
    int *count = arg;
    assert_int_equal(one->number, ++*count);
    assert_string_equal(texts->draft, "{\"draft\":1}");
    assert_string_equal(texts->inputs, "{\"inputs\":1}");
    assert_string_equal(texts->document, "{\"document\":1}");
    return 0;
}

/* A batch that is not committed leaves no number behind. */
static void interrupted(void **state)
{
    int64_t run_no = make_run(), number = -1;
    char hash[BILL_HASH_SIZE];
    int count = 0;
    struct issued_record made = issued(run_no, 1, "bill-0", 1, 0);
    (void)state;
    assert_ok(records_batch_begin(records, &fault));
    assert_ok(add(&made, 1));
    records_batch_rollback(records);
    assert_ok(records_issued_last(records, &fault, &number, hash));
    assert_int_equal(number, 0);
    assert_int_equal(items(run_no, ITEMS_READY), 1);
    for (int i = 1; i <= 3; i++) {
        char bill_id[16];
        snprintf(bill_id, sizeof bill_id, "bill-%d", i);
        made = issued(run_no, i, bill_id, 1, 0);
        assert_ok(add(&made, i));
    }
    assert_ok(records_issued_each(records, 0, 10, count_one, &count, &fault));
    assert_int_equal(count, 3);
}

static void payments(void **state)
{
    int64_t run_no = make_run();
    struct issued_record made = issued(run_no, 1, "bill-0", 1, 0);
    struct payment_record payment = {.state = PAYMENT_PAID, .pix_code = "0002", .reference = "E1"}, back;
    (void)state;
    assert_int_equal(records_payment_set(records, &ana, 1, &payment, &fault), ERR_NOT_FOUND);
    assert_ok(add(&made, 1));
    assert_ok(records_payment_get(records, 1, &fault, &back));
    assert_true(back.state == PAYMENT_OPEN && back.pix_code[0] == '\0' && back.at_utc_ms == 0);
    assert_ok(records_payment_set(records, &ana, 1, &payment, &fault));
    payment.state = PAYMENT_OPEN;
    assert_ok(records_payment_set(records, &ana, 1, &payment, &fault));
    assert_ok(records_payment_get(records, 1, &fault, &back));
    assert_true(back.state == PAYMENT_OPEN && back.at_utc_ms == NOW);
    assert_string_equal(back.pix_code, "0002");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(runs, open_records, close_records),
        cmocka_unit_test_setup_teardown(numbers, open_records, close_records),
        cmocka_unit_test_setup_teardown(interrupted, open_records, close_records),
        cmocka_unit_test_setup_teardown(payments, open_records, close_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
