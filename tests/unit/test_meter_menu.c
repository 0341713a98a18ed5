/*
 * The menu's words, in both languages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "meter/menu_line.h"

static void test_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum menu_wish wish;
        int64_t watts;
    } table[] = {
        {"", MENU_NOTHING, 0},
        {"   \r", MENU_NOTHING, 0},
        {"+", MENU_RAISE, 100},
        {"+250", MENU_RAISE, 250},
        {" + 250 ", MENU_RAISE, 250},
        {"raise", MENU_RAISE, 100},
        {"AUMENTAR 40", MENU_RAISE, 40},
        {"-", MENU_LOWER, 100},
        {"-30", MENU_LOWER, 30},
        {"diminuir 5", MENU_LOWER, 5},
        {"=1500", MENU_SET, 1500},
        {"set 1500", MENU_SET, 1500},
        {"definir 0", MENU_SET, 0},
        {"1500", MENU_SET, 1500},
        {"100000", MENU_SET, 100000},
        {"100001", MENU_BAD_NUMBER, 0},
        {"set", MENU_BAD_NUMBER, 0},
        {"set x", MENU_BAD_NUMBER, 0},
        {"--5", MENU_BAD_NUMBER, 0},
        {"12 13", MENU_BAD_NUMBER, 0},
        {"1.5", MENU_BAD_NUMBER, 0},
        {"s", MENU_SHOW, 0},
        {"mostrar", MENU_SHOW, 0},
        {"show me", MENU_UNKNOWN, 0},
        {"?", MENU_HELP, 0},
        {"Ajuda", MENU_HELP, 0},
        {"q", MENU_QUIT, 0},
        {"sair", MENU_QUIT, 0},
        {"whatever", MENU_UNKNOWN, 0},
        {"99999999999999999999999999", MENU_UNKNOWN, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct menu_line line = menu_parse(table[i].text);
        if (line.wish != table[i].wish || (line.wish <= MENU_SET && line.wish != MENU_NOTHING && line.watts != table[i].watts))
            fail_msg("\"%s\": wish %d, %lld W", table[i].text, line.wish, (long long)line.watts);
    }
    char longer[300];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(menu_parse(longer).wish, MENU_UNKNOWN);
}

static void test_languages(void **state)
{
    (void)state;
    assert_int_equal(menu_language("", "pt_BR.UTF-8"), MENU_PT);
    assert_int_equal(menu_language("", "en_US.UTF-8"), MENU_EN);
    assert_int_equal(menu_language("", NULL), MENU_EN);
    assert_int_equal(menu_language("pt-BR", "en_US.UTF-8"), MENU_PT);
    assert_int_equal(menu_language("en", "pt_BR"), MENU_EN);
}

static void test_state(void **state)
{
    (void)state;
    struct buf out;
    struct menu_view view = {.meter_id = "casa-42", .rate_w = 1500, .register_wh = 1234007, .kept = 2, .interval_ms = 1000, .connected = true};
    buf_init(&out, 4096);
    menu_say_state(MENU_EN, &view, &out);
    assert_string_equal(out.data, "casa-42: 1500 W, total 1234.007 kWh, every 1000 ms, connected, "
                                  "2 readings without receipt\n");
    buf_reset(&out);
    view.connected = false;
    menu_say_state(MENU_PT, &view, &out);
    assert_string_equal(out.data, "casa-42: 1500 W, total 1234,007 kWh, a cada 1000 ms, "
                                  "desconectado, 2 leituras sem recibo\n");
    buf_reset(&out);
    for (int language = MENU_EN; language <= MENU_PT; language++) {
        menu_say_help((enum menu_language)language, &out);
        menu_say_rate((enum menu_language)language, 7, &out);
        menu_say_unknown((enum menu_language)language, true, &out);
        menu_say_unknown((enum menu_language)language, false, &out);
        menu_say_goodbye((enum menu_language)language, &out);
    }
    assert_false(out.overflow);
    assert_non_null(strstr(out.data, "aumentar"));
    assert_non_null(strstr(out.data, "raise"));
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_languages), cmocka_unit_test(test_state)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
