/* Files of readings into the ledger: import nem12, import csv. */
#include "admin/import_send.h"

const struct command import_commands[] = {
    {"import", "nem12", "Reads a NEM12 file of interval data into the ledger; the same file again changes nothing.", import_nem12_rows, OPENS_RECORDS,
     false, import_nem12},
    {"import", "csv", "Reads a table of readings into the ledger; the same file again changes nothing.", import_csv_rows, OPENS_RECORDS, false,
     import_csv},
    {0},
};
