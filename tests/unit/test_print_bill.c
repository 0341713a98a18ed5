/* What a printed bill is made of: numbers and dates in two languages, names of lines, the PDF's catalogue, and the document that is read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "api/language.h"
#include "api/routes.h"
#include "base/civil.h"
#include "print/bill_sheet.h"
#include "print/pdf_catalog.h"
#include "print/words.h"

/* Fontconfig keeps 288 bytes, once, that nobody can give back. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}

static void decimals(void **state)
{
    static const struct {
        const char *decimal;
        int min_digits;
        const char *pt, *en;
    } rows[] = {
        {"1234.500", 0, "1.234,5", "1,234.5"},
        {"1234567", 0, "1.234.567", "1,234,567"},
        {"190.000", 0, "190", "190"},
        {"0.73969", 2, "0,73969", "0.73969"},
        {"0.4", 2, "0,40", "0.40"},
        {"12", 2, "12,00", "12.00"},
        {"-1000.5", 1, "-1.000,5", "-1,000.5"},
        {"0.5000", 2, "0,50", "0.50"},
        {"999", 0, "999", "999"},
        {"12x", 0, "12x", "12x"},
        {"1.", 0, "1.", "1."},
        {"", 0, "", ""},
    };
    char text[TONGUE_TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tongue_decimal(TONGUE_PT_BR, rows[i].decimal, rows[i].min_digits, text);
        assert_string_equal(text, rows[i].pt);
        tongue_decimal(TONGUE_EN, rows[i].decimal, rows[i].min_digits, text);
        assert_string_equal(text, rows[i].en);
    }
}

static void money(void **state)
{
    static const struct {
        int64_t minor;
        int digits;
        const char *currency, *pt, *en;
    } rows[] = {
        {23877, 2, "BRL", "R$\u00a0238,77", "R$238.77"},
        {-2448, 2, "USD", "-US$\u00a024,48", "-$24.48"},
        {0, 2, "GBP", "£\u00a00,00", "£0.00"},
        {123456789, 2, "CHF", "CHF\u00a01.234.567,89", "CHF\u00a01,234,567.89"},
        {5, 0, "JPY", "JPY\u00a05", "JPY\u00a05"},
        {-5, 3, "KWD", "-KWD\u00a00,005", "-KWD\u00a00.005"},
        {INT64_MIN, 2, "BRL", "-R$\u00a092.233.720.368.547.758,08", "-R$92,233,720,368,547,758.08"},
    };
    char text[TONGUE_TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tongue_money(TONGUE_PT_BR, rows[i].minor, rows[i].digits, rows[i].currency, text);
        assert_string_equal(text, rows[i].pt);
        tongue_money(TONGUE_EN, rows[i].minor, rows[i].digits, rows[i].currency, text);
        assert_string_equal(text, rows[i].en);
    }
}

static void energy_and_dates(void **state)
{
    char text[TONGUE_TEXT_SIZE];
    int32_t day;
    (void)state;
    tongue_energy(TONGUE_PT_BR, 1240500, text);
    assert_string_equal(text, "1.240,5\u00a0kWh");
    tongue_energy(TONGUE_EN, -1, text);
    assert_string_equal(text, "-0.001\u00a0kWh");
    assert_true(civil_parse("2026-04-09", &day));
    tongue_date(TONGUE_PT_BR, day, text);
    assert_string_equal(text, "09/04/2026");
    tongue_date(TONGUE_EN, day, text);
    assert_string_equal(text, "9\u00a0Apr\u00a02026");
    assert_string_equal(tongue_month(TONGUE_PT_BR, day), "abr");
}

static void every_word_is_there_in_both(void **state)
{
    (void)state;
    for (int w = 0; w < WORD_COUNT; w++) {
        int holes[2] = {0, 0};
        for (int t = 0; t < 2; t++) {
            const char *text = word((enum tongue)t, (enum word)w);
            assert_non_null(text);
            for (const char *at = text; (at = strstr(at, "%s")) != NULL; at += 2)
                holes[t]++;
        }
        assert_int_equal(holes[0], holes[1]);
    }
}

static void names_of_lines(void **state)
{
    static const struct {
        const char *id, *pt, *en;
    } rows[] = {
        {"energy", "Energia", "Energy"},
        {"energy.peak", "Energia · ponta", "Energy · peak"},
        {"energy.off.tier2", "Energia · fora de ponta, faixa 2", "Energy · off-peak, tier 2"},
        {"energy.tier1", "Energia, faixa 1", "Energy, tier 1"},
        {"energy.night", "Energia · night", "Energy · night"},
        {"icms_pis_cofins", "ICMS + PIS + COFINS", "ICMS + PIS + COFINS"},
        {"icms", "ICMS", "ICMS"},
        {"icms_x", "icms_x", "icms_x"},
        {"climate_credit", "climate_credit", "climate_credit"},
        {"x.tier", "x · tier", "x · tier"},
        {"", "", ""},
    };
    char name[LINE_NAME_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        line_name(TONGUE_PT_BR, rows[i].id, name);
        assert_string_equal(name, rows[i].pt);
        line_name(TONGUE_EN, rows[i].id, name);
        assert_string_equal(name, rows[i].en);
    }
    assert_string_equal(unit_name(TONGUE_PT_BR, "day", "1.000"), "dia");
    assert_string_equal(unit_name(TONGUE_EN, "day", "10"), "days");
    assert_string_equal(unit_name(TONGUE_EN, "kWh", "1"), "kWh");
}

static void the_language_that_is_liked_best(void **state)
{
    static const struct {
        const char *header;
        int wanted; /* -1: none of ours */
    } rows[] = {
        {"pt-BR,pt;q=0.9,en;q=0.8", TONGUE_PT_BR},
        {"en", TONGUE_EN},
        {"fr, en-GB;q=0.2, pt;q=0.3", TONGUE_PT_BR},
        {"de", -1},
        {"en;q=0, pt;q=0", -1},
        {"en ; q=0.5 , pt", TONGUE_PT_BR},
        {"ptx, enough", -1},
        {"", -1},
        {",;,en", TONGUE_EN},
        {"en;q=2, pt;q=x", -1},
        {"EN-us", TONGUE_EN},
        {"*", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum tongue tongue = TONGUE_PT_BR;
        assert_int_equal(language_accepted(rows[i].header, &tongue), rows[i].wanted >= 0);
        if (rows[i].wanted >= 0)
            assert_int_equal(tongue, rows[i].wanted);
    }
}

