/* Published tariffs that somebody takes in: a rate of URDB, and Brazil's three sources, apart by a byte 30. What comes out is a tariff. */
#include <string.h>
#include "tests/fuzz/fuzz.h"
#include "wire/import_br.h"
#include "wire/import_urdb.h"
#include "wire/tariff_json.h"

static void hold(const struct buf *document)
{
    struct fault fault = {0};
    struct tariff *tariff = NULL;
    must(!document->overflow);
    if (tariff_parse(document->data, document->len, &fault, &tariff) == OK)
        tariff_destroy(tariff);
    else
        must(fault.text[0]);
}

static enum err each(const char *tariff_id, const struct buf *document, void *arg)
{
    (void)arg;
    must(tariff_id[0]);
    hold(document);
    return OK;
}

static const char *cut(const char **at, const char *end, size_t *out_len)
{
    const char *start = *at, *stop = memchr(start, 30, (size_t)(end - start));
    *out_len = (size_t)((stop ? stop : end) - start);
    *at = stop ? stop + 1 : end;
    return start;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *at = (const char *)data, *end = at + size;
    struct br_source source = {0};
    struct fault fault = {0};
    struct buf out;
    buf_init(&out, 1 << 24);
    if (urdb_import(at, size, NULL, &fault, &out) == OK)
        hold(&out);
    else
        must(fault.text[0]);
    buf_finish(&out);
    source.tariffs = cut(&at, end, &source.tariffs_len);
    source.flags = cut(&at, end, &source.flags_len);
    if (at < end)
        source.branca = cut(&at, end, &source.branca_len);
    fault.text[0] = '\0';
    must(br_import(&source, each, NULL, &fault) == OK || fault.text[0]);
    return 0;
}
