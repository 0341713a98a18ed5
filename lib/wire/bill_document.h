/*
 * A bill's document read back: the one bill object with what issuing and paying added to it. For showing it; nothing is worked out again. Pure but
 * for the heap.
 */
#ifndef WIRE_BILL_DOCUMENT_H
#define WIRE_BILL_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "energy/bill.h"

#define BILL_DOCUMENT_CODE_SIZE 513
#define BILL_DOCUMENT_HASH_SIZE 65

/* What a correction takes back, and why. */
struct bill_correction {
    bool there;
    int64_t negates;         /* the number of the edition before … */
    struct money former;     /* … its total … */
    struct money difference; /* … and this total less that one's */
    int readings, decisions; /* that came since */
};

struct bill_payment {
    bool paid, cancelled;
    char pix_code[BILL_DOCUMENT_CODE_SIZE]; /* "" where there is none, as the next */
    char boleto_code[BILL_DOCUMENT_CODE_SIZE];
    char reference[161];
};

struct bill_document {
    int32_t read_from_day, read_to_day; /* as printed on a bill: see energy/tariff.h, print_days */
    bool issued;                        /* what follows is there */
    int64_t number;
    int edition;
    int64_t issued_utc_ms;
    int32_t due_day;
    char hash[BILL_DOCUMENT_HASH_SIZE];
    struct bill_payment payment;
    struct bill_correction correction;
    struct bill bill; /* audit texts (rule, exact, how) of lines and taxes are left out, meter_no is 0 */
};

/* ERR_INVALID where it is no bill; ERR_LIMIT where it has more lines than a bill can have. The document is large: keep it on the heap. */
enum err bill_document_parse(const char *document, struct fault *fault, struct bill_document *out);

/* What a history shows of a bill. */
struct bill_past {
    int32_t read_to_day, from_day, until_day;
    int64_t import_wh, estimated_wh;
    bool complete;
};
enum err bill_past_parse(const char *document, struct fault *fault, struct bill_past *out);

#endif
