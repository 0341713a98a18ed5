#include "api/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "wire/json_out.h"

bool page_limit(struct exchange *x, size_t *out)
{
    struct fault fault = {0};
    int64_t limit;
    if (param_int(&x->query, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &fault, &limit) != OK) {
        problem_input(x, &fault);
        return false;
    }
    *out = (size_t)limit;
    return true;
}

bool page_cursor(struct exchange *x, int64_t *out_number, const char **out_text)
{
    struct fault fault = {0};
    const char *cursor = param_get(&x->query, "cursor");
    *out_text = NULL;
    if (cursor == NULL)
        return true;
    char *end;
    errno = 0;
    long long number = strtoll(cursor, &end, 10);
    if (end == cursor || *end != '.' || end[1] == '\0' || errno != 0) {
        param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
        problem_input(x, &fault);
        return false;
    }
    *out_number = number;
    *out_text = end + 1;
    return true;
}

void page_end(struct exchange *x, const char *next_cursor)
{
    out_end_array(x->out);
    out_text(x->out, "next_cursor", next_cursor);
    out_end_object(x->out);
}
