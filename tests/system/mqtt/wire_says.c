/*
 * What lib/wire and lib/energy say, for the tests of the documents in docs/, beside this file.
 *
 *   wire_says verdicts   reads lines "KIND PATH" (reading, status, event, provision_request); prints KIND TAB PATH TAB the verdicts of its
 *                        readings, or its one, by commas, TAB "whole" or "partial" for an exchange, "-" otherwise
 *   wire_says samples    prints SCHEMA TAB JSON: everything that the programs write, by their writers
 *   wire_says topics     reads topics, one a line; prints TOPIC TAB readings | status | events | provision | dropped | unknown
 *   wire_says names      prints LIST TAB NAME: every name that a payload may hold
 *
 * Exit 1 when something could not be read or written.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "energy/alert.h"
#include "energy/bill.h"
#include "tests/system/mqtt/wire_samples.h"
#include "wire/message_json.h"
#include "wire/reading_json.h"
#include "wire/topic.h"

#define FILE_MAX (1 << 20)

static char payload[FILE_MAX];

static bool read_file(const char *path, size_t *out_len)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    *out_len = fread(payload, 1, sizeof payload, file);
    bool whole = !ferror(file) && *out_len < sizeof payload;
    fclose(file);
    return whole;
}

static void one_reading(const struct parsed_reading *parsed, void *arg)
{
    int *count = arg;
    printf("%s%s", (*count)++ ? "," : "", verdict_name(parsed->verdict));
}

static bool say_verdict(const char *kind, size_t len)
{
    char detail[160] = "";
    const char *exchange = "-";
    int count = 0;
    if (strcmp(kind, "reading") == 0) {
        readings_parse(payload, len, one_reading, &count);
    } else if (strcmp(kind, "status") == 0) {
        struct status_message status;
        fputs(verdict_name(status_parse(payload, len, &status, detail)), stdout);
    } else if (strcmp(kind, "event") == 0) {
        struct event_message event;
        struct exchange_message registers;
        enum verdict verdict = event_parse(payload, len, &event, detail);
        if (verdict == VERDICT_ACCEPTED && strcmp(event.event, "exchange") == 0)
            exchange = exchange_parse(payload, len, &registers) ? "whole" : "partial";
        fputs(verdict_name(verdict), stdout);
    } else if (strcmp(kind, "provision_request") == 0) {
        struct provision_request request;
        fputs(verdict_name(provision_parse(payload, len, &request, detail)), stdout);
    } else {
        return false;
    }
    printf("\t%s\n", exchange);
    return true;
}

static bool say_verdicts(void)
{
    char line[4200], kind[32], path[4096];
    size_t len;
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%31s %4095[^\n]", kind, path) != 2 || !read_file(path, &len))
            return false;
        printf("%s\t%s\t", kind, path);
        if (!say_verdict(kind, len))
            return false;
    }
    return true;
}

static bool say_topics(void)
{
    static const char *const names[] = {[TOPIC_UNKNOWN] = "unknown", [TOPIC_READINGS] = "readings",   [TOPIC_STATUS] = "status",
                                        [TOPIC_EVENTS] = "events",   [TOPIC_PROVISION] = "provision", [TOPIC_DROPPED] = "dropped"};
    char line[4200];
    while (fgets(line, sizeof line, stdin)) {
        struct topic topic;
        size_t len = strcspn(line, "\n");
        topic_parse(line, len, &topic);
        printf("%.*s\t%s\n", (int)len, line, names[topic.kind]);
    }
    return true;
}

/* One topic per subject of an alert, as the ingestor would name it. */
static void alert_topics(void)
{
    for (enum alert_subject subject = SUBJECT_METER; subject <= SUBJECT_SYSTEM; subject++) {
        char topic[ALERT_TOPIC_SIZE];
        struct alert alert = {.subject = subject, .kind = ALERT_TAMPER, .subject_id = "ID"};
        alert_topic(&alert, topic);
        printf("alert_topic\t%s\n", topic);
    }
}

static bool say_names(void)
{
    for (int i = 0; i < verdict_count; i++)
        if (verdict_refused(verdict_table[i].verdict))
            printf("refused\t%s\n", verdict_table[i].name);
    for (int i = 0; i < alert_kind_count; i++)
        printf("alert_kind\t%s\nalert_unit\t%s\n", alert_kind_table[i].name, alert_kind_table[i].unit);
    for (enum alert_severity severity = SEVERITY_INFO; severity <= SEVERITY_CRITICAL; severity++)
        printf("alert_severity\t%s\n", alert_severity_name(severity));
    for (enum alert_state state = ALERT_ACTIVE; state <= ALERT_RESOLVED; state++)
        printf("alert_state\t%s\n", alert_state_name(state));
    for (enum bill_state state = BILL_OPEN; state <= BILL_ADJUSTED; state++)
        printf("bill_state\t%s\n", bill_state_name(state));
    for (enum quality quality = QUALITY_MISSING; quality <= QUALITY_EDITED; quality++)
        printf("quality\t%s\n", quality_name(quality));
    for (unsigned bit = FLAG_POWER_FAIL; bit <= FLAG_SUBSTITUTED; bit <<= 1)
        printf("flag\t%s\n", reading_flag_name(bit));
    alert_topics();
    return true;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        bool (*say)(void);
    } modes[] = {{"verdicts", say_verdicts}, {"samples", samples_print}, {"topics", say_topics}, {"names", say_names}};
    for (size_t i = 0; argc == 2 && i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(argv[1], modes[i].name) == 0)
            return modes[i].say() && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    fputs("wire_says verdicts | samples | topics | names\n", stderr);
    return EXIT_FAILURE;
}
