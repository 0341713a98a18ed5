/*
 * Topics of protocol.md, parsed. Pure.
 */
#ifndef WIRE_TOPIC_H
#define WIRE_TOPIC_H

#include <stddef.h>
#include "energy/reading.h"

enum topic_kind { TOPIC_UNKNOWN, TOPIC_READINGS, TOPIC_STATUS, TOPIC_EVENTS, TOPIC_PROVISION, TOPIC_DROPPED };

struct topic {
    enum topic_kind kind;
    char name[METER_ID_SIZE]; /* meter id, or the nonce of a provision request */
};

/*
 * "meters/<id>/readings|status|events", "provision/requests/<nonce>", "$SYS/broker/publish/messages/dropped". TOPIC_UNKNOWN for anything else, a
 * name outside 1 to 64 of A-Z a-z 0-9 . _ -, or a NUL inside.
 */
void topic_parse(const char *topic, size_t len, struct topic *out);

#endif
