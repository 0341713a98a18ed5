/*
 * Asking for an identity (protocol.md, onboarding): with the claim login and a random nonce as
 * client id, so that nobody else can read the answer.
 */
#ifndef METER_PROVISION_H
#define METER_PROVISION_H

#include "daemon/files.h"
#include "meter/options.h"
#include "wire/device_json.h"

/*
 * Asks, and asks again with back-off (10 s doubling to 60 s), until an answer comes or the program
 * is to stop (ERR_RETRY). ERR_CONFLICT with their words when the other side refuses.
 */
enum err provision_ask(const struct options *options, const char *serial, struct fault *fault, struct device_identity *out);

/*
 * Who this meter is and its password: what the settings say, else what DIR/identity.json keeps,
 * else what is asked for and kept then. ERR_INVALID: a mistake in the settings; else as
 * provision_ask.
 */
enum err provision_identity(const struct options *options, struct fault *fault, struct device_card *card, char password[SECRET_SIZE]);

#endif
