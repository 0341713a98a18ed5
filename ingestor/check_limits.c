#include "ingestor/check_limits.h"
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

#define PREFIX "check."

/* "check.spike.commercial" → which check, and for whom. */
static bool take_name(const char *name, enum check *out, char class_name[RECORD_ID_SIZE])
{
    char check[RECORD_ID_SIZE];
    if (strncmp(name, PREFIX, sizeof PREFIX - 1) != 0 || !text_copy(check, sizeof check, name + sizeof PREFIX - 1))
        return false;
    char *dot = strchr(check, '.');
    if (dot)
        *dot = '\0';
    const struct check_row *row = check_by_name(check);
    if (!row)
        return false;
    *out = row->check;
    return text_copy(class_name, RECORD_ID_SIZE, dot ? dot + 1 : "");
}

enum err check_limits_refresh(struct check_limits *limits, struct records *records, struct fault *fault, bool *out_changed)
{
    struct setting_record *page = malloc(RECORDS_PAGE_MAX * sizeof *page);
    struct check_limits *found = calloc(1, sizeof *found);
    size_t count = 0;
    enum err err =
        page && found ? records_setting_history(records, NULL, RECORDS_PAGE_MAX, fault, page, &count) : fault_set(fault, ERR_FATAL, "no memory");
    for (size_t i = 0; err == OK && i < count && found->count < CHECK_LIMITS_MAX; i++) {
        if (!take_name(page[i].name, &found->rows[found->count].check, found->rows[found->count].class_name) ||
            !text_to_int64(page[i].value, &found->rows[found->count].value))
            continue;
        found->rows[found->count++].from_utc_ms = page[i].valid_from_utc_ms;
    }
    if (err == OK && (found->count != limits->count || memcmp(found->rows, limits->rows, sizeof found->rows) != 0)) {
        *limits = *found;
        *out_changed = true;
    }
    free(page);
    free(found);
    return err;
}

void check_limits_at(const struct check_limits *limits, const char *class_name, int64_t at_utc_ms, int64_t out[CHECK_COUNT])
{
    bool own[CHECK_COUNT] = {false};
    for (int i = 0; i < CHECK_COUNT; i++)
        out[i] = check_table[i].threshold;
    for (int i = 0; i < limits->count; i++) {
        bool of_class = limits->rows[i].class_name[0] != '\0';
        enum check check = limits->rows[i].check;
        if (limits->rows[i].from_utc_ms > at_utc_ms || (of_class && strcmp(limits->rows[i].class_name, class_name) != 0) || (!of_class && own[check]))
            continue;
        out[check] = limits->rows[i].value;
        own[check] |= of_class;
    }
}
