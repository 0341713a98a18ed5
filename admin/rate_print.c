/* A bill as JSON or as a table for people. */
#include <string.h>
#include "admin/rate_run.h"
#include "base/civil.h"
#include "wire/bill_json.h"
#include "wire/json_out.h"

static void more_of_line(struct buf *out, int line_no, void *arg)
{
    bill_explained_line_members(out, arg, line_no);
}

void rating_print_json(const struct rating *rating, const struct bill *bill, struct buf *out)
{
    out_object(out, NULL);
    bill_members_with(out, bill, rating_print_days(rating, bill->until_day), rating->explained ? more_of_line : NULL, rating->explained);
    state_write(out, "closing", &rating->party.opening, bill->minor_digits);
    out_end_object(out);
}

static void print_minor(FILE *to, int64_t minor, int digits)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(minor, digits, digits, text);
    fprintf(to, "%12s", text);
}

static void print_exact(FILE *to, const char *how, const char *exact, const char *rule, const char *act)
{
    if (how[0])
        fprintf(to, "      = %s\n", how);
    fprintf(to, "      %s minor units before rounding; clause %s%s%s\n", exact, rule[0] ? rule : "given", act[0] ? ", " : "", act);
}

static void print_part(FILE *to, const char *name, int64_t wh)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(wh, 3, 0, text);
    if (wh != 0)
        fprintf(to, ", %s %s", name, text);
}

/* From what was metered to the quantity. */
static void print_energy(FILE *to, const struct line_energy *energy)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(energy->metered_wh, 3, 0, text);
    fprintf(to, "      kWh: %s %s", energy->exported ? "fed in" : "metered", text);
    print_part(to, "compensated", energy->compensated_wh);
    print_part(to, "rounding", energy->rounding_wh);
    print_part(to, "minimum", energy->minimum_wh);
    print_part(to, "in other lines or free", energy->other_wh);
    fprintf(to, "\n");
}

static void print_lines(const struct rating *rating, const struct bill *bill, FILE *to)
{
    for (int i = 0; i < bill->line_count; i++) {
        const struct bill_line *line = &bill->lines[i];
        fprintf(to, "  %-28s %12s %-7s × %12s  ", line->id, line->quantity, line->unit, line->unit_price);
        print_minor(to, line->amount.minor, bill->minor_digits);
        fprintf(to, "%s%s\n", line->quality == QUALITY_MEASURED ? "" : "  ", line->quality == QUALITY_MEASURED ? "" : quality_name(line->quality));
        if (strcmp(line->segment, bill->lines[0].segment) != 0 || strcmp(line->segment, bill->lines[bill->line_count - 1].segment) != 0)
            fprintf(to, "      of %s\n", line->segment);
        if (rating->explain)
            print_exact(to, line->how, line->exact, line->rule, line->act);
        const struct line_energy *energy = rating->explained ? bill_explained_energy(rating->explained, i) : NULL;
        if (energy)
            print_energy(to, energy);
    }
}

static void print_row(FILE *to, const char *name, int64_t minor, int digits)
{
    fprintf(to, "  %-67s", name);
    print_minor(to, minor, digits);
    fprintf(to, "\n");
}

static void print_credit(FILE *to, const struct bill_credit *credit, int digits)
{
    const int64_t values[] = {credit->opening, credit->earned, credit->used, credit->expired, credit->settled, credit->closing};
    static const char *const names[] = {"opening", "earned", "used", "expired", "settled", "closing"};
    fprintf(to, "  %s (%s):", credit->id, credit->energy ? "kWh" : "money");
    for (int i = 0; i < 6; i++) {
        char text[DECIMAL_TEXT_SIZE];
        decimal_format(values[i], credit->energy ? 3 : digits, credit->energy ? 0 : digits, text);
        fprintf(to, " %s %s", names[i], text);
    }
    fprintf(to, "\n");
}

void rating_print_table(const struct rating *rating, const struct bill *bill, FILE *to)
{
    char from[CIVIL_TEXT_SIZE], until[CIVIL_TEXT_SIZE], kwh[DECIMAL_TEXT_SIZE];
    int digits = bill->minor_digits;
    civil_format(bill->from_day, from);
    civil_format(bill->until_day - 1, until);
    decimal_format(bill->import_wh, 3, 0, kwh);
    fprintf(to, "%s, %s to %s (%d days), %s kWh, %s%s\n", bill->tariff_id, from, until, bill->days, kwh, bill->currency,
            bill->complete ? "" : ", INCOMPLETE");
    print_lines(rating, bill, to);
    print_row(to, "subtotal", bill->subtotal.minor, digits);
    for (int i = 0; i < bill->tax_count; i++) {
        char name[NAME_SIZE + 16];
        snprintf(name, sizeof name, "%s%s", bill->taxes[i].included ? "  inside it: " : "", bill->taxes[i].id);
        print_row(to, name, bill->taxes[i].amount.minor, digits);
        if (rating->explain)
            print_exact(to, "", bill->taxes[i].exact, bill->taxes[i].rule, "");
    }
    for (int i = 0; i < bill->adjustment_count; i++) {
        print_row(to, bill->adjustments[i].id, bill->adjustments[i].amount.minor, digits);
        if (rating->explain)
            print_exact(to, "", bill->adjustments[i].exact, bill->adjustments[i].rule, "");
    }
    if (bill->rounding.minor != 0)
        print_row(to, "rounding of the total", bill->rounding.minor, digits);
    print_row(to, "TOTAL", bill->total.minor, digits);
    for (int i = 0; i < bill->credit_count; i++)
        print_credit(to, &bill->credits[i], digits);
}
