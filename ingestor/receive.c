#include "ingestor/receive.h"
#include <time.h>
#include "daemon/log.h"

#define RETRY_MS 50

void receive_message(const struct link_message *message, void *arg)
{
    struct receive *receive = arg;
    struct fault fault = {0};
    for (;;) {
        enum err err = journal_append(receive->journal, clock_now(&receive->clock), message->topic, message->topic_len, message->payload,
                                      message->payload_len, &fault);
        if (err == OK) {
            if (atomic_exchange(&receive->refused_ms, 0) != 0)
                log_info("the journal takes messages again");
            return;
        }
        if (err == ERR_INVALID) { /* larger than the broker lets through: nothing that waiting could mend */
            atomic_fetch_add(&receive->too_large, 1);
            return;
        }
        if (atomic_load(&receive->refused_ms) == 0) {
            atomic_store(&receive->refused_ms, clock_monotonic(&receive->clock));
            log_warn("the journal refuses; the broker waits", LOG_FAULT(&fault));
        }
        if (atomic_load(&receive->stopping)) {
            /* The process ends without another word to the broker, which then keeps this message for the next start. */
            for (;;)
                nanosleep(&(struct timespec){1, 0}, NULL);
        }
        nanosleep(&(struct timespec){0, RETRY_MS * 1000000L}, NULL);
    }
}
