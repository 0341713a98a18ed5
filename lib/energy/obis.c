#include "energy/obis.h"
#include <stdio.h>

/* One part of a code: 0 … 99 without leading zeros. Returns what follows it, or NULL. */
static const char *parse_part(const char *text, int32_t *out)
{
    if (text[0] < '0' || text[0] > '9')
        return NULL;
    int32_t value = text[0] - '0';
    if (text[1] >= '0' && text[1] <= '9') {
        if (value == 0)
            return NULL;
        *out = value * 10 + (text[1] - '0');
        return text + 2;
    }
    *out = value;
    return text + 1;
}

bool obis_parse(const char *text, int32_t *out)
{
    int32_t part[3];
    for (int i = 0; i < 3; i++) {
        text = parse_part(text, &part[i]);
        if (!text || *text != (i < 2 ? '.' : '\0'))
            return false;
        text++;
    }
    if (part[0] == 0)
        return false;
    *out = OBIS(part[0], part[1], part[2]);
    return true;
}

void obis_format(int32_t channel, char out[OBIS_TEXT_SIZE])
{
    snprintf(out, OBIS_TEXT_SIZE, "%d.%d.%d", channel / 10000 % 100, channel / 100 % 100, channel % 100);
}

int32_t obis_total(int32_t channel)
{
    int32_t quantity = channel / 10000, kind = channel / 100 % 100, tariff = channel % 100;
    return quantity >= 1 && quantity <= 4 && kind == 8 && tariff > 0 ? channel - tariff : 0;
}
