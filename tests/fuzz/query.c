/* The query of an HTTP request. */
#include <string.h>
#include "api/query.h"
#include "tests/fuzz/fuzz.h"

static struct zone *paris(void)
{
    static unsigned char bytes[65536];
    static struct zone *zone;
    if (zone)
        return zone;
    FILE *file = fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
    must(file);
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    must(zone_create("Europe/Paris", bytes, len, NULL, &zone) == OK);
    return zone;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char raw[4096];
    struct query query;
    struct fault fault = {0};
    size_t len = size < sizeof raw - 1 ? size : sizeof raw - 1;
    memcpy(raw, data, len);
    raw[len] = '\0';
    if (param_parse(raw, "from to limit cursor bucket state search meter_id", &fault, &query) != OK) {
        must(fault.text[0]);
        return 0;
    }
    must(query.count >= 0 && query.count <= QUERY_PARAMS_MAX);
    int64_t number = 7, instant = 7;
    const char *name = NULL;
    if (param_int(&query, "limit", 1, 1000, 100, NULL, &number) == OK)
        must(number >= 1 && number <= 1000);
    else
        must(number == 7);
    if (param_name(&query, "meter_id", NULL, &name) == OK && name)
        must(strlen(name) >= 1 && strlen(name) <= 64);
    if (param_instant(&query, "from", paris(), NULL, &instant) != OK || !param_get(&query, "from"))
        must(instant == 7);
    return 0;
}
