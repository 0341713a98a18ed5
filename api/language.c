#include "api/language.h"
#include <stdlib.h>
#include <string.h>

/* "q=0.8" of a range's parameters, in thousandths; 1,000 where it says nothing, 0 where it is broken. */
static int weight_of(const char *parameters, size_t len)
{
    size_t at = 0;
    while (at < len && (parameters[at] == ' ' || parameters[at] == '\t' || parameters[at] == ';'))
        at++;
    if (at == len)
        return 1000;
    if (len - at < 3 || (parameters[at] != 'q' && parameters[at] != 'Q') || parameters[at + 1] != '=')
        return 0;
    int weight = 0, unit = 1000;
    for (at += 2; at < len && unit > 0; at++) {
        if (parameters[at] == '.')
            continue;
        if (parameters[at] < '0' || parameters[at] > '9')
            break;
        weight += (parameters[at] - '0') * unit;
        unit /= 10;
    }
    return weight > 1000 ? 0 : weight;
}

bool language_accepted(const char *header, enum tongue *out)
{
    int best = 0;
    for (const char *at = header; *at != '\0';) {
        at += strspn(at, " \t,");
        size_t len = strcspn(at, ","), tag = strcspn(at, ";, \t");
        enum tongue tongue;
        int weight = tongue_parse(at, tag, &tongue) ? weight_of(at + tag, len - tag) : 0;
        if (weight > best) {
            best = weight;
            *out = tongue;
        }
        at += len;
    }
    return best > 0;
}

bool language_of(struct exchange *x, const char *customer, enum tongue *out)
{
    struct fault fault = {0};
    char value[RECORD_SETTING_SIZE];
    const char *asked = param_get(&x->query, "lang"), *header = http_request_header(x->request, "Accept-Language");
    *out = TONGUE_PT_BR;
    if (asked != NULL) {
        if (strcmp(asked, "pt-BR") == 0 || strcmp(asked, "en") == 0)
            return tongue_parse(asked, strlen(asked), out);
        param_fault(&fault, "lang", "One of pt-BR, en is expected.");
        problem_input(x, &fault);
        return false;
    }
    if ((header != NULL && language_accepted(header, out)) || tongue_parse(customer, strlen(customer), out))
        return true;
    if (records_setting_get(x->server->records, "default_language", x->now_utc_ms, NULL, value) == OK)
        tongue_parse(value, strlen(value), out);
    return true;
}
