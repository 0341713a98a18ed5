#include "api/gather.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "wire/json_out.h"

void gather_init(struct gather *gather, size_t limit)
{
    memset(gather, 0, sizeof *gather);
    gather->limit = limit;
}

void gather_finish(struct gather *gather)
{
    for (size_t i = 0; i < gather->count; i++)
        free(gather->items[i].document);
    free(gather->items);
    gather->items = NULL;
    gather->count = 0;
}

static int newest_first(const void *left, const void *right)
{
    const struct gather_item *a = left, *b = right;
    if (a->number != b->number)
        return a->number < b->number ? 1 : -1;
    return -strcmp(a->text, b->text);
}

/* Keeps what the page needs: with many lists the rest would only grow. */
static void cut(struct gather *gather)
{
    qsort(gather->items, gather->count, sizeof *gather->items, newest_first);
    while (gather->count > gather->limit + 1)
        free(gather->items[--gather->count].document);
}

void gather_add(struct gather *gather, int64_t number, const char *text, const char *document)
{
    if (gather->count == gather->room && gather->count > 2 * gather->limit + 2)
        cut(gather);
    if (gather->count == gather->room) {
        size_t room = gather->room == 0 ? 64 : 2 * gather->room;
        struct gather_item *items = realloc(gather->items, room * sizeof *items);
        if (items == NULL) {
            gather->failed = true;
            return;
        }
        gather->items = items;
        gather->room = room;
    }
    struct gather_item *item = &gather->items[gather->count];
    item->number = number;
    text_copy(item->text, sizeof item->text, text);
    item->document = strdup(document);
    if (item->document == NULL)
        gather->failed = true;
    else
        gather->count++;
}

/* Does it come after (newest first) the other? */
static bool lies_behind(int64_t number, const char *text, int64_t other_number, const char *other_text)
{
    return number < other_number || (number == other_number && strcmp(text, other_text) < 0);
}

void gather_end(struct gather *gather, int64_t number, const char *text)
{
    if (gather->ends && !lies_behind(gather->end_number, gather->end_text, number, text))
        return;
    gather->ends = true;
    gather->end_number = number;
    text_copy(gather->end_text, sizeof gather->end_text, text);
}

bool gather_write(struct gather *gather, struct buf *out, char next[GATHER_CURSOR_SIZE])
{
    if (gather->count > 0)
        cut(gather);
    size_t within = gather->count;
    while (gather->ends && within > 0 &&
           lies_behind(gather->items[within - 1].number, gather->items[within - 1].text, gather->end_number, gather->end_text))
        within--;
    size_t shown = within < gather->limit ? within : gather->limit;
    for (size_t i = 0; i < shown; i++)
        out_raw(out, NULL, gather->items[i].document);
    if (within > gather->limit)
        snprintf(next, GATHER_CURSOR_SIZE, "%" PRId64 ".%s", gather->items[shown - 1].number, gather->items[shown - 1].text);
    else if (gather->ends)
        snprintf(next, GATHER_CURSOR_SIZE, "%" PRId64 ".%s", gather->end_number, gather->end_text);
    return within > gather->limit || gather->ends;
}
