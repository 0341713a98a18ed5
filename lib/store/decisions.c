#include "store/decisions.h"
#include <stdlib.h>

#define PAGE 200

void decisions_destroy(struct point_decisions *decisions)
{
    if (!decisions)
        return;
    free(decisions->reads);
    free(decisions->spans);
    free(decisions);
}

static int by_number(const void *a, const void *b)
{
    const struct decision *left = a, *right = b;
    return left->decision_no < right->decision_no ? -1 : left->decision_no > right->decision_no;
}

static void take_page(const struct decision_record *page, size_t count, struct point_decisions *out)
{
    for (size_t i = 0; i < count; i++) {
        if (decision_is_span(&page[i].decision) && out->span_count < RECORDS_DECISIONS_MAX)
            out->spans[out->span_count++] = page[i].decision;
        else if (!decision_is_span(&page[i].decision) && out->read_count < RECORDS_DECISIONS_MAX)
            out->reads[out->read_count++] = page[i].decision;
    }
}

/* Gives back what a few decisions do not need. */
static void shrink(struct decision **rows, int count)
{
    struct decision *less = realloc(*rows, (size_t)(count > 0 ? count : 1) * sizeof *less);
    if (less)
        *rows = less;
}

enum err decisions_load(struct records *records, int64_t meter_no, struct fault *fault, struct point_decisions **out)
{
    struct decision_filter filter = {.meter_no = meter_no, .by_state = true, .state = DECISION_APPROVED};
    struct decision_record *page = malloc(PAGE * sizeof *page);
    struct point_decisions *decisions = calloc(1, sizeof *decisions);
    size_t count = PAGE;
    if (decisions) {
        decisions->reads = malloc(RECORDS_DECISIONS_MAX * sizeof *decisions->reads);
        decisions->spans = malloc(RECORDS_DECISIONS_MAX * sizeof *decisions->spans);
    }
    enum err err = page && decisions && decisions->reads && decisions->spans ? OK : fault_set(fault, ERR_FATAL, "no memory");
    while (err == OK && count == PAGE) {
        err = records_decision_list(records, &filter, PAGE, fault, page, &count);
        if (err == OK)
            take_page(page, count, decisions);
        if (err == OK && count > 0)
            filter.before_no = page[count - 1].decision.decision_no;
    }
    free(page);
    if (err != OK) {
        decisions_destroy(decisions);
        return err;
    }
    qsort(decisions->reads, (size_t)decisions->read_count, sizeof *decisions->reads, decision_order);
    qsort(decisions->spans, (size_t)decisions->span_count, sizeof *decisions->spans, by_number);
    shrink(&decisions->reads, decisions->read_count);
    shrink(&decisions->spans, decisions->span_count);
    *out = decisions;
    return OK;
}
