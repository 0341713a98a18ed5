#include "energy/reading.h"
#include <string.h>

static const struct {
    unsigned bit;
    const char *name;
} flag_table[] = {
    {FLAG_POWER_FAIL, "power_fail"}, {FLAG_CLOCK_INVALID, "clock_invalid"}, {FLAG_TAMPER, "tamper"},           {FLAG_TEST, "test"},
    {FLAG_ESTIMATED, "estimated"},   {FLAG_SUBSTITUTED, "substituted"},     {FLAG_SERVER_TIME, "server_time"},
};
#define FLAG_COUNT (sizeof flag_table / sizeof flag_table[0])

const char *reading_flag_name(unsigned bit)
{
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (flag_table[i].bit == bit)
            return flag_table[i].name;
    return NULL;
}

unsigned reading_flag_parse(const char *name)
{
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (strcmp(flag_table[i].name, name) == 0)
            return flag_table[i].bit;
    return 0;
}

bool reading_value(const struct reading *reading, int32_t channel, int64_t *out_wh)
{
    for (int i = 0; i < reading->channel_count; i++) {
        if (reading->channels[i].channel == channel) {
            *out_wh = reading->channels[i].value_wh;
            return true;
        }
    }
    return false;
}
