#include "store/sqlite/facts_known.h"
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

struct known *known_create(void)
{
    return calloc(1, sizeof(struct known));
}

void known_forget(struct known *known)
{
    memset(known, 0, sizeof *known);
}

/* Meters are numbered one after the other: a few channels of each fall beside one another. */
static size_t channel_place(int64_t meter_no, int32_t channel)
{
    return ((uint64_t)meter_no * 4 + (uint64_t)channel / 100) % KNOWN_CHANNELS;
}

bool known_channel(const struct known *known, int64_t meter_no, int32_t channel)
{
    size_t at = channel_place(meter_no, channel);
    return known->channels[at].meter_no == meter_no && known->channels[at].channel == channel;
}

void known_put_channel(struct known *known, int64_t meter_no, int32_t channel)
{
    size_t at = channel_place(meter_no, channel);
    known->channels[at].meter_no = meter_no;
    known->channels[at].channel = channel;
}

int64_t known_boot(const struct known *known, int64_t meter_no, const char *boot)
{
    size_t at = (uint64_t)meter_no % KNOWN_BOOTS;
    return known->boots[at].meter_no == meter_no && strcmp(known->boots[at].boot, boot) == 0 ? known->boots[at].boot_no : 0;
}

void known_put_boot(struct known *known, int64_t meter_no, const char *boot, int64_t boot_no)
{
    size_t at = (uint64_t)meter_no % KNOWN_BOOTS;
    known->boots[at].meter_no = meter_no;
    known->boots[at].boot_no = boot_no;
    text_copy(known->boots[at].boot, sizeof known->boots[at].boot, boot);
}
