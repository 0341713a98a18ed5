#include "meter/defect.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "meter/household_day.h"

static const struct {
    const char *name;
    enum defect defect;
} names[] = {{"duplicate", DEFECT_DUPLICATE}, {"reorder", DEFECT_REORDER}, {"skew", DEFECT_SKEW},           {"rollover", DEFECT_ROLLOVER},
             {"silence", DEFECT_SILENCE},     {"corrupt", DEFECT_CORRUPT}, {"transient", DEFECT_TRANSIENT}, {"exchange", DEFECT_EXCHANGE}};

static unsigned find(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == len && memcmp(names[i].name, name, len) == 0)
            return names[i].defect;
    return 0;
}

enum err defects_parse(const char *text, struct fault *fault, unsigned *out)
{
    unsigned defects = 0;
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, ",");
        unsigned one = find(at, len);
        if (one == 0)
            return fault_set(fault, ERR_INVALID,
                             "fault %.*s: duplicate, reorder, skew, rollover, silence, corrupt, "
                             "transient and exchange are known",
                             (int)(len < 40 ? len : 40), at);
        defects |= one;
        at += len;
        at += *at == ',';
    }
    *out = defects;
    return OK;
}

bool defect_afflicts(const struct defect_plan *plan, uint64_t key, int64_t permille)
{
    return plan->defects != 0 && (int64_t)(household_hash(key, (int64_t)plan->seed, 0xa111) % 1000) < permille;
}

void defect_init(struct defect_meter *meter, const struct defect_plan *plan, uint64_t key)
{
    *meter = (struct defect_meter){.plan = plan, .key = household_hash(key, (int64_t)plan->seed, 0xdefec7), .last_true_wh = -1};
    for (int i = 0; i < DEFECT_HELD_MAX; i++)
        buf_init(&meter->held[i], DEFECT_MESSAGE_MAX);
}

void defect_finish(struct defect_meter *meter)
{
    for (int i = 0; i < DEFECT_HELD_MAX; i++)
        buf_finish(&meter->held[i]);
}

/* Once in every_s the meter falls silent, at a moment of its own. */
bool defect_is_silent(const struct defect_meter *meter, int64_t utc_ms)
{
    const struct defect_plan *plan = meter->plan;
    if ((plan->defects & DEFECT_SILENCE) == 0)
        return false;
    int64_t every_ms = plan->every_s * MS_PER_S, silence_ms = plan->silence_s * MS_PER_S;
    int64_t slot = utc_ms / every_ms;
    uint64_t bits = household_hash(meter->key, slot, 0x511e);
    int64_t from_ms = (int64_t)(bits % (uint64_t)(every_ms - silence_ms + 1));
    int64_t at_ms = utc_ms - slot * every_ms;
    return at_ms >= from_ms && at_ms < from_ms + silence_ms;
}

int64_t defect_transient(const struct defect_meter *meter, const struct reading *reading, int64_t shown_wh)
{
    enum { OF = 16 };
    int64_t n = reading->has_seq ? reading->seq : reading->ts_utc_ms / meter->plan->interval_ms;
    uint64_t bits = household_hash(meter->key, n / OF, 0x7a);
    if ((meter->plan->defects & DEFECT_TRANSIENT) == 0 || n % OF != 1 + (int64_t)(bits % (OF - 2)))
        return shown_wh; /* neither the first nor the last of sixteen: never two in a row */
    bits >>= 16;
    return bits % 2 == 0 ? 0 : (int64_t)((bits >> 1) % (uint64_t)(shown_wh / 2 + 1));
}

void defect_show(const struct defect_meter *meter, struct reading *reading)
{
    for (int i = 0; i < reading->channel_count; i++) {
        struct channel_value *c = &reading->channels[i];
        if (c->channel == OBIS_IMPORT)
            c->value_wh = defect_transient(meter, reading, defect_register(meter, c->value_wh));
    }
    if (meter->plan->defects & DEFECT_SKEW)
        reading->ts_utc_ms += meter->plan->skew_s * MS_PER_S;
}
