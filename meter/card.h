/*
 * Who a meter is, kept in DIR/identity.json (mode 0600): its serial number, and its name and login
 * once it has them.
 */
#ifndef METER_CARD_H
#define METER_CARD_H

#include "wire/device_json.h"

/*
 * Reads the card, or begins one with this serial ("": a made-up one) and keeps it at once, so that
 * the same device asks again after a kill in between. ERR_CONFLICT when the card has another
 * serial.
 */
enum err card_load(const char *dir, const char *serial, struct fault *fault, struct device_card *out);

enum err card_save(const char *dir, const struct device_card *card, struct fault *fault);

#endif
