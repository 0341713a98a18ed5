/* Commands as documents, and what meters answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "wire/command_json.h"
#include "wire/device_json.h"

static void a_meter_reads_it(void **state)
{
    struct buf params, out;
    struct device_command command;
    struct fault fault = {0};
    (void)state;
    buf_init(&params, 400);
    buf_init(&out, 1000);
    command_resend_params(&params, "b\"1", 3, 9);
    command_write(&out, "c1", INT64_C(1795381200000), "resend", params.data);
    assert_int_equal(device_command_parse(out.data, out.len, &fault, &command), OK);
    assert_int_equal(command.kind, DEVICE_RESEND);
    assert_string_equal(command.boot, "b\"1");
    assert_true(command.from_seq == 3 && command.to_seq == 9 && command.expires_utc_ms == INT64_C(1795381200000));
    buf_reset(&params);
    buf_reset(&out);
    command_interval_params(&params, 86400);
    command_write(&out, "c2", INT64_C(1795381200000), "set_interval", params.data);
    assert_int_equal(device_command_parse(out.data, out.len, &fault, &command), OK);
    assert_true(command.kind == DEVICE_SET_INTERVAL && command.interval_s == 86400);
    assert_string_equal(command.command_id, "c2");
    buf_finish(&params);
    buf_finish(&out);
}

static bool parse(const char *document, struct command_answer *out)
{
    return command_answer_parse(document, strlen(document), out);
}

static void answers(void **state)
{
    static const char *const wrong[] = {"",
                                        "[]",
                                        "{}",
                                        "{\"command_id\":\"c\"}",
                                        "{\"command_id\":\"c\",\"result\":\"maybe\"}",
                                        "{\"command_id\":1,\"result\":\"done\"}",
                                        "{\"command_id\":\"01234567890123456789012345678901234567890123456789012345678901234\",\"result\":\"done\"}"};
    struct command_answer answer;
    char document[600];
    (void)state;
    assert_true(parse("{\"event\":\"command\",\"command_id\":\"c\",\"result\":\"done\"}", &answer));
    assert_true(answer.done && answer.detail[0] == '\0');
    assert_true(parse("{\"command_id\":\"c\",\"result\":\"refused\",\"detail\":\"no\\u001bmore\\n\"}", &answer));
    assert_false(answer.done);
    assert_string_equal(answer.detail, "no more ");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(parse(wrong[i], &answer));
    /* cut between characters: 159 bytes, then one of two bytes */
    strcpy(document, "{\"command_id\":\"c\",\"result\":\"refused\",\"detail\":\"");
    for (int i = 0; i < 159; i++)
        strcat(document, "x");
    strcat(document, "éé\"}");
    assert_true(parse(document, &answer));
    assert_int_equal(strlen(answer.detail), 159);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_meter_reads_it),
        cmocka_unit_test(answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