static void a_path_with_an_ending(void **state)
{
    char arg[EXCHANGE_ARG_SIZE] = "";
    (void)state;
    assert_true(route_matches("/bills/{bill_id}.pdf", "/bills/casa.1-2026-10-01.pdf", arg));
    assert_string_equal(arg, "casa.1-2026-10-01");
    assert_false(route_matches("/bills/{bill_id}.pdf", "/bills/.pdf", arg));
    assert_false(route_matches("/bills/{bill_id}.pdf", "/bills/casa", arg));
    assert_false(route_matches("/bills/{bill_id}.pdf", "/bills/a.pdf/b", arg));
    assert_false(route_matches("/bills/{bill_id}.pdf", "/bills/df", arg));
    assert_true(route_matches("/bills/{bill_id}/payment", "/bills/casa-1/payment", arg));
    assert_string_equal(arg, "casa-1");
    assert_false(route_matches("/bills/{bill_id}/payment", "/bills/casa-1/pay", arg));
    assert_false(route_matches("/bills/{bill_id}", "/bills/", arg));
}

/* ---- the catalogue ---- */

static enum err say(const char *text, struct buf *pdf)
{
    struct fault fault = {0};
    buf_init(pdf, 4096);
    buf_str(pdf, text);
    return pdf_catalog_say(pdf, "pt-BR", &fault);
}

