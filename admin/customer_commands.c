/* Customers. */
#include <string.h>
#include "admin/command.h"
#include "admin/sheet.h"
#include "base/text.h"

static const struct arg_row add_rows[] = {
    {.name = "id", .placeholder = "ID", .help = "1 to 64 of A-Z a-z 0-9 . _ -", .operand = true, .required = true},
    {.name = "name", .placeholder = "TEXT", .help = "person or firm", .required = true},
    {.name = "email", .placeholder = "TEXT", .help = "e-mail address"},
    {.name = "language", .placeholder = "TAG", .help = "pt-BR or en (default: the setting default_language)"},
    {.name = "if-missing", .type = ARG_FLAG, .help = "changes nothing where the customer exists"},
    {0},
};

static enum err fill(const struct args *args, struct fault *fault, struct customer_record *customer)
{
    enum err err = arg_copy(args, "id", fault, customer->customer_id, sizeof customer->customer_id);
    if (err == OK)
        err = arg_copy(args, "name", fault, customer->name, sizeof customer->name);
    if (err == OK)
        err = arg_copy(args, "email", fault, customer->email, sizeof customer->email);
    if (err == OK)
        err = arg_copy(args, "language", fault, customer->language, sizeof customer->language);
    if (err == OK && customer->language[0] != '\0' && strcmp(customer->language, "pt-BR") != 0 && strcmp(customer->language, "en") != 0)
        err = fault_set(fault, ERR_INVALID, "--language must be pt-BR or en");
    return err;
}

static enum err run_add(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct customer_record customer = {0}, there;
    enum err err = fill(args, fault, &customer);
    if (err == OK && arg_flag(args, "if-missing") && records_customer_by_id(qw->records, customer.customer_id, fault, &there) == OK) {
        say(qw, "customer %s exists already", customer.customer_id);
        return OK;
    }
    if (err == OK)
        err = records_customer_add(qw->records, &qw->actor, &customer, fault, NULL);
    if (err == OK)
        say(qw, "customer %s added", customer.customer_id);
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "search", .placeholder = "TEXT", .help = "part of the id, name or e-mail"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct customer_record rows[RECORDS_PAGE_MAX];
    struct sheet sheet;
    char after[RECORD_ID_SIZE] = "";
    size_t count = 0;
    enum err err = OK;
    sheet_begin(&sheet, arg_flag(args, "json"), "customer_id", "name", "email", "language", NULL);
    do {
        err = records_customer_list(qw->records, arg(args, "search"), after, RECORDS_PAGE_MAX, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            sheet_text(&sheet, rows[i].customer_id);
            sheet_text(&sheet, rows[i].name);
            sheet_text(&sheet, rows[i].email);
            sheet_text(&sheet, rows[i].language);
            text_copy(after, sizeof after, rows[i].customer_id);
        }
    } while (err == OK && count == RECORDS_PAGE_MAX);
    if (err == OK)
        return sheet_end(&sheet, "no customers; `qw customer add` makes one", fault);
    sheet_abandon(&sheet);
    return err;
}

const struct command customer_commands[] = {
    {"customer", "add", "Makes a customer.", add_rows, OPENS_RECORDS, true, run_add},
    {"customer", "list", "Lists the customers.", list_rows, OPENS_RECORDS, false, run_list},
    {0},
};
