/*
 * Commands to meters: a part of the records (records.h, whose contract holds here too). The API and `qw` queue them, the ingestor publishes them and
 * writes down what the meter answers; those that the ingestor itself asks for (a hole in a sequence) stand among them, said by "ingestor".
 */
#ifndef STORE_RECORDS_COMMAND_H
#define STORE_RECORDS_COMMAND_H

#include "store/records.h"

#define COMMAND_PARAMS_SIZE 401
#define COMMAND_DETAIL_SIZE 161
#define COMMANDS_QUEUED_MAX 10000 /* of all meters; ERR_LIMIT beyond */

/* Stored: never renumber. Expired is no state of its own: queued or sent beyond its time. */
enum command_state { COMMAND_QUEUED = 0, COMMAND_SENT = 1, COMMAND_DONE = 2, COMMAND_REFUSED = 3 };

struct command_record {
    int64_t command_no; /* set by the store */
    char command_id[RECORD_ID_SIZE];
    int64_t meter_no;
    char meter_id[RECORD_ID_SIZE];    /* read only */
    char name[RECORD_ID_SIZE];        /* "resend", "set_interval" */
    char params[COMMAND_PARAMS_SIZE]; /* the command's own members as a JSON object */
    char by[RECORD_ID_SIZE];          /* set by the store */
    int64_t created_utc_ms;           /* set by the store */
    int64_t expires_utc_ms;
    enum command_state state;
    int64_t sent_utc_ms;              /* 0: not yet */
    int64_t answered_utc_ms;          /* 0: not yet */
    char detail[COMMAND_DETAIL_SIZE]; /* what the meter said of it */
    int64_t revision;                 /* read only */
};

/* "queued", "sent", "done", "refused", or "expired" where its time is over without an answer. */
const char *command_state_name(const struct command_record *command, int64_t now_utc_ms);

/* Queued, or with `state` COMMAND_SENT as sent already. One that the ingestor asks for leaves no audit row. ERR_LIMIT: too many wait. */
enum err records_command_add(struct records *records, const struct actor *actor, const struct command_record *command, struct fault *fault);
/* Queued ones, oldest first. */
enum err records_command_poll(struct records *records, size_t limit, struct fault *fault, struct command_record *out, size_t *out_count);
/* Repeating is harmless. */
enum err records_command_sent(struct records *records, int64_t command_no, int64_t at_utc_ms, struct fault *fault);
/* The first answer stays; one to a command that is not known, or not of this meter, changes nothing. */
enum err records_command_answer(struct records *records, int64_t meter_no, const char *command_id, bool done, const char *detail, int64_t at_utc_ms,
                                struct fault *fault);
/* Newest first, those before `before_no` (0: from the newest); meter_no 0: of all meters. */
enum err records_command_list(struct records *records, int64_t meter_no, int64_t before_no, size_t limit, struct fault *fault,
                              struct command_record *out, size_t *out_count);
enum err records_command_by_id(struct records *records, int64_t meter_no, const char *command_id, struct fault *fault, struct command_record *out);
/* Those that ended before an instant go. */
enum err records_command_prune(struct records *records, int64_t before_utc_ms, struct fault *fault);

#endif