static void the_catalogue_is_said_again(void **state)
{
    static const char whole[] = "%PDF-1.4\n3 0 obj\n<< /Type /Catalog\n   /Pages 1 0 R\n>>\nendobj\nxref\n0 4\n"
                                "trailer\n<< /Size 4\n   /Root 3 0 R\n   /Info 2 0 R\n>>\nstartxref\n57\n%%EOF\n";
    struct buf pdf;
    (void)state;
    assert_int_equal(say(whole, &pdf), OK);
    assert_memory_equal(pdf.data, whole, sizeof whole - 1);
    const char *more = pdf.data + sizeof whole - 1;
    assert_non_null(strstr(more, "3 0 obj\n<< /Type /Catalog\n   /Pages 1 0 R\n   /Lang (pt-BR)"));
    assert_non_null(strstr(more, "/Prev 57"));
    char entry[32];
    snprintf(entry, sizeof entry, "3 1\n%010zu 00000 n \n", sizeof whole - 1); /* where the object stands now */
    assert_non_null(strstr(more, entry));
    buf_finish(&pdf);
    static const char *const broken[] = {"",
                                         "%PDF-1.4\n",
                                         "trailer\n<< /Size 4 /Root 3 0 R /Info 2 0 R >>\nstartxref\n57\n%%EOF\n",
                                         "\n3 0 obj\n[1 2]\nendobj\ntrailer\n<< /Size 4 /Root 3 0 R /Info 2 0 R >>\nstartxref\n57\n%%EOF\n",
                                         "\n3 0 obj\n<< /A 1 >>\nendobj\ntrailer\n<< /Size 4 /Root x /Info 2 0 R >>\nstartxref\n57\n%%EOF\n",
                                         "\n3 0 obj\n<< /A 1 >>\ntrailer\n<< /Size 4 /Root 3 0 R /Info 2 0 R >>\nstartxref\n57\n%%EOF\n"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_int_equal(say(broken[i], &pdf), ERR_FATAL);
        assert_int_equal(pdf.len, strlen(broken[i]));
        buf_finish(&pdf);
    }
}

/* ---- the document ---- */

#define BILL                                                                                                                                         \
    "{\"bill_id\":\"casa-1-2026-10-01\",\"account_id\":null,\"meter_id\":\"casa\",\"state\":\"adjusted\",\"currency\":\"BRL\",\"minor\":2,"          \
    "\"read_from\":\"2026-09-30\",\"read_to\":\"2026-10-31\",\"cycle_from\":\"2026-10-01\",\"cycle_until\":\"2026-11-01\",\"days\":31,"              \
    "\"import_wh\":240000,\"export_wh\":5,\"billed_wh\":239995,\"lines\":[%s],\"taxes\":[{\"id\":\"icms\",\"amount_minor\":180,\"included\":true}]," \
    "\"subtotal_minor\":1000,\"total_minor\":1000,\"complete\":true,\"forecast\":null,\"tariff\":{\"id\":\"t\",\"version_hash\":\"v\"},"             \
    "\"as_of\":\"2026-11-01T03:00:00Z\",\"number\":9,\"edition\":2,\"issued_at\":\"2026-11-04T03:00:00Z\",\"due_date\":\"2026-11-14\","              \
    "\"hash\":\"ab\",\"payment\":{\"state\":\"paid\",\"pix_code\":\"0002\",\"boleto_code\":null,\"reference\":null},\"adjustment\":{\"negates\":7,"  \
    "\"difference_minor\":-20,\"negated\":{\"total_minor\":-1020},\"caused_by\":[{\"kind\":\"reading\"},{\"kind\":\"estimate\"},"                    \
    "{\"kind\":\"reading\"}]}}"
#define LINE                                                                                                                                         \
    "{\"id\":\"energy\",\"segment\":\"2026-10-01/2026-11-01\",\"quantity\":\"240\",\"unit\":\"kWh\",\"unit_price\":\"0.05\",\"amount_minor\":1000,"  \
    "\"tax_included\":{\"icms\":180},\"quality\":\"estimated\"}"

static enum err parse(const char *lines, struct bill_document *out)
{
    struct fault fault = {0};
    struct buf text;
    buf_init(&text, 1048576);
    buf_printf(&text, BILL, lines);
    enum err err = bill_document_parse(text.data, &fault, out);
    buf_finish(&text);
    return err;
}

