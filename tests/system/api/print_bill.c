/*
 * print_bill pt-BR|en <DOCUMENT >PDF: a bill's document on paper, with made-up people around it and twelve bills before it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "print/bill_sheet.h"

#define DOCUMENT_MAX 1048576

static int give_up(const char *what)
{
    fprintf(stderr, "print_bill: %s\n", what);
    return 1;
}

static void fill_history(struct bill_sheet *sheet)
{
    const struct bill *bill = &sheet->document->bill;
    sheet->history_count = BILL_HISTORY_MAX;
    for (int i = 0; i < BILL_HISTORY_MAX; i++)
        sheet->history[i] = (struct bill_bar){.known = i != 4,
                                              .complete = i != 8,
                                              .read_to_day = bill->until_day - 30 * (BILL_HISTORY_MAX - i),
                                              .import_wh = 240000 + 17000 * (i * 7 % 5),
                                              .estimated_wh = i == 6 ? 90000 : 0};
    sheet->history[BILL_HISTORY_MAX - 1] = (struct bill_bar){true, true, sheet->document->read_to_day, bill->import_wh, bill->estimated_wh};
}

int main(int argc, char *argv[])
{
    static char text[DOCUMENT_MAX];
    static struct bill_document document;
    struct fault fault = {0};
    struct buf pdf;
    enum tongue tongue;
    if (argc != 2 || !tongue_parse(argv[1], strlen(argv[1]), &tongue))
        return give_up("usage: print_bill pt-BR|en <DOCUMENT >PDF");
    size_t len = fread(text, 1, sizeof text - 1, stdin);
    text[len] = '\0';
    if (bill_document_parse(text, &fault, &document) != OK)
        return give_up(fault.text);
    struct bill_sheet sheet = {.document = &document,
                               .utility = "Energia do Vale",
                               .customer = "Maria Aparecida Gonçalves de Souza e Silva",
                               .address = "Rua das Acácias, 42, apto. 101, Jardim São João, Sorocaba – SP",
                               .serial = "ELS-2024-0012345",
                               .issued_day = document.bill.until_day + 3,
                               .as_of_day = document.bill.until_day,
                               .has_next_read = true,
                               .next_read_day = document.read_to_day + 31};
    fill_history(&sheet);
    buf_init(&pdf, 4 * DOCUMENT_MAX);
    enum err err = bill_sheet_print(&sheet, tongue, &fault, &pdf);
    if (err == OK)
        fwrite(pdf.data, 1, pdf.len, stdout);
    buf_finish(&pdf);
    return err == OK ? 0 : give_up(fault.text);
}
