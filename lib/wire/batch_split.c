#include "wire/batch_split.h"
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_blanks(const char *text, size_t len, size_t at)
{
    while (at < len && is_blank(text[at]))
        at++;
    return at;
}

/* `at` stands on an opening quote: what follows the closing one. */
static size_t skip_string(const char *text, size_t len, size_t at)
{
    for (at++; at < len && text[at] != '"'; at++)
        if (text[at] == '\\')
            at++;
    return at < len ? at + 1 : len;
}

/* Where the array "readings" of the outer object opens; len when nowhere. */
static size_t find_readings(const char *text, size_t len)
{
    static const char key[] = "\"readings\"";
    int depth = 0;
    for (size_t at = 0; at < len;) {
        char c = text[at];
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (c != '"') {
            at++;
            continue;
        }
        size_t after = skip_string(text, len, at);
        bool named = depth == 1 && after - at == sizeof key - 1 && memcmp(text + at, key, sizeof key - 1) == 0;
        at = after;
        if (!named)
            continue;
        size_t colon = skip_blanks(text, len, at);
        if (colon == len || text[colon] != ':')
            continue;
        size_t opens = skip_blanks(text, len, colon + 1);
        return opens < len && text[opens] == '[' ? opens : len;
    }
    return len;
}

static void add_part(const char *text, size_t from, size_t until, struct batch_part *parts, size_t max, size_t *count)
{
    while (until > from && is_blank(text[until - 1]))
        until--;
    if (*count < max)
        parts[*count] = (struct batch_part){text + from, until - from};
    (*count)++;
}

bool batch_split(const char *text, size_t len, struct batch_part *parts, size_t max, size_t *out_count, struct buf *out_outer)
{
    size_t opens = find_readings(text, len), count = 0;
    size_t from = skip_blanks(text, len, opens + 1), at = from;
    int depth = 0;
    while (at < len && !(depth == 0 && text[at] == ']')) {
        char c = text[at];
        if (c == '"') {
            at = skip_string(text, len, at);
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        at++;
        if (c == ',' && depth == 0) {
            add_part(text, from, at - 1, parts, max, &count);
            from = at = skip_blanks(text, len, at);
        }
    }
    if (at >= len)
        return false;
    if (at > from || count > 0)
        add_part(text, from, at, parts, max, &count);
    buf_append(out_outer, text, opens + 1);
    buf_append(out_outer, text + at, len - at);
    *out_count = count;
    return true;
}
