/* parse: topic and payload → what was said. */
#include <stdlib.h>
#include <string.h>
#include "ingestor/context.h"

struct parsing {
    struct pipeline *pipeline;
    struct origin *origin;
    bool unknown; /* a good reading of a name that nobody registered was among them */
};

static void one_reading(const struct parsed_reading *parsed, void *arg)
{
    struct parsing *parsing = arg;
    if (parsing->pipeline->err == OK)
        parsing->unknown |= judge_reading(parsing->pipeline, parsing->origin, parsed);
}

static void parse_readings(struct pipeline *pipeline, struct origin *origin)
{
    struct parsing parsing = {.pipeline = pipeline, .origin = origin};
    readings_parse(origin->payload, origin->payload_len, one_reading, &parsing);
    if (parsing.unknown)
        store_unclaimed(pipeline, origin);
}

static void parse_status(struct pipeline *pipeline, struct origin *origin)
{
    struct status_message status;
    char detail[160] = "";
    if (origin->payload_len == 0) /* somebody cleared the retained message */
        return;
    enum verdict verdict = status_parse(origin->payload, origin->payload_len, &status, detail);
    if (verdict == VERDICT_ACCEPTED && !origin->point)
        verdict = VERDICT_UNKNOWN_METER;
    if (verdict == VERDICT_ACCEPTED)
        store_status(pipeline, origin, &status);
    else
        store_refusal(pipeline, origin, verdict, detail, NULL, false);
}

static void parse_event(struct pipeline *pipeline, struct origin *origin)
{
    struct event_message event;
    char detail[160] = "";
    enum verdict verdict = event_parse(origin->payload, origin->payload_len, &event, detail);
    if (verdict == VERDICT_ACCEPTED && !origin->point) { /* it is judged once its name is registered, as readings are */
        store_unclaimed(pipeline, origin);
        verdict = VERDICT_UNKNOWN_METER;
    }
    if (verdict == VERDICT_ACCEPTED)
        store_event(pipeline, origin, &event);
    else
        store_refusal(pipeline, origin, verdict, detail, NULL, false);
}

/* $SYS/…/dropped carries a plain number. */
static void parse_dropped(struct pipeline *pipeline, const struct message *message)
{
    char text[24] = "";
    size_t len = message->payload_len < sizeof text - 1 ? message->payload_len : sizeof text - 1;
    memcpy(text, message->payload, len);
    pipeline->dropped_messages = strtoll(text, NULL, 10);
}

/* A status or an event registers nobody, but its meter may have been registered a moment ago. */
static void look_up(struct pipeline *pipeline, struct origin *origin)
{
    struct fault fault = {0};
    if (origin->point)
        return;
    enum err err = points_look_up(pipeline->points, origin->meter_id, &fault, &origin->point);
    if (err == ERR_RETRY || err == ERR_UNCERTAIN || err == ERR_FATAL)
        store_failed(pipeline, err, &fault);
}

void parse_message(struct pipeline *pipeline, const struct message *message)
{
    struct topic topic;
    topic_parse(message->topic, message->topic_len, &topic);
    struct origin origin = {.point = topic.name[0] ? points_by_id(pipeline->points, topic.name) : NULL,
                            .meter_id = topic.name,
                            .received_utc_ms = message->received_utc_ms,
                            .payload = message->payload,
                            .payload_len = message->payload_len};
    pipeline->tally.messages++;
    pipeline->last_received_ms = message->received_utc_ms;
    switch (topic.kind) {
    case TOPIC_READINGS:
        parse_readings(pipeline, &origin);
        break;
    case TOPIC_STATUS:
        look_up(pipeline, &origin);
        parse_status(pipeline, &origin);
        break;
    case TOPIC_EVENTS:
        look_up(pipeline, &origin);
        parse_event(pipeline, &origin);
        break;
    case TOPIC_PROVISION:
        provision_request(pipeline, topic.name, message);
        break;
    case TOPIC_DROPPED:
        parse_dropped(pipeline, message);
        break;
    case TOPIC_UNKNOWN:
        store_refusal(pipeline, &origin, VERDICT_BAD_TOPIC, "a meter is named by 1 to 64 of A-Z a-z 0-9 . _ -", NULL, true);
        break;
    }
}
