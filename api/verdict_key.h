/*
 * Where a row of the exception queue stands among those of the same instant: keys order as text as the store orders rows, newest first. What the
 * neighbours say stands before what was refused at the door, and that before what the checks over time found. Pure.
 */
#ifndef API_VERDICT_KEY_H
#define API_VERDICT_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include "api/gather.h"
#include "store/facts.h"

#define VERDICT_KEY_SIZE 64

enum verdict_list_kind { LIST_DOOR = 'd', LIST_NEIGHBOURS = 'n', LIST_OVER_TIME = 'c' };

/* The last row that a page before told. */
struct verdict_after {
    struct gather_cursor page; /* text NULL: there was none */
    enum verdict_list_kind kind;
    int64_t refusal_id;         /* of LIST_DOOR */
    struct judgement judgement; /* of LIST_NEIGHBOURS */
    int64_t meter_no;           /* of LIST_OVER_TIME; number is its day, in ms */
    int check;
};

void verdict_key_refusal(int64_t refusal_id, char out[VERDICT_KEY_SIZE]);
void verdict_key_judgement(const struct judgement *row, char out[VERDICT_KEY_SIZE]);
void verdict_key_check(int64_t meter_no, int check, char out[VERDICT_KEY_SIZE]);

/* Fills the rest from out->page. False: no key of these. */
bool verdict_key_read(struct verdict_after *out);

#endif
