#include "print/pdf_catalog.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CATALOG_MAX 1024

/* The last place where `word` stands at or behind `from`; a PDF holds NULs, so this is no strstr. */
static const char *last(const struct buf *pdf, const char *from, const char *word)
{
    size_t len = strlen(word), begin = (size_t)(from - pdf->data);
    for (size_t at = pdf->len; at >= begin + len; at--)
        if (memcmp(pdf->data + at - len, word, len) == 0)
            return pdf->data + at - len;
    return NULL;
}

/* The number behind a key of the trailer. */
static bool number_behind(const struct buf *pdf, const char *trailer, const char *key, unsigned long *out)
{
    const char *at = last(pdf, trailer, key);
    char *end;
    if (at == NULL)
        return false;
    *out = strtoul(at + strlen(key), &end, 10);
    return end != at + strlen(key);
}

/* What stands between the outer << and >> of an object; 0 where it is none. */
static size_t inside(const struct buf *pdf, unsigned long number, const char **out)
{
    char begin[40];
    snprintf(begin, sizeof begin, "\n%lu 0 obj\n<<", number);
    const char *at = last(pdf, pdf->data, begin);
    if (at == NULL)
        return 0;
    at += strlen(begin);
    const char *end = at;
    const char *limit = pdf->data + pdf->len - 6;
    while (end < limit && memcmp(end, "endobj", 6) != 0)
        end++;
    while (end > at && (end[-1] == '\n' || end[-1] == ' ' || end == limit))
        end--;
    if (end - at < 2 || end - at > CATALOG_MAX || memcmp(end - 2, ">>", 2) != 0)
        return 0;
    *out = at;
    return (size_t)(end - 2 - at);
}

enum err pdf_catalog_say(struct buf *pdf, const char *language, struct fault *fault)
{
    unsigned long size, root, info, before;
    const char *entries = NULL;
    const char *trailer = pdf->len > 0 ? last(pdf, pdf->data, "trailer") : NULL;
    if (trailer == NULL || !number_behind(pdf, trailer, "/Size", &size) || !number_behind(pdf, trailer, "/Root", &root) ||
        !number_behind(pdf, trailer, "/Info", &info) || !number_behind(pdf, trailer, "startxref", &before))
        return fault_set(fault, ERR_FATAL, "the PDF has no plain trailer");
    size_t len = inside(pdf, root, &entries);
    if (len == 0)
        return fault_set(fault, ERR_FATAL, "the PDF has no plain catalogue");
    struct buf more;
    buf_init(&more, 2 * CATALOG_MAX);
    size_t object = pdf->len;
    buf_printf(&more,
               "%lu 0 obj\n<<%.*s   /Lang (%s)\n   /MarkInfo << /Marked true >>\n   /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n",
               root, (int)len, entries, language);
    size_t table = object + more.len;
    buf_printf(&more,
               "xref\n%lu 1\n%010zu 00000 n \ntrailer\n<< /Size %lu\n   /Root %lu 0 R\n   /Info %lu 0 R\n   /Prev %lu\n>>\nstartxref\n%zu\n%%%%EOF\n",
               root, object, size, root, info, before, table);
    bool good = !more.overflow;
    if (good)
        buf_append(pdf, more.data, more.len);
    buf_finish(&more);
    return good && !pdf->overflow ? OK : fault_set(fault, ERR_RETRY, "memory is out");
}
