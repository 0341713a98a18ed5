#include "energy/verdict.h"
#include <string.h>

const struct verdict_row verdict_table[] = {
    {VERDICT_ACCEPTED, "accepted", VERDICT_AT_DOOR, true, true, "stored, and its energy counts"},
    {VERDICT_REPEATED, "repeated", VERDICT_AT_DOOR, true, true, "all its facts exist already; nothing changed"},
    {VERDICT_BAD_TOPIC, "bad_topic", VERDICT_AT_DOOR, false, false, "the topic names no meter"},
    {VERDICT_TOO_LARGE, "too_large", VERDICT_AT_DOOR, false, false, "the message is over 256 KiB"},
    {VERDICT_BAD_JSON, "bad_json", VERDICT_AT_DOOR, false, false, "the message is not a UTF-8 JSON object"},
    {VERDICT_BAD_TYPE, "bad_type", VERDICT_AT_DOOR, false, false, "a field has another type than protocol.md says"},
    {VERDICT_OUT_OF_RANGE, "out_of_range", VERDICT_AT_DOOR, false, false, "a number lies outside its range"},
    {VERDICT_NO_ENERGY, "no_energy", VERDICT_AT_DOOR, false, false, "no energy register and no interval in it"},
    {VERDICT_MIXED_KINDS, "mixed_kinds", VERDICT_AT_DOOR, false, false, "interval and register of one channel in one reading"},
    {VERDICT_BAD_TIME, "bad_time", VERDICT_AT_DOOR, false, false, "ts is neither RFC 3339 with offset nor epoch milliseconds"},
    {VERDICT_MISSING_TS, "missing_ts", VERDICT_AT_DOOR, false, false, "in a batch of more than one each reading needs ts"},
    {VERDICT_FUTURE, "future", VERDICT_AT_DOOR, false, false, "ts is more than 5 minutes ahead of its receipt"},
    {VERDICT_CLOCK_INVALID, "clock_invalid", VERDICT_AT_DOOR, false, false, "ts before 2000, or the meter says that its clock is not set"},
    {VERDICT_UNKNOWN_METER, "unknown_meter", VERDICT_AT_DOOR, false, false, "no such meter, and it may not register itself"},
    {VERDICT_UNSUPPORTED_VERSION, "unsupported_version", VERDICT_AT_DOOR, false, false, "\"v\" is not 1"},
    {VERDICT_BAD_BATCH, "bad_batch", VERDICT_AT_DOOR, false, false, "readings is not an array of 1 to 1,000 objects"},
    {VERDICT_DUPLICATE_FIELD, "duplicate_field", VERDICT_AT_DOOR, false, false, "a field stands twice, or in two units"},
    {VERDICT_BAD_NAME, "bad_name", VERDICT_AT_DOOR, false, false, "a channel or flag has no such name"},
    {VERDICT_BAD_EVENT, "bad_event", VERDICT_AT_DOOR, false, false, "an event without a known name or with a wrong field"},
    {VERDICT_CONFLICT, "conflict", VERDICT_OVER_NEIGHBOURS, true, false, "another value stands at the same ts and channel"},
    {VERDICT_TRANSIENT, "transient", VERDICT_OVER_NEIGHBOURS, true, false, "the register went back and returned"},
    {VERDICT_ROLLOVER, "rollover", VERDICT_OVER_NEIGHBOURS, true, true, "the register wrapped at its maximum"},
    {VERDICT_RESET, "reset", VERDICT_OVER_NEIGHBOURS, true, true, "the register began anew, unannounced"},
    {VERDICT_IMPLAUSIBLE, "implausible", VERDICT_OVER_NEIGHBOURS, true, false, "more than the service can carry, and it did not stay"},
    {VERDICT_CATCH_UP, "catch_up", VERDICT_OVER_NEIGHBOURS, true, true, "more than the service can carry, and it stayed"},
    {VERDICT_SENTINEL, "sentinel", VERDICT_OVER_NEIGHBOURS, true, false, "all-ones of 16, 24 or 32 bits, away from its neighbours"},
    {VERDICT_TEST, "test", VERDICT_OVER_NEIGHBOURS, true, false, "flagged as a test: kept, never energy"},
    {VERDICT_CHOSEN, "chosen", VERDICT_OVER_NEIGHBOURS, true, true, "an operator decided that it counts"},
    {VERDICT_SET_ASIDE, "set_aside", VERDICT_OVER_NEIGHBOURS, true, false, "an operator decided that it does not count"},
};
const int verdict_count = (int)(sizeof verdict_table / sizeof verdict_table[0]);

int verdict_index(enum verdict verdict)
{
    for (int i = 0; i < verdict_count; i++)
        if (verdict_table[i].verdict == verdict)
            return i;
    return -1;
}

const char *verdict_name(enum verdict verdict)
{
    int i = verdict_index(verdict);
    return i < 0 ? "unknown_verdict" : verdict_table[i].name;
}

bool verdict_refused(enum verdict verdict)
{
    int i = verdict_index(verdict);
    return i >= 0 && verdict_table[i].place == VERDICT_AT_DOOR && !verdict_table[i].stored;
}

bool verdict_parse(const char *name, enum verdict *out)
{
    for (int i = 0; i < verdict_count; i++) {
        if (strcmp(verdict_table[i].name, name) == 0) {
            *out = verdict_table[i].verdict;
            return true;
        }
    }
    return false;
}
