#include "ingestor/import.h"
#include <stdio.h>
#include <string.h>
#include "energy/verdict.h"
#include "wire/reading_json.h"

static int64_t refused_in(const struct tally *before, const struct tally *after, char *detail, size_t size)
{
    int64_t all = 0;
    size_t used = 0;
    for (int i = 0; i < verdict_count; i++) {
        int64_t count = after->refused[i] - before->refused[i];
        all += count;
        if (count > 0 && used < size)
            used +=
                (size_t)snprintf(detail + used, size - used, "%s%lld %s", used ? ", " : "", (long long)count, verdict_name(verdict_table[i].verdict));
    }
    return all;
}

enum err import_take(struct pipeline *pipeline, struct imported *out, struct fault *fault)
{
    struct import_chunk chunk = {0};
    struct buf payload;
    enum err err = OK;
    buf_init(&payload, PAYLOAD_MAX + 1);
    out->count = 0;
    while (err == OK && pipeline->err == OK && out->count < IMPORT_CHUNKS) {
        char topic[96];
        struct tally before = pipeline->tally;
        buf_reset(&payload);
        err = records_import_next(pipeline->parts.records, chunk.chunk_no, fault, &chunk, &payload);
        if (err != OK)
            break;
        snprintf(topic, sizeof topic, "meters/%s/readings", chunk.meter_id);
        struct message message = {
            .topic = topic, .topic_len = strlen(topic), .payload = payload.data, .payload_len = payload.len, .received_utc_ms = pipeline->now_utc_ms};
        parse_message(pipeline, &message);
        int at = out->count++;
        out->chunks[at].chunk_no = chunk.chunk_no;
        out->chunks[at].accepted = pipeline->tally.accepted - before.accepted;
        out->chunks[at].repeated = pipeline->tally.repeated - before.repeated;
        out->chunks[at].detail[0] = '\0';
        out->chunks[at].refused = refused_in(&before, &pipeline->tally, out->chunks[at].detail, sizeof out->chunks[at].detail);
    }
    buf_finish(&payload);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err import_done(struct pipeline *pipeline, const struct imported *done, struct fault *fault)
{
    enum err err = OK;
    for (int i = 0; i < done->count && err == OK; i++)
        err = records_import_done(pipeline->parts.records, done->chunks[i].chunk_no, done->chunks[i].accepted, done->chunks[i].repeated,
                                  done->chunks[i].refused, done->chunks[i].detail, fault);
    return err;
}
