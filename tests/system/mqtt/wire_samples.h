/* Samples of everything that the programs write on MQTT, made by their own writers. */
#ifndef TESTS_SYSTEM_MQTT_WIRE_SAMPLES_H
#define TESTS_SYSTEM_MQTT_WIRE_SAMPLES_H

/* Prints lines of SCHEMA TAB JSON, the schema as docs/schemas names its file. False when something could not be written. */
bool samples_print(void);

#endif