static void a_document_is_read_back(void **state)
{
    struct bill_document *document = malloc(sizeof *document);
    struct bill_past past;
    struct fault fault = {0};
    struct buf many;
    (void)state;
    assert_int_equal(parse(LINE, document), OK);
    assert_int_equal(document->number, 9);
    assert_true(document->payment.paid);
    assert_string_equal(document->payment.pix_code, "0002");
    assert_int_equal(document->correction.negates, 7);
    assert_int_equal(document->correction.former.minor, 1020);
    assert_int_equal(document->correction.difference.minor, -20);
    assert_int_equal(document->correction.readings, 2);
    assert_int_equal(document->correction.decisions, 1);
    assert_int_equal(document->bill.line_count, 1);
    assert_int_equal(document->bill.lines[0].quality, QUALITY_ESTIMATED);
    assert_int_equal(document->bill.lines[0].tax_minor[0], 180);
    assert_string_equal(document->bill.account_id, "");
    assert_int_equal(parse("{\"id\":\"energy\"}", document), ERR_INVALID);
    assert_int_equal(bill_document_parse("[]", &fault, document), ERR_INVALID);
    assert_int_equal(bill_document_parse("", &fault, document), ERR_INVALID);
    buf_init(&many, 1048576);
    for (int i = 0; i <= BILL_LINES_MAX; i++)
        buf_printf(&many, "%s%s", i > 0 ? "," : "", LINE);
    assert_int_equal(parse(many.data, document), ERR_LIMIT);
    buf_finish(&many);
    assert_int_equal(
        bill_past_parse("{\"read_to\":\"2026-10-31\",\"cycle_from\":\"2026-10-01\",\"cycle_until\":\"2026-11-01\",\"import_wh\":3}", &fault, &past),
        OK);
    assert_int_equal(past.import_wh, 3);
    assert_int_equal(bill_past_parse("{\"import_wh\":3}", &fault, &past), ERR_INVALID);
    free(document);
}

static void the_same_bill_is_the_same_bytes(void **state)
{
    struct bill_document *document = malloc(sizeof *document);
    struct bill_sheet sheet = {.document = document, .utility = "U", .customer = "Zoë \xe6\xbc\xa2", .address = "", .serial = "", .history_count = 1};
    struct fault fault = {0};
    struct buf pdf[3];
    (void)state;
    assert_int_equal(parse(LINE, document), OK);
    sheet.history[0] = (struct bill_bar){.known = true, .import_wh = 0};
    for (int i = 0; i < 3; i++) {
        buf_init(&pdf[i], 4194304);
        assert_int_equal(bill_sheet_print(&sheet, i == 2 ? TONGUE_EN : TONGUE_PT_BR, &fault, &pdf[i]), OK);
    }
    assert_int_equal(pdf[0].len, pdf[1].len);
    assert_memory_equal(pdf[0].data, pdf[1].data, pdf[0].len);
    assert_memory_equal(pdf[0].data, "%PDF-", 5);
    assert_false(pdf[2].len == pdf[0].len && memcmp(pdf[0].data, pdf[2].data, pdf[0].len) == 0);
    buf_reset(&pdf[2]);
    pdf[2].max = 1000; /* no room for it */
    assert_int_equal(bill_sheet_print(&sheet, TONGUE_EN, &fault, &pdf[2]), ERR_RETRY);
    for (int i = 0; i < 3; i++)
        buf_finish(&pdf[i]);
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals),
        cmocka_unit_test(money),
        cmocka_unit_test(energy_and_dates),
        cmocka_unit_test(every_word_is_there_in_both),
        cmocka_unit_test(names_of_lines),
        cmocka_unit_test(the_language_that_is_liked_best),
        cmocka_unit_test(a_path_with_an_ending),
        cmocka_unit_test(the_catalogue_is_said_again),
        cmocka_unit_test(a_document_is_read_back),
        cmocka_unit_test(the_same_bill_is_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
